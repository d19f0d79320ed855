"""A worker that has several requests at the same time, and ends when one of them is the poor one.

The first worker ends once it has as many as it takes. Those after it end when they have any two.
"""

import json
import os
import sys

AT_ONCE, POOR = int(sys.argv[1]), sys.argv[2]
#: So often it asks something before it approves: others have come by then, if any do.
QUESTIONS = 20

worker, have = 0, 0


def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def ask(number, run, left):
    path = "requests?limit=1"
    say(id=f"{number} {run} {left}", method="connect.get", params={"run": run, "path": path})


for line in sys.stdin:
    message = json.loads(line)
    method = message.get("method")
    if method == "initialize":
        worker = message["params"]["worker"]
        handlers = [{"collection": "requests", "type": "purchase"}]
        result = {"protocol": 1, "at_once": AT_ONCE, "handlers": handlers}
        say(id=message["id"], result=result)
    elif method == "handle":
        have += 1
        is_poor = message["params"]["request"]["id"] == POOR
        if have == AT_ONCE if worker == 1 else is_poor or have > 1:
            os._exit(9)
        if worker > 1:
            ask(message["id"], message["params"]["run"], QUESTIONS)
    elif method is None:
        number, run, left = message["id"].split()
        if int(left) > 1:
            ask(number, run, int(left) - 1)
        else:
            have -= 1
            result = {"outcome": "approve", "parameters": {"subscription_id": "t-1"}}
            say(id=int(number), result=result)
