"""Connect as the code of a report calls it: it reads, and makes usage files.

What it reads is recorded as what it reads of the vendor is, so that after a crash it sees the same
contracts and subscriptions. Each call that changes something is a step, and can be looked up at
Connect, so that a crash or a lost answer neither doubles nor loses a file.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any, NamedTuple, Optional

from ..errors import TryAgain
from .answer import Answer, json_answer
from .call import Call
from .connect_api import Refused
from .decision import refusal
from .talk import Lost, Talk
from .unsent import NotSent
from .vendor import BrokenBy, Effect, Vendor

MAY = "may read, and create, upload and submit usage files"

#: The statuses of a file that the distributor has.
SUBMITTED = ("pending", "accepted", "closed")

#: The longest body, in bytes: what a message to the runtime has room for.
LONGEST = 11 * 1024 * 1024

PAGE = 1000


class Wanted(NamedTuple):
    """What a file is known by. Its external id alone may have no year in it."""

    external_id: str
    product: str
    contract: str
    first_day: str


class UsageFiles:
    """Connect, in one attempt at a report."""

    def __init__(self, talk: Talk, vendor: Vendor) -> None:
        self._talk = talk
        self._vendor = vendor
        #: The files that this run has made or taken over.
        self._known: set[str] = set()
        #: Those of them that the distributor had already, as they were.
        self._reported: dict[str, Any] = {}

    def answer(self, call: Call, path: str, broken: BrokenBy) -> Answer:
        """Answers a call; the path is below Connect's endpoint, with its query."""
        try:
            if call.method == "GET":
                return self._vendor.answer(call, lambda *_: self._talk.get(path), broken)
            return self._change(call, path.partition("?")[0].strip("/"), broken)
        except Refused as error:
            return json_answer(error.status, refusal(str(error)))
        except (Lost, NotSent) as error:
            raise broken(str(error)) from error

    def _change(self, call: Call, path: str, broken: BrokenBy) -> Answer:
        parts = path.split("/")
        if call.method == "POST" and parts[:2] == ["usage", "files"]:
            if len(call.body) > LONGEST:
                mib = LONGEST >> 20
                raise Refused(f"{call}: {len(call.body)} bytes; {mib} MiB are the most", 413)
            if len(parts) == 2:
                return self._create(call, path, broken)
            if parts[3:] == ["upload"]:
                return self._upload(call, path, parts[2], broken)
            if parts[3:] == ["submit"]:
                return self._submit(call, path, parts[2], broken)
        raise Refused(
            f"{call.method} {path}: under cnct run --template, code that reports usage {MAY}"
        )

    def _create(self, call: Call, path: str, broken: BrokenBy) -> Answer:
        wanted = _wanted(call)
        if wanted is None:
            effect = Effect("once", lambda _: self._talk.post(call, path))
        else:
            known = wanted

            def look() -> Optional[Answer]:
                return self._find(known)

            # Before the first time, too: the project by itself may have made it.
            effect = Effect("probed", lambda _: look() or self._talk.post(call, path), look)
        answer = self._vendor.answer_effect(call, effect, broken)
        if answer.is_success:
            self._keep(json.loads(answer.body))
        return answer

    def _keep(self, file: Any) -> None:
        self._known.add(file["id"])
        if file.get("status") in SUBMITTED:
            self._reported[file["id"]] = file
            print(
                f"{file['id']} ({file.get('external_id')}) was submitted before: it is left alone",
                file=sys.stderr,
            )

    def _find(self, wanted: Wanted) -> Optional[Answer]:
        """Finds a file that is there, and not of this run; the one that has come furthest."""
        found = [
            file
            for file in self._listed(wanted)
            if file.get("external_id") == wanted.external_id
            and file["product"]["id"] == wanted.product
            and file["contract"]["id"] == wanted.contract
            and file["period"]["from"][:10] == wanted.first_day
            and file["status"] != "deleted"
            and file["id"] not in self._known
        ]
        found.sort(key=lambda file: file["status"] in SUBMITTED)
        return json_answer(201, found[-1]) if found else None

    def _listed(self, wanted: Wanted) -> list[Any]:
        rows: list[Any] = []
        of = f"and(eq(product.id,{wanted.product}),eq(contract.id,{wanted.contract}))"
        while True:
            path = f"usage/files?{of}&limit={PAGE}&offset={len(rows)}"
            answer = self._talk.get(path)
            total = _total(answer)
            page = _said(answer)
            if total is None or not isinstance(page, list):
                self._talk.stop(TryAgain(f"Connect does not list usage files: {answer.status}"))
            rows += page
            if len(rows) >= total:
                return rows
            if not page:
                self._talk.stop(TryAgain(f"Connect lists {len(rows)} usage files of {total}"))

    def _upload(self, call: Call, path: str, file: str, broken: BrokenBy) -> Answer:
        if file in self._reported:
            return json_answer(201, self._reported[file])
        effect = Effect(
            "probed", lambda _: self._talk.post(call, path), lambda: self._shown(file, 201)
        )
        # A workbook has times in it: the same one is another file each time.
        return self._vendor.answer_effect(Call(call.method, call.url), effect, broken)

    def _submit(self, call: Call, path: str, file: str, broken: BrokenBy) -> Answer:
        if file in self._reported:
            return json_answer(200, self._reported[file])

        def submit(_: str) -> Answer:
            answer = self._talk.post(call, path)
            # A refusal may mean that it was submitted by hand.
            is_refused = answer.is_clear and not answer.is_success
            return (self._shown(file, 200) if is_refused else None) or answer

        effect = Effect("probed", submit, lambda: self._shown(file, 200, "rejected"))
        return self._vendor.answer_effect(call, effect, broken)

    def _shown(self, file: str, status: int, *others: str) -> Optional[Answer]:
        """Returns a file that the distributor has, or has had."""
        answer = self._talk.get(f"usage/files/{file}")
        if answer.status == 404:
            return None
        shown = _said(answer)
        if not isinstance(shown, dict) or shown.get("id") != file:
            self._talk.stop(TryAgain(f"Connect does not show {file}: {answer.status}"))
        is_there = shown["status"] in (*SUBMITTED, *others)
        return json_answer(status, shown) if is_there else None


def _wanted(call: Call) -> Optional[Wanted]:
    """Returns what a new file can be found by, if it says all of it."""
    try:
        body = json.loads(call.body)
        start = (body.get("period") or {}).get("from") or body.get("start_datetime_utc")
        said = (body.get("external_id"), body["product"]["id"], body["contract"]["id"], start)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    external_id, product, contract, start = said
    if not all(isinstance(it, str) and it for it in said):
        return None
    return Wanted(external_id, product, contract, start[:10])


def _said(answer: Answer) -> Any:
    """Returns what Connect has shown: nothing where that is no JSON, or a refusal."""
    try:
        return json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        return None


def _total(answer: Answer) -> Optional[int]:
    """Returns how many rows there are, where a list says so."""
    ranges = (value for name, value in answer.headers if name.lower() == "content-range")
    found = re.search(r"/(\d+)$", next(ranges, ""))
    return int(found[1]) if found else None
