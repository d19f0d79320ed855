"""Steps: what is asked of the runtime around an effect, and what a handler gets."""

import pytest
from conftest import Resume
from runtime import Message, RuntimeRefuses

ENABLE = """
    value = cx.step("enable", lambda key: {"called with": key})
    return approve({"said": str(value)})
"""
ASKED = """
    value = cx.step("enable", lambda key: "acted", look=lambda: %s)
    return approve({"said": value})
"""


def test_a_step_has_its_effect_with_its_key_and_its_value_is_recorded(resume: Resume) -> None:
    worker = resume(ENABLE)
    outcome = worker.handle()
    assert outcome["outcome"] == "approve"
    assert worker.said("step.begin") == [{"step": "enable", "class": "keyed"}]
    assert worker.said("step.complete") == [
        {"step": "enable", "value": {"called with": "PR-1:enable"}}
    ]


def test_a_step_that_has_happened_has_no_effect_again(resume: Resume) -> None:
    worker = resume('return approve({"tenant": cx.step("create", lambda key: 1 / 0)})')
    worker.journal.done["create"] = "t-7"
    assert worker.handle() == {"outcome": "approve", "parameters": {"tenant": "t-7"}}


def test_a_handler_gets_the_value_as_it_is_recorded(resume: Resume) -> None:
    worker = resume("""
        first = cx.step("create", lambda key: ("a", 1))
        return approve({"type": type(first).__name__})
    """)
    assert worker.handle()["parameters"] == {"type": "list"}


def test_a_step_may_have_no_value(resume: Resume) -> None:
    worker = resume('cx.step("enable", lambda key: None); return approve()')
    assert worker.handle() == {"outcome": "approve"}
    assert worker.journal.done == {"enable": None}


def test_a_time_limit_goes_with_the_step(resume: Resume) -> None:
    worker = resume('cx.step("enable", lambda key: 1, time_limit=2.5); return approve()')
    worker.handle()
    assert worker.said("step.begin") == [{"step": "enable", "class": "keyed", "time_limit": 2.5}]


def test_the_vendor_is_asked_only_if_an_earlier_attempt_may_have_acted(resume: Resume) -> None:
    worker = resume(ASKED % "1 / 0")
    assert worker.handle()["parameters"] == {"said": "acted"}
    assert worker.said("step.begin") == [{"step": "enable", "class": "probed"}]


def test_what_the_vendor_says_has_happened_does_not_happen_again(resume: Resume) -> None:
    worker = resume(ASKED % "'found'")
    worker.journal.begun["enable"] = "probed"
    assert worker.handle()["parameters"] == {"said": "found"}
    assert worker.said("step.complete") == []


def test_what_the_vendor_says_has_not_happened_happens(resume: Resume) -> None:
    for nothing in ["None", "False", "[]"]:
        worker = resume(ASKED % nothing)
        worker.journal.begun["enable"] = "probed"
        assert worker.handle()["parameters"] == {"said": "acted"}
        assert worker.said("step.found") == [{"step": "enable", "found": False}]


def test_a_look_that_goes_wrong_settles_nothing(resume: Resume) -> None:
    worker = resume(ASKED % "1 / 0")
    worker.journal.begun["enable"] = "probed"
    assert worker.handle()["code"] == -32000
    assert worker.said("step.failed") == [
        {"step": "enable", "message": "ZeroDivisionError: division by zero"}
    ]


def test_a_step_that_was_asked_about_and_has_no_look_any_more_is_for_a_person(
    resume: Resume,
) -> None:
    worker = resume(ENABLE)
    worker.answers["step.begin"] = lambda _: {"state": "look"}
    assert worker.handle()["code"] == -32001


def test_a_step_that_is_never_repeated_says_so(resume: Resume) -> None:
    worker = resume('cx.step("charge", lambda key: 1, once=True); return approve()')
    worker.handle()
    assert worker.said("step.begin") == [{"step": "charge", "class": "once"}]


def test_a_step_cannot_be_asked_about_and_be_never_repeated(resume: Resume) -> None:
    worker = resume("""
        cx.step("charge", lambda key: 1, look=lambda: 1, once=True)
        return approve()
    """)
    assert "`look`" in worker.handle()["message"]
    assert worker.asked == []


