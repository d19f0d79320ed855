"""What a validator says of a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from . import json_value


@dataclass(frozen=True)
class Finding:
    """What a validator says of a parameter of a draft; nothing, unless said."""

    #: What is wrong with the value, in words for the buyer.
    error: Optional[str] = None
    #: Another value.
    value: Optional[str] = None
    #: Whether a value has to be given.
    required: Optional[bool] = None
    #: Whether it is left out of the form.
    hidden: Optional[bool] = None
    #: Whether the buyer can only read the value.
    readonly: Optional[bool] = None
    #: What there is to choose from: labels by their values.
    choices: Optional[Mapping[str, str]] = None
    #: The error for translation: a message of the product, and its variables.
    structured_error: Optional[Mapping[str, Any]] = None
    #: Another value that is more than text.
    structured_value: Optional[Any] = None

    def to_json(self) -> dict[str, Any]:
        """Returns it as the protocol has it."""
        said = {name: value for name, value in vars(self).items() if value is not None}
        if self.choices is not None:
            said["choices"] = [list(choice) for choice in self.choices.items()]
        return said


#: What a validator returns: findings by the ids of parameters. What it does not name is right.
Findings = Mapping[str, Finding]


def to_json(findings: Findings) -> dict[str, Any]:
    """Returns findings as the protocol has them. Raises of what are none."""
    if not isinstance(findings, Mapping):
        what = type(findings).__name__
        raise TypeError(f"a validator returned {what}, and no dict such as {{}} or {EXAMPLE}")
    for id, finding in findings.items():
        if not isinstance(finding, Finding):
            raise TypeError(f"the finding of `{id}` is a {type(finding).__name__}: say {EXAMPLE}")
    said = {id: finding.to_json() for id, finding in findings.items()}
    json_value.check(said, "what the validator returned")
    return {"findings": said}


EXAMPLE = '{"domain": Finding(error="Already in use.")}'
