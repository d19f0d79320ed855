"""A stand for projects of the template's layout: the project, a vendor, and Connect."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Optional

from runtime import Journal, Message, Runtime, RuntimeRefuses, request
from template_project import RESUME, VALIDATE, write, write_service


class Vendor:
    """A vendor's system that keeps tenants, honours no keys, and writes down what it did."""

    def __init__(self) -> None:
        #: All calls, with their bodies and keys: those that it was to refuse, too.
        self.calls: list[tuple[str, str, str, Optional[str]]] = []
        #: What it did.
        self.done: list[tuple[str, str]] = []
        #: What it is to answer in place of what it does, by method and path.
        self.plans: dict[tuple[str, str], list[Any]] = {}
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                vendor._answer(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any

            def log_message(self, *_: Any) -> None:
                """Is quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def plan(self, method: str, path: str, *answers: Any) -> None:
        """Plans what it answers next: a status, or `lost` once it has done it, or `unread`."""
        self.plans.setdefault((method, path), []).extend(answers)

    def keys(self) -> list[Optional[str]]:
        """Returns the keys of the calls that change something."""
        return [key for method, _, _, key in self.calls if method != "GET"]

    def _answer(self, http: Any) -> None:
        body = http.rfile.read(int(http.headers.get("Content-Length") or 0))
        call = (http.command, http.path)
        key = http.headers.get("Idempotency-Key")
        self.calls.append((*call, body.decode(errors="replace"), key))
        planned = self.plans.get(call)
        what = planned.pop(0) if planned else "do"
        if isinstance(what, tuple):
            _send(http, *what)
            return
        if isinstance(what, int):
            _send(http, what, {"error": "as planned"})
            return
        if http.command != "GET":
            self.done.append(call)
        if what == "lost":
            http.close_connection = True
            http.connection.close()
            return
        status = 201 if http.command == "POST" else 200
        _send(http, status, {"tenantId": f"t-{len(self.done)}", "calls": len(self.calls)})

    def close(self) -> None:
        """Ends."""
        self._server.shutdown()
        self._server.server_close()


def _send(http: Any, status: int, body: Any, headers: Mapping[str, str] = {}) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    http.send_response(status)
    http.send_header("Content-Type", "application/json")
    http.send_header("Content-Length", str(len(content)))
    for name, value in headers.items():
        http.send_header(name, value)
    http.end_headers()
    if http.command != "HEAD":
        http.wfile.write(content)


CONVERSATION = {"id": "CO-1", "instance_id": "PR-1"}


class Connect:
    """Connect, as far as one request goes."""

    def __init__(self) -> None:
        self.request: Message = request("resume")
        self.request["asset"]["product"] = {"id": "PRD-1"}
        self.request["asset"]["connection"] = {"type": "preview"}
        for parameter in self.request["asset"]["params"]:
            parameter["name"] = parameter["id"]
        #: What it was told, and in what order.
        self.told: list[Message] = []
        self.written: list[Message] = []
        self.said: dict[str, str] = {}
        #: What it refuses decisions with, one after the other.
        self.refusals: list[int] = []

    def get(self, params: Message) -> Message:
        assert params["raw"]
        path = params["path"]
        if path.startswith("products/PRD-1/templates"):
            headers = {"Content-Range": "items 0-0/1"}
            return {"status": 200, "headers": headers, "body": [{"id": "TL-1"}]}
        if path.startswith("conversations?"):
            headers = {"Content-Range": "items 0-0/1"}
            return {"status": 200, "headers": headers, "body": [CONVERSATION]}
        if path == "conversations/CO-1":
            return {"status": 200, "headers": {}, "body": CONVERSATION}
        if path == "requests/PR-1":
            return {"status": 200, "headers": {}, "body": self.request}
        body = {"error_code": "NF", "errors": [f"{path} is not there"]}
        return {"status": 404, "headers": {}, "body": body}

    def update(self, params: Message) -> Message:
        self.written.append(params["parameters"])
        for parameter in self.request["asset"]["params"]:
            parameter["value"] = params["parameters"].get(parameter["id"], parameter["value"])
        return {"request": self.request}

    def decide(self, params: Message) -> Message:
        if self.refusals:
            status = self.refusals.pop(0)
            body = {"error_code": "VAL_001", "errors": ["as planned"]}
            raise RuntimeRefuses(-32000, "Connect refused", {"status": status, "body": body})
        self.told.append(params["outcome"])
        self.request["status"] = {"approve": "approved"}.get(params["outcome"]["outcome"], "failed")
        return {"request": self.request}

    def say(self, params: Message) -> Message:
        self.said.setdefault(params["name"], params["text"])
        return {}


class Stand:
    """A project under the worker, with all that it speaks with."""

    def __init__(self, folder: Path, python: str) -> None:
        self.folder = folder
        self.python = python
        self.vendor = Vendor()
        self.connect = Connect()
        self.journal = Journal()
        self.settings: dict[str, Any] = {}
        self._runtimes: list[Runtime] = []
        self.worker: Optional[Runtime] = None

    def project(self, **cases: str) -> None:
        """Writes the project, with the classes that are named."""
        write(self.folder, self.vendor.url, **cases)

    def resume(self, body: str) -> None:
        """Writes the project, with the body of its class `Resume`."""
        self.project(resume=body)

    def service(self, body: str = VALIDATE) -> None:
        """Writes the project with its web service, by the body of its route."""
        self.resume(RESUME)
        write_service(self.folder, self.vendor.url, body)

    def honours_keys(self) -> None:
        """Declares that the vendor honours keys."""
        self.settings["keys"] = {self.vendor.url: "Idempotency-Key"}

    def start(self, *, initialize: bool = True) -> Runtime:
        """Starts a worker, on the journal that is there."""
        env = {"CONNECT_TEMPLATE": json.dumps(self.settings), "PYTHONHASHSEED": "0"}
        python = [self.python, "-m", "connect_handlers.template"]
        worker = Runtime(
            self.folder, on_a_socket=True, env=env, journal=self.journal, python=python
        )
        worker.answers.update(
            {
                "connect.get": self.connect.get,
                "connect.update": self.connect.update,
                "decide": self.connect.decide,
                "say": self.connect.say,
            }
        )
        self._runtimes.append(worker)
        self.worker = worker
        if initialize:
            worker.initialize()
        return worker

    def handle(self, type: str = "resume", **other: Any) -> Message:
        """Has the request handled once, by the worker that is there or else a new one."""
        worker = self.worker or self.start()
        asked = {**self.connect.request, "type": type}
        return worker.handle(type, request=asked, **other)

    def validate(self, email: str = "", type: str = "purchase") -> Message:
        """Has a draft validated that has a value, by the worker that is there or else a new one."""
        worker = self.worker or self.start()
        draft = copy.deepcopy({**self.connect.request, "type": type, "status": "draft"})
        draft["asset"]["params"][1]["value"] = email
        return worker.validate(type, request=draft)

    def die(self) -> None:
        """Kills the worker."""
        assert self.worker is not None
        self.worker.close()
        self.worker = None

    def handle_and_die(self, method: str, n: int = 1, type: str = "resume", **other: Any) -> None:
        """Has the request handled, and kills the worker at its n-th call of a method.

        The call is not answered; of a step that is completed, nothing is recorded. Steps that say
        what an effect is about to be do not count.
        """
        worker = self.worker or self.start()
        worker.begin(type, request={**self.connect.request, "type": type}, **other)
        while True:
            message = worker.next()
            assert message is not None, worker.log()
            assert "method" in message, message
            is_ahead = message["params"].get("step", "").endswith(".call")
            if message["method"] == method and not is_ahead:
                n -= 1
                if n == 0:
                    break
            worker.serve(message)
        self.die()

    def __enter__(self) -> Stand:
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves nothing running."""
        for runtime in self._runtimes:
            runtime.close()
        self.vendor.close()
