"""Which function handles which requests: `@on.purchase`, `@on.tier_config.setup`, …"""

from __future__ import annotations

import inspect
from typing import Any, Callable, NamedTuple, Optional, TypeVar

from .context import Context
from .draft import Draft
from .finding import Findings
from .outcome import Outcome

#: A handler: it gets a request and says what becomes of it.
Handler = Callable[[Context], Outcome]
H = TypeVar("H", bound=Handler)
#: A validator: it gets a draft and says what is wrong with it.
Validator = Callable[[Draft], Findings]
V = TypeVar("V", bound=Validator)

ASSETS = "requests"
TIER_CONFIGS = "tier/config-requests"
TIER_ACCOUNTS = "tier/account-requests"
VALIDATION = "validation"


class Kind(NamedTuple):
    """A kind of requests, by Connect's names for its collection and type."""

    collection: str
    type: str
    kind: str = "request"

    def __str__(self) -> str:
        words = [self.type, "of", self.collection]
        return " ".join(words if self.kind == "request" else [self.kind, "of", *words])


def name_of(handler: Callable[..., Any]) -> str:
    """Returns what a handler is called, for messages."""
    return str(getattr(handler, "__name__", handler))


class Handlers:
    """The handlers of a program, at most one for each kind of requests."""

    def __init__(self) -> None:
        self._handlers: dict[Kind, Handler] = {}
        self._validators: dict[Kind, Validator] = {}

    def add(self, kind: Kind, handler: Handler) -> None:
        """Registers a handler. Raises where the kind has one, or where it is `async def`."""
        _check(kind, handler, self._handlers.get(kind))
        self._handlers[kind] = handler

    def add_validator(self, kind: Kind, validator: Validator) -> None:
        """Registers a validator, in the same way."""
        _check(kind, validator, self._validators.get(kind))
        self._validators[kind] = validator

    def find(self, kind: Kind) -> Optional[Handler]:
        """Returns the handler of a kind, if it has one."""
        return self._handlers.get(kind)

    def find_validator(self, kind: Kind) -> Optional[Validator]:
        """Returns the validator of a kind, if it has one."""
        return self._validators.get(kind)

    def to_json(self) -> list[dict[str, Any]]:
        """Returns what is handled, as the protocol has it."""
        return [kind._asdict() for kind in [*self._handlers, *self._validators]]


def _check(kind: Kind, new: Callable[..., Any], there: Optional[Callable[..., Any]]) -> None:
    if inspect.iscoroutinefunction(new):
        raise TypeError(f"{name_of(new)} is `async def`; a handler is a plain function")
    if there is not None:
        both = f"by {name_of(there)} and by {name_of(new)}"
        raise ValueError(f"{kind} is handled twice: {both}")


class Register:
    """A decorator that registers a function for one kind of requests."""

    def __init__(self, handlers: Handlers, collection: str, type: str, kind: str = "request"):
        self._handlers = handlers
        self._kind = Kind(collection, type, kind)

    def __call__(self, handler: H) -> H:
        self._handlers.add(self._kind, handler)
        return handler


class Revocation:
    """Requests that are taken back before their day, by what they had asked for."""

    def __init__(self, handlers: Handlers) -> None:
        def register(type: str) -> Register:
            return Register(handlers, ASSETS, type, "revocation")

        self.purchase = register("purchase")
        self.change = register("change")
        self.suspend = register("suspend")
        self.resume = register("resume")
        self.cancel = register("cancel")
        self.renew = register("renew")
        self.transfer = register("transfer")


class TierConfig:
    """Requests for the configuration of a reseller."""

    def __init__(self, handlers: Handlers) -> None:
        self.setup = Register(handlers, TIER_CONFIGS, "setup")
        self.update = Register(handlers, TIER_CONFIGS, "update")
        self.adjustment = Register(handlers, TIER_CONFIGS, "adjustment")


class TierAccount:
    """News of a changed customer or reseller."""

    def __init__(self, handlers: Handlers) -> None:
        self.update = Register(handlers, TIER_ACCOUNTS, "update")


class RegisterValidator:
    """A decorator that registers a function for the drafts of one kind of requests."""

    def __init__(self, handlers: Handlers, collection: str, type: str) -> None:
        self._handlers = handlers
        self._kind = Kind(collection, type, VALIDATION)

    def __call__(self, validator: V) -> V:
        self._handlers.add_validator(self._kind, validator)
        return validator


class ValidateTierConfig:
    """Drafts of requests for the configuration of a reseller."""

    def __init__(self, handlers: Handlers) -> None:
        self.setup = RegisterValidator(handlers, TIER_CONFIGS, "setup")
        self.update = RegisterValidator(handlers, TIER_CONFIGS, "update")


class Validate:
    """Drafts, and answers to inquiries, before they are requests."""

    def __init__(self, handlers: Handlers) -> None:
        self.purchase = RegisterValidator(handlers, ASSETS, "purchase")
        self.change = RegisterValidator(handlers, ASSETS, "change")
        self.renew = RegisterValidator(handlers, ASSETS, "renew")
        self.transfer = RegisterValidator(handlers, ASSETS, "transfer")
        self.tier_config = ValidateTierConfig(handlers)


class On:
    """The decorators of one set of handlers."""

    def __init__(self, handlers: Optional[Handlers] = None) -> None:
        self.handlers = Handlers() if handlers is None else handlers
        self.purchase = Register(self.handlers, ASSETS, "purchase")
        self.change = Register(self.handlers, ASSETS, "change")
        self.suspend = Register(self.handlers, ASSETS, "suspend")
        self.resume = Register(self.handlers, ASSETS, "resume")
        self.cancel = Register(self.handlers, ASSETS, "cancel")
        self.adjustment = Register(self.handlers, ASSETS, "adjustment")
        self.renew = Register(self.handlers, ASSETS, "renew")
        self.transfer = Register(self.handlers, ASSETS, "transfer")
        self.migration = Register(self.handlers, ASSETS, "purchase", "migration")
        self.revocation = Revocation(self.handlers)
        self.tier_config = TierConfig(self.handlers)
        self.tier_account = TierAccount(self.handlers)
        self.validate = Validate(self.handlers)


#: The handlers that `serve()` serves.
on = On()
