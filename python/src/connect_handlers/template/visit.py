"""One attempt at a request by the project's code."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from ..attempt import Attempt
from ..errors import Park, TryAgain
from . import history, seed
from .answer import Answer
from .call import Call
from .classes import Process
from .connect_api import ConnectApi
from .decision import Decision
from .exchange import set_way
from .places import Places
from .raised import text_of, to_raise
from .settings import Settings
from .talk import Stop, Talk
from .vendor import BrokenBy, Send, Vendor


class Visit:
    """What becomes of the calls of an attempt, and what comes of the attempt."""

    def __init__(
        self,
        attempt: Attempt,
        stop: Stop,
        params: dict[str, Any],
        settings: Settings,
        places: Places,
    ) -> None:
        talk = Talk(attempt, stop)
        past = history.read(talk.recorded, params.get("visit", 1))
        self._seed = seed.of_visit(talk, f"{past.of_visit}seed")
        #: The request as the code sees it: once it was decided about, as it was then.
        self.request: dict[str, Any] = past.request or params["request"]
        self._settings = settings
        self._places = places
        self._vendor = Vendor(talk, past, settings)
        self._decision = Decision(talk, self._vendor, past, settings, self.request)
        collection = params["collection"]
        self._connect = ConnectApi(talk, self._decision, collection, self.request, past.of_visit)

    def answer(self, call: Call, send: Send, broken: BrokenBy) -> Answer:
        """Answers a call of the code's."""
        path = self._places.path(call.url)
        if path is not None:
            return self._connect.answer(call, path)
        if self._settings.is_login(call.url):
            return send({}, True)
        return self._vendor.answer(call, send, broken)

    def run(self, process: Process, client: Any, folder: Path) -> dict[str, Any]:
        """Runs the code. Returns its outcome, or raises what is to be done instead."""
        seed.sow(self._seed)
        set_way(self)
        try:
            # What the code writes into it is not what Connect showed.
            process(copy.deepcopy(self.request), client)
        except BaseException as error:
            raise self._error(error, folder) from error
        finally:
            set_way(None)
        return self._outcome()

    def _outcome(self) -> dict[str, Any]:
        if self._vendor.failed is not None:
            raise self._vendor.failed
        if self._decision.second is not None:
            raise self._twice()
        if self._decision.told is None:
            raise TryAgain(
                "process_request returned, and has not approved, failed or inquired the request: "
                "it is called again later"
            )
        return {"outcome": "decided"}

    def _error(self, error: BaseException, folder: Path) -> Exception:
        if self._decision.second is not None:
            return self._twice()
        text = text_of(error, folder)
        if self._decision.told is not None:
            text = f"{self._decision.told} was decided, failing after: {text}"
        return to_raise(error, text, self._vendor.failed)

    def _twice(self) -> Park:
        first, second = self._decision.told, self._decision.second
        return Park(
            f"the code decided twice: {first}, which holds, and then {second}, which was not told. "
            "See that it decides once, and what it does after the first"
        )
