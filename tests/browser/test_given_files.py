"""Files from staff to a customer, in two browsers on the running house: sent, downloaded byte for byte, opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, Route, expect

from bot.desk.bodies import MOST_FILES
from launcher.layout import ROOT
from tests.browser.colleague import Colleague
from tests.browser.desk import PERSON, Staff, sessions, staff, waiting
from tests.browser.states import file, picture
from tests.browser.visitor import PATIENCE, Visitor, Watch
from tests.conftest import RunningHouse
from tests.integration.claims.evidence_files import PDF

__all__ = ["sessions", "staff", "waiting"]

Waiting = Callable[..., tuple[Visitor, str]]
# Gives a file to the console as a browser does when it is dropped or pasted.
HAND_OVER = """(kind) => {
    const files = new DataTransfer();
    files.items.add(new File(["Dear customer,"], "letter.txt", { type: "text/plain" }));
    const init = { bubbles: true, cancelable: true };
    const event = kind === "paste" ? new ClipboardEvent("paste", { ...init, clipboardData: files })
        : new DragEvent(kind, { ...init, dataTransfer: files });
    document.querySelector('[data-testid="composer"]').dispatchEvent(event);
    return event.defaultPrevented;
}"""


@pytest.fixture
def pair(waiting: Waiting, staff: Staff) -> tuple[Visitor, Colleague]:
    """A customer, and Lies who has taken their conversation."""
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    return customer, agent


def chips(agent: Colleague) -> Locator:
    """The files of the next answer."""
    return agent.at("upload")


def content(download: Download) -> bytes:
    """What was downloaded."""
    return Path(download.path()).read_bytes()


def press(page: Page, button: Locator) -> Download:
    """Download what a button offers, by keyboard."""
    with page.expect_download(timeout=PATIENCE) as begun:
        button.press("Enter")
    return begun.value


def test_the_customer_downloads_what_staff_sent(pair: tuple[Visitor, Colleague], house: RunningHouse) -> None:
    customer, agent = pair
    agent.at("files").set_input_files([file("Overzicht n° 1.pdf", PDF), file("scherm.png", picture())])
    expect(chips(agent)).to_have_count(2)
    expect(chips(agent).last).to_have_attribute("data-state", "ready", timeout=PATIENCE)
    agent.says("Here is the overview.")
    expect(chips(agent)).to_have_count(0)

    message = customer.messages.filter(has_text="Here is the overview.")
    buttons = message.get_by_role("button")
    expect(buttons).to_have_count(2, timeout=PATIENCE)
    expect(message.locator(".file").first).to_contain_text(" kB · download")
    expect(buttons.first).to_have_accessible_name(re.compile(r"Overzicht n° 1\.pdf.*download"))
    download = press(customer.page, buttons.first)
    assert (download.suggested_filename, content(download)) == ("Overzicht n° 1.pdf", PDF)
    assert content(press(customer.page, buttons.last)) == picture()
    customer.page.reload()
    customer.opens()
    assert content(press(customer.page, message.get_by_role("button").first)) == PDF

    shown = agent.lines.filter(has_text="Here is the overview.")
    expect(shown).to_contain_text("sent by us")
    opened = press(agent.page, shown.get_by_test_id("open-file").first)
    assert (opened.suggested_filename, content(opened)) == ("Overzicht n° 1.pdf", PDF)


def test_a_download_that_fails_says_so(pair: tuple[Visitor, Colleague], house: RunningHouse, watch: Watch) -> None:
    customer, agent = pair
    agent.at("files").set_input_files([file("a.pdf", PDF)])
    expect(chips(agent)).to_have_attribute("data-state", "ready", timeout=PATIENCE)
    # Without a word.
    agent.at("send").click()
    button = customer.messages.get_by_role("button", name=re.compile("a.pdf"))
    expect(button).to_be_visible(timeout=PATIENCE)
    watch.expect("404")
    address = re.compile(r"/(webchat/attachments|desk/api/conversations/[^/]+/files)/file_")
    gone = '{"error": {"code": "attachment_not_found", "message": "", "details": {}}}'

    def missing(route: Route) -> None:
        route.fulfill(status=404, content_type="application/json", body=gone)

    customer.page.route(address, missing)
    button.click()
    expect(customer.at("status")).to_have_text("That did not work just now. Please try again in a moment.")
    expect(button).to_be_focused()
    agent.page.route(address, missing)
    agent.at("open-file").click()
    expect(agent.at("toast")).to_have_text("This file is no longer here.")


def test_files_are_refused_removed_and_tried_again_in_words(pair: tuple[Visitor, Colleague], watch: Watch) -> None:
    _, agent = pair
    watch.expect("422")
    watch.expect("ERR_FAILED")
    broken: list[Route] = []

    def once(route: Route) -> None:
        if broken:
            route.fallback()
        else:
            broken.append(route)
            route.abort()

    agent.page.route("**/files?*", once)
    agent.at("files").set_input_files([file("a.pdf", PDF), file("page.pdf", b"<html><script>1</script></html>")])
    expect(chips(agent).first).to_have_attribute("data-state", "failed", timeout=PATIENCE)
    expect(chips(agent).last).to_contain_text("Not a picture, PDF, text or saved e-mail.", timeout=PATIENCE)
    chips(agent).first.get_by_role("button", name="Try again").click()
    expect(chips(agent).first).to_have_attribute("data-state", "ready", timeout=PATIENCE)
    agent.page.get_by_role("button", name="Remove page.pdf").click()
    expect(chips(agent)).to_have_count(1)
    with agent.page.expect_response(lambda answer: answer.request.method == "DELETE") as taken_back:
        agent.at("remove-file").press("Enter")
    assert taken_back.value.status == 204
    expect(agent.at("attach")).to_be_focused()
    agent.at("files").set_input_files([file(f"{number}.pdf", PDF) for number in range(6)])
    expect(agent.at("toast").last).to_have_text("An answer carries 5 files at most.")
    expect(chips(agent)).to_have_count(5)


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_files_can_be_dropped_and_pasted(pair: tuple[Visitor, Colleague], kind: str) -> None:
    _, agent = pair
    assert agent.page.evaluate(HAND_OVER, kind)
    expect(chips(agent)).to_contain_text("letter.txt")
    expect(chips(agent)).to_have_attribute("data-state", "ready", timeout=PATIENCE)
    agent.at("mode-note").click()
    expect(agent.at("uploads")).to_be_hidden()
    assert agent.page.evaluate(HAND_OVER, kind)
    expect(agent.at("toast").last).to_have_text("A note takes no files; go to the answer.")


def test_the_console_knows_the_servers_limit() -> None:
    uploads = (ROOT / "bot/web/desk/uploads.js").read_text()
    assert f"MOST = {MOST_FILES};" in uploads
