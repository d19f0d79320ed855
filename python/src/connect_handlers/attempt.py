"""One attempt at a request: what is known of it on this side."""

from __future__ import annotations

from typing import Any, Callable, Optional

from .errors import CallError, StopHandling, TryAgain
from .peer import Peer

#: Undoes a step: it gets a key of its own, and the value that the step had.
Undo = Callable[[str, Any], None]

#: The errors that say that an attempt is over: it must not go on, and it is unknown.
OVER = (-32010, -32011)


class Attempt:
    """An attempt, its calls of the runtime, and how its steps are undone."""

    def __init__(self, peer: Peer, run: str) -> None:
        self.undos: dict[str, Undo] = {}
        self._peer = peer
        self._run = run
        self._over: Optional[str] = None
        self._unsettled: dict[str, Optional[BaseException]] = {}

    def ask(self, method: str, /, **params: Any) -> Any:
        """Calls the runtime about this attempt. Raises `StopHandling` once it is over."""
        if self._over is not None:
            raise StopHandling(self._over)
        try:
            return self._peer.call(method, {"run": self._run, **params})
        except CallError as error:
            if error.code not in OVER:
                raise
            self.end(str(error))
            raise StopHandling(str(error)) from None

    def tell(self, method: str, **params: Any) -> None:
        """Tells the runtime something that belongs to this attempt."""
        self._peer.notify(method, {"run": self._run, **params})

    def end(self, why: str) -> None:
        """Ends it: nothing more is asked of the runtime for it."""
        if self._over is None:
            self._over = why

    def begin(self, step: str) -> None:
        """Notes that a step has an effect now."""
        self._unsettled[step] = None

    def fail(self, step: str, error: BaseException) -> None:
        """Notes that nobody knows how a step went."""
        self._unsettled[step] = error

    def settle(self, step: str) -> None:
        """Notes that a step has a result."""
        self._unsettled.pop(step, None)

    def check(self) -> None:
        """Checks that there may be an outcome now: no step failed or is under way.

        A handler may have swallowed the exception of a step, which is therefore raised again.
        """
        if self._over is not None:
            raise StopHandling(self._over)
        for step, error in self._unsettled.items():
            if error is not None:
                raise error
            raise TryAgain(f"step `{step}` is under way: wait for its thread before you decide")
