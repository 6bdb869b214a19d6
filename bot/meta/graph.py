"""Meta's Graph API, as far as we call it. Errors are `Failure`s that say what to do."""

from __future__ import annotations

from typing import Any

import httpx

from bot.meta.errors import Failure, Kind, classify
from bot.meta.job import Job
from bot.meta.reading import at, items, text
from bot.meta.settings import MetaSettings

Body = dict[str, Any]

# Nothing was sent yet when these happen.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Graph:
    """Calls for one Page and one telephone number."""

    def __init__(self, settings: MetaSettings, client: httpx.AsyncClient) -> None:
        self._settings, self._client = settings, client

    async def send(self, job: Job) -> str | None:
        """Send one part; returns the platform's id of it.

        Raises:
            Failure: It was not taken, or nobody knows.
        """
        answer = await self._post(job.channel, "messages", message_body(job))
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


def make_graph(settings: MetaSettings) -> Graph:
    """A client with the time limits of the settings; proxies of the environment are honoured, redirects are not."""
    limit = settings.send_seconds
    return Graph(settings, httpx.AsyncClient(timeout=httpx.Timeout(limit, connect=min(limit, 5.0))))


def message_body(job: Job) -> Body:
    """What is posted for one part: our key goes with it, to know it again."""
    if job.channel == "whatsapp":
        to = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": job.address}
        return to | job.body | {"biz_opaque_callback_data": job.key}
    message = job.body["message"] | {"metadata": job.key}
    kind = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if job.tagged else {"messaging_type": "RESPONSE"}
    return {"recipient": {"id": job.address}, **kind, "message": message}


def typing_bodies(channel: str, address: str, message_id: str) -> list[Body]:
    """Seen, and typing: two calls on Messenger, one on WhatsApp, where it needs the message that is answered."""
    if channel == "messenger":
        return [{"recipient": {"id": address}, "sender_action": action} for action in ("mark_seen", "typing_on")]
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    return [read | {"typing_indicator": {"type": "text"}}] if message_id else []


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
