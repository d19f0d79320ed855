"""What earlier attempts recorded of a visit: its calls of the vendor, in their order.

A request that comes back after an inquiry is on another visit, in which the code may say something
else. Steps of the second visit begin with `v2.`, and so on.

Each effect is a step, named by its order among the effects, whose value has the effect's call and
the calls before it since the last step. A decision has a step of its own, `request`, with the
request that the code had seen, so that the code sees the same again after a decision was told.

An effect with a key has a second step, `effect-1.call`, which is recorded before it is sent: the
call, and those before it. A key must not be sent with another call, of which the vendor could say
what it has said of the first.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from .answer import Answer, Result, of_json
from .call import Call

#: What was read is kept up to this length, in bytes.
LONGEST_READ = 256 * 1024
#: So is all that was read since the last effect, which is recorded in one message.
LONGEST_READS = 4 * 1024 * 1024

#: Returns what is recorded for a step: `{"recorded": …, "value": …}`.
#: The second says that what is in doubt is no reason to stop: it is seen to where it is taken.
Recorded = Callable[[str, bool], dict[str, Any]]


@dataclass(frozen=True)
class Past:
    """A call that was made, and what came of it."""

    method: str
    #: Its address as it is shown.
    url: str
    #: Of its address and its body.
    hash: str
    #: None where it was too long to be kept, and is asked for again.
    result: Optional[Result]

    @classmethod
    def of(cls, call: Call, result: Result, room: int = LONGEST_READ) -> Past:
        """Returns a call that was made now. What was read is kept where there is room for it."""
        most = min(room, LONGEST_READ)
        keeps = not (call.is_read and isinstance(result, Answer) and len(result.body) > most)
        return cls(call.method, call.address, call.hash, result if keeps else None)

    @classmethod
    def about_to_be(cls, call: Call) -> Past:
        """Returns a call that has not been made."""
        return cls(call.method, call.address, call.hash, None)

    @property
    def is_read(self) -> bool:
        """Whether it changed nothing."""
        return Call(self.method, self.url).is_read

    @property
    def length(self) -> int:
        """The length of the body that is kept."""
        return len(self.result.body) if isinstance(self.result, Answer) else 0

    @property
    def is_kept(self) -> bool:
        """Whether it stays although the code went wrong later: the vendor did what was asked."""
        return isinstance(self.result, Answer) and self.result.is_success

    def is_call(self, call: Call) -> bool:
        """Returns whether it is the same call."""
        return (self.method, self.hash) == (call.method, call.hash)

    def to_json(self, n: int) -> dict[str, Any]:
        """Returns it as it is recorded, as the call of a number."""
        said = {"n": n, "method": self.method, "url": self.url, "hash": self.hash}
        return {**said, "answer": self.result and self.result.to_json()}

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def past_of_json(said: dict[str, Any]) -> Past:
    """Returns a call that was recorded."""
    answer = said["answer"]
    return Past(said["method"], said["url"], said["hash"], answer and of_json(answer))


@dataclass
class History:
    """What is recorded, and the names of the steps that are free."""

    #: Which visit of the request this is.
    visit: int = 1
    #: What was ordered in earlier visits, and stands.
    ordered: list[Past] = field(default_factory=list)
    #: The calls to give the code again, oldest first.
    calls: list[Past] = field(default_factory=list)
    #: The request as it was decided about, where it was, and what was decided.
    request: Optional[dict[str, Any]] = None
    #: How many of them, the last ones, are not recorded with an effect yet.
    open: int = 0
    #: The number of the effect of which nobody knows whether it has happened.
    doubt: Optional[int] = None
    #: The call of that effect, where it has a key.
    begun: Optional[Past] = None
    decided: Optional[str] = None
    #: How often each effect's step has been taken, and the decision's.
    taken: dict[str, int] = field(default_factory=dict)

    def name(self, step: str) -> str:
        """Returns a name for a step that has none of its name's records."""
        times = self.taken.get(step, 0)
        again = "" if times == 0 else f".r{times + 1}"
        return f"{self.of_visit}{step}{again}"

    def refused(self) -> str:
        """Returns the name of the step that says that Connect refused the last decision."""
        return f"{self.of_visit}request.r{self.taken['request']}.refused"

    @property
    def of_visit(self) -> str:
        """What the names of this visit's steps begin with."""
        return "" if self.visit == 1 else f"v{self.visit}."

    def has_ordered(self, call: Call) -> Optional[Answer]:
        """Returns what was answered to the same order in an earlier visit, if it was made."""
        same = [past.result for past in self.ordered if past.is_call(call)]
        return next((it for it in reversed(same) if isinstance(it, Answer)), None)


def read(recorded: Recorded, visit: int) -> History:
    """Reads what is recorded of a visit."""
    history = History(visit)
    for earlier in range(1, visit):
        calls = itertools.chain(*_effects(recorded, History(earlier), False))
        history.ordered += [past for past in calls if past.method == "POST" and past.is_kept]
    segments = list(_effects(recorded, history, True))
    decided = _decision(recorded, history)
    first = 0
    if decided is not None:
        first = decided["effects"]
        history.request, history.decided = decided["request"], decided["decided"]
        history.calls = [*itertools.chain(*segments[:first]), *_calls(decided)]
    # What the vendor refused last is asked again: it may have been mended since.
    while len(segments) > first and not segments[-1][-1].is_kept:
        segments.pop()
    history.calls += itertools.chain(*segments[first:])
    _add_begun(recorded, history, len(segments) + 1)
    return history


def _add_begun(recorded: Recorded, history: History, n: int) -> None:
    """Adds what an earlier attempt was about to do, with a key, when it was broken off."""
    found = recorded(call_of(history.name(f"effect-{n}")), False)
    if found["recorded"]:
        *before, history.begun = _calls(found.get("value"))
        history.calls += before
        history.open = len(before)
        history.doubt = n


def call_of(effect: str) -> str:
    """Returns the name of the step that says what an effect's call is."""
    return f"{effect}.call"


def _effects(recorded: Recorded, history: History, doubt: bool) -> Iterator[list[Past]]:
    def ask(step: str, _: bool) -> dict[str, Any]:
        found = recorded(step, doubt)
        if found.get("doubt"):
            history.doubt = n
        return found

    for n in itertools.count(1):
        value = _last(ask, history, f"effect-{n}")
        if value is None:
            return
        yield _calls(value)


def _decision(recorded: Recorded, history: History) -> Optional[Any]:
    """Returns what is recorded of the decision, unless Connect has refused it."""
    value = _last(recorded, history, "request")
    if value is None:
        return None
    name = history.refused()
    return None if recorded(name, False)["recorded"] else value


def _last(recorded: Recorded, history: History, step: str) -> Optional[Any]:
    value = None
    while (found := recorded(history.name(step), False))["recorded"]:
        value = found.get("value")
        history.taken[step] = history.taken.get(step, 0) + 1
    return value


def _calls(value: Any) -> list[Past]:
    return [past_of_json(said) for said in value["calls"]]
