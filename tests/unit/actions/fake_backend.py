"""A claims backend in memory that keeps to docs/contracts.md, and can be down, slow to accept, or tired of a token."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx

SERVICE_TOKEN = "service-token-of-the-tests"
REFERENCE, BIRTH, CODE = "CYB-1001-0001", "1985-03-14", "123456"
TRIES = 5

POLICY: dict[str, Any] = {
    "reference": REFERENCE,
    "status": "active",
    "start_date": "2025-01-01",
    "end_date": None,
    "holder": {"first_name": "Marie", "last_name": "Peeters"},
    "insured_persons": [
        {"id": "p-1", "first_name": "Marie", "last_name": "Peeters", "relation": "holder", "family": True},
        {"id": "p-2", "first_name": "Tom", "last_name": "Janssens", "relation": "spouse", "family": True},
    ],
}
COVERED: dict[str, Any] = {
    "finding": "looks_covered",
    "reasons": [
        {"code": "contract_in_force", "effect": "supports", "source": "product page"},
        {"code": "limit_available", "effect": "supports", "source": "product page"},
    ],
    "limits": [{"name": "online_purchases", "limit": "5000", "used": "1200", "left": "3800", "currency": "EUR"}],
    "missing": [],
    "rules_version": "1",
}


class Refused(Exception):
    """The answer is an error of the contract."""

    def __init__(self, status: int, code: str, **details: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.details = status, code, details


class FakeBackend:
    """What the contract says, and what went through it.

    Attributes:
        down: Names of calls that fail as if nobody listened: challenge, verify, check, draft, save, submit.
        lose_answer: Names of calls that are carried out but whose answer never arrives.
        finding: What the check of cover finds.
        tokens_expire_at: How long the next customer token holds.
        refuse: Call name -> the refusal it answers with.
    """

    def __init__(self) -> None:
        self.down: set[str] = set()
        self.lose_answer: set[str] = set()
        self.refuse: dict[str, Refused] = {}
        self.finding: dict[str, Any] = COVERED
        self.place: dict[str, Any] = {"evidence_to": "held", "claim": None, "claims": []}
        self.calls: list[tuple[str, Any]] = []
        self.drafts: dict[str, dict[str, Any]] = {}
        self.claims: dict[str, dict[str, Any]] = {}
        self.tokens: set[str] = set()
        self.tokens_expire_at = "2026-11-22T14:00:00Z"
        self._keys: dict[str, str] = {}
        self._challenges: dict[str, dict[str, Any]] = {}

    def transport(self) -> httpx.MockTransport:
        """For httpx.AsyncClient."""
        return httpx.MockTransport(self._answer)

    def bodies(self, name: str) -> list[Any]:
        """The bodies of all calls of that name, in order."""
        return [body for call, body in self.calls if call == name]

    def expire_tokens(self) -> None:
        """No customer token holds any more."""
        self.tokens.clear()

    def change_draft_elsewhere(self) -> None:
        """Somebody else saved the only draft."""
        (draft,) = self.drafts.values()
        draft["version"] += 1

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else {}
        for method, pattern, name, handler, customer in self._routes():
            match = re.fullmatch(pattern, request.url.path)
            if request.method != method or not match:
                continue
            self.calls.append((name, body))
            if name in self.down:
                raise httpx.ConnectError("nobody listens", request=request)
            try:
                self._check_tokens(request, customer)
                if name in self.refuse:
                    raise self.refuse[name]
                status, answer = handler(request, body, *match.groups())
            except Refused as error:
                shape = {"code": error.code, "message": error.code, "details": error.details}
                return httpx.Response(error.status, json={"error": shape})
            if name in self.lose_answer:
                raise httpx.ReadTimeout("the answer got lost", request=request)
            return httpx.Response(status, json=answer)
        return httpx.Response(404, json={"error": {"code": "not_found", "message": "", "details": {}}})

    def _routes(self) -> list[tuple[str, str, str, Callable[..., tuple[int, Any]], bool]]:
        return [
            ("POST", r"/v1/identity/challenges", "challenge", self._challenge, False),
            ("POST", r"/v1/identity/challenges/([^/]+)/verification", "verify", self._verify, False),
            ("GET", r"/v1/conversations/conversation-1", "place", lambda *_: (200, self.place), False),
            ("POST", r"/v1/eligibility", "check", lambda *_: (200, self.finding), True),
            ("POST", r"/v1/drafts", "draft", self._create, True),
            ("GET", r"/v1/drafts", "drafts", self._list_drafts, True),
            ("PATCH", r"/v1/drafts/([^/]+)", "save", self._save, True),
            ("DELETE", r"/v1/drafts/([^/]+)", "drop", self._drop, True),
            ("GET", r"/v1/claims", "claims", self._list_claims, True),
            ("POST", r"/v1/claims/([^/]+)/(withdrawal|remarks|answers)", "change", self._change, True),
            ("POST", r"/v1/drafts/([^/]+)/submission", "submit", self._submit, True),
        ]

    def _check_tokens(self, request: httpx.Request, customer: bool) -> None:
        if request.headers.get("authorization") != f"Bearer {SERVICE_TOKEN}":
            raise Refused(401, "unauthorised")
        if customer and request.headers.get("x-customer-token") not in self.tokens:
            raise Refused(401, "customer_token_expired")

    def _challenge(self, request: httpx.Request, body: dict[str, Any]) -> tuple[int, Any]:
        name = f"challenge-{len(self._challenges) + 1}"
        right = (body["policy_reference"], body["date_of_birth"]) == (REFERENCE, BIRTH)
        self._challenges[name] = {"right": right, "tries": TRIES, "state": "open"}
        return 202, {"challenge": name, "expires_at": "2026-11-22T12:10:00Z"}

    def _verify(self, request: httpx.Request, body: dict[str, Any], name: str) -> tuple[int, Any]:
        challenge = self._challenges.get(name)
        if challenge is None or challenge["state"] == "expired":
            raise Refused(409, "code_expired")
        if challenge["tries"] == 0:
            raise Refused(429, "too_many_tries")
        if not challenge["right"] or body["code"] != CODE:
            challenge["tries"] -= 1
            if challenge["tries"] == 0:
                raise Refused(429, "too_many_tries")
            raise Refused(422, "wrong_code", tries_left=challenge["tries"])
        token = f"token-{name}"
        self.tokens.add(token)
        return 200, {"customer_token": token, "expires_at": self.tokens_expire_at, "policy": POLICY}

    def expire_codes(self) -> None:
        """Every code that was sent is too old."""
        for challenge in self._challenges.values():
            challenge["state"] = "expired"

    def _create(self, request: httpx.Request, body: dict[str, Any]) -> tuple[int, Any]:
        key = request.headers["idempotency-key"]
        if key not in self._keys:
            draft = {"id": f"draft-{len(self.drafts) + 1}", **body, "status": "draft", "answers": {}, "version": 1}
            self._keys[key], self.drafts[draft["id"]] = draft["id"], draft
        return 201, self.drafts[self._keys[key]]

    def _save(self, request: httpx.Request, body: dict[str, Any], name: str) -> tuple[int, Any]:
        draft = self.drafts[name]
        if draft["status"] == "submitted":
            raise Refused(409, "already_submitted")
        if body["version"] != draft["version"]:
            raise Refused(409, "version_conflict", version=draft["version"])
        answers = {**draft["answers"], **body["answers"]}
        draft["answers"] = {key: value for key, value in answers.items() if value is not None}
        draft["incident"] = body.get("incident", draft["incident"])
        draft["version"] += 1
        return 200, draft

    def _list_drafts(self, request: httpx.Request, body: dict[str, Any]) -> tuple[int, Any]:
        begun = [draft for draft in self.drafts.values() if draft["status"] == "draft"]
        return 200, {"drafts": [{**draft, "updated_at": "2026-11-20T09:00:00Z"} for draft in begun], "next": None}

    def _drop(self, request: httpx.Request, body: dict[str, Any], name: str) -> tuple[int, Any]:
        del self.drafts[name]
        return 204, {}

    def begun(self, incident: str = "non_delivery", **answers: str) -> None:
        """There is a draft from another day."""
        name = f"draft-{len(self.drafts) + 1}"
        draft = {"id": name, "policy_reference": REFERENCE, "incident": incident, "status": "draft", "version": 3}
        self.drafts[name] = draft | {"answers": answers}

    def sent(self, reference: str, status: str = "in_review", **changes: Any) -> None:
        """There is a claim from another day."""
        payout = {"due_on": "2026-12-05", "days_left": 13, "running": True, "overdue": False}
        claim = {"reference": reference, "incident": "non_delivery", "status": status, "version": 4, "message": ""}
        claim |= {"submitted_at": "2026-11-20T09:00:00Z", "payout": payout, "approved_amount": None, "reasons": []}
        self.claims[reference] = claim | changes

    def _list_claims(self, request: httpx.Request, body: dict[str, Any]) -> tuple[int, Any]:
        return 200, {"claims": list(self.claims.values()), "next": None}

    def _change(self, request: httpx.Request, body: dict[str, Any], reference: str, what: str) -> tuple[int, Any]:
        claim = self.claims[reference]
        if body["version"] != claim["version"]:
            raise Refused(409, "version_conflict", version=claim["version"])
        claim["version"] += 1
        claim["changed"] = (what, body.get("remark"))
        return 200, claim

    def _submit(self, request: httpx.Request, body: dict[str, Any], name: str) -> tuple[int, Any]:
        assert request.headers["idempotency-key"]
        draft = self.drafts[name]
        if name in self.claims:
            return 200, self.claims[name]
        if body["version"] != draft["version"]:
            raise Refused(409, "version_conflict", version=draft["version"])
        draft["status"] = "submitted"
        claim = {"reference": f"CLM-2026-{len(self.claims) + 1:04}", "draft": name, "status": "submitted"}
        self.claims[name] = claim | {key: draft[key] for key in ("policy_reference", "incident", "answers")}
        return 201, self.claims[name]
