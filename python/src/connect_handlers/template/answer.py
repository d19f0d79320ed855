"""What came of a call, as it is recorded and given to the code again."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Union

#: Headers that say how a body was sent, and are wrong for the body as it is kept.
OF_THE_SENDING = ("content-encoding", "content-length", "transfer-encoding", "connection")


@dataclass(frozen=True)
class Answer:
    """An answer, with its body whole and decoded."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    #: Where it came from, after redirects; the address of the call unless said.
    url: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the vendor did what it was asked."""
        return 200 <= self.status < 400

    @property
    def is_proof(self) -> bool:
        """Whether the vendor says that it has happened: one that leads elsewhere does not."""
        return 200 <= self.status < 300

    @property
    def is_clear(self) -> bool:
        """Whether it is known from it what became of the call."""
        return self.status < 500 and self.status != 408

    @property
    def text(self) -> str:
        """Its body, to be read by people."""
        return self.body.decode(errors="replace")

    def to_json(self) -> dict[str, Any]:
        """Returns it as it is recorded."""
        said: dict[str, Any] = {"status": self.status, "headers": [list(it) for it in self.headers]}
        try:
            said["body"] = self.body.decode()
        except UnicodeDecodeError:
            said["base64"] = base64.b64encode(self.body).decode()
        if self.url:
            said["url"] = self.url
        return said


@dataclass(frozen=True)
class Broken:
    """No answer: nothing was sent, or it was only to read. The text says what went wrong."""

    text: str

    def to_json(self) -> dict[str, Any]:
        """Returns it as it is recorded."""
        return {"broken": self.text}


Result = Union[Answer, Broken]


def of_json(said: dict[str, Any]) -> Result:
    """Returns what was recorded."""
    if "broken" in said:
        return Broken(said["broken"])
    body = base64.b64decode(said["base64"]) if "base64" in said else said["body"].encode()
    headers = tuple((name, value) for name, value in said["headers"])
    return Answer(said["status"], headers, body, said.get("url", ""))


def json_answer(status: int, body: Any, headers: Any = ()) -> Answer:
    """Returns an answer of Connect's, whose body is JSON."""
    kept = tuple((name, value) for name, value in dict(headers).items() if not _is_replaced(name))
    content = b"" if body is None else json.dumps(body).encode()
    return Answer(status, (*kept, ("Content-Type", "application/json")), content)


def kept(headers: Any) -> tuple[tuple[str, str], ...]:
    """Returns the headers, as pairs, that are right for a body as it is kept."""
    return tuple((name, value) for name, value in headers if name.lower() not in OF_THE_SENDING)


def cookies(headers: Any) -> tuple[tuple[str, str], ...]:
    """Returns what sets cookies of the headers, as pairs, of an answer that has led elsewhere."""
    return tuple((name, value) for name, value in headers if name.lower() == "set-cookie")


def _is_replaced(name: str) -> bool:
    return name.lower() == "content-type" or name.lower() in OF_THE_SENDING
