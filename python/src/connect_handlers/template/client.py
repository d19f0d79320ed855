"""The `client` that the project's code gets, of the library that is installed."""

from __future__ import annotations

import functools
import importlib
import sys
from typing import Any

from .fault import Fault
from .places import ENDPOINTS

#: The names of the library, as of its versions below 23, and after.
NAMES = ("cnct", "connect.client")


def client_class() -> Any:
    """Returns the library's `ConnectClient`. Raises `Fault` where there is none.

    Its clients look at no specification of Connect, which they would fetch first.
    """
    why = ""
    for name in NAMES:
        try:
            found = importlib.import_module(name).ConnectClient
        except (ImportError, AttributeError) as error:
            why = "; ".join(filter(None, [why, str(error)]))
            continue
        _use_no_specs(found)
        return found
    raise Fault(
        f"connect-openapi-client cannot be imported by {sys.executable} ({why}): "
        "pip install connect-openapi-client there, or name another Python with --python"
    )


def client(of: Any, config: dict[str, Any]) -> Any:
    """Returns a client, as the project's `processor.py` makes it."""
    key = config.get("connectApiKey") or "ApiKey SU-000-000-000:of-the-runtime"
    return of(api_key=key, endpoint=config.get("connectApiEndpoint") or ENDPOINTS[0])


def _use_no_specs(of: Any) -> None:
    original = of.__init__

    @functools.wraps(original)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        # They come after the key and the endpoint, where they are not named.
        if len(args) > 2:
            original(self, *args[:2], False, *args[3:], **kwargs)
        else:
            original(self, *args, **{**kwargs, "use_specs": False})

    of.__init__ = made
