"""Projects of the Python template that report usage once a month."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from runtime import Journal
from template_project import RESUME
from template_python import python
from test_template_layout import run
from usage_stand import CONTRACTS, OCTOBER, UsageStand, subscription

DONE = {"outcome": "done"}
EACH = [(verb, f"UF-{n}") for n in (1, 2) for verb in ("create", "upload", "submit")]


@pytest.fixture(params=["35"])
def stand(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[UsageStand]:
    with UsageStand(tmp_path / "project", python(request.param)) as stand:
        for n in range(2):
            used = [(200, {"licences": {"limit": 10 + n}})] * 9
            stand.vendor.plan("GET", f"/tenant/t-AS-{n}", *used)
        yield stand


BOTH = pytest.mark.parametrize("stand", ["21", "35"], indirect=True)


@BOTH
def test_the_month_is_reported_for_each_contract(stand: UsageStand) -> None:
    stand.reports()
    assert stand.report() == DONE
    assert stand.usage.done == EACH
    assert [it["contract"]["id"] for it in stand.usage.files] == CONTRACTS
    assert [it["period"] for it in stand.usage.files] == [OCTOBER["period"]] * 2
    assert stand.usage.files[0]["external_id"] == "CRD-1 PRD-1 November"
    assert b"AS-1-20261101" in _sheet(stand.usage.uploads[1])


def _sheet(upload: bytes) -> bytes:
    book = ZipFile(BytesIO(upload[upload.index(b"PK") :]))
    return b"".join(book.read(name) for name in book.namelist())


def test_the_runtime_is_told_of_the_day_beside_the_requests(stand: UsageStand) -> None:
    stand.reports("31", resume=RESUME)
    handlers = stand.start(initialize=False).initialize()["result"]["handlers"]
    assert [it["type"] for it in handlers] == ["resume", "report"]
    report = {"collection": "usage/files", "type": "report", "kind": "report", "day": 31}
    assert handlers[1] == report


@pytest.mark.parametrize("day", ["'#'", "0", "32", "'5'", "True", "None", "1.5"])
def test_without_a_day_usage_is_not_reported_and_the_start_says_so(
    stand: UsageStand, day: str
) -> None:
    # What it would need then is not needed.
    stand.reports(day, "import nothing_such\n", resume=RESUME)
    worker = stand.start(initialize=False)
    handlers = worker.initialize()["result"]["handlers"]
    assert [it["type"] for it in handlers] == ["resume"]
    assert f"usage is not reported: DAY_TO_REPORT_USAGE is {day}" in worker.end()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import nothing_such\n", "report_usage.py, line 1: there is no nothing_such: install it"),
        ("class Usage: pass\n", "report_usage.py has no class Usage with process_usage(self)"),
        (
            "class Usage:\n    def process_usage(self): pass\n",
            "report_usage.py, line 1: Usage is not made of a client alone",
        ),
    ],
)
def test_a_report_that_cannot_be_run_is_named_at_the_start(
    stand: UsageStand, text: str, words: str
) -> None:
    stand.reports(text=text)
    assert words in run(stand.folder)


def test_a_project_without_a_day_and_without_requests_has_nothing_to_run(stand: UsageStand) -> None:
    stand.reports("'#'")
    assert "there is nothing to run" in run(stand.folder)


#: Where it dies, before the call has been seen to or after that: at each call about the first
#: file, and at one about the second.
POINTS = [
    *[("connect.call", n, after) for n in (1, 2, 3, 5) for after in (False, True)],
    *[("step.complete", n, True) for n in (1, 2, 3)],
    *[("connect.get", n, False) for n in (1, 3)],
]


@pytest.mark.parametrize(("method", "n", "after"), POINTS)
def test_wherever_it_dies_each_file_is_submitted_once(
    stand: UsageStand, method: str, n: int, after: bool
) -> None:
    stand.reports()
    assert stand.report_and_die(method, n, after=after)
    assert stand.report() == DONE
    verbs = [verb for verb, _ in stand.usage.done]
    assert (verbs.count("create"), verbs.count("submit")) == (2, 2), stand.usage.done
    assert [it["status"] for it in stand.usage.files] == ["pending"] * 2
    # A workbook is brought again only where nobody knows whether it came.
    assert 2 <= verbs.count("upload") <= 3
    assert b"AS-1-20261101" in _sheet(stand.usage.uploads[-1])


ODD = [
    *[(verb, "lost") for verb in ("create", "upload", "submit")],
    *[("create", "unsent"), ("create", 400), ("upload", 429), ("upload", 500), ("submit", 503)],
]


@pytest.mark.parametrize(("verb", "plan"), ODD)
def test_a_lost_or_odd_answer_is_tried_again_and_doubles_nothing(
    stand: UsageStand, verb: str, plan: object
) -> None:
    stand.reports()
    stand.usage.plans[verb] = [plan]
    failed = stand.report()
    assert failed["code"] == (-32003 if plan == 503 else -32000)
    assert stand.report() == DONE
    verbs = [verb for verb, _ in stand.usage.done]
    assert (verbs.count("create"), verbs.count("submit")) == (2, 2), stand.usage.done
    assert [it["status"] for it in stand.usage.files] == ["pending"] * 2


@pytest.mark.parametrize("odd", [(502, None), (403, "no"), (200, None), (200, ["UF-1"])])
def test_a_file_that_connect_does_not_show_is_looked_at_again(
    stand: UsageStand, odd: tuple[int, object]
) -> None:
    stand.reports()
    assert stand.report_and_die("connect.call", 3, after=True)
    stand.usage.shows = [odd]
    said = f"Connect does not show UF-1: {odd[0]}"
    assert stand.report() == {"code": -32000, "message": said}
    assert stand.report() == DONE
    assert stand.usage.done == EACH


def test_a_file_without_an_external_id_is_not_made_again_after_a_lost_answer(
    stand: UsageStand,
) -> None:
    stand.reports()
    file = stand.folder / "connect_processor/app/report_usage.py"
    file.write_text(file.read_text().replace("'external_id'", "'note'"))
    stand.usage.plans["create"] = ["lost"]
    assert "no answer" in stand.report()["message"]
    assert stand.report() == {"code": -32000, "message": "a person has to look"}
    assert stand.usage.done == EACH[:1]


def test_what_was_reported_before_is_left_alone(stand: UsageStand) -> None:
    stand.reports()
    assert stand.report() == DONE
    # Another journal, and no memory of the first.
    stand.die()
    stand.journal = Journal(OCTOBER["id"])
    stand.usage.files[0]["status"] = "accepted"
    assert stand.report() == DONE
    assert stand.usage.done == EACH
    assert stand.worker is not None
    assert (
        "UF-1 (CRD-1 PRD-1 November) was submitted before: it is left alone" in stand.worker.end()
    )


def test_a_file_of_last_year_with_the_same_external_id_is_another_one(stand: UsageStand) -> None:
    stand.reports()
    assert stand.report() == DONE
    for file in stand.usage.files:
        file["period"] = {"from": "2025-10-01 00:00:00", "to": "2025-10-31 00:00:00"}
    stand.die()
    stand.journal = Journal(OCTOBER["id"])
    assert stand.report() == DONE
    assert len(stand.usage.files) == 4


def test_a_draft_that_was_left_behind_is_taken_over(stand: UsageStand) -> None:
    stand.reports()
    stand.report_and_die("connect.call", 2)
    stand.journal = Journal(OCTOBER["id"])
    assert stand.report() == DONE
    assert stand.usage.done == EACH


def test_two_files_of_the_same_external_id_are_two(stand: UsageStand) -> None:
    stand.reports()
    file = stand.folder / "connect_processor/app/report_usage.py"
    text = file.read_text()
    twice = "                self._create_usage(contract, product_id, records)\n"
    file.write_text(text.replace(twice, twice * 2))
    assert stand.report() == DONE
    assert len(stand.usage.files) == 4
    assert {it["status"] for it in stand.usage.files} == {"pending"}


def test_a_file_that_was_submitted_by_hand_meanwhile_is_submitted(stand: UsageStand) -> None:
    stand.reports()
    stand.usage.plans["submit"] = [400]
    assert "ClientError" in stand.report()["message"]
    stand.usage.files[0]["status"] = "pending"
    assert stand.report() == DONE
    assert stand.usage.done == [it for it in EACH if it != ("submit", "UF-1")]


def test_a_later_attempt_sees_what_the_first_saw_also_next_month(stand: UsageStand) -> None:
    stand.reports()
    stand.usage.plans["submit"] = [400]
    assert "ClientError" in stand.report()["message"]
    # Meanwhile there is another subscription, and another contract would be listed first.
    stand.usage.subscriptions.insert(0, subscription("AS-9", CONTRACTS[0], "PRD-0"))
    assert stand.report() == DONE
    assert stand.usage.done == EACH
    assert [call for call in stand.vendor.calls if call[1] == "/tenant/t-AS-0"] == [
        ("GET", "/tenant/t-AS-0", "", None)
    ]


CLOCK = """
import calendar, datetime, time
from datetime import date, datetime as now_of
from time import time as seconds
import requests


