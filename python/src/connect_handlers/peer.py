"""Calls in both directions over a channel (JSON-RPC 2.0)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from queue import SimpleQueue
from typing import Any, Callable, Optional

from .channel import BadMessage, Channel
from .errors import CallError

#: Takes a call of the runtime: its id (`None` of a notification), its method and parameters.
OnCall = Callable[[Any, str, dict[str, Any]], None]


class Peer:
    """The runtime, as this process speaks with it. Any thread may call it."""

    def __init__(self, channel: Channel, ids: Optional[Iterator[Any]] = None) -> None:
        self._channel = channel
        self._ids = itertools.count(1) if ids is None else ids
        self._waiting: dict[Any, SimpleQueue[dict[str, Any]]] = {}

    def call(self, method: str, params: Mapping[str, Any]) -> Any:
        """Calls the runtime and waits for what it answers. Raises `CallError` of an error."""
        number = next(self._ids)
        answered: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._waiting[number] = answered
        try:
            self._send({"id": number, "method": method, "params": params})
        except BaseException:
            del self._waiting[number]
            raise
        answer = answered.get()
        if "error" in answer:
            error = answer["error"]
            said = error.get("message", "no reason was given")
            raise CallError(error.get("code", 0), said, error.get("data"))
        return answer.get("result")

    def notify(self, method: str, params: Mapping[str, Any]) -> None:
        """Tells the runtime something that it does not answer."""
        self._send({"method": method, "params": params})

    def answer(self, number: Any, result: Mapping[str, Any]) -> None:
        """Answers a call of the runtime."""
        self._send({"id": number, "result": result})

    def refuse(self, number: Any, error: Mapping[str, Any]) -> None:
        """Answers a call of the runtime with an error."""
        self._send({"id": number, "error": error})

    def listen(self, on_call: OnCall) -> None:
        """Hands on each call, and each answer to who waits for it, until the runtime is gone.

        Raises `BadMessage` of what cannot be understood, and of an answer that nobody waits for.
        """
        while True:
            message = self._channel.read()
            if message is None:
                return
            if "method" in message:
                on_call(message.get("id"), message["method"], message.get("params") or {})
                continue
            waiting = self._waiting.pop(message.get("id"), None)
            if waiting is None:
                raise BadMessage(f"an answer to a call that nobody made: {message.get('id')}")
            waiting.put(message)

    def _send(self, message: Mapping[str, Any]) -> None:
        self._channel.write({"jsonrpc": "2.0", **message})
