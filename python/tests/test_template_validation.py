"""The web service of a project: drafts are validated by it, whatever it is made of."""

from __future__ import annotations

import time

import pytest
from template_project import write_service
from template_stand import Stand
from test_template import BOTH, DECIDED

TAKEN = {"error": "taken.example is taken: give an address of your own."}
NOTHING: dict[str, object] = {"findings": {}}


@BOTH
def test_a_project_says_what_is_wrong_with_a_draft(stand: Stand) -> None:
    stand.service()
    assert stand.validate("ada@taken.example") == {"findings": {"admin_email": TAKEN}}
    assert stand.validate("ada@cedar.example") == NOTHING
    assert stand.validate("ada@taken.example", "change") == {"findings": {"admin_email": TAKEN}}
    assert stand.handle() == DECIDED


def test_it_says_what_it_validates(stand: Stand) -> None:
    stand.service()
    hello = stand.start(initialize=False).initialize()["result"]
    said = [it["type"] for it in hello["handlers"] if it["kind"] == "validation"]
    assert said == ["purchase", "change"]


def test_a_project_that_only_validates_is_run(stand: Stand) -> None:
    stand.project()
    write_service(stand.folder, stand.vendor.url)
    hello = stand.start(initialize=False).initialize()["result"]
    said = [(it["type"], it["kind"]) for it in hello["handlers"]]
    assert said == [("purchase", "validation"), ("change", "validation")]
    assert stand.validate("ada@taken.example") == {"findings": {"admin_email": TAKEN}}


def test_what_it_changes_of_a_parameter_is_found(stand: Stand) -> None:
    stand.service("""
        email = param(order, 'admin_email')
        email['value'] = 'ada@cedar.example'
        email['structured_value'] = {'at': 'cedar'}
        email['structured_error'] = {'message': 'taken'}
        email['constraints'] = {'required': True, 'hidden': False, 'readonly': True}
        choices = [{'value': 's', 'label': 'Small'}, {'value': 'l'}]
        param(order, 'subscription_id')['constraints'] = {'meta': {'choices': choices}}
        order['note'] = 'of no matter'
    """)
    email = {
        "value": "ada@cedar.example",
        "structured_value": {"at": "cedar"},
        "structured_error": {"message": "taken"},
        "required": True,
        "hidden": False,
        "readonly": True,
    }
    found = stand.validate("ADA@cedar.example")["findings"]
    assert found["admin_email"] == email
    assert found["subscription_id"] == {"choices": [["s", "Small"], ["l", "l"]]}


def test_an_error_of_before_stays_where_it_is_left(stand: Stand) -> None:
    stand.service("order['asset']['params'] = [param(order, 'admin_email')]")
    for parameter in stand.connect.request["asset"]["params"]:
        parameter["value_error"] = "as before"
    found = stand.validate()["findings"]
    assert found == dict.fromkeys(("subscription_id", "admin_email"), {"error": "as before"})


def test_the_vendor_is_asked_and_nothing_is_recorded(stand: Stand) -> None:
    stand.service("""
        email = param(order, 'admin_email')['value']
        answer = requests.post(VENDOR + '/check', json={'email': email})
        param(order, 'admin_email')['value_error'] = answer.json()['tenantId']
    """)
    assert stand.validate("a@b.example") == {"findings": {"admin_email": {"error": "t-1"}}}
    assert stand.validate("a@b.example") == {"findings": {"admin_email": {"error": "t-2"}}}
    assert stand.vendor.done == [("POST", "/check")] * 2
    assert stand.worker is not None
    assert stand.worker.asked == []


def test_connect_may_be_read_alone(stand: Stand) -> None:
    stand.service("""
        at = 'https://api.connect.cloudblue.com/public/v1/'
        assert requests.get(at + 'requests/PR-1').json()['id'] == 'PR-1'
        assert requests.get(at + 'requests/PR-2').status_code == 404
        refused = requests.post(at + 'requests/PR-1/approve', json={})
        param(order, 'admin_email')['value_error'] = str(refused.status_code) + refused.text
    """)
    found = stand.validate()["findings"]["admin_email"]["error"]
    assert found.startswith("403")
    assert "POST requests/PR-1/approve: under cnct run --template, a validation may read" in found
    assert stand.connect.told == []


