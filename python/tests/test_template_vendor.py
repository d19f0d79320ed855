"""Calls of the vendor's system: what is repeated, what is not, and what approvals rest on."""

from __future__ import annotations

from textwrap import dedent

import pytest
from template_project import RESUME
from template_stand import Stand
from test_template import DECIDED, ENABLE


def test_an_effect_in_doubt_is_not_repeated_with_a_vendor_that_knows_no_keys(stand: Stand) -> None:
    stand.resume(RESUME)
    stand.handle_and_die("step.complete")
    assert stand.handle() == {"code": -32000, "message": "a person has to look"}
    assert stand.vendor.done == [ENABLE]
    assert stand.vendor.keys() == [None]
    # What the person is told to look for.
    assert stand.worker is not None
    call = {"method": "PUT", "address": f"{stand.vendor.url}/tenant/t-7/enable"}
    assert stand.worker.said("step.begin")[0]["call"] == call


def test_code_that_leaves_an_effect_in_doubt_out_does_not_decide(stand: Stand) -> None:
    stand.resume("""
        import pathlib
        if not pathlib.Path('tried').exists():
            pathlib.Path('tried').write_text('')
            api_client.resume_subscription({}, 't-7')
        Utils.reject_fulfillment_request(request['id'], 'Tried.', client)
    """)
    stand.handle_and_die("step.complete")
    parked = stand.handle()
    assert parked["code"] == -32001
    assert "wants to fail, and has left out effect 1, which may have happened" in parked["message"]
    assert stand.connect.told == []


def test_an_effect_in_doubt_is_repeated_with_its_key_where_that_is_declared(stand: Stand) -> None:
    stand.honours_keys()
    stand.resume(RESUME)
    stand.handle_and_die("step.complete")
    assert stand.handle() == DECIDED
    assert stand.vendor.keys() == ["PR-1:effect-1"] * 2


def test_code_that_looks_first_sees_again_what_it_saw_and_its_key_stays_with_its_call(
    stand: Stand,
) -> None:
    stand.honours_keys()
    stand.resume("""
        if requests.get(VENDOR + '/tenants').json() == []:
            requests.post(VENDOR + '/tenant')
        requests.put(VENDOR + '/tenant/t-7/enable')
        Utils.approve_fulfillment_request(request, client)
    """)
    stand.vendor.plan("GET", "/tenants", (200, []), (200, ["t-7"]))
    stand.handle_and_die("step.complete")
    for _ in range(2):
        assert stand.handle() == DECIDED
        stand.die()
    assert [(method, path, key) for method, path, _, key in stand.vendor.calls] == [
        ("GET", "/tenants", None),
        ("POST", "/tenant", "PR-1:effect-1"),
        ("POST", "/tenant", "PR-1:effect-1"),
        ("PUT", "/tenant/t-7/enable", "PR-1:effect-2"),
    ]


#: A call that is another each time.
ANOTHER = """
open('times', 'a').write('x')
requests.post(VENDOR + '/tenant', data=open('times').read())
"""


@pytest.mark.parametrize("lost", ["lost", 503, "died"])
def test_a_key_is_not_sent_with_another_body(stand: Stand, lost: object) -> None:
    stand.honours_keys()
    stand.resume(ANOTHER)
    if lost == "died":
        stand.handle_and_die("step.complete")
    else:
        stand.vendor.plan("POST", "/tenant", lost)
        stand.handle()
    parked = stand.handle()
    assert parked["code"] == -32001
    assert "/tenant` was recorded with another query or body. Look at" in parked["message"]
    assert len(stand.vendor.calls) == 1


def test_a_key_that_has_not_been_sent_is_for_any_call(stand: Stand) -> None:
    stand.settings["keys"] = {"http://127.0.0.1:1": "Idempotency-Key"}
    stand.resume(ANOTHER.replace("VENDOR", "'http://127.0.0.1:1'"))
    for _ in range(2):
        assert stand.handle()["code"] == -32003
    assert stand.journal.done == {}


def test_an_effect_with_a_key_that_is_in_doubt_is_not_left_out_of_a_decision(stand: Stand) -> None:
    stand.honours_keys()
    stand.resume("""
        if 'later' not in request:
            api_client.resume_subscription({}, 't-7')
        Utils.reject_fulfillment_request(request['id'], 'Tried.', client)
    """)
    stand.handle_and_die("step.complete")
    stand.connect.request["later"] = True
    assert "has left out effect 1, which may have happened" in stand.handle()["message"]
    assert stand.connect.told == []


