"""A request that comes back after an inquiry, to a project's code."""

from __future__ import annotations

import pytest
from template_stand import Stand

DECIDED = {"outcome": "decided"}

#: Asks the customer while the address is none, with a tenant or without.
ASKS = """
    {first}
    address = Utils.get_param_value(request, 'fulfillment', 'subscription_id')
    if address != 't-right':
        params = [{{'id': 'subscription_id', 'value_error': 'is none'}}]
        wrong = {{'asset': {{'params': params}}}}
        Utils.update_subscription_parameters(request['id'], wrong, client)
        return client.requests[request['id']].action('inquire').post(payload={{}})
    {then}
    Utils.save_error(client, request['id'], 'Thank you.')
    return Utils.approve_fulfillment_request(request, client)
"""
CREATES = "api_client.create_subscription({'externalId': request['asset']['id']})"
ENABLES = "api_client.resume_subscription({}, address)"


def answered(stand: Stand) -> None:
    """The customer answers."""
    stand.connect.request["status"] = "pending"
    stand.connect.update({"parameters": {"subscription_id": "t-right"}})


@pytest.mark.parametrize("fresh", [False, True])
def test_the_answer_to_an_inquiry_is_seen(stand: Stand, fresh: bool) -> None:
    stand.resume(ASKS.format(first="", then=ENABLES))
    assert stand.handle() == DECIDED
    answered(stand)
    if fresh:
        stand.die()
    assert stand.handle(visit=2) == DECIDED
    assert [told["outcome"] for told in stand.connect.told] == ["inquire", "approve"]
    assert stand.vendor.done == [("PUT", "/tenant/t-right/enable")]


def test_what_was_ordered_before_the_inquiry_is_not_ordered_again(stand: Stand) -> None:
    stand.resume(ASKS.format(first=CREATES, then=ENABLES))
    assert stand.handle() == DECIDED
    answered(stand)
    stand.die()
    assert stand.handle(visit=2) == DECIDED
    assert stand.vendor.done == [("POST", "/tenant"), ("PUT", "/tenant/t-right/enable")]


def test_another_order_after_the_inquiry_is_one(stand: Stand) -> None:
    orders = "api_client.create_subscription({'externalId': address})"
    reads = "address = Utils.get_param_value(request, 'fulfillment', 'subscription_id')"
    stand.resume(ASKS.format(first=f"{reads}\n    {orders}", then=""))
    assert stand.handle() == DECIDED
    answered(stand)
    assert stand.handle(visit=2) == DECIDED
    assert stand.vendor.done == [("POST", "/tenant")] * 2


@pytest.mark.parametrize("call", ["step.begin", "step.complete", "decide"])
def test_a_death_in_the_second_visit_repeats_nothing(stand: Stand, call: str) -> None:
    stand.honours_keys()
    stand.resume(ASKS.format(first=CREATES, then=ENABLES))
    assert stand.handle() == DECIDED
    answered(stand)
    stand.handle_and_die(call, n=2 if call.startswith("step") else 1, visit=2)
    assert stand.handle(visit=2) == DECIDED
    enabled = [it for it in stand.vendor.calls if it[1].endswith("enable")]
    assert len({key for *_, key in enabled}) == 1
    assert stand.vendor.done.count(("POST", "/tenant")) == 1
    assert list(stand.connect.said.values()) == ["Thank you."]
