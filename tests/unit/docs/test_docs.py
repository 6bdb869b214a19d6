"""Holds the documentation against the code: settings, ports, commands, the domain, error codes, links, files."""

from __future__ import annotations

import ast
import dataclasses
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import actions.settings
import bot.settings
import claims.settings
from claims.api.errors import api_error
from claims.domain.errors import ClaimsError
from common import errors, uploads
from launcher.layout import DEFAULT_PORTS

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
# Those defined elsewhere count only when they are imported.
KINDS = {kind.__name__: kind.status for kind in (*errors.ApiError.__subclasses__(), uploads.TooLarge)}
SETTINGS = {
    "bot": ("BOT", bot.settings.BotSettings),
    "claims": ("CLAIMS", claims.settings.Settings),
    "actions": ("ACTIONS", actions.settings.Settings),
}
# Files the documentation tells how to make, or that a run makes.
TO_BE_MADE = {"data/facts/intake/fake_job_offer.yml"}
MADE_BY_RUNS = ("var/", "models/")

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?:[a-z_.]+/)+[\w.-]+\.(?:py|yml|md|lock|toml|js|json)|[\w-]+\.(?:yml|toml|lock)")


def read(page: str) -> str:
    """The text of a page below docs/."""
    return (DOCS / page).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    assert found, f"no heading {heading}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of all table rows whose first cell is code, without the code marks."""
    lines = (line for line in text.splitlines() if line.startswith("| `"))
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def as_documented(default: Any) -> str:
    """A default as the settings tables write it."""
    if default is dataclasses.MISSING:
        return "required"
    if default == () or default == "":
        return "empty"
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default)


@pytest.mark.parametrize("service", SETTINGS)
def test_every_setting_is_documented_with_its_default(service: str) -> None:
    prefix, settings = SETTINGS[service]
    # What is kept out of the settings' repr is a secret, of whatever length.
    expected = {
        f"{prefix}_{field.name.upper()}": (as_documented(field.default), "no" if field.repr else "yes")
        for field in dataclasses.fields(settings)
    }
    documented = {name: (default, secret) for name, _, default, secret in rows(section(read("operations.md"), service))}
    assert documented == expected


def test_variables_of_the_rasa_project_are_documented() -> None:
    project = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("endpoints.yml", "credentials.yml"))
    documented = {name for name, *_ in rows(section(read("operations.md"), "engine"))}
    assert documented == set(re.findall(r"\$\{(\w+)\}", project))


def test_every_port_is_documented_with_its_default() -> None:
    documented = {name: int(default) for name, _, default in rows(section(read("operations.md"), "Ports of the demo"))}
    assert documented == DEFAULT_PORTS


def test_readme_and_help_know_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = dict(re.findall(r"^([a-z]+):[^\n#]*(?:## (.+))?$", makefile, re.M))
    assert all(targets.values()), "each target needs a line for `make help`"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {target for target in targets if f"make {target}" not in readme} == set()
    for page in PAGES:
        named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.M))
        assert named <= targets.keys(), f"{page.name} names commands that do not exist"


@pytest.mark.parametrize("kind", ["intents", "entities", "slots", "forms", "actions"])
def test_the_domain_is_documented(kind: str) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    known = {name for entry in domain[kind] for name in (entry if isinstance(entry, dict) else [entry])}
    listed = [name for name, *_ in rows(section(read("domain.md"), kind.capitalize()))]
    assert sorted(listed) == sorted(known)


def test_intents_are_documented_with_the_action_of_their_rule() -> None:
    rules = yaml.safe_load((ROOT / "data" / "rules" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    expected = {}
    for rule in rules:
        first, second = rule["steps"][:2]
        for step in first.get("or", [first]):
            if "intent" in step:
                expected[step["intent"]] = second["action"]
    documented = {intent: action for intent, _, action in rows(section(read("domain.md"), "Intents"))}
    assert documented == expected


def calls(room: str) -> Iterator[tuple[str, list[Any]]]:
    """All calls in a room's code: the function's name and its constant arguments, None for the others."""
    for path in sorted((ROOT / room).rglob("*.py")):
        if ".venv" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                yield name, [argument.value if isinstance(argument, ast.Constant) else None for argument in node.args]


def raised(room: str) -> set[tuple[str, str]]:
    """Code and status of the errors a room raises through `common.errors`."""
    return {(given[0], str(KINDS[name])) for name, given in calls(room) if name in KINDS and given and given[0]}


def leaves(kind: type[ClaimsError]) -> Iterator[type[ClaimsError]]:
    """The kinds of error that have no kinds of their own."""
    below = kind.__subclasses__()
    if not below:
        yield kind
    for each in below:
        yield from leaves(each)


def errors_of(room: str) -> set[tuple[str, str]]:
    """Code and status of every error a room can answer with."""
    if room == "claims":
        refusals = [api_error(kind()) for kind in leaves(ClaimsError)]
        return raised(room) | {(error.code, str(error.status)) for error in refusals}
    if room == "engine":
        own = {(given[1], str(given[0])) for name, given in calls(room) if name == "_error" and given[1]}
        return own | {(given[0], "422") for name, given in calls(room) if name == "InvalidTurn"}
    if room == "common":
        answered = {(given[1], str(given[0])) for name, given in calls(room) if name == "error_response" and given[0]}
        known = {(code, str(status)) for status, (code, _) in errors._SANIC.items()}
        return raised(room) | answered | known | {("bad_request", "4xx")}
    return raised(room)


@pytest.mark.parametrize("room", ["common", "bot", "claims", "actions", "engine"])
def test_every_error_code_is_documented(room: str) -> None:
    documented = [(code, status) for code, status, _ in rows(section(read("errors.md"), room))]
    assert len(documented) == len(set(documented))
    assert set(documented) == errors_of(room)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_resolve(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        parts = urllib.parse.urlsplit(target)
        if parts.scheme or not parts.path:
            continue
        assert (page.parent / urllib.parse.unquote(parts.path)).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_named_exist(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    named = {code for code in _CODE.findall(text) if _FILE.fullmatch(code)}
    missing = {name for name in named - TO_BE_MADE if not name.startswith(MADE_BY_RUNS) and not exists(name)}
    assert missing == set()


def exists(name: str) -> bool:
    """Whether a file is there: from the root, or for a bare name in any folder of the sentences or facts."""
    return (ROOT / name).exists() or ("/" not in name and any((ROOT / "data").rglob(name)))


def test_the_documentation_stays_at_home() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.:/])/(?:home|work|root|Users)/", text), f"{page.name} names a machine's folder"
