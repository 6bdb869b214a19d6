"""Plays every conversation of this folder through the running house."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.context import BRUSSELS
from launcher.layout import ROOT
from tests.conftest import RunningHouse
from tests.conversations.coverage import Reached, heard_elsewhere, unreached_intents, unreached_rules
from tests.conversations.script import Conversation, Play, load

CONVERSATIONS = load(Path(__file__).parent)
REACHED = Reached()


def rows(database: Path, query: str, *values: str) -> list[dict[str, Any]]:
    """Read from a database of the house, without touching it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query, values)]


@pytest.mark.parametrize("conversation", [pytest.param(each, id=each.id) for each in CONVERSATIONS])
def test_conversation(house: RunningHouse, conversation: Conversation) -> None:
    """The assistant answers as the file says, and leaves behind what it says."""
    house.another_day()
    with Play(conversation, house) as play:
        play.run()
        check_ticket(house, conversation, play)
        check_handover(house, conversation, play)
        REACHED.add(play.messages)


def test_nothing_is_never_reached(house: RunningHouse) -> None:
    """All conversations together reach every intent, rule, question and response, but for what is heard elsewhere."""
    engine = house.layout.var / "engine.db"
    elsewhere = heard_elsewhere().keys()
    unreached = {
        "intents": sorted(set(unreached_intents(engine)) - elsewhere),
        "rules": unreached_rules(engine, elsewhere),
        "questions": [name for name in REACHED.unreached_questions() if f"ask_{name}" not in elsewhere],
        "responses": sorted(set(REACHED.unreached_responses()) - elsewhere),
    }
    (ROOT / "var" / "log").mkdir(parents=True, exist_ok=True)
    (ROOT / "var" / "log" / "unreached.json").write_text(json.dumps(unreached, indent=1))
    assert not any(unreached.values()), f"after {REACHED.played} of {len(CONVERSATIONS)} conversations: {unreached}"


def check_ticket(house: RunningHouse, conversation: Conversation, play: Play) -> None:
    """Exactly the claims the file describes, one or a list in the order they were sent; none if it speaks of none."""
    query = "SELECT * FROM claims WHERE conversation = ? ORDER BY submitted_at"
    claims = [claim for key in play.conversations for claim in rows(house.claims_database, query, key)]
    expected = conversation.ticket
    wanted = [] if not expected else expected if isinstance(expected, list) else [expected]
    assert len(claims) == len(wanted), f"{len(claims)} claims\n\n{play.dialogue()}"
    for claim, ticket in zip(claims, wanted, strict=True):
        _check_claim(claim, ticket, play)
        files = rows(house.claims_database, "SELECT name FROM evidence WHERE draft_id = ?", claim["draft_id"])
        assert sorted(file["name"] for file in files) == sorted(ticket.get("files", ())), play.dialogue()


def _check_claim(claim: dict[str, Any], ticket: dict[str, Any], play: Play) -> None:
    answers, finding = json.loads(claim["answers"]), json.loads(claim["finding"])
    assert claim["incident"] == ticket["incident"]
    wanted = {name: _dated(value) for name, value in ticket["answers"].items()}
    wrong = {name: answers.get(name) for name, value in wanted.items() if answers.get(name) != value}
    assert not wrong, f"the claim has {wrong}\n\n{play.dialogue()}"
    kept = [words for words in ticket.get("not", ()) if words in claim["answers"]]
    assert not kept, f"the claim keeps {kept}: {answers}"
    if "finding" in ticket:
        assert finding["outcome"] == ticket["finding"], finding


def _dated(value: str | None) -> str | None:
    """`{3 days ago}` as a date."""
    days = re.fullmatch(r"\{(\d+) days ago\}", value or "")
    return (datetime.now(BRUSSELS).date() - timedelta(days=int(days[1]))).isoformat() if days else value


def check_handover(house: RunningHouse, conversation: Conversation, play: Play) -> None:
    """The requests for a person are those the file describes: none, if it describes none."""
    query = "SELECT reason, priority FROM handover_requests WHERE conversation = ? ORDER BY id"
    requests = [request for key in play.conversations for request in rows(house.bot_database, query, key)]
    expected = conversation.handover
    wanted = [] if not expected else expected if isinstance(expected, list) else [expected]
    assert requests == wanted, f"handovers: {requests}\n\n{play.dialogue()}"
