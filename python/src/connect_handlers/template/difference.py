"""What a service says of the parameters of a draft: its answer, beside what it was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

FLAGS = ("required", "hidden", "readonly")

Parameter = Mapping[str, Any]


class NoAnswer(Exception):
    """What a service has answered is none about its draft. The text says why."""


def findings(asked: Mapping[str, Any], answered: Any) -> dict[str, dict[str, Any]]:
    """Returns findings as the protocol has them. Raises `NoAnswer` of what says none."""
    if not isinstance(answered, dict):
        raise NoAnswer("it is no JSON object, and has to be the whole request")
    if answered.get("id") != asked.get("id"):
        raise NoAnswer(f"it is about {answered.get('id')!r}, and {asked.get('id')} was asked about")
    before = dict(_parameters(asked))
    after: dict[str, Parameter] = {}
    for id, parameter in _parameters(answered):
        if id not in before:
            raise NoAnswer(f"it has the parameter {id}, which the request does not have")
        if id in after:
            raise NoAnswer(f"it has the parameter {id} twice")
        after[id] = parameter
    # Of what it leaves out it says nothing: an error stays.
    found = {id: _finding(id, was, after.get(id, was)) for id, was in before.items()}
    return {id: said for id, said in found.items() if said}


def _parameters(request: Mapping[str, Any]) -> Iterator[tuple[str, Parameter]]:
    asset = request.get("asset")
    params = asset.get("params") if isinstance(asset, dict) else None
    if not isinstance(params, list):
        raise NoAnswer("it has no list asset.params")
    for parameter in params:
        id = parameter.get("id") if isinstance(parameter, dict) else None
        if not isinstance(id, str):
            raise NoAnswer("asset.params has a parameter without an id")
        yield id, parameter


def _finding(id: str, before: Parameter, after: Parameter) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if after.get("value_error"):
        said["error"] = _text(id, "value_error", after["value_error"])
    if after.get("structured_error"):
        said["structured_error"] = after["structured_error"]
    if after.get("value", before.get("value")) != before.get("value"):
        said["value"] = _text(id, "value", after["value"])
    name = "structured_value"
    if after.get(name, before.get(name)) != before.get(name):
        said[name] = after[name]
    said.update(_constraints(id, _object(id, before), _object(id, after)))
    return said


def _constraints(id: str, before: Parameter, after: Parameter) -> Iterator[tuple[str, Any]]:
    for name in FLAGS:
        value = after.get(name)
        if value is None or value == before.get(name):
            continue
        if not isinstance(value, bool):
            raise NoAnswer(f"{name} of {id} is {type(value).__name__}, and not true or false")
        yield name, value
    # Connect knows the choices in two places.
    for of, was in [(after, before), (after.get("meta") or {}, before.get("meta") or {})]:
        choices = of.get("choices")
        if choices is not None and choices != was.get("choices"):
            yield "choices", _choices(id, choices)
            return


def _object(id: str, parameter: Parameter) -> Parameter:
    constraints = parameter.get("constraints") or {}
    if not isinstance(constraints, dict) or not isinstance(constraints.get("meta") or {}, dict):
        raise NoAnswer(f"the constraints of {id} are no object")
    return constraints


def _choices(id: str, choices: Any) -> list[list[str]]:
    try:
        return [[str(it["value"]), str(it.get("label", it["value"]))] for it in choices]
    except (TypeError, KeyError, AttributeError):
        raise NoAnswer(f"the choices of {id} are no list of values and labels") from None


def _text(id: str, name: str, value: Any) -> str:
    if isinstance(value, (dict, list, bool)):
        raise NoAnswer(f"{name} of {id} is {type(value).__name__}, and no text")
    return "" if value is None else str(value)
