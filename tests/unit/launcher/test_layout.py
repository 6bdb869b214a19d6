"""Where rooms listen, and what each of them is told: what it needs, and no other room's secret."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.meta.settings import read_meta
from common.webhooks import check_webhook_secret
from launcher.errors import LaunchError
from launcher.layout import DEFAULT_PORTS, Layout, Program

MODEL = Path("/models/model.tar.gz")
ENVIRON = {
    "PATH": "/usr/bin",
    "HOME": "/home/an",
    "AWS_SECRET_ACCESS_KEY": "belongs-to-somebody-else",
    "BOT_META_APP_SECRET": "of-the-messenger",
    "CLAIMS_SMTP_PASSWORD": "of-the-mail-server",
}
# Which of the demo's secrets a room has to know, by its own name for it.
KNOWS = {
    "mailsink": set(),
    "meta": {"META_APP_SECRET", "META_VERIFY_TOKEN", "META_PAGE_TOKEN", "META_WHATSAPP_TOKEN"},
    "claims": {
        "CLAIMS_TOKEN_FOR_ACTIONS",
        "CLAIMS_TOKEN_FOR_BOT",
        "CLAIMS_TOKEN_SECRET",
        "CLAIMS_AUDIT_SECRET",
        "CLAIMS_EVENTS_SECRET",
    },
    "actions": {"ACTIONS_SECRET", "CLAIMS_TOKEN_FOR_ACTIONS", "BOT_INTERNAL_TOKEN"},
    "engine": {"ENGINE_TURN_SECRET", "ACTIONS_SECRET"},
    "bot": {
        "CLAIMS_TOKEN_FOR_BOT",
        "ENGINE_TURN_SECRET",
        "BOT_INTERNAL_TOKEN",
        "BOT_TOKEN_SECRET",
        "BOT_DESK_SECRET",
        "CLAIMS_EVENTS_SECRET",
    },
}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout.of(tmp_path / "var", ENVIRON)


def programs(layout: Layout) -> dict[str, Program]:
    return {program.name: program for program in layout.programs(MODEL)}


@pytest.mark.parametrize("room", KNOWS)
def test_a_room_knows_the_secrets_it_needs_and_no_other(room: str, layout: Layout) -> None:
    told = "\n".join(programs(layout)[room].environment.values())
    assert {name for name, secret in layout.secrets.items() if secret in told} == KNOWS[room]


@pytest.mark.parametrize("room", KNOWS)
def test_nothing_secret_is_in_a_command_everybody_can_list(room: str, layout: Layout) -> None:
    command = " ".join(programs(layout)[room].command)
    assert [name for name, secret in layout.secrets.items() if secret in command] == []


def test_the_callers_environment_reaches_only_the_room_it_is_named_after(layout: Layout) -> None:
    for name, program in programs(layout).items():
        assert "AWS_SECRET_ACCESS_KEY" not in program.environment
        assert program.environment["PATH"] == "/usr/bin"
        assert ("BOT_META_APP_SECRET" in program.environment) == (name == "bot")
        assert ("CLAIMS_SMTP_PASSWORD" in program.environment) == (name == "claims")


def test_rooms_that_talk_share_the_secret(layout: Layout) -> None:
    rooms = {name: program.environment for name, program in programs(layout).items()}
    assert rooms["engine"]["ACTIONS_SECRET"] == rooms["actions"]["ACTIONS_SECRET"]
    assert rooms["engine"]["ENGINE_TURN_SECRET"] == rooms["bot"]["BOT_ENGINE_SECRET"]
    assert rooms["claims"]["CLAIMS_EVENTS_SECRET"] == rooms["bot"]["BOT_EVENTS_SECRET"]
    assert rooms["actions"]["ACTIONS_BOT_TOKEN"] == rooms["bot"]["BOT_INTERNAL_TOKEN"]
    assert rooms["actions"]["ACTIONS_CLAIMS_TOKEN"] in rooms["claims"]["CLAIMS_SERVICE_TOKENS"].split(",")


def test_a_secret_the_operator_gives_reaches_both_sides(tmp_path: Path) -> None:
    mine = "a-secret-of-the-operator"
    given = Layout.of(tmp_path, {"ENGINE_TURN_SECRET": mine, "ACTIONS_SECRET": mine + "-2"})
    rooms = {program.name: program for program in given.programs(MODEL)}
    assert rooms["engine"].environment["ENGINE_TURN_SECRET"] == mine
    assert rooms["bot"].environment["BOT_ENGINE_SECRET"] == mine
    assert rooms["engine"].headers == {"Authorization": f"Bearer {mine}"}
    assert (
        rooms["actions"].environment["ACTIONS_SECRET"] == rooms["engine"].environment["ACTIONS_SECRET"] == f"{mine}-2"
    )


def test_addresses_follow_the_ports(tmp_path: Path) -> None:
    moved = Layout.of(tmp_path, {"CLAIMS_PORT": "6056", "ENGINE_PORT": "6005"})
    rooms = {program.name: program for program in moved.programs(MODEL)}
    assert rooms["claims"].ports == {"CLAIMS_PORT": 6056}
    assert rooms["actions"].environment["ACTIONS_CLAIMS_URL"] == "http://127.0.0.1:6056"
    assert rooms["bot"].environment["BOT_ENGINE_URL"] == "http://127.0.0.1:6005"
    assert rooms["claims"].environment["CLAIMS_EVENTS_URL"] == "http://127.0.0.1:5000/claim-events"
    assert "6005" in rooms["engine"].command


def test_the_bot_talks_to_the_stand_in_for_meta(tmp_path: Path) -> None:
    rooms = {program.name: program.environment for program in Layout.of(tmp_path, {}).programs(MODEL)}
    bot, meta = rooms["bot"], rooms["meta"]
    for name in ("APP_SECRET", "VERIFY_TOKEN", "PAGE_TOKEN", "WHATSAPP_TOKEN"):
        assert bot[f"BOT_META_{name}"] == meta[f"META_{name}"]
    assert bot["BOT_META_GRAPH_URL"] == "http://127.0.0.1:5058/v25.0"
    assert meta["META_WEBHOOK_URL"] == "http://127.0.0.1:5000/webhooks/meta"
    assert read_meta(bot).on


def test_a_bot_connected_with_meta_is_told_nothing_of_the_stand_in(layout: Layout) -> None:
    environment = programs(layout)["bot"].environment
    told = {name for name in environment if name.startswith("BOT_META_")}
    assert told == {"BOT_META_APP_SECRET"}


def test_every_port_belongs_to_one_room(layout: Layout) -> None:
    owned = [name for program in layout.programs(MODEL) for name in program.ports]
    assert sorted(owned) == sorted(DEFAULT_PORTS)


@pytest.mark.parametrize("value", ["five thousand", "0", "65536", "-1", "5000.5", "999999"])
def test_a_port_that_is_none_is_named(value: str, tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=f"BOT_PORT={value} is not a port"):
        Layout.of(tmp_path, {"BOT_PORT": value})


def test_two_rooms_on_one_port_are_named(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="ENGINE_PORT and BOT_PORT are both 5000"):
        Layout.of(tmp_path, {"ENGINE_PORT": "5000"})


def test_secrets_are_made_once_for_the_owner_only(tmp_path: Path) -> None:
    first, again, elsewhere = Layout.of(tmp_path, {}), Layout.of(tmp_path, {}), Layout.of(tmp_path / "b", {})
    assert first.secrets == again.secrets
    assert not set(first.secrets.values()) & set(elsewhere.secrets.values())
    assert len(set(first.secrets.values())) == len(first.secrets)
    assert min(map(len, first.secrets.values())) >= 32
    assert stat.S_IMODE((tmp_path / "demo-secrets.json").stat().st_mode) == 0o600


def test_events_are_signed_with_a_secret_both_rooms_take(layout: Layout) -> None:
    check_webhook_secret("CLAIMS_EVENTS_SECRET", layout.secrets["CLAIMS_EVENTS_SECRET"])


def test_a_room_can_have_another_database(tmp_path: Path) -> None:
    url = "postgresql+psycopg://db/claims"
    given = Layout.of(tmp_path, {"CLAIMS_DATABASE_URL": url})
    rooms = {program.name: program for program in given.programs(MODEL)}
    assert rooms["claims"].environment["CLAIMS_DATABASE_URL"] == url
    assert rooms["bot"].environment["BOT_DATABASE_URL"] == f"sqlite:///{tmp_path}/bot.db"
