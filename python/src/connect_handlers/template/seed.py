"""Randomness that is the same in each attempt of a visit: calls are known by what they say.

It cannot be guessed: it follows from a number that is drawn once and recorded, the first time that
the code wants something random.
"""

from __future__ import annotations

import random
import secrets
import uuid
from functools import cache
from typing import Any, Callable, Optional

from .talk import Talk

#: Returns what a visit's randomness follows from.
Seed = Callable[[], str]


class Source(random.Random):
    """Random numbers that are seeded when the first of them is drawn."""

    _of: Optional[Seed] = None

    def sow(self, of: Seed) -> None:
        """Begins anew, from a seed that is asked for when it is needed."""
        self._of = of

    def random(self) -> float:
        """Returns a number from 0 to 1."""
        self._begin()
        return super().random()

    def getrandbits(self, k: int) -> int:
        """Returns a number of so many bits."""
        self._begin()
        return super().getrandbits(k)

    def seed(self, *args: Any, **how: Any) -> None:
        """Begins anew, as the code wants it."""
        self._of = None
        super().seed(*args, **how)

    def _begin(self) -> None:
        of = self._of
        if of is not None:
            self.seed(of())


#: What the code's numbers come from, and its ids: drawing one changes nothing of the other.
_numbers, _ids = Source(), Source()


def catch() -> None:
    """Has `random` and `uuid.uuid4` draw from what `sow` sets, for whoever imports them later."""
    before = random._inst
    for name, function in list(vars(random).items()):
        if getattr(function, "__self__", None) is before:
            setattr(random, name, getattr(_numbers, name))
    random._inst = _numbers
    uuid.uuid4 = _uuid4


def sow(of: Seed) -> None:
    """Begins anew with what belongs to a visit."""
    _numbers.sow(lambda: f"numbers {of()}")
    _ids.sow(lambda: f"ids {of()}")


def of_visit(talk: Talk, step: str) -> Seed:
    """Returns the seed of a visit: drawn when it is needed first, and the same in each attempt."""

    @cache
    def seed() -> str:
        earlier = talk.recorded(step)
        if earlier["recorded"]:
            return str(earlier["value"])
        new = drawn()
        talk.record(step, new)
        return new

    return seed


def scatter() -> None:
    """Begins anew with what belongs to nothing: each fork would draw the same otherwise."""
    sow(drawn)


def drawn() -> str:
    """Draws a seed that nobody can guess."""
    return secrets.token_hex(32)


def _uuid4() -> uuid.UUID:
    return uuid.UUID(int=_ids.getrandbits(128), version=4)
