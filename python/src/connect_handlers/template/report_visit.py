"""One attempt at a report by the project's code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..attempt import Attempt
from ..errors import Park
from . import clock, history, seed
from .answer import Answer
from .call import Call
from .classes import is_in
from .exchange import set_way
from .places import Places
from .raised import text_of, to_raise
from .report import Report
from .settings import Settings
from .talk import Stop, Talk
from .usage_files import UsageFiles
from .vendor import BrokenBy, Send, Vendor


class ReportVisit:
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
        past = history.read(talk.recorded, 1)
        self._seed = seed.of_visit(talk, "seed")
        self._month: dict[str, Any] = params["request"]
        self._settings = settings
        self._places = places
        self._vendor = Vendor(talk, past, settings)
        self._connect = UsageFiles(talk, self._vendor)

    def answer(self, call: Call, send: Send, broken: BrokenBy) -> Answer:
        """Answers a call of the code's."""
        path = self._places.path(call.url)
        if path is not None:
            return self._connect.answer(call, path, broken)
        if self._settings.is_login(call.url):
            return send({}, True)
        return self._vendor.answer(call, send, broken)

    def run(self, report: Report, client: Any, folder: Path) -> dict[str, Any]:
        """Runs the code. Returns that it came to its end, or raises what is to be done instead."""
        seed.sow(self._seed)
        set_way(self)
        try:
            with clock.standing(self._month["now"], lambda file: is_in(file, folder)):
                report.run(client)
        except BaseException as error:
            raise to_raise(error, text_of(error, folder), self._vendor.failed) from error
        finally:
            set_way(None)
        if self._vendor.failed is not None:
            raise self._vendor.failed
        left_out = self._vendor.left_out
        if left_out is not None:
            raise Park(
                f"the code came to its end, and {left_out}: look at what Connect and the vendor have"
            )
        return {"outcome": "done"}
