"""The process that the runtime speaks with. It passes messages on to a fork that runs the code.

It alone holds the channel, so the channel stays in order whatever becomes of a fork: the ids of a
fork's calls begin with the fork's number, and an answer to one that is gone is thrown away.
"""

from __future__ import annotations

import json
import select
import sys
from typing import Any

from ..channel import LONGEST, BadMessage, message, write_line
from ..failure import TRY_AGAIN
from ..on import VALIDATION, Kind
from ..worker import NO_SUCH_METHOD, PROTOCOL, WRONG_PARAMETERS
from .child import LAST, Program
from .fork import Fork
from .lines import Lines
from .report import KIND as REPORT
from .report import Report

Message = dict[str, Any]


class Parent:
    """A worker whose handlers are a project's; each of its forks has one request or question."""

    def __init__(self, program: Program, channel: tuple[int, int]) -> None:
        self._program = program
        self._channel = channel
        self._forks: dict[int, Fork] = {}
        self._count = 0

    def serve(self) -> None:
        """Serves until the runtime is gone. Raises `BadMessage` of what cannot be understood."""
        runtime = Lines(self._channel[0])
        while True:
            forks = {fork.fd: fork for fork in self._forks.values()}
            ready, _, _ = select.select([runtime.fd, *forks], [], [])
            # What a fork has said comes before what the runtime knows of it.
            for fd in set(ready) & set(forks):
                self._hear(forks[fd])
            if runtime.fd in ready:
                lines = runtime.read()
                if lines is None:
                    break
                for line in lines:
                    self._take(line)
        for fork in self._forks.values():
            fork.end()

    def _take(self, line: bytes) -> None:
        """Takes a message of the runtime."""
        said = message(line)
        method, number = said.get("method"), said.get("id")
        if method is None:
            fork = self._forks.get(number_of_fork(number))
            if fork is not None:
                fork.write(line)
        elif method == "initialize":
            self._initialize(number, said["params"])
        elif method in ("handle", "validate"):
            self._begin(said, line)
        elif method == "cancel":
            self._cancel(said["params"]["run"])
        elif number is not None:
            self._refuse(number, NO_SUCH_METHOD, f"a worker has no method {method}")

    def _initialize(self, number: Any, params: Message) -> None:
        if params.get("protocol") != PROTOCOL:
            text = f"this worker knows protocol {PROTOCOL}, and not {params.get('protocol')}"
            self._refuse(number, WRONG_PARAMETERS, text)
            return
        said: Message = {"protocol": PROTOCOL, "name": self._program.folder.name}
        said["at_once"] = self._program.settings.at_once
        said["handlers"] = [self._declared(kind) for kind in self._program.kinds]
        if isinstance(self._program.report, str) and params.get("worker") == 1:
            # The first says it for all.
            print(self._program.report, file=sys.stderr, flush=True)
        self._say({"id": number, "result": said})

    def _declared(self, kind: Kind) -> Message:
        report = self._program.report
        if isinstance(report, Report) and kind == REPORT:
            return report.to_json()
        return kind._asdict()

    def _begin(self, said: Message, line: bytes) -> None:
        params = said["params"]
        of = VALIDATION if said["method"] == "validate" else params.get("kind", "request")
        kind = Kind(params["collection"], params["type"], of)
        if kind not in self._program.kinds:
            self._refuse(said["id"], WRONG_PARAMETERS, f"nothing handles {kind}")
            return
        idle = (fork for fork in self._forks.values() if fork.handle is None)
        fork = next(idle, None) or self._new_fork()
        fork.handle = said
        fork.write(line)

    def _new_fork(self) -> Fork:
        self._count += 1
        of_others = [fork.fd for fork in self._forks.values()]
        fork = Fork(self._program, self._count, [*self._channel, *of_others])
        self._forks[fork.number] = fork
        return fork

    def _cancel(self, run: str) -> None:
        """Ends an attempt, in whatever its code is."""
        for fork in list(self._forks.values()):
            if fork.handle is not None and fork.handle["params"]["run"] == run:
                self._end(fork, "the attempt is over: its time was, or its lease was lost")

    def _hear(self, fork: Fork) -> None:
        """Passes on what a fork says."""
        lines = fork.read()
        if lines is None:
            self._end(fork, "the code has ended its process")
            return
        for line in lines:
            method = message(line).get("method")
            if method == LAST:
                fork.is_last = True
                continue
            write_line(self._channel[1], line)
            if method is not None:
                continue
            fork.handle = None
            if fork.is_last:
                self._end(fork, "")
                return

    def _end(self, fork: Fork, why: str) -> None:
        del self._forks[fork.number]
        how = fork.end()
        if fork.handle is not None:
            self._refuse(fork.handle["id"], TRY_AGAIN, f"{why}: {how}")

    def _refuse(self, number: Any, code: int, text: str) -> None:
        self._say({"id": number, "error": {"code": code, "message": text}})

    def _say(self, said: Message) -> None:
        line = json.dumps({"jsonrpc": "2.0", **said}).encode()
        if len(line) >= LONGEST:
            raise BadMessage("an answer of this worker is longer than a message may be")
        write_line(self._channel[1], line)


def number_of_fork(id: Any) -> int:
    """Returns which fork has made a call; none has the number 0."""
    number = str(id).partition(".")[0]
    return int(number) if number.isdigit() else 0
