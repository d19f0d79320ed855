"""What the tests share: workers made of a few lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Optional

import pytest
from runtime import Runtime
from template_python import python
from template_stand import Stand

# For a package that is not installed, whose plugin pytest does not find by itself.
from connect_handlers.pytest_plugin import connect_world

__all__ = ["connect_world"]

HEAD = """\
from connect_handlers import *
"""
FOOT = """\
if __name__ == "__main__":
    serve({options})
"""

#: Starts a worker that has the handlers of a text, ready to handle.
Start = Callable[..., Runtime]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Runtime] = []

    def start(
        handlers: str, options: str = "", *, initialize: bool = True, **other: Any
    ) -> Runtime:
        program = tmp_path / "handlers.py"
        program.write_text(HEAD + textwrap.dedent(handlers) + FOOT.format(options=options))
        runtime = Runtime(program, **other)
        started.append(runtime)
        if initialize:
            runtime.initialize()
        return runtime

    yield start
    for runtime in started:
        runtime.close()


@pytest.fixture(params=["35"])
def stand(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stand]:
    """A project of the template's layout, and all that it speaks with."""
    with Stand(tmp_path / "project", python(request.param)) as stand:
        yield stand


#: Starts a worker whose only handler, of resumes, has these lines.
Resume = Callable[..., Runtime]


@pytest.fixture
def resume(start: Start) -> Resume:
    def resume(body: str, options: Optional[str] = None, **other: Any) -> Runtime:
        lines = textwrap.indent(textwrap.dedent(body), "    ")
        return start(f"@on.resume\ndef resume(cx):\n{lines}\n", options or "", **other)

    return resume
