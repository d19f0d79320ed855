"""Calls through `http.client`, and so through `urllib.request`."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Optional

from .answer import Answer, kept
from .call import Call, whole
from .exchange import exchange
from .sending import is_sending, sending

_request: Any = http.client.HTTPConnection.request
_response: Any = http.client.HTTPResponse
_getresponse: Any = http.client.HTTPConnection.getresponse


def catch() -> None:
    """Catches what is sent through `http.client` from now on."""
    connection: Any = http.client.HTTPConnection
    connection.request = request
    connection.getresponse = getresponse


def request(
    connection: Any,
    method: str,
    url: str,
    body: Any = None,
    headers: Mapping[str, Any] = {},
    **how: Any,
) -> None:
    """Makes a call at once, and keeps its answer for `getresponse`."""
    if is_sending():
        _request(connection, method, url, body, headers, **how)
        return
    sent = {name: value for name, value in headers.items() if name.lower() != "transfer-encoding"}
    content = None if body is None else whole(body)
    kind = next((str(it) for name, it in sent.items() if name.lower() == "content-type"), "")
    call = Call(method.upper(), _full(connection, url), content or b"", kind)

    def send(more: Mapping[str, str], _repeats: bool) -> Answer:
        with sending():
            _request(connection, method, url, content, {**sent, **more})
            answered = _getresponse(connection)
            return Answer(answered.status, kept_raw(answered), answered.read())

    answer = exchange(call, send, ConnectionRefusedError)
    connection._connect_answer = (answer, method)


def getresponse(connection: Any) -> Any:
    """Returns the answer of the call before."""
    answer, method = getattr(connection, "_connect_answer", (None, ""))
    if answer is None or is_sending():
        return _getresponse(connection)
    connection._connect_answer = (None, "")
    reason = http.client.responses.get(answer.status, "")
    lines = [f"HTTP/1.1 {answer.status} {reason}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if method != "HEAD":
        lines.append(f"Content-Length: {len(answer.body)}")
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    response = _response(_Spoken(head + answer.body), method=method)
    response.begin()
    return response


class _Spoken:
    """What is left of a socket over which all has been said."""

    def __init__(self, said: bytes) -> None:
        self._said = said

    def makefile(self, *_: Any) -> BytesIO:
        return BytesIO(self._said)


def kept_raw(answered: Any) -> tuple[tuple[str, str], ...]:
    """Returns the headers of an answer whose body is kept as it was sent."""
    coding = [
        (name, it) for name, it in answered.getheaders() if name.lower() == "content-encoding"
    ]
    return (*kept(answered.getheaders()), *coding)


def _full(connection: Any, url: str) -> str:
    if "://" in url:
        return url
    scheme = "https" if isinstance(connection, http.client.HTTPSConnection) else "http"
    # Through a proxy, the connection itself is to the proxy.
    through = getattr(connection, "_tunnel_host", None)
    host, port = (through, connection._tunnel_port) if through else _at(connection)
    usual = port in (None, connection.default_port)
    return f"{scheme}://{host}{url}" if usual else f"{scheme}://{host}:{port}{url}"


def _at(connection: Any) -> tuple[str, Optional[int]]:
    return connection.host, connection.port
