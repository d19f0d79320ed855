"""What docs/from-the-template.md says, function by function, is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Start
from template_stand import Stand
from test_template import DECIDED

PAGE = Path(__file__).parents[2] / "docs" / "from-the-template.md"
#: Python in a cell; other things in backquotes are flags and names.
PYTHON = re.compile(r"`((?:@on\.|return |raise |cx\.|\w+ = )[^`]*)`")
#: What the lines of the page take for granted.
KNOWN = """
import os

def vendor(method, path, key=None):
    return {"tenantId": "t-7"}
"""
#: What a request of the page's handlers has.
PARAMETERS = [{"id": "subscription_id", "value": "t-7"}]
REQUEST = {"id": "PR-1", "asset": {"id": "AS-1", "params": PARAMETERS, "items": []}}


def lines() -> list[str]:
    """Returns the Python of the table's last column."""
    table = PAGE.read_text().split("## Function by function")[1].split("\n## ")[0]
    rows = [row.split(" | ") for row in table.splitlines() if row.startswith("| ")][1:]
    assert len(rows) > 25 and all(len(row) == 3 for row in rows)
    return [line for row in rows for line in PYTHON.findall(row[2])]


@pytest.mark.parametrize("line", lines())
def test_each_line_of_the_page_runs(start: Start, line: str) -> None:
    if line.startswith("@on."):
        worker = start(f"{line}\ndef handler(it):\n    return approve()\n", initialize=False)
        handlers = worker.initialize()["result"]["handlers"]
        assert [it["type"] for it in handlers] == [line.rpartition(".")[2]]
        return
    body = f"    tenant = 't-7'\n    {line}\n    return approve()\n"
    worker = start(f"{KNOWN}\n@on.purchase\ndef purchase(cx):\n{body}")
    worker.answers["connect.update"] = lambda params: {"request": params}
    said = worker.handle("purchase", request=REQUEST)
    refuses = line.startswith("raise GiveUp")
    assert said.get("code") == -32002 if refuses else "outcome" in said, said


TCR = {"id": "TCR-1", "configuration": {"product": {"id": "PRD-1"}}, "params": [{"id": "param_a"}]}
INQUIRE = "client.ns('tier').collection('config-requests')['TCR-1'].action(name='inquire')"
MARK = "client.ns('tier').collection('config-requests')['TCR-1'].update(payload={'params': %s})"


def test_an_inquiry_of_a_tier_request_needs_what_is_wrong(stand: Stand) -> None:
    stand.project(tier_fulfillment=f"{INQUIRE}.post(payload={{}})")
    ask = {"collection": "tier/config-requests", "request": TCR}
    refused = stand.start().handle("setup", **ask)
    assert "400" in refused["message"] and "write one first" in refused["message"]
    assert stand.connect.told == []


def test_an_inquiry_of_a_tier_request_says_what_was_marked_before(stand: Stand) -> None:
    mark = MARK % "[{'id': 'param_a', 'value_error': 'Is no number.'}]"
    stand.project(tier_fulfillment=f"{mark}\n{INQUIRE}.post(payload={{}})")
    said = stand.start().handle("setup", collection="tier/config-requests", request=TCR)
    assert said == DECIDED
    marked = {"param_a": "Is no number."}
    assert stand.connect.told == [{"outcome": "inquire", "parameters": marked}]


def test_a_rejection_without_a_reason_is_refused(stand: Stand) -> None:
    stand.resume("Utils.reject_fulfillment_request(request['id'], '', client)")
    refused = stand.handle()["message"]
    assert "400" in refused and "`reason` is missing" in refused


def test_parameters_that_are_no_texts_are_refused(stand: Stand) -> None:
    stand.resume("""
        params = [{'id': 'a', 'value': '', 'structured_value': {'b': 1}}]
        Utils.update_subscription_parameters(request['id'], {'asset': {'params': params}}, client)
    """)
    assert "only texts are written" in stand.handle()["message"]
    assert stand.connect.written == []
