"""A worker that does one thing wrong, when it handles one request; it approves all others."""

import json
import os
import signal
import subprocess
import sys
import time

FAULT, POOR = sys.argv[1:]


def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def approve(number):
    say(id=number, result={"outcome": "approve", "parameters": {"subscription_id": "t-1"}})


def dies(number, run):
    os._exit(9)


def exits_well(number, run):
    os._exit(0)


def hangs(number, run):
    while True:
        time.sleep(1)


def prints_rubbish(number, run):
    print('{"rubbish', flush=True)


def floods_the_channel(number, run):
    print("{" + "x" * 20 * 1024 * 1024, flush=True)


def answers_twice(number, run):
    say(id=number, result={"outcome": "skip"})
    approve(number)


def answers_another_call(number, run):
    say(id=number + 1000, result={"outcome": "approve"})


def gives_no_outcome(number, run):
    say(id=number, result={"outcome": "approved"})


def asks_for_another_run(number, run):
    say(id="a", method="step.begin", params={"run": f"{run}0", "step": "a", "class": "once"})
    error = json.loads(sys.stdin.readline())["error"]
    say(id=number, error={"code": -32000, "message": f"answered {error['code']}"})


def floods_the_log(number, run):
    for _ in range(100_000):
        print("a line that nobody reads " * 4, file=sys.stderr)
    sys.stderr.flush()
    approve(number)


def stays(number, run):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(POOR + ".pid", "w", encoding="utf-8") as file:
        file.write(str(os.getpid()))
    approve(number)


def stay_together(number, run):
    """Approves once as many workers as the folder's name says have a request."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(os.path.join(POOR, str(os.getpid())), "w", encoding="utf-8"):
        pass
    while len(os.listdir(POOR)) < int(os.path.basename(POOR)):
        time.sleep(0.005)
    approve(number)


def leaves_another(number, run):
    another = subprocess.Popen(["sleep", "601"])
    with open(POOR + ".pid", "w", encoding="utf-8") as file:
        file.write(str(another.pid))
    os._exit(3)


def ask(number, run, method, **params):
    """Fails with what is answered."""
    say(id=method, method=method, params={"run": run, **params})
    error = json.loads(sys.stdin.readline())["error"]
    say(id=number, error={"code": -32000, "message": f"{error['code']}: {error['message']}"})


def looks_again_in_ages(number, run):
    say(id=number, result={"outcome": "reschedule", "after": 1e19})


def has_ages_for_a_step(number, run):
    ask(number, run, "step.begin", step="a", time_limit=1e19, **{"class": "once"})


def reads_a_broken_path(number, run):
    ask(number, run, "connect.get", path="requests\r\nX: y")


def reads_a_broken_query(number, run):
    ask(number, run, "connect.get", path="requests?limit=1\n0")


def asks_on_and_reads_nothing(number, run):
    for n in range(10_000):
        say(id=f"n{n}", method="step.recorded", params={"run": run, "step": "a"})
    say(id=number, error={"code": -32000, "message": "all was taken"})


def says_too_much(number, run):
    say(id=number, error={"code": -32000, "message": "z" * 10_000_000})


def parks_with_too_much(number, run):
    say(id=number, error={"code": -32001, "message": "z" * 10_000_000})


def begins_a_step_twice(number, run):
    for name in "first", "second":
        say(id=name, method="step.begin", params={"run": run, "step": "a", "class": "once"})


bad = globals()[FAULT.replace("-", "_")]
# Of these every request is one.
OF_ALL = ("stays", "stay-together", "leaves-another")

for line in sys.stdin:
    message = json.loads(line)
    if message["method"] == "initialize":
        handlers = [{"collection": "requests", "type": "purchase"}]
        say(id=message["id"], result={"protocol": 1, "handlers": handlers})
    elif message["method"] == "handle":
        is_poor = FAULT in OF_ALL or message["params"]["request"]["id"] == POOR
        (bad if is_poor else lambda number, _: approve(number))(
            message["id"], message["params"]["run"]
        )
while FAULT.startswith("stay"):
    time.sleep(1)
