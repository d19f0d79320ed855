"""The one way out for all that the code says by HTTP."""

from __future__ import annotations

import threading
from typing import Optional, Protocol

from .answer import Answer
from .call import Call
from .unsent import NotCovered
from .vendor import BrokenBy, Send


class Way(Protocol):
    """What becomes of the calls of one attempt."""

    def answer(self, call: Call, send: Send, broken: BrokenBy) -> Answer:
        """Answers a call of the code's, or raises what its library raises."""


#: The attempt that is under way, in this process.
_way: Optional[Way] = None
#: One call after the other, whatever threads make them: calls are known by their order.
_turn = threading.RLock()


def set_way(way: Optional[Way]) -> None:
    """Sets which attempt the calls belong to from now on."""
    global _way
    _way = way


def exchange(call: Call, send: Send, broken: BrokenBy) -> Answer:
    """Has a call answered."""
    with _turn:
        if _way is None:
            raise NotCovered(
                f"{call}: no request is being handled, so nothing may be called: "
                "call it within process_request, and wait there for your threads"
            )
        return _way.answer(call, send, broken)
