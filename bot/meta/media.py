"""Fetches a customer's file: from Meta's hosts only, never from our own network, within limits of size and time."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from bot.meta.errors import Failure, Kind
from bot.meta.graph import Graph
from bot.meta.reading import text
from bot.meta.settings import MetaSettings
from bot.meta.whatsapp import MEDIA
from common.certificates import trusted

MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)

Resolve = Callable[[str, int], Awaitable[list[str]]]


class MediaError(Exception):
    """A file was not fetched; `kind` says why, for logs."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class MediaForbidden(MediaError):
    """We do not go there, however often we are asked."""


class MediaGone(MediaError):
    """It is no longer there."""


class MediaUnavailable(MediaError):
    """It may be there later."""


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port of an address."""

    scheme: str
    host: str
    port: int

    @staticmethod
    def of(parts: SplitResult) -> Origin:
        """The origin of a split address.

        Raises:
            MediaForbidden: It has none.
        """
        try:
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise MediaForbidden("address") from None
        return Origin(parts.scheme, (parts.hostname or "").lower().rstrip("."), port)


@dataclass(frozen=True)
class Hosts:
    """Where files may come from: hosts by name, over HTTPS; and the Graph API's own origin, wherever it was set to."""

    names: tuple[str, ...]
    graph: Origin

    def check(self, url: str) -> Origin:
        """The origin of an address we may fetch from.

        Raises:
            MediaForbidden: We may not.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            raise MediaForbidden("address") from None
        origin = Origin.of(parts)
        if origin == self.graph:
            return origin
        if origin.scheme != "https" or origin.port != 443 or parts.username or parts.password:
            raise MediaForbidden("address")
        if not any(origin.host == name or origin.host.endswith("." + name) for name in self.names):
            raise MediaForbidden("host")
        return origin


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class MediaClient:
    """Fetches files of both platforms."""

    def __init__(
        self, settings: MetaSettings, graph: Graph, client: httpx.AsyncClient, resolve: Resolve = resolve
    ) -> None:
        self._hosts = Hosts(settings.media_hosts, Origin.of(urlsplit(settings.graph_url)))
        self._settings, self._graph, self._client, self._resolve = settings, graph, client, resolve

    async def fetch(self, source: str, write: Callable[[bytes], None]) -> None:
        """Fetch the file of a source (an address, or `id:` and an id) and give its bytes to `write`, which may refuse.

        Raises:
            MediaError: It was not fetched.
        """
        try:
            async with asyncio.timeout(self._settings.media_seconds):
                if source.startswith(MEDIA):
                    await self._fetch_by_id(source.removeprefix(MEDIA), write)
                else:
                    await self._download(source, write, token="")
        except (TimeoutError, httpx.HTTPError, OSError):
            raise MediaUnavailable("no_answer") from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _fetch_by_id(self, media_id: str, write: Callable[[bytes], None]) -> None:
        """The address is valid for five minutes, so it is asked for each time."""
        try:
            about = await self._graph.media(media_id)
        except Failure as failure:
            raise (MediaGone if failure.kind is Kind.REFUSED else MediaUnavailable)(failure.kind.value) from None
        digest = hashlib.sha256()

        def write_and_hash(part: bytes) -> None:
            digest.update(part)
            write(part)

        await self._download(text(about, "url"), write_and_hash, token=self._settings.whatsapp_token)
        # Written in hexadecimal or in base64, depending on where it stands.
        written = (digest.hexdigest(), base64.b64encode(digest.digest()).decode())
        if text(about, "sha256") not in ("", *written):
            raise MediaUnavailable("changed_on_the_way")

    async def _download(self, url: str, write: Callable[[bytes], None], *, token: str) -> None:
        first = self._hosts.check(url)
        for _ in range(MOST_REDIRECTS + 1):
            origin = self._hosts.check(url)
            await self._check_addresses(origin)
            # The token is for the host Meta named, not for where that sends us.
            headers = {"Authorization": f"Bearer {token}"} if token and origin == first else {}
            async with self._client.stream("GET", url, headers=headers) as response:
                if response.status_code not in _REDIRECTS:
                    await _read(response, write)
                    return
                url = urljoin(url, response.headers.get("location", ""))
        raise MediaForbidden("redirects")

    async def _check_addresses(self, origin: Origin) -> None:
        """A name of Meta's that leads into our network is not Meta's.

        Whoever changes the name's address after this still has no certificate for it: it is HTTPS.
        """
        if origin == self._hosts.graph:
            return
        for address in await self._resolve(origin.host, origin.port):
            if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                raise MediaForbidden("private_address")


async def _read(response: httpx.Response, write: Callable[[bytes], None]) -> None:
    status = response.status_code
    if status >= 500 or status in (408, 429):
        raise MediaUnavailable(f"status_{status}")
    if status != 200:
        raise MediaGone(f"status_{status}")
    async for part in response.aiter_bytes(64 * 1024):
        write(part)


def make_media_client(settings: MetaSettings, graph: Graph) -> MediaClient:
    """A client that follows no redirect by itself and asks for no compression, so that a small answer stays small."""
    limit = httpx.Timeout(settings.media_seconds, connect=min(settings.media_seconds, 5.0))
    headers = {"Accept-Encoding": "identity"}
    return MediaClient(
        settings, graph, httpx.AsyncClient(timeout=limit, headers=headers, follow_redirects=False, verify=trusted())
    )
