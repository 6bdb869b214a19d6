"""Leads the widget through every state a customer can see, one after the other: for axe, and for pictures."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from playwright.sync_api import FilePayload, expect

from tests.browser.stand_in import StandIn, no_line, problem
from tests.browser.visitor import HOME, RESPONSES, Visitor

HAPPENED = {
    "en": "There is money gone from my account",
    "nl": "Er is geld van mijn rekening verdwenen",
    "fr": "De l'argent a disparu de mon compte",
}
FILES = {
    "en": ("bank statement.pdf", "screenshot.png", "Here they are"),
    "nl": ("rekeninguittreksel.pdf", "schermafbeelding.png", "Hier zijn ze"),
    "fr": ("extrait de compte.pdf", "capture d'écran.png", "Les voici"),
}
LIES = {
    "en": "Hello, Lies here. I am reading what you wrote, one moment.",
    "nl": "Dag, met Lies. Ik lees even wat je schreef, een ogenblik.",
    "fr": "Bonjour, ici Lies. Je lis ce que vous avez écrit, un instant.",
}
CARD = "4111 1111 1111 1111"


def picture(width: int = 60, height: int = 40) -> bytes:
    """A small PNG."""
    rows = (b"\0" + b"".join(bytes((4 * x % 256, 6 * y % 256, 120)) for x in range(width)) for y in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def file(name: str, body: bytes = b"%PDF-1.4 a page") -> FilePayload:
    """A file as the chooser hands it over."""
    kind = "image/png" if name.endswith(".png") else "application/pdf"
    return FilePayload(name=name, mimeType=kind, buffer=body)


class Walk:
    """One visitor and a stand-in server, from the closed launcher to the end of the conversation."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.language = visitor, visitor.language
        self.server = StandIn().on(visitor.page)

    def states(self) -> Iterator[str]:
        """Reach a state, give its name, go on."""
        yield from self._talk()
        yield from self._intake()
        yield from self._files()
        yield from self._read_back()
        yield from self._people()
        yield from self._end()

    def _hears(self, name: str, **more: Any) -> None:
        response = asdict(RESPONSES.render(name, self.language, incident="payment_fraud"))
        card = {**(response["card"] or {}), **more.pop("card", {})} or None
        self.server.says(response["text"], buttons=response["buttons"], card=card, **more)
        expect(self.visitor.messages).to_have_count(len(self.server.messages))

    def _says(self, text: str) -> None:
        self.visitor.says(text)
        expect(self.visitor.messages).to_have_count(len(self.server.messages))

    def _talk(self) -> Iterator[str]:
        welcome = asdict(RESPONSES.render("welcome", self.language))
        self.server.says(welcome["text"], buttons=welcome["buttons"])
        self.visitor.page.goto(self.visitor.address + HOME[self.language])
        expect(self.visitor.at("launcher")).to_be_visible()
        yield "closed"
        self.visitor.opens()
        expect(self.visitor.messages).to_have_count(1)
        yield "welcome"
        self.visitor.at("menu-button").click()
        yield "menu"
        self.visitor.page.keyboard.press("Escape")
        self._says(HAPPENED[self.language])
        self.server.typing = True
        expect(self.visitor.at("typing")).not_to_be_empty()
        yield "typing"
        self.server.typing = False
        self._hears("first_aid_payment_fraud")
        self._hears("offer_claim")
        yield "first-aid"

    def _intake(self) -> Iterator[str]:
        before = len(self.server.messages)
        self.visitor.at("quick-reply").first.click()
        expect(self.visitor.messages).to_have_count(before + 1)
        self._hears("ask_incident_date", card={"input": "date"}, progress={"step": 4, "of": 9})
        yield "date"
        self.visitor.at("answer").fill("2026-01-12")
        self.visitor.at("answer-send").click()
        self._hears("ask_amount", card={"input": "amount"}, progress={"step": 5, "of": 9})
        self.visitor.at("answer").fill("?")
        self.visitor.at("answer-send").click()
        yield "amount-refused"
        self.visitor.at("answer").fill("240")
        self.visitor.at("answer-send").click()

    def _files(self) -> Iterator[str]:
        page, picture_name, words = FILES[self.language]
        self.server.says(RESPONSES.render("evidence_screenshots", self.language).text, card={"input": "files"})
        expect(self.visitor.at("tray")).to_be_visible()
        yield "tray"
        self.server.failing["attachments"] = problem(422, "file_type_refused")
        self._chooses(file("setup.exe", b"MZ"), "refused")
        self.server.failing["attachments"] = no_line
        self._chooses(file(page), "failed")
        self.server.failing.clear()
        self._chooses(file(picture_name, picture()), "ready")
        yield "files"
        self.visitor.at("file-retry").nth(1).click()
        expect(self.visitor.at("file").nth(1)).to_have_attribute("data-state", "ready")
        self._says(words)

    def _chooses(self, chosen: FilePayload, state: str) -> None:
        self.visitor.at("files").set_input_files([chosen])
        expect(self.visitor.at("file").last).to_have_attribute("data-state", state)

    def _read_back(self) -> Iterator[str]:
        values = {"incident_date": "12/01/2026", "amount": "€ 240,00", "victim": "Emma Clarke"}
        rows = [
            {"label": RESPONSES.label(name, self.language), "value": value, "payload": f"/correct_answer{name}"}
            for name, value in values.items()
        ]
        self._hears("ask_confirm", card={"rows": rows})
        yield "read-back"
        self.visitor.says(CARD)
        expect(self.visitor.at("caution")).to_be_visible()
        yield "card-number"
        self.visitor.at("change-text").click()
        self.visitor.at("composer").fill("")

    def _people(self) -> Iterator[str]:
        self.server.agent = {"mode": "waiting", "position": 2, "wait_minutes": 5}
        expect(self.visitor.at("agent")).to_contain_text("2")
        yield "queue"
        self.server.agent = {"mode": "human", "staff_name": "Lies"}
        given = {"id": "given", "name": "Formulier 12.pdf", "type": "application/pdf", "size": 48_000, "state": "given"}
        self.server.says(LIES[self.language], "staff", staff_name="Lies", attachments=[given])
        expect(self.visitor.at("agent")).to_contain_text("Lies")
        yield "staff"
        self.server.failing = {"messages": no_line, "events": no_line}
        self.visitor.says("?!")
        expect(self.visitor.at("status")).to_contain_text("02")
        yield "no-line"
        self.server.failing = {"messages": problem(422, "refused")}
        expect(self.visitor.own.last).to_have_attribute("data-state", "failed", timeout=20_000)
        yield "not-sent"
        self.visitor.at("remove").click()
        self.server.failing.clear()

    def _end(self) -> Iterator[str]:
        self.visitor.at("menu-button").click()
        self.visitor.at("end").click()
        expect(self.visitor.at("rating")).to_be_visible()
        self.visitor.at("rate").click()
        yield "rating"
        self.visitor.at("score-4").check(force=True)
        self.visitor.at("rate").click()
        expect(self.visitor.at("new-conversation")).to_be_focused()
        yield "over"
