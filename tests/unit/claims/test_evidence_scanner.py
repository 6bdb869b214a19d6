"""ClamAV is asked in its own protocol, over TCP and over a socket; whatever is no clear answer is no verdict."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from claims.adapters.scanner import Clamd, NoVerdict, ScannerUnavailable

PARTS = [b"a" * 70_000, b"b", b"c" * 300]


@contextmanager
def answering(listening: socket.socket, reply: bytes, heard: list[bytes]) -> Iterator[None]:
    """Take one call, note its parts, answer."""

    def answer() -> None:
        caller, _ = listening.accept()
        with caller, caller.makefile("rb") as lines:
            heard.append(lines.read(10))
            while length := struct.unpack("!I", lines.read(4))[0]:
                heard.append(lines.read(length))
            caller.sendall(reply)

    with listening:
        listening.listen()
        thread = Thread(target=answer)
        thread.start()
        try:
            yield
        finally:
            thread.join()


def on_tcp() -> tuple[socket.socket, str]:
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize(
    ("reply", "clean"), [(b"stream: OK\0", True), (b"stream: Eicar-Test-Signature FOUND\0", False)]
)
def test_a_file_is_sent_in_parts_and_judged(reply: bytes, clean: bool, tmp_path: Path) -> None:
    path = str(tmp_path / "clamd.sock")
    on_socket = socket.socket(socket.AF_UNIX)
    on_socket.bind(path)
    for listening, address in (on_tcp(), (on_socket, path)):
        heard: list[bytes] = []
        with answering(listening, reply, heard):
            assert Clamd(address).clean(PARTS) is clean
        assert heard == [b"zINSTREAM\0", *PARTS]


@pytest.mark.parametrize(
    "reply",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK but not quite\0",
        b"UNKNOWN COMMAND\0",
        b"OK\0",
        b"",
        b"x" * 10_000,
    ],
)
def test_anything_else_is_no_verdict(reply: bytes) -> None:
    listening, address = on_tcp()
    with answering(listening, reply, []), pytest.raises(NoVerdict):
        Clamd(address).clean(PARTS)


def test_nobody_there(tmp_path: Path) -> None:
    listening, address = on_tcp()
    listening.close()
    for where in (address, str(tmp_path / "nothing.sock")):
        with pytest.raises(ScannerUnavailable):
            Clamd(where).clean(PARTS)


def test_a_scanner_that_hangs_is_not_waited_for() -> None:
    listening, address = on_tcp()
    with listening, pytest.raises(ScannerUnavailable, match="TimeoutError"):
        Clamd(address, timeout=0.05).clean(PARTS)
