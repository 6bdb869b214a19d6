"""Talks to the claims backend.

ClaimsError                 the backend said no; `code` and `details` say why
└── TokenRejected           the customer has to identify again
ClaimsUnavailable           it could not be reached, or failed
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from common.certificates import trusted

TIMEOUT = httpx.Timeout(6.0, connect=2.0)


class ClaimsUnavailable(Exception):
    """The backend does not answer, or answers that it failed."""


class ClaimsError(Exception):
    """The backend refused; nothing was changed there."""

    def __init__(self, code: str, status: int, details: dict[str, Any]) -> None:
        super().__init__(code)
        self.code, self.status, self.details = code, status, details


class TokenRejected(ClaimsError):
    """The customer's token is expired or not for this policy."""


class ClaimsClient:
    """The calls of docs/contracts.md, one method each; all raise ClaimsError and ClaimsUnavailable."""

    def __init__(self, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(
            base_url=url, timeout=TIMEOUT, transport=transport, headers=headers, verify=trusted()
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def start_challenge(self, policy_reference: str, date_of_birth: str, language: str) -> dict[str, Any]:
        """Ask for a one-time code; the answer is the same whether the policy exists or not."""
        body = {"policy_reference": policy_reference, "date_of_birth": date_of_birth, "language": language}
        return await self._call("POST", "/v1/identity/challenges", json=body)

    async def verify(self, challenge: str, code: str) -> dict[str, Any]:
        """Exchange a code for a customer token and the policy."""
        return await self._call("POST", f"/v1/identity/challenges/{challenge}/verification", json={"code": code})

    async def evidence_goes_to(self, conversation: str) -> tuple[str, str | None]:
        """Where a file given in this conversation goes: draft, claim or held; and the claim, if it is one."""
        answer = await self._call("GET", f"/v1/conversations/{quote(conversation, safe='')}")
        return str(answer["evidence_to"]), answer["claim"]

    async def check(self, token: str, policy_reference: str, incident: str, facts: dict[str, Any]) -> dict[str, Any]:
        """First look at the cover."""
        body = {"policy_reference": policy_reference, "incident": incident, "facts": facts}
        return await self._call("POST", "/v1/eligibility", token, json=body)

    async def create_draft(self, token: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """Open a draft; the same `key` returns the same draft."""
        return await self._call("POST", "/v1/drafts", token, json=body, headers={"Idempotency-Key": key})

    async def save_draft(self, token: str, draft: str, version: int, answers: dict[str, Any]) -> dict[str, Any]:
        """Set answers of a draft; None takes one out. What this conversation says last holds."""
        path = f"/v1/drafts/{draft}"
        try:
            return await self._call("PATCH", path, token, json={"answers": answers, "version": version})
        except ClaimsError as error:
            if error.code != "version_conflict":
                raise
            body = {"answers": answers, "version": error.details["version"]}
            return await self._call("PATCH", path, token, json=body)

    async def submit(self, token: str, draft: str, version: int) -> dict[str, Any]:
        """Turn a draft into a claim; a draft becomes one claim only, so a repeat returns the same."""
        path, headers = f"/v1/drafts/{draft}/submission", {"Idempotency-Key": f"{draft}-{version}"}
        return await self._call("POST", path, token, json={"version": version}, headers=headers)

    async def drafts(self, token: str, policy_reference: str) -> list[dict[str, Any]]:
        """The customer's drafts that are not submitted, the last changed first."""
        answer = await self._call("GET", "/v1/drafts", token, params={"policy_reference": policy_reference})
        return list(answer["drafts"])

    async def drop_draft(self, token: str, draft: str) -> None:
        """Delete a draft."""
        await self._call("DELETE", f"/v1/drafts/{draft}", token)

    async def claims(self, token: str, policy_reference: str) -> list[dict[str, Any]]:
        """The customer's claims, the newest first."""
        answer = await self._call("GET", "/v1/claims", token, params={"policy_reference": policy_reference})
        return list(answer["claims"])

    async def withdraw(self, token: str, claim: dict[str, Any]) -> None:
        """Withdraw a claim."""
        await self._change(token, claim, "withdrawal", {})

    async def add_remark(self, token: str, claim: dict[str, Any], remark: str) -> None:
        """Add a remark to a claim; where something was asked, it is the answer."""
        asked = claim["status"] == "information_requested"
        await self._change(token, claim, "answers" if asked else "remarks", {"remark": remark})

    async def _change(self, token: str, claim: dict[str, Any], what: str, body: dict[str, Any]) -> None:
        """Change a claim; what staff did since it was read does not stand in the way if the step is still possible."""
        path = f"/v1/claims/{claim['reference']}/{what}"
        try:
            await self._call("POST", path, token, json={**body, "version": claim["version"]})
        except ClaimsError as error:
            if error.code != "version_conflict":
                raise
            await self._call("POST", path, token, json={**body, "version": error.details["version"]})

    async def _call(self, method: str, path: str, token: str | None = None, **request: Any) -> dict[str, Any]:
        headers = dict(request.pop("headers", {}))
        if token:
            headers["X-Customer-Token"] = token
        try:
            response = await self._http.request(method, path, headers=headers, **request)
        except httpx.HTTPError as error:
            raise ClaimsUnavailable(type(error).__name__) from error
        if response.status_code >= 500:
            raise ClaimsUnavailable(str(response.status_code))
        if response.is_success:
            return response.json() if response.content else {}
        raise _refusal(response)


def _refusal(response: httpx.Response) -> ClaimsError:
    try:
        error = response.json()["error"]
        code, details = str(error["code"]), dict(error.get("details") or {})
    except (ValueError, KeyError, TypeError):
        code, details = "unreadable_error", {}
    kind = TokenRejected if code in TOKEN_CODES else ClaimsError
    return kind(code, response.status_code, details)


TOKEN_CODES = {"customer_token_invalid", "customer_token_expired", "other_policy"}
