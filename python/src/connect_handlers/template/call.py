"""A call by HTTP that the project's code makes, whatever library it makes it with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..addresses import shown

READS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Call:
    """A call, with its body as it is sent."""

    method: str
    url: str
    body: bytes = b""
    content_type: str = ""

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing at who is called."""
        return self.method in READS

    @property
    def hash(self) -> str:
        """A hash of the address and the body: what is shown of an address is not all of it.

        What parts the parts of multipart is not in it: that is random.
        """
        body = self.body
        boundary = re.search(r'multipart/.*boundary="?([^";]+)', self.content_type, re.IGNORECASE)
        if boundary:
            body = body.replace(boundary[1].encode(), b"boundary")
        return hashlib.sha256(self.url.encode() + b"\n" + body).hexdigest()[:32]

    @property
    def address(self) -> str:
        """The address as it is shown and recorded."""
        return shown(self.url)

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


def whole(body: Any) -> bytes:
    """Returns a body of any kind as it is sent: text, bytes, a file, or parts."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if hasattr(body, "read"):
        return whole(body.read())
    if isinstance(body, Iterable):
        return b"".join(whole(part) for part in body)
    raise TypeError(f"a body cannot be a {type(body).__name__}")
