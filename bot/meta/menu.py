"""What the Page's own buttons mean: the start, the persistent menu and the ice breakers, which no message offered."""

from __future__ import annotations

from dataclasses import dataclass

from bot.meta.messenger import START

LANGUAGE_KEYS = {language: f"menu:{language}" for language in ("en", "nl", "fr")}


@dataclass(frozen=True)
class Entry:
    """One button: what it sends, what it means to the engine, and its titles."""

    key: str
    payload: str
    titles: dict[str, str]


REPORT = Entry(
    "menu:report",
    '/ask_capabilities{"about": "report"}',
    {"en": "Something happened", "nl": "Er is iets gebeurd", "fr": "Il s’est passé quelque chose"},
)
STATUS = Entry(
    "menu:status",
    "/claim_status",
    {"en": "Where is my claim?", "nl": "Hoever staat mijn dossier?", "fr": "Où en est mon dossier ?"},
)
PREVENTION = Entry(
    "menu:prevention",
    "/ask_prevention",
    {
        "en": "How do I stay safe online?",
        "nl": "Hoe blijf ik veilig online?",
        "fr": "Comment rester prudent en ligne ?",
    },
)
PERSON = Entry(
    "menu:person",
    "/talk_to_human",
    {"en": "Talk to a person", "nl": "Met een mens praten", "fr": "Parler à une personne"},
)
LANGUAGES = tuple(
    Entry(
        LANGUAGE_KEYS[language],
        f'/change_language{{"language": "{language}"}}',
        dict.fromkeys(("en", "nl", "fr"), name),
    )
    for language, name in (("nl", "Nederlands"), ("fr", "Français"), ("en", "English"))
)
ICE_BREAKERS = (REPORT, STATUS, PREVENTION, PERSON)
MENU = (REPORT, STATUS, PERSON, *LANGUAGES)
ENTRIES = {entry.key: entry for entry in (*ICE_BREAKERS, *MENU)}

__all__ = ["ENTRIES", "ICE_BREAKERS", "MENU", "START", "Entry"]
