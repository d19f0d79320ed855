"""A step: one named effect on the vendor's system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Optional

from . import failure, json_value
from .attempt import Attempt, Undo
from .calls import noted_calls
from .errors import GiveUp, NotJson, Park, StopHandling, TryAgain

#: Has the effect. It gets the key of the call, and returns what is recorded.
Call = Callable[[str], Any]
#: Asks the vendor whether the effect has happened. `None`, `False` and what is empty mean that it
#: has not; anything else is what the step records.
Look = Callable[[], Any]


@dataclass(frozen=True)
class Step:
    """A step that can be taken, by what the vendor's API offers."""

    attempt: Attempt
    name: str
    call: Call
    look: Optional[Look] = None
    once: bool = False
    undo: Optional[Undo] = None
    time_limit: Optional[float] = None

    def __post_init__(self) -> None:
        if self.look is not None and self.once:
            raise TypeError(f"step `{self.name}`: with `look` it is asked, so `once` is too much")

    def take(self) -> Any:
        """Takes it, unless it has happened, and returns what is recorded."""
        answer = self._begin()
        if answer["state"] == "look":
            answer = self._look()
        if answer["state"] == "act":
            answer = self._act(answer["key"])
        return self._result(answer)

    def _begin(self) -> Any:
        said: dict[str, Any] = {"class": self._class()}
        if self.time_limit is not None:
            said["time_limit"] = self.time_limit
        if self.undo is not None:
            said["undo"] = True
            self.attempt.undos[self.name] = self.undo
        return self._ask("step.begin", **said)

    def _class(self) -> str:
        if self.once:
            return "once"
        return "keyed" if self.look is None else "probed"

    def _look(self) -> Any:
        if self.look is None:
            raise Park(f"step `{self.name}` was taken with `look` before, and has none any more")
        with noted_calls() as calls:
            try:
                value = self.look()
            except StopHandling:
                raise
            except BaseException as error:
                self._failed(error, calls)
                raise
        if not value:
            return self._ask("step.found", found=False, calls=calls)
        return self._keep("step.found", value, calls, found=True)

    def _act(self, key: str) -> Any:
        self.attempt.begin(self.name)
        with noted_calls() as calls:
            try:
                value = self.call(key)
            except StopHandling:
                raise
            except GiveUp as refusal:
                reason = json_value.plain(refusal.reason)
                return self._ask("step.refused", reason=reason, calls=calls)
            except BaseException as error:
                self._failed(error, calls)
                raise
        return self._keep("step.complete", value, calls)

    def _keep(self, method: str, value: Any, calls: list[dict[str, Any]], **said: Any) -> Any:
        """Has the value recorded. One that cannot be is for a person: the effect has happened."""
        try:
            json_value.check(value, "its value")
            return self._ask(method, value=value, calls=calls, **said)
        except NotJson as error:
            why = f"step `{self.name}` has happened, but {error}. Record what is JSON"
            self._failed(Park(why), calls)
            raise Park(why) from None

    def _failed(self, error: BaseException, calls: list[dict[str, Any]]) -> None:
        self.attempt.fail(self.name, error)
        self._ask("step.failed", **failure.of_step(error), calls=calls)

    def _result(self, answer: Any) -> Any:
        if answer["state"] not in ("done", "refused"):
            raise TryAgain(f"step `{self.name}` was answered with the state {answer['state']!r}")
        self.attempt.settle(self.name)
        if answer["state"] == "refused":
            raise GiveUp(answer["reason"])
        return answer.get("value")

    def _ask(self, method: str, **said: Any) -> Any:
        if not said.get("calls", True):
            del said["calls"]
        return self.attempt.ask(method, step=self.name, **said)
