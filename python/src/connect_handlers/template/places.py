"""Which addresses are Connect's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Optional
from urllib.parse import urlsplit

#: Where Connect is, and was. The code of a project may name any of them.
ENDPOINTS = (
    "https://api.connect.cloudblue.com/public/v1",
    "https://api.connect.cloud.im/public/v1",
    "https://api.cnct.info/public/v1",
)


class Places:
    """Connect's addresses, with those that a project and its settings name."""

    def __init__(self, named: Iterable[Optional[str]]) -> None:
        self._endpoints = [_parts(url) for url in [*(it for it in named if it), *ENDPOINTS]]

    def path(self, url: str) -> Optional[str]:
        """Returns the path below Connect's endpoint, with its query, of an address of Connect's."""
        host, path = _parts(url)
        query = urlsplit(url).query
        for at, below in self._endpoints:
            if host == at and (path == below or path.startswith(f"{below}/")):
                return path[len(below) :].lstrip("/") + (f"?{query}" if query else "")
        # What is beside the endpoint, Connect itself refuses.
        if any(host == _parts(endpoint)[0] for endpoint in ENDPOINTS):
            return path.lstrip("/")
        return None


def _parts(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"{parts.hostname}:{parts.port or usual}"
    return host, parts.path.rstrip("/")
