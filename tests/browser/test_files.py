"""Evidence in the chat: chosen, photographed, dropped or pasted, on its way, refused, and in the claim's hands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bot.settings import BotSettings
from launcher.layout import ROOT
from tests.browser.conftest import DESKTOP, Visit
from tests.browser.stand_in import StandIn, no_line, problem
from tests.browser.states import file, picture
from tests.browser.visitor import Visitor, Watch
from tests.conftest import RunningHouse

# Gives files to the page as a browser does when they are dropped or pasted.
HAND_OVER = """([kind, selector]) => {
    const root = document.querySelector("cyber-care-chat").shadowRoot;
    const files = new DataTransfer();
    files.items.add(new File(["%PDF-1.4"], "letter.pdf", { type: "application/pdf" }));
    const init = { bubbles: true, cancelable: true, composed: true };
    const event = kind === "paste" ? new ClipboardEvent("paste", { ...init, clipboardData: files })
        : new DragEvent(kind, { ...init, dataTransfer: files });
    root.querySelector(selector).dispatchEvent(event);
    return event.defaultPrevented;
}"""


@pytest.fixture
def customer(visit: Visit, page: Page, server: StandIn) -> Visitor:
    """Somebody who is about to add files."""
    visitor = visit()
    page.goto(visitor.address)
    visitor.opens()
    expect(visitor.messages).to_have_count(1)
    visitor.at("attach").click()
    return visitor


def test_the_warning_comes_before_the_choice(customer: Visitor) -> None:
    tray = customer.page.get_by_role("group", name="Files for this message")
    expect(tray).to_contain_text("Never send intimate images, or pictures of a bank card or identity card.")
    expect(customer.at("files")).to_be_focused()
    expect(customer.at("files")).to_have_accessible_description(re.compile("Never send intimate images"))
    expect(customer.at("attach")).to_have_attribute("aria-expanded", "true")
    customer.at("attach").click()
    expect(tray).to_be_hidden()


def test_chosen_files_go_out_with_the_next_message(customer: Visitor, server: StandIn) -> None:
    customer.at("files").set_input_files([file("a page.pdf"), file("Zoë.png", picture())])
    expect(customer.at("file")).to_have_count(2)
    expect(customer.at("file").last).to_have_attribute("data-state", "ready")
    expect(customer.at("file-news")).to_contain_text("ready to send")
    painted = "(canvas) => canvas.getContext('2d').getImageData(60, 60, 1, 1).data[3]"
    expect(customer.at("file").last.locator("canvas")).to_be_visible()
    assert customer.at("file").last.locator("canvas").evaluate(painted) == 255
    assert [upload.headers["x-file-name"] for upload in server.uploads] == ["a%20page.pdf", "Zo%C3%AB.png"]
    expect(customer.at("file-remove").first).to_have_accessible_name("Remove: a page.pdf")

    customer.at("send").click()
    expect(customer.own).to_have_count(1)
    expect(customer.at("tray")).to_be_hidden()
    expect(customer.own).to_contain_text("being checked")
    expect(customer.own.locator("canvas").last).to_be_visible()
    assert server.bodies("messages")[0]["attachments"] == ["file1", "file2"]
    assert "text" not in server.bodies("messages")[0]


def test_what_became_of_a_file_is_shown_where_it_was_sent(customer: Visitor, page: Page) -> None:
    customer.at("files").set_input_files([file("one.pdf"), file("two.pdf")])
    expect(customer.at("file").last).to_have_attribute("data-state", "ready")
    customer.at("send").click()
    expect(customer.own).to_have_count(1)
    events = (
        'event: attachment\ndata: {"seq": 2, "id": "file1", "state": "kept"}\n\n'
        'event: attachment\ndata: {"seq": 2, "id": "file2", "state": "refused", "error": "evidence_type_refused"}\n\n'
        'event: attachment\ndata: {"seq": 9, "id": "nobody", "state": "kept"}\n\n'
    )
    page.route("**/webchat/events*", lambda route: route.fulfill(body=events, content_type="text/event-stream"))
    files = customer.own.locator(".file")
    expect(files.first).to_contain_text("added to your file", timeout=10_000)
    expect(files.last).to_contain_text("could not be kept")


@pytest.mark.parametrize(("kind", "where"), [("drop", ".panel"), ("paste", "textarea")])
def test_files_can_be_dropped_and_pasted(customer: Visitor, kind: str, where: str) -> None:
    if kind == "drop":
        assert customer.page.evaluate(HAND_OVER, ["dragover", where])
        expect(customer.at("panel")).to_have_attribute("data-dragging", "")
    assert customer.page.evaluate(HAND_OVER, [kind, where])
    expect(customer.at("file")).to_contain_text("letter.pdf")
    expect(customer.at("file")).to_have_attribute("data-state", "ready")
    expect(customer.at("panel")).not_to_have_attribute("data-dragging", "")


def test_a_phone_can_take_a_photo(browser: Browser, house: RunningHouse) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    try:
        phone = Visitor(context.new_page(), house.bot, "en")
        StandIn().on(phone.page)
        phone.page.goto(phone.address)
        phone.opens()
        phone.at("attach").tap()
        camera = phone.at("camera")
        expect(phone.page.get_by_text("Take a photo")).to_be_visible()
        expect(camera).to_have_attribute("capture", "environment")
        camera.set_input_files([file("photo.png", picture())])
        expect(phone.at("file")).to_have_attribute("data-state", "ready")
    finally:
        context.close()


def test_an_upload_shows_how_far_it_is_and_can_be_cancelled(customer: Visitor, page: Page, server: StandIn) -> None:
    held: list[Route] = []
    server.failing["attachments"] = held.append
    customer.at("files").set_input_files([file("large.pdf", b"%PDF" + bytes(200_000))])
    expect(customer.at("file").get_by_role("progressbar", name="large.pdf")).to_be_visible()
    customer.at("composer").fill("my words")
    expect(customer.at("send")).to_be_disabled()
    expect(customer.at("counter")).to_contain_text("as soon as the files are there")
    with page.expect_event("requestfailed"):
        customer.at("file-remove").click()
    expect(customer.at("file")).to_have_count(0)
    expect(customer.at("files")).to_be_focused()
    expect(customer.at("send")).to_be_enabled()
    assert len(held) == 1
    page.unroute_all(behavior="ignoreErrors")


def test_a_file_can_be_taken_back_before_it_is_sent(customer: Visitor, page: Page, server: StandIn) -> None:
    customer.at("files").set_input_files([file("wrong.pdf")])
    expect(customer.at("file")).to_have_attribute("data-state", "ready")
    with page.expect_request(lambda request: request.method == "DELETE"):
        customer.at("file-remove").click()
    expect(customer.at("file")).to_have_count(0)
    expect(customer.at("send")).to_be_disabled()
    assert server.taken_back == ["file1"]


def test_a_broken_upload_can_be_tried_again_under_the_same_id(customer: Visitor, server: StandIn, watch: Watch) -> None:
    watch.expect("ERR_CONNECTION_REFUSED")
    asked: list[str] = []

    def broken(route: Route) -> None:
        asked.append(route.request.url)
        no_line(route)

    server.failing["attachments"] = broken
    customer.at("files").set_input_files([file("page.pdf")])
    expect(customer.at("file")).to_contain_text("Not uploaded")
    server.failing.clear()
    customer.at("file-retry").click()
    expect(customer.at("file")).to_have_attribute("data-state", "ready")
    assert [upload.url for upload in server.uploads] == asked


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (problem(422, "file_type_refused"), "This kind of file cannot be kept. A picture, PDF or text can"),
        (problem(413, "too_large"), "Too large: 10 MB at most"),
        (problem(422, "file_type_refused", text="The server's own kind words."), "The server's own kind words."),
        (problem(409, "something_new"), "This file could not be kept"),
    ],
)
def test_a_refused_file_says_why(
    customer: Visitor, server: StandIn, watch: Watch, answer: Callable[[Route], None], told: str
) -> None:
    watch.expect(r"\b4\d\d\b")
    server.failing["attachments"] = answer
    customer.at("files").set_input_files([file("page.pdf")])
    expect(customer.at("file")).to_contain_text(told)
    expect(customer.at("file-news")).to_have_text(f"page.pdf: {told}")
    expect(customer.at("file-retry")).to_be_hidden()
    expect(customer.at("send")).to_be_disabled()


def test_what_can_never_be_taken_is_not_even_sent(customer: Visitor, server: StandIn) -> None:
    many = [file(f"{number}.pdf") for number in range(10)]
    customer.at("files").set_input_files([file("empty.pdf", b""), file("film.pdf", bytes(10 * 1024 * 1024 + 1)), *many])
    told = customer.at("file")
    expect(told.first).to_contain_text("There is nothing in this file")
    expect(told.nth(1)).to_contain_text("Too large: 10 MB at most")
    expect(told.last).to_contain_text("No more than 10 files with one message")
    expect(told.nth(9)).to_have_attribute("data-state", "ready")
    assert len(server.uploads) == 8


def test_the_widget_knows_the_servers_limit() -> None:
    source = (ROOT / "bot" / "web" / "widget" / "uploads.js").read_text()
    assert "const LARGEST = 10 * 1024 * 1024;" in source
    assert BotSettings.__dataclass_fields__["file_max_bytes"].default == 10 * 1024 * 1024


def test_the_assistant_takes_a_file(visit: Visit, page: Page, watch: Watch) -> None:
    watch.expect(r"\b422\b")
    page.set_viewport_size(DESKTOP)
    customer = visit()
    customer.arrives()
    customer.at("files").set_input_files([file("setup.exe", b"MZ\x90\0 this is a program")])
    expect(customer.at("file")).to_have_attribute("data-state", "refused")
    customer.at("file-remove").click()
    customer.at("files").set_input_files([file("screenshot.png", picture())])
    expect(customer.at("file")).to_have_attribute("data-state", "ready", timeout=15_000)
    customer.says("this is what I saw")
    expect(customer.own.locator(".file")).to_contain_text("screenshot.png")
    expect(customer.messages.last).to_have_attribute("data-author", "bot", timeout=30_000)
    page.reload()
    customer.opens()
    expect(customer.own.locator(".file")).to_contain_text("screenshot.png")
    expect(customer.messages.first).to_contain_text("digital assistant")
