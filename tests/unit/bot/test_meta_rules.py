"""Windows, error classes, settings, the Page's buttons, and where files may come from."""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.meta.errors import Kind, classify, classify_code
from bot.meta.graph import make_graph
from bot.meta.media import Hosts, MediaClient, MediaError, MediaForbidden, MediaGone, MediaUnavailable, Origin
from bot.meta.menu import ENTRIES
from bot.meta.profile import profile
from bot.meta.settings import MetaSettings, read_meta, variables
from bot.meta.window import Window, reply_window
from common.settings import SettingsError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Reached:
    channel: str
    last_inbound_at: datetime | None


@pytest.mark.parametrize(
    ("channel", "hours", "template", "how", "until"),
    [
        ("web", None, False, "open", None),
        ("messenger", 0, False, "standard", 24),
        ("messenger", 23.99, False, "standard", 0.01),
        ("messenger", 24, False, "human_agent", 144),
        ("messenger", 167.99, False, "human_agent", 0.01),
        ("messenger", 168, False, "closed", None),
        ("messenger", None, False, "closed", None),
        ("whatsapp", 23.99, True, "standard", 0.01),
        ("whatsapp", 24, True, "template", None),
        ("whatsapp", 24, False, "closed", None),
        ("whatsapp", None, False, "closed", None),
    ],
)
def test_windows(channel: str, hours: float | None, template: bool, how: str, until: float | None) -> None:
    last = None if hours is None else NOW - hours * HOUR
    window = reply_window(Reached(channel, last), NOW, template=template)
    assert window.how == how
    assert window == Window(how) if until is None else window.until is not None
    if until is not None and window.until is not None:
        assert abs(window.until - (NOW + until * HOUR)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("status", "code", "subcode", "kind"),
    [
        (401, 190, None, Kind.HALT),
        (400, 10, 2018278, Kind.OUTSIDE),
        (400, 10, 2018065, Kind.OUTSIDE),
        (400, 10, 2534022, Kind.OUTSIDE),
        (400, 10, 1893063, Kind.HALT),
        (400, 10, None, Kind.HALT),
        (400, 200, None, Kind.HALT),
        (400, 230, None, Kind.HALT),
        (400, 551, 1545041, Kind.UNREACHABLE),
        (400, 551, None, Kind.UNREACHABLE),
        (400, 100, 2018001, Kind.UNREACHABLE),
        (400, 100, None, Kind.REFUSED),
        *((400, code, None, Kind.SLOWER) for code in (4, 32, 613, 80004, 80006, 130429)),
        (400, 131056, None, Kind.SLOWER_HERE),
        (400, 131047, None, Kind.OUTSIDE),
        (400, 131026, None, Kind.UNREACHABLE),
        (400, 1200, 2018024, Kind.UNSURE),
        (500, 1, None, Kind.UNSURE),
        (500, 2, None, Kind.UNSURE),
        (503, None, None, Kind.UNSURE),
        (500, 0, None, Kind.UNSURE),
        (429, None, None, Kind.SLOWER),
        (401, None, None, Kind.HALT),
        (404, None, None, Kind.REFUSED),
        (400, True, None, Kind.REFUSED),
    ],
)
def test_error_classes(status: int, code: Any, subcode: Any, kind: Kind) -> None:
    assert classify(status, {"error": {"code": code, "error_subcode": subcode}}).kind is kind


@pytest.mark.parametrize("body", [None, [], {}, {"error": None}, {"error": "x"}, {"error": {"code": "190"}}])
def test_an_error_without_numbers_goes_by_its_status(body: Any) -> None:
    assert [classify(status, body).kind for status in (500, 400)] == [Kind.UNSURE, Kind.REFUSED]
    assert classify_code(99) is Kind.REFUSED


# --- settings

SECRET = "a-secret-of-16-or-more"
WHOLE = {
    "BOT_META_APP_SECRET": SECRET,
    "BOT_META_VERIFY_TOKEN": SECRET,
    "BOT_META_APP_ID": "4242",
    "BOT_META_PAGE_ID": "100",
    "BOT_META_PAGE_TOKEN": SECRET,
    "BOT_META_PHONE_NUMBER_ID": "200",
    "BOT_META_WHATSAPP_TOKEN": SECRET,
}


def test_without_variables_the_door_is_closed() -> None:
    assert not read_meta({}).on


def test_a_whole_set_up_and_its_halves() -> None:
    assert read_meta(WHOLE).on
    whatsapp = {name: value for name, value in WHOLE.items() if "PAGE" not in name and "APP_ID" not in name}
    assert read_meta(whatsapp).account("messenger") == ""
    messenger = {name: value for name, value in WHOLE.items() if "PHONE" not in name and "WHATSAPP" not in name}
    assert read_meta(messenger).account("messenger") == "100"
    assert SECRET not in repr(read_meta(WHOLE))


