"""Randomness that is the same in each attempt of a run: calls are known by what they say."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from typing import Any

_source = random.Random()


def catch() -> None:
    """Has `uuid.uuid4` draw from what `sow` sets."""
    uuid.uuid4 = _uuid4


def sow(request: Mapping[str, Any]) -> None:
    """Begins anew with what belongs to a visit of a request.

    A request that comes back from an inquiry is pending since another moment.
    """
    pending = ((request.get("events") or {}).get("pending") or {}).get("at")
    visit = f"{request.get('id')} {pending}"
    random.seed(visit)
    _source.seed(visit)


def scatter() -> None:
    """Begins anew with what belongs to nothing: each fork would draw the same otherwise."""
    random.seed()
    _source.seed()


def _uuid4() -> uuid.UUID:
    return uuid.UUID(int=_source.getrandbits(128), version=4)
