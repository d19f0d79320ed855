"""Handlers of CloudBlue Connect requests, run by `cnct run --exec "python3 handlers.py"`."""

from .calls import call_made
from .context import Answer, Context
from .draft import Draft
from .errors import (
    CallError,
    GiveUp,
    MissingParameter,
    NotJson,
    Outage,
    Park,
    StopHandling,
    TryAgain,
)
from .finding import Finding, Findings
from .on import Handler, Handlers, On, Validator, on
from .outcome import (
    Outcome,
    accept,
    approve,
    confirm,
    decided,
    fail,
    ignore,
    inquire,
    reschedule,
    schedule,
    skip,
)
from .worker import serve

__all__ = [
    "Answer",
    "CallError",
    "Context",
    "Draft",
    "Finding",
    "Findings",
    "GiveUp",
    "Handler",
    "Handlers",
    "MissingParameter",
    "NotJson",
    "On",
    "Outage",
    "Outcome",
    "Park",
    "StopHandling",
    "TryAgain",
    "Validator",
    "accept",
    "approve",
    "call_made",
    "confirm",
    "decided",
    "fail",
    "ignore",
    "inquire",
    "on",
    "reschedule",
    "schedule",
    "serve",
    "skip",
]
