"""Files of staff, by the rules alone: what each channel takes, as what it goes out, how a download is answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk import bodies
from bot.files.handing import headers_for
from bot.log.model import Message
from bot.meta.errors import Failure, Kind
from bot.meta.filing import most_of
from bot.meta.graph import make_graph, message_body
from bot.meta.job import Job
from bot.meta.render import render
from bot.meta.settings import MetaSettings
from bot.meta.wording import Words
from common.errors import Unprocessable
from common.file_types import FileType
from demo.meta import whatsapp as stand_in

WORDS = Words("Choose", "Answer with the number.", "To change a line, send its number.", "en")
MEGABYTE = 1024 * 1024


def message(*types: str, text: str = "Here it is.", state: str = "given", **more: Any) -> Message:
    files = [
        {"id": f"file_{place}", "name": f"f{place}.x", "type": kind, "size": 3, "state": state}
        for place, kind in enumerate(types)
    ]
    values: dict[str, Any] = {"buttons": [], "card": None, "progress": None, "client_id": None, "staff_name": "Lies"}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Message(seq=12, author="staff", text=text, at=at, attachments=files, **values | more)


def job(channel: str, body: dict[str, Any], **more: Any) -> Job:
    values: dict[str, Any] = {"conversation": "c", "account": "1", "address": "7001", "key": "key", "attempt": 1}
    return Job(row=1, channel=channel, body=body, **values | more)


@pytest.mark.parametrize("kind", list(FileType))
def test_every_kind_can_go_to_the_web_and_to_messenger(kind: FileType) -> None:
    assert most_of("web", kind.value) > 10**12
    assert most_of("messenger", kind.value) == 25 * MEGABYTE


def test_whatsapp_takes_what_its_documentation_lists() -> None:
    taken = {kind.value: most_of("whatsapp", kind.value) // MEGABYTE for kind in FileType}
    pictures, documents = {"image/jpeg": 5, "image/png": 5}, {"application/pdf": 100, "text/plain": 100}
    assert {kind: most for kind, most in taken.items() if most} == pictures | documents
    # The stand-in was written from the same pages, by itself.
    assert {kind for kind in taken if stand_in.kind_of(kind) in ("image", "document")} == pictures.keys() | documents


@pytest.mark.parametrize("channel", ["messenger", "whatsapp"])
def test_words_first_and_then_a_body_a_file(channel: str) -> None:
    bodies = render(message("image/png", "application/pdf"), channel, WORDS, last=True).bodies
    assert "Lies: Here it is." in str(bodies[0])
    assert [body.get("file", {}).get("id") for body in bodies] == [None, "file_0", "file_1"]
    assert [body["file"]["name"] for body in bodies[1:]] == ["f0.x", "f1.x"]


@pytest.mark.parametrize(
    ("kind", "on_messenger", "on_whatsapp"),
    [
        ("image/png", "image", "image"),
        ("image/jpeg", "image", "image"),
        ("image/gif", "image", "document"),
        ("image/heic", "file", "document"),
        ("application/pdf", "file", "document"),
        ("text/plain", "file", "document"),
    ],
)
def test_a_picture_is_one_only_where_the_platform_shows_it(kind: str, on_messenger: str, on_whatsapp: str) -> None:
    (_, shown) = render(message(kind), "messenger", WORDS, last=True).bodies
    assert shown["message"]["attachment"] == {"type": on_messenger, "payload": {}}
    (_, shown) = render(message(kind), "whatsapp", WORDS, last=True).bodies
    assert (shown["type"], "filename" in shown[on_whatsapp]) == (on_whatsapp, on_whatsapp == "document")


def test_without_words_there_is_no_empty_part() -> None:
    (body,) = render(message("image/png", text=""), "messenger", WORDS, last=True).bodies
    assert body["file"]["id"] == "file_0"
    below = [
        render(message(kind, text=text), "whatsapp", WORDS, last=True).bodies[-1]
        for text in ("", "Here it is.")
        for kind in ("image/png", "application/pdf")
    ]
    assert [body[body["type"]].get("caption") for body in below] == ["Lies: f0.x", "Lies", "f0.x", None]


def test_files_of_customers_never_go_out() -> None:
    assert len(render(message("image/png", state="kept"), "messenger", WORDS, last=True).bodies) == 1


def test_buttons_do_not_vanish_behind_a_file() -> None:
    yes = [{"title": "Yes", "payload": "/yes"}]
    bodies = render(message("image/png", buttons=yes), "messenger", WORDS, last=True).bodies
    assert [part["message"].get("attachment", {}).get("type") for part in bodies] == ["template", "image"]


def test_what_is_posted_says_nothing_of_our_file() -> None:
    (_, body) = render(message("application/pdf"), "whatsapp", WORDS, last=True).bodies
    posted = message_body(job("whatsapp", body), "4711")
    assert posted["document"] == {"filename": "f0.x", "id": "4711"}
    assert ("file" in posted, posted["biz_opaque_callback_data"]) == (False, "key")
    (_, body) = render(message("application/pdf"), "messenger", WORDS, last=True).bodies
    posted = message_body(job("messenger", body, tagged=True))
    assert posted["message"] == {"attachment": {"type": "file", "payload": {}}, "metadata": "key"}
    assert posted["tag"] == "HUMAN_AGENT"


async def test_a_file_that_is_not_there_is_a_failure_of_its_own() -> None:
    (_, body) = render(message("application/pdf"), "messenger", WORDS, last=True).bodies
    graph = make_graph(MetaSettings())
    with pytest.raises(Failure) as failure:
        await graph.send(job("messenger", body))
    await graph.close()
    assert failure.value.kind is Kind.MISSING


def test_a_download_can_be_nothing_else() -> None:
    headers = headers_for('a"b\r\nX-Evil: 1;é.pdf', 3)
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22b%0D%0AX-Evil%3A%201%3B%C3%A9.pdf"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"client_id": "answer-01"}, "empty_message"),
        ({"client_id": "answer-01", "text": " \n"}, "empty_message"),
        ({"client_id": "short", "text": "x"}, "invalid_client_id"),
        ({"client_id": "answer-01", "text": "x" * 4_001, "attachments": ["file_0"]}, "text_too_long"),
        ({"client_id": "answer-01", "attachments": ["file_0"] * 6}, "too_many_attachments"),
    ],
)
def test_what_is_no_message_of_staff(said: dict[str, Any], code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        bodies.check_message(bodies.StaffMessage(**said))
    assert refused.value.code == code


def test_a_message_of_staff_is_words_files_or_both() -> None:
    checked = bodies.check_message(bodies.StaffMessage("answer-01", " yes ", None, ["file_0"]))
    assert (checked.text, checked.attachments) == ("yes", ["file_0"])
    assert bodies.check_message(bodies.StaffMessage("answer-01", "", None, ["file_0"])).text == ""
