"""The stand-in takes the files Meta's documentation allows, and nothing beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from demo.meta import messenger, whatsapp
from demo.meta.outgoing import Upload
from demo.meta.shapes import Malformed

MEGABYTE = 1024 * 1024
PRODUCT = {"messaging_product": "whatsapp"}


def attached(kind: str, **payload: Any) -> dict[str, Any]:
    message = {"attachment": {"type": kind, "payload": payload}}
    return {"recipient": {"id": "7001"}, "messaging_type": "RESPONSE", "message": message}


def file(kind: str, size: int = 3) -> Upload:
    return Upload("name", kind, b"x" * size)


@pytest.mark.parametrize(
    ("kind", "given"),
    [("image", file("image/png")), ("file", file("application/pdf", 25 * MEGABYTE)), ("file", file("image/webp"))],
)
def test_messenger_takes_a_file_with_the_call(kind: str, given: Upload) -> None:
    read = messenger.read(attached(kind), given)
    assert (read.file, read.kind, read.link) == (given, kind, "")


@pytest.mark.parametrize(
    ("body", "given"),
    [
        (attached("image"), file("application/pdf")),
        (attached("file"), file("application/pdf", 25 * MEGABYTE + 1)),
        (attached("file"), file("application/pdf", 0)),
        (attached("file", url="https://example.be/a.pdf"), file("application/pdf")),
        (attached("file"), None),
    ],
)
def test_messenger_refuses_a_file(body: dict[str, Any], given: Upload | None) -> None:
    with pytest.raises(Malformed):
        messenger.read(body, given)


@pytest.mark.parametrize(
    "given",
    [file("image/jpeg", 5 * MEGABYTE), file("application/pdf", 6 * MEGABYTE), file("text/plain"), file("image/webp")],
)
def test_whatsapp_takes_an_upload(given: Upload) -> None:
    assert whatsapp.read_upload(PRODUCT | {"type": given.type}, given) is given


@pytest.mark.parametrize(
    ("body", "given"),
    [
        (PRODUCT, None),
        ({}, file("image/png")),
        (PRODUCT | {"to": "1"}, file("image/png")),
        (PRODUCT, file("image/gif")),
        (PRODUCT, file("message/rfc822")),
        (PRODUCT, file("image/png", 5 * MEGABYTE + 1)),
        (PRODUCT, file("image/webp", 500 * 1024 + 1)),
        (PRODUCT, file("text/plain", 0)),
    ],
)
def test_whatsapp_refuses_an_upload(body: dict[str, Any], given: Upload | None) -> None:
    with pytest.raises(Malformed):
        whatsapp.read_upload(body, given)


def sent(kind: str, **content: Any) -> dict[str, Any]:
    return PRODUCT | {"to": "12025550111", "type": kind, kind: content}


def test_whatsapp_takes_a_message_that_names_an_upload() -> None:
    read = whatsapp.read(sent("document", id="4711", filename="a.pdf", caption="x" * 1024))
    assert (read.media, read.kind, len(read.text)) == ("4711", "document", 1024)


@pytest.mark.parametrize(
    "body",
    [
        sent("image", id="4711", filename="a.png"),
        sent("document", id="4711", caption="x" * 1025),
        sent("document", id="4711", filename="x" * 241),
        sent("document", filename="a.pdf"),
        sent("image", id=4711),
    ],
)
def test_whatsapp_refuses_a_message_with_a_file(body: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        whatsapp.read(body)
