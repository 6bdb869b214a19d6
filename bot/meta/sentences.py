"""The names of what the bot itself says on messengers, and the words its renderer adds."""

from __future__ import annotations

from collections.abc import Callable

from bot.log.model import Says
from bot.meta.wording import Words

CHOOSE = "messenger_choose"
BY_NUMBER = "messenger_by_number"
CHANGE_BY_NUMBER = "messenger_change_by_number"
ONLY_WORDS = "messenger_only_words"
EDITED = "messenger_edited"
KEYS = (CHOOSE, BY_NUMBER, CHANGE_BY_NUMBER, ONLY_WORDS, EDITED)

Say = Callable[[str, str], Says]


def words_of(say: Say) -> Callable[[str], Words]:
    """What gives the renderer its words in a language."""

    def words(language: str) -> Words:
        choose, by_number, change = (say(key, language).text for key in (CHOOSE, BY_NUMBER, CHANGE_BY_NUMBER))
        return Words(choose, by_number, change, language)

    return words
