"""Tests of the handlers, each in a world of its own: Connect, the vendor, and what runs them."""

from pathlib import Path

from connect_handlers.world import World

HANDLERS = Path(__file__).with_name("handlers.py")


def test_a_suspended_subscription_is_resumed(connect_world: World) -> None:
    asset = connect_world.purchase().asset
    connect_world.run(HANDLERS)
    for ask in [connect_world.suspend, connect_world.resume]:
        ask(asset)
        connect_world.run(HANDLERS)
    assert connect_world.asset(asset)["status"] == "active"
    done = [effect["operation"] for effect in connect_world.effects()]
    assert done == ["create", "set_limit", "disable", "enable"]


def test_a_refusal_reaches_the_customer_and_the_subscription_stays_suspended(
    connect_world: World,
) -> None:
    asset = connect_world.purchase().asset
    connect_world.run(HANDLERS)
    connect_world.suspend(asset)
    connect_world.run(HANDLERS)
    unpaid = {
        "refuse": {"status": 409, "code": "overdue", "reason": "The last invoice is overdue."}
    }
    connect_world.fault(unpaid, on="enable")
    resume = connect_world.resume(asset)
    connect_world.run(HANDLERS)
    assert connect_world.request(resume.id)["reason"] == "The last invoice is overdue."
    assert connect_world.asset(asset)["status"] == "suspended"


def test_an_answer_that_is_lost_makes_no_second_tenant(connect_world: World) -> None:
    order = connect_world.purchase()
    connect_world.fault("lose_answer", on="create", times=1)
    connect_world.run(HANDLERS)
    assert connect_world.request(order.id)["status"] == "approved"
    done = [effect["operation"] for effect in connect_world.effects()]
    assert done == ["create", "set_limit"]
