"""Addresses as they may be shown: secrets are in their queries, or before their hosts."""

from __future__ import annotations

import re

_VALUE = re.compile(r"([?&][^=?&#\s'\"<>]*=)[^&#\s'\"<>)]+")
_USER = re.compile(r"(?<=://)[^/@\s'\"<>]+@")


def shown(text: str) -> str:
    """Returns a text whose addresses show no value of a query, and no user or password."""
    return _VALUE.sub(r"\1…", _USER.sub("…@", text))
