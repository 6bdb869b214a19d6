"""What hangs together around the questions of the intake: advice after an answer, what comes next, what fills them."""

from __future__ import annotations

import pytest

from claims.domain.incidents import Incident
from content import LANGUAGES
from content.facts import Facts
from content.responses import Responses

FACTS, RESPONSES = Facts.load(), Responses.load()
QUESTIONS = {question.id: question for questions in FACTS.intakes.values() for question in questions}


def advice(name: str, language: str) -> set[str]:
    """The answers after which a question has something to say."""
    entry = RESPONSES.entries[language][name]
    return {part.removeprefix("after_") for part in entry if part.startswith("after_")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_after_an_answer_belongs_to_an_answer_there_is(language: str) -> None:
    found = 0
    for name in RESPONSES.entries[language]:
        answers = advice(name, language)
        if not answers:
            continue
        question = QUESTIONS[name.removeprefix("ask_")]
        assert answers <= set(question.options or ("yes", "no")), name
        found += len(answers)
    assert found > 40


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("incident", [incident.value for incident in Incident])
def test_after_every_claim_comes_what_happens_next(incident: str, language: str) -> None:
    message = RESPONSES.render(f"next_{incident}", language)
    assert message.card is not None
    assert 3 <= len(message.card["steps"]) <= 5


@pytest.mark.parametrize("incident", [incident.value for incident in Incident])
def test_every_incident_has_questions_of_its_own(incident: str) -> None:
    assert incident in FACTS.intakes
    assert len(FACTS.intakes[incident]) >= 8


def test_blackmail_with_images_never_asks_for_images() -> None:
    assert not any("image" in item or "photo" in item for item in FACTS.evidence["sextortion"])
