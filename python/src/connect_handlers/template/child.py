"""The fork that runs the project's code."""

from __future__ import annotations

import itertools
import socket
import sys
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NoReturn

from .. import failure
from ..attempt import Attempt
from ..channel import Channel, leave
from ..on import Kind
from ..peer import Peer
from .classes import Process
from .client import client
from .places import Places
from .scope import Scope
from .settings import Settings
from .visit import Visit


@dataclass(frozen=True)
class Program:
    """A project, loaded, and how it is run."""

    folder: Path
    config: dict[str, Any]
    processes: Mapping[Kind, Process]
    scope: Scope
    client_class: Any
    settings: Settings

    @property
    def places(self) -> Places:
        """Connect's addresses, as the project and its settings have them."""
        return Places([self.config.get("connectApiEndpoint"), self.settings.endpoint])


def run(program: Program, to_parent: socket.socket, generation: int) -> NoReturn:
    """Handles what the parent hands over, until the parent is gone."""
    ids = (f"{generation}.{n}" for n in itertools.count(1))
    fd = to_parent.detach()
    peer = Peer(Channel(fd, fd), ids)
    jobs: SimpleQueue[tuple[Any, dict[str, Any]]] = SimpleQueue()

    def listen() -> None:
        peer.listen(lambda number, _method, params: jobs.put((number, params)))
        leave(0)

    threading.Thread(target=listen, daemon=True).start()
    threads = threading.active_count()
    while True:
        number, params = jobs.get()
        _handle(program, peer, number, params)
        if threading.active_count() > threads:
            # Threads that go on would speak for the next request.
            leave(0)


def _handle(program: Program, peer: Peer, number: Any, params: dict[str, Any]) -> None:
    """Handles a request and answers. No exception passes."""

    def stop(error: BaseException) -> NoReturn:
        _say(error)
        _flush()
        peer.refuse(number, failure.of_run(error))
        leave(0)

    try:
        result = _outcome(program, peer, params, stop)
    except BaseException as error:
        _say(error)
        _flush()
        peer.refuse(number, failure.of_run(error))
    else:
        _flush()
        peer.answer(number, result)


def _outcome(program: Program, peer: Peer, params: dict[str, Any], stop: Any) -> dict[str, Any]:
    if not program.scope.has(params["request"]):
        return {"outcome": "skip"}
    process = program.processes[Kind(params["collection"], params["type"])]
    attempt = Attempt(peer, params["run"])
    visit = Visit(attempt, stop, params, program.settings, program.places)
    return visit.run(process, client(program.client_class, program.config), program.folder)


def _say(error: BaseException) -> None:
    """Writes into the log where the code went wrong."""
    cause = error.__cause__
    if cause is not None:
        traceback.print_exception(type(cause), cause, cause.__traceback__)


def _flush() -> None:
    # Once it has answered, this process may be killed.
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
