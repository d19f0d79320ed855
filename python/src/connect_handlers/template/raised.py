"""What is said of an exception of the project's code."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from .. import failure
from ..errors import Outage, TryAgain
from .classes import place


def text_of(error: BaseException, folder: Path) -> str:
    """Returns what is to be read of an exception, with its place in the project."""
    where = place(error, folder)
    return failure.message(error) + (f" ({where})" if where else "")


def to_raise(error: BaseException, text: str, failed: Optional[TryAgain]) -> Exception:
    """Returns what is raised for it: what failed before comes first."""
    if failed is not None:
        return type(failed)(f"{failed}; then the code raised {text}")
    return Outage(text) if failure.is_outage(error) else TryAgain(text)
