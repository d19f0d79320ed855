"""What the code's attempt asks of the runtime, and how it is stopped."""

from __future__ import annotations

from typing import Any, Callable, NoReturn

from ..attempt import Attempt
from ..errors import CallError, StopHandling, TryAgain
from .answer import Answer, json_answer

#: Ends the attempt with an error, and the process with it: the code may swallow exceptions.
Stop = Callable[[BaseException], NoReturn]


class Talk:
    """The runtime, as an attempt speaks with it."""

    def __init__(self, attempt: Attempt, stop: Stop) -> None:
        self._attempt = attempt
        self.stop = stop

    def ask(self, method: str, **params: Any) -> Any:
        """Calls the runtime. What it answers with an error ends the attempt."""
        try:
            return self.try_ask(method, **params)
        except CallError as error:
            self.stop(TryAgain(f"{method}: {error}"))

    def record(self, step: str, value: Any) -> None:
        """Writes down something that is no effect."""
        if self.ask("step.begin", step=step, **{"class": "keyed"})["state"] == "act":
            self.ask("step.complete", step=step, value=value)

    def ask_connect(self, method: str, **params: Any) -> Answer:
        """Has Connect told something, and returns its answer: the request, or its refusal."""
        try:
            return json_answer(200, self.try_ask(method, **params)["request"])
        except CallError as error:
            status = error.data.get("status")
            if status is None:
                self.stop(TryAgain(f"{method}: {error}"))
            return json_answer(status, error.data.get("body"))

    def try_ask(self, method: str, **params: Any) -> Any:
        """Calls the runtime. Raises `CallError`, but for one that ends the attempt."""
        try:
            return self._attempt.ask(method, **params)
        except StopHandling as over:
            self.stop(over)
