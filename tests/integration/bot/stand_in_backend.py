"""A stand-in for the claims backend's staff calls: sessions, one claim, its evidence, a policy; it can be down."""

from __future__ import annotations

from typing import Any

from sanic import HTTPResponse, Request, Sanic, json, raw
from sanic.response import empty

SERVICE_TOKEN = "claims-token-for-tests"
CODE = "123456"
_AGENT = ["own_account", "read_claims", "read_evidence", "work_on_claims"]
_ROLES = {
    "agent": _AGENT,
    "supervisor": [*_AGENT, "decide_claims", "export", "read_audit", "read_figures", "reopen_claims"],
    "admin": ["manage_staff", "own_account", "read_audit"],
}
STAFF = {
    "lies": ("Lies Claes", "agent"),
    "karim": ("Karim Benali", "agent"),
    "sofie": ("Sofie Wouters", "supervisor"),
    "jean": ("Jean Lambert", "admin"),
}
CLAIM = "CC-2026-7K4M2P"
POLICY = "CYB-1001-0001"
REASON = {"code": "seller_private_person", "effect": "doubt", "source": "product page"}


def failed(status: int, code: str) -> HTTPResponse:
    """An error as the backend writes it."""
    return json({"error": {"code": code, "message": code, "details": {}}}, status=status)


class StandInBackend:
    """What the tests switch: `down`; `over` holds sessions that were ended elsewhere."""

    def __init__(self) -> None:
        self.down = False
        self.over: set[str] = set()
        self.must_change = False
        self.asked: list[tuple[str, str, str]] = []
        self.checked: list[dict[str, Any]] = []
        self.checks_fail = False

    def app(self) -> Sanic[Any, Any]:
        """The app that serves it."""
        app: Sanic[Any, Any] = Sanic("stand-in-backend", configure_logging=False)
        app.on_request(self._check)
        app.add_route(self._open, "/v1/staff/sessions", methods=["POST"])
        app.add_route(self._close, "/v1/staff/sessions/current", methods=["DELETE"])
        app.add_route(self._me, "/v1/staff/me")
        app.add_route(self._claim, "/v1/staff/claims/<reference:str>")
        app.add_route(self._move, "/v1/staff/claims/<reference:str>/transitions", methods=["POST"])
        app.add_route(self._evidence, "/v1/staff/claims/<reference:str>/evidence")
        app.add_route(self._file, "/v1/staff/evidence/<evidence:str>/content")
        app.add_route(self._policy, "/v1/staff/policies/<reference:str>")
        app.add_route(self._cover, "/v1/staff/policies/<reference:str>/eligibility", methods=["POST"])
        return app

    async def _check(self, request: Request) -> HTTPResponse | None:
        session = request.headers.get("x-staff-session", "")
        self.asked.append((request.method, request.path, session))
        if self.down:
            return HTTPResponse(status=502)
        if request.token != SERVICE_TOKEN:
            return failed(401, "unauthorised")
        if request.path != "/v1/staff/sessions" and self._who(session) is None:
            return failed(401, "staff_session_invalid")
        return None

    def _who(self, session: str) -> str | None:
        name = session.removeprefix("session-of-")
        return name if name in STAFF and session not in self.over else None

    def _member(self, username: str) -> dict[str, Any]:
        name, role = STAFF[username]
        shown = {"username": username, "name": name, "role": role, "permissions": _ROLES[role]}
        return shown | {"must_change_password": self.must_change}

    async def _open(self, request: Request) -> HTTPResponse:
        body = request.json
        if body["username"] not in STAFF or body["code"] != CODE:
            return failed(401, "sign_in_failed")
        opened = {"session": f"session-of-{body['username']}", "member": self._member(body["username"])}
        return json(opened | {"expires_at": "2026-01-27T18:00:00Z"}, status=201)

    async def _close(self, request: Request) -> HTTPResponse:
        self.over.add(request.headers["x-staff-session"])
        return empty()

    async def _me(self, request: Request) -> HTTPResponse:
        return json(self._member(request.headers["x-staff-session"].removeprefix("session-of-")))

    async def _claim(self, request: Request, reference: str) -> HTTPResponse:
        return json({"reference": reference}) if reference == CLAIM else failed(404, "claim_not_found")

    async def _move(self, request: Request, reference: str) -> HTTPResponse:
        return json({"reference": reference, "status": request.json["to"]})

    async def _evidence(self, request: Request, reference: str) -> HTTPResponse:
        return json({"evidence": []})

    async def _file(self, request: Request, evidence: str) -> HTTPResponse:
        return raw(b"<svg onload=alert(1)>", content_type="image/svg+xml")

    async def _policy(self, request: Request, reference: str) -> HTTPResponse:
        return json({"reference": reference}) if reference == POLICY else failed(404, "policy_not_found")

    async def _cover(self, request: Request, reference: str) -> HTTPResponse:
        if self.checks_fail:
            return failed(503, "policy_source_unavailable")
        self.checked.append(request.json)
        return json({"finding": "needs_review", "reasons": [REASON], "limits": [], "missing": []})
