"""The console's files: one version for all, nothing that could become markup, the same words in three languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.desk.api import read_intents
from bot.desk.pages import POLICY, words_of
from bot.pages import WEB
from claims.domain.lifecycle import TRANSITIONS
from content import LANGUAGES
from content.responses import Responses

DESK = WEB / "desk"
MODULES = sorted(DESK.glob("*.js"))
WORDS = Responses.load()
_LINE = re.compile(r"^  (\w+): (\[.*\]),$", re.MULTILINE)
_GAP = re.compile(r"\{\w+\}")
# What turns text into markup or code; the page's policy forbids it as well.
MARKUP = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "style=")


def texts() -> dict[str, list[str]]:
    """The interface's words: key -> English, Dutch, French."""
    return {key: json.loads(line) for key, line in _LINE.findall((DESK / "texts.js").read_text(encoding="utf-8"))}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_module_makes_markup_of_text(module: Path) -> None:
    assert [word for word in MARKUP if word in module.read_text(encoding="utf-8")] == []


def test_the_policy_runs_nothing_but_our_own_modules() -> None:
    assert "script-src 'self'" in POLICY
    assert "unsafe" not in POLICY
    assert "require-trusted-types-for 'script'" in POLICY
    assert not re.search(r"<(script|style)[^>]*>[^<]", (DESK / "index.html").read_text(encoding="utf-8"))


def test_every_word_is_there_in_three_languages_with_the_same_gaps() -> None:
    found = texts()
    assert len(found) > 200
    for key, words in found.items():
        assert [bool(each) for each in words] == [True] * len(LANGUAGES), key
        # What stands in curly brackets for staff to read is no gap.
        if key != "gap_left":
            assert len({tuple(sorted(_GAP.findall(each))) for each in words}) == 1, key


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_every_word_a_module_asks_for_is_there(module: Path) -> None:
    asked = set(re.findall(r'\bt\(\s*"(\w+)"', module.read_text(encoding="utf-8")))
    assert asked - texts().keys() == set()


def test_the_steps_of_a_claim_are_those_of_the_claims_backend() -> None:
    lines = re.findall(
        r'^  \[("\w+", "\w+", \w+(?:, "\w+")?)\],$', (DESK / "steps.js").read_text("utf-8"), re.MULTILINE
    )
    shown = {tuple(part.strip(' "') for part in line.split(",")) for line in lines}
    names = {"work_on_claims": "WORK", "decide_claims": "DECIDE", "reopen_claims": "REOPEN"}
    kept = set()
    for step in TRANSITIONS:
        needs = ["reason"] * step.reason + ["amount"] * step.amount
        kept.add((step.source.value, step.target.value, names[step.permission.value], *needs))
    assert shown == kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_librarys_words_are_complete_in_each_language(language: str) -> None:
    found = words_of(WORDS, read_intents(), language)
    assert found["incidents"].keys() == words_of(WORDS, read_intents(), "en")["incidents"].keys()
    assert found["intents"]["talk_to_human"] != "talk_to_human"
    assert all(found["documents"].values())
    assert "{left}" in found["reasons"]["limit_available"]
    known = {each["id"]: each for each in found["questions"]["non_delivery"]}
    assert known["policy_reference"]["proof"]
    assert not known["amount"]["proof"]
    assert known["amount"]["label"] != "amount"
