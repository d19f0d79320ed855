"""A worker that reports a month and handles purchases; it writes down what it is asked and answered."""

import base64
import json
import sys

FILE, HANDLERS = sys.argv[1:]

BODY = base64.b64encode(b"{}").decode()
NONE = "usage/files/UF-0000-00-0000-0000/submit"
CALLS = [
    ("connect.call", {"method": "POST", "path": "usage/files", "body": BODY}),
    ("connect.call", {"method": "POST", "path": NONE}),
    ("connect.call", {"method": "POST", "path": "requests", "body": BODY}),
    ("connect.get", {"path": "usage/files", "raw": True}),
    ("say", {"name": "a", "text": "a"}),
]


def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def ask(run, method, params):
    say(id=method, method=method, params={"run": run, **params})
    return json.loads(sys.stdin.readline())


def outcome(answers):
    """Returns what became of a call: a status, or the code of an error."""
    if "error" in answers:
        return answers["error"]["code"]
    return answers["result"]["status"] if "status" in answers["result"] else "done"


for line in sys.stdin:
    said = json.loads(line)
    if said.get("method") == "initialize":
        say(id=said["id"], result={"protocol": 1, "handlers": json.loads(HANDLERS)})
    elif said.get("method") == "handle":
        params = said["params"]
        is_report = params["kind"] == "report"
        calls = CALLS if is_report else CALLS[:1]
        answers = [outcome(ask(params["run"], *call)) for call in calls]
        with open(FILE, "a") as file:
            month = params["request"] if is_report else None
            file.write(json.dumps({"kind": params["kind"], "month": month, "answers": answers}))
            file.write("\n")
        say(id=said["id"], result={"outcome": "done" if is_report else "skip"})
