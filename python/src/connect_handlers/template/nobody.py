"""Processes that the project's code forks: they speak for no request."""

from __future__ import annotations

import ctypes
import signal
from typing import NoReturn

from .call import Call
from .unsent import refuse
from .vendor import BrokenBy, Send

#: As Linux has it in `<linux/prctl.h>`.
_PR_SET_PDEATHSIG = 1


class Nobody:
    """What becomes of the calls of a process that the code has forked."""

    def answer(self, call: Call, send: Send, broken: BrokenBy) -> NoReturn:
        """Refuses them."""
        refuse(
            f"{call}: a process that the code has started calls, and nobody could tell whether it "
            "has called before: call it in the process that process_request runs in"
        )


def die_with_parent() -> None:
    """Has this process killed when the one that forked it ends, where the system can do that."""
    prctl = getattr(_libc, "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


# Loaded before there are forks.
_libc = ctypes.CDLL(None)
