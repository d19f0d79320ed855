"""The classes of a project that process requests."""

from __future__ import annotations

import importlib
import inspect
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Optional

from ..on import ASSETS, TIER_CONFIGS, Kind
from .fault import Fault
from .layout import Layout

#: `process_request(request, client)`.
Process = Callable[[dict[str, Any], Any], Any]

#: The modules of `app`, the classes in them, and the kinds of requests that they process.
MODULES: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "purchase": ("Purchase", (Kind(ASSETS, "purchase"),)),
    "change": ("Change", (Kind(ASSETS, "change"),)),
    "suspend": ("Suspend", (Kind(ASSETS, "suspend"),)),
    "resume": ("Resume", (Kind(ASSETS, "resume"),)),
    "cancel": ("Cancel", (Kind(ASSETS, "cancel"),)),
    "tier_fulfillment": (
        "TierConfiguration",
        tuple(Kind(TIER_CONFIGS, type) for type in ("setup", "update", "adjustment")),
    ),
}

#: What is called of a class.
METHOD = "process_request(request, client)"

INSTALL = "install it into the Python that runs the project, `pip install -r requirements/dev.txt`"
OLDER = "connect-openapi-client has it in its versions below 23"


def load(layout: Layout) -> dict[Kind, Process]:
    """Imports the project. Raises `Fault` of what cannot be imported."""
    _make_importable(layout)
    found: dict[Kind, Process] = {}
    for name, (cls, kinds) in MODULES.items():
        if layout.file(name).is_file():
            process = _process(layout, name, cls)
            found.update((kind, process) for kind in kinds)
    return found


def nothing_to_run(layout: Layout) -> Fault:
    """Returns what is wrong with a project that has nothing to run."""
    names = ", ".join(f"{name}.py" for name in [*MODULES, "dynamic_validation"])
    return Fault(f"{layout.folder / 'app'} has none of {names}: there is nothing to run")


def import_module(layout: Layout, name: str) -> ModuleType:
    """Imports a module of the project's `app`."""
    try:
        return importlib.import_module(layout.module(name))
    except SyntaxError as error:
        raise Fault(f"{error.filename}, line {error.lineno}: {error.msg}") from None
    except ModuleNotFoundError as error:
        missing = error.name or ""
        remedy = OLDER if missing.startswith("cnct.") else INSTALL
        raise Fault(f"{_place(error, layout)}: there is no {missing}: {remedy}") from error
    except BaseException as error:
        raise Fault(f"{_place(error, layout)}: {type(error).__name__}: {error}") from error


def _place(error: BaseException, layout: Layout) -> str:
    return place(error, layout.folder) or str(layout.folder)


def place(error: BaseException, folder: Path) -> Optional[str]:
    """Returns the last place in the project that an exception went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if is_in(Path(frame.filename), folder)]
    return f"{ours[-1].filename}, line {ours[-1].lineno}" if ours else None


def is_in(path: Path, folder: Path) -> bool:
    """Returns whether a file is the project's own, and not one that is installed within it."""
    return path.is_relative_to(folder) and "site-packages" not in path.parts


def project_globals(layout: Layout) -> Any:
    """Returns the project's `Globals`; nothing where it has none."""
    if not layout.file("utils/globals").is_file():
        return None
    return getattr(import_module(layout, "utils.globals"), "Globals", None)


def class_with(layout: Layout, name: str, expected: str, method: str) -> Any:
    """Returns the class of a module that has a method, best the one that is expected there.

    The method is named with its parameters. Raises `Fault` where there is no such class.
    """
    module = import_module(layout, name)
    usable: dict[str, Any] = {
        it.__name__: it
        for it in vars(module).values()
        if inspect.isclass(it)
        and it.__module__ == module.__name__
        and hasattr(it, method.partition("(")[0])
    }
    cls = usable.get(expected) or next(iter(usable.values()), None)
    if cls is None:
        raise Fault(f"{layout.file(name)} has no class {expected} with {method}")
    return cls


def _process(layout: Layout, name: str, expected: str) -> Process:
    file = layout.file(name)
    cls = class_with(layout, name, expected, METHOD)
    # It is called as the project's `processor.py` does, by its class.
    process: Process = cls.process_request
    try:
        inspect.signature(process).bind({}, None)
    except TypeError:
        line = inspect.getsourcelines(process)[1]
        raise Fault(f"{file}, line {line}: process_request does not take request, client") from None
    return process


def _make_importable(layout: Layout) -> None:
    """Lets the project's modules find each other by the names that they use."""
    folder, package = layout.folder, layout.package
    if folder.parts[len(folder.parts) - len(package) :] == package:
        root = folder.parents[len(package) - 1] if package else folder
        sys.path[0:0] = [str(folder), str(root)]
        return
    # It was put elsewhere than its names say.
    sys.path.insert(0, str(folder))
    for depth in range(1, len(package) + 1):
        outer = ModuleType(".".join(package[:depth]))
        outer.__path__ = [str(folder)] if depth == len(package) else []
        sys.modules[outer.__name__] = outer
        if depth > 1:
            setattr(sys.modules[".".join(package[: depth - 1])], package[depth - 1], outer)
