"""Connections that are not made through the libraries that are caught."""

from __future__ import annotations

import http.client
import socket
import sys
from typing import Any

from .sending import is_sending, note_sent
from .unsent import refuse

_original_send: Any = http.client.HTTPConnection.send


def refuse_others() -> None:
    """Refuses other connections before they are made, and what else is said over those that are."""
    sys.addaudithook(_on_event)
    connection: Any = http.client.HTTPConnection
    connection.send = _send


def _on_event(event: str, args: tuple[Any, ...]) -> None:
    if event != "socket.connect" or is_sending():
        return
    made, address = args
    # The system's log is no vendor.
    if made.family == socket.AF_UNIX and address in ("/dev/log", b"/dev/log"):
        return
    to = ":".join(str(part) for part in address[:2]) if isinstance(address, tuple) else address
    _refuse(f"a connection to {to} was refused")


def _send(connection: Any, data: Any) -> None:
    """Sends what was caught. Over a connection that is open, more could be said."""
    if not is_sending():
        _refuse(f"what was to be sent to {connection.host}:{connection.port} was refused")
    if connection.sock is None and connection.auto_open:
        connection.connect()
    # What a proxy is told first is nothing of the call.
    if not (isinstance(data, bytes) and data.startswith(b"CONNECT ")):
        note_sent()
    _original_send(connection, data)


def _refuse(what: str) -> None:
    refuse(
        f"{what}: under cnct run --template the vendor is called through requests, urllib, "
        "http.client's request or httpx.Client, so that no call is made twice. "
        "Use one of them, or write the handler with connect_handlers"
    )
