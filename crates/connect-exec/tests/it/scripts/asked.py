"""A worker that validates drafts, and does with each what the draft's note says."""

import json
import os
import sys
import time

FOLDER = sys.argv[1]
#: Whether it handles requests, too.
HANDLES = len(sys.argv) == 2


def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def call(method, run, **params):
    say(id=f"{run} {method}", method=method, params={"run": run, **params})
    return json.loads(sys.stdin.readline())


def finds(number, **finding):
    say(id=number, result={"findings": {"admin_email": finding}})


def note(name):
    with open(os.path.join(FOLDER, name), "w", encoding="utf-8") as file:
        file.write(str(os.getpid()))


def is_taken(number, params):
    finds(number, error="It is taken.")


def finds_all(number, params):
    choices = [["s", "Small"], ["l", "Large"]]
    flags = {"required": True, "hidden": False, "readonly": True, "choices": choices}
    more = {"structured_error": {"message": "taken"}, "structured_value": {"at": "cedar"}}
    finds(number, error="It is taken.", value="ada@cedar.example", **flags, **more)


def reads(number, params):
    read = call("connect.get", params["run"], path="requests/" + params["request"]["id"])
    finds(number, value=read["result"]["body"]["type"])


def dies(number, params):
    os._exit(9)


def hangs(number, params):
    note("hangs")
    while True:
        time.sleep(1)


def prints_rubbish(number, params):
    print('{"rubbish', flush=True)


def answers_another_call(number, params):
    finds(number + 1000)


def gives_an_outcome(number, params):
    say(id=number, result={"outcome": "approve"})


def finds_what_is_no_text(number, params):
    finds(number, error=1)


def finds_another_parameter(number, params):
    say(id=number, result={"findings": {"nothing": {"error": "It is not there."}}})


def takes_a_step(number, params):
    refused = call("step.begin", params["run"], step="a", **{"class": "once"})["error"]
    say(id=number, error={"code": -32000, "message": str(refused)})


def asks_for_another_run(number, params):
    refused = call("connect.get", "another", path="requests")["error"]
    say(id=number, error={"code": -32000, "message": str(refused)})


def refuses(number, params):
    say(id=number, error={"code": -32002, "message": "Nothing is sold today."})


def wants_a_person(number, params):
    say(id=number, error={"code": -32001, "message": "look"})


def handle(number):
    """Handles a request until the test lets it end."""
    note("handles")
    while not os.path.exists(os.path.join(FOLDER, "ends")):
        time.sleep(0.005)
    say(id=number, result={"outcome": "approve", "parameters": {"subscription_id": "t-1"}})


for line in sys.stdin:
    message = json.loads(line)
    if message["method"] == "initialize":
        handlers = [{"collection": "requests", "type": "purchase", "kind": "validation"}]
        if HANDLES:
            handlers.append({"collection": "requests", "type": "purchase"})
        say(id=message["id"], result={"protocol": 1, "handlers": handlers})
    elif message["method"] == "handle":
        handle(message["id"])
    elif message["method"] == "validate":
        named = message["params"]["request"]["note"].replace("-", "_")
        globals()[named](message["id"], message["params"])
