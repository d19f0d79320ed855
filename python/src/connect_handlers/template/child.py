"""The fork that runs the project's code."""

from __future__ import annotations

import itertools
import os
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NoReturn, Optional, Union

from .. import failure
from ..addresses import shown
from ..attempt import Attempt
from ..channel import Channel, leave
from ..on import Kind
from ..peer import Peer
from .classes import Process
from .client import client
from .exchange import set_way
from .nobody import Nobody, die_with_parent
from .places import Places
from .question import Question
from .report import KIND as REPORT
from .report import Report
from .report_visit import ReportVisit
from .scope import Scope
from .service import KINDS, Service
from .settings import Settings
from .visit import Visit

#: Tells the parent that with the next answer this process comes to its end.
LAST = "last"


@dataclass(frozen=True)
class Program:
    """A project, loaded, and how it is run."""

    folder: Path
    config: dict[str, Any]
    processes: Mapping[Kind, Process]
    scope: Scope
    client_class: Any
    settings: Settings
    service: Optional[Service] = None
    #: The report of usage, or why there is none.
    report: Union[Report, str, None] = None

    @property
    def kinds(self) -> list[Kind]:
        """What it handles."""
        kinds = [*self.processes, *(KINDS if self.service is not None else ())]
        return [*kinds, REPORT] if isinstance(self.report, Report) else kinds

    @property
    def places(self) -> Places:
        """Connect's addresses, as the project and its settings have them."""
        return Places([self.config.get("connectApiEndpoint"), self.settings.endpoint])


def run(program: Program, to_parent: socket.socket, generation: int) -> NoReturn:
    """Handles what the parent hands over, until the parent is gone."""
    ids = (f"{generation}.{n}" for n in itertools.count(1))
    fd = to_parent.detach()
    peer = Peer(Channel(fd, fd), ids)
    jobs: SimpleQueue[tuple[Any, str, dict[str, Any]]] = SimpleQueue()

    def listen() -> None:
        # A parent that was killed breaks off, too.
        with suppress(Exception):
            peer.listen(lambda *call: jobs.put(call))
        leave(0)

    threading.Thread(target=listen, daemon=True).start()
    os.register_at_fork(after_in_child=lambda: _be_nobody(fd))
    threads = threading.active_count()
    while True:
        _handle(program, peer, jobs.get(), threads)


def _be_nobody(fd: int) -> None:
    """Has a process that the code has forked speak for no request, and end with this one."""
    os.close(fd)
    set_way(Nobody())
    die_with_parent()


def _handle(
    program: Program, peer: Peer, call: tuple[Any, str, dict[str, Any]], threads: int
) -> None:
    """Handles a request, or validates a draft, and answers. No exception passes."""
    number, method, params = call

    def stop(error: BaseException) -> NoReturn:
        _log(error)
        peer.notify(LAST, {})
        peer.refuse(number, failure.of_run(error))
        leave(0)

    try:
        work = _findings if method == "validate" else _outcome
        result, error = work(program, peer, params, stop), None
    except BaseException as raised:
        result, error = {}, raised
    _log(error)
    if threading.active_count() > threads:
        # Threads that go on would speak for the next request.
        peer.notify(LAST, {})
    if error is None:
        peer.answer(number, result)
    else:
        peer.refuse(number, failure.of_run(error))


def _outcome(program: Program, peer: Peer, params: dict[str, Any], stop: Any) -> dict[str, Any]:
    if isinstance(program.report, Report) and params.get("kind") == REPORT.kind:
        report_visit = ReportVisit(
            Attempt(peer, params["run"]), stop, params, program.settings, program.places
        )
        made = client(program.client_class, program.config)
        return report_visit.run(program.report, made, program.folder)
    if not program.scope.has(params["request"]):
        return {"outcome": "skip"}
    process = program.processes[Kind(params["collection"], params["type"])]
    attempt = Attempt(peer, params["run"])
    visit = Visit(attempt, stop, params, program.settings, program.places)
    return visit.run(process, client(program.client_class, program.config), program.folder)


def _findings(program: Program, peer: Peer, params: dict[str, Any], stop: Any) -> dict[str, Any]:
    assert program.service is not None
    question = Question(Attempt(peer, params["run"]), stop, program.places)
    return question.run(program.service, params["request"], program.folder)


def _log(error: Optional[BaseException]) -> None:
    """Has all in the log before the answer, after which this process may be killed."""
    cause = None if error is None else error.__cause__
    if cause is not None:
        trace = traceback.format_exception(type(cause), cause, cause.__traceback__)
        sys.stderr.write(shown("".join(trace)))
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
