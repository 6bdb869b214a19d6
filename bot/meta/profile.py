"""The Page's own buttons and greeting in three languages, as `POST /messenger_profile` takes them."""

from __future__ import annotations

from typing import Any

from bot.meta.menu import ICE_BREAKERS, MENU, START, Entry

# `default` is what a profile in any other language sees.
LOCALES = {"default": "en", "nl_BE": "nl", "nl_NL": "nl", "fr_FR": "fr", "fr_CA": "fr"}
# 160 characters at most.
GREETING = {
    "en": "Digital assistant of Cyber Care. Has something happened online, or do you have a question? Write here.",
    "nl": "Digitale assistent van Cyber Care. Is er online iets gebeurd, of heb je een vraag? Schrijf het hier.",
    "fr": "Assistant numérique de Cyber Care. Un problème en ligne, ou une question ? Écrivez-nous ici.",
}


def profile() -> dict[str, Any]:
    """All of it in one body."""
    return {
        "get_started": {"payload": START},
        "greeting": [{"locale": locale, "text": GREETING[language]} for locale, language in LOCALES.items()],
        "persistent_menu": [_menu(locale, language) for locale, language in LOCALES.items()],
        "ice_breakers": [_ice_breakers(locale, language) for locale, language in LOCALES.items()],
    }


def _menu(locale: str, language: str) -> dict[str, Any]:
    actions = [{"type": "postback", "title": each.titles[language], "payload": each.key} for each in MENU]
    return {"locale": locale, "composer_input_disabled": False, "call_to_actions": actions}


def _ice_breakers(locale: str, language: str) -> dict[str, Any]:
    return {"locale": locale, "call_to_actions": [_question(each, language) for each in ICE_BREAKERS]}


def _question(entry: Entry, language: str) -> dict[str, str]:
    return {"question": entry.titles[language], "payload": entry.key}
