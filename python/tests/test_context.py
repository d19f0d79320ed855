"""What a handler sees of its request, and what it may ask."""

from conftest import Resume, Start
from runtime import RuntimeRefuses, request


def test_a_parameter_is_read_from_the_subscription(resume: Resume) -> None:
    worker = resume('return approve({"was": cx.parameter("subscription_id")})')
    assert worker.handle()["parameters"] == {"was": "t-7"}


def test_a_parameter_without_a_value_lets_the_request_wait(resume: Resume) -> None:
    worker = resume('cx.parameter("admin_email"); return approve()')
    assert worker.handle() == {
        "code": -32000,
        "message": "parameter `admin_email` of PR-1 has no value; "
        "fill it in, the request is looked at again",
    }


def test_a_parameter_of_a_tier_request_is_its_own(start: Start) -> None:
    worker = start("""
        @on.tier_config.setup
        def setup(cx):
            return approve({"code": cx.parameter("partner_code")})
    """)
    params = [{"id": "partner_code", "value": "OR-9001"}]
    outcome = worker.handle(
        "setup", collection="tier/config-requests", request={"id": "TCR-1", "params": params}
    )
    assert outcome["parameters"] == {"code": "OR-9001"}


def test_items_that_connect_does_not_mention_are_not_no_items(resume: Resume) -> None:
    worker = resume('return approve({"count": str(len(cx.items))})')
    assert worker.handle()["parameters"] == {"count": "1"}
    assert "items" in worker.handle(request=request("resume", items=None))["message"]


def test_a_handler_sees_how_often_it_went_wrong(resume: Resume) -> None:
    worker = resume("""return approve({"seen": f"{cx.failures} {cx.request['id']}"})""")
    assert worker.handle(failures=2)["parameters"] == {"seen": "2 PR-1"}


def test_a_handler_sees_which_visit_of_the_request_it_is(resume: Resume) -> None:
    worker = resume("""return approve({"seen": str(cx.visit)})""")
    assert worker.handle(visit=2)["parameters"] == {"seen": "2"}
    # An older runtime does not say it.
    assert worker.handle()["parameters"] == {"seen": "1"}


def test_a_handler_sees_what_another_system_wrote(resume: Resume) -> None:
    worker = resume('return approve({"seen": str(cx.migration and cx.migration["text"])})')
    assert worker.handle()["parameters"] == {"seen": "None"}
    data = {"parameter": "migration_info", "text": "t-7"}
    assert worker.handle(migration=data)["parameters"] == {"seen": "t-7"}


def test_what_was_recorded_is_read_without_a_step(resume: Resume) -> None:
    worker = resume('return approve({"a": cx.recorded("create"), "b": cx.recorded("none")})')
    worker.journal.done["create"] = "t-7"
    assert worker.handle()["parameters"] == {"a": "t-7", "b": None}


def test_something_is_said_to_all_or_to_colleagues(resume: Resume) -> None:
    worker = resume('cx.say("begun", "It begins."); cx.note("odd", "Look."); return approve()')
    worker.handle()
    assert worker.said("say") == [
        {"name": "begun", "text": "It begins.", "private": False},
        {"name": "odd", "text": "Look.", "private": True},
    ]


def test_a_text_that_is_not_unicode_is_not_said(resume: Resume) -> None:
    worker = resume("cx.say('odd', '\\udcff'); return approve()")
    error = worker.handle()
    assert error == {"code": -32000, "message": "NotJson: it has a text that is not Unicode"}
    assert worker.asked == []


def test_there_is_a_link_to_call_back_or_none(resume: Resume) -> None:
    worker = resume('return approve({"link": cx.callback() or "none"})')
    assert worker.handle()["parameters"] == {"link": "none"}
    worker.answers["callback"] = lambda _: {"url": "https://acme.example/callback"}
    assert worker.handle()["parameters"] == {"link": "https://acme.example/callback"}


def test_connect_can_be_read(resume: Resume) -> None:
    worker = resume('return approve({"status": cx.connect.get("assets/AS-1")["status"]})')
    worker.answers["connect.get"] = lambda _: {"body": {"status": "active"}}
    assert worker.handle()["parameters"] == {"status": "active"}
    assert worker.said("connect.get") == [{"path": "assets/AS-1"}]


def test_what_connect_refuses_to_show_is_an_error(resume: Resume) -> None:
    worker = resume("""
        try:
            cx.connect.get("assets/AS-2")
        except CallError as error:
            return fail(str(error))
    """)

    def refuse(_: object) -> dict[str, object]:
        raise RuntimeRefuses(-32000, "404 of assets/AS-2")

    worker.answers["connect.get"] = refuse
    assert worker.handle() == {"outcome": "fail", "reason": "404 of assets/AS-2"}


def test_an_answer_of_connect_can_be_read_as_it_is(resume: Resume) -> None:
    worker = resume("""
        answer = cx.connect.get_raw("assets?limit=1")
        return approve({"of": f"{answer.status} {answer.headers['content-range']} {answer.body}"})
    """)
    headers = {"content-range": "items 0-0/7"}
    worker.answers["connect.get"] = lambda _: {"status": 200, "headers": headers, "body": [1]}
    assert worker.handle()["parameters"] == {"of": "200 items 0-0/7 [1]"}
    assert worker.said("connect.get") == [{"path": "assets?limit=1", "raw": True}]


def test_parameters_are_written_before_an_outcome_is_known(resume: Resume) -> None:
    worker = resume("""
        request = cx.update({"subscription_id": "t-8"})
        return approve({"note": request["note"]})
    """)
    worker.answers["connect.update"] = lambda _: {"request": {"note": "written"}}
    assert worker.handle()["parameters"] == {"note": "written"}
    assert worker.said("connect.update") == [{"parameters": {"subscription_id": "t-8"}}]


def test_connect_is_told_the_outcome_while_the_handler_goes_on(resume: Resume) -> None:
    worker = resume("""
        request = cx.decide(approve(template="TL-1"))
        cx.note("told", request["status"])
        return decided()
    """)
    worker.answers["decide"] = lambda _: {"request": {"status": "approved"}}
    assert worker.handle() == {"outcome": "decided"}
    assert worker.said("decide") == [{"outcome": {"outcome": "approve", "template": "TL-1"}}]
    assert worker.said("say")[0]["text"] == "approved"


def test_a_decision_that_connect_refuses_is_none(resume: Resume) -> None:
    worker = resume("""
        try:
            cx.decide(approve())
        except CallError as error:
            return fail(f"{error.data['status']}")
    """)

    def refuse(_: object) -> dict[str, object]:
        raise RuntimeRefuses(-32000, "400 of PR-1", {"status": 400})

    worker.answers["decide"] = refuse
    assert worker.handle() == {"outcome": "fail", "reason": "400"}


def test_a_line_for_the_log_names_its_run(resume: Resume) -> None:
    worker = resume('cx.log("slow today", "warn"); return approve()')
    number, run = worker.begin()
    worker.settle(number)
    assert worker.asked == [("log", {"run": run, "level": "warn", "message": "slow today"})]
