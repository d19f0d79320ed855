"""The web service of a project that says what is wrong with drafts: `dynamic_validation.py`."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Optional

from ..on import ASSETS, VALIDATION, Kind
from .classes import import_module
from .fault import Fault
from .layout import Layout

#: A web service as WSGI has it.
App = Callable[..., Any]

#: The module of `app` that has it.
MODULE = "dynamic_validation"
#: What it is asked about.
KINDS = tuple(Kind(ASSETS, type, VALIDATION) for type in ("purchase", "change"))
#: What such services are called.
NAMES = ("api", "app", "application")
PATH = "/validate"


@dataclass(frozen=True)
class Service:
    """A web service, and where it validates."""

    app: App
    path: str
    #: Where that is in the project's code.
    place: str


def load(layout: Layout) -> Optional[Service]:
    """Imports the service, if the project has one. Raises `Fault` of what cannot be used."""
    file = layout.file(MODULE)
    if not file.is_file():
        return None
    app = _app(import_module(layout, MODULE), file)
    if not _is_flask(app):
        return Service(app, PATH, str(file))
    # What the code raises is to be seen here, and not only that something was raised.
    if app.config.get("PROPAGATE_EXCEPTIONS") is None:
        app.config["PROPAGATE_EXCEPTIONS"] = True
    rule = _rule(app, file)
    return Service(app, rule.rule, _place(app.view_functions[rule.endpoint], file))


def _app(module: ModuleType, file: Path) -> Any:
    there = {id(it): name for name, it in vars(module).items() if _is_web(it)}
    named = [it for it in (vars(module).get(name) for name in NAMES) if _is_service(it)]
    if named:
        return named[0]
    if len(there) == 1:
        return vars(module)[there.popitem()[1]]
    if there:
        names = ", ".join(there.values())
        raise Fault(f"{file} has more than one web service: {names}. Call the one that counts api")
    raise Fault(f"{file} has no web service: it says `api = Flask(__name__)`, as the template does")


def _is_web(it: Any) -> bool:
    """Returns whether something is a service by its type: `flask.current_app` is none."""
    return callable(getattr(type(it), "wsgi_app", None))


def _is_flask(it: Any) -> bool:
    return _is_web(it) and hasattr(type(it), "add_url_rule")


def _is_service(it: Any) -> bool:
    if _is_web(it):
        return True
    try:
        inspect.signature(it).bind({}, None)
    except (TypeError, ValueError):
        return False
    return inspect.isfunction(it)


def _rule(app: Any, file: Path) -> Any:
    """Returns the route of a Flask service that drafts are sent to."""
    posts = [it for it in app.url_map.iter_rules() if "POST" in (it.methods or ())]
    posts = [it for it in posts if not it.arguments]
    found = [it for it in posts if it.rule.rstrip("/") == PATH] or posts
    if len(found) == 1:
        return found[0]
    routes = ", ".join(it.rule for it in posts) or "none"
    raise Fault(
        f"{file} has no route {PATH} for POST, which is how Connect asks, and not one other "
        f"route that could be meant: it has {routes}. Write @api.route('{PATH}', methods=['POST'])"
    )


def _place(view: Any, file: Path) -> str:
    code = getattr(inspect.unwrap(view), "__code__", None)
    return f"{code.co_filename}, line {code.co_firstlineno}" if code else str(file)
