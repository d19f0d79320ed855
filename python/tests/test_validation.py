"""Validators: what is wrong with a request before it is one."""

from __future__ import annotations

import pytest
from conftest import Start
from runtime import Message, RuntimeRefuses, request

TAKEN = """
@on.validate.purchase
def purchase(draft):
    email = draft.parameter("admin_email")
    if email is None:
        return {"admin_email": Finding(required=True)}
    if email.endswith("@taken.example"):
        return {"admin_email": Finding(error="taken.example is taken.")}
    return {}
"""


def draft(email: str) -> Message:
    params = [{"id": "admin_email", "value": email}]
    return {**request("purchase", params=params), "status": "draft"}


def test_a_validator_says_what_is_wrong_with_a_draft(start: Start) -> None:
    worker = start(TAKEN)
    wrong = worker.validate(request=draft("ada@taken.example"))
    assert wrong == {"findings": {"admin_email": {"error": "taken.example is taken."}}}
    assert worker.validate(request=draft("ada@cedar.example")) == {"findings": {}}
    assert worker.validate(request=draft("")) == {"findings": {"admin_email": {"required": True}}}


def test_all_that_there_is_to_say_is_said(start: Start) -> None:
    worker = start("""
        @on.validate.change
        def change(draft):
            return {
                "plan": Finding(value="s", choices={"s": "Small", "l": "Large"}, readonly=False),
                "address": Finding(structured_value={"city": "Rome"}, structured_error={"m": 1}),
                "vat_id": Finding(hidden=True),
            }
    """)
    assert worker.validate("change") == {
        "findings": {
            "plan": {"value": "s", "choices": [["s", "Small"], ["l", "Large"]], "readonly": False},
            "address": {"structured_value": {"city": "Rome"}, "structured_error": {"m": 1}},
            "vat_id": {"hidden": True},
        }
    }


def test_a_worker_says_what_it_validates(start: Start) -> None:
    lines = [
        f"@on.validate.{name}\ndef validator_{n}(draft): return {{}}\n"
        for n, name in enumerate(
            [
                "purchase",
                "change",
                "renew",
                "transfer",
                "tier_config.setup",
                "tier_config.update",
            ]
        )
    ]
    worker = start("\n".join(lines), initialize=False)
    said = worker.initialize()["result"]["handlers"]
    assert {it["kind"] for it in said} == {"validation"}
    assert [f"{it['collection']} {it['type']}" for it in said] == [
        "requests purchase",
        "requests change",
        "requests renew",
        "requests transfer",
        "tier/config-requests setup",
        "tier/config-requests update",
    ]


def test_a_validator_reads_from_connect(start: Start) -> None:
    worker = start("""
        @on.validate.purchase
        def purchase(draft):
            draft.log("hello")
            try:
                draft.connect.get("nothing")
            except CallError as error:
                return {"a": Finding(error=str(error.data["status"]))}
    """)

    def get(params: Message) -> Message:
        raise RuntimeRefuses(-32000, "no", {"status": 404})

    worker.answers["connect.get"] = get
    assert worker.validate() == {"findings": {"a": {"error": "404"}}}
    assert worker.said("log") == [{"level": "info", "message": "hello"}]


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("raise GiveUp('We sell to nobody.')", -32002, "We sell to nobody."),
        ("raise KeyError('x')", -32000, "KeyError: 'x'"),
        ("raise ConnectionError('down')", -32003, "ConnectionError: down"),
        ("return None", -32000, "a validator returned NoneType, and no dict such as {} or"),
        ("return {'a': 'taken'}", -32000, "the finding of `a` is a str: say {"),
        ("return {'a': Finding(value=float('nan'))}", -32000, "['a']['value'] is nan"),
        ("return {1: Finding()}", -32000, "has the key 1, which is no text"),
    ],
)
def test_what_is_no_answer_is_an_error(start: Start, body: str, code: int, words: str) -> None:
    worker = start(f"@on.validate.purchase\ndef purchase(draft):\n    {body}\n")
    refused = worker.validate()
    assert refused["code"] == code
    assert words in refused["message"]


def test_what_nothing_validates_is_refused(start: Start) -> None:
    worker = start("@on.purchase\ndef purchase(cx): return approve()\n")
    refused = worker.validate()
    assert refused == {
        "code": -32602,
        "message": "nothing handles validation of purchase of requests",
    }


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("@on.validate.change\nasync def a(draft): return {}\n", "a is `async def`"),
        (
            "@on.validate.change\ndef a(draft): return {}\n"
            "@on.validate.change\ndef b(draft): return {}\n",
            "validation of change of requests is handled twice: by a and by b",
        ),
    ],
)
def test_what_cannot_be_registered_is_said_at_once(start: Start, lines: str, words: str) -> None:
    worker = start(lines, initialize=False)
    assert worker.code() == 1
    assert words in worker.log()
