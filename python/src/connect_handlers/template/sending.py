"""Whether this thread sends a call that was caught, and whether anything of it has left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Sending(threading.local):
    depth = 0
    has_sent = False


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


def note_sent() -> None:
    """Notes that something of the call has left: whatever breaks later, it may have happened."""
    _sending.has_sent = True


def has_sent() -> bool:
    """Returns whether anything of this thread's last call has left."""
    return _sending.has_sent
