"""A request before it is one, as a validator sees it."""

from __future__ import annotations

from typing import Any, Optional

from .attempt import Attempt
from .context import Connect


class Draft:
    """A draft, or an inquired request with the answers that are about to be sent.

    It was not ordered: nothing may be done for it, so it takes no steps.
    """

    def __init__(self, attempt: Attempt, params: dict[str, Any]) -> None:
        self._attempt = attempt
        #: The request as it would be.
        self.request: dict[str, Any] = params["request"]
        #: Connect, to read there.
        self.connect = Connect(attempt)

    def parameter(self, id: str) -> Optional[str]:
        """Returns the value of a parameter, or `None` where it has none yet."""
        of = self.request.get("asset", self.request)
        for parameter in of.get("params") or []:
            if parameter.get("id") == id and parameter.get("value"):
                return str(parameter["value"])
        return None

    def log(self, message: str, level: str = "info") -> None:
        """Writes a line into the runtime's log: of `debug`, `info`, `warn` or `error`."""
        self._attempt.tell("log", level=level, message=message)
