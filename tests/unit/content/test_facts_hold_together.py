"""Facts, sentences, actions and the claims rules refer to each other, and nothing they name is missing."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from claims.domain.eligibility import Effect
from claims.domain.facts import FACT_NAMES
from claims.domain.incidents import Incident
from claims.domain.reasons import CODES
from content import LANGUAGES
from content.facts import PROJECT_ROOT, ContentError, Facts
from content.responses import Responses

FACTS, RESPONSES = Facts.load(), Responses.load()
TOPICS = {**FACTS.answers, **{f"first aid {k}": v for k, v in FACTS.first_aid.items()}, **FACTS.care}
QUESTIONS = {q.id: q for questions in FACTS.intakes.values() for q in questions}
# Answered by action_answer without a fact: small talk (actions/answers.py).
SMALL_TALK = {"greet", "goodbye", "thank", "bot_challenge", "out_of_scope", "ask_capabilities"}


def rule_intents(action: str) -> set[str]:
    rules = yaml.safe_load((PROJECT_ROOT / "data/rules/rules.yml").read_text("utf-8"))["rules"]
    found = set()
    for rule in rules:
        if {"action": action} in rule["steps"]:
            first = rule["steps"][0]
            found |= {step["intent"] for step in first.get("or", [first])}
    return found


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_answer_has_its_sentence_its_lines_and_its_sources(topic: str) -> None:
    answer = TOPICS[topic]
    assert answer.response in RESPONSES.entries["en"]
    assert answer.sources
    assert set(answer.sources) <= FACTS.sources.keys()
    assert set(answer.helplines) <= FACTS.contacts.keys()


@pytest.mark.parametrize("topic", sorted(FACTS.care.keys() | {f"first aid {name}" for name in FACTS.first_aid}))
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_in_trouble_gets_a_number_to_call(topic: str, language: str) -> None:
    answer = TOPICS[topic]
    card = RESPONSES.render(answer.response, language, helplines=answer.helplines).card or {}
    assert any(line.get("dial") for line in card["helplines"])


def test_every_fact_and_contact_and_term_has_a_source() -> None:
    for group in (FACTS.policy, FACTS.terms, FACTS.contacts):
        assert group
        assert {name for name, fact in group.items() if fact.get("source") not in FACTS.sources} == set()
    assert all(source["title"] for source in FACTS.sources.values())
    assert all(re.match(r"https?://\S+$", source.get("url", "https://none")) for source in FACTS.sources.values())


def test_the_facts_an_answer_rests_on_exist() -> None:
    entries = yaml.safe_load((PROJECT_ROOT / "data/facts/policy_answers.yml").read_text("utf-8"))
    assert {fact for entry in entries.values() for fact in entry["facts"]} <= FACTS.policy.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_contact_has_a_name_and_a_purpose(language: str) -> None:
    assert RESPONSES.contacts[language].keys() == FACTS.contacts.keys()
    assert all(contact["name"] and contact["note"] for contact in RESPONSES.contacts[language].values())


@pytest.mark.parametrize("contact", sorted(FACTS.contacts))
def test_a_number_is_dialled_as_it_is_shown(contact: str) -> None:
    entry = FACTS.contacts[contact]
    assert entry.keys() & {"number", "email", "web"}
    if "number" in entry:
        shown, dialled = re.sub(r"\D", "", entry["number"]), entry["dial"]
        assert dialled in (shown, f"+32{shown.removeprefix('0')}", f"+{shown.removeprefix('00')}")
    assert entry["hours"] in ("always", "unknown")


def test_every_question_rules_send_to_the_answers_has_one() -> None:
    assert rule_intents("action_answer") == FACTS.answers.keys() | SMALL_TALK


def test_every_report_has_first_aid_and_the_nine_incidents_are_those_of_the_backend() -> None:
    incidents = {str(incident.value) for incident in Incident}
    assert len(incidents) == 9
    assert FACTS.first_aid.keys() == incidents
    assert {intent.removeprefix("report_") for intent in rule_intents("action_report")} == incidents
    assert all(RESPONSES.incidents[language].keys() == incidents for language in LANGUAGES)


@pytest.mark.parametrize("incident", [str(incident.value) for incident in Incident])
def test_every_incident_has_an_intake_with_something_in_it_that_cannot_be_left_open(incident: str) -> None:
    own = FACTS.intakes.get(incident, FACTS.intakes["other"])
    assert any(question.required for question in own)
    ids = [question.id for question in FACTS.questions(incident)]
    assert len(ids) == len(set(ids))
    evidence = FACTS.evidence.get(incident) or FACTS.evidence["other"]
    assert {f"evidence_{item}" for item in evidence} <= RESPONSES.entries["en"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_every_question_says_what_why_and_its_name(question: str, language: str) -> None:
    entry = RESPONSES.entries[language][f"ask_{question}"]
    assert all(str(entry[part]).strip() for part in ("text", "why", "label"))
    assert tuple(RESPONSES.options(question, language)) == QUESTIONS[question].options or question == "victim"


def test_conditions_name_earlier_questions_and_their_options() -> None:
    for questions in FACTS.intakes.values():
        earlier: dict[str, Any] = {}
        for question in questions:
            for other, accepted in question.when.items():
                options = earlier[other].options or ("yes", "no")
                assert set(accepted) <= set(options)
            earlier[question.id] = question


def test_the_options_of_the_facts_for_cover_are_those_the_backend_reads() -> None:
    from actions.intake.flow import CHECKED_FACTS
    from claims.domain.facts import CausedBy, Consent, PrivateUse, PurchaseFrom

    assert set(CHECKED_FACTS) == set(FACT_NAMES)
    for name, kind in {
        "private_use": PrivateUse,
        "caused_by": CausedBy,
        "consent": Consent,
        "purchase_from": PurchaseFrom,
    }.items():
        assert set(QUESTIONS[name].options) == {str(member.value) for member in kind}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(CODES))
def test_every_reason_of_the_backend_has_a_sentence(code: str, language: str) -> None:
    left = {"kind": "amount", "value": "3800"}
    assert RESPONSES.render(f"reason_{code}", language, left=left).text


def test_every_finding_of_the_backend_has_a_sentence() -> None:
    from claims.domain.eligibility import Outcome

    assert {f"finding_{outcome.value}" for outcome in Outcome} <= RESPONSES.entries["en"].keys()
    assert {effect.value for effect in Effect} == {"supports", "doubt", "against"}


def literals(path: Path) -> set[str]:
    """Names of responses a module says by name: response="…", {"response": "…"}, Unreadable("…"), render("…")."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        values: list[Any] = []
        if isinstance(node, ast.Call):
            values += [keyword.value for keyword in node.keywords if keyword.arg == "response"]
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            values += node.args[:1] if name in ("render", "Unreadable") else []
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            values += [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "response"]
        for value in values:
            branches = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            found |= {each.value for each in branches if isinstance(each, ast.Constant)}
    return found


ACTION_FILES = sorted((PROJECT_ROOT / "actions").rglob("*.py"))


def test_sentences_the_actions_name_exist() -> None:
    named = {name for path in ACTION_FILES for name in literals(path)}
    assert len(named) > 40
    assert named <= RESPONSES.entries["en"].keys()


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")


@pytest.mark.parametrize("text", ["- a list", "key: [unclosed", ""])
def test_a_broken_file_is_named(text: str, tmp_path: Path) -> None:
    write(tmp_path, "data/facts/contacts.yml", text)
    with pytest.raises(ContentError, match=r"contacts\.yml"):
        Facts.load(tmp_path)


def test_a_sentence_that_stands_twice_is_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path, f"data/responses/en/{name}.yml", "greet: {text: Hello}")
    with pytest.raises(ContentError, match=r"b\.yml: greet"):
        Responses.load(tmp_path)