def test_other_connections_stay_refused(stand: Stand) -> None:
    stand.service("import socket; socket.create_connection(('127.0.0.1', 1))")
    assert "a connection to 127.0.0.1:1 was refused" in stand.validate()["message"]


def test_no_two_questions_draw_the_same(stand: Stand) -> None:
    stand.service("""
        import random, uuid
        drawn = str(uuid.uuid4()) + str(random.random())
        param(order, 'admin_email')['value_error'] = drawn
    """)
    assert stand.validate() != stand.validate()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 'no', 404", "is none: its status is 404, and not 200: no"),
        ("return 'fine'", "is none: it is no JSON: fine"),
        ("return [1]", "is none: it is no JSON object, and has to be the whole request"),
        ("return {'id': 'PR-2'}", "is none: it is about 'PR-2', and PR-1 was asked about"),
        ("return {'id': 'PR-1'}", "is none: it has no list asset.params"),
        ("order['asset']['params'] = [{}]", "has a parameter without an id"),
        ("order['asset']['params'] *= 2", "it has the parameter subscription_id twice"),
        ("param(order, 'admin_email')['id'] = 'x'", "it has the parameter x, which the request"),
        ("param(order, 'admin_email')['value'] = [1]", "value of admin_email is list, and no text"),
        ("param(order, 'admin_email')['value_error'] = True", "value_error of admin_email is bool"),
        (
            "param(order, 'admin_email')['constraints'] = {'required': 'yes'}",
            "required of admin_email is str, and not true or false",
        ),
        ("param(order, 'admin_email')['constraints'] = [1]", "constraints of admin_email are no"),
        (
            "param(order, 'admin_email')['constraints'] = {'choices': 's'}",
            "the choices of admin_email are no list of values and labels",
        ),
    ],
)
def test_an_odd_answer_is_none(stand: Stand, body: str, words: str) -> None:
    stand.service(body)
    refused = stand.validate()
    assert refused["code"] == -32000
    assert words in refused["message"]
    file = stand.folder / "connect_processor" / "app" / "dynamic_validation.py"
    assert f"the answer of {file}, line " in refused["message"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise KeyError('plan')", "KeyError: 'plan' ("),
        ("order['nothing']['such']", "KeyError: 'nothing' ("),
        ("import sys; sys.exit(3)", "SystemExit: sys.exit(3) is no outcome ("),
    ],
)
def test_code_that_raises_gives_no_answer_and_its_place(
    stand: Stand, body: str, words: str
) -> None:
    stand.service(body)
    refused = stand.validate()
    assert refused["code"] == -32000
    assert words in refused["message"]
    assert "app/dynamic_validation.py, line 19)" in refused["message"]
    assert stand.worker is not None
    assert "Traceback" in stand.worker.end()


def test_code_that_ends_its_process_ends_no_other(stand: Stand) -> None:
    stand.service(
        "import os\nif param(order, 'admin_email')['value'] == 'poor': os._exit(3)\n"
        "param(order, 'admin_email')['value_error'] = 'no'"
    )
    assert "ended its process: it exited with status 3" in stand.validate("poor")["message"]
    assert stand.validate() == {"findings": {"admin_email": {"error": "no"}}}


def test_a_question_that_is_cancelled_ends_with_its_process(stand: Stand) -> None:
    stand.service("requests.get(VENDOR + '/slow')\nimport threading; threading.Event().wait()")
    worker = stand.start()
    number = worker.ask(run="run-slow", request=stand.connect.request)
    while not stand.vendor.calls:
        time.sleep(0.01)
    worker.tell("cancel", {"run": "run-slow"})
    assert "the attempt is over" in worker.settle(number)[0]["error"]["message"]
    assert stand.handle() == DECIDED


def test_a_vendor_that_is_down_is_said_to_be(stand: Stand) -> None:
    stand.service("requests.get('http://127.0.0.1:1')")
    assert stand.validate()["code"] == -32003
