"""A stand for projects that report usage: Connect with contracts, subscriptions and usage files."""

from __future__ import annotations

import base64
import json
from typing import Any, Optional
from urllib.parse import parse_qs

from runtime import Journal, Message, Runtime, RuntimeRefuses
from template_stand import Stand
from template_usage import add

OCTOBER: Message = {
    "id": "report-2026-10",
    "period": {"from": "2026-10-01", "to": "2026-10-31"},
    "now": "2026-11-01T00:00:00+00:00",
}
CONTRACTS = ["CRD-1", "CRD-00000-00000-00000"]
SUBMITTED = ("pending", "accepted", "closed")


def subscription(id: str, contract: str, product: str = "PRD-1") -> Message:
    """Returns a subscription, as Connect lists it."""
    params = [{"id": "subscription_id", "value": f"t-{id}"}]
    about = {"product": {"id": product}, "contract": {"id": contract}}
    return {"id": id, "params": params, **about}


class UsageConnect:
    """Connect, as far as usage files go. It writes down what was done."""

    def __init__(self) -> None:
        self.subscriptions = [subscription(f"AS-{n}", of) for n, of in enumerate(CONTRACTS)]
        self.files: list[Message] = []
        #: What was done, by verb and file.
        self.done: list[tuple[str, str]] = []
        self.uploads: list[bytes] = []
        #: What it answers calls with, in place of what it does, by verb: a status before it is
        #: done, or `lost` once it is, or `unsent`.
        self.plans: dict[str, list[Any]] = {}
        #: What it answers those with who want to see one file, in place of the file.
        self.shows: list[tuple[int, Any]] = []
        self.gets: list[str] = []

    def get(self, params: Message) -> Message:
        path, _, query = params["path"].partition("?")
        self.gets.append(path)
        if path == "contracts":
            return _list([{"id": CONTRACTS[0], "marketplace": {"id": "MP-1"}}], query)
        if path == "assets":
            return _list([it for it in self.subscriptions if it["contract"]["id"] in query], query)
        if path == "usage/files":
            rows = [it for it in self.files if f"{it['contract']['id']})" in query]
            return _list(rows, query)
        found = [it for it in self.files if path == f"usage/files/{it['id']}"]
        if found and self.shows:
            status, body = self.shows.pop(0)
            return {"status": status, "headers": {}, "body": body}
        if found:
            return {"status": 200, "headers": {}, "body": found[0]}
        return {"status": 404, "headers": {}, "body": {"errors": [f"{path} is not there"]}}

    def call(self, params: Message) -> Message:
        assert params["method"] == "POST"
        parts, body = params["path"].split("/"), base64.b64decode(params["body"])
        assert parts[:2] == ["usage", "files"]
        verb = parts[3] if len(parts) > 2 else "create"
        planned = self.plans.get(verb)
        plan = planned.pop(0) if planned else None
        if isinstance(plan, int):
            return _answer(plan, {"errors": ["as planned"]})
        if plan == "unsent":
            raise RuntimeRefuses(-32000, "no way there", {"may_have_happened": False})
        answer = self._do(verb, parts[2:3], params, body)
        if plan == "lost":
            raise RuntimeRefuses(-32000, "no answer", {"may_have_happened": True})
        return answer

    def _do(self, verb: str, id: list[str], params: Message, body: bytes) -> Message:
        if verb == "create":
            assert params["headers"] == {"Content-Type": "application/json"}
            file = {**json.loads(body), "id": f"UF-{len(self.files) + 1}", "status": "draft"}
            self.files.append(file)
            self.done.append((verb, file["id"]))
            return _answer(201, file)
        file = next(it for it in self.files if it["id"] == id[0])
        if file["status"] in SUBMITTED or (verb, file["status"]) == ("submit", "draft"):
            return _answer(400, {"errors": [f"cannot be done in status {file['status']}"]})
        self.done.append((verb, file["id"]))
        if verb == "upload":
            assert params["headers"]["Content-Type"].startswith("multipart/form-data; boundary=")
            self.uploads.append(body)
            file["status"] = "ready"
            return _answer(201, file)
        file["status"] = "pending"
        return _answer(200, file)


def _list(rows: list[Message], query: str) -> Message:
    paging = {
        name: int(values[0]) for name, values in parse_qs(query).items() if values[0].isdigit()
    }
    limit, offset = paging.get("limit", 100), paging.get("offset", 0)
    page = rows[offset : offset + limit]
    last = max(offset + len(page) - 1, 0)
    headers = {"content-range": f"items {offset}-{last}/{len(rows)}"}
    return {"status": 200, "headers": headers, "body": page}


def _answer(status: int, body: Any) -> Message:
    encoded = base64.b64encode(json.dumps(body).encode()).decode()
    return {"status": status, "headers": {"content-type": "application/json"}, "body": encoded}


class UsageStand(Stand):
    """A project that reports usage, under the worker, with all that it speaks with."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.usage = UsageConnect()
        self.journal = Journal(OCTOBER["id"])

    def reports(self, day: str = "1", text: Optional[str] = None, **cases: str) -> None:
        """Writes the project, with a report on a day; with another text in place of its own."""
        self.project(**cases)
        file = add(self.folder, self.vendor.url, day)
        if text is not None:
            file.write_text(text.replace("VENDOR", repr(self.vendor.url)))

    def __enter__(self) -> UsageStand:
        return self

    def start(self, *, initialize: bool = True) -> Runtime:
        worker = super().start(initialize=initialize)
        worker.answers.update({"connect.get": self.usage.get, "connect.call": self.usage.call})
        return worker

    def _month(self, **other: Any) -> Message:
        return {"collection": "usage/files", "kind": "report", "request": {**OCTOBER, **other}}

    def report(self, **other: Any) -> Message:
        """Has the month reported once."""
        worker = self.worker or self.start()
        return worker.handle("report", **self._month(**other))

    def report_and_die(self, method: str, n: int = 1, *, after: bool = False) -> bool:
        """Has the month reported, and kills the worker at its n-th call of a method.

        The call is not answered; with `after` it has been seen to. Returns whether there was one.
        """
        worker = self.worker or self.start()
        worker.begin("report", **self._month())
        while True:
            message = worker.next()
            assert message is not None, worker.log()
            if "method" not in message:
                assert message["result"] == {"outcome": "done"}, message
                return False
            if message["method"] == method:
                n -= 1
                if n == 0:
                    break
            worker.serve(message)
        if after:
            worker.serve(message)
        self.die()
        return True
