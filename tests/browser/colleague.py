"""A member of staff at the desk: signs in with the second factor, sees the queue, answers, notes, hands back."""

from __future__ import annotations

import time

import pyotp
from playwright.sync_api import Locator, Page, expect

from claims.demo.staff import DEMO_STAFF, PASSWORD
from tests.browser.visitor import PATIENCE

SECRETS = {shown.username: shown.totp_secret for shown in DEMO_STAFF}
STEP_SECONDS = 30
_used: dict[tuple[str, str], int] = {}


def fresh_code(address: str, username: str) -> str:
    """A code that was not used yet: each works once, and another test may have signed in a moment ago."""
    step = max(int(time.time()) // STEP_SECONDS, _used.get((address, username), 0) + 1)
    _used[address, username] = step
    return pyotp.TOTP(SECRETS[username]).generate_otp(step)


class Colleague:
    """Somebody with the console open."""

    def __init__(self, page: Page, address: str, username: str) -> None:
        self.page, self.address, self.username = page, address, username

    def at(self, name: str) -> Locator:
        """An element by its hook."""
        return self.page.get_by_test_id(name)

    @property
    def lines(self) -> Locator:
        """What was said and noted in the open conversation."""
        return self.at("line")

    def arrives(self, path: str = "/desk") -> None:
        """Open the desk, signed in already."""
        self.page.goto(self.address + path)
        expect(self.page.get_by_role("banner")).to_be_visible(timeout=PATIENCE)

    def signs_in(self, path: str = "/desk") -> None:
        """Open the desk and sign in."""
        self.page.goto(self.address + path)
        self.gives(PASSWORD, fresh_code(self.address, self.username))
        expect(self.page.get_by_role("banner")).to_be_visible(timeout=PATIENCE)

    def gives(self, password: str, code: str) -> None:
        """Fill the form in and send it."""
        self.page.get_by_label("Username").fill(self.username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_label("Code").fill(code)
        self.page.get_by_role("button", name="Sign in").click()

    def row(self, conversation: str) -> Locator:
        """The line of a conversation in the list."""
        return self.page.locator(f'[data-testid="rows"] li[data-key="{conversation}"] button')

    def opens(self, conversation: str) -> None:
        """Choose a conversation that waits."""
        self.row(conversation).click(timeout=PATIENCE)
        expect(self.at("lines")).not_to_be_empty()

    def takes(self) -> None:
        """Take the open conversation over."""
        self.at("take").click()
        expect(self.at("standing")).to_contain_text("with you", timeout=PATIENCE)

    def says(self, text: str) -> None:
        """Answer the customer."""
        self.at("composer").fill(text)
        self.at("send").click()
        expect(self.at("composer")).to_have_value("", timeout=PATIENCE)

    def notes(self, text: str) -> None:
        """Leave a private note."""
        self.at("mode-note").click()
        self.says(text)
        self.at("mode-reply").click()

    def reads(self, text: str) -> None:
        """Wait until these words stand in the conversation."""
        expect(self.lines.filter(has_text=text).last).to_be_visible(timeout=PATIENCE)

    def hands_back(self) -> None:
        """To the assistant, with what the dialog proposes."""
        self.at("hand-back").click()
        self.at("dialog-go").click()
        expect(self.at("standing")).to_contain_text("with the assistant", timeout=PATIENCE)

    def speakers(self, first: str, last: str = "") -> list[str]:
        """Who said something in the open conversation after an event, up to another one or the end."""
        found: list[str] = self.page.evaluate(
            """([first, last]) => {
                const all = [...document.querySelectorAll('[data-testid="lines"] > li')];
                const place = (event) => all.findLastIndex((each) => each.dataset.event === event);
                return all.slice(place(first) + 1, last ? place(last) : undefined)
                    .filter((each) => each.dataset.kind === "message").map((each) => each.dataset.author);
            }""",
            [first, last],
        )
        return found
