"""A person at the demo website: sees what is on the screen, types, presses, and opens the mail in another tab."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from playwright.sync_api import Locator, Page, Request, Response, expect

from content.responses import Responses

HOME = {"en": "/", "nl": "/demo/nl.html", "fr": "/demo/fr.html"}
# A turn of the assistant, on a machine that is busy with everything else too.
PATIENCE = 30_000
RESPONSES = Responses.load()


def said(name: str, language: str, /, **values: str) -> str:
    """What the assistant says under this name."""
    return RESPONSES.render(name, language, **values).text


@dataclass
class Watch:
    """Notes everything that goes wrong on a page; what a test expects to go wrong, it names beforehand."""

    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Let problems pass in which this pattern is found."""
        self.expected.append(pattern)

    def follow(self, page: Page) -> None:
        """Watch a page: its console, its errors, its requests."""
        page.on("console", lambda message: message.type == "error" and self._note(f"console: {message.text}"))
        page.on("pageerror", lambda error: self._note(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def unexpected(self) -> list[str]:
        """What went wrong and was not to."""
        return [problem for problem in self.problems if not any(re.search(one, problem) for one in self.expected)]

    def _failed(self, request: Request) -> None:
        # A page that is left or closed ends its own requests.
        if request.failure != "net::ERR_ABORTED":
            self._note(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"status {response.status}: {response.url}")

    def _note(self, problem: str) -> None:
        self.problems.append(problem)


class Visitor:
    """Somebody on a page with the chat."""

    def __init__(self, page: Page, address: str, language: str) -> None:
        self.page, self.address, self.language = page, address, language

    def at(self, name: str) -> Locator:
        """An element by its hook."""
        return self.page.get_by_test_id(name)

    @property
    def messages(self) -> Locator:
        """All messages, oldest first."""
        return self.at("message")

    @property
    def own(self) -> Locator:
        """What this person said."""
        return self.page.locator('[data-testid="message"][data-author="customer"]')

    def arrives(self) -> None:
        """Open the website and the chat, and read the welcome."""
        self.page.goto(self.address + HOME[self.language])
        self.opens()
        self.hears(said("welcome", self.language))

    def opens(self) -> None:
        """Press the launcher."""
        self.at("launcher").click()
        expect(self.at("panel")).to_be_visible()

    def speaks(self, language: str) -> None:
        """Choose a language in the menu."""
        self.at("menu-button").click()
        self.at(f"language-{language}").click()

    def says(self, text: str) -> None:
        """Type a message and send it."""
        self.at("composer").fill(text)
        self.at("send").click()

    def presses(self, title: str) -> None:
        """Press one of the answers on offer."""
        self.at("quick-reply").get_by_text(title, exact=True).click()

    def answers(self, text: str) -> None:
        """Press the button of that name, if there is one, else type it."""
        button = self.at("quick-reply").get_by_text(text, exact=True)
        if button.count():
            button.click()
        else:
            self.says(text)

    def picks(self, day: date) -> None:
        """Answer with the date picker."""
        self.at("answer").fill(day.isoformat())
        self.at("answer-send").click()

    def hears(self, text: str) -> None:
        """Wait until this is the last thing the assistant said."""
        last = self.messages.last
        expect(last).to_contain_text(text, timeout=PATIENCE)
        expect(last).to_have_attribute("data-author", "bot")

    def is_asked(self, question: str, incident: str = "non_delivery") -> None:
        """Wait for a question of the intake."""
        variant = f"ask_{question}__{incident}"
        name = variant if variant in RESPONSES.entries[self.language] else f"ask_{question}"
        self.hears(said(name, self.language, incident=incident))

    def begins_claim(self, what_happened: str) -> None:
        """Tell what happened, read the first aid, and accept the offer of a claim."""
        self.says(what_happened)
        self.hears(said("offer_claim", self.language))
        self.presses(said("button_yes", self.language))
        self.is_asked("policy_reference")

    def row(self, question: str) -> Locator:
        """A line of the last read-back."""
        label = RESPONSES.label(question, self.language)
        term = self.page.locator("dt", has_text=re.compile(f"^{re.escape(label)}$"))
        return self.at("card").last.locator("dl > div", has=term)

    def no_sideways_scroll(self) -> None:
        """Neither the page nor the conversation is wider than the screen."""
        wide = """() => {
            const root = document.querySelector("cyber-care-chat").shadowRoot;
            const boxes = [document.scrollingElement, ...root.querySelectorAll(".panel, .scroller, .header, .strip")];
            return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className || "page");
        }"""
        assert self.page.evaluate(wide) == []


class Mailbox:
    """The demo's mail page, in another tab."""

    def __init__(self, page: Page, address: str, owner: str) -> None:
        self._page = page
        page.goto(address)
        # Only mails with a code: news of a claim come to the same address.
        self._mails = page.locator("article", has_text=f"To {owner}", has=page.locator("strong"))
        self._known = self._mails.count()

    def code(self) -> str:
        """The code of the next mail; the page refreshes itself until it is there."""
        expect(self._mails).to_have_count(self._known + 1, timeout=PATIENCE)
        return self._mails.first.locator("strong").inner_text()

    def close(self) -> None:
        """Back to the chat: a tab in the background is slow."""
        self._page.close()


def written(day: date) -> str:
    """A date as people here write it."""
    return f"{day:%d/%m/%Y}"
