"""What the runtime says of the vendor and of how the code is run: `CONNECT_TEMPLATE`, in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional
from urllib.parse import urlsplit

from .fault import Fault

VARIABLE = "CONNECT_TEMPLATE"


@dataclass(frozen=True)
class Settings:
    """The settings of `cnct run --template`."""

    #: Vendors that take a repeated key for the same call: the header for it, by their addresses.
    keys: Mapping[str, str] = field(default_factory=dict)
    #: Addresses where the code logs in. What is said there is no step, and never recorded.
    logins: tuple[str, ...] = ()
    #: Approvals count without a vendor's success.
    unproven: bool = False
    #: A process handles one request after the other; otherwise each has a fresh one.
    reuse: bool = False
    #: How many requests a worker handles at the same time, each in a process of its own.
    at_once: int = 8
    #: Connect's address, besides the one that the project knows.
    endpoint: Optional[str] = None

    def key_header(self, url: str) -> Optional[str]:
        """Returns the header for keys at an address: that of the nearest address above it."""
        above = [vendor for vendor in self.keys if _is_below(url, vendor)]
        return self.keys[max(above, key=lambda it: len(_segments(it)))] if above else None

    def is_login(self, url: str) -> bool:
        """Returns whether an address is one where the code logs in."""
        path = urlsplit(url).path.rstrip("/")
        return any(
            _host(login) == _host(url) and urlsplit(login).path.rstrip("/") == path
            for login in self.logins
        )


def read(text: str) -> Settings:
    """Reads settings. Raises `Fault` of what is none."""
    try:
        said: Any = json.loads(text or "{}")
    except ValueError as error:
        raise Fault(f"{VARIABLE} is no JSON: {error}") from None
    if not isinstance(said, dict):
        raise Fault(f"{VARIABLE} is no JSON object")
    settings = Settings(
        keys=_typed(said, "keys", dict, {}),
        logins=tuple(_typed(said, "logins", list, [])),
        unproven=_typed(said, "unproven", bool, False),
        reuse=_typed(said, "reuse", bool, False),
        at_once=_typed(said, "at_once", int, 8),
        endpoint=_typed(said, "endpoint", str, None),
    )
    if not 1 <= settings.at_once <= 1000:
        raise Fault(f"{VARIABLE}: `at_once` is {settings.at_once}; it is 1 to 1000")
    for url in [*settings.keys, *settings.logins]:
        if not urlsplit(url).hostname:
            raise Fault(f"{VARIABLE}: `{url}` is no address such as https://api.vendor.example")
    return settings


def _typed(said: Mapping[str, Any], name: str, type: type, default: Any) -> Any:
    value = said.get(name)
    if value is None:
        return default
    if not isinstance(value, type):
        raise Fault(f"{VARIABLE}: `{name}` is {value!r}")
    return value


def _is_below(url: str, above: str) -> bool:
    """Returns whether an address is another one or below it, by whole segments of the path."""
    segments, start = _segments(url), _segments(above)
    if start and any(segment.lower().replace("%2e", ".") in (".", "..") for segment in segments):
        # Whoever sends it may resolve them, and it would be somewhere else.
        return False
    return _host(url) == _host(above) and segments[: len(start)] == start


def _segments(url: str) -> list[str]:
    path = urlsplit(url).path.rstrip("/")
    return path.split("/")[1:]


def _host(url: str) -> tuple[Optional[str], Optional[int]]:
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.hostname, parts.port or usual
