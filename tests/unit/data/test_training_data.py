"""What the model learns from, and the rules that make something of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.server import ACTIONS
from content.facts import PROJECT_ROOT
from tests.nlu.alike import Alike, kept_apart, normal, triples

LANGUAGES = ("en", "nl", "fr")
FEWEST, FEWEST_OF_CONVERSATION = 60, 40
FILES = sorted((PROJECT_ROOT / "data/nlu").glob("*.yml"))
CONTRACT = """
report_cyberbullying report_sextortion report_identity_theft report_hacked_account report_phishing
report_payment_fraud report_non_delivery report_non_conforming_delivery report_data_loss
file_claim claim_status add_evidence withdraw_claim ask_claim_procedure ask_required_documents ask_payout_time
ask_prevention ask_prevention_phishing ask_prevention_account_security ask_prevention_cyberbullying
ask_prevention_children ask_prevention_identity_theft ask_prevention_online_shopping ask_prevention_payments
ask_prevention_data_loss
ask_coverage ask_exclusions ask_limits ask_eligibility ask_insured_persons ask_price ask_cover_start
ask_contract_term cancel_policy ask_insurer ask_contact make_complaint ask_privacy
greet goodbye thank affirm deny dont_know correct_answer stop ask_capabilities ask_why talk_to_human bot_challenge
change_language express_distress express_frustration out_of_scope
"""
LABELS = set(re.findall(r"\w+", CONTRACT))
# What only the bot service sends, as a payload: no message of a customer means it.
HIDDEN = {"resume_after_person", "give_evidence", "identify"}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


DOMAIN = read(PROJECT_ROOT / "domain.yml")
RULES = [rule for path in sorted((PROJECT_ROOT / "data/rules").glob("*.yml")) for rule in read(path)["rules"]]


def messages(path: Path) -> list[tuple[str, str]]:
    """Intent and text of every example of a file."""
    return [
        (entry["intent"], line.removeprefix("- ").strip())
        for entry in read(path)["nlu"]
        for line in entry["examples"].splitlines()
        if line.strip()
    ]


BY_LANGUAGE = {
    language: [pair for path in FILES if path.suffixes[-2] == f".{language}" for pair in messages(path)]
    for language in LANGUAGES
}


def test_the_contract_has_54_labels() -> None:
    assert len(LABELS) == 54


def test_every_file_is_of_one_of_the_languages() -> None:
    assert {path.suffixes[-2] for path in FILES} == {f".{language}" for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_exactly_the_labels_of_the_contract_with_enough_messages(language: str) -> None:
    counted = Counter(intent for intent, _ in BY_LANGUAGE[language])
    small = {entry["intent"] for entry in read(PROJECT_ROOT / f"data/nlu/conversation.{language}.yml")["nlu"]}
    wanted = {intent: FEWEST_OF_CONVERSATION if intent in small else FEWEST for intent in counted}
    assert set(counted) == LABELS
    assert {intent: count for intent, count in counted.items() if count < wanted[intent]} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_line_is_a_plain_message(path: Path) -> None:
    lines = [line for entry in read(path)["nlu"] for line in entry["examples"].splitlines() if line.strip()]
    assert [line for line in lines if not line.startswith("- ")] == []
    assert [line for line in lines if re.search(r"[\[\]{}]|^- /", line)] == []
    assert [text for _, text in messages(path) if not text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_stands_twice_in_a_language(language: str) -> None:
    where = defaultdict(list)
    for intent, text in BY_LANGUAGE[language]:
        where[normal(text)].append(intent)
    assert {text: intents for text, intents in where.items() if len(intents) > 1} == {}


@pytest.mark.parametrize(("one", "other"), [("en", "nl"), ("en", "fr"), ("nl", "fr")])
def test_languages_share_single_words_only(one: str, other: str) -> None:
    shared = {normal(text) for _, text in BY_LANGUAGE[one]} & {normal(text) for _, text in BY_LANGUAGE[other]}
    assert {text for text in shared if len(text.split()) > 1} == set()


def test_a_message_in_two_languages_has_one_meaning() -> None:
    meanings = defaultdict(set)
    for pairs in BY_LANGUAGE.values():
        for intent, text in pairs:
            meanings[normal(text)].add(intent)
    assert {text: intents for text, intents in meanings.items() if len(intents) > 1} == {}


def domain_intents() -> list[str]:
    return [next(iter(intent)) if isinstance(intent, dict) else intent for intent in DOMAIN["intents"]]


def first_intents(rule: Any) -> list[str]:
    first = rule["steps"][0]
    return [step["intent"] for step in first.get("or", [first]) if "intent" in step]


def test_the_domain_has_the_labels_of_the_contract() -> None:
    assert sorted(set(domain_intents()) - HIDDEN) == sorted(LABELS)


def test_every_intent_has_exactly_one_rule() -> None:
    counted = Counter(intent for rule in RULES for intent in first_intents(rule))
    assert set(counted) - HIDDEN == LABELS
    assert {intent for intent, count in counted.items() if count > 1} == set()


def test_the_domain_and_the_action_server_know_the_same_actions() -> None:
    names = [action(None).name() for action in ACTIONS]  # type: ignore[arg-type]
    assert sorted(DOMAIN["actions"]) == sorted(names)


def test_rules_use_actions_that_exist() -> None:
    used = {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}
    assert used <= {*DOMAIN["actions"], *DOMAIN["forms"]}


def test_entities_never_decide_what_happens_next() -> None:
    assert all(intent == {next(iter(intent)): {"use_entities": []}} for intent in DOMAIN["intents"])
    assert all(slot["influence_conversation"] is False for slot in DOMAIN["slots"].values())


def test_a_conversation_is_never_cut_by_the_clock() -> None:
    assert DOMAIN["session_config"]["session_expiration_time"] == 0


APART = kept_apart()
SETS = [PROJECT_ROOT / "tests/nlu" / name for name in ("validation.tsv", "distress.tsv")]
MEASURED = Alike(triples(line.split("\t")[-1]) for path in SETS for line in path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_to_measure_with_is_trained_on(path: Path) -> None:
    learnt = [(text, triples(text)) for _, text in messages(path)]
    assert [text for text, found in learnt if APART.find(found) is not None] == []
    assert [text for text, found in learnt if MEASURED.find(found) is not None] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_messages_are_nearly_the_same(language: str) -> None:
    known, said, near = Alike(), list[str](), []
    for _, text in BY_LANGUAGE[language]:
        found = triples(text)
        twin = known.find(found, of=max)
        if twin is not None:
            near.append((text, said[twin]))
        known.add(found)
        said.append(text)
    assert near == []


def test_what_is_nearly_the_same_is_seen() -> None:
    known = Alike([triples("My parcel from the webshop never came, what now?")])
    assert known.find(triples("my parcel from the webshop never came, and now"), of=max) == 0
    assert known.find(triples("the parcel I sent to my aunt came back broken"), of=max) is None
    assert known.find(triples("ok thanks")) is None