@pytest.mark.parametrize("missing", WHOLE)
def test_half_a_set_up_names_what_is_missing(missing: str) -> None:
    with pytest.raises(SettingsError, match=f"{missing} is not set"):
        read_meta({name: value for name, value in WHOLE.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_META_PAGE_ID", "my page"),
        ("BOT_META_APP_ID", "1" * 33),
        ("BOT_META_PHONE_NUMBER_ID", "+32470"),
        ("BOT_META_GRAPH_URL", "graph.facebook.com"),
        ("BOT_META_GRAPH_URL", "http://graph.facebook.com/v25.0"),
        ("BOT_META_GRAPH_URL", "https://graph.facebook.com/v25.0?x=1"),
        ("BOT_META_MEDIA_HOSTS", "https://fbcdn.net"),
        ("BOT_META_MEDIA_HOSTS", "net"),
        ("BOT_META_WHATSAPP_TEMPLATE", "Please Answer"),
        ("BOT_META_SEND_SECONDS", "0"),
        ("BOT_META_MEDIA_SECONDS", "-1"),
        ("BOT_META_CONFIRM_SECONDS", "nan"),
        ("BOT_META_SENDS_PER_SECOND", "inf"),
        ("BOT_META_ATTEMPTS", "0"),
        ("BOT_META_ATTEMPTS", "many"),
        ("BOT_META_VERIFY_TOKEN", "short"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_meta(WHOLE | {name: value})


def test_every_setting_is_documented_with_its_default() -> None:
    page = (Path(__file__).parents[3] / "docs/messengers.md").read_text(encoding="utf-8")
    rows = {match[1]: match[2] for match in re.finditer(r"^\| `(BOT_META_\w+)` \|[^|]*\| ([^|]*) \|", page, re.M)}
    assert list(rows) == variables()
    for field in fields(MetaSettings):
        default = "" if field.default is MISSING else field.default
        shown = (
            ", ".join(default) if isinstance(default, tuple) else f"{default:g}" if default != str(default) else default
        )
        assert rows[f"BOT_META_{field.name.upper()}"].strip("`") == (shown or "empty")


# --- the Page's buttons


def test_the_profile_is_within_metas_limits_and_what_it_sends_is_understood() -> None:
    made = profile()
    assert made["get_started"] == {"payload": "start"}
    for part in ("greeting", "persistent_menu", "ice_breakers"):
        assert made[part][0]["locale"] == "default"
        assert {"nl_BE", "fr_FR"} <= {entry["locale"] for entry in made[part]}
    assert all(len(greeting["text"]) <= 160 for greeting in made["greeting"])
    for menu in made["persistent_menu"]:
        assert all(len(action["title"]) <= 30 and action["payload"] in ENTRIES for action in menu["call_to_actions"])
    for questions in made["ice_breakers"]:
        assert 1 <= len(questions["call_to_actions"]) <= 4
        assert all(len(each["question"]) <= 80 for each in questions["call_to_actions"])


# --- where files may come from

HOSTS = Hosts(("fbcdn.net", "fbsbx.com"), Origin("http", "127.0.0.1", 5058))


@pytest.mark.parametrize(
    "url",
    [
        "https://scontent.xx.fbcdn.net/v/1.jpg?oh=1",
        "https://fbcdn.net/x",
        "https://lookaside.FBSBX.com./x",
        "http://127.0.0.1:5058/x",
    ],
)
def test_addresses_we_go_to(url: str) -> None:
    HOSTS.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://scontent.fbcdn.net/x",
        "https://fbcdn.net.evil.example/x",
        "https://evilfbcdn.net/x",
        "https://user@fbcdn.net/x",
        "https://fbcdn.net:8443/x",
        "https://fbcdn.net:99999/x",
        "https://fbcdn.net@evil.example/x",
        "https://127.0.0.1/x",
        "http://127.0.0.1:5056/v1",
        "https://[::1]/x",
        "https://[::1",
        "http://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "file:///etc/passwd",
        "gopher://fbcdn.net/",
        "//fbcdn.net/x",
        "",
    ],
)
def test_addresses_we_do_not_go_to(url: str) -> None:
    with pytest.raises(MediaForbidden):
        HOSTS.check(url)


class Web:
    """Answers of hosts, by address, and who was shown a token."""

    def __init__(self, **addresses: str) -> None:
        self.answers: dict[str, httpx.Response] = {}
        self.tokens: dict[str, str | None] = {}
        self.addresses = addresses

    async def resolve(self, host: str, port: int) -> list[str]:
        return [self.addresses.get(host.partition(".")[0], "157.240.0.1")]

    def client(self) -> MediaClient:
        def answer(request: httpx.Request) -> httpx.Response:
            self.tokens[str(request.url)] = request.headers.get("authorization")
            return self.answers.get(str(request.url), httpx.Response(404))

        settings = read_meta(WHOLE | {"BOT_META_GRAPH_URL": "https://graph.facebook.com/v25.0"})
        transport = httpx.MockTransport(answer)
        graph = make_graph(settings)
        graph._client = httpx.AsyncClient(transport=transport)
        return MediaClient(settings, graph, httpx.AsyncClient(transport=transport), self.resolve)

    async def fetch(self, source: str) -> bytes:
        parts: list[bytes] = []
        await self.client().fetch(source, parts.append)
        return b"".join(parts)


def to(address: str) -> httpx.Response:
    return httpx.Response(302, headers={"location": address})


async def test_a_file_is_fetched_over_redirects_within_metas_hosts() -> None:
    web = Web()
    web.answers = {
        "https://a.fbsbx.com/1": to("https://b.fbcdn.net/2"),
        "https://b.fbcdn.net/2": to("/3"),
        "https://b.fbcdn.net/3": httpx.Response(200, content=b"picture"),
    }
    assert await web.fetch("https://a.fbsbx.com/1") == b"picture"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:5056/v1", "https://evil.example/", "http://a.fbcdn.net/", "file:///x"]
)
async def test_a_redirect_out_of_metas_hosts_is_not_followed(address: str) -> None:
    web = Web()
    web.answers["https://a.fbsbx.com/1"] = to(address)
    with pytest.raises(MediaForbidden):
        await web.fetch("https://a.fbsbx.com/1")
    assert list(web.tokens) == ["https://a.fbsbx.com/1"]


