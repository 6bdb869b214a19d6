"""A tenth incident is data only: the example of docs/content.md, added to a copy of the project, leads to a claim."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from content import LANGUAGES
from content.facts import PROJECT_ROOT

NAME = "fake_job_offer"
COPIED = ("actions", "claims", "common", "content", "data", "tests/unit/actions", "domain.yml")

# One incident, as its two halves live through it: the conversation up to the reference, and the check of cover.
PLAY = """
import asyncio, sys
from datetime import date
from claims.adapters.rules import load_rules
from claims.domain.eligibility import check
from claims.domain.facts import Facts
from claims.domain.incidents import Incident
from claims.settings import Settings
from tests.unit.actions.dialogue import Clock, Dialogue, make_context
from tests.unit.actions.fake_backend import FakeBackend
from tests.unit.claims.claims_builders import POLICY

NAME = sys.argv[1]

async def play():
    backend = FakeBackend()
    customer = Dialogue(make_context(backend, Clock()))
    await customer.say("I sent 90 euro for a job that does not exist", f"report_{NAME}", 0.99, amount="90")
    print(customer.names)
    await customer.choose("Yes")
    for text in ("CYB-1001-0001", "14/03/1985", "123456", "3/11", "me", "private", "I don't know"):
        await customer.say(text)
    print(customer.names)
    asked = []
    answers = {"offer_channel": "whatsapp", "identity_card_sent": "yes", "description": "They wanted a fee."}
    while customer.asked != "confirm" and len(asked) < 20:
        asked.append(customer.asked)
        if customer.asked in answers:
            await customer.say(answers[customer.asked])
        else:
            await customer.say("I don't have it", "dont_know", 0.99)
        if any("Then report it" in message.text for message in customer.heard):
            print("advice")
    print(asked)
    await customer.choose("Yes")
    print(customer.names)
    (claim,) = backend.claims.values()
    print(claim["incident"], claim["answers"]["amount"], claim["answers"]["offer_channel"])

asyncio.run(play())
book = load_rules(Settings.__dataclass_fields__["cover_rules"].default)
found = check(POLICY, (), Incident(NAME), Facts(), date(2026, 6, 15), book)
print(found.outcome.value, "handler_checks_incident" in {reason.code for reason in found.reasons})
"""


def example(number: int) -> str:
    """A YAML example of the section on adding an intake."""
    section = (PROJECT_ROOT / "docs" / "content.md").read_text("utf-8").split("## Add an intake for an incident")[1]
    return re.findall(r"```yaml\n(.*?)```", section, re.S)[number]


def add(path: Path, text: str) -> None:
    """Append to a file of the copy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_tenth_incident_touches_only_data(tmp_path: Path) -> None:
    for name in COPIED:
        source, target = PROJECT_ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for name in ("claims_builders.py",):
        add(tmp_path / "tests/unit/claims" / name, (PROJECT_ROOT / "tests/unit/claims" / name).read_text("utf-8"))

    data = tmp_path / "data"
    add(data / "facts/incidents.yml", f"{NAME}: {{cover: none}}\n")
    add(data / f"facts/intake/{NAME}.yml", example(0))
    add(data / "facts/first_aid.yml", f"{NAME}:\n  response: first_aid_{NAME}\n  helplines: [cyber_care]\n")
    rules = (data / "rules/rules.yml").read_text("utf-8")
    report = "          - intent: report_phishing\n"
    added = rules.replace(report, f"{report}          - intent: report_{NAME}\n")
    (data / "rules/rules.yml").write_text(added, "utf-8")
    for language in LANGUAGES:
        folder = data / "responses" / language
        add(folder / f"intake_{NAME}.yml", example(1))
        add(folder / f"intake_{NAME}.yml", f'first_aid_{NAME}:\n  text: "Send nothing more."\n')
        add(folder / f"intake_{NAME}.yml", f'next_{NAME}:\n  text: "We read it."\n')
        add(folder / "incidents.yml", f'{NAME}:\n  name: "Job"\n  button: "A false job"\n  noun: "the false job"\n')

    command = [sys.executable, "-c", PLAY, NAME]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, env={"PYTHONPATH": "."})
    assert done.returncode == 0, done.stderr[-3000:]
    report_said, checked, *between, asked, submitted, claim, cover = done.stdout.splitlines()
    assert report_said == f"['first_aid_{NAME}', 'offer_claim']"
    assert "ask_offer_channel" in checked
    assert between == ["advice"]
    questions = ["offer_channel", "identity_card_sent", "documents_sent", "discovery_date", "description", "remarks"]
    assert asked == str(questions)
    assert submitted == f"['claim_submitted', 'next_{NAME}']"
    assert claim == f"{NAME} 90.00 chat"
    assert cover == "needs_review True"
