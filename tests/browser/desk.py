"""What the tests of the desk share: staff signed in once, each in a browser of their own, and customers who wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.colleague import Colleague
from tests.browser.conftest import DESKTOP, Visit
from tests.browser.visitor import Visitor, Watch, said
from tests.conftest import RunningHouse

PERSON = "I want to talk to a person please"
# The page asks who is signed in before it shows the form.
NOBODY_YET = "401"

Staff = Callable[..., Colleague]


@pytest.fixture(scope="module")
def sessions() -> dict[str, StorageState]:
    """Who signed in already: a code of the second factor can be used once only."""
    return {}


@pytest.fixture
def staff(browser: Browser, house: RunningHouse, watch: Watch, sessions: dict[str, StorageState]) -> Iterator[Staff]:
    """Members of staff, each in their own browser."""
    opened = []
    watch.expect(NOBODY_YET)

    def colleague(username: str, path: str = "/desk", width: int = DESKTOP["width"]) -> Colleague:
        size = {"width": width, "height": DESKTOP["height"]}
        made = browser.new_context(
            viewport=size, locale="en-BE", timezone_id="Europe/Brussels", storage_state=sessions.get(username)
        )
        made.on("page", watch.follow)
        opened.append(made)
        found = Colleague(made.new_page(), house.bot, username)
        if username in sessions:
            found.arrives(path)
        else:
            found.signs_in(path)
            sessions[username] = made.storage_state()
        return found

    yield colleague
    for each in opened:
        each.close()


@pytest.fixture
def waiting(visit: Visit, house: RunningHouse) -> Callable[..., tuple[Visitor, str]]:
    """A customer who asked for a person, and the id of the conversation."""

    def customer(words: str = "I ordered shoes weeks ago and nothing came") -> tuple[Visitor, str]:
        visitor = visit()
        visitor.arrives()
        visitor.says(words)
        if words != PERSON:
            visitor.hears(said("offer_claim", "en"))
            visitor.says(PERSON)
        return visitor, newest(house.bot_database)

    return customer


def newest(database: Path) -> str:
    """The conversation that began last."""
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        row = connection.execute("SELECT id FROM conversations ORDER BY created_at DESC LIMIT 1").fetchone()
    return str(row[0])
