"""The process that the runtime speaks with. It passes messages on to a fork that runs the code.

It alone holds the channel, so the channel stays in order whatever becomes of a fork: the ids of a
fork's calls begin with the fork's number, and an answer to one that is gone is thrown away.
"""

from __future__ import annotations

import json
import select
from typing import Any, Optional

from ..channel import LONGEST, BadMessage
from ..failure import TRY_AGAIN
from ..on import Kind
from ..worker import NO_SUCH_METHOD, PROTOCOL, WRONG_PARAMETERS
from .child import LAST, Program
from .fork import Fork
from .lines import Lines, message, write

Message = dict[str, Any]


class Parent:
    """A worker whose handlers are a project's classes, one request at a time."""

    def __init__(self, program: Program, channel: tuple[int, int]) -> None:
        self._program = program
        self._channel = channel
        self._fork: Optional[Fork] = None
        self._forks = 0
        #: Whether the fork that is there handles no more than one request more.
        self._is_last = False
        #: The call to `handle` that is not answered yet.
        self._handle: Optional[Message] = None

    def serve(self) -> None:
        """Serves until the runtime is gone. Raises `BadMessage` of what cannot be understood."""
        runtime = Lines(self._channel[0])
        while True:
            fork = self._fork
            fds = [runtime.fd] if fork is None else [runtime.fd, fork.fd]
            ready, _, _ = select.select(fds, [], [])
            if fork is not None and fork.fd in ready:
                self._hear(fork)
            if runtime.fd in ready:
                lines = runtime.read()
                if lines is None:
                    break
                for line in lines:
                    self._take(line)
        if self._fork is not None:
            self._fork.end()

    def _take(self, line: bytes) -> None:
        """Takes a message of the runtime."""
        said = message(line)
        method, number = said.get("method"), said.get("id")
        if method is None:
            fork = self._fork
            if fork is not None and str(number).startswith(f"{fork.number}."):
                fork.write(line)
        elif method == "initialize":
            self._initialize(number, said["params"])
        elif method == "handle":
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
        said: Message = {"protocol": PROTOCOL, "name": self._program.folder.name, "at_once": 1}
        said["handlers"] = [kind._asdict() for kind in self._program.processes]
        self._say({"id": number, "result": said})

    def _begin(self, said: Message, line: bytes) -> None:
        params = said["params"]
        kind = Kind(params["collection"], params["type"], params.get("kind", "request"))
        if kind not in self._program.processes:
            self._refuse(said["id"], WRONG_PARAMETERS, f"nothing handles {kind}")
        elif self._handle is not None:
            self._refuse(said["id"], TRY_AGAIN, "one request is handled at a time")
        else:
            self._handle = said
            if self._fork is None:
                self._forks += 1
                self._is_last = not self._program.settings.reuse
                self._fork = Fork(self._program, self._forks, self._channel)
            self._fork.write(line)

    def _cancel(self, run: str) -> None:
        """Ends an attempt, in whatever its code is."""
        if self._handle is not None and self._handle["params"]["run"] == run:
            self._end_fork("the attempt is over: its time was, or its lease was lost")

    def _hear(self, fork: Fork) -> None:
        """Passes on what a fork says."""
        lines = fork.read()
        if lines is None:
            self._end_fork("the code has ended its process")
            return
        for line in lines:
            method = message(line).get("method")
            if method == LAST:
                self._is_last = True
                continue
            write(self._channel[1], line)
            if method is not None:
                continue
            self._handle = None
            if self._is_last:
                self._end_fork("")
                return

    def _end_fork(self, why: str) -> None:
        fork, self._fork = self._fork, None
        handle, self._handle = self._handle, None
        how = "" if fork is None else fork.end()
        if handle is not None:
            self._refuse(handle["id"], TRY_AGAIN, f"{why}: {how}")

    def _refuse(self, number: Any, code: int, text: str) -> None:
        self._say({"id": number, "error": {"code": code, "message": text}})

    def _say(self, said: Message) -> None:
        line = json.dumps({"jsonrpc": "2.0", **said}).encode()
        if len(line) >= LONGEST:
            raise BadMessage("an answer of this worker is longer than a message may be")
        write(self._channel[1], line)
