"""The code's decision about its request."""

from __future__ import annotations

from typing import Any, Optional

from ..errors import Park, TryAgain
from .answer import Answer, json_answer
from .history import History, Past
from .settings import Settings
from .talk import Talk
from .vendor import Vendor, recorded

HINT = "If that is as it should be, allow it with --template-unproven"


class Decision:
    """What the code decides. It is told at once, and the code sees what Connect says."""

    def __init__(
        self, talk: Talk, vendor: Vendor, history: History, settings: Settings, request: Any
    ) -> None:
        self._talk = talk
        self._vendor = vendor
        self._history = history
        self._settings = settings
        self._request = request
        #: What was decided in this attempt.
        self.told: Optional[str] = None
        #: What the code wanted to decide besides.
        self.second: Optional[str] = None

    @property
    def is_ahead(self) -> bool:
        """Whether an earlier attempt has decided, and the code has not come there again."""
        return self._history.request is not None and self.told is None

    def tell(self, outcome: dict[str, Any]) -> Answer:
        """Tells Connect what the code decides, and returns its answer."""
        name: str = outcome["outcome"]
        if self.told is not None:
            self.second = name
            return json_answer(400, refusal(f"this run was decided: {self.told}. It can be once"))
        if self._vendor.failed is not None:
            self._talk.stop(self._vendor.failed)
        was_ahead = self.is_ahead
        if was_ahead and self._history.decided != name:
            self._talk.stop(Park(f"{self._history.decided} was decided, and now comes {name}"))
        if not was_ahead:
            self._check(name)
            self._record(name)
        answer = self._talk.ask_connect("decide", outcome=outcome)
        if answer.is_success:
            self.told, self._vendor.unrecorded = name, []
        else:
            self._forget(answer, was_ahead)
        return answer

    def _check(self, name: str) -> None:
        left_out = self._vendor.left_out
        if left_out is not None:
            self._talk.stop(
                Park(f"the code wants to {name}, and {left_out}: look at what the vendor has")
            )
        if name == "approve" and not self._settings.unproven:
            doubt = unproven(self._vendor.effects)
            if doubt is not None:
                self._talk.stop(Park(f"the code wants to approve, and {doubt}. {HINT}"))

    def _record(self, name: str) -> None:
        """Records what the code has seen, so that it sees the same when it is called again."""
        value = {
            "request": self._request,
            "decided": name,
            "effects": len(self._vendor.effects),
            "calls": recorded(self._vendor.unrecorded, len(self._vendor.calls)),
        }
        self._talk.record(self._history.name("request"), value)
        self._history.taken["request"] = self._history.taken.get("request", 0) + 1

    def _forget(self, answer: Answer, was_ahead: bool) -> None:
        """Takes the record back after a refusal: what the code does next is up to it."""
        self._talk.record(self._history.refused(), {"status": answer.status})
        if was_ahead:
            # What it has seen was recorded for this decision only.
            self._talk.stop(TryAgain(f"Connect refused: {answer.status} {answer.text}"))


def refusal(*errors: str) -> dict[str, Any]:
    """Returns the body of a refusal, in the way of Connect's."""
    return {"error_code": "CNCT_TEMPLATE", "errors": list(errors)}


def unproven(effects: list[Past]) -> Optional[str]:
    """Returns what speaks against an approval in what the vendor answered, if anything does."""
    if not effects:
        return "nothing was asked of the vendor in this run that changes anything"
    last = {(past.method, past.url): past for past in effects}
    for past in last.values():
        if not isinstance(past.result, Answer) or not past.result.is_proof:
            said = past.result.status if isinstance(past.result, Answer) else past.result
            return f"the vendor's last answer to `{past}` was no success: {said}"
    return None
