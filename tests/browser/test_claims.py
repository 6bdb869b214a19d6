"""A customer's whole way, in each language: from the demo website to a claim in the backend."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import RESPONSES, Mailbox, Visitor, said, written
from tests.conftest import RunningHouse

ORDERED = date.today() - timedelta(days=30)
DUE = date.today() - timedelta(days=12)
REFERENCE = re.compile(r"\bCC-[0-9A-Z-]+\b")


@dataclass(frozen=True)
class Story:
    """What one customer says, question by question, and what must be kept of it.

    Attributes:
        asks: A question in the middle, and the response that answers it; asked instead of answering `seller`.
        claim: Question -> what is typed or pressed, and what the claim must hold (None: left open).
        amended: The amount as it is put right in the read-back: what is typed, what is kept, what is shown.
    """

    language: str
    policy: str
    born: str
    mail: str
    happened: str
    asks: tuple[str, str]
    claim: dict[str, tuple[str, Any]] = field(default_factory=dict)
    amended: tuple[str, str, str] = ("", "", "")


ENGLISH = Story(
    "en",
    "CYB-1003-0003",
    "23/11/1990",
    "emma.clarke@example.be",
    "I ordered a bike lamp weeks ago and the parcel never came",
    ("What is the most you pay per year?", "ask_limits"),
    {
        "incident_date": (written(DUE), DUE.isoformat()),
        "victim": ("Emma Clarke", "CYB-1003-0003-1"),
        "private_use": ("Private", "private"),
        "caused_by": ("I don't know", "unknown"),
        "purchase_from": ("A shop or company", "business"),
        "amount": ("89,95 euro", "89.95"),
        "seller": ("lightsonline.example", "lightsonline.example"),
        "goods": ("A bicycle lamp with a charger", "A bicycle lamp with a charger"),
        "order_date": (written(ORDERED), ORDERED.isoformat()),
        "order_number": ("LO-20931", "LO-20931"),
        "payment_means": ("Bancontact", "bancontact"),
        "tracking": ("Still under way", "under_way"),
        "seller_reminded": ("yes, twice", "yes"),
        "seller_reply": ("No answer", "no_reply"),
        "refund_requested": ("No", "no"),
        "remarks": ("no", None),
    },
    ("79.95", "79.95", "79.95"),
)
DUTCH = Story(
    "nl",
    "CYB-1001-0001",
    "14/03/1985",
    "lies.peeters@example.be",
    "mijn pakje is nooit aangekomen",
    ("hoeveel betalen jullie maximaal per jaar terug?", "ask_limits"),
    {
        "incident_date": (written(DUE), DUE.isoformat()),
        "victim": ("Tom Janssens", "CYB-1001-0001-2"),
        "private_use": ("private", "private"),
        "caused_by": ("unknown", "unknown"),
        "purchase_from": ("business", "business"),
        "amount": ("€ 1.240,50", "1240.50"),
        "seller": ("Fietsparadijs", "Fietsparadijs"),
        "goods": ("een kinderfiets", "een kinderfiets"),
        "order_date": (written(ORDERED), ORDERED.isoformat()),
        "order_number": ("FP 7781", "FP 7781"),
        "payment_means": ("card", "card"),
        "tracking": ("lost", "lost"),
        "seller_reminded": ("nee", "no"),
        "refund_requested": ("Ja", "yes"),
        "remarks": ("Het was een verjaardagscadeau.", "Het was een verjaardagscadeau."),
    },
    ("1140,50", "1140.50", "1.140,50"),
)
FRENCH = Story(
    "fr",
    "CYB-1002-0002",
    "02/07/1979",
    "marc.dubois@example.be",
    "je n'ai jamais reçu mon colis",
    ("quel est le plafond par an ?", "ask_limits"),
    {
        "incident_date": (written(DUE), DUE.isoformat()),
        "victim": ("Hugo Dubois", "CYB-1002-0002-3"),
        "private_use": ("private", "private"),
        "caused_by": ("unknown", "unknown"),
        "purchase_from": ("unknown", "unknown"),
        "amount": ("240 euros", "240.00"),
        "seller": ("Chaussures du Nord", "Chaussures du Nord"),
        "goods": ("des chaussures de sport", "des chaussures de sport"),
        "order_date": (written(ORDERED), ORDERED.isoformat()),
        "order_number": ("je ne l'ai pas", None),
        "payment_means": ("paypal", "paypal"),
        "tracking": ("no_tracking", "no_tracking"),
        "seller_reminded": ("Oui", "yes"),
        "seller_reply": ("shop_gone", "shop_gone"),
        "refund_requested": ("non", "no"),
        "remarks": ("non", None),
    },
    ("340 €", "340.00", "340"),
)


@pytest.mark.parametrize("story", [ENGLISH, DUTCH, FRENCH], ids=lambda story: story.language)
def test_a_parcel_that_never_came(story: Story, visit: Visit, house: RunningHouse, context: BrowserContext) -> None:
    customer = visit(story.language)
    customer.arrives()
    expect(customer.messages.first).to_contain_text(re.compile(r"\b(AI|IA)\b"))

    customer.says(story.happened)
    customer.hears(said("offer_claim", story.language))
    _reads_first_aid(customer)
    customer.presses(said("button_yes", story.language))

    _identifies(customer, story, Mailbox(context.new_page(), house.mail, story.mail))
    _answers_everything(customer, story)
    _puts_one_answer_right(customer, story)

    customer.presses(said("button_yes", story.language))
    thanks = customer.messages.filter(has_text=REFERENCE).last
    expect(thanks).to_be_visible(timeout=30_000)
    reference = REFERENCE.search(thanks.inner_text())
    assert reference
    stored = _claim(house, reference.group())
    kept = {question: value for question, (_, value) in story.claim.items() if value is not None}
    assert stored["answers"] == kept | {"amount": story.amended[1]}
    assert (stored["policy_reference"], stored["incident"]) == (story.policy, "non_delivery")
    assert (stored["language"], stored["status"]) == (story.language, "submitted")


def _reads_first_aid(customer: Visitor) -> None:
    card = customer.at("card").last
    assert card.locator("ol > li").count() >= 3
    expect(card.locator('a[href="tel:+3225525165"]')).to_contain_text("02 552 51 65")
    expect(card.locator('a[href="https://consumerconnect.be"]')).to_be_visible()


def _identifies(customer: Visitor, story: Story, mailbox: Mailbox) -> None:
    customer.is_asked("policy_reference")
    customer.says(story.policy.lower().replace("-", " "))
    customer.is_asked("date_of_birth")
    customer.says(story.born)
    customer.is_asked("one_time_code")
    customer.says(mailbox.code())
    mailbox.close()


def _answers_everything(customer: Visitor, story: Story) -> None:
    for question, (answer, _) in story.claim.items():
        customer.is_asked(question)
        if question == "seller":
            _asks_something_else(customer, *story.asks)
            customer.is_asked(question)
        if question == "order_date":
            customer.picks(ORDERED)
            continue
        customer.answers(RESPONSES.options(question, story.language).get(answer, answer))


def _asks_something_else(customer: Visitor, words: str, topic: str) -> None:
    response = RESPONSES.facts.answers[topic].response
    before = customer.messages.filter(has_text=said("intake_back", customer.language)).count()
    customer.says(words)
    back = customer.messages.filter(has_text=said("intake_back", customer.language))
    expect(back).to_have_count(before + 1, timeout=30_000)
    answer = RESPONSES.render(response, customer.language).text.split("\n")[0]
    expect(customer.messages.filter(has_text=answer)).not_to_have_count(0)


def _puts_one_answer_right(customer: Visitor, story: Story) -> None:
    typed, _, shown = story.amended
    customer.is_asked("confirm")
    for question, (_, value) in story.claim.items():
        if value is not None and question in ("seller", "goods", "order_number"):
            expect(customer.row(question)).to_contain_text(value)
    expect(customer.row("victim")).to_contain_text(story.claim["victim"][0])
    customer.row("amount").get_by_test_id("edit").click()
    customer.is_asked("amount")
    customer.says(typed)
    customer.is_asked("confirm")
    expect(customer.row("amount")).to_contain_text(shown)


def _claim(house: RunningHouse, reference: str) -> dict[str, Any]:
    with sqlite3.connect(house.claims_database) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute("SELECT * FROM claims WHERE reference = ?", (reference,)).fetchall()
    database.close()
    assert len(rows) == 1
    return {**rows[0], "answers": json.loads(rows[0]["answers"])}
