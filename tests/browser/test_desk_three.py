"""Three Chromium processes, a customer's, Lies' and Karim's: from the queue to the answer after the hand-back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from launcher import programs
from tests.browser.colleague import Colleague
from tests.browser.conftest import DESKTOP
from tests.browser.desk import NOBODY_YET, newest
from tests.browser.messenger_page import Chatter
from tests.browser.visitor import PATIENCE, Visitor, Watch, said
from tests.conftest import RunningHouse

LIES, KARIM = "lies.agent", "karim.handler"
NAMES = {LIES: "Lies", KARIM: "Karim"}
FULL_NAMES = {LIES: "Lies Claes", KARIM: "Karim Benali"}


@dataclass(frozen=True)
class Way:
    """A channel, and what somebody says there in their language."""

    channel: str
    language: str
    person: str
    thanks: str
    last: str


WAYS = (
    Way("web", "en", "I want to talk to a person please", "thank you Lies or Karim", "what are the limits?"),
    Way("messenger", "fr", "je veux parler à une personne", "merci beaucoup", "quels sont les plafonds ?"),
    Way("whatsapp", "nl", "ik wil een medewerker spreken", "heel erg bedankt", "wat zijn de limieten?"),
)


@dataclass
class Office:
    """Who is at the desk, each with a Chromium of their own that stays open all day."""

    customers: Browser
    lies: Colleague
    karim: Colleague
    watch: Watch


@pytest.fixture(scope="module")
def office(browser: Browser, house: RunningHouse) -> Iterator[Office]:
    """Two consoles in two processes; the customers have a third."""
    watch = Watch()
    watch.expect(NOBODY_YET)
    program, arguments = programs.find(programs.CHROMIUM), programs.chromium_arguments()
    launched = [browser.browser_type.launch(executable_path=program, args=arguments) for _ in range(2)]
    consoles = []
    for chromium, username in zip(launched, (LIES, KARIM), strict=True):
        consoles.append(Colleague(_tab(chromium, "en", watch), house.bot, username))
        consoles[-1].signs_in()
    yield Office(browser, *consoles, watch)
    for chromium in launched:
        chromium.close()


@pytest.fixture
def customer_of(office: Office, house: RunningHouse) -> Iterator[Callable[[Way], Visitor | Chatter]]:
    """A customer on the channel, in a browser that speaks their language."""
    pages: list[Page] = []
    office.watch.problems.clear()

    def arrives(way: Way) -> Visitor | Chatter:
        pages.append(_tab(office.customers, way.language, office.watch))
        web = way.channel == "web"
        one = Visitor(pages[0], house.bot, way.language) if web else Chatter(pages[0], house.meta, way.channel)
        one.arrives()
        return one

    yield arrives
    for page in pages:
        page.context.close()
    assert office.watch.unexpected() == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.channel)
def test_one_of_two_gets_the_customer_and_gives_them_back(
    way: Way, office: Office, house: RunningHouse, customer_of: Callable[[Way], Visitor | Chatter]
) -> None:
    office.watch.expect("409")
    customer = customer_of(way)
    customer.says(way.person)
    heard(customer, "02 552 51 65")
    conversation = newest(house.bot_database)
    winner, loser = take_at_once(office, conversation)
    name, full_name = NAMES[winner.username], FULL_NAMES[winner.username]
    expect(loser.at("toast").last).to_have_text(f"{full_name} has this conversation already.")
    expect(loser.at("standing")).to_contain_text(f"with {full_name}", timeout=PATIENCE)
    expect(loser.at("composer")).to_be_disabled()
    heard(customer, said("desk_joined", way.language, name=name))

    if isinstance(customer, Visitor):
        each_sees_the_other_write(customer, winner)
    winner.says(f"Hello, {name} here.")
    heard(customer, f"Hello, {name} here.")
    customer.says(way.thanks)
    for colleague in (winner, loser):
        colleague.reads(way.thanks)

    customer.says(way.last)
    winner.reads(way.last)
    winner.at("hand-back").click()
    expect(winner.at("dialog")).to_contain_text(way.last)
    winner.at("dialog-go").click()
    heard(customer, said("desk_assistant_back", way.language))
    heard(customer, first_words("policy_limits", way.language))
    for colleague in (winner, loser):
        expect(colleague.at("standing")).to_contain_text("with the assistant", timeout=PATIENCE)
        colleague.reads(first_words("policy_limits", way.language))
    assert set(winner.speakers("taken", "released")) - {"system"} == {"customer", "staff"}


def take_at_once(office: Office, conversation: str) -> tuple[Colleague, Colleague]:
    """Both see the customer come, both press; returns who got it, and who did not."""
    both = (office.lies, office.karim)
    held: list[Route] = []
    for colleague in both:
        colleague.opens(conversation)
        colleague.page.route("**/take", lambda route: held.append(route))
        with colleague.page.expect_request("**/take"):
            colleague.at("take").click()
    # Both have pressed before either call has left its browser.
    for route in held:
        route.continue_()
    for colleague in both:
        colleague.page.unroute("**/take")
    expect(both[0].at("take")).to_have_count(0, timeout=PATIENCE)
    won = [each for each in both if "with you" in each.at("standing").inner_text()]
    assert len(won) == 1
    return (both[0], both[1]) if won[0] is both[0] else (both[1], both[0])


def each_sees_the_other_write(customer: Visitor, winner: Colleague) -> None:
    """A bubble on both sides, which goes with the message."""
    customer.at("composer").press_sequentially("hel")
    expect(winner.at("typing")).to_have_text("The customer is writing…", timeout=PATIENCE)
    winner.at("composer").press_sequentially("hel")
    expect(customer.at("typing")).to_be_visible(timeout=PATIENCE)


def heard(customer: Visitor | Chatter, words: str) -> None:
    """Wait until the customer can read these words."""
    lines: Locator = customer.messages if isinstance(customer, Visitor) else customer.heard
    expect(lines.filter(has_text=words).last).to_be_visible(timeout=PATIENCE)


def first_words(response: str, language: str) -> str:
    """The first line of a response, which every channel shows as it is."""
    return said(response, language).splitlines()[0]


def _tab(chromium: Browser, language: str, watch: Watch) -> Page:
    context = chromium.new_context(viewport=DESKTOP, locale=f"{language}-BE", timezone_id="Europe/Brussels")
    context.on("page", watch.follow)
    return context.new_page()
