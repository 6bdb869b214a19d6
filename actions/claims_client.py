"""Talks to the claims backend.

ClaimsError                 the backend said no; `code` and `details` say why
└── TokenRejected           the customer has to identify again
ClaimsUnavailable           it could not be reached, or failed
"""

from __future__ import annotations

from typing import Any

import httpx

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
        self._http = httpx.AsyncClient(
            base_url=url, timeout=TIMEOUT, transport=transport, headers={"Authorization": f"Bearer {token}"}
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
