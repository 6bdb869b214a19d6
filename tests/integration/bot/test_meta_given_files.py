"""Files of staff on Messenger and WhatsApp: in order, once, as the platforms want them, against the stand-in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from common.certificates import trusted
from demo.meta.accounts import APP_ID, PAGE_ID, PHONE_NUMBER_ID
from demo.meta.app import create_app
from demo.meta.settings import Settings
from tests.integration.bot.desk_console import Console, sign_in
from tests.integration.bot.meta_bot import MetaBot, meta_bot
from tests.integration.bot.meta_platform import APP_SECRET, PAGE_TOKEN, PHONE_TOKEN, VERIFY
from tests.integration.bot.running_bot import StartBot, serving
from tests.integration.bot.stand_in_engine import StandInEngine
from tests.integration.claims.evidence_files import PDF, TEXT, photo

ACCOUNTS = {"app_id": APP_ID, "page_id": PAGE_ID, "phone_number_id": PHONE_NUMBER_ID}
PEOPLE = {"messenger": "6250041301689014", "whatsapp": "12025550133"}
CHANNELS = tuple(PEOPLE)


@dataclass
class Talk:
    """A person on a phone, whose conversation Lies has."""

    bot: MetaBot
    meta: httpx.AsyncClient
    lies: Console
    channel: str

    @property
    def id(self) -> str:
        """The conversation."""
        account = PAGE_ID if self.channel == "messenger" else PHONE_NUMBER_ID
        return f"{self.channel}:{account}:{PEOPLE[self.channel]}"

    async def begin(self) -> None:
        """Write, be answered, and be taken."""
        said = await self.meta.post(f"/play/users/{PEOPLE[self.channel]}/messages", json={"text": "hello"})
        assert said.status_code == 201
        await self.until("echo hello")
        answer = await self.lies.post(f"/conversations/{self.id}/take")
        assert answer.status_code == 200, answer.text
        await self.until("desk_joined en")

    async def give(self, content: bytes, name: str) -> str:
        """Give a file as the console does."""
        answer = await self.lies.client.post(
            f"/desk/api/conversations/{self.id}/files",
            params={"client_id": f"file-{name.encode().hex()[:40]}", "name": name},
            content=content,
            headers={"X-Desk": "1"},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def send(self, *files: str, client_id: str = "answer-01", **more: Any) -> None:
        """Send them."""
        body = {"client_id": client_id, "attachments": list(files), **more}
        answer = await self.lies.post(f"/conversations/{self.id}/messages", **body)
        assert answer.status_code == 201, answer.text

    async def lines(self) -> list[dict[str, Any]]:
        """What the person sees since Lies has the conversation."""
        lines = (await self.meta.get(f"/play/users/{PEOPLE[self.channel]}")).json()["lines"]
        joined = next((place for place, line in enumerate(lines) if line["text"] == "desk_joined en"), len(lines))
        return list(lines[joined + 1 :])

    async def until(self, text: str) -> None:
        """Wait until the person has read this."""
        await self._until(lambda: self._has(text))

    async def everything(self) -> list[dict[str, Any]]:
        """All the person sees."""
        return list((await self.meta.get(f"/play/users/{PEOPLE[self.channel]}")).json()["lines"])

    async def until_lines(self, count: int) -> list[dict[str, Any]]:
        """Wait for so many lines since Lies has the conversation."""
        await self._until(lambda: self._has_lines(count))
        return await self.lines()

    async def content(self, line: dict[str, Any]) -> bytes:
        """The file of a line, as the person gets it."""
        (file,) = line["media"]
        return (await self.meta.get(f"/play/media/{file['id']}")).content

    async def calls(self, what: str) -> list[Any]:
        """The calls with a file that the stand-in saw."""
        seen = (await self.meta.get("/control/seen")).json()["calls"]
        return [call for call in seen if call["what"].endswith(what) and "file" in (call["body"] or {})]

    async def states(self) -> list[str]:
        """How far each part of the last message came."""
        rows = [row for row in await self.bot.rows() if row.conversation == self.id]
        last = max(row.seq for row in rows)
        return [row.error or row.state for row in rows if row.seq == last]

    async def until_states(self, *states: str) -> None:
        """Wait until the parts came so far."""
        await self._until(lambda: self._has_states(*states))

    async def _has(self, text: str) -> bool:
        return text in [line["text"] for line in await self.everything()]

    async def _has_lines(self, count: int) -> bool:
        return len(await self.lines()) >= count

    async def _has_states(self, *states: str) -> bool:
        return await self.states() == list(states)

    async def _until(self, wanted: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(10):
            # The stand-in tells nobody when something has arrived.
            while not await wanted():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
def port() -> int:
    """A free one: the bot and the stand-in must each know the other's address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
async def running(start_desk: StartBot, port: int) -> AsyncIterator[MetaBot]:
    async with meta_bot(start_desk, f"http://127.0.0.1:{port}/v25.0", **ACCOUNTS) as made:
        yield made


