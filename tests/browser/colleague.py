"""A member of staff at the desk: signs in with the second factor, sees the queue, answers, notes, hands back."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Locator, Page, expect

from claims.demo.staff import DEMO_STAFF, PASSWORD
from tests.browser.visitor import PATIENCE

SECRETS = {shown.username: shown.totp_secret for shown in DEMO_STAFF}


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
        self.gives(PASSWORD, pyotp.TOTP(SECRETS[self.username]).now())
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
