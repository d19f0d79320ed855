"""The request as a handler sees it, and the steps it may take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from .attempt import Attempt, Undo
from .errors import MissingParameter, TryAgain
from .outcome import Outcome
from .step import Call, Look, Step


class Answer(NamedTuple):
    """What Connect has answered, also where it refuses."""

    status: int
    headers: dict[str, str]
    #: Its JSON.
    body: Any


class Connect:
    """Connect, to read what the request does not show. Nothing can be changed by it."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    def get(self, path: str) -> Any:
        """Reads what is at a path below the endpoint, with its query.

        Raises `CallError` where Connect refuses.
        """
        return self._attempt.ask("connect.get", path=path)["body"]

    def get_raw(self, path: str) -> Answer:
        """Reads as `get` does, and returns the answer as it is: with its status and its headers,
        whose names are in small letters, such as `content-range`, and also where Connect refuses.
        """
        said = self._attempt.ask("connect.get", path=path, raw=True)
        return Answer(said["status"], said["headers"], said["body"])


class Context:
    """One request, as it was when the attempt began, and the power to take steps for it.

    Its calls may be made by any thread. Once the attempt must not go on, they raise `StopHandling`.
    """

    def __init__(self, attempt: Attempt, params: dict[str, Any]) -> None:
        self._attempt = attempt
        #: The request, as Connect shows it.
        self.request: dict[str, Any] = params["request"]
        #: How often in a row it went wrong before.
        self.failures: int = params.get("failures", 0)
        #: 1, and one more whenever it came back after `decide` had it inquired or scheduled.
        self.visit: int = params.get("visit", 1)
        #: What another system wrote into the order of a migration: `parameter` and `text`; else `None`.
        self.migration: Optional[dict[str, str]] = params.get("migration")
        #: Connect, to read there.
        self.connect = Connect(attempt)

    def parameter(self, id: str) -> str:
        """Returns the value of a parameter of the request.

        Raises `MissingParameter` where it has none; the request is tried again.
        """
        of = self.request.get("asset", self.request)
        for parameter in of.get("params") or []:
            if parameter.get("id") == id and parameter.get("value"):
                return str(parameter["value"])
        raise MissingParameter(id, str(self.request.get("id")))

    @property
    def items(self) -> list[dict[str, Any]]:
        """The items of the subscription. Raises `TryAgain` where Connect does not say which."""
        items = self.request.get("asset", {}).get("items")
        if items is None:
            raise TryAgain(f"{self.request.get('id')} does not say its items")
        return list(items)

    def step(
        self,
        name: str,
        call: Call,
        *,
        look: Optional[Look] = None,
        once: bool = False,
        undo: Optional[Undo] = None,
        time_limit: Optional[float] = None,
    ) -> Any:
        """Takes a step: one named effect on the vendor's system, however often this is called.

        `call` has the effect; it gets the key of the step and returns what is recorded, any JSON.
        Once this returns, the value is on the disk, and no later attempt calls the vendor for the
        step again. The name is stored, and stands for one effect, once in an attempt: letters,
        digits, `_`, `-` and `.`, at most 64.

        What happens after a crash between the vendor's answer and the record:

        * by itself, `call` is called again with the same key, which the vendor has to know it by;
        * with `look`, the vendor is asked first. `look` returns what the step would have recorded,
          or `None` where it has not happened;
        * with `once`, nothing is called, and a person has to look.

        `undo` takes the effect back when the request is rejected; it gets a key of its own and the
        recorded value. `time_limit` is in seconds: later, the effect counts as one without an
        answer.

        Raises `GiveUp` where the vendor has refused, now or in an earlier attempt, and whatever
        `call` raises.
        """
        return Step(self._attempt, name, call, look, once, undo, time_limit).take()

    def recorded(self, name: str) -> Any:
        """Returns what an earlier attempt recorded for a step, or `None`. It takes no step."""
        return self._attempt.ask("step.recorded", step=name).get("value")

    def say(self, name: str, text: str) -> None:
        """Says something in the conversation about the request, once: `name` is like a step's."""
        self._attempt.ask("say", name=name, text=text, private=False)

    def note(self, name: str, text: str) -> None:
        """Says something that only the vendor's own people read, otherwise as `say`."""
        self._attempt.ask("say", name=name, text=text, private=True)

    def update(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Writes fulfillment parameters now, by their ids, and returns the request as Connect shows
        it then. Those that an outcome has are written in any case.

        Raises `CallError` where Connect refuses, and nothing is written then.
        """
        said = self._attempt.ask("connect.update", parameters=dict(parameters))
        request: dict[str, Any] = said["request"]
        return request

    def decide(self, outcome: Outcome) -> dict[str, Any]:
        """Tells Connect the outcome now, while the handler goes on, and returns the request as
        Connect shows it then. The handler returns `decided()` afterwards.

        It is for code that cannot be written otherwise: what a handler returns is told as safely,
        once all that it stands for has happened. That it is told is written down first. A handler
        that does not come to its end after that is called again, although its request is no longer
        pending, and has to decide the same. It can be decided once.

        Raises `CallError` where Connect refuses, and nothing is decided then.
        """
        request: dict[str, Any] = self._attempt.ask("decide", outcome=outcome.to_json())["request"]
        return request

    def callback(self) -> Optional[str]:
        """Returns the link by which the vendor's system has the request looked at again, or `None`
        where the runtime takes no such calls. It is the same in each attempt."""
        url: Optional[str] = self._attempt.ask("callback")["url"]
        return url

    def log(self, message: str, level: str = "info") -> None:
        """Writes a line into the runtime's log: of `debug`, `info`, `warn` or `error`."""
        self._attempt.tell("log", level=level, message=message)
