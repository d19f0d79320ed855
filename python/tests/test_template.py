"""Projects of the Python template: what they do, and what is left of it after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from template_project import PURCHASE, RESUME
from template_stand import Stand

BOTH = pytest.mark.parametrize("stand", ["21", "35"], indirect=True)
DECIDED = {"outcome": "decided"}
#: The page that the snippet is on, where it is at hand.
PUBLISHED = Path(__file__).parents[3] / "shared" / "connect" / "subscription-resumption.txt"
ENABLE = ("PUT", "/tenant/t-7/enable")


@BOTH
def test_a_resume_is_approved_as_the_snippet_has_it(stand: Stand) -> None:
    stand.resume(RESUME)
    assert stand.handle() == DECIDED
    assert stand.vendor.done == [ENABLE]
    assert stand.connect.told == [{"outcome": "approve", "template": "TL-1"}]


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published page is not here")
def test_the_published_snippet_is_run_as_it_stands(stand: Stand) -> None:
    snippet = published_snippet()
    stand.resume(RESUME)
    # The vendor call, which it asks to fill in, is all that is added.
    for line in [
        "api_client = APIClient(api_url=",
        "                       api_key='')",
        "resume_payload =",
        "api_client.resume_subscription(",
    ]:
        assert f"# {line}" in snippet
        snippet = snippet.replace(f"# {line}", line)
    snippet = snippet.replace("api_url=''", f"api_url='{stand.vendor.url}'")
    added = "from connect_processor.app.api_client.isv_client import APIClient\n"
    (stand.folder / "connect_processor" / "app" / "resume.py").write_text(added + snippet)
    assert stand.handle() == DECIDED
    assert stand.vendor.done == [ENABLE]
    assert stand.connect.told == [{"outcome": "approve", "template": "TL-1"}]


def published_snippet() -> str:
    """Returns the snippet of the page on resuming, without the line breaks of the print."""
    page = PUBLISHED.read_text()
    first = page.index("from connect_processor.app.utils.utils")
    lines: list[str] = []
    for line in page[first : page.index("Summary", first)].splitlines():
        if lines and "#" in lines[-1] and line[:1].isalpha():
            # The rest of a comment.
            lines[-1] += f" {line}"
        elif line.strip():
            lines.append(line)
    return "\n".join(lines) + "\n"


@BOTH
def test_a_purchase_makes_a_tenant_and_writes_its_id(stand: Stand) -> None:
    stand.project(purchase=PURCHASE)
    assert stand.handle("purchase") == DECIDED
    assert stand.vendor.done == [("POST", "/tenant"), ("PUT", "/tenant/t-1")]
    assert stand.connect.written == [{"subscription_id": "t-1"}]


#: Where a purchase may be interrupted, and how often the method comes until then.
POINTS = [
    *[(method, n) for n in (1, 2) for method in ("step.begin", "step.complete")],
    ("connect.update", 1),
    ("connect.get", 1),
    ("step.begin", 3),
    ("step.complete", 3),
    ("decide", 1),
]


@pytest.mark.parametrize(("method", "n"), POINTS)
def test_a_purchase_that_died_goes_on_and_makes_nothing_twice(
    stand: Stand, method: str, n: int
) -> None:
    stand.honours_keys()
    stand.project(purchase=PURCHASE)
    stand.handle_and_die(method, n, "purchase")
    assert stand.handle("purchase") == DECIDED
    keys = ["PR-1:effect-1", "PR-1:effect-2"]
    assert list(dict.fromkeys(stand.vendor.keys())) == keys
    # What was recorded is not called again; what was not, with its key.
    most = 3 if method == "step.complete" and n < 3 else 2
    assert len(stand.vendor.calls) == most
    assert [told["outcome"] for told in stand.connect.told] == ["approve"]


SEES = """
requests.get(VENDOR + '/seats')
api_client.resume_subscription({}, 't-7')
seats = requests.get(VENDOR + '/seats').json()
assert 'mine' not in request
request['mine'] = 'x'
params = [{'id': 'subscription_id', 'value': request['status']}]
Utils.update_subscription_parameters(request['id'], {'asset': {'params': params}}, client)
Utils.approve_fulfillment_request(request, client)
api_client.change_subscription({'licences': {'limit': seats}}, 't-7')
"""


def test_code_that_dies_after_it_has_decided_sees_again_what_it_saw(stand: Stand) -> None:
    stand.resume(SEES)
    stand.vendor.plan("GET", "/seats", (200, 5), (200, 6), (200, 7), (200, 8))
    # At the effect after the decision.
    stand.handle_and_die("step.begin", 3)
    assert stand.connect.request["status"] == "approved"
    assert stand.handle() == DECIDED
    assert stand.connect.told == [{"outcome": "approve", "template": "TL-1"}] * 2
    assert stand.connect.written == [{"subscription_id": "pending"}]
    assert stand.vendor.done == [ENABLE, ("PUT", "/tenant/t-7")]
    assert '"limit": 6' in stand.vendor.calls[-1][2]


def test_reads_after_the_last_effect_are_asked_anew(stand: Stand) -> None:
    stand.resume(SEES)
    stand.vendor.plan("GET", "/seats", (200, 5), (200, 6), (200, 7))
    stand.handle_and_die("connect.update")
    assert stand.handle() == DECIDED
    assert [call[0] for call in stand.vendor.calls] == ["GET", "PUT", "GET", "GET", "PUT"]
    assert '"limit": 7' in stand.vendor.calls[-1][2]


def test_code_that_says_something_else_than_before_is_parked(stand: Stand) -> None:
    stand.resume("""
        requests.put(VENDOR + '/tenant', data='1')
        open('times', 'a').write('x')
        requests.put(VENDOR + '/limit', data=open('times').read())
        requests.get(VENDOR + '/' + open('times').read())
        requests.put(VENDOR + '/more')
        raise Exception('not yet')
    """)
    assert stand.handle()["code"] == -32000
    parked = stand.handle()
    assert parked["code"] == -32001
    words = f"call 2 of this run is another than before: `PUT {stand.vendor.url}/limit` was "
    assert words + "recorded with another query or body" in parked["message"]
    assert stand.connect.told == []


def test_code_that_calls_another_address_than_before_is_parked(stand: Stand) -> None:
    stand.resume("""
        open('times', 'a').write('x')
        requests.put(VENDOR + '/' + open('times').read())
        raise Exception('not yet')
    """)
    stand.handle()
    parked = stand.handle()
    assert parked["code"] == -32001
    url = stand.vendor.url
    assert f"`PUT {url}/x` was recorded, and now comes `PUT {url}/xx`" in parked["message"]


def test_code_that_decides_without_what_it_has_done_before_is_parked(stand: Stand) -> None:
    stand.resume("""
        open('times', 'a').write('x')
        if open('times').read() == 'x':
            requests.put(VENDOR + '/tenant')
            raise Exception('not yet')
        Utils.reject_fulfillment_request(request['id'], 'no', client)
    """)
    stand.handle()
    parked = stand.handle()
    assert parked["code"] == -32001
    assert "recorded before it has left out the last 1: look" in parked["message"]


def test_randomness_is_the_same_in_each_attempt(stand: Stand) -> None:
    stand.resume("""
        import random, uuid
        names = {'a', 'b', 'c', 'd', 'e', str(uuid.uuid4()), str(random.random())}
        requests.post(VENDOR + '/tenant', json=list(names))
        requests.post(VENDOR + '/file', files={'sheet': b'1;2'})
        raise Exception('not yet')
    """)
    for _ in range(2):
        assert "not yet" in stand.handle()["message"]
        stand.die()
    assert len(stand.vendor.calls) == 2
