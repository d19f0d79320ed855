"""Calls through `httpx.Client`, where `httpx` is installed."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Callable

from .answer import Answer, cookies, kept
from .call import Call
from .exchange import exchange
from .sending import is_sending, note_sent, prepare, sending


def catch() -> None:
    """Catches what is sent through `httpx.Client` from now on, if there is such a thing."""
    with suppress(ImportError):
        httpx: Any = importlib.import_module("httpx")
        original = httpx.Client.send

        def send(client: Any, request: Any, **how: Any) -> Any:
            if is_sending():
                return original(client, request, **how)
            return _answered(httpx, original, client, request, how)

        httpx.Client.send = send
        _note_what_is_sent(httpx)


def _note_what_is_sent(httpx: Any) -> None:
    original = httpx.HTTPTransport.handle_request

    def handle_request(transport: Any, request: Any) -> Any:
        # When it connects is not seen.
        prepare()
        try:
            answered = original(transport, request)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise
        except BaseException:
            note_sent()
            raise
        note_sent()
        return answered

    httpx.HTTPTransport.handle_request = handle_request


def _answered(httpx: Any, original: Callable[..., Any], client: Any, request: Any, how: Any) -> Any:
    body = request.read()
    kind = request.headers.get("Content-Type", "")
    call = Call(request.method.upper(), str(request.url), body, kind)

    def send(headers: Mapping[str, str], _repeats: bool) -> Answer:
        request.headers.update(headers)
        with sending():
            answered = original(client, request, **{**how, "stream": False})
        url = str(answered.url) if answered.url != request.url else ""
        # Those on the way to it have set cookies, too.
        ways = (way.headers.multi_items() for way in answered.history)
        before = (it for headers in ways for it in cookies(headers))
        headers_of = (*before, *kept(answered.headers.multi_items()))
        return Answer(answered.status_code, headers_of, answered.content, url)

    answer = exchange(call, send, httpx.ConnectError)
    at = httpx.Request(request.method, answer.url) if answer.url else request
    response = httpx.Response(
        answer.status, headers=list(answer.headers), content=answer.body, request=at
    )
    response.elapsed = timedelta()
    client.cookies.extract_cookies(response)
    return response
