"""Messages that are passed on, one on a line, between the runtime and the fork."""

from __future__ import annotations

import os
from typing import Optional

from ..channel import LONGEST, BadMessage


class Lines:
    """Reads what is there, and gives each line once it is whole."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._rest = bytearray()

    def read(self) -> Optional[list[bytes]]:
        """Reads once, and returns the lines that are whole; `None` at the end."""
        try:
            some = os.read(self.fd, 1 << 16)
        except ConnectionResetError:
            some = b""
        if not some:
            return None
        self._rest += some
        if b"\n" not in some:
            if len(self._rest) > LONGEST:
                raise BadMessage(f"a message is longer than {LONGEST} bytes")
            return []
        *lines, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        return [bytes(line) for line in lines]
