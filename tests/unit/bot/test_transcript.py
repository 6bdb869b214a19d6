"""A conversation as text to keep: who speaks, when by the Belgian clock, and what cards and files become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.log.model import Message
from bot.sentences import Sentences
from bot.webchat.transcript import Transcript, shown
from content.responses import Responses

SENTENCES = Sentences.load(Responses.load())
NOW = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


def message(author: str, text: str, **more: Any) -> Message:
    return Message(1, author, text, NOW, [], more.pop("card", None), None, None, **more)


def test_moments_are_belgian() -> None:
    assert shown(NOW) == "02/07/2026 00:30"
    assert shown(datetime(2026, 1, 31, 8, 5, tzinfo=UTC)) == "31/01/2026 09:05"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("You", "Assistant", "Cyber Care", "[Files: bon.pdf, chat.txt]", "Made on 02/07/2026 00:30")),
        ("nl", ("Jij", "Assistent", "Cyber Care", "[Bestanden: bon.pdf, chat.txt]", "Gemaakt op 02/07/2026 00:30")),
        ("fr", ("Vous", "Assistant", "Cyber Care", "[Fichiers : bon.pdf, chat.txt]", "Établi le 02/07/2026 00:30")),
    ],
)
def test_who_speaks_and_which_files_came(language: str, words: tuple[str, ...]) -> None:
    """The words of transcript_service and transcript_files, and of the others."""
    you, assistant, service, files, printed = words
    said = [
        message("customer", "", attachments=[{"name": "bon.pdf"}, {"name": "chat.txt"}]),
        message("bot", "dank je"),
        message("system", "in de wachtrij"),
        message("staff", "hallo", staff_name="Lies"),
    ]
    lines = Transcript(SENTENCES, language).write(said, NOW).splitlines()
    at = "02/07/2026 00:30  "
    assert lines[1:] == [
        *(printed, "", f"{at}{you}", f"  {files}", "", f"{at}{assistant}", "  dank je", ""),
        *(f"{at}{service}", "  in de wachtrij", "", f"{at}Lies", "  hallo"),
    ]


def test_a_help_line_without_a_number_has_its_other_ways() -> None:
    card = {"helplines": [{"name": "Safeonweb", "email": "a@example.be", "web": "safeonweb.be"}]}
    assert "  - Safeonweb: a@example.be, safeonweb.be" in Transcript(SENTENCES, "en").write(
        [message("bot", "", card=card)], NOW
    )


def test_french_labels_have_a_space_before_the_colon() -> None:
    card = {
        "helplines": [{"name": "Ligne d'aide Cyber Care", "number": "02 552 51 65"}],
        "rows": [{"label": "Montant", "value": "240"}],
    }
    written = Transcript(SENTENCES, "fr").write([message("bot", "", card=card)], NOW)
    assert "- Ligne d'aide Cyber Care\u00a0: 02 552 51 65" in written
    assert "- Montant\u00a0: 240" in written
