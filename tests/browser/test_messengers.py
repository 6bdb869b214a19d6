"""The stand-in's page: somebody with Messenger on a desktop, and somebody with WhatsApp on a phone."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.visitor import PATIENCE, said
from tests.conftest import RunningHouse

PHONE = {"width": 390, "height": 844}


def photo() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.effect_noise((120, 90), 60).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def writes(page: Page, text: str) -> None:
    """Type and send."""
    page.get_by_role("textbox", name="Message").fill(text)
    page.locator("#send").click()


def hears(page: Page, words: str) -> None:
    """Wait until the business said these words."""
    expect(page.locator("li[data-author=app]", has_text=words).last).to_be_visible(timeout=PATIENCE)


def test_a_person_on_messenger_writes_presses_and_sends_a_photo(house: RunningHouse, page: Page) -> None:
    page.goto(house.meta)
    expect(page.get_by_role("status")).to_have_text("The assistant listens.", timeout=PATIENCE)
    page.get_by_role("button", name="Chloé Dubois").click()
    writes(page, "mon colis n'est jamais arrivé")
    hears(page, said("offer_claim", "fr"))
    page.get_by_role("group", name="Quick replies").get_by_role("button", name="Oui").click()
    hears(page, said("ask_policy_reference", "fr"))
    expect(page.locator("#quick")).to_be_empty()
    page.locator("#files").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(page.get_by_role("img", name="a.jpg")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Page inbox").click()
    writes(page, "Bonjour, ici Sofie.")
    expect(page.locator("li[data-author=inbox]")).to_contain_text("Bonjour, ici Sofie.", timeout=PATIENCE)


def test_a_person_on_whatsapp_opens_a_list_on_a_phone(house: RunningHouse, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(house.meta)
    page.get_by_role("button", name="Lotte Peeters").click()
    expect(page.get_by_role("navigation")).to_be_hidden()
    writes(page, "ik wil een dossier openen")
    hears(page, said("ask_incident", "nl"))
    page.locator("li .buttons button", has_text="☰").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Pakje niet gekregen").click()
    hears(page, said("ask_policy_reference", "nl"))
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    end = "(box) => box.scrollHeight - box.scrollTop - box.clientHeight"
    assert page.locator("#thread").evaluate(end) < 2
    page.get_by_role("button", name="Back to the people").click()
    expect(page.get_by_role("navigation")).to_be_visible()