@pytest.fixture
async def meta(running: MetaBot, port: int, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    hook = f"{running.bot.address}/webhooks/meta"
    settings = Settings(APP_SECRET, VERIFY, PAGE_TOKEN, PHONE_TOKEN, hook, str(tmp_path / "meta"))
    address = f"http://127.0.0.1:{port}"
    async with (
        serving(create_app(settings, address), port),
        httpx.AsyncClient(base_url=address, trust_env=False, verify=trusted()) as client,
    ):
        yield client


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def talk(running: MetaBot, meta: httpx.AsyncClient, channel: str, engine: StandInEngine) -> AsyncIterator[Talk]:
    async with running.bot.client() as client:
        made = Talk(running, meta, await sign_in(client, "lies"), channel)
        await made.begin()
        yield made


async def test_words_and_files_arrive_in_order_byte_for_byte(talk: Talk) -> None:
    picture = photo("PNG")
    files = [await talk.give(picture, "scherm.png"), await talk.give(PDF, "Overzicht n° 1.pdf")]
    await talk.send(*files, text="Here it is.")
    lines = await talk.until_lines(3)
    assert lines[0]["text"] == "Lies: Here it is."
    assert [[file["name"] for file in line["media"]] for line in lines] == [[], ["scherm.png"], ["Overzicht n° 1.pdf"]]
    assert [await talk.content(line) for line in lines[1:]] == [picture, PDF]
    assert [line["media"][0]["picture"] for line in lines[1:]] == [True, False]
    await talk.until_states("delivered", "delivered", "delivered")
    calls = await talk.calls("messages" if talk.channel == "messenger" else "media")
    assert [call["body"]["file"] for call in calls] == [
        ["scherm.png", "image/png", len(picture)],
        ["Overzicht n° 1.pdf", "application/pdf", len(PDF)],
    ]
    # The file itself goes out, never an address of ours.
    assert "http" not in str([call["body"]["fields"] for call in calls])


@pytest.mark.parametrize("channel", ["whatsapp"])
async def test_files_without_a_word_say_below_who_they_are_from(talk: Talk) -> None:
    await talk.send(await talk.give(photo("JPEG"), "a.jpg"), await talk.give(TEXT, "b.txt"))
    assert [line["text"] for line in await talk.until_lines(2)] == ["Lies: a.jpg", "Lies"]
    seen = (await talk.meta.get("/control/seen")).json()["calls"]
    sent = [call["body"] for call in seen if call["what"].endswith("messages") and "document" in (call["body"] or {})]
    assert sent[0]["document"]["filename"] == "b.txt"


@pytest.mark.parametrize("channel", ["messenger"])
async def test_what_is_no_picture_there_goes_as_a_file(talk: Talk) -> None:
    await talk.send(await talk.give(photo("WEBP"), "a.webp"), await talk.give(photo("GIF"), "b.gif"))
    await talk.until_lines(2)
    kinds = [call["body"]["fields"]["message"]["attachment"]["type"] for call in await talk.calls("messages")]
    assert kinds == ["file", "image"]


@pytest.mark.parametrize("channel", ["messenger"])
async def test_after_a_day_a_file_is_marked_as_of_a_person(talk: Talk) -> None:
    file_id = await talk.give(PDF, "a.pdf")
    talk.bot.clock.skip(hours=25)
    (await talk.meta.post("/control/clock", json={"ahead": 25 * 3600})).raise_for_status()
    await talk.send(file_id)
    await talk.until_lines(1)
    (call,) = await talk.calls("messages")
    assert (call["body"]["fields"]["messaging_type"], call["body"]["fields"]["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


async def test_a_file_missing_on_disk_fails_alone(talk: Talk, tmp_path: Path) -> None:
    lost, kept = await talk.give(PDF, "a.pdf"), await talk.give(TEXT, "b.txt")
    (tmp_path / "files" / lost).unlink()
    await talk.send(lost, kept, text="Two files.")
    lines = await talk.until_lines(2)
    assert lines[0]["text"] == "Lies: Two files."
    assert await talk.content(lines[1]) == TEXT
    await talk.until_states("delivered", "file_missing", "delivered")


@pytest.mark.parametrize(
    ("channel", "where", "fault"),
    [
        ("messenger", "send", {"how": "error", "error": "rate_page"}),
        ("messenger", "send", {"how": "drop"}),
        ("whatsapp", "send", {"how": "error", "error": "service"}),
        ("whatsapp", "upload", {"how": "error", "error": "rate_number"}),
        ("whatsapp", "upload", {"how": "drop"}),
        ("whatsapp", "upload", {"how": "status", "status": 503, "after": True}),
    ],
)
async def test_what_fails_for_a_moment_is_tried_again_in_order(talk: Talk, where: str, fault: dict[str, Any]) -> None:
    files = [await talk.give(PDF, "a.pdf"), await talk.give(TEXT, "b.txt")]
    (await talk.meta.post("/control/faults", json={"where": where, **fault})).raise_for_status()
    await talk.send(*files)
    lines = await talk.until_lines(2)
    assert [await talk.content(line) for line in lines] == [PDF, TEXT]
    await talk.until_states("delivered", "delivered")
    assert len(await talk.lines()) == 2


@pytest.mark.parametrize("channel", ["messenger"])
async def test_a_file_that_went_out_although_nobody_said_so_is_not_sent_twice(talk: Talk) -> None:
    files = [await talk.give(PDF, "a.pdf"), await talk.give(TEXT, "b.txt")]
    fault = {"where": "send", "how": "drop", "after": True}
    (await talk.meta.post("/control/faults", json=fault)).raise_for_status()
    # No time passes before the sign of the platform comes, however slow the machine is.
    talk.bot.courier.sleep = asyncio.sleep
    await talk.send(*files)
    await talk.until_states("delivered", "delivered")
    assert [await talk.content(line) for line in await talk.lines()] == [PDF, TEXT]


async def test_what_the_platform_never_takes_fails_and_the_next_goes_on(talk: Talk) -> None:
    files = [await talk.give(PDF, "a.pdf"), await talk.give(TEXT, "b.txt")]
    where = "send" if talk.channel == "messenger" else "upload"
    fault = {"where": where, "how": "error", "error": "media_missing"}
    (await talk.meta.post("/control/faults", json=fault)).raise_for_status()
    await talk.send(*files)
    (line,) = await talk.until_lines(1)
    assert await talk.content(line) == TEXT
    await talk.until_states("refused", "delivered")
