"""A real mail server that keeps what it takes, and can refuse, wait, or die at any step."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from tests.integration.claims.claims_api import free_port

# Its own thread would still write to the output of a test that is over.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass
class Inbox:
    """What the server took, and how it behaves.

    Attributes:
        recipient: Answers RCPT for an address.
        data: Answers the end of a mail; a mail it takes with "250" is kept.
        die: Closes the connection instead of that answer; the mail is kept.
        goodbye: Answers QUIT.
        hold: The end of a mail is only answered once it is set.
    """

    messages: list[EmailMessage] = field(default_factory=list)
    login: Any = None
    recipient: Callable[[str], str] = lambda address: "250 OK"
    data: str = "250 OK"
    die: bool = False
    goodbye: str = "221 Bye"
    hold: Event | None = None

    def ids(self) -> list[str]:
        """The Message-IDs of what was taken."""
        return [str(message["Message-ID"]) for message in self.messages]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:
        answer = self.recipient(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Envelope) -> str:
        if self.hold is not None:
            await asyncio.to_thread(self.hold.wait, 10)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if self.data.startswith("2"):
            self.messages.append(message)
        if self.die:
            server.transport.abort()
        return self.data

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:
        return self.goodbye

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.login = data
        return AuthResult(success=data.password == b"right")


@contextmanager
def receiving(inbox: Inbox, port: int | None = None) -> Iterator[int]:
    """Run the server and give its port."""
    controller = Controller(inbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