def test_keys_are_for_the_hosts_that_they_are_declared_for(stand: Stand) -> None:
    stand.settings["keys"] = {"http://127.0.0.1:1": "Idempotency-Key"}
    stand.resume(RESUME)
    assert stand.handle() == DECIDED
    assert stand.vendor.keys() == [None]


@pytest.mark.parametrize("lost", ["lost", 500, 503, 408])
def test_an_answer_that_says_nothing_leaves_the_effect_in_doubt(stand: Stand, lost: object) -> None:
    stand.resume(RESUME)
    stand.vendor.plan(*ENABLE, lost)
    error = stand.handle()
    assert error["code"] == (-32000 if lost in (500, 408) else -32003)
    assert f"PUT {stand.vendor.url}/tenant/t-7/enable" in error["message"]
    assert "app/api_client/isv_client.py, line" in error["message"]
    assert stand.worker is not None
    assert stand.worker.said("step.failed")[0]["step"] == "effect-1"
    assert stand.handle()["message"] == "a person has to look"
    assert len(stand.vendor.calls) == 1


def test_what_stumbled_goes_on_with_its_key_once_the_vendor_is_mended(stand: Stand) -> None:
    stand.honours_keys()
    stand.resume(RESUME)
    stand.vendor.plan(*ENABLE, 500, "lost")
    assert stand.handle()["code"] == -32000
    assert stand.handle()["code"] == -32003
    assert stand.handle() == DECIDED
    assert stand.vendor.keys() == ["PR-1:effect-1"] * 3


@pytest.mark.parametrize("status", [409, 425])
def test_a_key_that_the_vendor_still_works_on_is_repeated_and_not_replaced(
    stand: Stand, status: int
) -> None:
    stand.honours_keys()
    stand.resume(RESUME)
    stand.vendor.plan(*ENABLE, "lost", status)
    assert stand.handle()["code"] == -32003
    assert (
        f"answered {status}, so nobody knows whether it has happened" in stand.handle()["message"]
    )
    assert stand.handle() == DECIDED
    assert stand.vendor.keys() == ["PR-1:effect-1"] * 3


def test_a_conflict_is_a_refusal_where_nothing_is_in_doubt(stand: Stand) -> None:
    stand.honours_keys()
    stand.resume(RESUME)
    stand.vendor.plan(*ENABLE, 409)
    assert "Error: 409" in stand.handle()["message"]
    assert stand.handle() == DECIDED
    assert stand.vendor.keys() == ["PR-1:effect-1", "PR-1:effect-1.r2"]


def test_code_that_swallows_a_doubt_can_neither_decide_nor_go_on(stand: Stand) -> None:
    stand.resume("""
        try:
            requests.put(VENDOR + '/tenant/t-7/enable').raise_for_status()
        except BaseException:
            pass
        try:
            if request['then'] == 'approve':
                Utils.approve_fulfillment_request(request, client)
            if request['then'] == 'call':
                requests.put(VENDOR + '/more')
        except BaseException:
            pass
    """)
    stand.honours_keys()
    for then in ["approve", "call", "end"]:
        stand.connect.request["then"] = then
        stand.vendor.plan(*ENABLE, 500)
        assert "nobody knows" in stand.handle()["message"]
    assert stand.connect.told == []
    assert len(stand.vendor.calls) == 3


def test_a_refusal_is_asked_afresh_after_an_exception(stand: Stand) -> None:
    stand.resume(RESUME)
    stand.vendor.plan(*ENABLE, 402, 409)
    for n in (402, 409):
        error = stand.handle()
        assert error["code"] == -32000
        assert f"RequestException: Error: {n} ->" in error["message"]
    assert stand.handle() == DECIDED
    assert list(stand.journal.done) == [
        "effect-1",
        "effect-1.r2",
        "effect-1.r3",
        "request",
    ]


def test_a_refusal_before_a_success_is_part_of_what_happened(stand: Stand) -> None:
    stand.resume("""
        if requests.put(VENDOR + '/tenant/t-7/enable').status_code == 404:
            requests.post(VENDOR + '/tenant')
        raise Exception('not yet')
    """)
    stand.vendor.plan(*ENABLE, 404)
    for _ in range(2):
        assert "not yet" in stand.handle()["message"]
        stand.die()
    assert stand.vendor.done == [("POST", "/tenant")]
    assert len(stand.vendor.calls) == 2


