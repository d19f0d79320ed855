"""The worker: what it says of itself, and that neither handlers nor the runtime confuse it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Resume, Start
from runtime import PATIENCE, SOURCE, RuntimeRefuses

APPROVE = "return approve()"


def refuse(code: int) -> object:
    def answer(_: object) -> dict[str, object]:
        raise RuntimeRefuses(code, "the lease was lost")

    return answer


def test_a_worker_says_what_it_handles(start: Start) -> None:
    worker = start(
        """
        @on.purchase
        def purchase(cx): ...
        @on.migration
        def adopt(cx): ...
        @on.revocation.purchase
        def take_back(cx): ...
        @on.tier_config.setup
        def setup(cx): ...
        @on.tier_account.update
        def update(cx): ...
        """,
        'at_once=4, steps=["create", "set_limit"]',
        initialize=False,
    )
    assert worker.initialize()["result"] == {
        "protocol": 1,
        "name": "handlers.py",
        "at_once": 4,
        "handlers": [
            {"collection": "requests", "type": "purchase", "kind": "request"},
            {"collection": "requests", "type": "purchase", "kind": "migration"},
            {"collection": "requests", "type": "purchase", "kind": "revocation"},
            {"collection": "tier/config-requests", "type": "setup", "kind": "request"},
            {"collection": "tier/account-requests", "type": "update", "kind": "request"},
        ],
        "steps": ["create", "set_limit"],
    }


def test_each_kind_of_request_goes_to_its_own_handler(start: Start) -> None:
    worker = start("""
        @on.purchase
        def purchase(cx): return approve()
        @on.migration
        def adopt(cx): return skip()
        @on.revocation.purchase
        def take_back(cx): return confirm()
    """)
    kinds = ["request", "migration", "revocation"]
    outcomes = [worker.handle("purchase", kind=kind)["outcome"] for kind in kinds]
    assert outcomes == ["approve", "skip", "confirm"]
    assert "nothing handles cancel of requests" in worker.handle("cancel")["message"]


def test_a_protocol_that_it_does_not_know_is_refused(resume: Resume) -> None:
    worker = resume(APPROVE, initialize=False)
    assert "protocol 1, and not 2" in worker.initialize(protocol=2)["error"]["message"]


def test_a_method_that_it_does_not_know_is_refused(resume: Resume) -> None:
    worker = resume(APPROVE)
    assert worker.settle(worker.call("dance"))[0]["error"]["code"] == -32601


def test_what_is_printed_goes_into_the_log(resume: Resume) -> None:
    worker = resume("""
        import os, sys
        print('{"jsonrpc": "2.0", "id": 1, "result": "printed"}')
        sys.stdout.write("written ")
        os.write(1, b"{raw}\\n")
        os.system("echo '{from a child}'")
        return approve()
    """)
    assert worker.handle() == {"outcome": "approve"}
    log = worker.end()
    for words in ['"printed"', "written ", "{raw}", "{from a child}"]:
        assert words in log
    assert worker.noise == []


def test_a_handler_that_reads_its_standard_input_gets_nothing(resume: Resume) -> None:
    worker = resume("import sys; return approve({'read': repr(sys.stdin.read())})")
    assert worker.handle()["parameters"] == {"read": "''"}


def test_a_worker_on_a_socket_leaves_its_standard_output_alone(resume: Resume) -> None:
    worker = resume('print("{printed}"); return approve()', on_a_socket=True)
    assert worker.handle() == {"outcome": "approve"}
    worker.end()
    assert worker.noise == ["{printed}"]


def test_an_exit_in_a_handler_ends_the_attempt_and_no_more(resume: Resume) -> None:
    worker = resume("import sys; sys.exit(3) if cx.failures == 0 else None; return approve()")
    assert worker.handle() == {
        "code": -32000,
        "message": "SystemExit: sys.exit(3) is no outcome",
    }
    assert worker.handle(failures=1) == {"outcome": "approve"}


def test_ctrl_c_is_the_runtimes(resume: Resume) -> None:
    worker = resume(APPROVE)
    worker.interrupt()
    assert worker.handle() == {"outcome": "approve"}


def test_threads_of_a_handler_take_steps(resume: Resume) -> None:
    worker = resume("""
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(8) as pool:
            steps = [pool.submit(cx.step, f"seat.{n}", lambda key: key) for n in range(40)]
        return approve({step.result(): "" for step in steps})
    """)
    assert len(worker.handle()["parameters"]) == 40
    assert len(worker.journal.done) == 40


def test_an_attempt_that_must_not_go_on_says_nothing_more(resume: Resume) -> None:
    for code in [-32010, -32011]:
        worker = resume("""
            try:
                cx.step("enable", lambda key: 1)
            except Exception:
                print("this is never printed")
            return approve()
        """)
        worker.answers["step.begin"] = refuse(code)  # type: ignore[assignment]
        assert worker.handle()["code"] == -32000
        assert "never" not in worker.end()


def test_whoever_swallows_the_stop_is_stopped_again(resume: Resume) -> None:
    worker = resume("""
        for step in ["enable", "enable_again"]:
            try:
                cx.step(step, lambda key: print("this is never printed"))
            except BaseException:
                pass
        return approve()
    """)
    worker.answers["step.begin"] = refuse(-32010)  # type: ignore[assignment]
    assert worker.handle() == {"code": -32000, "message": "the lease was lost"}
    assert len(worker.said("step.begin")) == 1
    assert "never" not in worker.end()


WAITING = """
    print("it waits")
    cx.say("waiting", "It waits.")
    cx.step("enable", lambda key: 1)
    return approve()
