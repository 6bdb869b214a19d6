"""The claims backend as staff reach it through the desk: their own session goes along, and its checks decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from bot.desk.members import Member
from common.certificates import trusted
from common.errors import ApiError, Forbidden, Unavailable

SESSION = "X-Staff-Session"
_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """What the backend answered."""

    status: int
    body: bytes
    content_type: str


class BackendRefused(ApiError):
    """The backend said no, in the one error shape; it is handed on as it is."""

    def __init__(self, status: int, code: str, message: str, details: dict[str, Any]) -> None:
        super().__init__(code, message, **details)
        self.status = status


class Backend:
    """Calls of the claims backend on behalf of a member of staff."""

    def __init__(self, url: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(_SECONDS, connect=2.0),
            trust_env=False,
            transport=transport,
            verify=trusted(),
        )

    async def sign_in(self, username: str, password: str, code: str) -> tuple[str, Member]:
        """Open a session; returns its token and who it is.

        Raises:
            BackendRefused: Name, password or code are wrong, or the account is locked.
            Forbidden: The password must be changed first.
            Unavailable: The backend does not answer.
        """
        body = {"username": username, "password": password, "code": code}
        opened = await self._json("POST", "/v1/staff/sessions", None, body)
        if opened["member"]["must_change_password"]:
            raise Forbidden("password_change_needed", "The password must be changed first.")
        return str(opened["session"]), _member(opened["member"])

    async def sign_out(self, session: str) -> None:
        """End a session; one that is over is not an error."""
        try:
            await self._ask("DELETE", "/v1/staff/sessions/current", session)
        except BackendRefused as error:
            if error.status != 401:
                raise

    async def me(self, session: str) -> Member:
        """Who a session stands for.

        Raises:
            BackendRefused: It is over.
            Unavailable: The backend does not answer.
        """
        return _member(await self._json("GET", "/v1/staff/me", session))

    async def get(self, path: str, session: str) -> Answer:
        """Read something.

        Raises:
            BackendRefused: It may not be read, or is not there.
            Unavailable: The backend does not answer.
        """
        return await self._ask("GET", path, session)

    async def post(self, path: str, session: str, body: Any) -> Answer:
        """Change something.

        Raises:
            BackendRefused: It is not possible.
            Unavailable: The backend does not answer.
        """
        return await self._ask("POST", path, session, body)

    async def read_json(self, method: str, path: str, session: str, body: Any = None) -> dict[str, Any]:
        """Ask for something that is put together here with something else.

        Raises:
            BackendRefused: It may not be read, or is not there.
            Unavailable: The backend does not answer.
        """
        return await self._json(method, path, session, body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _json(self, method: str, path: str, session: str | None, body: Any = None) -> dict[str, Any]:
        answer = await self._ask(method, path, session, body)
        found: dict[str, Any] = httpx.Response(200, content=answer.body).json()
        return found

    async def _ask(self, method: str, path: str, session: str | None, body: Any = None) -> Answer:
        headers = {} if session is None else {SESSION: session}
        try:
            response = await self._client.request(method, path, headers=headers, json=body)
        except httpx.HTTPError:
            raise Unavailable("claims_unavailable", "The claims backend does not answer.") from None
        if response.is_error:
            raise _refusal(response)
        content_type = response.headers.get("content-type", "application/octet-stream")
        return Answer(response.status_code, response.content, content_type)


def _refusal(response: httpx.Response) -> ApiError:
    try:
        error = response.json()["error"]
        if response.status_code < 500:
            return BackendRefused(response.status_code, error["code"], error["message"], error["details"])
    except (ValueError, KeyError, TypeError):
        pass
    return Unavailable("claims_unavailable", "The claims backend cannot answer now.")


def _member(shown: dict[str, Any]) -> Member:
    return Member(shown["username"], shown["name"], shown["role"], frozenset(shown["permissions"]))
