"""A claim beside the conversation: staff read why it looks covered, and take it a step further."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import BrowserContext, FilePayload, expect

from tests.browser.conftest import Visit
from tests.browser.desk import PERSON, Staff, newest, sessions, staff
from tests.browser.states import picture
from tests.browser.visitor import PATIENCE, RESPONSES, Mailbox, Visitor, said, written
from tests.conftest import RunningHouse

__all__ = ["sessions", "staff"]

ANSWERS = {
    "incident_date": written(date.today() - timedelta(days=12)),
    "victim": "Emma Clarke",
    "private_use": "private",
    "caused_by": "unknown",
    "purchase_from": "business",
    "amount": "89,95 euro",
    "seller": "lightsonline.example",
    "goods": "A bicycle lamp",
    "order_date": written(date.today() - timedelta(days=30)),
    "order_number": "LO-20931",
    "payment_means": "bancontact",
    "tracking": "under_way",
    "seller_reminded": "yes",
    "seller_reply": "no_reply",
    "refund_requested": "no",
    "remarks": "no",
}

PHOTO: FilePayload = {"name": "order_1.png", "mimeType": "image/png", "buffer": picture()}


def test_a_change_of_status_is_heard_in_the_chat(
    house: RunningHouse, visit: Visit, context: BrowserContext, staff: Staff
) -> None:
    house.another_day()
    customer = visit()
    _files_a_claim(customer, Mailbox(context.new_page(), house.mail, "emma.clarke@example.be"))
    customer.page.locator("input[type=file]").first.set_input_files(PHOTO)
    customer.at("send").click()
    expect(customer.messages.filter(has_text="CC-")).to_have_count(2, timeout=PATIENCE)
    customer.says(PERSON)
    conversation = newest(house.bot_database)
    agent = staff("karim.handler")
    agent.opens(conversation)
    agent.takes()
    expect(agent.at("claim-status")).to_have_text("Submitted", timeout=PATIENCE)
    expect(agent.at("reasons").locator("li")).not_to_have_count(0)
    agent.at("evidence").get_by_role("button", name="Look at order_1.png").click()
    shown = agent.at("dialog").get_by_role("img", name="order_1.png")
    expect(shown).to_have_js_property("naturalWidth", 60, timeout=PATIENCE)
    agent.page.keyboard.press("Escape")
    agent.at("step-information_requested").click()
    agent.page.get_by_label("Reason").last.fill("Please send the bank statement.")
    agent.at("dialog-go").click()
    expect(agent.at("claim-status")).to_have_text("Information requested", timeout=PATIENCE)
    expect(customer.messages.filter(has_text="Please send the bank statement.")).to_be_visible(timeout=PATIENCE)
    agent.at("canned-button").click()
    agent.at("canned-search").fill("Proof is missing")
    agent.at("canned-search").press("Enter")
    # The reference of the claim fills the gap.
    expect(agent.at("composer")).not_to_have_value("")
    assert "{reference}" not in agent.at("composer").input_value()
    assert "CC-" in agent.at("composer").input_value()


def _files_a_claim(customer: Visitor, mailbox: Mailbox) -> None:
    customer.page.bring_to_front()
    customer.arrives()
    customer.begins_claim("I ordered a bike lamp weeks ago and the parcel never came")
    customer.says("CYB-1003-0003")
    customer.is_asked("date_of_birth")
    customer.says("23/11/1990")
    customer.is_asked("one_time_code")
    customer.says(mailbox.code())
    mailbox.close()
    for question, answer in ANSWERS.items():
        customer.is_asked(question)
        customer.answers(RESPONSES.options(question, "en").get(answer, answer))
    customer.is_asked("confirm")
    customer.answers(said("button_yes", "en"))
    expect(customer.messages.filter(has_text="CC-").last).to_be_visible(timeout=PATIENCE)
