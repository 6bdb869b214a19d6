"""The desk's calls: who may do what, what staff see, what is kept of it, and what the claims backend decides."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import update

from bot.desk.members import Member
from bot.desk.sessions import COOKIE, FRESH_SECONDS, GRACE_SECONDS, StaffSessions
from bot.desk.tables import desk_audit, desk_presence
from bot.log.tables import conversations
from common.errors import Unavailable
from tests.integration.bot.desk_console import Console, sign_in
from tests.integration.bot.running_bot import Bot, Customer, StartBot
from tests.integration.bot.stand_in_backend import CLAIM, CODE, StandInBackend
from tests.integration.bot.stand_in_engine import StandInEngine, said

WANTED = {"kind": "handover", "reason": "wanted", "priority": "normal", "after": 1}
KNOWS = {
    "incident": "non_delivery",
    "in_intake": True,
    "asked": "amount",
    "answers": {"incident_date": "2026-01-20"},
    "left_open": ["shop"],
    "finding": "looks_covered",
    "identified": True,
    "name": "Marie",
}
UNSURE = {"intent": "ask_limits", "confidence": 0.31, "unsure": True, "ranking": [], "entities": []}


def asks_for_a_person(engine: StandInEngine) -> None:
    engine.answer = lambda question: {
        "messages": [said("of course")],
        "requests": [WANTED],
        "understood": UNSURE,
        "knows": KNOWS,
    }


@pytest.fixture
async def waiting(visitor: Customer, engine: StandInEngine) -> Customer:
    """A customer who asked for a person."""
    await visitor.until("welcome")
    asks_for_a_person(engine)
    await visitor.say("my code is 123 456, I need a person, mail marie@example.be")
    await visitor.until("of course")
    return visitor


@pytest.fixture
async def jean(desk_bot: Bot) -> AsyncIterator[Console]:
    async with desk_bot.client() as made:
        yield await sign_in(made, "jean")


async def test_signing_in_needs_all_three_and_makes_a_cookie_no_script_reads(desk_bot: Bot) -> None:
    async with desk_bot.client() as client:
        body = {"username": "lies", "password": "long enough", "code": CODE}
        assert (await client.post("/desk/api/session", json=body)).json()["error"]["code"] == "desk_header_needed"
        wrong = await client.post("/desk/api/session", json=body | {"code": "000000"}, headers={"X-Desk": "1"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "sign_in_failed")
        right = await client.post("/desk/api/session", json=body, headers={"X-Desk": "1"})
        cookie = right.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/desk"))
        shown = (await client.get("/desk/api/session")).json()
        assert (shown["name"], shown["role"]) == ("Lies Claes", "agent")
        assert "work_on_claims" in shown["permissions"]
        client.headers["X-Desk"] = "1"
        assert (await client.delete("/desk/api/session")).status_code == 204
        client.cookies.set(COOKIE, right.cookies[COOKIE])
        assert (await client.get("/desk/api/session")).status_code == 401


async def test_a_password_that_must_be_changed_opens_nothing(desk_bot: Bot, backend: StandInBackend) -> None:
    backend.must_change = True
    async with desk_bot.client(headers={"X-Desk": "1"}) as client:
        answer = await client.post("/desk/api/session", json={"username": "lies", "password": "x", "code": CODE})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "password_change_needed")


async def test_who_signs_out_is_no_longer_there_and_an_admin_never_is(
    lies: Console, karim: Console, jean: Console
) -> None:
    assert (await karim.send("DELETE", "/session")).status_code == 204
    found = {each["username"]: each["state"] for each in (await lies.get("/staff")).json()["staff"]}
    assert found == {"lies": "available", "karim": "away"}


async def test_guessing_is_slowed_down(desk_bot: Bot) -> None:
    async with desk_bot.client(headers={"X-Desk": "1"}) as client:
        body = {"username": "lies", "password": "x", "code": "000000"}
        statuses = [(await client.post("/desk/api/session", json=body)).status_code for _ in range(12)]
    assert statuses == [401] * 10 + [429] * 2


@pytest.mark.parametrize("cookie", ["", "forged", "InNlc3Npb24i.AAAA"])
async def test_without_a_session_nothing_is_shown(desk_bot: Bot, cookie: str) -> None:
    async with desk_bot.client(cookies={COOKIE: cookie}) as client:
        for path in ("/conversations", "/conversations/web:x", "/staff", "/figures", "/audit", "/events", "/canned"):
            answer = await client.get(f"/desk/api{path}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "desk_session_invalid"), path


async def test_another_site_cannot_make_a_browser_write(lies: Console, waiting: Customer) -> None:
    path = f"/desk/api/conversations/{waiting.id}/take"
    assert (await lies.client.post(path, json={})).json()["error"]["code"] == "desk_header_needed"
    headers = {"X-Desk": "1", "Origin": "https://evil.example"}
    assert (await lies.client.post(path, json={}, headers=headers)).json()["error"]["code"] == "foreign_origin"


async def test_each_role_gets_what_is_its_own(lies: Console, sofie: Console, jean: Console, waiting: Customer) -> None:
    expected = {
        "/conversations": (200, 200, 403),
        f"/conversations/{waiting.id}": (200, 200, 403),
        "/staff": (200, 200, 403),
        "/figures": (403, 200, 403),
        "/figures.csv": (403, 200, 403),
        "/feedback.yml": (403, 200, 403),
        "/audit": (403, 200, 200),
        f"/claims/{CLAIM}": (200, 200, 403),
    }
    for path, statuses in expected.items():
        found = tuple([(await each.get(path)).status_code for each in (lies, sofie, jean)])
        assert found == statuses, path
    assert (await jean.post(f"/conversations/{waiting.id}/take")).status_code == 403


async def test_a_session_that_was_ended_elsewhere_ends_here(backend: StandInBackend) -> None:
    clock, backend_calls = [0.0], _Calls()
    sessions = StaffSessions(backend_calls, "desk-secret-for-tests", lambda: clock[0])  # type: ignore[arg-type]
    cookie, _ = await sessions.open("lies", "x", CODE)
    clock[0] = FRESH_SECONDS - 1
    assert (await sessions.member(cookie)).username == "lies"
    assert backend_calls.asked == 0
    clock[0] = FRESH_SECONDS + 1
    backend_calls.fails = True
    # The claims backend is away: staff go on answering customers, for a while.
    assert (await sessions.member(cookie)).username == "lies"
    clock[0] = GRACE_SECONDS + 1
    with pytest.raises(backend_calls.unavailable):
        await sessions.member(cookie)


class _Calls:
    """A backend that counts, and can be away."""

    unavailable = Unavailable

    def __init__(self) -> None:
        self.asked, self.fails = 0, False

    async def sign_in(self, username: str, password: str, code: str) -> tuple[str, Any]:
        return "session", self._member()

    async def me(self, session: str) -> Any:
        self.asked += 1
        if self.fails:
            raise self.unavailable("claims_unavailable", "away")
        return self._member()

    @staticmethod
    def _member() -> Any:
        return Member("lies", "Lies Claes", "agent", frozenset())


async def test_the_queue_shows_what_is_needed_and_masks_the_rest(lies: Console, waiting: Customer) -> None:
    found = (await lies.get("/conversations?view=waiting")).json()
    (row,) = found["conversations"]
    assert (row["mode"], row["reason"], row["priority"]) == ("waiting", "wanted", "normal")
    assert (row["language"], row["channel"], row["incident"]) == ("en", "web", "non_delivery")
    assert row["window"] == {"how": "open", "until": None}
    assert row["unread"] == 1
    assert found["counts"] == {"waiting": 1, "mine": 0, "human": 0}
    assert found["next"] is None


async def test_lists_are_filtered_and_searched(lies: Console, waiting: Customer) -> None:
    for query, count in (
        ("language=en", 1),
        ("language=nl", 0),
        ("channel=whatsapp", 0),
        ("priority=normal", 1),
        ("priority=urgent", 0),
        ("q=NEED a person", 1),
        ("q=100%25", 0),
        (f"q={waiting.id}", 1),
        ("view=mine", 0),
        ("view=all", 1),
        ("view=closed", 0),
        ("after=50", 0),
    ):
        answer = await lies.get(f"/conversations?{query}")
        assert len(answer.json()["conversations"]) == count, query


@pytest.mark.parametrize("query", ["view=secret", "language=de", "channel=fax", "priority=x", "after=-1", "after=²"])
async def test_a_query_nobody_understands_is_refused(lies: Console, query: str) -> None:
    assert (await lies.get(f"/conversations?{query}")).status_code == 400


async def test_a_conversation_is_shown_with_facts_and_without_codes(lies: Console, waiting: Customer) -> None:
    found = await lies.sees(waiting)
    (typed,) = [each for each in found["messages"] if each.get("author") == "customer"]
    assert typed["text"] == "my code is ••••••, I need a person, mail marie@example.be"
    assert typed["understood"]["intent"] == "ask_limits"
    assert [each["event"] for each in found["messages"] if each["kind"] == "event"] == ["queued"]
    summary = found["summary"]
    assert (summary["incident_name"], summary["finding"], summary["name"]) == (
        "My order never came",
        "looks_covered",
        "Marie",
    )
    (answer,) = summary["answers"]
    assert answer["question"] == "incident_date"
    assert "20" in answer["value"]
    assert "2026" in answer["value"]
    assert summary["asked_question"] == "amount"
    assert found["understood"]["unsure"] is True
    assert [each["reason"] for each in found["handovers"]] == ["wanted"]


async def test_the_claims_of_a_conversation_are_those_we_named(
    desk_bot: Bot, lies: Console, visitor: Customer, engine: StandInEngine
) -> None:
    await visitor.until("welcome")
    engine.answer = lambda question: {"messages": [said(f"Your claim is {CLAIM}.")], "requests": []}
    await visitor.say("and CC-2026-AAAAAA?")
    await visitor.until(f"Your claim is {CLAIM}.")
    assert (await lies.sees(visitor))["claims"] == [CLAIM]
    listed = (await lies.get("/conversations?view=all")).json()["conversations"]
    assert listed[0]["claim"] == CLAIM


async def test_notes_tags_drafts_and_seen(lies: Console, karim: Console, waiting: Customer) -> None:
    await lies.does(waiting, "notes", text="call her sister")
    tags = await lies.send("PUT", f"/conversations/{waiting.id}/tags", tags=["Card", "card", "bank"])
    assert tags.json() == {"tags": ["card", "bank"]}
    await lies.send("PUT", f"/conversations/{waiting.id}/draft", text="Dear Mar")
    await lies.does(waiting, "seen", seq=99)
    await lies.does(waiting, "seen", seq=1)
    found = await lies.sees(waiting)
    assert (found["tags"], found["draft"]) == (["card", "bank"], "Dear Mar")
    assert (await karim.sees(waiting))["draft"] == ""
    assert (await lies.get("/conversations")).json()["conversations"][0]["unread"] == 0
    assert "sister" not in str(await waiting.log())
    await lies.does(waiting, "take")
    await lies.does(waiting, "messages", client_id="answer_001", text="Dear Marie")
    assert (await lies.sees(waiting))["draft"] == ""


async def test_priority_and_callbacks(lies: Console, waiting: Customer) -> None:
    await lies.does(waiting, "priority", priority="urgent")
    await lies.does(waiting, "callback", kind="phone", contact="0470 12 34 56", due_at="2026-01-28T09:00:00Z")
    found = await lies.sees(waiting)
    assert found["conversation"]["priority"] == "urgent"
    (callback,) = found["callbacks"]
    assert (callback["contact"], callback["due_at"]) == ("0470 12 34 56", "2026-01-28T09:00:00Z")
    await lies.does(waiting, "callback", done=callback["id"])
    assert (await lies.sees(waiting))["callbacks"][0]["done_by"] == "lies"
    gone = await lies.post(f"/conversations/{waiting.id}/callback", done=999)
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "callback_not_found")


async def test_documents_are_asked_for_with_a_card(lies: Console, waiting: Customer) -> None:
    await lies.does(waiting, "take")
    await lies.does(waiting, "requests", documents=["Order confirmation", "Photo"], text="Could you send me this?")
    asked = (await waiting.until("Could you send me this?"))[-1]
    assert asked["author"] == "staff"
    assert asked["card"]["points"] == ["Order confirmation", "Photo"]
    assert asked["card"]["input"] == "files"
    await lies.does(waiting, "requests", documents=["Invoice"])
    # Without words of their own, ours.
    assert (await waiting.until("desk_documents en"))[-1]["card"]["points"] == ["Invoice"]


@pytest.mark.parametrize(
    ("what", "body", "code"),
    [
        ("messages", {"client_id": "short", "text": "hi"}, "invalid_client_id"),
        ("messages", {"client_id": "answer_001", "text": " \n"}, "empty_message"),
        ("messages", {"client_id": "answer_001", "text": "x" * 4_001}, "text_too_long"),
        ("messages", {"client_id": "answer_001"}, "empty_message"),
        ("messages", {"client_id": "answer_001", "attachments": "file_1"}, "invalid_body"),
        ("notes", {"text": "\u202e"}, "empty_message"),
        ("priority", {"priority": "now"}, "invalid_priority"),
        ("release", {"to": "nowhere"}, "invalid_target"),
        ("release", {"facts": {"Amount": "1"}}, "invalid_facts"),
        ("requests", {"documents": []}, "invalid_documents"),
        ("callback", {"kind": "fax", "contact": "1"}, "invalid_kind"),
        ("seen", {"seq": -1}, "invalid_body"),
    ],
)
async def test_what_is_not_acceptable_is_refused(
    lies: Console, waiting: Customer, what: str, body: dict[str, Any], code: str
) -> None:
    await lies.does(waiting, "take")
    answer = await lies.post(f"/conversations/{waiting.id}/{what}", **body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


@pytest.mark.parametrize("tags", [["x" * 31], ["<b>"], [str(number) for number in range(11)]])
async def test_tags_are_a_few_words(lies: Console, waiting: Customer, tags: list[str]) -> None:
    answer = await lies.send("PUT", f"/conversations/{waiting.id}/tags", tags=tags)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_tags")


async def test_a_messengers_window_decides_whether_it_can_be_answered(
    desk_bot: Bot, lies: Console, waiting: Customer
) -> None:
    await lies.does(waiting, "take")
    channel = update(conversations).values(channel="whatsapp", created_at=desk_bot.parts.log.clock())
    await desk_bot.query(lambda connection: connection.execute(channel))
    assert (await lies.sees(waiting))["window"]["how"] == "standard"
    later = desk_bot.parts.log.clock
    desk_bot.parts.log.clock = lambda: later() + timedelta(hours=25)
    answer = await lies.post(f"/conversations/{waiting.id}/messages", client_id="answer_001", text="hi")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "window_closed")


async def test_who_is_there(desk_bot: Bot, lies: Console, karim: Console, waiting: Customer) -> None:
    await lies.does(waiting, "take")
    assert (await karim.post("/presence", state="away")).json() == {"state": "away"}
    found = {each["username"]: each for each in (await lies.get("/staff")).json()["staff"]}
    assert (found["lies"]["state"], found["lies"]["conversations"]) == ("available", 1)
    assert found["karim"]["state"] == "away"
    long_ago = update(desk_presence).where(desk_presence.c.username == "karim")
    await desk_bot.query(
        lambda connection: connection.execute(long_ago.values(seen_at=datetime(2026, 1, 1, tzinfo=UTC)))
    )
    found = {each["username"]: each for each in (await lies.get("/staff")).json()["staff"]}
    assert found["karim"]["state"] == "gone"
    assert (await karim.post("/presence", state="asleep")).json()["error"]["code"] == "invalid_state"


async def test_canned_replies_in_the_customers_language(lies: Console) -> None:
    found = (await lies.get("/canned?language=fr&q=bloquer carte")).json()["replies"]
    assert [each["key"] for each in found] == ["card_stop"]
    assert "078 170 170" in found[0]["text"]
    everything = (await lies.get("/canned?language=nl")).json()["replies"]
    assert any("{first_name}" in each["text"] for each in everything)


async def test_feedback_becomes_training_data_without_persons(lies: Console, sofie: Console, waiting: Customer) -> None:
    (typed,) = [each for each in (await lies.sees(waiting))["messages"] if each.get("author") == "customer"]
    path = f"/messages/{typed['row']}/feedback"
    assert (await lies.post(path, intent="make_tea")).json()["error"]["code"] == "unknown_intent"
    for intent in ("talk_to_human", "ask_contact"):
        assert (await lies.post(path, intent=intent)).status_code == 200
    gone = await lies.post("/messages/999/feedback", intent="greet")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "message_not_found")
    exported = yaml.safe_load((await sofie.get("/feedback.yml")).text)
    (entry,) = exported["nlu"]
    assert entry["intent"] == "ask_contact"
    assert entry["examples"] == "- my code is ••••••, I need a person, mail email\n"


async def test_figures_count_what_happened(lies: Console, sofie: Console, waiting: Customer) -> None:
    await lies.does(waiting, "take")
    await lies.does(waiting, "close")
    found = (await sofie.get("/figures")).json()
    assert (found["conversations"], found["contained"], found["containment"]) == (1, 0, 0.0)
    assert (found["to_person"]["count"], found["resolved"], found["reasons"]) == (1, 1, {"wanted": 1})
    assert found["levels"] == {"kept": 1, "broken": 0, "share": 1.0}
    assert found["not_understood"]["count"] == 1
    assert "marie" not in found["not_understood"]["examples"][0]["text"]
    assert sum(day["conversations"] for day in found["by_day"]) == 1
    rows = dict(csv.reader(io.StringIO((await sofie.get("/figures.csv")).text)))
    assert rows["to_person.count"] == "1"


@pytest.mark.parametrize("query", ["from=yesterday", "from=2026-02-01&to=2026-01-01", "from=2020-01-01&to=2026-01-01"])
async def test_a_period_that_is_none(sofie: Console, query: str) -> None:
    answer = await sofie.get(f"/figures?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_period")


async def test_everything_leaves_an_entry_in_a_chain_that_shows_changes(
    desk_bot: Bot, lies: Console, sofie: Console, waiting: Customer
) -> None:
    for _ in range(2):
        await lies.sees(waiting)
    await lies.does(waiting, "take")
    await lies.does(waiting, "messages", client_id="answer_001", text="nobody else reads this")
    await lies.get("/conversations?q=marie")
    found = (await sofie.get("/audit?actor=staff:lies")).json()
    assert [entry["action"] for entry in found["entries"]][::-1] == [
        "desk_signed_in",
        "conversation_read",
        "conversation_taken",
        "conversation_answered",
        "conversations_searched",
    ]
    assert found["intact"] is True
    assert "nobody else" not in str(found)
    assert "marie" not in str(found)
    changed = update(desk_audit).where(desk_audit.c.action == "conversation_taken").values(actor="staff:karim")
    await desk_bot.query(lambda connection: connection.execute(changed))
    found = (await sofie.get("/audit")).json()
    assert found["intact"] is False
    assert found["entries"][0]["action"] == "audit_read"
    subject = (await sofie.get(f"/audit?subject=conversation:{waiting.id}")).json()["entries"]
    assert {entry["subject"] for entry in subject} == {f"conversation:{waiting.id}"}


async def test_claims_go_through_with_the_staffs_own_session(
    lies: Console, backend: StandInBackend, waiting: Customer
) -> None:
    assert (await lies.get(f"/claims/{CLAIM}")).json() == {"reference": CLAIM}
    moved = await lies.post(f"/claims/{CLAIM}/transitions", to="in_review", version=1)
    assert moved.json() == {"reference": CLAIM, "status": "in_review"}
    assert (await lies.get(f"/claims/{CLAIM}/evidence")).json() == {"evidence": []}
    file = await lies.get("/evidence/abc-123/content")
    assert "sandbox" in file.headers["content-security-policy"]
    assert file.headers["x-content-type-options"] == "nosniff"
    assert all(session == "session-of-lies" for _, path, session in backend.asked if "/claims/" in path)


@pytest.mark.parametrize(
    "path", ["/claims/CC-2026-AAAAAA", "/claims/..%2F..%2Fstaff", "/claims/1", "/evidence/a%2Fb/content"]
)
async def test_what_is_no_claim_is_not_asked_for(lies: Console, path: str) -> None:
    assert (await lies.get(path)).status_code == 404


async def test_a_claims_backend_that_is_away_is_said_and_stops_no_answer(
    lies: Console, backend: StandInBackend, waiting: Customer
) -> None:
    backend.down = True
    answer = await lies.get(f"/claims/{CLAIM}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "claims_unavailable")
    await lies.does(waiting, "take")
    await lies.does(waiting, "messages", client_id="answer_001", text="I am here all the same")
    await waiting.until("I am here all the same")


async def test_without_a_secret_there_is_no_desk(start_bot: StartBot) -> None:
    async with start_bot() as bot, bot.client() as client:
        answer: httpx.Response = await client.get("/desk/api/session")
    assert answer.status_code == 404
