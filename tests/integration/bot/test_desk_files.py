"""Files of staff: given once, sent once, fetched by the one customer they are for, and no evidence of anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select, update

from bot.desk.tables import desk_audit
from bot.files.rows import bytes_here, find_attachment, to_bring
from bot.log.tables import attachments, conversations, messages
from bot.webchat.tokens import COOKIE
from tests.integration.bot.desk_console import Console, sign_in
from tests.integration.bot.running_bot import Bot, Customer, StartBot
from tests.integration.claims.evidence_files import PDF, TEXT, photo

NAME = "Overzicht n° 1.pdf"


@pytest.fixture
async def desk_bot(start_desk: StartBot, database: str) -> AsyncIterator[Bot]:
    """On both databases."""
    async with start_desk(database_url=database) as running:
        yield running


@pytest.fixture
async def taken(lies: Console, visitor: Customer) -> Customer:
    """A customer whom Lies has taken."""
    await visitor.until("welcome")
    await lies.does(visitor, "take")
    return visitor


async def give(
    console: Console, customer: Customer, content: Any = PDF, name: str = NAME, client_id: str = "file-0001"
) -> httpx.Response:
    """Give a file as the console does."""
    return await console.client.post(
        f"/desk/api/conversations/{customer.id}/files",
        params={"client_id": client_id, "name": name},
        content=content,
        headers={"X-Desk": "1"},
    )


async def given(console: Console, customer: Customer, **how: Any) -> str:
    answer = await give(console, customer, **how)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def send(console: Console, customer: Customer, *files: str, client_id: str = "answer-01", **more: Any) -> Any:
    """Answer with files."""
    body = {"client_id": client_id, "attachments": list(files), **more}
    return await console.post(f"/conversations/{customer.id}/messages", **body)


async def fetch(customer: Customer, file_id: str, **headers: str) -> httpx.Response:
    """Fetch a file as the widget does."""
    return await customer.client.get(f"/webchat/attachments/{file_id}", headers=customer.headers | headers)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def lying(tmp_path: Path) -> list[str]:
    """What lies in the folder."""
    return sorted(path.name for path in (tmp_path / "files").iterdir())


@contextmanager
def at(bot: Bot, later: timedelta) -> Iterator[None]:
    """Let time have gone by."""
    clock = bot.parts.log.clock
    bot.parts.log.clock = lambda: clock() + later
    yield
    bot.parts.log.clock = clock


async def trail(bot: Bot, action: str) -> list[Any]:
    """The entries of one action."""
    query = select(desk_audit).where(desk_audit.c.action == action)
    return list(await bot.query(lambda connection: connection.execute(query).all()))


async def test_a_file_of_staff_reaches_the_customer_byte_for_byte(
    lies: Console, taken: Customer, desk_bot: Bot, tmp_path: Path
) -> None:
    file_id = await given(lies, taken)
    assert code(await fetch(taken, file_id)) == (404, "attachment_not_found")
    sent = await send(lies, taken, file_id, text="Here is the overview.")
    assert sent.status_code == 201
    last = (await taken.log())[-1]
    about = {"id": file_id, "name": NAME, "type": "application/pdf", "size": len(PDF), "state": "given"}
    assert (last["author"], last["text"], last["attachments"]) == ("staff", "Here is the overview.", [about])
    answer = await fetch(taken, file_id)
    assert (answer.status_code, answer.content) == (200, PDF)
    headers = answer.headers
    assert headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME)}"
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert (headers["content-type"], headers["content-length"]) == ("application/pdf", str(len(PDF)))
    transcript = await taken.client.get("/webchat/transcript", headers=taken.headers)
    assert "transcript_files en" in transcript.text
    (line,) = [each for each in (await lies.sees(taken))["messages"] if each.get("attachments")]
    assert (line["author"], line["attachments"]) == ("staff", [about])


async def test_a_cookie_opens_it_too_and_another_site_does_not(lies: Console, taken: Customer) -> None:
    file_id = await given(lies, taken)
    await send(lies, taken, file_id)
    path, token = f"/webchat/attachments/{file_id}", taken.opened["token"]
    assert (await taken.client.get(path, headers={"Cookie": f"{COOKIE}={token}"})).content == PDF
    assert code(await fetch(taken, file_id, Origin="https://evil.example")) == (403, "foreign_origin")
    assert code(await taken.client.get(f"{path}?token={token}")) == (401, "invalid_session")


async def test_nobody_else_gets_it(lies: Console, taken: Customer, desk_bot: Bot) -> None:
    file_id = await given(lies, taken)
    await send(lies, taken, file_id)
    async with desk_bot.client() as client:
        somebody = await Customer.arrive(client)
        assert code(await fetch(somebody, file_id)) == (404, "attachment_not_found")
    assert code(await fetch(taken, "../../secret")) == (404, "not_found")
    assert code(await fetch(taken, "file_" + "0" * 30)) == (404, "attachment_not_found")


async def test_the_same_again_is_the_same_file_and_the_same_message(
    lies: Console, taken: Customer, desk_bot: Bot, tmp_path: Path
) -> None:
    first, second = await give(lies, taken), await give(lies, taken, TEXT, "other.txt")
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    assert lying(tmp_path) == [first.json()["id"]]
    one, two = await send(lies, taken, first.json()["id"]), await send(lies, taken, first.json()["id"])
    assert (one.status_code, two.status_code, one.json()) == (201, 200, two.json())
    assert len([message for message in await taken.log() if message.get("attachments")]) == 1
    assert code(await send(lies, taken, text="without it")) == (422, "client_id_reused")
    assert len(await trail(desk_bot, "file_given")) == 1


async def test_its_name_may_come_in_a_header_and_is_made_fit_to_be_shown(lies: Console, taken: Customer) -> None:
    path, headers = f"/desk/api/conversations/{taken.id}/files?client_id=file-0001", {"X-Desk": "1"}
    named = {"X-File-Name": quote("../../Overzicht\u202efdp.é.pdf")}
    answer = await lies.client.post(path, content=PDF, headers=headers | named)
    assert (answer.status_code, answer.json()["name"]) == (201, "Overzichtfdp.é.pdf")


async def test_files_without_a_word_are_enough_and_nothing_is_not(lies: Console, taken: Customer) -> None:
    ids = [await given(lies, taken, client_id=f"file-000{number}") for number in range(5)]
    assert code(await send(lies, taken)) == (422, "empty_message")
    assert code(await send(lies, taken, *ids, "file_6")) == (422, "too_many_attachments")
    assert code(await send(lies, taken, text="x" * 4_001)) == (422, "text_too_long")
    assert (await send(lies, taken, *ids, text=" \n")).status_code == 201
    last = (await taken.log())[-1]
    assert (last["text"], [file["id"] for file in last["attachments"]]) == ("", ids)


async def test_only_files_of_staff_of_this_conversation_that_were_not_sent_go_out(
    lies: Console, taken: Customer, desk_bot: Bot
) -> None:
    theirs = await taken.client.post(
        "/webchat/attachments", params={"client_id": "file-0009"}, content=PDF, headers=taken.headers
    )
    async with desk_bot.client() as client:
        other = await Customer.arrive(client)
        await other.until("welcome")
        await lies.does(other, "take")
        elsewhere = await given(lies, other)
    mine = await given(lies, taken)
    before = len(await taken.log())
    for files in ([theirs.json()["id"]], [elsewhere], [mine, mine], ["file_" + "0" * 30], [mine, "../etc/passwd"]):
        assert code(await send(lies, taken, *files)) == (422, "unknown_attachment"), files
    assert len(await taken.log()) == before
    assert (await send(lies, taken, mine)).status_code == 201
    assert code(await send(lies, taken, mine, client_id="answer-02")) == (422, "unknown_attachment")


async def test_a_customer_can_neither_send_nor_delete_what_staff_gave(
    lies: Console, taken: Customer, tmp_path: Path
) -> None:
    file_id = await given(lies, taken)
    answer = await taken.post(client_id="message-1", attachments=[file_id])
    assert code(answer) == (422, "unknown_attachment")
    path = f"/webchat/attachments/{file_id}"
    assert code(await taken.client.delete(path, headers=taken.headers)) == (404, "attachment_not_found")
    assert lying(tmp_path) == [file_id]


async def test_staff_can_not_delete_what_a_customer_gave(lies: Console, taken: Customer, tmp_path: Path) -> None:
    theirs = await taken.client.post(
        "/webchat/attachments", params={"client_id": "file-0009"}, content=PDF, headers=taken.headers
    )
    path = f"/conversations/{taken.id}/files/{theirs.json()['id']}"
    assert code(await lies.send("DELETE", path)) == (404, "attachment_not_found")
    assert code(await lies.get(path)) == (404, "attachment_not_found")
    assert lying(tmp_path) == [theirs.json()["id"]]


async def test_a_file_is_taken_back_before_it_is_sent(lies: Console, taken: Customer, tmp_path: Path) -> None:
    first, second = await given(lies, taken), await given(lies, taken, client_id="file-0002")
    path = f"/conversations/{taken.id}/files"
    assert (await lies.send("DELETE", f"{path}/{first}")).status_code == 204
    assert lying(tmp_path) == [second]
    assert code(await lies.send("DELETE", f"{path}/{first}")) == (404, "attachment_not_found")
    await send(lies, taken, second)
    assert code(await lies.send("DELETE", f"{path}/{second}")) == (404, "attachment_not_found")
    assert lying(tmp_path) == [second]


async def test_only_who_has_the_conversation_gives_sends_and_takes_back(
    lies: Console, karim: Console, taken: Customer, tmp_path: Path
) -> None:
    file_id = await given(lies, taken)
    path = f"/conversations/{taken.id}/files/{file_id}"
    for refused in (
        await give(karim, taken),
        await send(karim, taken, file_id),
        await karim.send("DELETE", path),
    ):
        assert code(refused) == (409, "not_owner")
    assert lying(tmp_path) == [file_id]
    # Whoever may read a conversation may read what was said in it.
    assert (await karim.get(path)).content == PDF


async def test_a_file_is_not_recorded_for_who_lost_the_conversation_meanwhile(
    lies: Console, taken: Customer, desk_bot: Bot
) -> None:
    freed = update(conversations).where(conversations.c.id == taken.id).values(owner="karim", owner_name="Karim")

    async def slowly() -> AsyncIterator[bytes]:
        yield PDF[:10]
        await desk_bot.query(lambda connection: connection.execute(freed))
        yield PDF[10:]

    assert code(await give(lies, taken, slowly())) == (409, "not_owner")
    assert await desk_bot.query(lambda connection: connection.execute(select(attachments)).all()) == []


async def test_the_header_of_the_desk_and_a_session_are_needed(lies: Console, taken: Customer, desk_bot: Bot) -> None:
    path = f"/desk/api/conversations/{taken.id}/files"
    assert code(await lies.client.post(path, content=PDF)) == (403, "desk_header_needed")
    async with desk_bot.client() as client:
        for answer in (
            await client.post(path, content=PDF, headers={"X-Desk": "1"}),
            await client.get(f"{path}/file_{'0' * 30}"),
        ):
            assert code(answer) == (401, "desk_session_invalid")
    assert code(await give(lies, taken, client_id="short")) == (422, "invalid_client_id")
    unknown = "/desk/api/conversations/web:nobody/files"
    answer = await lies.client.post(unknown, params={"client_id": "file-0001"}, headers={"X-Desk": "1"}, content=PDF)
    assert code(answer) == (404, "conversation_not_found")


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"", (422, "file_empty")),
        (b"MZ\x00\x01 a program", (422, "file_type_refused")),
        (b"<html><script>alert(1)</script></html>", (422, "file_type_refused")),
        (b"a" * 2_001, (413, "too_large")),
    ],
)
async def test_what_is_refused_leaves_nothing(
    start_desk: StartBot, tmp_path: Path, content: bytes, refused: tuple[int, str]
) -> None:
    async with start_desk(file_max_bytes=2_000) as bot, bot.client() as client, bot.client() as at_home:
        customer, lies = await Customer.arrive(at_home), await sign_in(client, "lies")
        await lies.does(customer, "take")
        assert code(await give(lies, customer, content)) == refused
        assert lying(tmp_path) == []


async def test_there_are_limits_of_number_and_of_room(start_desk: StartBot) -> None:
    async with start_desk(files_per_hour=1) as bot, bot.client() as client, bot.client() as at_home:
        customer, lies = await Customer.arrive(at_home), await sign_in(client, "lies")
        await lies.does(customer, "take")
        answers = [await give(lies, customer, client_id=f"file-000{number}") for number in range(4)]
        assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
        assert code(answers[-1]) == (429, "rate_limited")


async def test_files_of_staff_have_a_room_of_their_own(start_desk: StartBot) -> None:
    room = {"files_given_bytes": len(PDF) - 1, "files_total_bytes": 1}
    async with start_desk(**room) as bot, bot.client() as client, bot.client() as at_home:
        customer, lies = await Customer.arrive(at_home), await sign_in(client, "lies")
        await lies.does(customer, "take")
        file_id = await given(lies, customer)
        await send(lies, customer, file_id)
        assert code(await give(lies, customer, client_id="file-0002")) == (503, "files_full")
        # What staff gave takes no room from customers.
        assert await bot.query(bytes_here) == 0
        theirs = await at_home.post(
            "/webchat/attachments", params={"client_id": "file-0009"}, content=PDF, headers=customer.headers
        )
        assert theirs.status_code == 201


async def test_it_is_no_evidence_and_stays_as_long_as_its_message(
    lies: Console, taken: Customer, desk_bot: Bot, tmp_path: Path
) -> None:
    sent, unsent = await given(lies, taken), await given(lies, taken, client_id="file-0002")
    await send(lies, taken, sent)
    assert await desk_bot.query(to_bring) == []
    with at(desk_bot, timedelta(hours=2)):
        await desk_bot.parts.carrier.tidy()
    assert lying(tmp_path) == [sent]
    assert await desk_bot.query(find_attachment, taken.id, unsent) is None
    assert (await fetch(taken, sent)).content == PDF
    forgotten = conversations.delete().where(conversations.c.id == taken.id)
    await desk_bot.query(lambda connection: connection.execute(forgotten))
    with at(desk_bot, timedelta(hours=2)):
        await desk_bot.parts.carrier.tidy()
    assert lying(tmp_path) == []


async def test_bytes_that_are_gone_are_said_to_be(lies: Console, taken: Customer, tmp_path: Path) -> None:
    file_id = await given(lies, taken)
    await send(lies, taken, file_id)
    (tmp_path / "files" / file_id).unlink()
    assert code(await fetch(taken, file_id)) == (404, "attachment_not_found")
    opened = await lies.get(f"/conversations/{taken.id}/files/{file_id}")
    assert code(opened) == (404, "attachment_not_found")


async def test_giving_opening_and_taking_back_stand_in_the_trail_without_a_name(
    lies: Console, taken: Customer, desk_bot: Bot
) -> None:
    file_id, other = await given(lies, taken), await given(lies, taken, client_id="file-0002")
    path = f"/conversations/{taken.id}/files"
    await lies.send("DELETE", f"{path}/{other}")
    await send(lies, taken, file_id)
    for _ in range(2):
        assert (await lies.get(f"{path}/{file_id}")).content == PDF
    entries = [await trail(desk_bot, action) for action in ("file_given", "file_taken_back", "file_read")]
    assert [[entry.subject for entry in found] for found in entries] == [
        [f"file:{file_id}", f"file:{other}"],
        [f"file:{other}"],
        [f"file:{file_id}"],
    ]
    assert all(entry.actor == "staff:lies" and entry.details == {} for found in entries for entry in found)


async def test_a_customer_of_a_messenger_gets_what_their_phone_takes(
    lies: Console, taken: Customer, desk_bot: Bot, tmp_path: Path
) -> None:
    await become(desk_bot, taken, "whatsapp", desk_bot.parts.log.clock())
    assert code(await give(lies, taken, photo("WEBP"), "a.webp")) == (422, "file_not_for_channel")
    large = photo("JPEG") + b"\0" * (5 * 1024 * 1024)
    refused = await give(lies, taken, large, "large.jpg")
    assert (code(refused), refused.json()["error"]["details"]) == ((413, "too_large"), {"limit": 5 * 1024 * 1024})
    assert lying(tmp_path) == []
    assert (await give(lies, taken, photo("JPEG"), "small.jpg")).status_code == 201
    await become(desk_bot, taken, "messenger", desk_bot.parts.log.clock())
    assert (await give(lies, taken, photo("WEBP"), "a.webp", "file-0002")).status_code == 201


async def test_after_the_window_nothing_is_taken(lies: Console, taken: Customer, desk_bot: Bot) -> None:
    file_id = await given(lies, taken)
    await become(desk_bot, taken, "whatsapp", desk_bot.parts.log.clock() - timedelta(hours=25))
    assert code(await give(lies, taken, client_id="file-0002")) == (409, "window_closed")
    assert code(await send(lies, taken, file_id)) == (409, "window_closed")


async def become(bot: Bot, customer: Customer, channel: str, wrote_at: Any) -> None:
    """Let the customer be one of a messenger who wrote then."""
    await customer.say("a word")
    moved = update(conversations).where(conversations.c.id == customer.id).values(channel=channel)
    wrote = update(messages).where(messages.c.conversation == customer.id, messages.c.author == "customer")
    await bot.query(lambda connection: [connection.execute(moved), connection.execute(wrote.values(at=wrote_at))])
