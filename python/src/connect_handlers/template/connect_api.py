"""Calls of Connect that the project's code makes."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any, Optional

from .answer import Answer, json_answer
from .call import Call
from .decision import Decision, refusal
from .talk import Talk

MAY = (
    "may read, write parameters of its own request, approve, fail or inquire it, "
    "and say something in its conversation"
)


class Refused(Exception):
    """A call that the code may not make, or not so."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.status = status


class ConnectApi:
    """Connect, as the code of one attempt calls it."""

    def __init__(
        self, talk: Talk, decision: Decision, collection: str, request: Any, of_visit: str
    ) -> None:
        self._talk = talk
        #: What the names of this visit begin with.
        self._of_visit = of_visit
        self._decision = decision
        self._request = request
        self._own = f"{collection}/{request['id']}"
        #: What the code has said is wrong with parameters.
        self._wrong: dict[str, str] = {}

    def answer(self, call: Call, path: str) -> Answer:
        """Answers a call; the path is below Connect's endpoint, with its query."""
        try:
            if call.method == "GET":
                return self._talk.get(path)
            return self._change(call, path.partition("?")[0].strip("/"), _body(call))
        except Refused as error:
            return json_answer(error.status, refusal(str(error)))

    def _change(self, call: Call, path: str, body: dict[str, Any]) -> Answer:
        if (call.method, path) == ("PUT", self._own):
            return self._update(body)
        if call.method == "POST" and path.startswith(f"{self._own}/"):
            return self._decide(path[len(self._own) + 1 :], body)
        parts = path.split("/")
        if call.method == "POST" and parts[::2] == ["conversations", "messages"]:
            return self._say(parts[1], body)
        raise Refused(f"{call.method} {path}: under cnct run --template, code {MAY}")

    def _update(self, body: dict[str, Any]) -> Answer:
        within = body.get("asset", body)
        if set(body) - {"asset", "params"} or set(within) - {"id", "params"}:
            raise Refused(f"PUT {self._own} writes more than parameters: code {MAY}")
        written: dict[str, str] = {}
        for parameter in within.get("params") or []:
            wrong = parameter.get("value_error")
            if wrong:
                self._wrong[parameter["id"]] = wrong
            if parameter.get("value") is not None or not wrong:
                written[parameter["id"]] = _text(parameter)
        # They were written before it was decided. Connect takes no more then.
        if not written or self._decision.is_ahead:
            return json_answer(200, self._with(written))
        return self._talk.ask_connect("connect.update", parameters=written)

    def _with(self, written: dict[str, str]) -> Any:
        """Returns the request with parameters as they were written."""
        request = copy.deepcopy(self._request)
        for parameter in _parameters(request):
            if parameter.get("id") in written:
                parameter["value"] = written[parameter["id"]]
            parameter["value_error"] = self._wrong.get(str(parameter.get("id")), "")
        return request

    def _decide(self, verb: str, body: dict[str, Any]) -> Answer:
        said: dict[str, Any] = {"outcome": verb}
        if verb == "fail":
            said["reason"] = _needed(body, "reason")
        elif verb == "approve":
            said.update(_template(body), **_only(body, "effective_date"))
        elif verb == "inquire":
            said.update(_template(body), parameters=self._marked())
        else:
            raise Refused(f"POST {self._own}/{verb}: code {MAY}")
        return self._decision.tell(said)

    def _marked(self) -> dict[str, str]:
        """Returns what is wrong with which parameters; Connect wants to see one."""
        before = {
            it["id"]: it["value_error"]
            for it in _parameters(self._request)
            if it.get("value_error")
        }
        marked = {**before, **self._wrong}
        if not marked:
            raise Refused("there is no parameter with a value_error: write one first", 400)
        return marked

    def _say(self, conversation: str, body: dict[str, Any]) -> Answer:
        text = _needed(body, "text")
        of = self._talk.ask("connect.get", path=f"conversations/{conversation}", raw=True)
        if of["status"] != 200 or of["body"].get("instance_id") != self._request["id"]:
            raise Refused(
                f"conversation {conversation} is not of {self._request['id']}: code {MAY}"
            )
        name = f"{self._of_visit}said-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        self._talk.ask("say", name=name, text=text, private=body.get("type") == "private")
        return json_answer(201, {"conversation": conversation, "text": text, "type": "message"})


def _body(call: Call) -> dict[str, Any]:
    try:
        body = json.loads(call.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(f"the body of `{call}` is no JSON object", 400)
    return body


def _parameters(request: Any) -> list[dict[str, Any]]:
    of = request.get("asset", request)
    params: list[dict[str, Any]] = of.get("params") or []
    return params


def _text(parameter: dict[str, Any]) -> str:
    if parameter.get("structured_value"):
        raise Refused(f"parameter {parameter['id']} has a structured_value: only texts are written")
    value: Optional[Any] = parameter.get("value")
    if isinstance(value, (dict, list)):
        raise Refused(f"parameter {parameter['id']} is no text, and only texts are written")
    return "" if value is None else str(value)


def _needed(body: dict[str, Any], name: str) -> str:
    if not body.get(name):
        raise Refused(f"`{name}` is missing", 400)
    return str(body[name])


def _template(body: dict[str, Any]) -> dict[str, Any]:
    of = body.get("template") or {}
    template = body.get("template_id") or (of.get("id") if isinstance(of, dict) else None)
    return {"template": template} if template else {}


def _only(body: dict[str, Any], allowed: str) -> dict[str, Any]:
    for name in body:
        if name not in (allowed, "template", "template_id"):
            raise Refused(f"`{name}` cannot be said with an approval")
    return {allowed: body[allowed]} if body.get(allowed) else {}
