"""`python -m connect_handlers.template PROJECT`, which `cnct run --template PROJECT` starts."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

from .. import failure
from ..channel import leave, take_descriptors
from . import (
    classes,
    guard,
    layout,
    report,
    scope,
    seed,
    service,
    settings,
    through_http,
    through_httpx,
    through_requests,
)
from .child import Program
from .client import client_class
from .fault import Fault
from .parent import Parent

BY_HAND = "this is the worker of cnct run --template PROJECT: run that"


def main() -> None:
    """Serves a project to the runtime; never returns."""
    if len(sys.argv) != 2 or "CONNECT_CHANNEL" not in os.environ:
        sys.exit(BY_HAND)
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets come in the same order in each attempt then.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", __package__ or "", *sys.argv[1:]])
    # Ctrl-C is for the runtime, which lets its workers end.
    signal.signal(signal.SIGINT, lambda *_: None)
    channel = take_descriptors()
    try:
        program = _load(Path(sys.argv[1]))
    except Fault as fault:
        print(f"cnct run --template: {fault}", file=sys.stderr)
        leave(1)
    # What is there now need not be copied for a fork.
    gc.freeze()
    try:
        Parent(program, channel).serve()
    except (BrokenPipeError, ConnectionResetError):
        leave(0)
    except Exception as error:
        print(f"the runtime cannot be understood: {failure.message(error)}", file=sys.stderr)
        leave(1)
    leave(0)


def _load(project: Path) -> Program:
    stated = settings.read(os.environ.get(settings.VARIABLE, ""))
    parts = layout.find(project)
    _catch()
    of = client_class()
    os.chdir(parts.folder)
    processes = classes.load(parts)
    known, reports, validates = scope.read(parts), report.find(parts), service.load(parts)
    if not processes and validates is None and not isinstance(reports, report.Report):
        raise classes.nothing_to_run(parts)
    return Program(parts.folder, parts.config, processes, known, of, stated, validates, reports)


def _catch() -> None:
    """Catches all that the code will say by HTTP. What it imports has to be caught first."""
    through_http.catch()
    try:
        through_requests.catch()
    except ImportError:
        raise Fault(f"there is no requests: {classes.INSTALL}") from None
    through_httpx.catch()
    seed.catch()
    guard.refuse_others()


if __name__ == "__main__":
    main()
