"""Values that can be kept as JSON, and come back as they were."""

from __future__ import annotations

import math
from typing import Any

from .errors import NotJson

#: How deep a value may be nested.
DEEPEST = 100


def check(value: Any, at: str = "it", depth: int = 0) -> None:
    """Checks that a value is JSON: text, numbers, truth, `None`, and lists and dicts of these.

    Raises `NotJson`, which names the part that is none: also a number that JSON has not, an integer
    of more than 64 bits, a key that is no text, and what is nested too deep.
    """
    if depth > DEEPEST:
        raise NotJson(f"{at[:60]}… is nested more than {DEEPEST} deep")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value, at)
    elif isinstance(value, int):
        if not -(2**63) <= value < 2**64:
            raise NotJson(f"{at} is an integer of more than 64 bits: make it a text")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise NotJson(f"{at} is {value}, which JSON has not")
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            check(item, f"{at}[{place}]", depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotJson(f"{at} has the key {key!r}, which is no text")
            _check_text(key, f"a key of {at}")
            check(item, f"{at}[{key!r}]", depth + 1)
    else:
        raise NotJson(f"{at} is a {type(value).__name__}, which JSON has not")


def _check_text(text: str, at: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotJson(f"{at} is a text that is not Unicode") from None


def plain(text: str, most: int = 4000) -> str:
    """Returns a text that can be sent whatever is in it, and no more of it than is read."""
    text = text.encode(errors="replace").decode()
    return text if len(text) <= most else text[: most - 1] + "…"