def test_a_refusal_is_recorded_and_fails_the_request(resume: Resume) -> None:
    body = """
        def enable(key):
            raise GiveUp("The last invoice is overdue.")
        cx.step("enable", enable)
        return approve()
    """
    worker = resume(body)
    refused = {"code": -32002, "message": "The last invoice is overdue."}
    assert worker.handle() == refused
    assert worker.journal.refused == {"enable": "The last invoice is overdue."}
    assert worker.handle() == refused
    assert len(worker.said("step.refused")) == 1


def test_a_handler_may_decide_otherwise_about_a_refusal(resume: Resume) -> None:
    worker = resume("""
        def refuse(key):
            raise GiveUp("At most 500.")
        try:
            cx.step("set_limit", refuse)
        except GiveUp as refusal:
            return inquire({"quantity": refusal.reason})
        return approve()
    """)
    assert worker.handle() == {"outcome": "inquire", "parameters": {"quantity": "At most 500."}}


def test_an_exception_in_a_step_is_told_and_tried_again(resume: Resume) -> None:
    worker = resume("""
        cx.step("enable", lambda key: int("seven"))
        return approve()
    """)
    said = "ValueError: invalid literal for int() with base 10: 'seven'"
    assert worker.handle() == {"code": -32000, "message": said}
    assert worker.said("step.failed") == [{"step": "enable", "message": said}]


def test_a_connection_that_breaks_is_an_outage_whatever_a_library_makes_of_it(
    resume: Resume,
) -> None:
    for raised, outage in [("from error", True), ("", True), ("from None", False)]:
        worker = resume(f"""
            class LibraryError(Exception): pass
            def enable(key):
                try:
                    raise ConnectionRefusedError("nobody listens")
                except OSError as error:
                    raise LibraryError("no luck") {raised}
            cx.step("enable", enable)
        """)
        code = -32003 if outage else -32000
        assert worker.handle() == {"code": code, "message": "LibraryError: no luck"}
        assert worker.said("step.failed")[0].get("outage", False) is outage


def test_a_socket_that_times_out_is_an_outage(resume: Resume) -> None:
    worker = resume("import socket; raise socket.timeout('timed out')")
    assert worker.handle()["code"] == -32003


@pytest.mark.parametrize(("also", "outage"), [("TimeoutError()", True), ("ValueError()", False)])
def test_a_group_of_exceptions_says_what_is_in_it(resume: Resume, also: str, outage: bool) -> None:
    # As `ExceptionGroup` is, which older Pythons do not have.
    worker = resume(f"""
        class Group(Exception):
            exceptions = (ConnectionError("it hung up"), {also})
        def call(key):
            raise Group("in a task group")
        cx.step("enable", call)
    """)
    error = worker.handle()
    assert error["code"] == (-32003 if outage else -32000)
    assert error["message"] == "Group: in a task group: ConnectionError: it hung up"


def test_an_outage_is_told_with_the_wait_that_was_asked_for(resume: Resume) -> None:
    worker = resume("""
        def enable(key):
            raise Outage("answered 503", after=30)
        cx.step("enable", enable)
    """)
    assert worker.handle() == {"code": -32003, "message": "answered 503", "data": {"after": 30}}
    assert worker.said("step.failed") == [
        {"step": "enable", "message": "answered 503", "after": 30, "outage": True}
    ]


def test_a_step_whose_exception_is_swallowed_approves_nothing(resume: Resume) -> None:
    worker = resume("""
        try:
            cx.step("enable", lambda key: 1 / 0)
        except Exception:
            pass
        return approve()
    """)
    said = {"code": -32000, "message": "ZeroDivisionError: division by zero"}
    assert worker.handle() == said


def test_an_outcome_waits_for_no_thread_that_takes_a_step(resume: Resume) -> None:
    worker = resume("""
        import threading
        begun, never = threading.Event(), threading.Event()
        def act(key):
            begun.set()
            never.wait()
        threading.Thread(target=lambda: cx.step("enable", act), daemon=True).start()
        begun.wait()
        return approve()
    """)
    error = worker.handle()
    assert error["code"] == -32000 and "`enable` is under way" in error["message"]


