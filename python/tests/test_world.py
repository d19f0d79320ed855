"""The world that a test gets, and what can be done in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from connect_handlers import program
from connect_handlers.world import World, WorldError

HANDLERS = Path(__file__).parents[2] / "examples" / "python" / "handlers.py"


def test_a_suspended_subscription_is_resumed(connect_world: World) -> None:
    asset = connect_world.purchase().asset
    connect_world.run(HANDLERS)
    for ask in [connect_world.suspend, connect_world.resume]:
        ask(asset)
        connect_world.run(HANDLERS)
    assert connect_world.asset(asset)["status"] == "active"
    assert connect_world.effects()[-1]["operation"] == "enable"


def test_a_run_says_that_a_request_waits(connect_world: World) -> None:
    order = connect_world.purchase()
    connect_world.fault({"answer": {"status": 404}}, on="create")
    assert connect_world.run(HANDLERS, "--patience", "1s").code == 3
    assert connect_world.request(order.id)["status"] == "pending"


def test_a_program_that_cannot_be_run_is_an_error_with_its_log(
    connect_world: World, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("this is no Python\n")
    with pytest.raises(WorldError, match="SyntaxError"):
        connect_world.run(broken)


def test_customers_create_requests(connect_world: World) -> None:
    order = connect_world.purchase(3, parameters={"admin_email": "a@b.example"})
    request = connect_world.request(order.id)
    assert (request["status"], request["asset"]["id"]) == ("pending", order.asset)
    assert request["asset"]["items"][0]["quantity"] == "3"
    connect_world.cnct("request", "set", order.id, "subscription_id=t-1")
    connect_world.cnct("request", "approve", order.id)
    assert connect_world.asset(order.asset)["status"] == "active"
    change = connect_world.change(order.asset, 5)
    assert connect_world.request(change.id)["type"] == "change"


def test_what_connect_refuses_is_an_error_in_its_words(connect_world: World) -> None:
    with pytest.raises(WorldError, match="404"):
        connect_world.request("PR-0000-0000-0000-001")
    order = connect_world.purchase()
    with pytest.raises(WorldError, match="REQ_002|open request|status"):
        connect_world.suspend(order.asset)


def test_connect_misbehaves_when_told_to(connect_world: World) -> None:
    connect_world.fault({"answer": {"status": 503}}, on="create", times=1, at="platform")
    with pytest.raises(WorldError, match="503"):
        connect_world.purchase()
    connect_world.purchase()


def test_a_world_is_gone_once_it_is_closed(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        assert world.effects() == []
    assert not (tmp_path / "ready.json").exists()
    with pytest.raises(OSError, match="refused"):
        world.effects()


def test_a_world_that_cannot_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CNCT", "/bin/false")
    with pytest.raises(WorldError, match="did not start"):
        World(tmp_path)


def test_a_machine_without_cnct_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CNCT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(program.NoProgram, match="install connect-processor"):
        program.cnct()
