"""Whether this thread sends a call that was caught, and whether anything of it has left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable, Optional

#: What is done before anything of a call leaves.
Before = Callable[[], None]


class _Sending(threading.local):
    depth = 0
    has_sent = False
    before: Optional[Before] = None


_sending = _Sending()


@contextmanager
def sending() -> Iterator[None]:
    """Lets this thread connect meanwhile: what is sent was caught."""
    if _sending.depth == 0:
        _sending.has_sent = False
    _sending.depth += 1
    try:
        yield
    finally:
        _sending.depth -= 1


def is_sending() -> bool:
    """Returns whether this thread sends what was caught."""
    return _sending.depth > 0


@contextmanager
def before_sending(do: Optional[Before]) -> Iterator[None]:
    """Has something done meanwhile, once, before anything of a call leaves."""
    _sending.before = do
    try:
        yield
    finally:
        _sending.before = None


def prepare() -> None:
    """Does what is to be done before anything of the call leaves."""
    before, _sending.before = _sending.before, None
    if before is not None:
        before()


def note_sent() -> None:
    """Notes that something of the call leaves: whatever breaks later, it may have happened."""
    prepare()
    _sending.has_sent = True


def has_sent() -> bool:
    """Returns whether anything of this thread's last call has left."""
    return _sending.has_sent
