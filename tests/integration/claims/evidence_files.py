"""What the evidence tests share: small real files, a stand-in for clamd, and what lies in the store."""

from __future__ import annotations

import socketserver
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import httpx
from PIL import Image
from sqlalchemy import text

from tests.integration.claims.claims_api import Api, Customer

CAMERA = b"Camera of Lies"
# What the store says of the database it belongs to.
MARK = "database-id"
# Cut in two, so that no scanner takes this file for the test virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + rb"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
MAIL = (
    b"Return-Path: <a@example.be>\r\nFrom: a@example.be\r\nDate: Mon, 15 Jun 2026 10:00:00 +0200\r\n\r\n<html>hello\r\n"
)
TEXT = "Ik ben opgelicht: € 240 kwijt.\n".encode()


def photo(kind: str = "JPEG", colour: str = "red", **more: Any) -> bytes:
    """A picture of 40 by 20 dots that lies on its side, and tells where and with what it was taken."""
    note = Image.Exif()
    note[0x0112], note[0x010F] = 6, CAMERA.decode()
    place = note.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (50.0, 51.0, 0.0), "E", (4.0, 21.0, 0.0)
    written = BytesIO()
    Image.new("RGB", (40, 20), colour).save(written, kind, exif=note, **more)
    return written.getvalue()


async def give(customer: Customer, path: str, content: bytes, name: str = "photo.jpg", **more: Any) -> httpx.Response:
    """Upload a file."""
    headers = customer.headers | {"x-file-name": quote(name)}
    return await customer.client.post(f"{path}/evidence", content=content, headers=headers, **more)


async def draft_of(customer: Customer, key: str = "key-1") -> str:
    """Open a draft; its path."""
    return f"/v1/drafts/{(await customer.open_draft(key)).json()['id']}"


async def claim_with(customer: Customer, *files: bytes) -> tuple[str, list[dict[str, Any]]]:
    """Submit a draft with these files; the path of the claim and what was answered for each file."""
    draft = await draft_of(customer)
    given = [(await give(customer, draft, content)).json() for content in files]
    claim = await customer.submit(draft.rpartition("/")[2], 1)
    return f"/v1/claims/{claim.json()['reference']}", given


def stored(api: Api) -> list[Path]:
    """The files of evidence in the store."""
    found = Path(api.services.settings.evidence_store).rglob("*")
    return sorted(path for path in found if path.is_file() and path.name != MARK)


def rows(api: Api) -> int:
    """How many records there are."""
    with api.services.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM evidence")).scalar_one())


class _Talk(socketserver.StreamRequestHandler):
    """One conversation as clamd holds it."""

    server: StandIn

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        assert command == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            if len(content) + length > self.server.largest:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
            content += self.rfile.read(length)
        self.server.seen.append(content)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(found if self.server.reply is None else self.server.reply)


class StandIn(socketserver.ThreadingTCPServer):
    """Speaks as much of clamd's protocol as is used here."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, largest: int = 25_000_000, reply: bytes | None = None, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        self.largest, self.reply = largest, reply
        self.seen: list[bytes] = []

    @property
    def address(self) -> str:
        """As the setting names it."""
        return f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no failure of the tests."""


@contextmanager
def clamd(**how: Any) -> Iterator[StandIn]:
    """Run a stand-in."""
    with StandIn(**how) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
