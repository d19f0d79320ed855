"""The conformance program of docs/worker-conformance.md, on the Python library.

cnct handler check --exec "python3 conformance.py"
"""

import json
import threading
from typing import Any, NoReturn, Optional

from connect_handlers import (
    CallError,
    Context,
    Draft,
    Finding,
    GiveUp,
    Outage,
    Outcome,
    Park,
    TryAgain,
    approve,
    call_made,
    confirm,
    on,
    serve,
)

Action = dict[str, Any]


@on.tier_config.setup
@on.migration
@on.purchase
def purchase(cx: Context) -> Outcome:
    """Does what the request says."""
    seen: list[Any] = []
    outcome = play(cx, json.loads(cx.parameter("script")), seen)
    return outcome or approve({"seen": json.dumps(seen)})


@on.revocation.purchase
def revocation(cx: Context) -> Outcome:
    """Does the same, and confirms."""
    return play(cx, json.loads(cx.parameter("script")), []) or confirm()


@on.validate.purchase
def validate(draft: Draft) -> dict[str, Finding]:
    """Says what is wrong, as the draft says."""
    for action in json.loads(draft.parameter("script") or "[]"):
        if "find" in action:
            return {id: finding(said) for id, said in action["find"].items()}
        if "get" in action:
            return {"seen": Finding(value=draft.connect.get(action["get"]))}
        fail(action)
    return {}


def finding(said: dict[str, Any]) -> Finding:
    """Returns a finding, as the protocol has it."""
    choices = dict(said["choices"]) if "choices" in said else None
    return Finding(**{**said, "choices": choices})


def play(cx: Context, actions: list[Action], seen: list[Any]) -> Optional[Outcome]:
    """Does one action after the other, up to the one that decides."""
    for action in actions:
        if "step" in action:
            seen.append(step(cx, action))
        elif "recorded" in action:
            seen.append(cx.recorded(action["recorded"]))
        elif "callback" in action:
            seen.append(cx.callback())
        elif "failures" in action:
            seen.append(cx.failures)
        elif "visit" in action:
            seen.append(cx.visit)
        elif "migration" in action:
            seen.append(cx.migration)
        elif "get" in action:
            seen.append(get(cx, action))
        elif "update" in action:
            seen.append(cx.update(action["update"]))
        elif "decide" in action:
            seen.append(cx.decide(outcome_of(action["decide"])))
        elif "refused" in action:
            try:
                play(cx, action["refused"], [])
            except CallError as error:
                seen.append(error.data["status"])
        elif "log" in action:
            cx.log(action["log"], action["level"])
        elif "say" in action:
            say = cx.note if action["private"] else cx.say
            say(action["say"], action["text"])
        elif "print" in action:
            print(action["print"], end="", flush=True)
        elif "swallow" in action:
            try:
                play(cx, action["swallow"], seen)
            except Exception as error:
                print(f"swallowed: {error}")
        elif "hang" in action:
            threading.Event().wait()
        elif "raise" in action:
            fail(action)
        else:
            return outcome_of(action["outcome"])
    return None


def outcome_of(said: dict[str, Any]) -> Outcome:
    """Returns an outcome, as the protocol has it."""
    return Outcome(said["outcome"], {name: it for name, it in said.items() if name != "outcome"})


def get(cx: Context, action: Action) -> Any:
    """Reads from Connect."""
    if "raw" in action:
        return cx.connect.get_raw(action["get"])._asdict()
    return cx.connect.get(action["get"])


def step(cx: Context, action: Action) -> Any:
    """Takes a step."""

    def note() -> None:
        for call in action.get("calls", []):
            call_made(**call)

    def act(key: str) -> Any:
        note()
        return fail(action) if "raise" in action else action["value"]

    def look() -> Any:
        note()
        return fail(action) if "raise" in action else action.get("found")

    def undo(key: str, value: Any) -> None:
        if value != action["value"]:
            raise Park(f"{key} {value}")

    return cx.step(
        action["step"],
        act,
        look=look if action["class"] == "probed" else None,
        once=action["class"] == "once",
        undo=undo if "undo" in action else None,
        time_limit=action.get("time_limit"),
    )


def fail(action: Action) -> NoReturn:
    """Raises an error."""
    message, after = action["message"], action.get("after")
    errors: dict[str, Exception] = {
        "again": TryAgain(message, after),
        "outage": Outage(message, after),
        "park": Park(message),
        "give_up": GiveUp(message),
        "other": RuntimeError(message),
    }
    raise errors[action["raise"]]


if __name__ == "__main__":
    serve(at_once=4)
