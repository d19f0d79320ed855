"""A call of a web service in this process, by WSGI."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

from .answer import Answer
from .service import App


def post(app: App, path: str, body: bytes) -> Answer:
    """Posts JSON to a service, and returns its answer whole. Raises what it raises."""
    said: list[Any] = []
    written: list[bytes] = []

    def start(status: str, headers: Any, *_: Any) -> Any:
        said[:] = [status, headers]
        return written.append

    parts = app(_environ(path, body), start)
    try:
        content = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    if not said:
        raise RuntimeError("the service returned without start_response")
    status, headers = said
    return Answer(int(status.split(" ")[0]), tuple(headers), b"".join(written) + content)


def _environ(path: str, body: bytes) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_ACCEPT": "application/json",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multiprocess": True,
    }
    setup_testing_defaults(environ)
    return environ
