"""Meta's Graph API, as far as we call it. Errors are `Failure`s that say what to do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import httpx

from bot.meta.errors import Failure, Kind, classify
from bot.meta.job import FILE_TIME, Job
from bot.meta.reading import at, items, text
from bot.meta.settings import MetaSettings
from common.certificates import trusted

Body = dict[str, Any]
PathOf = Callable[[str], Path]

# Nothing was sent yet when these happen.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Graph:
    """Calls for one Page and one telephone number; `path_of` says where a file of staff lies."""

    def __init__(self, settings: MetaSettings, client: httpx.AsyncClient, path_of: PathOf = Path) -> None:
        self._settings, self._client, self._path_of = settings, client, path_of

    async def send(self, job: Job) -> str | None:
        """Send one part; returns the platform's id of it.

        Raises:
            Failure: It was not taken, or nobody knows.
        """
        answer = await (self._send_words(job) if job.file is None else self._send_file(job, job.file))
        found = text(answer, "message_id") or next((text(each, "id") for each in items(answer, "messages")), "")
        return found[:255] or None

    async def show_typing(self, channel: str, address: str, message_id: str) -> None:
        """Mark the customer's message as seen, and show that an answer is being written.

        Raises:
            Failure: It could not be shown.
        """
        for body in typing_bodies(channel, address, message_id):
            await self._post(channel, "messages", body)

    async def locale(self, address: str) -> str:
        """The locale of a Messenger profile; empty if the app may not see it.

        Raises:
            Failure: The profile could not be read.
        """
        return text(await self._get("messenger", address, fields="locale"), "locale")

    async def media(self, media_id: str) -> Body:
        """Where a file of WhatsApp is: `{url, mime_type, sha256, file_size}`.

        Raises:
            Failure: It is not there.
        """
        return await self._get("whatsapp", media_id)

    async def set_profile(self, profile: Body) -> None:
        """Set the Page's buttons and greeting.

        Raises:
            Failure: It was not taken.
        """
        await self._post("messenger", "messenger_profile", profile)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _send_words(self, job: Job) -> Body:
        return await self._post(job.channel, "messages", message_body(job))

    async def _send_file(self, job: Job, file: dict[str, str]) -> Body:
        """On Messenger the file goes with the message, on WhatsApp before it."""
        try:
            content = await asyncio.to_thread(self._path_of(file["id"]).open, "rb")
        except FileNotFoundError:
            raise Failure(Kind.MISSING) from None
        with content:
            if job.channel == "messenger":
                fields = {name: _as_field(value) for name, value in message_body(job).items()}
                return await self._form(job.channel, "messages", fields, "filedata", file, content)
            media_id = await self._upload(file, content)
        return await self._post(job.channel, "messages", message_body(job, media_id))

    async def _upload(self, file: dict[str, str], content: IO[bytes]) -> str:
        fields = {"messaging_product": "whatsapp", "type": file["type"]}
        try:
            answer = await self._form("whatsapp", "media", fields, "file", file, content)
        except Failure as failure:
            # The customer has seen nothing of it yet, so it can be tried again at once.
            kind = Kind.AGAIN if failure.kind is Kind.UNSURE else failure.kind
            raise Failure(kind, failure.code, failure.subcode) from None
        return text(answer, "id")

    async def _form(
        self, channel: str, edge: str, fields: dict[str, str], name: str, file: dict[str, str], content: IO[bytes]
    ) -> Body:
        path = f"/{self._settings.account(channel)}/{edge}"
        parts = {name: (file["name"], content, file["type"])}
        request = self._client.build_request("POST", self._url(path), data=fields, files=parts)
        try:
            async with asyncio.timeout(FILE_TIME.total_seconds()):
                return await self._call(channel, request)
        except TimeoutError:
            raise Failure(Kind.UNSURE) from None

    async def _post(self, channel: str, edge: str, body: Body) -> Body:
        path = f"/{self._settings.account(channel)}/{edge}"
        return await self._call(channel, self._client.build_request("POST", self._url(path), json=body))

    async def _get(self, channel: str, node: str, **parameters: str) -> Body:
        return await self._call(
            channel, self._client.build_request("GET", self._url(f"/{node}"), params=parameters or None)
        )

    def _url(self, path: str) -> str:
        return self._settings.graph_url.rstrip("/") + path

    async def _call(self, channel: str, request: httpx.Request) -> Body:
        request.headers["Authorization"] = f"Bearer {self._settings.token(channel)}"
        try:
            response = await self._client.send(request)
        except _NOT_SENT:
            raise Failure(Kind.AGAIN) from None
        except httpx.HTTPError:
            raise Failure(Kind.UNSURE) from None
        answer = _json(response)
        if response.status_code != 200 or at(answer, "error") is not None:
            raise classify(response.status_code, answer)
        return answer if isinstance(answer, dict) else {}


def make_graph(settings: MetaSettings, path_of: PathOf = Path) -> Graph:
    """A client with the time limits of the settings; proxies of the environment are honoured, redirects are not."""
    limit = settings.send_seconds
    limits = httpx.Timeout(limit, connect=min(limit, 5.0))
    return Graph(settings, httpx.AsyncClient(timeout=limits, verify=trusted()), path_of)


def message_body(job: Job, media_id: str = "") -> Body:
    """What is posted for one part: our key goes with it, to know it again.

    Args:
        job: The part.
        media_id: WhatsApp's id of its file, if it is one.
    """
    if job.channel == "whatsapp":
        to = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": job.address}
        body = {name: value for name, value in job.body.items() if name != "file"}
        if media_id:
            body[body["type"]] = body[body["type"]] | {"id": media_id}
        return to | body | {"biz_opaque_callback_data": job.key}
    message = job.body["message"] | {"metadata": job.key}
    kind = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if job.tagged else {"messaging_type": "RESPONSE"}
    return {"recipient": {"id": job.address}, **kind, "message": message}


def typing_bodies(channel: str, address: str, message_id: str) -> list[Body]:
    """Seen, and typing: two calls on Messenger, one on WhatsApp, where it needs the message that is answered."""
    if channel == "messenger":
        return [{"recipient": {"id": address}, "sender_action": action} for action in ("mark_seen", "typing_on")]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    return [read | {"typing_indicator": {"type": "text"}}] if message_id else []


def _as_field(value: Any) -> str:
    """A value in a form: what is not text is written as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
