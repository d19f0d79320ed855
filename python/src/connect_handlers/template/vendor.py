"""Calls of the vendor's system: what changes something is a step."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable, Optional, Union

from .. import failure
from ..calls import call_made, noted_calls
from ..errors import NotJson, Outage, Park, TryAgain
from .answer import Answer, Broken
from .call import Call
from .history import LONGEST_READS, History, Past, call_of
from .sending import before_sending
from .settings import Settings
from .talk import Talk
from .unsent import is_unsent

#: Makes a call with more headers, and says what is answered; or raises what the library raises.
#: Only where the second is true may the library repeat the call by itself.
Send = Callable[[Mapping[str, str], bool], Answer]
#: Returns the library's exception of a broken connection.
BrokenBy = Callable[[str], Exception]


@dataclass(frozen=True)
class Effect:
    """How a call that changes something is made, by the class of its step."""

    of: str
    #: Makes it, with the key of the step.
    act: Callable[[str], Answer]
    #: Looks whether it has happened: what was answered then, or would have been.
    look: Callable[[], Optional[Answer]] = lambda: None


#: What says that the vendor is down, and not that it stumbles over one call.
DOWN = (502, 503, 504)

#: What a vendor answers to a repeated key while it still works on the first call with it.
UNDER_WAY = (409, 425)


class Vendor:
    """The vendor's system, as the code of one attempt calls it: by the record, then in fact."""

    def __init__(self, talk: Talk, history: History, settings: Settings) -> None:
        self._talk = talk
        self._history = history
        self._settings = settings
        #: All calls of the run, with those that were recorded.
        self.calls: list[Past] = []
        #: The calls that the next step records.
        self.unrecorded: list[Past] = []
        #: What became of an effect of which nobody knows how it went.
        self.failed: Optional[TryAgain] = None

    @property
    def effects(self) -> list[Past]:
        """The calls that change something."""
        return [past for past in self.calls if not past.is_read]

    @property
    def left_out(self) -> Optional[str]:
        """Says what the code has not done again of what an earlier attempt did, or may have done."""
        unseen = len(self._history.calls) - len(self.calls)
        if unseen > 0:
            return f"of the calls that were recorded before it has left out the last {unseen}"
        doubt = self._history.doubt
        if doubt is not None and len(self.effects) < doubt:
            return f"has left out effect {doubt}, which may have happened in an earlier attempt"
        return None

    def answer(self, call: Call, send: Send, broken: BrokenBy) -> Answer:
        """Returns what the vendor answers, or has answered an earlier attempt."""
        if len(self.calls) < len(self._history.calls):
            return self._recorded(call, send, broken)
        return self._read(call, send) if call.is_read else self._act(call, self._of(call, send))

    def answer_effect(self, call: Call, effect: Effect, broken: BrokenBy) -> Answer:
        """Returns the same of a call that changes something, and is made in a way of its own."""
        if len(self.calls) < len(self._history.calls):
            return self._recorded(call, lambda *_: effect.act(""), broken)
        return self._act(call, effect)

    def _recorded(self, call: Call, send: Send, broken: BrokenBy) -> Answer:
        past = self._history.calls[len(self.calls)]
        if not past.is_call(call):
            self._talk.stop(Park(self._mismatch(call, past)))
        self.calls.append(past)
        if len(self.calls) > len(self._history.calls) - self._history.open:
            self.unrecorded.append(past)
        if isinstance(past.result, Broken):
            raise broken(past.result.text)
        return send({}, True) if past.result is None else past.result

    def _mismatch(self, call: Call, past: Past) -> str:
        n = len(self.calls) + 1
        what = f"`{past}` was recorded, and now comes `{call}`"
        if (past.method, past.url) == (call.method, call.address):
            what = f"`{past}` was recorded with another query or body"
        return (
            f"call {n} of this run is another than before: {what}. Look at what the vendor has, "
            "finish the request by hand, and see that the code says the same each time"
        )

    def _read(self, call: Call, send: Send) -> Answer:
        try:
            answer = send({}, True)
        except Exception as error:
            self._note(Past.of(call, Broken(failure.message(error))))
            raise
        room = LONGEST_READS - sum(past.length for past in self.unrecorded)
        self._note(Past.of(call, answer, room))
        return answer

    def _of(self, call: Call, send: Send) -> Effect:
        """Returns how the vendor is called: it can be asked nothing, and may honour keys."""
        header = self._settings.key_header(call.url)
        if header is None:
            return Effect("once", lambda _: send({}, False))
        return Effect("keyed", lambda key: send({header: key}, True))

    def _act(self, call: Call, effect: Effect) -> Answer:
        if self.failed is not None:
            self._talk.stop(self.failed)
        name = self._history.name(f"effect-{len(self.effects) + 1}")
        earlier = self._history.has_ordered(call)
        if earlier is not None:
            self._begin(name, Effect("keyed", lambda _: earlier), call)
            self._record(name, Past.of(call, earlier), calls=[])
            return earlier
        begun = self._begun
        if begun is not None and not begun.is_call(call):
            self._talk.stop(Park(self._mismatch(call, begun)))
        key = self._begin(name, effect, call)
        if isinstance(key, Answer):
            self._record(name, Past.of(call, key), found=True)
            return key
        is_known = effect.of != "keyed" or begun is not None
        with noted_calls() as calls:
            try:
                with before_sending(None if is_known else lambda: self._say_before(name, call)):
                    answer = _noted(call, effect, key)
            except BaseException as error:
                if effect.of == "once" and is_unsent(error):
                    broken = Broken(failure.message(error))
                    self._record(name, Past.of(call, broken), calls=calls)
                else:
                    self._fail(name, call, error, calls)
                raise
        is_under_way = begun is not None and answer.status in UNDER_WAY
        if answer.is_clear and not is_under_way:
            self._record(name, Past.of(call, answer), calls=calls)
        else:
            self._fail(name, call, _in_doubt(answer), calls)
        return answer

    @property
    def _begun(self) -> Optional[Past]:
        """The call that is to come, where an earlier attempt may have made it with its key."""
        is_next = len(self.effects) + 1 == self._history.doubt
        return self._history.begun if is_next else None

    def _say_before(self, name: str, call: Call) -> None:
        """Records the call that is about to be sent with a key, and those before it."""
        calls = [*self.unrecorded, Past.about_to_be(call)]
        value = {"calls": recorded(calls, len(self.calls) + 1)}
        self._talk.record(call_of(name), value)

    def _begin(self, name: str, effect: Effect, call: Call) -> Union[str, Answer]:
        """Begins a step. Returns its key, or the answer where it is seen that it has happened."""
        said = {"method": call.method, "address": call.url}
        begun = self._talk.ask("step.begin", step=name, call=said, **{"class": effect.of})
        if begun["state"] == "look":
            found = effect.look()
            if found is not None:
                return found
            begun = self._talk.ask("step.found", step=name, found=False)
        if begun["state"] != "act":
            self._talk.stop(TryAgain(f"step {name} is {begun['state']}, and was not before"))
        key: str = begun["key"]
        return key

    def _record(self, name: str, past: Past, **how: Any) -> None:
        self._note(past)
        value = {"calls": recorded(self.unrecorded, len(self.calls))}
        method = "step.found" if "found" in how else "step.complete"
        try:
            self._talk.ask(method, step=name, value=value, **how)
        except NotJson as error:
            self._talk.stop(Park(f"`{past}` has happened, and cannot be recorded: {error}"))
        self.unrecorded = []

    def _fail(
        self, name: str, call: Call, error: BaseException, calls: list[dict[str, Any]]
    ) -> None:
        text = f"{call}: {failure.message(error)}"
        self.failed = (Outage if failure.is_outage(error) else TryAgain)(text)
        self._talk.ask("step.failed", step=name, calls=calls, **failure.of_step(self.failed))

    def _note(self, past: Past) -> None:
        self.calls.append(past)
        self.unrecorded.append(past)


def recorded(calls: list[Past], total: int) -> list[dict[str, Any]]:
    """Returns the last calls of a run as they are recorded."""
    first = total - len(calls) + 1
    return [past.to_json(n) for n, past in enumerate(calls, first)]


def _noted(call: Call, effect: Effect, key: str) -> Answer:
    """Makes a call, and notes it for people who look at the attempt later."""
    status, text, began = None, b"", time.monotonic()
    try:
        answer = effect.act(key)
        status, text = answer.status, answer.body
        return answer
    finally:
        took = int((time.monotonic() - began) * 1000)
        call_made(call.method, call.url, status=status, body=call.body, answer=text, took_ms=took)


def _in_doubt(answer: Answer) -> TryAgain:
    text = f"the vendor answered {answer.status}, so nobody knows whether it has happened"
    return (Outage if answer.status in DOWN else TryAgain)(text)
