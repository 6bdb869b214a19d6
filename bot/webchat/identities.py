"""Exchanges a signed identity token of the host page for the identity the claims backend vouches for."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from bot.turns.introductions import Identity
from common.errors import NotFound, Unauthorised, Unavailable


class _Holder(msgspec.Struct):
    first_name: str


class _Policy(msgspec.Struct):
    holder: _Holder


class _Verified(msgspec.Struct):
    customer_token: str
    expires_at: str
    policy: dict[str, Any]


class IdentityClient:
    """The one call for identities; a token works once."""

    def __init__(self, client: httpx.AsyncClient, seconds: float = 8.0) -> None:
        self._client, self._seconds = client, seconds

    async def exchange(self, token: str) -> Identity:
        """Show a token.

        Raises:
            Unauthorised: It is not valid, or was used before.
            NotFound: This installation takes none.
            Unavailable: The backend does not answer; the token is still good.
        """
        try:
            answer = await self._client.post("/v1/identity/tokens", json={"token": token}, timeout=self._seconds)
        except httpx.HTTPError:
            raise _unavailable() from None
        if answer.status_code in (401, 422) and _code(answer) in ("identity_token_invalid", "invalid_body"):
            raise Unauthorised("identity_token_invalid", "The identity token is not valid or was used before.")
        if answer.status_code == 404 and _code(answer) == "identity_tokens_off":
            raise NotFound("identity_tokens_off", "This installation takes no identity tokens.")
        if answer.status_code != 200:
            raise _unavailable()
        return _identity(answer.content)


def _identity(body: bytes) -> Identity:
    try:
        verified = msgspec.json.decode(body, type=_Verified)
        msgspec.convert(verified.policy, type=_Policy)
    except msgspec.MsgspecError:
        raise _unavailable() from None
    return Identity(verified.customer_token, verified.expires_at, verified.policy)


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def _unavailable() -> Unavailable:
    return Unavailable("identity_unavailable", "Identities cannot be checked now; try again later.")
