"""What only the whole house shows: the server goes away and comes back; a visit is written down, ended and rated."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import PATIENCE, Watch, said
from tests.conftest import RunningHouse

GONE = "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|status 503|503"


def test_a_server_that_restarts_costs_no_word_and_no_place(
    visit: Visit, page: Page, watch: Watch, house: RunningHouse
) -> None:
    watch.expect(GONE)
    customer = visit()
    customer.arrives()
    customer.begins_claim("my order never came")
    house.house.stop_room("bot")
    try:
        customer.says("CYB-1001-0001")
        expect(customer.own.last).to_have_attribute("data-state", "waiting", timeout=PATIENCE)
        expect(customer.at("status")).to_contain_text("02 552 51 65", timeout=PATIENCE)
        expect(customer.at("contacts").get_by_role("link")).to_have_count(4)
    finally:
        house.house.start_room("bot")
    customer.is_asked("date_of_birth")
    page.reload()
    customer.opens()
    customer.is_asked("date_of_birth")
    expect(customer.own.filter(has_text="CYB-1001-0001")).to_have_count(1)


def test_a_visit_is_written_down_ended_and_rated(visit: Visit, page: Page, house: RunningHouse) -> None:
    customer = visit("fr")
    customer.arrives()
    customer.says("bonjour, comment éviter le phishing ?")
    expect(customer.messages.last).to_have_attribute("data-author", "bot", timeout=PATIENCE)
    customer.at("menu-button").click()
    with page.expect_download() as saved:
        customer.at("transcript").click()
    written = Path(saved.value.path()).read_text("utf-8")
    assert "comment éviter le phishing" in written
    assert said("transcript_title", "fr") in written
    customer.at("menu-button").click()
    customer.at("end").click()
    customer.at("score-4").click(force=True)
    customer.at("reason").fill("clair et rapide")
    customer.at("rate").click()
    expect(customer.at("new-conversation")).to_be_focused(timeout=PATIENCE)
    with closing(sqlite3.connect(house.bot_database)) as database:
        rated = database.execute("SELECT rating FROM conversations WHERE rating_reason = 'clair et rapide'").fetchall()
    assert rated == [(4,)]
