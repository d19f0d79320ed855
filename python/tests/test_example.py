"""The worked example, against the demo vendor: what it does there, and what it decides."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from runtime import Journal, Message, Runtime, request

from connect_handlers.world import World

EXAMPLE = Path(__file__).parents[2] / "examples" / "python" / "handlers.py"


@pytest.fixture
def worker(connect_world: World) -> Iterator[Runtime]:
    worker = Runtime(EXAMPLE, env={"VENDOR_URL": connect_world.vendor})
    worker.initialize()
    yield worker
    worker.close()


def vendor(world: World, method: str, path: str, body: Any = None) -> Any:
    sent = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    call = urllib.request.Request(world.vendor + path, sent, headers, method=method)
    with urllib.request.urlopen(call, timeout=10) as answer:
        return json.loads(answer.read() or b"null")


def about(tenant: str, type: str, **other: Any) -> Message:
    params = [{"id": "subscription_id", "value": tenant}]
    return request(type, params=params, **other)


def operations(world: World) -> list[str]:
    return [effect["operation"] for effect in world.effects()]


def test_a_subscription_is_bought_changed_suspended_resumed_and_cancelled(
    connect_world: World, worker: Runtime
) -> None:
    bought = worker.handle("purchase")
    assert bought == {"outcome": "approve", "parameters": {"subscription_id": "t-00001"}}
    for type in ["change", "suspend", "resume", "cancel"]:
        worker.journal = Journal(type)
        assert worker.handle(type, request=about("t-00001", type)) == {"outcome": "approve"}
    assert operations(connect_world) == [
        "create",
        "set_limit",
        "set_limit",
        "disable",
        "enable",
        "delete",
    ]
    assert [effect["key"] for effect in connect_world.effects()] == [
        "PR-1:create_tenant",
        "PR-1:set_limit",
        "change:set_limit",
        "suspend:disable_tenant",
        "resume:enable_tenant",
        "cancel:delete_tenant",
    ]


def test_an_answer_that_is_lost_is_no_second_tenant(connect_world: World, worker: Runtime) -> None:
    connect_world.fault("lose_answer", on="create", times=1)
    assert worker.handle("purchase")["code"] == -32003
    assert worker.handle("purchase", failures=1)["outcome"] == "approve"
    assert operations(connect_world) == ["create", "set_limit"]
    calls = worker.said("step.failed")[0]["calls"]
    assert [(call["method"], call["status"]) for call in calls] == [("POST", None)]


def test_a_refusal_is_the_vendors_words_and_is_undone(
    connect_world: World, worker: Runtime
) -> None:
    refusal = {"refuse": {"status": 409, "code": "too_many", "reason": "At most 5."}}
    connect_world.fault(refusal, on="set_limit")
    number, run = worker.begin("purchase")
    error = worker.settle(number)[0]["error"]
    assert error == {"code": -32002, "message": "At most 5."}
    value = worker.journal.done["create_tenant"]
    undo = {"run": run, "step": "create_tenant", "key": "PR-1:@undo", "value": value}
    for _ in range(2):
        assert worker.settle(worker.call("undo", undo))[0]["result"] == {}
    assert operations(connect_world) == ["create", "delete"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"answer": {"status": 503}}, -32003),
        ({"answer": {"status": 404}}, -32000),
        ({"answer": {"status": 307, "location": "http://127.0.0.1:1/"}}, -32000),
        ({"answer": {"status": 200, "body": "<html>Log in</html>"}}, -32000),
        ("lose_call", -32003),
    ],
)
def test_an_odd_answer_is_neither_yes_nor_no(
    connect_world: World, worker: Runtime, fault: Any, code: int
) -> None:
    connect_world.fault(fault, on="enable")
    vendor(connect_world, "POST", "/_tenants", {"tenantId": "t-7", "enabled": False})
    assert worker.handle("resume", request=about("t-7", "resume"))["code"] == code
    assert worker.journal.done == {} and worker.journal.refused == {}


def test_a_tenant_that_takes_a_while_is_looked_at_again(
    connect_world: World, worker: Runtime
) -> None:
    vendor(connect_world, "POST", "/_prepare", {"millis": 3_600_000})
    assert worker.handle("purchase") == {"outcome": "reschedule", "after": 60}
    assert [said["name"] for said in worker.said("say")] == ["preparing"]


def test_an_order_that_acme_cannot_deliver_is_refused(
    connect_world: World, worker: Runtime
) -> None:
    orders: list[tuple[list[Message], str]] = [
        ([], "A tenant has exactly one item."),
        ([{"quantity": "unlimited"}], "A limit of unlimited is not possible."),
    ]
    for items, reason in orders:
        order = request("purchase", items=items)
        assert worker.handle("purchase", request=order) == {"code": -32002, "message": reason}
    assert operations(connect_world) == []


def test_a_purchase_for_a_later_day_is_scheduled_and_can_be_taken_back(
    connect_world: World, worker: Runtime
) -> None:
    order = {**request("purchase"), "planned_date": "2999-01-01T00:00:00+00:00"}
    scheduled = {"outcome": "schedule", "on": "2999-01-01T00:00:00+00:00"}
    assert worker.handle("purchase", request=order) == scheduled
    # A life that ended before it wrote the tenant down finds it at Acme's.
    worker.journal = Journal()
    assert worker.handle("purchase", kind="revocation") == {"outcome": "confirm"}
    assert operations(connect_world) == ["create", "delete"]


def test_a_reseller_is_set_up_with_a_tenant_of_its_own(
    connect_world: World, worker: Runtime
) -> None:
    for level, parameter in [(1, "reseller_id"), (2, "tier2_reseller_id")]:
        worker.journal = Journal(f"TCR-{level}")
        configuration = {"id": f"TC-{level}", "tier_level": level}
        setup = {"id": f"TCR-{level}", "type": "setup", "configuration": configuration}
        outcome = worker.handle("setup", collection="tier/config-requests", request=setup)
        assert outcome == {"outcome": "approve", "parameters": {parameter: f"t-0000{level}"}}
