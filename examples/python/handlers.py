"""A complete processor for the demo vendor, here called Acme. It sells tenants.

cnct run --exec "python3 handlers.py" --ready ready.json
"""

import os
from datetime import datetime, timezone
from typing import Optional

from acme import Acme

from connect_handlers import (
    Context,
    GiveUp,
    Outcome,
    approve,
    confirm,
    on,
    reschedule,
    schedule,
    serve,
)

#: The fulfillment parameter that holds the id of a subscription's tenant.
SUBSCRIPTION_ID = "subscription_id"
#: Those that hold the id of a reseller's tenant, of the first level and of the second.
RESELLER_IDS = {1: "reseller_id", 2: "tier2_reseller_id"}

acme = Acme(os.environ.get("VENDOR_URL", "http://127.0.0.1:8081"))


@on.purchase
def purchase(cx: Context) -> Outcome:
    """Creates a tenant with the limit that was ordered, and keeps its id in the subscription."""
    limit = ordered(cx, "A tenant has exactly one item.")
    asset, callback = cx.request["asset"]["id"], cx.callback()
    tenant = cx.step(
        "create_tenant",
        lambda key: acme.create(asset, callback, key),
        # An order that is refused leaves no tenant behind, whatever it is refused for.
        undo=lambda key, tenant: acme.delete(tenant["tenantId"], key),
    )
    if not acme.is_ready(tenant):
        text = "The tenant is being built. The request is approved once it is ready."
        cx.say("preparing", text)
        return look_again(callback)
    # Planned for a later day? The tenant is there by then, and of no use before.
    later = planned(cx)
    if later is not None:
        return schedule(later)
    cx.step("set_limit", lambda key: acme.set_limit(tenant["tenantId"], limit, key))
    return approve({SUBSCRIPTION_ID: tenant["tenantId"]})


@on.change
def change(cx: Context) -> Outcome:
    """Sets the new limit. Acme sells one item, so it can neither upgrade nor downgrade."""
    limit = ordered(cx, "Change not allowed: a tenant has exactly one item.")
    later = planned(cx)
    if later is not None:
        return schedule(later)
    tenant = cx.parameter(SUBSCRIPTION_ID)
    cx.step("set_limit", lambda key: acme.set_limit(tenant, limit, key))
    return approve()


@on.suspend
def suspend(cx: Context) -> Outcome:
    """Disables the tenant."""
    tenant = cx.parameter(SUBSCRIPTION_ID)
    cx.step("disable_tenant", lambda key: acme.disable(tenant, key))
    return approve()


@on.resume
def resume(cx: Context) -> Outcome:
    """Enables the tenant. When Acme refuses, the subscription stays suspended."""
    tenant = cx.parameter(SUBSCRIPTION_ID)
    cx.step("enable_tenant", lambda key: acme.enable(tenant, key))
    return approve()


@on.cancel
def cancel(cx: Context) -> Outcome:
    """Deletes the tenant; one that is already gone is as good."""
    tenant = cx.parameter(SUBSCRIPTION_ID)
    cx.step("delete_tenant", lambda key: acme.delete(tenant, key))
    return approve()


@on.adjustment
def adjustment(cx: Context) -> Outcome:
    """Approves: whoever wrote the correction at Acme has already seen to Acme's side."""
    return approve()


@on.revocation.purchase
def revoke_purchase(cx: Context) -> Outcome:
    """Deletes the tenant that a purchase was given before its day.

    Where none is written down, Acme is asked whether there is one: a life that ended while it was
    created has not written it down.
    """
    recorded = cx.recorded("create_tenant")
    asset = cx.request["asset"]["id"]
    tenant = recorded["tenantId"] if recorded else acme.tenant_of(asset)
    if tenant is not None:
        cx.step("delete_tenant", lambda key: acme.delete(tenant, key))
    return confirm()


@on.revocation.change
def revoke_change(cx: Context) -> Outcome:
    """Agrees: nothing is done for a change before its day."""
    return confirm()


@on.tier_config.setup
def set_up_reseller(cx: Context) -> Outcome:
    """Creates a tenant for a reseller itself. Purchases through this reseller wait for it."""
    config, callback = cx.request["configuration"], cx.callback()
    tenant = cx.step("create_reseller", lambda key: acme.create(config["id"], callback, key))
    if not acme.is_ready(tenant):
        return look_again(callback)
    return approve({RESELLER_IDS[config.get("tier_level") or 1]: tenant["tenantId"]})


def ordered(cx: Context, otherwise: str) -> int:
    """Returns how much of the one item is ordered. An order of anything else is refused."""
    items = cx.items
    if len(items) != 1:
        raise GiveUp(otherwise)
    quantity = str(items[0].get("quantity"))
    if not (quantity.isascii() and quantity.isdigit()):
        raise GiveUp(f"A limit of {quantity} is not possible.")
    return int(quantity)


def planned(cx: Context) -> Optional[str]:
    """Returns the day that a request is planned for, if it is still to come."""
    day = cx.request.get("planned_date")
    if day and datetime.fromisoformat(day.replace("Z", "+00:00")) > datetime.now(timezone.utc):
        return str(day)
    return None


def look_again(callback: Optional[str]) -> Outcome:
    """Looks again whether Acme is ready: seldom, where Acme calls back."""
    return reschedule(60 if callback is None else 600)


if __name__ == "__main__":
    serve(
        at_once=8,
        steps=[
            "create_tenant",
            "set_limit",
            "disable_tenant",
            "enable_tenant",
            "delete_tenant",
            "create_reseller",
        ],
    )