def test_a_value_that_is_no_json_is_for_a_person_and_says_which_step(resume: Resume) -> None:
    for value, words in [
        ("{'at': {1, 2}}", "its value['at'] is a set"),
        ("[1, float('nan')]", "its value[1] is nan"),
        ("{7: 'x'}", "the key 7"),
        ("2 ** 64", "more than 64 bits"),
        ("'\\ud800'", "not Unicode"),
        ("__import__('functools').reduce(lambda it, _: [it], range(500))", "nested more than"),
        ("'x' * 2 ** 24", "longer than a message"),
    ]:
        worker = resume(f'cx.step("create", lambda key: {value}); return approve()')
        error = worker.handle()
        assert error["code"] == -32001, error
        assert error["message"].startswith("step `create` has happened, but "), error
        assert words in error["message"], error
        assert len(worker.said("step.failed")) == 1


def test_a_name_that_the_runtime_refuses_is_an_error_with_its_words(resume: Resume) -> None:
    worker = resume('cx.step("no name!", lambda key: 1); return approve()')

    def refuse(_: object) -> dict[str, object]:
        raise RuntimeRefuses(-32602, "`no name!` is no name of a step")

    worker.answers["step.begin"] = refuse
    assert worker.handle() == {
        "code": -32000,
        "message": "CallError: `no name!` is no name of a step",
    }


def test_a_state_that_nobody_knows_lets_nothing_happen(resume: Resume) -> None:
    worker = resume(ENABLE)
    worker.answers["step.begin"] = lambda _: {"state": "perhaps"}
    assert "'perhaps'" in worker.handle()["message"]


def test_what_was_said_to_the_vendor_goes_with_the_step(resume: Resume) -> None:
    worker = resume("""
        def enable(key):
            it = ("PUT", "https://api.example/t-7")
            call_made(*it, status=200, body=b"", answer="{}", took_ms=21)
        cx.step("enable", enable)
        call_made("GET", "https://api.example/t-7")
        return approve()
    """)
    worker.handle()
    assert worker.said("step.complete")[0]["calls"] == [
        {
            "method": "PUT",
            "address": "https://api.example/t-7",
            "status": 200,
            "body": "",
            "answer": "{}",
            "took_ms": 21,
        }
    ]


def test_what_was_said_is_kept_of_a_step_that_fails_too(resume: Resume) -> None:
    worker = resume("""
        def enable(key):
            call_made("PUT", "https://api.example/t-7")
            raise TimeoutError
        cx.step("enable", enable)
    """)
    worker.handle()
    assert worker.said("step.failed")[0]["calls"][0]["status"] is None


def test_a_step_is_undone_with_its_value_and_a_key_of_its_own(resume: Resume) -> None:
    worker = resume("""
        cx.step("create", lambda key: "t-7", undo=lambda key, value: print("undo", key, value))
        return fail("Not here.")
    """)
    number, run = worker.begin()
    worker.settle(number)
    assert worker.said("step.begin") == [{"step": "create", "class": "keyed", "undo": True}]
    undo = {"run": run, "step": "create", "key": "PR-1:@undo.create", "value": "t-7"}
    assert worker.settle(worker.call("undo", undo))[0]["result"] == {}
    worker.tell("ended", {"run": run})
    assert "nothing here undoes" in worker.settle(worker.call("undo", undo))[0]["error"]["message"]
    assert "undo PR-1:@undo.create t-7" in worker.end()


def test_a_handler_that_is_stopped_has_said_how_its_steps_are_undone(resume: Resume) -> None:
    worker = resume("""
        cx.step("create", lambda key: 1 / 0, undo=lambda key, value: print("undo", value))
        cx.step("set_limit", lambda key: 1 / 0)
        return approve()
    """)
    worker.journal.done["create"] = "t-7"

    def begin(params: Message) -> Message:
        if params["step"] in worker.journal.done:
            return worker.journal.begin(params)
        raise RuntimeRefuses(-32010, "it is undone")

    worker.answers["step.begin"] = begin
    number, run = worker.begin()
    worker.settle(number)
    undo = {"run": run, "step": "create", "key": "k", "value": "t-7"}
    assert worker.settle(worker.call("undo", undo))[0]["result"] == {}
    assert "undo t-7" in worker.end()


def test_an_undoing_that_fails_says_how(resume: Resume) -> None:
    worker = resume("""
        def undo(key, value):
            raise Park("It is locked.")
        cx.step("create", lambda key: "t-7", undo=undo)
        return fail("Not here.")
    """)
    number, run = worker.begin()
    worker.settle(number)
    undo = {"run": run, "step": "create", "key": "k", "value": "t-7"}
    assert worker.settle(worker.call("undo", undo))[0]["error"] == {
        "code": -32001,
        "message": "It is locked.",
    }
