"""The class of a project that reports usage, and the day on which it does."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any, Union

from ..on import Kind
from .classes import class_with, project_globals
from .fault import Fault
from .layout import Layout

#: The module of `app`, the class in it, and what is called of an object of it.
MODULE = "report_usage"
CLASS = "Usage"
METHOD = "process_usage(self)"

#: What the runtime calls it.
KIND = Kind("usage/files", "report", "report")

DAYS = range(1, 32)


@dataclass(frozen=True)
class Report:
    """`Usage(client).process_usage()`, on a day of each month."""

    cls: Any
    day: int

    def to_json(self) -> dict[str, Any]:
        """Returns it as the protocol has it."""
        return {**KIND._asdict(), "day": self.day}

    def run(self, client: Any) -> None:
        """Runs it."""
        self.cls(client).process_usage()


def find(layout: Layout) -> Union[Report, str, None]:
    """Returns the report of a project, or why usage is not reported; nothing where it has none.

    Raises `Fault` of one that cannot be run.
    """
    file = layout.file(MODULE)
    if not file.is_file():
        return None
    day = getattr(project_globals(layout), "DAY_TO_REPORT_USAGE", None)
    if isinstance(day, bool) or not isinstance(day, int) or day not in DAYS:
        return (
            f"usage is not reported: DAY_TO_REPORT_USAGE is {day!r}. "
            "Set it to a day of the month, 1 to 31, where it is to be"
        )
    return Report(_class(layout), day)


def _class(layout: Layout) -> Any:
    file = layout.file(MODULE)
    cls = class_with(layout, MODULE, CLASS, METHOD)
    try:
        inspect.signature(cls).bind(None)
    except TypeError:
        line = inspect.getsourcelines(cls)[1]
        raise Fault(f"{file}, line {line}: {cls.__name__} is not made of a client alone") from None
    return cls
