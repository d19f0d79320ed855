"""Connections that are not made through the libraries that are caught."""

from __future__ import annotations

import socket
import sys
from typing import Any

from .exchange import is_sending
from .unsent import NotCovered


def refuse_others() -> None:
    """Refuses other connections before they are made, from now on."""
    sys.addaudithook(_on_event)


def _on_event(event: str, args: tuple[Any, ...]) -> None:
    if event != "socket.connect" or is_sending():
        return
    made, address = args
    # The system's log is no vendor.
    if made.family == socket.AF_UNIX and address in ("/dev/log", b"/dev/log"):
        return
    to = ":".join(str(part) for part in address[:2]) if isinstance(address, tuple) else address
    refusal = (
        f"a connection to {to} was refused: under cnct run --template the vendor is called "
        "through requests, urllib, http.client or httpx.Client, so that no call is made twice. "
        "Use one of them, or write the handler with connect_handlers"
    )
    # Whoever connects may wrap it, or swallow it.
    print(refusal, file=sys.stderr)
    raise NotCovered(refusal)
