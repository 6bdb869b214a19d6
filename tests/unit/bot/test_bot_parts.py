"""The small parts: answers of the engine, waiting, wire forms, the hub, settings, sentences, files."""

from __future__ import annotations

import asyncio
import json
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.hub import Hub, Signal
from bot.log.model import Handover, Message, Says, Turn
from bot.pages import load_site
from bot.parts import Parts
from bot.sentences import KEYS, Sentences
from bot.settings import LANGUAGES, BotSettings
from bot.turns.answer import read_answer
from bot.turns.engine import EngineClient, EngineFailed, EngineRefused, EngineUnavailable
from bot.turns.pace import backoff
from bot.webchat import wire
from common.settings import SettingsError, read

TURN = Turn(1, "web:a", "message_1", "hello", None, "nl", 0)


def test_an_answer_is_read() -> None:
    body = {
        "messages": [{"text": "a", "buttons": None, "new": 1}, {"text": " "}, {"card": {"title": "t"}}],
        "requests": [{"kind": "handover", "reason": None}, {"kind": "other"}],
        "language": "fr",
    }
    outcome = read_answer(json.dumps(body).encode())
    assert outcome.says == (Says("a"), Says("", card={"title": "t"}))
    assert outcome.handovers == (Handover("unknown", "normal"),)
    assert outcome.language == "fr"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"messages": [1]}', b'{"messages": null}', b"\xff"])
def test_an_answer_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is msgspec's
        read_answer(body)


def test_a_language_we_do_not_speak_is_left_out() -> None:
    assert read_answer(b'{"messages": [], "language": "de"}').language is None


def answering(status: int, body: Any = None) -> EngineClient:
    transport = httpx.MockTransport(lambda request: httpx.Response(status, json=body))
    return EngineClient(httpx.AsyncClient(transport=transport, base_url="http://e"), seconds=1, concurrency=1)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, EngineRefused),
        (409, EngineRefused),
        (422, EngineRefused),
        (302, EngineRefused),
        (401, EngineUnavailable),
        (404, EngineUnavailable),
        (429, EngineUnavailable),
        (502, EngineUnavailable),
        (503, EngineUnavailable),
        (500, EngineFailed),
        (200, EngineRefused),
    ],
)
async def test_what_a_status_means(status: int, error: type[Exception]) -> None:
    engine = answering(status)
    with pytest.raises(error) as caught:
        await engine.ask(TURN)
    assert type(caught.value) is error
    await engine.close()


