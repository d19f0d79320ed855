"""Whether a call that broke was sent at all."""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Iterator
from typing import NoReturn

from .sending import has_sent

#: What libraries call it when there was no connection to send anything over.
NO_CONNECTION = frozenset(
    ["ConnectTimeout", "ConnectTimeoutError", "NewConnectionError", "NameResolutionError"]
)


def is_unsent(error: BaseException) -> bool:
    """Returns whether a call broke before anything of it was sent, for certain.

    Where it was redirected, what cannot be reached may be the place that its answer leads to.
    """
    if any(isinstance(cause, (NotCovered, NotSent)) for cause in _causes(error)):
        return True
    return not has_sent() and any(_is_no_connection(cause) for cause in _causes(error))


def _is_no_connection(error: BaseException) -> bool:
    if isinstance(error, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)):
        return True
    return type(error).__name__ in NO_CONNECTION


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        yield cause
        cause = cause.__cause__ or cause.__context__


class NotSent(Exception):
    """A call of Connect that has not happened, for certain."""


class NotCovered(RuntimeError):
    """A connection that is not made in a way that is caught; it was refused."""


def refuse(why: str) -> NoReturn:
    """Raises `NotCovered`, and says so in the log: whoever connects may wrap it, or swallow it."""
    print(why, file=sys.stderr, flush=True)
    raise NotCovered(why)