class Usage:
    def __init__(self, client):
        self.client = client

    def process_usage(self):
        import datetime as late
        made = now_of(2026, 1, 2), datetime.datetime.strptime('2026', '%Y'), date(2026, 1, 2)
        assert [type(it).__name__ for it in made] == ['datetime', 'datetime', 'date']
        assert isinstance(made[0], now_of) and isinstance(made[0], date) and not isinstance(1, date)
        assert type(made[0]) is type(now_of.now()) is not now_of
        assert time.monotonic() and calendar.timegm(time.gmtime()) == seconds()
        berlin = datetime.timezone(datetime.timedelta(hours=1))
        said = [now_of.today(), now_of.now(), now_of.utcnow(), late.datetime.now(late.timezone.utc),
                now_of.now(berlin), date.today(), late.date.today(),
                now_of.fromtimestamp(seconds()), int(time.time()), time.time_ns(),
                time.strftime('%d %b'), time.ctime()]
        time.sleep(0.25)
        said.append(seconds() - int(seconds()))
        requests.post(VENDOR + '/said', json=[str(it) for it in said])
"""


def test_the_code_sees_the_moment_at_which_it_was_due(
    stand: UsageStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    stand.reports(text=CLOCK)
    assert stand.report() == DONE
    assert stand.vendor.calls == [
        (
            "POST",
            "/said",
            '["2026-11-01 00:00:00", "2026-11-01 00:00:00", "2026-11-01 00:00:00", '
            '"2026-11-01 00:00:00+00:00", "2026-11-01 01:00:00+01:00", "2026-11-01", '
            '"2026-11-01", "2026-11-01 00:00:00", "1793491200", "1793491200000000000", "01 Nov", '
            '"Sun Nov  1 00:00:00 2026", "0.25"]',
            None,
        )
    ]


def test_requests_have_the_clock_of_the_system_also_after_a_report(stand: UsageStand) -> None:
    stand.settings["reuse"] = True
    stand.settings["unproven"] = True
    now = "from connect_processor.app import report_usage as it\n"
    now += "open('year', 'w').write(str((it.now_of.now().year, it.date.today().year)))\n"
    stand.reports(text=CLOCK, resume=now + "Utils.approve_fulfillment_request(request, client)")
    assert stand.report() == DONE
    assert stand.worker is not None
    stand.worker.answers["connect.get"] = stand.connect.get
    stand.worker.journal = Journal()
    assert stand.handle() == {"outcome": "decided"}
    import datetime

    year = datetime.datetime.now().year
    assert (stand.folder / "connect_processor/year").read_text() == str((year, year))


VENDORS = """
import requests


