"""Makes the pictures of README and docs: `.venv/bin/python -m tests.browser.screenshots`.

With the addresses of a running bot and its mail page it uses those, else it starts a house of its own.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from launcher import programs
from launcher.layout import ROOT
from tests.browser.states import Walk
from tests.browser.visitor import Mailbox, Visitor, said

FOLDER = ROOT / "docs" / "images"
LARGEST = 200_000
# The part of the screen the widget is on, and how many states stand beside each other.
WIDGET = {"x": 840, "y": 80, "width": 440, "height": 720}
COLUMNS = 6
LOOKS = [(language, scheme) for language in ("en", "nl", "fr") for scheme in ("light", "dark")]


def main(arguments: list[str]) -> None:
    """Make all pictures."""
    if arguments:
        make(*arguments)
        return
    from tests.conftest import start_house

    with tempfile.TemporaryDirectory() as folder:
        running = start_house(Path(folder))
        try:
            make(running.bot, running.mail)
        finally:
            running.house.stop()


def make(bot: str, mail: str) -> None:
    """Make all pictures of the assistant at `bot`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        options = programs.chromium_arguments()
        running = playwright.chromium.launch(
            executable_path=programs.find(programs.CHROMIUM), args=options, headless=True
        )
        _english(_tab(running, 1280, 860), bot, mail)
        _dutch(_tab(running, 390, 844, 1.75), bot)
        _french(_tab(running, 1280, 860), bot, mail)
        _website(_tab(running, 1280, 860), bot)
        for language, scheme in LOOKS:
            _states(_tab(running, 1280, 800), bot, language, scheme)
        running.close()


def _english(page: Page, bot: str, mail: str) -> None:
    customer = Visitor(page, bot, "en")
    customer.arrives()
    customer.begins_claim("my parcel never came")
    _identifies(customer, mail, "CYB-1003-0003", "23/11/1990", "emma.clarke@example.be")
    answers = ("yesterday", "Emma Clarke", "Private", "I don't know", "A shop or company", "89.95")
    questions = ("incident_date", "victim", "private_use", "caused_by", "purchase_from", "amount")
    for question, answer in zip(questions, answers, strict=True):
        customer.is_asked(question)
        customer.answers(answer)
    customer.is_asked("seller")
    _keep(page, "widget-en")


def _dutch(page: Page, bot: str) -> None:
    customer = Visitor(page, bot, "nl")
    customer.arrives()
    customer.says("mijn pakje is nooit aangekomen")
    customer.hears(said("offer_claim", "nl"))
    _keep(page, "widget-nl-phone")


def _french(page: Page, bot: str, mail: str) -> None:
    customer = Visitor(page, bot, "fr")
    customer.arrives()
    customer.begins_claim("je n'ai jamais reçu mon colis")
    _identifies(customer, mail, "CYB-1002-0002", "02/07/1979", "marc.dubois@example.be")
    customer.is_asked("incident_date")
    customer.says("hier")
    customer.is_asked("victim")
    _keep(page, "widget-fr")


def _website(page: Page, bot: str) -> None:
    page.goto(bot)
    Visitor(page, bot, "en").at("launcher").wait_for()
    _keep(page, "website")


def _states(page: Page, bot: str, language: str, scheme: str) -> None:
    """All states of the widget in one picture."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    pictures = []
    for _ in Walk(Visitor(page, bot, language)).states():
        shot = Image.open(BytesIO(page.screenshot(clip=WIDGET)))  # type: ignore[arg-type]
        pictures.append(shot.resize((shot.width * 2 // 3, shot.height * 2 // 3)))
    width, height = pictures[0].size
    sheet = Image.new("RGB", (COLUMNS * width, -(-len(pictures) // COLUMNS) * height), "white")
    for place, picture in enumerate(pictures):
        sheet.paste(picture, (place % COLUMNS * width, place // COLUMNS * height))
    path = FOLDER / f"widget-states-{language}-{scheme}.webp"
    sheet.save(path, quality=70, method=6)
    _weigh(path)


def _identifies(customer: Visitor, mail: str, policy: str, born: str, address: str) -> None:
    mailbox = Mailbox(customer.page.context.new_page(), mail, address)
    customer.page.bring_to_front()
    customer.says(policy)
    customer.is_asked("date_of_birth")
    customer.says(born)
    customer.is_asked("one_time_code")
    customer.says(mailbox.code())
    mailbox.close()


def _tab(browser: Browser, width: int, height: int, scale: float = 1) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        is_mobile=scale > 1,
        has_touch=scale > 1,
        reduced_motion="reduce",
        timezone_id="Europe/Brussels",
    )
    return context.new_page()


def _keep(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    _weigh(path)


def _weigh(path: Path) -> None:
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size / 1000:.0f} kB")
    if size > LARGEST:
        raise SystemExit(f"{path} is larger than {LARGEST / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
