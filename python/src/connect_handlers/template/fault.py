"""What is wrong with a project or its settings."""

from __future__ import annotations


class Fault(Exception):
    """The project cannot be run as it is. The text says where that is seen, and the remedy."""