class Usage:
    def __init__(self, client):
        self.client = client

    def process_usage(self):
        requests.post(VENDOR + '/close')
        self.client.ns('usage').files.create(payload={
            'external_id': 'x', 'product': {'id': 'PRD-1'}, 'contract': {'id': 'CRD-1'},
            'period': {'from': '2026-10-01', 'to': '2026-10-31'}})
        if open('leave', 'a').tell():
            return
        open('leave', 'a').write('x')
        raise ValueError('the books are open')
"""


def test_an_exception_has_it_tried_again_with_its_text_and_place(stand: UsageStand) -> None:
    stand.reports(text=VENDORS)
    failed = stand.report()
    assert failed["code"] == -32000
    assert "ValueError: the books are open" in failed["message"]
    assert "report_usage.py, line 17" in failed["message"]
    assert stand.report() == DONE
    assert stand.vendor.done == [("POST", "/close")]
    assert stand.usage.done == EACH[:1]


def test_code_that_leaves_out_what_it_has_done_before_is_parked(stand: UsageStand) -> None:
    stand.reports(text=VENDORS)
    file = stand.folder / "connect_processor/app/report_usage.py"
    assert stand.report()["code"] == -32000
    stand.die()
    text = file.read_text()
    file.write_text(text.replace("        requests.post", "        return\n        requests.post"))
    parked = stand.report()
    assert parked["code"] == -32001
    assert "has left out the last 2: look" in parked["message"]


def test_anything_else_at_connect_is_refused(stand: UsageStand) -> None:
    stand.reports(
        text="""
class Usage:
    def __init__(self, client):
        self.client = client

    def process_usage(self):
        self.client.ns('usage').files['UF-1'].action('accept').post(payload={'note': 'x'})
"""
    )
    message = stand.report()["message"]
    assert "403" in message
    assert (
        "POST usage/files/UF-1/accept: under cnct run --template, code that reports usage may read"
        in message
    )
    assert stand.usage.done == []


def test_a_workbook_that_no_message_has_room_for_is_refused(stand: UsageStand) -> None:
    stand.reports(
        text="""
class Usage:
    def __init__(self, client):
        self.client = client

    def process_usage(self):
        book = {'usage_file': ('x.xlsx', b'x' * (12 << 20))}
        self.client.ns('usage').files['UF-1'].action('upload').post(files=book)
"""
    )
    message = stand.report()["message"]
    assert "413" in message and "11 MiB are the most" in message
