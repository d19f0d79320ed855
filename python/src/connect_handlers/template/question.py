"""One question about a draft, answered by the project's web service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .. import failure
from ..attempt import Attempt
from ..errors import Outage, TryAgain
from ..json_value import plain
from . import seed, wsgi
from .answer import Answer, json_answer
from .call import Call
from .classes import place
from .decision import refusal
from .difference import NoAnswer, findings
from .exchange import set_way
from .places import Places
from .service import Service
from .talk import Stop, Talk
from .vendor import BrokenBy, Send

READS_ALONE = "under cnct run --template, a validation may read alone: nothing was ordered yet"
#: How much of an answer that is none is shown.
SHOWN = 200


class Question:
    """What becomes of the calls of a validation, and what it finds. Nothing of it is recorded."""

    def __init__(self, attempt: Attempt, stop: Stop, places: Places) -> None:
        self._talk = Talk(attempt, stop)
        self._places = places

    def answer(self, call: Call, send: Send, _broken: BrokenBy) -> Answer:
        """Answers a call of the code's."""
        path = self._places.path(call.url)
        if path is None:
            return send({}, True)
        if call.method != "GET":
            return json_answer(403, refusal(f"{call.method} {path}: {READS_ALONE}"))
        said = self._talk.ask("connect.get", path=path, raw=True)
        return json_answer(said["status"], said["body"], said["headers"])

    def run(self, service: Service, request: dict[str, Any], folder: Path) -> dict[str, Any]:
        """Asks the service. Returns its findings, or raises why there are none."""
        seed.scatter()
        set_way(self)
        try:
            answer = wsgi.post(service.app, service.path, json.dumps(request).encode())
        except BaseException as error:
            where = place(error, folder) or service.place
            text = f"{failure.message(error)} ({where})"
            raise (Outage if failure.is_outage(error) else TryAgain)(text) from error
        finally:
            set_way(None)
        try:
            return {"findings": findings(request, _json(answer))}
        except NoAnswer as why:
            raise TryAgain(f"the answer of {service.place} is none: {why}") from None


def _json(answer: Answer) -> Any:
    seen = plain(answer.text, SHOWN)
    if answer.status != 200:
        raise NoAnswer(f"its status is {answer.status}, and not 200: {seen}")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise NoAnswer(f"it is no JSON: {seen}") from None
