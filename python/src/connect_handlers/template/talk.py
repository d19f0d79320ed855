"""What the code's attempt asks of the runtime, and how it is stopped."""

from __future__ import annotations

import base64
from typing import Any, Callable, NoReturn

from ..attempt import Attempt
from ..errors import CallError, StopHandling, TryAgain
from .answer import Answer, json_answer, kept
from .call import Call
from .unsent import NotSent

#: Ends the attempt with an error, and the process with it: the code may swallow exceptions.
Stop = Callable[[BaseException], NoReturn]


class Lost(Exception):
    """A call of Connect of which nobody knows whether it has happened."""


class Talk:
    """The runtime, as an attempt speaks with it."""

    def __init__(self, attempt: Attempt, stop: Stop) -> None:
        self._attempt = attempt
        self.stop = stop

    def ask(self, method: str, /, **params: Any) -> Any:
        """Calls the runtime. What it answers with an error ends the attempt."""
        try:
            return self.try_ask(method, **params)
        except CallError as error:
            self.stop(TryAgain(f"{method}: {error}"))

    def recorded(self, step: str, doubt: bool = False) -> dict[str, Any]:
        """Returns what earlier attempts have recorded; with `doubt`, the caller sees to that."""
        said: dict[str, Any] = self.ask("step.recorded", step=step, doubt=doubt)
        return said

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

    def get(self, path: str) -> Answer:
        """Reads from Connect, and returns its answer as it is."""
        said = self.ask("connect.get", path=path, raw=True)
        return json_answer(said["status"], said["body"], said["headers"])

    def post(self, call: Call, path: str) -> Answer:
        """Has Connect called, and returns its answer. Raises `Lost` or `NotSent` without one."""
        headers = {"Content-Type": call.content_type} if call.content_type else {}
        body = base64.b64encode(call.body).decode()
        try:
            said = self.try_ask(
                "connect.call", method="POST", path=path, headers=headers, body=body
            )
        except CallError as error:
            happened = error.data.get("may_have_happened")
            if happened is None:
                self.stop(TryAgain(f"connect.call: {error}"))
            raise (Lost if happened else NotSent)(str(error)) from None
        return Answer(said["status"], kept(said["headers"].items()), base64.b64decode(said["body"]))

    def try_ask(self, method: str, /, **params: Any) -> Any:
        """Calls the runtime. Raises `CallError`, but for one that ends the attempt."""
        try:
            return self._attempt.ask(method, **params)
        except StopHandling as over:
            self.stop(over)
