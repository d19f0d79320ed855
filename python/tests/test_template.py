"""Projects of the Python template: what they do, and what is left of it after a crash."""

from __future__ import annotations

import pytest
from template_project import PURCHASE, RESUME
from template_stand import Stand

BOTH = pytest.mark.parametrize("stand", ["21", "35"], indirect=True)
DECIDED = {"outcome": "decided"}
ENABLE = ("PUT", "/tenant/t-7/enable")


@BOTH
def test_a_resume_is_approved_as_the_snippet_has_it(stand: Stand) -> None:
    stand.resume(RESUME)
    assert stand.handle() == DECIDED
    assert stand.vendor.done == [ENABLE]
    assert stand.connect.told == [{"outcome": "approve", "template": "TL-1"}]


@BOTH
def test_a_purchase_makes_a_tenant_and_writes_its_id(stand: Stand) -> None:
    stand.project(purchase=PURCHASE)
    assert stand.handle("purchase") == DECIDED
    assert stand.vendor.done == [("POST", "/tenant"), ("PUT", "/tenant/t-1")]
    assert stand.connect.written == [{"subscription_id": "t-1"}]
