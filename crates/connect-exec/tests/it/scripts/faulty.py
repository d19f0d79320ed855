"""The conformance program on the Python library, with the fault that its argument names."""

import base64
import itertools
import json
import os
import signal
import sys
import threading

import conformance
from connect_handlers import (
    CallError,
    Context,
    Handlers,
    attempt,
    channel,
    context,
    draft,
    failure,
    finding,
    outcome,
    peer,
    serve,
    step,
    worker,
)
from connect_handlers.on import Kind

Attempt, Channel, Connect, Peer = attempt.Attempt, channel.Channel, context.Connect, peer.Peer
Outcome, Step, Worker = outcome.Outcome, step.Step, worker.Worker
Draft = draft.Draft
REPORT = Kind("usage/files", "report", "report")

FAULTS = {}


def fault(function):
    FAULTS[function.__name__.replace("_", "-")] = function


def instead(owner, name):
    """Replaces a method; the new one gets the old one first."""

    def decorate(function):
        old = getattr(owner, name)
        setattr(owner, name, lambda *args, **more: function(old, *args, **more))

    return decorate


@fault
def answers_twice():
    @instead(Peer, "answer")
    def answer(old, self, number, result):
        old(self, number, result)
        old(self, number, result)


@fault
def answers_another_call():
    @instead(Peer, "answer")
    def answer(old, self, number, result):
        old(self, number + 1000, result)


@fault
def answers_too_early():
    @instead(Peer, "call")
    def call(old, self, method, params):
        if method != "step.complete":
            return old(self, method, params)
        threading.Thread(target=lambda: old(self, method, params), daemon=True).start()
        return {"state": "done", "value": params["value"]}


@fault
def never_begins():
    @instead(Peer, "call")
    def call(old, self, method, params):
        if method == "step.begin":
            return {"state": "act", "key": "of my own"}
        return old(self, method, params)


@fault
def begins_under_another_name():
    @instead(Peer, "call")
    def call(old, self, method, params):
        return old(self, method, {**params, "step": "b"} if method == "step.begin" else params)


@fault
def says_another_class():
    Step._class = lambda self: "keyed"


@fault
def never_looks():
    Step._look = lambda self: {"state": "act", "key": "of my own"}


@fault
def acts_again():
    @instead(Step, "_begin")
    def begin(old, self):
        answer = old(self)
        return {"state": "act", "key": "of my own"} if answer["state"] == "done" else answer


@fault
def takes_no_for_yes():
    @instead(Step, "_result")
    def result(old, self, answer):
        return answer.get("value")


@fault
def says_the_value_of_another_run():
    first = []

    @instead(Peer, "call")
    def call(old, self, method, params):
        if method == "step.complete":
            first.append(params["value"])
            params = {**params, "value": first[0]}
        return old(self, method, params)


@fault
def says_another_run():
    @instead(Peer, "call")
    def call(old, self, method, params):
        return old(self, method, {**params, "run": "another"})


@fault
def goes_on_when_stopped():
    attempt.OVER = ()
    Attempt.fail = lambda *_: None


@fault
def goes_on_when_cancelled():
    attempt.OVER = ()

    @instead(Peer, "call")
    def call(old, self, method, params):
        try:
            return old(self, method, params)
        except Exception:
            return {"state": "done", "value": None}

    Attempt.end = lambda *_: None


@fault
def prints_into_the_protocol():
    worker.take_channel = lambda: Channel(os.dup(0), os.dup(1))


@fault
def outlives_its_input():
    @instead(Peer, "listen")
    def listen(old, self, on_call):
        old(self, on_call)
        threading.Event().wait()


@fault
def ignores_the_signal():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


@fault
def says_another_hello():
    @instead(Worker, "_initialize")
    def initialize(old, self, number, params):
        self._at_once = params["worker"]
        old(self, number, params)


@fault
def takes_any_protocol():
    @instead(Worker, "_initialize")
    def initialize(old, self, number, params):
        old(self, number, {**params, "protocol": 1})


@fault
def dies_of_what_it_does_not_know():
    @instead(Worker, "take")
    def take(old, self, number, method, params):
        if method not in ("initialize", "handle", "ended", "cancel", "undo"):
            raise LookupError(method)
        old(self, number, method, params)


@fault
def floods():
    @instead(Peer, "call")
    def call(old, self, method, params):
        for line in range(2000):
            self.notify("log", {"level": "info", "message": f"line {line}"})
        return old(self, method, params)


@fault
def gives_an_outcome_that_is_none():
    @instead(Outcome, "to_json")
    def to_json(old, self):
        return {**old(self), "outcome": "approved"}


@fault
def sends_a_batch():
    @instead(Channel, "write")
    def write(old, self, message):
        os.write(self._writing, json.dumps([message]).encode() + b"\n")


@fault
def speaks_another_version():
    @instead(Channel, "write")
    def write(old, self, message):
        old(self, {**message, "jsonrpc": "1.0"})


@fault
def says_what_is_no_json():
    @instead(Channel, "write")
    def write(old, self, message):
        os.write(self._writing, repr(message).encode() + b"\n")


@fault
def uses_an_id_twice():
    @instead(Peer, "__init__")
    def init(old, self, of):
        old(self, of)
        self._ids = itertools.repeat(1)


@fault
def forgets_when_to_come_back():
    @instead(failure, "of_run")
    def of_run(old, error):
        said = old(error)
        said.pop("data", None)
        return said


@fault
def hides_that_a_person_has_to_look():
    failure.PARK = failure.TRY_AGAIN


@fault
def undoes_without_the_value():
    @instead(Worker, "_undo")
    def undo(old, self, number, params):
        old(self, number, {**params, "value": None})


