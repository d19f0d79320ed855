"""The channel between the runtime and this process: one JSON message on a line."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NoReturn, Optional

from .errors import NotJson

#: The longest message, in bytes.
LONGEST = 16 * 1024 * 1024


class BadMessage(Exception):
    """The runtime has sent what cannot be understood."""


class Channel:
    """Messages to and from the runtime, over descriptors that nobody else in this process has."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = os.fdopen(reading, "rb")
        self._writing = writing
        self._turn = threading.Lock()

    def read(self) -> Optional[dict[str, Any]]:
        """Returns the next message, or `None` once the runtime is gone."""
        line = self._reading.readline(LONGEST + 1)
        if not line.endswith(b"\n"):
            if len(line) > LONGEST:
                raise BadMessage(f"a message is longer than {LONGEST} bytes")
            # The runtime died over its last one.
            return None
        return message(line)

    def write(self, message: Mapping[str, Any]) -> None:
        """Sends a message. Ends the process where nobody listens.

        Raises `NotJson` of one that is too long, or has a text that is not Unicode.
        """
        text = json.dumps(message, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        try:
            line = text.encode()
        except UnicodeEncodeError:
            raise NotJson("it has a text that is not Unicode") from None
        if len(line) >= LONGEST:
            raise NotJson(f"it is longer than a message may be, {LONGEST} bytes")
        with self._turn:
            try:
                write_line(self._writing, line)
            except OSError:
                leave(0)


def message(line: bytes) -> dict[str, Any]:
    """Returns the message on a line. Raises `BadMessage` of what is none."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadMessage(f"a message is no JSON: {error}") from None
    if not isinstance(said, dict):
        raise BadMessage("a message is no object")
    return said


def write_line(fd: int, line: bytes) -> None:
    """Writes a line whole. Raises `OSError` where nobody reads."""
    rest = memoryview(line + b"\n")
    while rest:
        rest = rest[os.write(fd, rest) :]


def take_channel() -> Channel:
    """Takes the channel away from the program, see `take_descriptors`."""
    return Channel(*take_descriptors())


def take_descriptors() -> tuple[int, int]:
    """Takes the channel away from the program, so that nothing but messages is ever on it.

    Returns where to read and where to write. What the program prints goes to standard error from
    now on, or where the channel is a socket stays on standard output, and its input is empty.
    """
    reading = os.dup(0)
    if os.environ.get("CONNECT_CHANNEL") == "socket":
        writing = os.dup(0)
    else:
        writing = os.dup(1)
        os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # A line that is printed is in the log at once.
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(line_buffering=True)
    return reading, writing


def leave(code: int) -> NoReturn:
    """Ends the process now, whatever its threads do."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
