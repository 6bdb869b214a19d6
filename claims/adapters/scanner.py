"""Asks ClamAV whether a file carries a virus."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

_TIMEOUT_SECONDS = 20
_REPLY_BYTES = 4096


class ScannerUnavailable(Exception):
    """The scanner cannot be reached, or did not finish: nothing is known about the file."""


class NoVerdict(ScannerUnavailable):
    """The scanner answered, but says nothing about this file, for example because it is too large for it."""


class Scanner(Protocol):
    """Looks for viruses."""

    def clean(self, parts: Iterable[bytes]) -> bool:
        """Tell whether a file is clean.

        Raises:
            ScannerUnavailable: It cannot be reached.
            NoVerdict: It says nothing about this file.
        """


class Clamd:
    """A clamd that listens on TCP or on a Unix socket, asked with its command INSTREAM.

    The protocol: `zINSTREAM` and a zero byte, then parts, each with its length before it as four bytes, the highest
    first, then a length of zero; the answer ends in OK, FOUND or ERROR. See "man 8 clamd", section COMMANDS, and
    https://docs.clamav.net/manual/Usage/Scanning.html#clamd. A file over clamd's StreamMaxLength is an ERROR.
    """

    def __init__(self, address: str, timeout: float = _TIMEOUT_SECONDS) -> None:
        self._address, self._timeout = address, timeout

    def clean(self, parts: Iterable[bytes]) -> bool:
        """Tell whether a file is clean."""
        try:
            with self._connect() as connection:
                reply = _ask(connection, parts)
        except OSError as error:
            raise ScannerUnavailable(type(error).__name__) from error
        if reply.endswith(b"FOUND"):
            return False
        if reply != b"stream: OK":
            raise NoVerdict
        return True

    def _connect(self) -> socket.socket:
        if not self._address.startswith("/"):
            host, _, port = self._address.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), timeout=self._timeout)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self._timeout)
        try:
            connection.connect(self._address)
        except OSError:
            connection.close()
            raise
        return connection


def _ask(connection: socket.socket, parts: Iterable[bytes]) -> bytes:
    # When a file is too large for it, it says so and stops listening.
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(b"zINSTREAM\0")
        for part in parts:
            connection.sendall(len(part).to_bytes(4) + part)
        connection.sendall(bytes(4))
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < _REPLY_BYTES:
        received = connection.recv(_REPLY_BYTES)
        if not received:
            break
        reply += received
    return reply.rstrip(b"\0\n")