def says_otherwise(method, change):
    """Calls and notifications of a method say what `change` makes of them."""

    def said(old, self, name, params):
        return old(self, name, change(params) if name == method else params)

    instead(Peer, "call")(said)
    instead(Peer, "notify")(said)


def without(field):
    return lambda params: {name: it for name, it in params.items() if name != field}


def answered_otherwise(method, answer):
    """What is asked is not asked at all, but answered by this."""

    @instead(Peer, "call")
    def call(old, self, name, params):
        return answer(params) if name == method else old(self, name, params)


@fault
def forgets_what_it_said_to_the_vendor():
    says_otherwise("step.complete", without("calls"))


@fault
def keeps_what_it_said_to_itself_after_a_refusal():
    says_otherwise("step.refused", without("calls"))


@fault
def forgets_how_often_it_went_wrong():
    @instead(Worker, "_handle")
    def handle(old, self, number, params):
        old(self, number, without("failures")(params))


@fault
def forgets_what_another_system_wrote():
    @instead(Worker, "_handle")
    def handle(old, self, number, params):
        old(self, number, without("migration")(params))


@fault
def takes_a_migration_for_a_purchase():
    @instead(Handlers, "to_json")
    def to_json(old, self):
        return [it for it in old(self) if it["kind"] != "migration"]

    @instead(Handlers, "find")
    def find(old, self, kind):
        return None if kind.kind == "migration" else old(self, kind)


@fault
def wants_no_raw_answer():
    says_otherwise("connect.get", without("raw"))


@fault
def takes_every_answer_for_a_success():
    @instead(Connect, "get_raw")
    def get_raw(old, self, path):
        return old(self, path)._replace(status=200)


@fault
def hides_the_status_of_a_refusal():
    @instead(CallError, "__init__")
    def init(old, self, code, message, data=None):
        old(self, code, message, {"status": 0})


@fault
def takes_a_refusal_for_a_success():
    @instead(Peer, "call")
    def call(old, self, method, params):
        try:
            return old(self, method, params)
        except CallError:
            return {"request": {}, "body": {}}


@fault
def writes_no_parameters():
    answered_otherwise("connect.update", lambda _: {"request": {}})


@fault
def writes_other_parameters():
    says_otherwise("connect.update", lambda params: {**params, "parameters": {}})


@fault
def says_what_it_has_written_itself():
    @instead(Context, "update")
    def update(old, self, parameters):
        old(self, parameters)
        return self.request


@fault
def decides_nothing():
    answered_otherwise("decide", lambda _: {"request": {}})


@fault
def decides_something_else():
    says_otherwise("decide", lambda params: {**params, "outcome": {"outcome": "approve"}})


@fault
def approves_what_it_has_decided():
    @instead(Outcome, "to_json")
    def to_json(old, self):
        said = old(self)
        return {"outcome": "approve"} if said["outcome"] == "decided" else said


@fault
def has_nothing_logged():
    Attempt.tell = lambda *_, **__: None


@fault
def takes_all_lines_for_news():
    says_otherwise("log", lambda params: {**params, "level": "info"})


@fault
def logs_for_nobody():
    says_otherwise("log", without("run"))


@fault
def dies_when_it_is_told_too_late():
    @instead(Worker, "_cancel")
    def cancel(old, self, run):
        self._attempts.pop(run).end("it is over")


@fault
def forgets_the_visit():
    @instead(Worker, "_handle")
    def handle(old, self, number, params):
        old(self, number, without("visit")(params))


@fault
def takes_a_revocation_for_a_purchase():
    @instead(Handlers, "find")
    def find(old, self, kind):
        is_revocation = kind.kind == "revocation"
        return old(self, kind._replace(kind="request") if is_revocation else kind)


@fault
def reads_the_parameters_of_a_configuration():
    @instead(Context, "parameter")
    def parameter(old, self, id):
        if "configuration" not in self.request:
            return old(self, id)
        return self.request["configuration"]["params"][0]["value"]


@fault
def finds_nothing():
    finding.to_json = lambda _: {"findings": {}}


@fault
def takes_a_step_for_a_draft():
    @instead(Draft, "__init__")
    def init(old, self, attempt, params):
        old(self, attempt, params)
        attempt.ask("step.begin", step="a", **{"class": "keyed"})


@fault
def reads_nothing():
    answered_otherwise("connect.get", lambda _: {"body": ""})


@fault
def refuses_what_goes_wrong():
    @instead(failure, "of_run")
    def of_run(old, error):
        return {**old(error), "code": -32002}


def reports(outcome="done", encode=lambda body: base64.b64encode(body.encode()).decode(), **due):
    """Has a report, which the library has not."""

    def report(cx):
        for action in cx.request["script"]:
            if "call" in action:
                said = {"method": "POST", "path": action["call"], "headers": {}}
                cx._attempt.ask("connect.call", **said, body=encode(action["body"]))
            else:
                conformance.play(cx, [action], [])
        return Outcome(outcome, {})

    conformance.on.handlers.add(REPORT, report)

    @instead(Handlers, "to_json")
    def to_json(old, self):
        return [{**it, "day": 1, **due} if it["kind"] == "report" else it for it in old(self)]


@fault
def reports_rightly():
    reports()


@fault
def approves_a_report():
    reports(outcome="approve")


@fault
def sends_a_body_as_it_is():
    reports(encode=lambda body: body)


@fault
def reports_on_no_day():
    reports(day=0)


@fault
def spoils_what_is_not_ascii():
    @instead(Channel, "write")
    def write(old, self, message):
        text = json.dumps(message, ensure_ascii=False)
        os.write(self._writing, text.encode("ascii", "replace") + b"\n")


if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    serve(at_once=4)
