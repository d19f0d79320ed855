"""Code of a project that goes around what is caught, or shows what it should not."""

from __future__ import annotations

import pytest
from template_stand import Stand

DECIDED = {"outcome": "decided"}


@pytest.mark.parametrize(
    "around",
    [
        "c.putrequest('POST', '/tenant')\nc.putheader('Content-Length', '0')\nc.endheaders()",
        "c.send(b'POST /tenant HTTP/1.1\\r\\nHost: v\\r\\nContent-Length: 0\\r\\n\\r\\n')",
        "pools = session.get_adapter(VENDOR).poolmanager\n"
        "pools.connection_from_url(VENDOR).urlopen('POST', '/tenant')",
    ],
)
def test_what_is_said_over_an_open_connection_is_refused(stand: Stand, around: str) -> None:
    lines = "\n".join(f"        {line}" for line in around.splitlines())
    stand.resume(f"""
        import http.client
        session = requests.Session()
        session.get(VENDOR + '/tenant')
        c = http.client.HTTPConnection(VENDOR.split('//')[1])
        c.request('GET', '/tenant')
        c.getresponse().read()
{lines}
    """)
    for _ in range(2):
        assert "refused" in stand.handle()["message"]
    assert stand.vendor.done == []


@pytest.mark.parametrize("status", [404, 500])
def test_no_secret_of_an_address_is_shown_or_recorded(stand: Stand, status: int) -> None:
    stand.vendor.plan("PUT", "/tenant/t-7?api_key=s3cret&x=1", status, status)
    stand.resume("""
        r = requests.put(VENDOR + '/tenant/t-7?api_key=s3cret&x=1', json={})
        r.raise_for_status()
    """)
    said = str(stand.handle())
    assert "/tenant/t-7?api_key=…&x=…" in said
    assert stand.worker is not None
    seen = [said, str(stand.journal.done), stand.worker.log()]
    assert not [it for it in seen if "s3cret" in it]


def test_another_query_is_another_call(stand: Stand) -> None:
    stand.honours_keys()
    stand.resume("""
        import pathlib
        n = len(pathlib.Path('n').read_text()) if pathlib.Path('n').exists() else 0
        pathlib.Path('n').write_text('x' * (n + 1))
        requests.put(VENDOR + f'/tenant/t-7?n={n}', json={})
        raise Exception('later')
    """)
    stand.handle()
    assert "another query or body" in stand.handle()["message"]


def test_nobody_can_guess_what_is_random(stand: Stand) -> None:
    stand.resume("""
        import random, uuid, secrets
        raise Exception(f'{uuid.uuid4()} {random.random()} {random.choice(range(10**9))}')
    """)
    first = stand.handle()["message"]
    assert stand.handle()["message"] == first
    stand.die()
    assert stand.handle()["message"] == first
    stand.journal.done.clear()
    assert stand.handle()["message"] != first


def test_code_that_draws_nothing_records_nothing_of_it(stand: Stand) -> None:
    stand.resume("raise Exception('later')")
    stand.handle()
    assert stand.journal.done == {}


def test_a_client_that_is_not_caught_is_said_with_the_remedy(stand: Stand) -> None:
    stand.resume("""
        import asyncio, httpx
        async def call():
            async with httpx.AsyncClient() as session:
                await session.put(VENDOR + '/tenant')
        asyncio.run(call())
    """)
    said = stand.handle()["message"]
    assert f"NotCovered: a connection to {stand.vendor.url[7:]} was refused" in said
    assert "Use one of them" in said
    assert "resume.py, line" in said
    assert stand.vendor.calls == []


@pytest.mark.parametrize("library", ["requests.Session()", "httpx.Client(follow_redirects=True)"])
def test_a_cookie_that_came_with_a_redirect_is_there_after_a_crash(
    stand: Stand, library: str
) -> None:
    stand.resume(f"""
        import httpx
        session = {library}
        session.post(VENDOR + '/login', data={{'as': 'me'}})
        session.put(VENDOR + '/tenant', data=str(dict(session.cookies)))
        raise Exception('not yet')
    """)
    elsewhere = {"Location": "/home", "Set-Cookie": "sid=7; Path=/"}
    stand.vendor.plan("POST", "/login", (303, {}, elsewhere))
    for _ in range(2):
        assert "not yet" in stand.handle()["message"]
        stand.die()
    assert stand.vendor.calls[-1][2] == "{'sid': '7'}"
    assert len(stand.vendor.done) == 1


@pytest.mark.parametrize("how", ["multiprocessing", "os.fork"])
def test_a_process_that_the_code_starts_calls_nobody(stand: Stand, how: str) -> None:
    start = {
        "multiprocessing": """
        import multiprocessing
        p = multiprocessing.get_context('fork').Process(target=call)
        p.start()
        p.join()""",
        "os.fork": """
        import os
        pid = os.fork()
        if pid == 0:
            try:
                call()
            finally:
                os._exit(0)
        os.waitpid(pid, 0)""",
    }[how]
    stand.resume(f"""
        def call():
            requests.post(VENDOR + '/tenant', json={{}})
{start}
        Utils.approve_fulfillment_request(request, client)
    """)
    parked = stand.handle()
    assert "nothing was asked of the vendor" in parked["message"]
    assert stand.worker is not None
    assert "a process that the code has started calls" in stand.worker.log()
    assert stand.vendor.done == []


def test_an_answer_that_leads_elsewhere_is_no_proof(stand: Stand) -> None:
    stand.vendor.plan("PUT", "/tenant/t-7/enable", 304, 304)
    stand.resume("""
        requests.put(VENDOR + '/tenant/t-7/enable', json={})
        Utils.approve_fulfillment_request(request, client)
    """)
    assert "was no success: 304" in stand.handle()["message"]
