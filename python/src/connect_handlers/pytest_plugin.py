"""What this package brings to pytest: a world for a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .world import World


@pytest.fixture
def connect_world(tmp_path: Path) -> Iterator[World]:
    """Connect and the demo vendor, for this test alone. See `connect_handlers.world.World`."""
    with World(tmp_path) as world:
        yield world
