"""Serves the console: one page, its modules, and what the library calls things in the language of the reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from bot.pages import WEB, File, file_of, hash_of, read_folder, serve
from content import LANGUAGES
from content.facts import Question
from content.responses import Responses

FOLDER = "desk"
SHELL = "index.html"
# Modules import one another by relative addresses, so the version in the first address holds for all.
_TOKEN = b"{{desk_version}}"
_FOREVER = "public, max-age=31536000, immutable"
_PATHS = ("/desk", "/desk/figures", "/desk/audit")
# Stricter than the rest of the site: no frames, no forms, and no text can become markup, whatever a module does.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_IDENTIFYING = "identification"
# What stands for incidents that are none of those with a name.
_OTHER = "other"


def make_desk_pages(words: Responses, intents: tuple[str, ...], web: Path = WEB) -> Blueprint:
    """Routes for the console; its calls below /desk/api are elsewhere.

    Args:
        words: The library of sentences.
        intents: What a message can mean.
        web: The folder with the console's files.
    """
    bodies = read_folder(web / FOLDER)
    for language in LANGUAGES:
        bodies[f"words/{language}.json"] = json.dumps(words_of(words, intents, language), ensure_ascii=False).encode()
    version = hash_of(bodies)
    files = {name: file_of(name, body.replace(_TOKEN, version.encode())) for name, body in bodies.items()}
    return _routes(files)


def _routes(files: Mapping[str, File]) -> Blueprint:
    pages = Blueprint("desk_pages")

    async def shell(request: Request) -> HTTPResponse:
        shown = serve(request, files, SHELL, "no-cache")
        shown.headers["Content-Security-Policy"] = POLICY
        return shown

    async def asset(request: Request, version: str, path: str) -> HTTPResponse:
        # A page that was open before an update gets the newer module, and everything after a reload.
        return serve(request, files, path, _FOREVER)

    for number, path in enumerate(_PATHS):
        pages.add_route(shell, path, methods=["GET", "HEAD"], name=f"desk_{number}")
    pages.add_route(asset, "/desk/assets/<version:str>/<path:path>", methods=["GET", "HEAD"], name="desk_asset")
    return pages


def words_of(words: Responses, intents: tuple[str, ...], language: str) -> dict[str, Any]:
    """What the library calls incidents, questions, reasons of a finding and meanings in one language."""
    entries = words.entries[language]
    meanings = words.meanings(language)
    incidents = {name: str(entry["button"]) for name, entry in words.incidents[language].items()}
    return {
        "incidents": incidents,
        "questions": {name: _questions(words, name, language) for name in (*incidents, _OTHER)},
        "reasons": {
            # What is left of a limit stands in the finding; the console fills it in.
            name.removeprefix("reason_"): words.fill(str(entry["text"]), language, {"left": "{left}"})
            for name, entry in entries.items()
            if name.startswith("reason_")
        },
        "documents": {name: _documents(words, name, language) for name in (*incidents, _OTHER)},
        "intents": {intent: meanings.get(intent, intent) for intent in intents},
    }


def _questions(words: Responses, incident: str, language: str) -> list[dict[str, Any]]:
    asked = words.facts.questions(incident if incident in words.facts.incidents else _OTHER)
    return [_question(words, each, language) for each in asked]


def _documents(words: Responses, incident: str, language: str) -> list[str]:
    wanted = words.facts.evidence.get(incident) or words.facts.evidence[_OTHER]
    return [words.render(f"evidence_{each}", language).text for each in wanted]


def _question(words: Responses, question: Question, language: str) -> dict[str, Any]:
    options = words.options(question.id, language)
    return {
        "id": question.id,
        "label": words.label(question.id, language),
        "kind": question.kind,
        "options": {name: options.get(name, name) for name in question.options},
        # What proves who a customer is only they can answer.
        "proof": question.phase == _IDENTIFYING,
    }
