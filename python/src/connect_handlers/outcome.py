"""Outcomes: what a handler decides about its request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Optional, Union

from . import json_value

#: A moment: one with a time zone, or the text of one.
Moment = Union[datetime, str]


@dataclass(frozen=True)
class Outcome:
    """A decision about a request. Two that say the same are equal."""

    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Returns it as the protocol has it. Raises `NotJson` of a value that is none."""
        said = {key: value for key, value in self.fields.items() if value is not None}
        json_value.check(said, f"the outcome `{self.name}`")
        return {"outcome": self.name, **said}


def approve(
    parameters: Optional[Mapping[str, Any]] = None,
    *,
    template: Optional[str] = None,
    effective_date: Optional[Moment] = None,
    say: Optional[str] = None,
) -> Outcome:
    """Grants the request.

    `parameters` are fulfillment parameters by their ids, written before. `template` is the id of
    another template than the one found for the product. `effective_date` is since when it holds.
    `say` is said in the conversation once it is approved.
    """
    since = None if effective_date is None else _moment(effective_date)
    written = dict(parameters) if parameters else None
    fields = {"parameters": written, "template": template, "effective_date": since, "say": say}
    return Outcome("approve", fields)


def fail(reason: str) -> Outcome:
    """Refuses the request for good. The customer reads the reason, which must not be empty."""
    if not reason:
        raise ValueError("fail() needs a reason: the customer reads it")
    return Outcome("fail", {"reason": reason})


def inquire(
    parameters: Mapping[str, str], *, template: Optional[str] = None, say: Optional[str] = None
) -> Outcome:
    """Sends the request back to the customer. `parameters` says what is wrong with each of them."""
    if not parameters:
        raise ValueError("inquire() needs at least one parameter, and what is wrong with it")
    fields = {"parameters": dict(parameters), "template": template, "say": say}
    return Outcome("inquire", fields)


def schedule(on: Moment) -> Outcome:
    """Accepts the request for a later moment."""
    return Outcome("schedule", {"on": _moment(on)})


def reschedule(after: Union[float, timedelta]) -> Outcome:
    """Has the handler called again after a while, in seconds. Such a wait counts as no failure."""
    seconds = after.total_seconds() if isinstance(after, timedelta) else after
    return Outcome("reschedule", {"after": seconds})


def skip() -> Outcome:
    """Leaves the request alone until it changes."""
    return Outcome("skip")


def confirm() -> Outcome:
    """Confirms that a request was taken back; of a handler of `on.revocation`."""
    return Outcome("confirm")


def decided() -> Outcome:
    """Says that Connect has been told already, by `cx.decide`."""
    return Outcome("decided")


def accept() -> Outcome:
    """Accepts a change of an account: `approve` in the words of requests about tier accounts."""
    return approve()


def ignore(reason: str) -> Outcome:
    """Ignores a change of an account, which keeps it: `fail` in the words of such requests."""
    return fail(reason)


def _moment(moment: Moment) -> str:
    if isinstance(moment, str):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: say datetime.now(timezone.utc), for example")
    return moment.isoformat()
