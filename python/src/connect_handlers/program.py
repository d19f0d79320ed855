"""Where `cnct` is, the program that runs handlers."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


class NoProgram(Exception):
    """`cnct` is nowhere to be found."""

    def __init__(self) -> None:
        super().__init__(
            "there is no cnct beside this Python or on PATH: install connect-processor, "
            "or say where it is in the variable CNCT"
        )


def cnct() -> str:
    """Returns the path of `cnct`: of `CNCT`, else beside this Python, else on `PATH`."""
    named = os.environ.get("CNCT")
    if named:
        return named
    beside = str(Path(sys.executable).parent)
    found = shutil.which("cnct", path=beside) or shutil.which("cnct")
    if found is None:
        raise NoProgram
    return found
