"""Calls through `requests`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPMessage
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Callable

from .answer import Answer, cookies, kept
from .call import Call, whole
from .exchange import exchange
from .sending import is_sending, sending


def catch() -> None:
    """Catches what is sent through `requests` from now on. Raises `ImportError` without it."""
    sessions: Any = importlib.import_module("requests.sessions")
    # With its first call it imports this, which each fork would do again.
    importlib.import_module("netrc")
    original = sessions.Session.send

    def send(session: Any, request: Any, **how: Any) -> Any:
        # Redirects and some logins send again from within.
        if is_sending():
            return original(session, request, **how)
        return _answered(original, session, request, how)

    sessions.Session.send = send


def _answered(original: Callable[..., Any], session: Any, request: Any, how: Any) -> Any:
    requests: Any = importlib.import_module("requests")
    call = _call(request)
    hooks = _take_hooks(request, requests)

    def send(headers: Mapping[str, str], repeats: bool) -> Answer:
        request.headers.update(headers)
        with sending(), _retries(session, repeats):
            answered = original(session, request, **{**how, "stream": False})
            content = answered.content
        # Those on the way to it have set cookies, too.
        before = (it for way in answered.history for it in cookies(_headers(way)))
        url = answered.url if answered.url != request.url else ""
        return Answer(answered.status_code, (*before, *kept(_headers(answered))), content, url)

    answer = exchange(call, send, requests.exceptions.ConnectionError)
    response = _response(answer, request, requests)
    requests.cookies.extract_cookies_to_jar(session.cookies, request, response.raw)
    return requests.hooks.dispatch_hook("response", {"response": hooks}, response, **how)


def _headers(answered: Any) -> Any:
    return getattr(answered.raw, "headers", answered.headers).items()


def _call(request: Any) -> Call:
    request.body = whole(request.body) or None
    if request.headers.pop("Transfer-Encoding", None):
        request.headers["Content-Length"] = str(len(request.body or b""))
    kind = request.headers.get("Content-Type", "")
    kind = kind.decode() if isinstance(kind, bytes) else kind
    return Call(request.method.upper(), request.url, request.body or b"", kind)


def _take_hooks(request: Any, requests: Any) -> list[Any]:
    """Takes the code's own hooks, which see an answer from the record, too."""
    hooks = request.hooks.get("response") or []
    of_logins = [
        it for it in hooks if isinstance(getattr(it, "__self__", None), requests.auth.AuthBase)
    ]
    request.hooks["response"] = of_logins
    return [it for it in hooks if it not in of_logins]


@contextmanager
def _retries(session: Any, allowed: bool) -> Iterator[None]:
    """Switches off urllib3's own retries where a call must not be repeated.

    A call that is redirected may go on through another adapter.
    """
    adapters = [it for it in session.adapters.values() if hasattr(it, "max_retries")]
    retries = [(it, it.max_retries) for it in (() if allowed else adapters)]
    for adapter, before in retries:
        adapter.max_retries = type(before)(0, read=False)
    try:
        yield
    finally:
        for adapter, before in retries:
            adapter.max_retries = before


def _response(answer: Answer, request: Any, requests: Any) -> Any:
    urllib3: Any = importlib.import_module("urllib3")
    response = requests.Response()
    response.status_code = answer.status
    response.url = answer.url or request.url
    response.request = request
    response._content = answer.body
    response._content_consumed = True
    response.raw = urllib3.HTTPResponse(
        body=BytesIO(answer.body),
        headers=answer.headers,
        status=answer.status,
        preload_content=False,
    )
    # Where cookies are read from.
    message = HTTPMessage()
    for name, value in answer.headers:
        message.add_header(name, value)
    response.raw._original_response = SimpleNamespace(msg=message, isclosed=lambda: True)
    response.headers = requests.structures.CaseInsensitiveDict(response.raw.headers)
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    response.reason = requests.status_codes._codes.get(answer.status, ("",))[0].replace("_", " ")
    requests.cookies.extract_cookies_to_jar(response.cookies, request, response.raw)
    return response
