"""Where a project has what: the layout of the template, and of its worked example."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from .fault import Fault

PROCESSOR = "processor.py"
CONFIG = "config.json"
LIKE_THE_TEMPLATE = f"a folder with {PROCESSOR}, {CONFIG} and app/, as the template makes it"


@dataclass(frozen=True)
class Layout:
    """A project's parts."""

    #: The folder with `processor.py` and `config.json`. The code runs in it.
    folder: Path
    #: The name by which the code imports that folder; none where it imports `app` by itself.
    package: tuple[str, ...]
    config: dict[str, Any]

    def module(self, name: str) -> str:
        """Returns the full name of a module of the project's `app`."""
        return ".".join([*self.package, "app", name])

    def file(self, name: str) -> Path:
        """Returns the file of a module of the project's `app`."""
        return self.folder / "app" / f"{name}.py"


def find(project: Path) -> Layout:
    """Finds the parts of a project. Raises `Fault` of one that is laid out in another way."""
    if not project.is_dir():
        raise Fault(f"{project} is no folder: name the project's, {LIKE_THE_TEMPLATE}")
    folder = _folder(project.resolve())
    return Layout(folder, _package(folder), _config(folder / CONFIG))


def _folder(project: Path) -> Path:
    below = sorted(path for path in project.iterdir() if path.is_dir())
    found = [path for path in [project, *below] if (path / PROCESSOR).is_file()]
    if not found:
        raise Fault(f"{project} has no {PROCESSOR}, nor has a folder in it: {LIKE_THE_TEMPLATE}")
    if len(found) > 1:
        names = ", ".join(str(path) for path in found)
        raise Fault(f"{project} has more than one {PROCESSOR}: name one of {names}")
    folder = found[0]
    if not (folder / CONFIG).is_file():
        raise Fault(f"{folder} has no {CONFIG}: the project's code reads it from there")
    if not (folder / "app").is_dir():
        raise Fault(f"{folder} has no folder app: its purchase.py and others are looked for there")
    return folder


def _config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text())
    except ValueError as error:
        raise Fault(f"{path} is no JSON: {error}") from None
    if not isinstance(config, dict):
        raise Fault(f"{path} is no JSON object: it has connectApiEndpoint and connectApiKey")
    return config


def _package(folder: Path) -> tuple[str, ...]:
    """Finds how the project's modules name each other, from what `processor.py` imports."""
    for name in _imported(parsed(folder / PROCESSOR)):
        parts = name.split(".")
        if "app" in parts:
            return tuple(parts[: parts.index("app")])
    where = folder / PROCESSOR
    raise Fault(f"{where} imports nothing of app: it says `from {folder.name}.app… import …`")


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Call):
            yield from _by_call(node)


def _by_call(node: ast.Call) -> Iterator[str]:
    """`__import__("connect_processor.app", …)`."""
    named = isinstance(node.func, ast.Name) and node.func.id == "__import__"
    first: Optional[ast.expr] = node.args[0] if node.args else None
    if named and isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value


def parsed(path: Path) -> ast.Module:
    """Parses a file of the project. Raises `Fault` with the line of what is no Python."""
    try:
        return ast.parse(path.read_bytes(), str(path))
    except SyntaxError as error:
        raise Fault(f"{path}, line {error.lineno}: {error.msg}") from None
    except ValueError as error:
        raise Fault(f"{path} is no Python: {error}") from None