async def test_an_engine_that_is_busy_for_too_long_is_unavailable() -> None:
    never = asyncio.Event()

    async def hang(request: httpx.Request) -> httpx.Response:
        await never.wait()
        return httpx.Response(200)

    client = httpx.AsyncClient(transport=httpx.MockTransport(hang), base_url="http://e")
    engine = EngineClient(client, seconds=0.02, concurrency=1)
    kinds = await asyncio.gather(*(engine.ask(TURN) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(kind, EngineUnavailable) for kind in kinds)
    assert "timeout" in {str(kind) for kind in kinds}
    await engine.close()


def test_waiting_grows_to_a_limit_and_chance_shortens_it() -> None:
    assert [backoff(attempt, 0) for attempt in range(1, 7)] == [1, 2, 4, 8, 15, 15]
    assert backoff(10_000, 0) == 15
    assert backoff(3, 1.0) == 2


def test_a_moment_is_written_in_utc() -> None:
    at = datetime(2026, 1, 31, 11, 0, 0, 999, tzinfo=timezone(timedelta(hours=1)))
    assert wire.moment(at) == "2026-01-31T10:00:00Z"


def test_an_event_is_one_data_line_whatever_is_said() -> None:
    said = "a\nb\r\nevent: typing\u2028é"
    event = wire.message_event(Message(3, "customer", said, datetime.now(UTC), [], None, None, "client_1"))
    lines = event.split("\n")
    assert lines[:2] == ["id: 3", "event: message"]
    assert lines[3:] == ["", ""]
    assert "\r" not in event
    assert json.loads(lines[2].removeprefix("data: "))["text"] == said


def test_only_a_customers_message_has_a_client_id() -> None:
    message = Message(1, "bot", "a", datetime.now(UTC), [], None, None, None)
    assert "client_id" not in wire.message_json(message)


async def test_a_reader_that_falls_behind_is_closed() -> None:
    hub = Hub()
    stream = hub.open("web:a")
    for _ in range(1_000):
        hub.messages("web:a")
    signals = [await stream.next(1) for _ in range(257)]
    assert signals[-1] is Signal.CLOSE
    assert await stream.next(0.001) is None
    hub.close("web:a", stream)
    hub.close("web:a", stream)
    assert hub.total() == 0


async def test_the_hub_tells_the_right_streams() -> None:
    hub = Hub()
    mine, other = hub.open("web:a"), hub.open("web:b")
    hub.typing("web:a", True)
    hub.messages("web:a")
    hub.typing("web:a", False)
    assert [await mine.next(1) for _ in range(3)] == [Signal.TYPING, Signal.MESSAGES, Signal.IDLE]
    assert await other.next(0.001) is None
    assert (hub.count("web:a"), hub.count("web:c"), hub.is_typing("web:a")) == (1, 0, False)


async def test_work_ends_even_if_nobody_waits_for_it_any_more() -> None:
    needed = [each.name for each in fields(Parts) if each.default_factory is MISSING]
    parts = Parts(**dict.fromkeys(needed))  # type: ignore[arg-type]
    begun, go, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go.wait()
        done.set()

    caller = asyncio.create_task(parts.to_the_end(work()))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go.set()
    async with asyncio.timeout(5):
        await done.wait()


NEEDED = {
    "BOT_ENGINE_URL": "http://127.0.0.1:5005",
    "BOT_ENGINE_SECRET": "s" * 16,
    "BOT_ACTIONS_URL": "http://127.0.0.1:5055",
    "BOT_CLAIMS_URL": "http://127.0.0.1:5056",
    "BOT_CLAIMS_TOKEN": "d" * 16,
    "BOT_INTERNAL_TOKEN": "t" * 16,
    "BOT_TOKEN_SECRET": "u" * 16,
}


def test_settings_are_read_and_safe_unless_told_otherwise() -> None:
    settings = read(BotSettings, "BOT", NEEDED | {"BOT_ALLOWED_ORIGINS": "https://a.example, https://b.example"})
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert settings.cookie_secure
    assert not settings.demo
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_ENGINE_CONCURRENCY", "0"),
        ("BOT_HEARTBEAT_SECONDS", "0"),
        ("BOT_DEFAULT_LANGUAGE", "de"),
        ("BOT_TOKEN_SECRET", "short"),
        ("BOT_EVENTS_SECRET", "no-base64-but-long-enough-for-a-secret-of-ours"),
        ("BOT_EVENTS_SECRET", "c2hvcnQgb2YgMzIgYnl0ZXM="),
        ("BOT_PORT", "many"),
    ],
)
def test_settings_that_would_not_work_name_the_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(BotSettings, "BOT", NEEDED | {name: value})


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_what_must_be_set(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read(BotSettings, "BOT", {key: value for key, value in NEEDED.items() if key != name})


@dataclass
class Made:
    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    card: dict[str, Any] | None = None


def test_every_sentence_is_rendered_at_start() -> None:
    class Source:
        def render(self, name: str, language: str, /, **values: str) -> Made:
            return Made("/".join((name, language, *values.values())))

    sentences = Sentences.load(Source())
    assert len(sentences.rendered) == len(KEYS) * len(LANGUAGES)
    assert sentences.say("too_long", "fr") == Says("too_long/fr")
    said = sentences.say("claim_news_paid", "fr", reference="CC-{reference}")
    assert said == Says("claim_news_paid/fr/CC-{reference}")


def test_the_version_changes_with_the_content_and_hidden_files_stay_hidden(tmp_path: Path) -> None:
    (tmp_path / "widget").mkdir()
    (tmp_path / "widget" / "a.js").write_text("1")
    (tmp_path / "widget" / ".env").write_text("secret")
    (tmp_path / "widget" / "link.js").symlink_to("/etc/hostname")
    first = load_site(tmp_path, demo=False)
    (tmp_path / "widget" / "a.js").write_text("2")
    second = load_site(tmp_path, demo=False)
    assert list(first.widget) == ["a.js"]
    assert first.version != second.version
    assert load_site(tmp_path / "nowhere", demo=True).demo == {}
