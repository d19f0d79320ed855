"""Exceptions in the words of the protocol."""

from __future__ import annotations

from typing import Any

from .errors import GiveUp, Outage, Park, StopHandling, TryAgain
from .json_value import plain

TRY_AGAIN = -32000
PARK = -32001
GIVE_UP = -32002
OUTAGE = -32003

#: What is raised on purpose, and needs no traceback.
MEANT = (GiveUp, Park, TryAgain, StopHandling)


def message(error: BaseException) -> str:
    """Returns what is to be read of an exception: its text, with its type unless it was meant."""
    text = str(error)
    if isinstance(error, SystemExit):
        return f"SystemExit: sys.exit({error.code!r}) is no outcome"
    if isinstance(error, MEANT) and text:
        return plain(text)
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
    if isinstance(error, Outage):
        said["outage"] = True
    return said


def _code(error: BaseException) -> int:
    if isinstance(error, Park):
        return PARK
    if isinstance(error, GiveUp):
        return GIVE_UP
    if isinstance(error, Outage):
        return OUTAGE
    return TRY_AGAIN
