"""A world of one's own: Connect and the demo vendor on this machine, for tests of handlers."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union
from urllib.parse import quote

from .program import cnct

#: How long the world may take to start, and a program to work on all that is pending, in seconds.
START = 30
RUN = 120

#: The connection of a preview subscription.
PREVIEW = {"id": "CT-0000-0000-0000", "type": "preview"}


class WorldError(Exception):
    """The world did not do as it was told. The text has what it said."""


class Created(NamedTuple):
    """A request that was created, and its subscription, by their ids."""

    id: str
    asset: str


class Ran(NamedTuple):
    """How a program ended: 0, all came to an end; 3, some requests wait or need a person."""

    code: int
    log: str


class World:
    """Connect, as the emulator plays it, and the demo vendor. Both are gone once it is closed."""

    def __init__(self, folder: Path) -> None:
        """Starts it on free ports, with its files in a folder. Raises `WorldError` if it cannot."""
        self.folder = folder
        self._ready = folder / "ready.json"
        log = folder / "world.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [cnct(), "up", "--no-processor", "--port", "0", "--vendor-port", "0"]
                + ["--ready-file", str(self._ready)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            said = self._wait(log)
        except BaseException:
            self.close()
            raise
        #: Connect's endpoint, ending in `/public/v1`.
        self.platform: str = said["platform"]
        #: The base address of the vendor's API.
        self.vendor: str = said["vendor"]
        #: The vendor's and the distributor's API keys, as whole values of `Authorization`.
        self.vendor_key: str = said["vendor_key"]
        self.distributor_key: str = said["distributor_key"]
        #: The product that can be bought.
        self.product: str = said["product"]

    def _wait(self, log: Path) -> dict[str, Any]:
        """Waits until everything answers; the file is there then, whole."""
        end = time.monotonic() + START
        while not self._ready.exists():
            if self._process.poll() is not None or time.monotonic() > end:
                raise WorldError(f"the world did not start: {log.read_text()}")
            time.sleep(0.01)
        said: dict[str, Any] = json.loads(self._ready.read_text())
        return said

    def close(self) -> None:
        """Ends it."""
        self._process.terminate()
        try:
            self._process.wait(timeout=START)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What customers do.

    def purchase(
        self,
        quantity: int = 10,
        *,
        item: str = "MPN-A",
        parameters: Optional[Mapping[str, str]] = None,
        planned: Optional[str] = None,
    ) -> Created:
        """Buys a preview subscription. `planned` is the day, for one that shall begin later."""
        params = [{"id": key, "value": value} for key, value in (parameters or {}).items()]
        items = [{"mpn": item, "quantity": quantity}]
        asset = {"product": {"id": self.product}, "items": items, "params": params}
        return self.create("purchase", {**asset, "connection": PREVIEW}, planned)

    def change(self, asset: str, quantity: int, *, item: str = "MPN-A") -> Created:
        """Asks for another quantity."""
        items = [{"mpn": item, "quantity": quantity}]
        return self.create("change", {"id": asset, "items": items})

    def suspend(self, asset: str) -> Created:
        """Asks for a subscription to be suspended."""
        return self.create("suspend", {"id": asset})

    def resume(self, asset: str) -> Created:
        """Asks for a suspended subscription to be resumed."""
        return self.create("resume", {"id": asset})

    def cancel(self, asset: str) -> Created:
        """Asks for a subscription to end."""
        return self.create("cancel", {"id": asset})

    def create(self, type: str, asset: Mapping[str, Any], planned: Optional[str] = None) -> Created:
        """Creates a request of any type. `asset` is what Connect takes."""
        body = {"type": type, "asset": asset}
        if planned is not None:
            body["planned_date"] = planned
        request = self.call("POST", "requests", body)
        return Created(request["id"], request["asset"]["id"])

    # What can be read.

    def request(self, id: str) -> dict[str, Any]:
        """Returns a request, as it is now."""
        request: dict[str, Any] = self.call("GET", f"requests/{quote(id)}")
        return request

    def asset(self, id: str) -> dict[str, Any]:
        """Returns a subscription, as it is now."""
        asset: dict[str, Any] = self.call("GET", f"assets/{quote(id)}")
        return asset

    def effects(self) -> list[dict[str, Any]]:
        """Returns what the vendor has carried out, oldest first: `operation`, `tenant`, `key`, …"""
        effects: list[dict[str, Any]] = _call("GET", f"{self.vendor}/_log", None, {})
        return effects

    # What is done to it.

    def run(self, program: Union[str, Path], *arguments: str) -> Ran:
        """Works on all that is pending with the handlers of a program, and ends.

        The program finds the vendor's address in `VENDOR_URL`. All runs share a journal. Raises
        `WorldError`, with the log, where it could not work.
        """
        words = ["run", "--exec", shlex.join([sys.executable, str(program)])]
        words += ["--ready", str(self._ready), "--journal", str(self.folder / "journal.sqlite")]
        ended = self._cnct([*words, "--once", *arguments], VENDOR_URL=self.vendor)
        if ended.returncode not in (0, 3):
            raise WorldError(f"{program} could not be run: {ended.stderr}")
        return Ran(ended.returncode, ended.stderr)

    def fault(
        self,
        effect: Union[str, Mapping[str, Any]],
        *,
        on: Optional[str] = None,
        of: Optional[str] = None,
        times: Optional[int] = None,
        skip: Optional[int] = None,
        at: str = "vendor",
    ) -> None:
        """Has the vendor or, `at="platform"`, Connect misbehave.

        `effect` is `"lose_answer"`, `"lose_call"`, or such as `{"answer": {"status": 503}}`; `on`
        names the operation, `of` the object.
        """
        faults = f"{self.vendor}/_faults"
        if at == "platform":
            faults = self.platform.replace("/public/v1", "/emulator/faults")
        said = {"effect": effect, "on": on, "of": of, "times": times, "skip": skip}
        _call("POST", faults, {key: value for key, value in said.items() if value is not None}, {})

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Makes a call of Connect's API with the vendor's key. `path` is below the endpoint."""
        key = {"Authorization": self.vendor_key}
        return _call(method, f"{self.platform}/{path}", body, key)

    def cnct(self, *arguments: str) -> str:
        """Runs a command of `cnct` in this world, and returns what it prints."""
        ended = self._cnct(list(arguments), CONNECT_READY=str(self._ready))
        if ended.returncode != 0:
            raise WorldError(f"cnct {shlex.join(arguments)}: {ended.stderr}")
        return ended.stdout

    def _cnct(self, words: list[str], **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [cnct(), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN,
            env={**os.environ, **env},
        )


#: All is on this machine: no proxy is asked.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _call(method: str, url: str, body: Any, headers: Mapping[str, str]) -> Any:
    sent = None if body is None else json.dumps(body).encode()
    headers = {**headers, "Content-Type": "application/json"}
    request = urllib.request.Request(url, sent, headers, method=method)
    try:
        with _OPENER.open(request, timeout=START) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise WorldError(f"{method} {url}: {error.code} {error.read().decode()}") from None
    return json.loads(text) if text else None
