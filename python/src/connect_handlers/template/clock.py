"""The clock of a report: it stands at the moment at which the report was due.

The project's modules see it in place of the system's, in each attempt of the run, whenever that
is. Other modules keep the system's clock. Only `sleep` moves it on, so that who waits in a loop
comes to an end.
"""

from __future__ import annotations

import builtins
import datetime as _datetime
import os
import sys
import time as _time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Optional

UTC = _datetime.timezone.utc

#: Says whether a module's file is the project's own.
IsOwn = Callable[[Path], bool]


class Clock:
    """A clock that stands."""

    def __init__(self, at: _datetime.datetime) -> None:
        self.seconds = at.timestamp()

    def now(self, tz: Optional[_datetime.tzinfo] = None) -> _datetime.datetime:
        """Returns what it shows: in UTC without saying so, unless a time zone is named."""
        shown = _datetime.datetime.fromtimestamp(self.seconds, tz or UTC)
        return shown if tz is not None else shown.replace(tzinfo=None)

    def sleep(self, seconds: float) -> None:
        """Waits, and moves on."""
        _time.sleep(seconds)
        self.seconds += seconds


def parsed(moment: str) -> _datetime.datetime:
    """Reads a moment as the runtime writes it."""
    # Before Python 3.11 a `Z` was not understood.
    return _datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))


@contextmanager
def standing(moment: str, is_own: IsOwn) -> Iterator[None]:
    """Has the project's modules see a moment as the present, meanwhile. Local time is UTC."""
    clock = Clock(parsed(moment))
    modules = {"datetime": _dates(clock), "time": _times(clock)}
    instead: dict[int, Any] = {}
    for name, module in modules.items():
        original = sys.modules[name]
        instead[id(original)] = module
        for part, value in vars(module).items():
            if getattr(original, part, value) is not value:
                instead[id(getattr(original, part))] = value
    replaced = _replace(instead, is_own)
    imports = builtins.__import__
    builtins.__import__ = _importing(imports, modules, is_own)
    zone = _set_zone("UTC")
    try:
        yield
    finally:
        _set_zone(zone)
        builtins.__import__ = imports
        for module, name, value in replaced:
            setattr(module, name, value)


def _replace(instead: dict[int, Any], is_own: IsOwn) -> list[tuple[ModuleType, str, Any]]:
    """Replaces what the project's modules have imported. Returns what was there."""
    replaced = []
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not is_own(Path(file)):
            continue
        for name, value in list(vars(module).items()):
            if id(value) in instead and not name.startswith("__"):
                replaced.append((module, name, value))
                setattr(module, name, instead[id(value)])
    return replaced


def _importing(imports: Any, modules: dict[str, ModuleType], is_own: IsOwn) -> Any:
    """Returns what imports within functions, and in modules that are imported late."""

    def import_(name: str, globals: Any = None, *how: Any, **named: Any) -> Any:
        found = imports(name, globals, *how, **named)
        file = (globals or {}).get("__file__")
        if name in modules and isinstance(file, str) and is_own(Path(file)):
            return modules[name]
        return found

    return import_


def _set_zone(zone: Optional[str]) -> Optional[str]:
    """Sets the time zone of this process, and returns what it was."""
    before = os.environ.pop("TZ", None)
    if zone is not None:
        os.environ["TZ"] = zone
    _time.tzset()
    return before


def _dates(clock: Clock) -> ModuleType:
    """Returns the module `datetime` with this clock."""
    return _copy(
        _datetime,
        datetime=_like(
            _datetime.datetime,
            now=lambda _, tz=None: clock.now(tz),
            today=lambda _: clock.now(),
            utcnow=lambda _: clock.now(),
        ),
        date=_like(_datetime.date, today=lambda _: clock.now().date()),
    )


def _times(clock: Clock) -> ModuleType:
    """Returns the module `time` with this clock."""

    def at(seconds: Optional[float]) -> float:
        return clock.seconds if seconds is None else seconds

    def tuple_(it: Any) -> Any:
        return _time.gmtime(clock.seconds) if it is None else it

    return _copy(
        _time,
        time=lambda: clock.seconds,
        time_ns=lambda: int(clock.seconds * 10**9),
        gmtime=lambda seconds=None: _time.gmtime(at(seconds)),
        localtime=lambda seconds=None: _time.localtime(at(seconds)),
        ctime=lambda seconds=None: _time.ctime(at(seconds)),
        asctime=lambda it=None: _time.asctime(tuple_(it)),
        strftime=lambda format, it=None: _time.strftime(format, tuple_(it)),
        sleep=clock.sleep,
    )


def _copy(module: ModuleType, **parts: Any) -> ModuleType:
    copied = ModuleType(module.__name__, module.__doc__)
    vars(copied).update({**vars(module), **parts})
    return copied


class _Like(type):
    """What is one of the original is one of its likeness."""

    _original: type

    def __instancecheck__(cls, it: Any) -> bool:
        return isinstance(it, cls._original)

    def __subclasscheck__(cls, it: type) -> bool:
        return issubclass(it, cls._original)


def _like(original: Any, **methods: Callable[..., Any]) -> Any:
    """Returns a class that makes what another one makes, with some class methods of its own."""

    def new(cls: Any, *args: Any, **kwargs: Any) -> Any:
        return (original if cls is likeness else cls.__base__).__new__(
            original if cls is likeness else cls, *args, **kwargs
        )

    parts: dict[str, Any] = {name: classmethod(method) for name, method in methods.items()}
    parts.update(__new__=new, __module__=original.__module__, _original=original)
    likeness: Any = _Like(original.__name__, (original,), parts)
    return likeness
