"""Code that misbehaves: it harms its own request, and nobody else's."""

from __future__ import annotations

import time
from pathlib import Path

from runtime import PATIENCE, RuntimeRefuses
from template_project import RESUME
from template_stand import Stand
from test_template import DECIDED, ENABLE


def test_an_exception_says_where_it_was_raised(stand: Stand) -> None:
    stand.resume("raise ValueError('no such plan')")
    error = stand.handle()
    assert error["code"] == -32000
    assert error["message"].startswith("ValueError: no such plan (/")
    assert "app/resume.py, line" in error["message"]
    assert stand.worker is not None
    assert "Traceback" in stand.worker.end()


def test_an_end_without_a_decision_is_tried_again_later(stand: Stand) -> None:
    stand.resume("return None")
    error = stand.handle()
    assert error["code"] == -32000
    assert "process_request returned, and has not approved" in error["message"]


def test_sys_exit_is_an_error_and_the_next_request_is_handled(stand: Stand) -> None:
    stand.resume("import sys\nif 'bad' in request: sys.exit(0)\n" + RESUME)
    stand.connect.request["bad"] = True
    assert stand.handle()["message"].startswith("SystemExit: sys.exit(0) is no outcome (")
    del stand.connect.request["bad"]
    assert stand.handle() == DECIDED


def test_code_that_ends_its_process_is_told_and_the_next_request_is_handled(stand: Stand) -> None:
    stand.resume("""
        import os, signal
        if request['how'] == 'exit': os._exit(3)
        if request['how'] == 'kill': os.kill(os.getpid(), signal.SIGKILL)
        api_client.resume_subscription({}, 't-7')
        Utils.approve_fulfillment_request(request, client)
    """)
    for how, words in [("exit", "it exited with status 3"), ("kill", "killed by signal 9")]:
        stand.connect.request["how"] = how
        assert words in stand.handle()["message"]
    stand.connect.request["how"] = "well"
    assert stand.handle() == DECIDED


def test_what_is_printed_goes_into_the_log(stand: Stand) -> None:
    stand.resume("""
        import os, sys
        print('{"jsonrpc": "2.0", "id": 1, "result": 1}')
        sys.stdout.write('written')
        os.write(1, b' raw')
        sys.stderr.write('to stderr')
    """)
    stand.handle()
    assert stand.worker is not None
    assert "to stderr" in stand.worker.end()
    noise = "\n".join(stand.worker.noise)
    assert all(words in noise for words in ['"result": 1}', "written", "raw"])


def test_a_hang_is_ended_and_the_next_request_is_handled(stand: Stand) -> None:
    stand.resume(
        """
        import threading
        requests.get(VENDOR + '/hanging')
        if 'hang' in request: threading.Event().wait()
    """
        + ""
    )
    worker = stand.start()
    number, run = worker.begin(request={**stand.connect.request, "hang": True})
    for _ in range(2):
        message = worker.next()
        assert message is not None
        worker.serve(message)
    worker.tell("cancel", {"run": run})
    assert "the attempt is over" in worker.settle(number)[0]["error"]["message"]
    assert "process_request returned" in stand.handle()["message"]


def test_whoever_swallows_the_end_of_an_attempt_is_ended(stand: Stand) -> None:
    stand.resume("""
        for _ in range(3):
            try:
                requests.put(VENDOR + '/tenant/t-7/enable')
            except BaseException:
                print('this is never printed')
    """)
    worker = stand.start()

    def over(_: object) -> dict[str, object]:
        raise RuntimeRefuses(-32010, "the lease was lost")

    worker.answers["step.begin"] = over
    assert stand.handle() == {"code": -32000, "message": "the lease was lost"}
    worker.end()
    assert not worker.noise
    assert stand.vendor.calls == []


def test_threads_call_one_after_the_other(stand: Stand) -> None:
    stand.resume("""
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(8) as pool:
            seats = [pool.submit(requests.put, VENDOR + f'/seat/{n}') for n in range(20)]
        assert all(seat.result().ok for seat in seats)
        Utils.approve_fulfillment_request(request, client)
    """)
    assert stand.handle() == DECIDED
    assert len(stand.vendor.done) == 20
    assert len([step for step in stand.journal.done if step.startswith("effect")]) == 20


def test_each_request_has_a_fresh_process_unless_they_are_reused(stand: Stand) -> None:
    stand.resume("""
        VENDOR_CALLS = globals().setdefault('kept', [])
        VENDOR_CALLS.append(1)
        raise Exception(f'{len(VENDOR_CALLS)} of them')
    """)
    for _ in range(2):
        assert "1 of them" in stand.handle()["message"]
    stand.die()
    stand.settings["reuse"] = True
    for n in (1, 2, 3):
        assert f"{n} of them" in stand.handle()["message"]


def test_a_reused_process_whose_threads_go_on_is_not_reused(stand: Stand) -> None:
    stand.settings["reuse"] = True
    stand.resume("""
        import threading
        if 'late' in request:
            threading.Thread(target=threading.Event().wait).start()
        kept = globals().setdefault('kept', [])
        kept.append(1)
        raise Exception(f'{len(kept)} of them')
    """)
    assert "1 of them" in stand.handle()["message"]
    stand.connect.request["late"] = True
    assert "2 of them" in stand.handle()["message"]
    del stand.connect.request["late"]
    assert "1 of them" in stand.handle()["message"]


def test_a_worker_ends_with_the_runtime_whatever_its_code_does(stand: Stand) -> None:
    stand.resume("import threading; requests.get(VENDOR); threading.Event().wait()")
    worker = stand.start()
    worker.begin(request=stand.connect.request)
    worker.next()
    worker.hang_up()
    assert worker.code() == 0
    assert ENABLE not in stand.vendor.done


def test_requests_are_handled_at_the_same_time_each_in_its_own_process(stand: Stand) -> None:
    stand.resume("""
        import os
        Utils.save_error(client, request['id'], f'begun by {os.getpid()}')
        requests.put(VENDOR + '/' + request['note'])
        Utils.reject_fulfillment_request(request['id'], 'no', client)
    """)
    worker = stand.start()
    asked = {**stand.connect.request, "note": "first"}
    number, _ = worker.begin(request=asked)
    waiting = worker.next()
    assert waiting is not None
    # Another one overtakes it, and a third is cancelled.
    other, _ = worker.begin(request={**asked, "note": "second"})
    assert worker.settle(other)[0]["result"] == DECIDED
    third, run = worker.begin(request={**asked, "note": "third"})
    worker.tell("cancel", {"run": run})
    assert "the attempt is over" in worker.settle(third)[0]["error"]["message"]
    # They are one request here, and have one journal.
    stand.journal.done.clear()
    stand.journal.begun.clear()
    worker.serve(waiting)
    assert worker.settle(number)[0]["result"] == DECIDED
    assert len(set(stand.connect.said.values())) == 2


def test_a_process_ends_with_its_worker_whatever_was_unread(stand: Stand) -> None:
    stand.resume("""
        import os, signal, threading
        open('pid', 'w').write(str(os.getpid()))
        worker = os.getppid()
        os.kill(worker, signal.SIGSTOP)
        threading.Timer(0.2, os.kill, [worker, signal.SIGKILL]).start()
        requests.put(VENDOR)
    """)
    worker = stand.start()
    worker.begin(request=stand.connect.request)
    while (message := worker.next()) is not None:
        worker.serve(message)
    pid = (stand.folder / "connect_processor" / "pid").read_text()
    until = time.monotonic() + PATIENCE
    while is_running(pid):
        assert time.monotonic() < until, "it goes on"


def is_running(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
