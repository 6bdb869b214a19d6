"""Makes the pictures of the walk-through, of a house that runs: `python -m tests.browser.desk_pictures BOT MAIL`.

Both are addresses. It says who they are as customers and staff of the demo do.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from launcher import programs
from launcher.layout import ROOT
from tests.browser.colleague import Colleague
from tests.browser.visitor import PATIENCE, Mailbox, Visitor, said

FOLDER = ROOT / "docs" / "images"
LARGEST = 200_000
WEEK = (18, 24, 21, 30, 27, 12, 9)


def main(address: str, mail: str) -> None:
    """Make all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=programs.find(programs.CHROMIUM), args=programs.chromium_arguments(), headless=True
        )
        customers = [_waits(browser, address, *each) for each in WAITING]
        agent = Colleague(_tab(browser), address, "lies.agent")
        agent.signs_in()
        _answers(agent, customers[-1])
        _policy(agent, _tab(browser), address, mail)
        _figures(_tab(browser, 1180), address)
        browser.close()


WAITING = (
    ("nl", "mijn pakje is nooit aangekomen", "ik wil een medewerker spreken"),
    ("fr", "je n'ai jamais reçu mon colis", "je veux parler à une personne"),
    ("en", "I ordered shoes weeks ago and nothing came", "I want to talk to a person please"),
)


def _waits(browser: Browser, address: str, language: str, happened: str, person: str) -> Visitor:
    customer = Visitor(_tab(browser), address, language)
    customer.arrives()
    customer.says(happened)
    customer.hears(said("offer_claim", language))
    customer.says(person)
    expect(customer.messages.filter(has_text="02 552 51 65").last).to_be_visible(timeout=PATIENCE)
    return customer


def _answers(agent: Colleague, customer: Visitor) -> None:
    agent.page.locator('.row:has(.chip:text-is("EN"))').last.click(timeout=PATIENCE)
    agent.reads("I want to talk to a person please")
    _keep(agent.page, "desk-waiting")
    agent.takes()
    agent.says("Hello, I am Lies. I am reading what you wrote. Do you have the order confirmation?")
    agent.notes("Shoes from a web shop, ordered five weeks ago.")
    customer.says("Yes, it is in my mailbox. Which file do you need?")
    agent.reads("Which file do you need?")
    _keep(agent.page, "desk-answer")
    agent.at("hand-back").click()
    expect(agent.at("dialog")).to_be_visible()
    _keep(agent.page, "desk-hand-back")


def _policy(agent: Colleague, page: Page, address: str, mail: str) -> None:
    """A customer who proved who they are, and what the desk then shows of their policy."""
    customer = Visitor(page, address, "en")
    customer.arrives()
    customer.begins_claim("I ordered a bike lamp weeks ago and the parcel never came")
    mailbox = Mailbox(page.context.new_page(), mail, "emma.clarke@example.be")
    page.bring_to_front()
    customer.says("CYB-1003-0003")
    customer.is_asked("date_of_birth")
    customer.says("23/11/1990")
    customer.is_asked("one_time_code")
    customer.says(mailbox.code())
    mailbox.close()
    customer.is_asked("incident_date")
    customer.says("I want to talk to a person please")
    agent.page.goto(f"{address}/desk")
    agent.page.locator('.row:has-text("I want to talk to a person")').first.click(timeout=PATIENCE)
    expect(agent.at("policy-status")).to_be_visible(timeout=PATIENCE)
    agent.at("part-policy").evaluate("part => part.scrollIntoView({block: 'start'})")
    _keep(agent.page, "desk-policy")


def _figures(page: Page, address: str) -> None:
    """The supervisor's page, with the numbers of an invented week."""
    page.route("**/desk/api/figures?*", _invented)
    supervisor = Colleague(page, address, "sofie.supervisor")
    supervisor.signs_in("/desk/figures")
    expect(supervisor.at("figures").get_by_role("img").first).to_be_visible(timeout=PATIENCE)
    _keep(page, "desk-figures")


def _invented(route: Route) -> None:
    days = [date.today() - timedelta(days=6 - number) for number in range(7)]
    found: dict[str, Any] = {
        "conversations": sum(WEEK),
        "contained": 109,
        "containment": 0.773,
        "to_person": {"count": 32, "median_seconds": 94, "slowest_tenth_seconds": 410},
        "levels": {"kept": 30, "broken": 2, "share": 0.938},
        "waiting_now": {"count": 3, "longest_seconds": 260, "by_priority": {"urgent": 1, "normal": 2}},
        "reasons": {"wanted": 14, "not_understood": 7, "large_loss": 5, "frustration": 3, "distress": 2},
        "resolved": 26,
        "handed_back": 9,
        "rating": {"count": 41, "average": 4.3, "by_score": {"1": 1, "2": 2, "3": 4, "4": 11, "5": 23}},
        "abandoned": [
            {"incident": "non_delivery", "question": "one_time_code", "count": 6},
            {"incident": "payment_fraud", "question": "policy_reference", "count": 4},
            {"incident": "data_loss", "question": "incident_date", "count": 2},
        ],
        "not_understood": {"count": 11, "share": 0.021, "examples": []},
        "by_day": [
            {"day": day.isoformat(), "conversations": count, "to_person": count // 4}
            for day, count in zip(days, WEEK, strict=True)
        ],
    }
    route.fulfill(status=200, content_type="application/json", body=json.dumps(found))


def _tab(browser: Browser, height: int = 800) -> Page:
    size = {"width": 1280, "height": height}
    made = browser.new_context(
        viewport=size, locale="en-BE", reduced_motion="reduce", timezone_id="Europe/Brussels", color_scheme="light"
    )
    return made.new_page()


def _keep(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size / 1000:.0f} kB")
    if size > LARGEST:
        raise SystemExit(f"{path} is larger than {LARGEST / 1000:.0f} kB")


if __name__ == "__main__":
    main(*sys.argv[1:3])
