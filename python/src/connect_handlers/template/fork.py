"""A fork of this process, which runs the project's code."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Optional

from ..channel import write_line
from . import child
from .lines import Lines


class Fork:
    """A fork, and the messages to and from it."""

    def __init__(self, program: child.Program, number: int, closed: Iterable[int]) -> None:
        """Makes one, in which the descriptors are closed that are none of its business."""
        self.number = number
        #: The call to `handle` that it is to answer.
        self.handle: Optional[dict[str, Any]] = None
        #: Whether it ends with its next answer.
        self.is_last = not program.settings.reuse
        ours, theirs = socket.socketpair()
        # What is not written yet would be written by both.
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                ours.close()
                for fd in set(closed):
                    os.close(fd)
                child.run(program, theirs, number)
            finally:
                os._exit(1)
        theirs.close()
        self._ours = ours
        self._lines = Lines(ours.fileno())

    @property
    def fd(self) -> int:
        """Where there is something to read when it has said something."""
        return self._lines.fd

    def read(self) -> Optional[list[bytes]]:
        """Returns what it says, in lines; `None` once it is gone."""
        return self._lines.read()

    def write(self, line: bytes) -> None:
        """Says something to it, if it is there."""
        with suppress(OSError):
            write_line(self.fd, line)

    def end(self) -> str:
        """Ends it, unless it has ended, and returns how it did."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        _, status = os.waitpid(self._pid, 0)
        self._ours.close()
        if os.WIFSIGNALED(status):
            return f"it was killed by signal {os.WTERMSIG(status)}"
        return f"it exited with status {os.WEXITSTATUS(status)}"