def test_a_vendor_that_cannot_be_reached_leaves_no_doubt(stand: Stand) -> None:
    stand.resume("""
        requests.put('http://127.0.0.1:1/tenant')
    """)
    for _ in range(3):
        assert stand.handle()["code"] == -32003
    assert list(stand.journal.done) == ["effect-1", "effect-1.r2", "effect-1.r3"]


@pytest.mark.parametrize("library", ["requests", "httpx"])
def test_a_redirect_that_cannot_be_followed_leaves_the_effect_in_doubt(
    stand: Stand, library: str
) -> None:
    follow = ", follow_redirects=True" if library == "httpx" else ""
    stand.resume(f"import {library}\n{library}.post(VENDOR + '/tenant'{follow})")
    nobody: dict[str, object] = {}
    elsewhere = (303, nobody, {"Location": "http://127.0.0.1:1/tenant/t-7"})
    stand.vendor.plan("POST", "/tenant", elsewhere, elsewhere)
    assert stand.handle()["code"] in (-32000, -32003)
    assert stand.handle()["message"] == "a person has to look"
    assert len(stand.vendor.calls) == 1


def test_what_is_redirected_is_not_repeated_either(stand: Stand) -> None:
    stand.resume("""
        from urllib3.util.retry import Retry
        session = requests.Session()
        for at in (VENDOR, VENDOR + '/v2'):
            retry = Retry(3, status_forcelist=[503], allowed_methods=None)
            session.mount(at, requests.adapters.HTTPAdapter(max_retries=retry))
        session.post(VENDOR + '/v1/tenant')
    """)
    stand.vendor.plan("POST", "/v1/tenant", (308, {}, {"Location": "/v2/tenant"}))
    stand.vendor.plan("POST", "/v2/tenant", 503)
    assert "so nobody knows whether it has happened" in stand.handle()["message"]
    assert [path for _, path, _, _ in stand.vendor.calls] == ["/v1/tenant", "/v2/tenant"]


def test_a_connection_that_failed_is_part_of_what_happened(stand: Stand) -> None:
    stand.resume("""
        try:
            requests.put('http://127.0.0.1:1/tenant')
        except requests.ConnectionError as error:
            requests.put(VENDOR + '/tenant')
        raise Exception('not yet')
    """)
    for _ in range(2):
        assert "Exception: not yet" in stand.handle()["message"]
    assert len(stand.vendor.calls) == 1


def test_much_that_is_read_before_an_effect_does_not_keep_it_from_being_recorded(
    stand: Stand,
) -> None:
    stand.resume("""
        tenants = [requests.get(f'{VENDOR}/tenants?page={n}').json() for n in range(80)]
        assert all(len(it) == 240_000 for it in tenants)
        api_client.resume_subscription({}, 't-7')
        raise Exception('not yet')
    """)
    for n in range(80):
        page = (200, "x" * 240_000)
        stand.vendor.plan("GET", f"/tenants?page={n}", page, page)
    for _ in range(2):
        assert "not yet" in stand.handle()["message"]
    assert stand.vendor.done == [ENABLE]
    # Those that were not kept are asked for again.
    assert 80 < len(stand.vendor.calls) < 160
    assert len(str(stand.journal.done)) < 5 * 1024 * 1024


def test_logins_are_no_steps_and_not_recorded(stand: Stand) -> None:
    stand.settings["logins"] = [stand.vendor.url + "/token"]
    stand.resume("""
        requests.post(VENDOR + '/token?for=me', data='secret')
        api_client.resume_subscription({}, 't-7')
        raise Exception('not yet')
    """)
    for _ in range(2):
        assert "not yet" in stand.handle()["message"]
    assert [path for _, path, _, _ in stand.vendor.calls] == [
        "/token?for=me",
        "/tenant/t-7/enable",
        "/token?for=me",
    ]
    assert "token" not in repr(stand.journal.done)


def test_an_approval_after_a_refusal_is_for_a_person(stand: Stand) -> None:
    swallows = """
        requests.put(VENDOR + '/tenant/t-7/enable')
        Utils.approve_fulfillment_request(request, client)
    """
    stand.resume(swallows)
    stand.vendor.plan(*ENABLE, 400, 400)
    parked = stand.handle()
    assert parked["code"] == -32001
    assert "the vendor's last answer to `PUT " in parked["message"]
    assert "was no success: 400. If that is as it should be" in parked["message"]
    stand.die()
    stand.settings["unproven"] = True
    assert stand.handle() == DECIDED


