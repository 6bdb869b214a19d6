"""Somebody new at the stand-in's page, on Messenger or WhatsApp, in the language of their browser."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import PATIENCE


class Chatter:
    """A person with a thread of their own, used as `Visitor` is."""

    def __init__(self, page: Page, address: str, platform: str) -> None:
        self.page, self.address, self.platform = page, address, platform

    def arrives(self) -> None:
        """Open the page and become a new person."""
        self.page.goto(self.address)
        expect(self.page.get_by_role("status").first).to_have_text("The assistant listens.", timeout=PATIENCE)
        self.page.locator(f'section[data-platform="{self.platform}"] .add').click()
        expect(self.page.get_by_role("textbox", name="Message")).to_be_visible(timeout=PATIENCE)

    def says(self, text: str) -> None:
        """Type and send."""
        self.page.get_by_role("textbox", name="Message").fill(text)
        self.page.locator("#send").click()

    @property
    def heard(self) -> Locator:
        """What the business said, whoever of it."""
        return self.page.locator("li[data-author=app]")
