"""Exceptions in the words of the protocol."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from typing import Any, Optional

from .addresses import shown
from .errors import GiveUp, Outage, Park, StopHandling, TryAgain
from .json_value import plain

TRY_AGAIN = -32000
PARK = -32001
GIVE_UP = -32002
OUTAGE = -32003

#: What is raised on purpose, and needs no traceback.
MEANT = (GiveUp, Park, TryAgain, StopHandling)

#: The most of an exception's text that is looked at.
LONGEST = 64 * 1024

#: How far back the causes of an exception are looked at.
FURTHEST = 20


def message(error: BaseException) -> str:
    """Returns what is to be read of an exception: its text, with its type unless it was meant.

    Libraries have addresses in their exceptions, and secrets are in those.
    """
    text = shown(str(error)[:LONGEST])
    if isinstance(error, SystemExit):
        return f"SystemExit: sys.exit({error.code!r}) is no outcome"
    if isinstance(error, MEANT) and text:
        return plain(text)
    for first in _grouped(error)[:1]:
        # A group says how many there are, and not what.
        text = f"{text}: {message(first)}"
    name = type(error).__name__
    return plain(f"{name}: {text}" if text else name)


def of_run(error: BaseException) -> dict[str, Any]:
    """Returns the error that answers `handle` and `undo`."""
    said: dict[str, Any] = {"code": _code(error), "message": message(error)}
    if isinstance(error, TryAgain) and error.after is not None:
        said["data"] = {"after": error.after}
    return said


def of_step(error: BaseException) -> dict[str, Any]:
    """Returns what `step.failed` says."""
    said: dict[str, Any] = {"message": message(error)}
    if isinstance(error, TryAgain) and error.after is not None:
        said["after"] = error.after
    if is_outage(error):
        said["outage"] = True
    return said


def is_outage(error: BaseException) -> bool:
    """Returns whether an exception says that the vendor is down.

    So does one that was raised because a connection was refused, was lost, or took too long,
    whatever the library that made the call has made of it.
    """
    if isinstance(error, MEANT):
        return isinstance(error, Outage)
    grouped = _grouped(error)
    if grouped:
        return all(is_outage(it) for it in grouped)
    return any(_is_broken(cause) for cause in _causes(error))


def _grouped(error: BaseException) -> list[BaseException]:
    """Returns the exceptions of a group, as `asyncio` and `httpx.AsyncClient` raise them."""
    grouped = getattr(error, "exceptions", None)
    if not isinstance(grouped, (list, tuple)):
        return []
    return [it for it in grouped if isinstance(it, BaseException) and it is not error]


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: Optional[BaseException] = error
    for _ in range(FURTHEST):
        if cause is None:
            return
        yield cause
        hidden = cause.__suppress_context__
        cause = cause.__cause__ or (None if hidden else cause.__context__)


def _is_broken(error: BaseException) -> bool:
    # Before Python 3.10 a socket's time-out was no `TimeoutError`.
    if isinstance(error, (ConnectionError, TimeoutError, socket.timeout)):
        return True
    return isinstance(error, OSError) and error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH)


def _code(error: BaseException) -> int:
    if isinstance(error, Park):
        return PARK
    if isinstance(error, GiveUp):
        return GIVE_UP
    return OUTAGE if is_outage(error) else TRY_AGAIN