async def test_redirects_without_end() -> None:
    web = Web()
    web.answers["https://a.fbsbx.com/1"] = to("https://a.fbsbx.com/1")
    with pytest.raises(MediaForbidden, match="redirects"):
        await web.fetch("https://a.fbsbx.com/1")
    assert len(web.tokens) == 1


PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "169.254.169.254",
    "::1",
    "fe80::1%eth0",
    "fc00::1",
    "0.0.0.0",  # noqa: S104 - an address nobody should go to
]


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_name_that_leads_into_our_network(address: str) -> None:
    web = Web(a=address)
    web.answers["https://a.fbsbx.com/1"] = httpx.Response(200, content=b"secret")
    with pytest.raises(MediaForbidden, match="private_address"):
        await web.fetch("https://a.fbsbx.com/1")
    assert web.tokens == {}


LOOKED_UP = "https://graph.facebook.com/v25.0/77"


async def test_whatsapps_token_goes_to_the_host_meta_names_and_no_further() -> None:
    web = Web()
    web.answers = {
        LOOKED_UP: httpx.Response(200, json={"url": "https://lookaside.fbsbx.com/77"}),
        "https://lookaside.fbsbx.com/77": to("https://b.fbcdn.net/77"),
        "https://b.fbcdn.net/77": httpx.Response(200, content=b"picture"),
    }
    assert await web.fetch("id:77") == b"picture"
    assert web.tokens["https://lookaside.fbsbx.com/77"] == f"Bearer {SECRET}"
    assert web.tokens["https://b.fbcdn.net/77"] is None


@pytest.mark.parametrize(
    ("status", "about", "error"),
    [
        (400, {"error": {"code": 100}}, MediaGone),
        (500, {}, MediaUnavailable),
        (200, {}, MediaForbidden),
        (200, {"url": "https://evil.example/"}, MediaForbidden),
        (200, {"url": "https://b.fbcdn.net/77", "sha256": "0" * 64}, MediaUnavailable),
        (200, {"url": "https://b.fbcdn.net/404"}, MediaGone),
        (200, {"url": "https://b.fbcdn.net/503"}, MediaUnavailable),
    ],
)
async def test_a_file_of_whatsapp_that_cannot_be_had(status: int, about: Any, error: type[MediaError]) -> None:
    web = Web()
    web.answers = {
        LOOKED_UP: httpx.Response(status, json=about),
        "https://b.fbcdn.net/77": httpx.Response(200, content=b"picture"),
        "https://b.fbcdn.net/503": httpx.Response(503),
    }
    with pytest.raises(error):
        await web.fetch("id:77")


async def test_a_host_that_does_not_answer() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    settings = read_meta(WHOLE)
    client = MediaClient(
        settings, make_graph(settings), httpx.AsyncClient(transport=httpx.MockTransport(fail)), Web().resolve
    )
    with pytest.raises(MediaUnavailable, match="no_answer"):
        await client.fetch("https://a.fbsbx.com/1", lambda part: None)
