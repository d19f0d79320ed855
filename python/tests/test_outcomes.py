"""Outcomes and errors, as a handler writes them and as the runtime reads them."""

import json
from datetime import date, datetime, timedelta, timezone

import pytest
from conftest import Resume

from connect_handlers import (
    NotJson,
    Outcome,
    accept,
    approve,
    confirm,
    fail,
    ignore,
    inquire,
    reschedule,
    schedule,
    skip,
)

NOON = datetime(2026, 4, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (approve(), {"outcome": "approve"}),
        (
            approve({"id": "t-7"}, template="TL-1", effective_date=NOON, say="Ready."),
            {
                "outcome": "approve",
                "parameters": {"id": "t-7"},
                "template": "TL-1",
                "effective_date": "2026-04-01T12:00:00+00:00",
                "say": "Ready.",
            },
        ),
        (fail("Unpaid."), {"outcome": "fail", "reason": "Unpaid."}),
        (
            inquire({"domain": "Taken."}, template="TL-2", say="Please."),
            {
                "outcome": "inquire",
                "parameters": {"domain": "Taken."},
                "template": "TL-2",
                "say": "Please.",
            },
        ),
        (schedule("2026-04-01T12:00:00Z"), {"outcome": "schedule", "on": "2026-04-01T12:00:00Z"}),
        (reschedule(600), {"outcome": "reschedule", "after": 600}),
        (reschedule(timedelta(minutes=1)), {"outcome": "reschedule", "after": 60.0}),
        (skip(), {"outcome": "skip"}),
        (confirm(), {"outcome": "confirm"}),
        (accept(), {"outcome": "approve"}),
        (ignore("Unknown."), {"outcome": "fail", "reason": "Unknown."}),
    ],
)
def test_an_outcome_says_what_the_protocol_has(outcome: Outcome, said: dict[str, object]) -> None:
    assert json.loads(json.dumps(outcome.to_json())) == said


def test_outcomes_that_say_the_same_are_equal() -> None:
    assert approve({"id": "t-7"}) == approve({"id": "t-7"}) != approve()


def test_an_outcome_that_lacks_what_it_needs_is_none() -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        fail("")
    with pytest.raises(ValueError, match="at least one parameter"):
        inquire({})
    with pytest.raises(ValueError, match="no time zone"):
        schedule(datetime(2026, 4, 1))
    with pytest.raises(NotJson, match=r"approve.*\['day'\] is a date"):
        approve({"day": date(2026, 4, 1)}).to_json()


def test_a_handler_returns_an_outcome_and_nothing_else(resume: Resume) -> None:
    worker = resume("cx.request")
    assert worker.handle() == {
        "code": -32000,
        "message": "TypeError: resume returned NoneType and no outcome such as approve()",
    }


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        ("GiveUp('No.')", {"code": -32002, "message": "No."}),
        ("Park('Look at t-7.')", {"code": -32001, "message": "Look at t-7."}),
        ("Outage('It is down.')", {"code": -32003, "message": "It is down."}),
        ("TryAgain('Not yet.')", {"code": -32000, "message": "Not yet."}),
        (
            "TryAgain('Not yet.', after=7.5)",
            {"code": -32000, "message": "Not yet.", "data": {"after": 7.5}},
        ),
        ("KeyError('x')", {"code": -32000, "message": "KeyError: 'x'"}),
        ("ValueError", {"code": -32000, "message": "ValueError"}),
        ("ValueError('\\ud800')", {"code": -32000, "message": "ValueError: ?"}),
        ("KeyboardInterrupt", {"code": -32000, "message": "KeyboardInterrupt"}),
    ],
)
def test_what_a_handler_raises_says_what_is_done(
    resume: Resume, raised: str, error: dict[str, object]
) -> None:
    assert resume(f"raise {raised}").handle() == error


def test_the_log_has_the_traceback_of_what_was_not_meant(resume: Resume) -> None:
    worker = resume("""
        if cx.failures == 0:
            raise Park("Look.")
        return cx.request["nothing"]
    """)
    worker.handle()
    worker.handle(failures=1)
    log = worker.end()
    assert 'return cx.request["nothing"]' in log and "KeyError: 'nothing'" in log
    assert "Look." not in log
