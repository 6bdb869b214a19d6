"""What a day at the desk is made of: being told of news, tags, callbacks, facts for the claim, a lost line, closing."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing

from playwright.sync_api import Locator, Route, expect

from tests.browser.colleague import Colleague
from tests.browser.conftest import Visit
from tests.browser.desk import PERSON, Staff, newest, sessions, staff, waiting
from tests.browser.visitor import PATIENCE, RESPONSES, Visitor, Watch, said
from tests.conftest import RunningHouse

__all__ = ["sessions", "staff", "waiting"]

Waiting = Callable[..., tuple[Visitor, str]]

# A headless page is never hidden and makes no sound, so both are noted where they begin, for the test to read.
NOTING = """
    const noted = { shown: [], beeps: 0 };
    const note = () => (document.documentElement.dataset.noted = JSON.stringify(noted));
    window.away = false;
    Object.defineProperty(document, "hidden", { get: () => window.away });
    const Real = window.Notification;
    window.Notification = class extends Real {
        constructor(title, options) { super(title, options); noted.shown.push([title, options.body]); note(); }
    };
    const begin = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...given) { noted.beeps += 1; note(); return begin.apply(this, given); };
"""
WAITS, WROTE = ["Somebody waits for a person", "Wants a person"], ["A customer wrote to you", ""]


def hears(customer: Visitor, words: str) -> None:
    """Wait until these words stand in the chat, whoever said them."""
    expect(customer.messages.filter(has_text=words).last).to_be_visible(timeout=PATIENCE)


def goes_away(agent: Colleague, away: bool = True) -> None:
    """Look at another tab, or at this one again."""
    agent.page.evaluate(
        "(away) => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }", away
    )


def looks_for_news(agent: Colleague, meanwhile: Callable[[], None]) -> None:
    """Wait until the console has looked whether there is news because of something."""
    with agent.page.expect_response(lambda response: response.url.endswith("/conversations?view=mine")):
        meanwhile()


def told(agent: Colleague, shown: list[list[str]], beeps: int) -> None:
    """Wait until exactly these notifications were shown, and so many sounds made."""
    noted = json.dumps({"shown": shown, "beeps": beeps}, separators=(",", ":"))
    expect(agent.page.locator("html")).to_have_attribute("data-noted", noted, timeout=PATIENCE)


def connection(agent: Colleague) -> Locator:
    """What the console says of its line to the desk."""
    return agent.page.get_by_role("banner").get_by_test_id("line")


def setting(agent: Colleague, label: str, on: bool) -> None:
    """Switch something in the settings."""
    agent.page.get_by_role("button", name="Settings").click()
    agent.page.get_by_label(label).set_checked(on)
    agent.page.keyboard.press("Escape")


def test_what_is_new_is_told_once_and_what_is_on_the_screen_is_not(waiting: Waiting, staff: Staff) -> None:
    agent = staff("lies.agent")
    agent.page.context.grant_permissions(["notifications"])
    agent.page.add_init_script(NOTING)
    with agent.page.expect_response(lambda response: response.url.endswith("/conversations?view=waiting")):
        agent.page.reload()
    setting(agent, "Desktop notifications", True)
    # Whichever list is on the screen.
    agent.at("view-closed").click()
    goes_away(agent)
    customer, conversation = waiting(PERSON)
    told(agent, [WAITS], 1)
    goes_away(agent, False)
    agent.at("view-waiting").click()
    agent.opens(conversation)
    agent.takes()
    looks_for_news(agent, lambda: customer.says("on the screen"))
    agent.reads("on the screen")
    goes_away(agent)
    customer.says("in the background")
    told(agent, [WAITS, WROTE], 2)
    looks_for_news(agent, lambda: agent.says("my own answer"))
    told(agent, [WAITS, WROTE], 2)

    setting(agent, "Sound for new messages", False)
    customer.says("without a sound")
    told(agent, [WAITS, WROTE, WROTE], 2)
    setting(agent, "Desktop notifications", False)
    looks_for_news(agent, lambda: customer.says("without anything"))
    told(agent, [WAITS, WROTE, WROTE], 2)


def test_a_refused_permission_is_said(staff: Staff) -> None:
    agent = staff("lies.agent")
    agent.page.evaluate("Notification.requestPermission = async () => 'denied'")
    agent.page.get_by_role("button", name="Settings").click()
    agent.page.get_by_label("Desktop notifications").click()
    expect(agent.at("toast").last).to_have_text("The browser does not allow notifications.")
    expect(agent.page.get_by_label("Desktop notifications")).not_to_be_checked()


def test_tags_are_added_removed_and_refused(waiting: Waiting, staff: Staff, watch: Watch) -> None:
    watch.expect("422")
    _, conversation = waiting(PERSON)
    agent, colleague = staff("lies.agent"), staff("karim.handler")
    for each in (agent, colleague):
        each.opens(conversation)
    handling = agent.at("part-handling")
    for tag in ("Card", "call bank", "what?!"):
        handling.get_by_label("New tag").fill(tag)
        handling.get_by_label("New tag").press("Enter")
        if tag != "what?!":
            expect(handling.locator(".tag-list")).to_contain_text(tag.lower(), timeout=PATIENCE)
    expect(handling.get_by_role("alert")).to_have_text("A tag is one or two words; at most ten.")
    handling.get_by_role("button", name="Remove tag card").click()
    for each in (agent, colleague):
        expect(each.at("part-handling").locator(".tag-list li")).to_have_count(1, timeout=PATIENCE)
        expect(each.row(conversation)).to_contain_text("call bank", timeout=PATIENCE)
        expect(each.row(conversation).locator(".tag")).to_have_count(1)


def test_a_callback_is_noted_and_done(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    handling = agent.at("part-handling")
    handling.get_by_role("button", name="Note a callback").click()
    agent.at("dialog").get_by_label("Number or address").fill("0470 12 34 56")
    agent.at("dialog").get_by_label(re.compile("^When")).fill("2031-05-06T14:30")
    agent.at("dialog-go").click()
    expect(handling.locator(".callback")).to_contain_text("0470 12 34 56", timeout=PATIENCE)
    expect(handling.locator(".callback")).to_contain_text("14:30")
    expect(agent.page.locator('[data-event="callback"]')).to_contain_text("Lies Claes noted a callback")
    handling.locator(".callback").get_by_role("button", name="Done").click()
    expect(handling.locator(".callback.done")).to_contain_text("Done", timeout=PATIENCE)
    expect(agent.page.locator('[data-event="called_back"]')).to_contain_text("Lies Claes contacted the customer")
    expect(customer.messages.filter(has_text="0470")).to_have_count(0)


def test_a_callback_the_customer_asks_for_reaches_the_desk(house: RunningHouse, waiting: Waiting, staff: Staff) -> None:
    # Where nobody is free, a call back is offered.
    with closing(sqlite3.connect(house.bot_database, timeout=10)) as database, database:
        database.execute("DELETE FROM desk_presence")
    customer, conversation = waiting(PERSON)
    customer.presses(said_title("desk_nobody", "/desk_phone"))
    hears(customer, said("desk_ask_phone", "en"))
    customer.says("0470 98 76 54, after six")
    hears(customer, said("desk_contact_noted", "en"))
    agent = staff("lies.agent")
    agent.opens(conversation)
    expect(agent.at("part-handling").locator(".callback")).to_contain_text("0470 98 76 54, after six", timeout=PATIENCE)


def test_what_a_person_found_out_arrives_in_the_intake_and_is_shown(
    house: RunningHouse, visit: Visit, staff: Staff
) -> None:
    customer = visit()
    customer.arrives()
    customer.begins_claim("I ordered shoes weeks ago and nothing came")
    customer.says(PERSON)
    hears(customer, "02 552 51 65")
    agent = staff("lies.agent")
    agent.opens(newest(house.bot_database))
    agent.takes()
    customer.says("It was 240 euro")
    agent.reads("It was 240 euro")
    agent.says("Thank you, noted.")
    agent.at("hand-back").click()
    dialog = agent.at("dialog")
    dialog.get_by_role("button", name="Add an answer").click()
    dialog.get_by_label("Question").select_option("amount")
    dialog.locator(".fact input").fill("240")
    agent.at("dialog-go").click()
    hears(customer, said("desk_assistant_back", "en"))
    hears(customer, said("noted_by_person", "en"))
    expect(customer.row("amount")).to_contain_text("240", timeout=PATIENCE)
    customer.hears(said("ask_policy_reference", "en"))
    answers = agent.at("part-case").locator("dl").last
    expect(answers).to_contain_text(RESPONSES.label("amount", "en"), timeout=PATIENCE)
    expect(answers).to_contain_text("240")


def test_a_lost_line_is_said_and_misses_nothing(waiting: Waiting, staff: Staff, watch: Watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    agent.page.context.set_offline(True)
    expect(connection(agent)).to_have_text("Not connected, trying again…", timeout=PATIENCE)
    for number in (1, 2, 3):
        customer.says(f"word {number} of three")
        expect(customer.own.filter(has_text=f"word {number} of three")).to_have_attribute("data-state", "sent")
    expect(agent.lines.filter(has_text="of three")).to_have_count(0)
    agent.at("composer").fill("Written without a line")
    agent.at("send").click()
    expect(agent.at("toast").last).to_have_text("No connection. Try again in a moment.")
    expect(agent.at("composer")).to_have_value("Written without a line")

    agent.page.context.set_offline(False)
    expect(connection(agent)).to_have_text("", timeout=PATIENCE)
    agent.reads("word 3 of three")
    expect(agent.lines.filter(has_text="of three")).to_have_count(3)
    agent.at("send").click()
    hears(customer, "Written without a line")
    expect(customer.messages.filter(has_text="Written without a line")).to_have_count(1)


def test_a_line_that_hangs_is_noticed(house: RunningHouse, waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.page.clock.install()
    agent.page.reload()
    agent.opens(conversation)
    agent.takes()
    process = house.house.process_of("bot")
    os.kill(process, signal.SIGSTOP)
    try:
        agent.page.clock.fast_forward("03:00")
        expect(connection(agent)).to_have_text("Not connected, trying again…")
    finally:
        os.kill(process, signal.SIGCONT)
    expect(connection(agent)).to_have_text("", timeout=PATIENCE)
    customer.says("are you still there?")
    agent.reads("are you still there?")


def test_a_restart_of_the_bot_is_said_and_misses_nothing(
    house: RunningHouse, waiting: Waiting, staff: Staff, watch: Watch
) -> None:
    watch.expect("ERR_|502|503")
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    house.house.stop_room("bot")
    try:
        expect(connection(agent)).to_have_text("Not connected, trying again…", timeout=PATIENCE)
        # The widget keeps it until somebody takes it.
        customer.says("said to nobody")
    finally:
        house.house.start_room("bot")
        house.house.wait_until_ready()
    agent.reads("said to nobody")
    expect(connection(agent)).to_have_text("")
    agent.says("Back again.")
    hears(customer, "Back again.")
    assert "bot" not in agent.speakers("taken")


def test_enter_takes_the_reply_that_was_searched_however_slow_the_list(waiting: Waiting, staff: Staff) -> None:
    _, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    agent.at("composer").press("/")
    expect(agent.at("canned-reply")).not_to_have_count(0)
    held: list[Route] = []
    agent.page.route("**/desk/api/canned?*", lambda route: held.append(route))
    with agent.page.expect_request("**/desk/api/canned?*"):
        agent.at("canned-search").fill("Proof is missing")
    agent.at("canned-search").press("Enter")
    expect(agent.at("composer")).to_have_value("")
    held[0].continue_()
    expect(agent.at("composer")).to_have_value(re.compile("CC-|{reference}"))


def test_who_leaves_the_queue_disappears_from_it_at_once(waiting: Waiting, staff: Staff) -> None:
    agent = staff("lies.agent")
    customer, conversation = waiting(PERSON)
    agent.opens(conversation)
    customer.presses(said_title("desk_queue", "/desk_leave"))
    hears(customer, said("desk_left", "en"))
    expect(agent.row(conversation)).to_have_count(0, timeout=PATIENCE)
    expect(agent.at("standing")).to_contain_text("with the assistant")
    expect(agent.page.locator('[data-event="left"]')).to_contain_text("The customer left the queue")


def test_closed_and_opened_again_by_the_customer(waiting: Waiting, staff: Staff) -> None:
    customer, conversation = waiting(PERSON)
    agent = staff("lies.agent")
    agent.opens(conversation)
    agent.takes()
    agent.at("close").click()
    agent.at("dialog-go").click()
    hears(customer, said("desk_closed", "en"))
    expect(agent.at("standing")).to_contain_text("closed", timeout=PATIENCE)
    agent.at("view-closed").click()
    expect(agent.row(conversation)).to_be_visible(timeout=PATIENCE)

    customer.says("what are the limits?")
    hears(customer, said("policy_limits", "en").splitlines()[0])
    expect(agent.row(conversation)).to_have_count(0, timeout=PATIENCE)
    customer.says(PERSON)
    agent.at("view-waiting").click()
    expect(agent.row(conversation)).to_be_visible(timeout=PATIENCE)
    agent.opens(conversation)
    agent.takes()
    agent.says("Lies again.")
    hears(customer, "Lies again.")


def test_figures_as_csv_open_in_a_belgian_spreadsheet(waiting: Waiting, staff: Staff) -> None:
    waiting(PERSON)
    supervisor = staff("sofie.supervisor")
    words = (("nl", ["cijfer", "waarde"], "Gesprekken"), ("fr", ["chiffre", "valeur"], "Conversations"))
    for language, heading, name in words:
        supervisor.page.evaluate(f"localStorage.setItem('cybercare.desk', '{json.dumps({'language': language})}')")
        supervisor.arrives("/desk/figures")
        with supervisor.page.expect_download() as download:
            supervisor.at("csv").click()
        text = download.value.path().read_text(encoding="utf-8")
        assert text.startswith("\ufeff")
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
        assert lines[0] == heading
        assert int(dict(lines[1:])[name]) >= 1


def said_title(response: str, payload: str) -> str:
    """What stands on a button."""
    return next(
        button["title"] for button in RESPONSES.render(response, "en", **PLACES).buttons if button["payload"] == payload
    )


PLACES = {"place": "1", "minutes": "5", "opens": "tomorrow"}
