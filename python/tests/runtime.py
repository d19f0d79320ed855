"""A small runtime that speaks the worker protocol, to drive real workers with.

It keeps a journal in memory, answers what a worker asks, and writes down what was asked.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Callable, Optional

#: How long a worker may take for anything here, in seconds. None does, unless it hangs.
PATIENCE = 10

SOURCE = Path(__file__).parents[1] / "src"

Message = dict[str, Any]
#: Answers a call of the worker's in place of the journal.
Answer = Callable[[Message], Message]


class RuntimeRefuses(Exception):
    """An error that the runtime answers a call with."""

    def __init__(
        self, code: int, message: str = "no", data: Optional[dict[str, Any]] = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


class Journal:
    """What was recorded of the steps of one request, over all its attempts."""

    def __init__(self, request: str = "PR-1") -> None:
        self.key = request
        self.done: dict[str, Any] = {}
        self.refused: dict[str, str] = {}
        self.begun: dict[str, str] = {}

    def begin(self, params: Message) -> Message:
        step = params["step"]
        if step in self.done:
            return {"state": "done", "value": self.done[step]}
        if step in self.refused:
            return {"state": "refused", "reason": self.refused[step]}
        was_begun = step in self.begun
        self.begun[step] = params["class"]
        if was_begun and params["class"] == "once":
            raise RuntimeRefuses(-32010, "a person has to look")
        if was_begun and params["class"] == "probed":
            return {"state": "look"}
        return {"state": "act", "key": f"{self.key}:{step}"}

    def found(self, params: Message) -> Message:
        if params["found"]:
            return self.complete(params)
        return {"state": "act", "key": f"{self.key}:{params['step']}"}

    def complete(self, params: Message) -> Message:
        self.done[params["step"]] = params["value"]
        return {"state": "done", "value": params["value"]}

    def refuse(self, params: Message) -> Message:
        self.refused[params["step"]] = params["reason"]
        return {"state": "refused", "reason": params["reason"]}

    def recorded(self, params: Message) -> Message:
        step = params["step"]
        if step in self.done:
            return {"recorded": True, "value": self.done[step]}
        is_in_doubt = self.begun.get(step) in ("once", "probed")
        if is_in_doubt and not params.get("doubt"):
            raise RuntimeRefuses(-32010, "a person has to look")
        return {"recorded": False, "doubt": is_in_doubt}


class Runtime:
    """A worker process, and this side of the channel to it."""

    def __init__(
        self,
        program: Path,
        *,
        on_a_socket: bool = False,
        env: Optional[dict[str, str]] = None,
        journal: Optional[Journal] = None,
        python: Sequence[str] = (sys.executable,),
    ) -> None:
        self.journal = Journal() if journal is None else journal
        #: Answers by method, which take the place of the journal's.
        self.answers: dict[str, Answer] = {}
        #: What the worker has asked, oldest first, and what it has told.
        self.asked: list[tuple[str, Message]] = []
        #: Lines on standard output that are no messages.
        self.noise: list[str] = []
        self._python = python
        self._socket: Optional[socket.socket] = None
        self._inbox: queue.Queue[Optional[Message]] = queue.Queue()
        self._ids = iter(range(1, 10**9))
        self._runs = iter(range(1, 10**9))
        env = {**os.environ, "PYTHONPATH": str(SOURCE), **(env or {})}
        env["CONNECT_CHANNEL"] = "socket" if on_a_socket else "stdio"
        if on_a_socket:
            ours, theirs = socket.socketpair()
            self._socket = ours
            self._start(program, theirs.fileno(), env)
            theirs.close()
            self._writing: IO[bytes] = ours.makefile("wb")
            self._read(ours.makefile("rb"), self._on_message)
            self._read(self._process.stdout, self._on_noise)
        else:
            self._start(program, subprocess.PIPE, env)
            assert self._process.stdin is not None
            self._writing = self._process.stdin
            self._read(self._process.stdout, self._on_message)
        self._errors: list[bytes] = []
        self._readers = [self._read(self._process.stderr, self._errors.append)]

    def _start(self, program: Path, stdin: int, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [*self._python, str(program)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
        )

    def _read(
        self, stream: Optional[IO[bytes]], on_line: Callable[[bytes], None]
    ) -> threading.Thread:
        assert stream is not None

        def read() -> None:
            # A worker that has not read all breaks the socket.
            with suppress(ConnectionResetError):
                for line in stream:
                    on_line(line)
            if on_line == self._on_message:
                self._inbox.put(None)

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    def _on_message(self, line: bytes) -> None:
        if line.startswith(b"{"):
            self._inbox.put(json.loads(line))
        else:
            self._on_noise(line)

    def _on_noise(self, line: bytes) -> None:
        self.noise.append(line.decode().rstrip("\n"))

    # What the runtime does.

    def send(self, message: Message) -> None:
        """Sends a message as it is."""
        self.send_line(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_line(self, line: bytes) -> None:
        """Sends a line, whatever it says."""
        self._writing.write(line + b"\n")
        self._writing.flush()

    def call(self, method: str, params: Optional[Message] = None) -> int:
        """Calls the worker and does not wait. Returns the id of the call."""
        number = next(self._ids)
        self.send({"id": number, "method": method, "params": params or {}})
        return number

    def tell(self, method: str, params: Message) -> None:
        """Sends the worker a notification."""
        self.send({"method": method, "params": params})

    def next(self) -> Optional[Message]:
        """Returns what the worker says next, or `None` once it says no more."""
        return self._inbox.get(timeout=PATIENCE)

    def settle(self, *numbers: int) -> list[Message]:
        """Answers what the worker asks, until it has answered these calls. Returns its answers."""
        answers: dict[int, Message] = {}
        while not all(number in answers for number in numbers):
            message = self.next()
            assert message is not None, f"the worker has ended:\n{self.log()}"
            if "method" in message:
                self.serve(message)
            else:
                answers[message["id"]] = message
        return [answers[number] for number in numbers]

    def serve(self, message: Message) -> None:
        """Answers one call of the worker's."""
        method, params = message["method"], message["params"]
        self.asked.append((method, params))
        if "id" not in message:
            return
        assert message["jsonrpc"] == "2.0"
        answer = self.answers.get(method) or self._answers()[method]
        try:
            self.send({"id": message["id"], "result": answer(params)})
        except RuntimeRefuses as error:
            refusal: Message = {"code": error.code, "message": str(error)}
            if error.data is not None:
                refusal["data"] = error.data
            self.send({"id": message["id"], "error": refusal})

    def _answers(self) -> dict[str, Answer]:
        return {
            "step.begin": self.journal.begin,
            "step.found": self.journal.found,
            "step.complete": self.journal.complete,
            "step.refused": self.journal.refuse,
            "step.failed": lambda _: {},
            "step.recorded": self.journal.recorded,
            "say": lambda _: {},
            "callback": lambda _: {"url": None},
        }

    # What a test says.

    def initialize(self, protocol: int = 1) -> Message:
        """Begins, and returns the worker's answer."""
        said = {"protocol": protocol, "runtime": "test", "worker": 1}
        return self.settle(self.call("initialize", said))[0]

    def begin(self, type: str = "resume", **other: Any) -> tuple[int, str]:
        """Has the worker handle a request and does not wait. Returns the ids of call and run."""
        run = f"run-{next(self._runs)}"
        said: Message = {"run": run, "collection": "requests", "type": type, "kind": "request"}
        said.update(failures=0, request=request(type))
        said.update(other)
        return self.call("handle", said), run

    def handle(self, type: str = "resume", **other: Any) -> Message:
        """Has the worker handle a request, and returns its outcome or its error."""
        answer = self.settle(self.begin(type, **other)[0])[0]
        said: Message = answer.get("result") or answer["error"]
        return said

    def ask(self, type: str = "purchase", **other: Any) -> int:
        """Has the worker validate a draft and does not wait. Returns the id of the call."""
        run = f"run-{next(self._runs)}"
        said: Message = {"run": run, "collection": "requests", "type": type}
        return self.call("validate", {**said, "request": request(type), **other})

    def validate(self, type: str = "purchase", **other: Any) -> Message:
        """Has the worker validate a draft, and returns its findings or its error."""
        answer = self.settle(self.ask(type, **other))[0]
        said: Message = answer.get("result") or answer["error"]
        return said

    def said(self, method: str) -> list[Message]:
        """Returns what the worker has said with one method, without its runs."""
        said = [params for name, params in self.asked if name == method]
        return [{key: value for key, value in it.items() if key != "run"} for it in said]

    def interrupt(self) -> None:
        """Presses Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def hang_up(self) -> None:
        """Dies: the worker's standard input ends."""
        if self._socket is not None:
            self._socket.shutdown(socket.SHUT_RDWR)
        else:
            self._writing.close()

    def code(self) -> int:
        """Returns how the worker has ended."""
        return self._process.wait(timeout=PATIENCE)

    def log(self) -> str:
        """Returns all that the worker has written on standard error, once it has ended."""
        for reader in self._readers:
            reader.join(timeout=0 if self._process.poll() is None else PATIENCE)
        return b"".join(self._errors).decode()

    def end(self) -> str:
        """Ends the worker as the runtime does, and returns what it has logged."""
        self.hang_up()
        assert self.code() == 0
        return self.log()

    def close(self) -> None:
        """Leaves nothing running."""
        self._process.kill()
        self._process.wait()


def request(type: str, **asset: Any) -> Message:
    """Returns a request as Connect shows it, as far as handlers look."""
    params = [
        {"id": "subscription_id", "phase": "fulfillment", "value": "t-7"},
        {"id": "admin_email", "phase": "ordering", "value": ""},
    ]
    items = [{"id": "ITEM-1", "mpn": "MPN-A", "quantity": "10"}]
    fields = {"id": "AS-1", "params": params, "items": items, **asset}
    return {"id": "PR-1", "type": type, "status": "pending", "asset": fields}
