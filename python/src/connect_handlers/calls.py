"""Notes of what is said to the vendor, for people who look at an attempt later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Optional, Union

from .json_value import plain

#: A body that is longer is left out, because one that is cut cannot be searched for secrets.
LONGEST = 64 * 1024

_noted: ContextVar[Optional[list[dict[str, Any]]]] = ContextVar("noted_calls", default=None)


def call_made(
    method: str,
    address: str,
    *,
    status: Optional[int] = None,
    body: Union[str, bytes] = "",
    answer: Union[str, bytes] = "",
    took_ms: int = 0,
) -> None:
    """Notes a call for the step that is taken now: `cnct run show` shows it, without its secrets.

    `status` is `None` where there was no answer. Outside a step, and in threads that a step has
    started, it does nothing.
    """
    noted = _noted.get()
    if noted is None:
        return
    said: dict[str, Any] = {"method": method, "address": address, "status": status}
    said.update(body=_text(body), answer=_text(answer), took_ms=took_ms)
    noted.append(said)


@contextmanager
def noted_calls() -> Iterator[list[dict[str, Any]]]:
    """Collects what `call_made` notes meanwhile."""
    calls: list[dict[str, Any]] = []
    token = _noted.set(calls)
    try:
        yield calls
    finally:
        _noted.reset(token)


def _text(body: Union[str, bytes]) -> str:
    if len(body) > LONGEST:
        return f"{len(body)} bytes"
    return plain(body.decode(errors="replace") if isinstance(body, bytes) else body, LONGEST)
