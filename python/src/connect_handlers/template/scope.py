"""Which requests the project is for: the products and environments of its `Globals`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .classes import project_globals
from .fault import Fault
from .layout import Layout


@dataclass(frozen=True)
class Scope:
    """Products and environments; none of either stands for all."""

    products: frozenset[str] = frozenset()
    environments: frozenset[str] = frozenset()

    def has(self, request: Mapping[str, Any]) -> bool:
        """Returns whether a request is one that the project's `processor.py` would list."""
        of = request.get("asset") or request.get("configuration") or {}
        product = (of.get("product") or {}).get("id")
        environment = (of.get("connection") or {}).get("type")
        return _among(product, self.products) and _among(environment, self.environments)


def read(layout: Layout) -> Scope:
    """Reads the project's `Globals`. Raises `Fault` of products that were not filled in."""
    file = layout.file("utils/globals")
    stated = project_globals(layout)
    products = _names(getattr(stated, "PRODUCTS", ()))
    for product in products:
        if "#" in product:
            raise Fault(f"{file}: PRODUCTS has {product}: fill in the ids of your products")
    return Scope(products, _names(getattr(stated, "ENVIRONMENT", ())))


def _names(stated: Any) -> frozenset[str]:
    # The template has a text where a list is meant.
    return frozenset([stated] if isinstance(stated, str) else stated)


def _among(name: Optional[str], names: frozenset[str]) -> bool:
    return name is None or not names or name in names
