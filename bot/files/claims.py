"""Brings a file to the claims backend, and reads what it says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from bot.files.model import EMPTY, INFECTED, KEPT, NOT_TAKEN, REFUSED, TOO_LARGE, TOO_MANY, TYPE_REFUSED
from common.certificates import trusted

_PART_BYTES = 64 * 1024
# What the backend calls it, and what we do.
_REFUSALS = {
    "too_large": TOO_LARGE,
    "evidence_type_refused": TYPE_REFUSED,
    "evidence_empty": EMPTY,
    "too_many_files": TOO_MANY,
    "invalid_conversation": NOT_TAKEN,
}


class ClaimsUnreachable(Exception):
    """Nobody answers: nothing can be brought now."""


class NotNow(Exception):
    """It answers, but does not take this file now; `kind` says why."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Verdict:
    """What became of a file: `kept` as `evidence`, or `refused` with an `error`."""

    state: str
    error: str | None = None
    evidence: str | None = None


class EvidenceClient:
    """The one call for files."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def give(self, conversation: str, name: str, path: Path, *, coming: bool = False) -> Verdict:
        """Bring a file; the same file again is answered in the same way.

        Args:
            conversation: Whose.
            name: The file's.
            path: Where it lies.
            coming: It is for a claim that is being made, and for no claim there is already.

        Raises:
            ClaimsUnreachable: Nobody answers.
            NotNow: It may be taken later.
            FileNotFoundError: The file is not there any more.
        """
        size = (await asyncio.to_thread(path.stat)).st_size
        headers = {"X-File-Name": quote(name), "Content-Length": str(size)}
        address = f"/v1/conversations/{quote(conversation, safe='')}/evidence"
        query = {"coming": "true"} if coming else {}
        try:
            answer = await self._client.post(address, content=_read(path), headers=headers, params=query)
        except httpx.HTTPError as error:
            raise ClaimsUnreachable(type(error).__name__) from None
        return read_verdict(answer.status_code, _json(answer))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def make_client(url: str, token: str, *, seconds: float) -> httpx.AsyncClient:
    """A client for the claims backend."""
    headers = {"Authorization": f"Bearer {token}"}
    limits = httpx.Timeout(seconds, connect=2.0)
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=limits, trust_env=False, verify=trusted())


def read_verdict(status: int, body: dict[str, Any]) -> Verdict:
    """Read the backend's answer; what says nothing about the file itself may be otherwise later.

    Raises:
        NotNow: It does.
    """
    if status in (200, 201):
        infected = body.get("state") == INFECTED
        return Verdict(REFUSED, INFECTED) if infected else Verdict(KEPT, evidence=str(body.get("id", ""))[:64])
    error = body.get("error")
    code = str(error.get("code")) if isinstance(error, dict) else ""
    if status in (413, 422) and code in _REFUSALS:
        return Verdict(REFUSED, _REFUSALS[code])
    raise NotNow(f"status_{status}")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_PART_BYTES):
            yield part