"""


def test_after_cancel_the_next_call_stops_the_handler(resume: Resume) -> None:
    worker = resume(WAITING)
    number, run = worker.begin()
    waiting = worker.next()
    assert waiting is not None and waiting["method"] == "say"
    worker.tell("cancel", {"run": run})
    worker.serve(waiting)
    assert worker.settle(number)[0]["error"]["code"] == -32000
    assert worker.said("step.begin") == []


def test_a_thread_that_outlives_its_handler_takes_no_step(resume: Resume) -> None:
    worker = resume("""
        import threading
        global done, ended
        if cx.failures == 0:
            done, ended = threading.Event(), threading.Event()
            def late():
                done.wait()
                try:
                    cx.step("late", lambda key: 1)
                except BaseException as error:
                    print(type(error).__name__, error)
                ended.set()
            threading.Thread(target=late).start()
            return approve()
        done.set()
        ended.wait()
        return approve()
    """)
    worker.handle()
    worker.handle(failures=1)
    assert worker.said("step.begin") == []
    assert "StopHandling the attempt is over" in worker.end()


def test_as_many_requests_at_once_as_it_says(resume: Resume) -> None:
    worker = resume(
        """
        import threading
        global meeting
        meeting = globals().setdefault("meeting", threading.Barrier(3))
        meeting.wait(timeout=10)
        cx.step("enable", lambda key: threading.current_thread().name)
        return approve()
        """,
        "at_once=3",
    )
    worker.answers["step.complete"] = lambda params: {"state": "done", "value": params["value"]}
    numbers = [worker.begin()[0] for _ in range(3)]
    assert [it["result"] for it in worker.settle(*numbers)] == [{"outcome": "approve"}] * 3
    threads = {said["value"] for said in worker.said("step.complete")}
    assert len(threads) == 3


def test_one_at_a_time_unless_it_says_otherwise(resume: Resume) -> None:
    worker = resume('cx.say("begun", cx.request["id"]); return approve()')
    numbers = [worker.begin(request={"id": id})[0] for id in ["PR-1", "PR-2"]]
    first = worker.next()
    assert first is not None and first["params"]["text"] == "PR-1"
    worker.serve(first)
    answered = worker.next()
    assert answered is not None and answered["id"] == numbers[0]
    worker.settle(numbers[1])


def test_it_ends_with_the_runtime_even_if_a_handler_hangs(resume: Resume) -> None:
    worker = resume("""
        import threading
        threading.Thread(target=threading.Event().wait, daemon=False).start()
        cx.log("it hangs")
        threading.Event().wait()
    """)
    worker.begin()
    worker.next()
    worker.hang_up()
    assert worker.code() == 0


def test_it_ends_with_the_runtime_while_it_waits_for_an_answer(resume: Resume) -> None:
    for on_a_socket in [False, True]:
        worker = resume(WAITING, on_a_socket=on_a_socket)
        worker.begin()
        worker.next()
        worker.hang_up()
        assert worker.code() == 0
        assert "it waits" in worker.log() or on_a_socket


def test_a_shutdown_waits_for_what_is_under_way(resume: Resume) -> None:
    worker = resume(WAITING)
    number, _ = worker.begin()
    waiting = worker.next()
    assert waiting is not None
    shutdown = worker.call("shutdown")
    worker.serve(waiting)
    handled, ended = worker.settle(number, shutdown)
    assert handled["result"] == {"outcome": "approve"}
    assert ended["result"] == {}
    assert worker.code() == 0


def test_an_idle_worker_shuts_down_at_once(resume: Resume) -> None:
    worker = resume(APPROVE)
    assert worker.settle(worker.call("shutdown"))[0]["result"] == {}
    assert worker.code() == 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"hello", "no JSON"),
        (b"[1]", "no object"),
        (b'{"jsonrpc": "2.0", "id": 99, "result": {}}', "nobody made: 99"),
        (b'{"jsonrpc": "2.0", "id": 9, "method": "handle", "params": {}}', "'collection'"),
        pytest.param(b" " * 17 * 1024 * 1024, "longer than", id="17 MiB"),
    ],
)
def test_a_runtime_that_cannot_be_understood_ends_it(
    resume: Resume, line: bytes, words: str
) -> None:
    worker = resume(APPROVE)
    # It may have ended before it has read all of a long line.
    with suppress(BrokenPipeError):
        worker.send_line(line)
    assert worker.code() == 1
    assert words in worker.log()


def test_a_second_answer_to_a_call_ends_it(resume: Resume) -> None:
    worker = resume(WAITING)
    worker.begin()
    waiting = worker.next()
    assert waiting is not None
    for _ in range(2):
        worker.send({"id": waiting["id"], "result": {}})
    assert worker.code() == 1


def run(program: Path, **env: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(SOURCE), **env}
    words = [sys.executable, str(program)]
    return subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, env=env, text=True, timeout=PATIENCE
    )


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("@on.resume\ndef f(cx): ...\nserve()", 'cnct run --exec "python3 '),
        ("serve()", "no handler is registered"),
        ("@on.resume\ndef f(cx): ...\nserve(at_once=0)", "at_once is 0"),
        ("@on.resume\nasync def f(cx): ...", "f is `async def`"),
        (
            "@on.resume\ndef f(cx): ...\n@on.resume\ndef g(cx): ...",
            "resume of requests is handled twice: by f and by g",
        ),
    ],
)
def test_a_program_that_cannot_be_served_says_why(tmp_path: Path, program: str, words: str) -> None:
    path = tmp_path / "handlers.py"
    path.write_text(f"from connect_handlers import *\n{program}\n")
    by_hand = "cnct run" in words
    ended = run(path) if by_hand else run(path, CONNECT_CHANNEL="stdio")
    assert ended.returncode == 1
    assert words in ended.stderr
    assert ended.stdout == ""
