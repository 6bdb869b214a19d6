"""Claims handlers who decide on claims over the staff API, as the desk does."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import httpx
import pyotp

from claims.demo.staff import DEMO_STAFF, PASSWORD
from claims.domain.staff import Role
from common.certificates import trusted
from tests.conftest import RunningHouse


class Handlers:
    """The demo's supervisor, signed in once: a code of the second factor works only once."""

    def __init__(self, house: RunningHouse) -> None:
        token = house.layout.secrets["CLAIMS_TOKEN_FOR_ACTIONS"]
        address = house.layout.url("CLAIMS_PORT")
        self._http = httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=10, verify=trusted()
        )
        member = next(member for member in DEMO_STAFF if member.role is Role.SUPERVISOR)
        code = pyotp.TOTP(member.totp_secret).now()
        body = {"username": member.username, "password": PASSWORD, "code": code}
        self._http.headers["X-Staff-Session"] = self._ask("POST", "/v1/staff/sessions", body)["session"]

    def step(self, conversations: list[str], step: dict[str, Any]) -> None:
        """Take the newest claim of these conversations a step further.

        Args:
            conversations: Where the claim may come from.
            step: `to`, and `reason` and `amount` where the step needs them.
        """
        listed = self._ask("GET", "/v1/staff/claims?limit=100")["claims"]
        shown = (self._ask("GET", f"/v1/staff/claims/{row['reference']}") for row in listed)
        claim = next(claim for claim in shown if claim["conversation"] in conversations)
        body = {"reason": "", **step, "version": claim["version"]}
        self._ask("POST", f"/v1/staff/claims/{claim['reference']}/transitions", body)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._http.request(method, path, json=body)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


@lru_cache(maxsize=4)
def handlers_of(house: RunningHouse) -> Handlers:
    """The handlers of a house."""
    return Handlers(house)
