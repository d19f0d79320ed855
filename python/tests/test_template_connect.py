"""What the code of a project may say to Connect, and how it is answered."""

from __future__ import annotations

import pytest
from template_project import RESUME
from template_stand import Stand
from test_template import BOTH, DECIDED


@BOTH
def test_the_code_reads_connect_as_it_is(stand: Stand) -> None:
    stand.settings["unproven"] = True
    stand.resume("""
        found = client.collection('conversations').filter(instance_id='PR-1')
        assert found.count() == 1 and found.first()['id'] == 'CO-1'
        assert client.requests['PR-1'].get()['status'] == 'pending'
        endpoint = 'https://api.connect.cloud.im/public/v1'
        for own in [ConnectClient('ApiKey SU-2:other', endpoint, use_specs=True),
                    ConnectClient('ApiKey SU-2:other', endpoint, True)]:
            assert own.requests['PR-1'].get()['id'] == 'PR-1'
        try:
            client.products['PRD-9'].get()
        except Exception as error:
            assert error.status_code == 404 and 'is not there' in str(error)
            Utils.reject_fulfillment_request('PR-1', 'gone', client)
    """)
    assert stand.handle() == DECIDED


@BOTH
def test_what_connect_refuses_is_shown_to_the_code_which_may_decide_otherwise(stand: Stand) -> None:
    stand.resume("""
        from cnct import ClientError
        api_client.resume_subscription({}, 't-7')
        try:
            Utils.approve_fulfillment_request(request, client)
        except ClientError as error:
            assert error.status_code == 400 and 'as planned' in str(error)
            Utils.reject_fulfillment_request(request['id'], 'not approved', client)
    """)
    stand.connect.refusals = [400]
    assert stand.handle() == DECIDED
    assert [told["outcome"] for told in stand.connect.told] == ["fail"]


def test_a_refused_decision_is_not_gone_on_with_the_next_time(stand: Stand) -> None:
    stand.resume("""
        requests.put(VENDOR + '/tenant', data='x')
        requests.put(VENDOR + '/limit', data=request['status'])
        Utils.approve_fulfillment_request(request, client)
    """)
    stand.connect.refusals = [400, 400]
    stand.connect.request["note"] = "first"
    assert "ClientError" in stand.handle()["message"]
    assert stand.journal.done["request"]["request"]["note"] == "first"
    stand.connect.request["note"] = "second"
    assert "ClientError" in stand.handle()["message"]
    assert stand.handle() == DECIDED
    assert stand.journal.done["request.r2"]["request"]["note"] == "second"
    assert len(stand.vendor.calls) == 2


def test_a_second_decision_is_for_a_person_and_the_first_holds(stand: Stand) -> None:
    stand.resume("""
        api_client.resume_subscription({}, 't-7')
        try:
            Utils.approve_fulfillment_request(request, client)
            raise Exception('after all')
        except Exception as error:
            Utils.reject_fulfillment_request(request['id'], str(error), client)
    """)
    parked = stand.handle()
    assert parked["code"] == -32001
    assert "decided twice: approve, which holds, and then fail" in parked["message"]
    assert [told["outcome"] for told in stand.connect.told] == ["approve"]


def test_an_inquiry_says_what_is_wrong_with_which_parameter(stand: Stand) -> None:
    stand.resume("""
        params = [{'id': 'admin_email', 'value_error': 'is no address'}]
        Utils.update_subscription_parameters(request['id'], {'asset': {'params': params}}, client)
        client.requests[request['id']].action('inquire').post(payload={'template_id': 'TL-2'})
    """)
    assert stand.handle() == DECIDED
    assert stand.connect.written == []
    assert stand.connect.told == [
        {"outcome": "inquire", "template": "TL-2", "parameters": {"admin_email": "is no address"}}
    ]


def test_a_message_is_said_in_the_conversation_once(stand: Stand) -> None:
    stand.resume("""
        Utils.save_error(client, request['id'], 'The tenant is locked.')
        raise Exception('not yet')
    """)
    for _ in range(2):
        stand.handle()
    assert list(stand.connect.said.values()) == ["The tenant is locked."]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            "client.requests['PR-2'].action('approve').post(payload={})",
            "POST requests/PR-2/approve",
        ),
        ("client.requests['PR-1'].action('pend').post(payload={})", "POST requests/PR-1/pend"),
        ("client.requests['PR-1'].update(payload={'note': 'x'})", "more than parameters"),
        (
            "client.conversations['CO-2'].action('messages').post(payload={'text': 'x'})",
            "conversation CO-2 is not of PR-1",
        ),
        ("client.ns('usage').collection('files').create(payload={'a': 1})", "POST usage/files"),
        ("requests.post('https://api.connect.cloudblue.com/auth')", "POST auth"),
    ],
)
def test_anything_else_is_refused_and_says_what_is_not(stand: Stand, call: str, words: str) -> None:
    stand.resume(f"""
        answer = {call}
        if answer.status_code == 403:
            raise Exception(answer.text)
    """)
    error = stand.handle()["message"]
    assert words in error
    assert "may read, write parameters of its own request" in error


def test_a_tier_configuration_is_set_up(stand: Stand) -> None:
    stand.settings["unproven"] = True
    stand.project(
        tier_fulfillment="""
        tcr = client.ns('tier').collection('config-requests')[request['id']]
        tcr.update(payload={'params': [{'id': 'param_a', 'value': 7}]})
        tcr.action(name='approve').post(payload={'template': {'id': 'TL-3'}})
    """
    )
    worker = stand.start(initialize=False)
    handlers = worker.initialize()["result"]["handlers"]
    assert [it["type"] for it in handlers] == ["setup", "update", "adjustment"]
    request = {"id": "TCR-1", "configuration": {"product": {"id": "PRD-1"}}}
    worker.answers["connect.update"] = lambda params: {"request": params}
    said = worker.handle("setup", collection="tier/config-requests", request=request)
    assert said == DECIDED
    assert worker.said("connect.update") == [{"parameters": {"param_a": "7"}}]
    assert stand.connect.told == [{"outcome": "approve", "template": "TL-3"}]


def test_requests_of_other_products_are_left_alone(stand: Stand) -> None:
    stand.resume(RESUME)
    stand.connect.request["asset"]["product"]["id"] = "PRD-2"
    assert stand.handle() == {"outcome": "skip"}
    stand.connect.request["asset"]["product"]["id"] = "PRD-1"
    stand.connect.request["asset"]["connection"]["type"] = "production"
    assert stand.handle() == {"outcome": "skip"}
