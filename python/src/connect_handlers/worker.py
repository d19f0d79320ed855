"""The worker: what the runtime calls, and the threads that handle requests."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterable
from queue import SimpleQueue
from typing import Any, Callable, Optional, TypeVar

from . import failure, finding
from .attempt import Attempt
from .channel import leave, take_channel
from .context import Context
from .draft import Draft
from .on import VALIDATION, Handler, Handlers, Kind, Validator, name_of, on
from .outcome import Outcome
from .peer import Peer

PROTOCOL = 1
NO_SUCH_METHOD = -32601
WRONG_PARAMETERS = -32602

Params = dict[str, Any]
H = TypeVar("H")


def serve(
    *,
    at_once: int = 1,
    steps: Optional[Iterable[str]] = None,
    handlers: Handlers = on.handlers,
) -> None:
    """Serves the handlers to the runtime, `cnct run --exec "python3 handlers.py"`; never returns.

    `at_once` is how many requests this process handles at the same time, each in a thread; 1 unless
    said. `steps` are the names of all steps, where they are known: no other is then begun, and a
    start on a journal that has others in open runs is refused.

    Whatever the program prints goes into the log. The process ends when the runtime is gone.
    """
    if "CONNECT_CHANNEL" not in os.environ:
        sys.exit(f'these are handlers: run them with cnct run --exec "python3 {sys.argv[0]}"')
    if not 1 <= at_once <= 1000:
        sys.exit(f"at_once is {at_once}; a worker handles 1 to 1000 requests at the same time")
    if not handlers.to_json():
        sys.exit("no handler is registered: write @on.purchase, or another, before a function")
    # Ctrl-C is for the runtime, which lets its workers end.
    signal.signal(signal.SIGINT, lambda *_: None)
    peer = Peer(take_channel())
    worker = Worker(peer, handlers, at_once, None if steps is None else list(steps))
    try:
        peer.listen(worker.take)
    except Exception as error:
        # Also a call that lacks what it has to say.
        print(f"the runtime cannot be understood: {failure.message(error)}", file=sys.stderr)
        leave(1)
    leave(0)


class Worker:
    """Answers the calls of the runtime."""

    def __init__(
        self, peer: Peer, handlers: Handlers, at_once: int, steps: Optional[list[str]]
    ) -> None:
        self._peer = peer
        self._handlers = handlers
        self._at_once = at_once
        self._steps = steps
        self._attempts: dict[str, Attempt] = {}
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._under_way = 0
        self._shutdown: Any = None
        self._count = threading.Lock()
        for _ in range(at_once):
            threading.Thread(target=self._work, daemon=True).start()

    def take(self, number: Any, method: str, params: Params) -> None:
        """Takes a call of the runtime. It is answered here, or by the thread that works on it."""
        if method == "initialize":
            self._initialize(number, params)
        elif method == "handle":
            self._handle(number, params)
        elif method == "validate":
            self._validate(number, params)
        elif method == "undo":
            self._undo(number, params)
        elif method == "cancel":
            self._cancel(params["run"])
        elif method == "ended":
            self._attempts.pop(params["run"], None)
        elif method == "shutdown":
            self._shut_down(number)
        elif number is not None:
            said = {"code": NO_SUCH_METHOD, "message": f"a worker has no method {method}"}
            self._peer.refuse(number, said)

    def _initialize(self, number: Any, params: Params) -> None:
        if params.get("protocol") != PROTOCOL:
            text = f"this worker knows protocol {PROTOCOL}, and not {params.get('protocol')}"
            self._peer.refuse(number, {"code": WRONG_PARAMETERS, "message": text})
            return
        said: Params = {"protocol": PROTOCOL, "name": os.path.basename(sys.argv[0])}
        said.update(at_once=self._at_once, handlers=self._handlers.to_json())
        if self._steps is not None:
            said["steps"] = self._steps
        self._peer.answer(number, said)

    def _handle(self, number: Any, params: Params) -> None:
        kind = Kind(params["collection"], params["type"], params.get("kind", "request"))
        self._begin(number, params, kind, self._handlers.find(kind), _decide)

    def _validate(self, number: Any, params: Params) -> None:
        kind = Kind(params["collection"], params["type"], VALIDATION)
        self._begin(number, params, kind, self._handlers.find_validator(kind), _judge)

    def _begin(
        self,
        number: Any,
        params: Params,
        kind: Kind,
        handler: Optional[H],
        answer: Callable[[H, Attempt, Params], Params],
    ) -> None:
        """Has a thread answer by a handler, if there is one."""
        if handler is None:
            said = {"code": WRONG_PARAMETERS, "message": f"nothing handles {kind}"}
            self._peer.refuse(number, said)
            return
        attempt = self._attempts[params["run"]] = Attempt(self._peer, params["run"])
        self._add(number, lambda: answer(handler, attempt, params))

    def _undo(self, number: Any, params: Params) -> None:
        attempt = self._attempts.get(params["run"])
        undo = None if attempt is None else attempt.undos.get(params["step"])
        if undo is None:
            text = f"nothing here undoes step `{params['step']}` of {params['run']}"
            self._peer.refuse(number, {"code": WRONG_PARAMETERS, "message": text})
            return

        def take_back() -> Params:
            undo(params["key"], params.get("value"))
            return {}

        self._add(number, take_back)

    def _cancel(self, run: str) -> None:
        attempt = self._attempts.get(run)
        if attempt is not None:
            attempt.end("the attempt is over")

    def _shut_down(self, number: Any) -> None:
        with self._count:
            self._shutdown = number
        self._leave_if_idle()

    def _add(self, number: Any, job: Callable[[], Params]) -> None:
        """Has a thread do something and answer with what it returns, or with what it raises."""
        with self._count:
            self._under_way += 1
        self._jobs.put(lambda: self._do(number, job))

    def _work(self) -> None:
        while True:
            self._jobs.get()()

    def _do(self, number: Any, job: Callable[[], Params]) -> None:
        try:
            self._peer.answer(number, job())
        except BaseException as error:
            if not isinstance(error, failure.MEANT):
                print(traceback.format_exc(), end="", file=sys.stderr, flush=True)
            self._peer.refuse(number, failure.of_run(error))
        with self._count:
            self._under_way -= 1
        self._leave_if_idle()

    def _leave_if_idle(self) -> None:
        with self._count:
            if self._shutdown is not None and not self._under_way:
                self._peer.answer(self._shutdown, {})
                leave(0)


def _decide(handler: Handler, attempt: Attempt, params: Params) -> Params:
    """Returns the outcome of a handler, if there may be one."""
    try:
        outcome = handler(Context(attempt, params))
        attempt.check()
    finally:
        attempt.end("the attempt is over: its handler has returned")
    if not isinstance(outcome, Outcome):
        what = type(outcome).__name__
        raise TypeError(f"{name_of(handler)} returned {what} and no outcome such as approve()")
    return outcome.to_json()


def _judge(validator: Validator, attempt: Attempt, params: Params) -> Params:
    """Returns what a validator finds."""
    try:
        return finding.to_json(validator(Draft(attempt, params)))
    finally:
        attempt.end("the validation is over: its validator has returned")
