"""Acme's API, and what its answers mean. Acme is the demo vendor of `cnct up`."""

import json
import time
import urllib.error
import urllib.request
from typing import Any, NamedTuple, Optional
from urllib.parse import quote, urlencode

from connect_handlers import GiveUp, Outage, Park, TryAgain, call_made

#: How long an answer may take, in seconds, and how many bytes it may have.
TIMEOUT = 20
LONGEST = 1024 * 1024

#: Acme's word for a tenant that it is still building.
PREPARING = "preparing"


class Answer(NamedTuple):
    """An answer of Acme's. One that is no JSON has the body `None`."""

    status: int
    body: Any

    def code(self) -> str:
        """Returns Acme's word for the reason of a refusal, where it says one."""
        return str(self._error().get("code") or "")

    def reason(self) -> str:
        """Returns the reason for people."""
        return str(self._error().get("message") or f"Acme answered {self.status}")

    def _error(self) -> dict[str, Any]:
        error = self.body.get("error") if isinstance(self.body, dict) else None
        return error if isinstance(error, dict) else {}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a change would become a read, or go to a stranger."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Acme:
    """A client of Acme's API at a base address."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._opener = urllib.request.build_opener(NoRedirect)

    def create(self, external_id: str, callback: Optional[str], key: str) -> dict[str, Any]:
        """Creates a tenant. Acme may take its time, and then calls back."""
        body = {"externalId": external_id}
        if callback is not None:
            body["callbackUrl"] = callback
        tenant = self._change("POST", ["tenant"], key, body)
        prove(tenant.get("externalId") == external_id, f"it is not the tenant of {external_id}")
        prove(tenant.get("status") in ("ready", PREPARING), f"its status is {tenant.get('status')}")
        prove(tenant.get("enabled") is True, "it is not enabled")
        made = {"tenantId": tenant["tenantId"]}
        return {**made, "preparing": True} if tenant["status"] == PREPARING else made

    def is_ready(self, tenant: dict[str, Any]) -> bool:
        """Returns whether a tenant is ready to be used. One that always was is not asked about."""
        if not tenant.get("preparing"):
            return True
        found = self._read(["tenant", tenant["tenantId"]])
        prove(found.get("tenantId") == tenant["tenantId"], "it is about another tenant")
        if found.get("status") == PREPARING:
            return False
        prove(found.get("status") == "ready", f"its status is {found.get('status')}")
        return True

    def tenant_of(self, external_id: str) -> Optional[str]:
        """Returns the id of a subscription's tenant, if it has one."""
        tenants = self._read(["tenant"], externalId=external_id)
        prove(all(it["externalId"] == external_id for it in tenants), "not all are its tenants")
        return tenants[0]["tenantId"] if tenants else None

    def set_limit(self, id: str, limit: int, key: str) -> None:
        """Sets how much a tenant may use."""
        tenant = self._change("PUT", ["tenant", id], key, {"licences": {"limit": limit}})
        prove_there(tenant, id)
        prove(tenant["licences"]["limit"] == limit, f"its limit is not {limit}")

    def enable(self, id: str, key: str) -> None:
        """Lets a tenant in again."""
        self._switch(id, "enable", True, key)

    def disable(self, id: str, key: str) -> None:
        """Locks a tenant out."""
        self._switch(id, "disable", False, key)

    def delete(self, id: str, key: str) -> None:
        """Deletes a tenant. One that Acme says is gone is as good; a bare 404 says nothing."""
        answer = self._call("DELETE", ["tenant", id], key)
        if answer.status != 204 and answer.code() not in ("tenant_not_found", "tenant_deleted"):
            raise judge(answer)

    def _switch(self, id: str, verb: str, on: bool, key: str) -> None:
        tenant = self._change("PUT", ["tenant", id, verb], key, {})
        prove_there(tenant, id)
        prove(tenant.get("enabled") is on, f"it says enabled: {tenant.get('enabled')}")

    def _change(self, method: str, path: list[str], key: str, body: Any) -> dict[str, Any]:
        answer = self._call(method, path, key, body)
        if answer.status not in (200, 201):
            raise judge(answer)
        tenant: dict[str, Any] = answer.body
        prove(isinstance(tenant, dict), "it is no tenant")
        return tenant

    def _read(self, path: list[str], **query: str) -> Any:
        answer = self._call("GET", path, query=query)
        if answer.status != 200:
            raise judge(answer)
        prove(isinstance(answer.body, (dict, list)), "it is no JSON")
        return answer.body

    def _call(
        self,
        method: str,
        path: list[str],
        key: Optional[str] = None,
        body: Any = None,
        query: Optional[dict[str, str]] = None,
    ) -> Answer:
        """Makes one call. Each part of the path is one segment of the address."""
        url = "/".join([self._url, *(quote(part, safe="") for part in path)])
        if query:
            url += "?" + urlencode(query)
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, sent, {"Content-Type": "application/json"})
        request.method = method
        if key is not None:
            request.add_header("Idempotency-Key", key)
        status, answer, began = None, b"", time.monotonic()
        try:
            try:
                response = self._opener.open(request, timeout=TIMEOUT)
            except urllib.error.HTTPError as error:
                response = error
            with response:
                status, answer = response.status, response.read(LONGEST)
        finally:
            took = round((time.monotonic() - began) * 1000)
            call_made(method, url, status=status, body=sent or b"", answer=answer, took_ms=took)
        try:
            return Answer(status, json.loads(answer))
        except ValueError:
            return Answer(status, None)


def judge(answer: Answer) -> Exception:
    """Returns what an answer means that is no success.

    It is a no only where Acme has understood the call and says so. Too many calls, a fault of
    Acme's, a wrong address, or the words of somebody in between are worth another try.
    """
    if answer.status in (502, 503, 504):
        return Outage(answer.reason())
    if answer.code() == "idempotency_key_reused":
        return Park(answer.reason())
    not_yet = answer.code() in ("", "in_progress", "tenant_preparing")
    if answer.status in (400, 409, 422) and not not_yet:
        return GiveUp(answer.reason())
    return TryAgain(f"Acme answered {answer.status}: {answer.reason()}")


def prove(holds: bool, missing: str) -> None:
    """Raises unless an answer says what it has to: anything may answer 200."""
    if not holds:
        raise TryAgain(f"an answer of Acme's proves nothing: {missing}")


def prove_there(tenant: dict[str, Any], id: str) -> None:
    """Raises unless an answer is about this tenant, and it is there."""
    prove(tenant.get("tenantId") == id, f"it is about tenant {tenant.get('tenantId')}")
    prove(tenant.get("status") == "ready", f"its status is {tenant.get('status')}")
