"""What the integration tests share: fakes for time, chance and mail, and a small client."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pyotp

from claims.adapters.mail import Mail
from claims.domain.actors import Actor
from claims.domain.staff import Role
from claims.service.accounts import add_account
from claims.service.services import Services
from claims.settings import Settings


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


BORN = {
    "CYB-1001-0001": "1985-03-14",
    "CYB-1002-0002": "1979-07-02",
    "CYB-2001-0004": "1994-05-30",
    "CYB-5001-0007": "1969-12-11",
    "CYB-6001-0008": "1982-04-27",
}
LIES = "CYB-1001-0001"
_NUMBERS = count(1)


def settings_for(database_url: str, **changes: Any) -> Settings:
    """Settings for the tests."""
    if database_url.startswith("sqlite:///"):
        changes.setdefault("evidence_store", f"{database_url.removeprefix('sqlite:///')}-evidence")
    return Settings(
        service_tokens=("test-service-token-1", "test-service-token-2"),
        token_secret="test-token-secret-1",
        audit_secret="test-audit-secret-1",
        database_url=database_url,
        **changes,
    )


@dataclass
class FakeClock:
    """A clock that only moves when told."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Move on."""
        self.now += timedelta(**by)


@dataclass
class FakeIds:
    """Ids that are counted."""

    tokens: Any = field(default_factory=lambda: count(1))
    references: Any = field(default_factory=lambda: count(1))
    passwords: Any = field(default_factory=lambda: count(1))

    def token(self) -> str:
        return f"id-{next(self.tokens)}"

    def code(self) -> str:
        return "424242"

    def reference(self, year: int) -> str:
        return f"CC-{year}-{next(self.references):06d}"

    def password(self) -> str:
        return f"initial password {next(self.passwords)}"

    def totp_secret(self) -> str:
        return pyotp.random_base32()


@dataclass
class FakeMailer:
    """Keeps mails; with `error`, fails to send them."""

    sent: list[Mail] = field(default_factory=list)
    error: OSError | None = None

    def send(self, mail: Mail) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(mail)


@dataclass
class Api:
    """A client of the running service."""

    client: httpx.AsyncClient
    services: Services
    clock: FakeClock
    mailer: FakeMailer

    async def ask_code(self, reference: str = LIES, born: str | None = None, language: str = "nl") -> httpx.Response:
        """Ask for a code and wait until its mail is sent."""
        body = {
            "policy_reference": reference,
            "date_of_birth": born or BORN.get(reference, "1985-03-14"),
            "language": language,
        }
        response = await self.client.post("/v1/identity/challenges", json=body)
        await self.services.background.finish()
        return response

    async def give_code(self, challenge: str, code: str) -> httpx.Response:
        """Give a code back."""
        return await self.client.post(f"/v1/identity/challenges/{challenge}/verification", json={"code": code})

    async def staff(self, role: str = "handler", username: str | None = None) -> Staff:
        """Make a member of staff, who signs in and has a password of their own."""
        name = username or f"{role}.{next(_NUMBERS)}"
        account, given = add_account(self.services, Actor.system("tests"), name, name.title(), Role(role))
        member = Staff(self.client, self.clock, account.username, given.password, given.enrolment)
        await member.sign_in()
        changed = await member.change_password(f"a password only {next(_NUMBERS)} knows")
        assert changed.status_code == 204, changed.text
        return member

    async def customer(self, reference: str = LIES) -> Customer:
        """Identify as the holder of a policy."""
        challenge = (await self.ask_code(reference)).json()["challenge"]
        verified = (await self.give_code(challenge, "424242")).json()
        return Customer(self.client, reference, {"x-customer-token": verified["customer_token"]})


@dataclass
class Staff:
    """A signed-in member of staff; the clock ends their session after half an hour without a call."""

    client: httpx.AsyncClient
    clock: FakeClock
    username: str
    password: str
    enrolment: str
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, json: Any = None) -> httpx.Response:
        """Call the API as this member of staff."""
        return await self.client.request(method, path, json=json, headers=self.headers)

    async def try_sign_in(self, **changes: str) -> httpx.Response:
        """Sign in with a code of this moment; each code works once, so the clock must move in between."""
        body = {"username": self.username, "password": self.password, "code": self.code()}
        return await self.client.post("/v1/staff/sessions", json=body | changes)

    async def sign_in(self) -> Staff:
        """Sign in and use the new session from now on."""
        opened = await self.try_sign_in()
        assert opened.status_code == 201, opened.text
        self.headers["x-staff-session"] = opened.json()["session"]
        return self

    async def change_password(self, password: str) -> httpx.Response:
        """Change the password."""
        body = {"password": self.password, "new_password": password}
        answer = await self.call("PUT", "/v1/staff/me/password", body)
        self.password = password if answer.status_code == 204 else self.password
        return answer

    def code(self) -> str:
        """What the authenticator shows at this moment."""
        totp = pyotp.parse_uri(self.enrolment)
        assert isinstance(totp, pyotp.TOTP)
        return totp.at(self.clock.now)


@dataclass
class Customer:
    """An identified customer."""

    client: httpx.AsyncClient
    reference: str
    headers: dict[str, str]

    async def call(self, method: str, path: str, json: Any = None, key: str | None = None) -> httpx.Response:
        """Call the API as this customer."""
        headers = self.headers | ({"idempotency-key": key} if key else {})
        return await self.client.request(method, path, json=json, headers=headers)

    async def open_draft(self, key: str = "key-1", incident: str = "non_delivery", **changes: Any) -> httpx.Response:
        """Open a draft."""
        body = {
            "policy_reference": self.reference,
            "incident": incident,
            "conversation": "conversation-1",
            "language": "nl",
        }
        return await self.call("POST", "/v1/drafts", body | changes, key)

    async def submit(self, draft: str, version: int, key: str = "submit-1") -> httpx.Response:
        """Submit a draft."""
        return await self.call("POST", f"/v1/drafts/{draft}/submission", {"version": version}, key)

    async def check(self, incident: str = "non_delivery", **facts: Any) -> httpx.Response:
        """Check cover."""
        body = {"policy_reference": self.reference, "incident": incident, "facts": facts}
        return await self.call("POST", "/v1/eligibility", body)


def code_of(response: httpx.Response) -> tuple[int, str]:
    """The status and error code of a response in the one error shape."""
    error = response.json()["error"]
    assert set(error) == {"code", "message", "details"}
    return response.status_code, error["code"]
