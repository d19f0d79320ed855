"""What a handler raises, by what is to be done about it.

Any other exception means *try again later*, as `TryAgain` does.
"""

from __future__ import annotations

from typing import Any, Optional


class GiveUp(Exception):
    """The vendor has refused, for good: the request fails, and the customer reads the reason.

    Raised by the call of a step, it is recorded: no later attempt calls the vendor again.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Park(Exception):
    """A person has to look first, for the reason given. Nothing is tried until somebody has."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TryAgain(Exception):
    """Something went wrong: the request is tried again, from its first step without a result.

    `after` is the wait in seconds, where somebody asked for one; otherwise the runtime decides.
    """

    def __init__(self, message: str, after: Optional[float] = None) -> None:
        super().__init__(message)
        self.message = message
        self.after = after


class Outage(TryAgain):
    """The vendor is down: what needs it is tried again once it is back."""


class MissingParameter(TryAgain):
    """A parameter that a handler needs has no value. The request is tried again."""

    def __init__(self, parameter: str, request: str) -> None:
        super().__init__(
            f"parameter `{parameter}` of {request} has no value; "
            "fill it in, the request is looked at again"
        )
        self.parameter = parameter


class NotJson(ValueError):
    """A value cannot be said in JSON. The text says which part of it, and why."""


class CallError(Exception):
    """The runtime has answered a call of a handler's with an error, such as a name that is none."""

    def __init__(self, code: int, message: str, data: Optional[dict[str, Any]] = None) -> None:
        super().__init__(message)
        self.code = code
        #: What it says besides, such as the status that Connect refused with.
        self.data: dict[str, Any] = data or {}


class StopHandling(BaseException):
    """This attempt must not go on: its time is over, its lease is lost, or a person has to look.

    It is no `Exception`, so `except Exception` lets it pass, as it should. Once raised, every later
    call about the attempt raises it again, and what the handler returns counts for nothing.
    """
