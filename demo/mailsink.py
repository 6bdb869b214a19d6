"""`python -m demo.mailsink`: takes every mail of the demo and shows it on a page, so that codes can be read."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
from aiosmtpd.smtp import SMTP, Envelope
from sanic import HTTPResponse, Request, Sanic, json
from sanic.response import html

from common.logs import configure
from demo.mailpage import render

_KEPT = 200
_LARGEST_MAIL = 1024 * 1024
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True)
class ReceivedMail:
    """What the page shows of a mail."""

    at: str
    to: str
    sender: str
    subject: str
    text: str


class Mailbox:
    """The last mails, newest first, kept in a file so that a restart does not lose them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "mails.json"
        self.mails = self._read()

    def add(self, mail: ReceivedMail) -> None:
        """Keep one more mail and forget the oldest."""
        self.mails = [mail, *self.mails][:_KEPT]
        # Written beside and moved: a stop half-way must not cost the mails that were there.
        part = self._file.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(self.mails))
        part.replace(self._file)

    def _read(self) -> list[ReceivedMail]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=list[ReceivedMail])
        except (FileNotFoundError, msgspec.DecodeError):
            return []


class Receiver:
    """What aiosmtpd hands its mails to."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:
        """Take a mail."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self._mailbox.add(read_mail(raw, [str(address) for address in envelope.rcpt_tos]))
        return "250 OK"


def read_mail(raw: bytes, recipients: list[str]) -> ReceivedMail:
    """Read what the page shows from a mail as it came over the wire."""
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return ReceivedMail(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        to=", ".join(recipients),
        sender=str(message.get("From", "")),
        subject=str(message.get("Subject", "")),
        text=body.get_content() if body is not None else "",
    )


def create_app(mailbox: Mailbox, smtp_port: int, name: str = "mailsink") -> Sanic[Any, Any]:
    """Make the page's app, which also runs the mail server."""
    app: Sanic[Any, Any] = Sanic(name, configure_logging=False)
    app.config.MOTD = False

    async def open_smtp(app: Sanic[Any, Any]) -> None:
        def protocol() -> SMTP:
            return SMTP(Receiver(mailbox), data_size_limit=_LARGEST_MAIL, hostname="mailsink.invalid")

        app.ctx.smtp = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", smtp_port)

    async def close_smtp(app: Sanic[Any, Any]) -> None:
        app.ctx.smtp.close()

    async def page(_: Request) -> HTTPResponse:
        return html(render([asdict(mail) for mail in mailbox.mails]), headers=_HEADERS)

    async def mails(_: Request) -> HTTPResponse:
        return json({"mails": [asdict(mail) for mail in mailbox.mails]}, headers=_HEADERS)

    app.before_server_start(open_smtp)
    app.before_server_stop(close_smtp)
    app.add_route(page, "/")
    app.add_route(mails, "/mails.json")
    return app


def main() -> None:
    """Serve until stopped."""
    configure("mailsink")
    mailbox = Mailbox(Path(os.environ.get("MAILSINK_DIR", "var/mailsink")))
    app = create_app(mailbox, int(os.environ.get("MAILSINK_SMTP_PORT", "5025")))
    port = int(os.environ.get("MAILSINK_PORT", "5057"))
    app.run(host="127.0.0.1", port=port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