def test_an_approval_without_a_word_to_the_vendor_is_for_a_person(stand: Stand) -> None:
    stand.resume("Utils.approve_fulfillment_request(request, client)")
    assert "nothing was asked of the vendor" in stand.handle()["message"]
    stand.die()
    stand.settings["unproven"] = True
    assert stand.handle() == DECIDED


def test_a_rejection_needs_no_success(stand: Stand) -> None:
    stand.resume("Utils.reject_fulfillment_request(request['id'], 'Overdue', client)")
    assert stand.handle() == DECIDED
    assert stand.connect.told == [{"outcome": "fail", "reason": "Overdue"}]


def test_an_approval_before_the_vendor_is_called_goes_on_after_a_crash(stand: Stand) -> None:
    stand.settings["unproven"] = True
    stand.resume("""
        Utils.approve_fulfillment_request(request, client)
        api_client.resume_subscription({'as': request['status']}, 't-7')
    """)
    stand.vendor.plan(*ENABLE, 402)
    error = stand.handle()["message"]
    assert "approve was decided, failing after: RequestException: Error: 402" in error
    assert stand.handle() == DECIDED
    assert stand.vendor.done == [ENABLE]
    assert "pending" in stand.vendor.calls[-1][2]


#: Another way to make a call, each.
WAYS = {
    "requests.Session": "requests.Session().put(url, data='x')",
    "a stream": "assert b''.join(requests.put(url, stream=True).iter_content(3))",
    "a generator": "requests.put(url, data=(it for it in [b'a', b'b']))",
    "a file": "requests.put(url, data=open('config.json', 'rb'))",
    "urllib": """
        from urllib.request import Request, urlopen
        with urlopen(Request(url, method='PUT', data=b'x')) as answer:
            assert answer.status == 200 and b'tenantId' in answer.read()
    """,
    "http.client": """
        from http.client import HTTPConnection
        connection = HTTPConnection(VENDOR[7:])
        for _ in range(2):
            connection.request('GET', '/seats')
            assert connection.getresponse().read()
        connection.request('PUT', '/tenant/t-7/enable', body='x')
        answer = connection.getresponse()
        assert (answer.status, answer.getheader('content-type')) == (200, 'application/json')
    """,
    "httpx": "import httpx; assert httpx.put(url, content='x').json()['tenantId']",
    "httpx.Client": """
        import httpx
        with httpx.Client() as client_, client_.stream('PUT', url, content='x') as answer:
            assert b''.join(answer.iter_bytes())
    """,
    "retries of urllib3's": """
        from urllib3.util.retry import Retry
        session = requests.Session()
        retry = Retry(3, status_forcelist=[404], allowed_methods=None)
        session.mount('http://', requests.adapters.HTTPAdapter(max_retries=retry))
        session.put(VENDOR + '/unknown')
        session.put(url)
    """,
    "a redirect": "assert requests.post(VENDOR + '/moved').url.endswith('/there')",
}


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_call_is_a_step(stand: Stand, way: str) -> None:
    url = "url = VENDOR + '/tenant/t-7/enable'\n"
    stand.resume(url + dedent(WAYS[way]) + "\nraise Exception('not yet')")
    stand.vendor.plan("PUT", "/unknown", 404)
    stand.vendor.plan("POST", "/moved", (303, {}, {"Location": "/there"}))
    for _ in range(2):
        assert "Exception: not yet" in stand.handle()["message"]
    assert stand.journal.done["effect-1"]["calls"]
    assert len(stand.vendor.done) == (0 if way == "a redirect" else 1)


def test_other_connections_are_refused_before_they_are_made(stand: Stand) -> None:
    stand.resume("""
        import asyncio, httpx, socket, urllib3
        where = ('127.0.0.1', int(VENDOR.rsplit(':', 1)[1]))
        ways = [
            lambda: socket.create_connection(where),
            lambda: urllib3.PoolManager().request('PUT', VENDOR),
            lambda: asyncio.run(httpx.AsyncClient().put(VENDOR)),
        ]
        for way in ways:
            try:
                way()
            except Exception as error:
                print(type(error).__name__, error)
        requests.put(VENDOR)
        ways[0]()
    """)
    error = stand.handle()
    host = stand.vendor.url[7:]
    assert f"NotCovered: a connection to {host} was refused: under cnct run" in error["message"]
    assert "resume.py, line" in error["message"]
    assert len(stand.vendor.calls) == 1
    assert stand.worker is not None
    refusals = stand.worker.end().count(f"to {host} was refused: under cnct run")
    # The last was raised, too.
    assert refusals == 4 + 1
