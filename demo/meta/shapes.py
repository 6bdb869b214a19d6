"""Reads a JSON body piece by piece and says which piece is wrong; both platforms put it in their own error."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


class Malformed(Exception):
    """A piece of the body is not what the documentation asks for."""


def obj(value: Any, name: str, known: Collection[str] | None = None) -> dict[str, Any]:
    """An object; with `known`, one without other keys."""
    if not isinstance(value, dict):
        raise Malformed(f"Param {name} must be an object.")
    unknown = sorted(set(value) - set(known)) if known is not None else []
    if unknown:
        raise Malformed(f'Invalid keys "{", ".join(unknown)}" were found in param "{name}".')
    return value


def items(value: Any, name: str, most: int, least: int = 1) -> list[Any]:
    """A list of `least` to `most` things."""
    if not isinstance(value, list):
        raise Malformed(f"Param {name} must be an array.")
    if not least <= len(value) <= most:
        raise Malformed(f"Param {name} must have {least} to {most} elements, it has {len(value)}.")
    return value


def text(value: Any, name: str, most: int, least: int = 1) -> str:
    """A text of `least` to `most` characters, not only blanks."""
    if not isinstance(value, str):
        raise Malformed(f"Param {name} must be a string.")
    if len(value) > most:
        raise Malformed(f"Length of param {name} must be less than or equal to {most}, it is {len(value)}.")
    if len(value.strip()) < least:
        raise Malformed(f"Param {name} must be a non-empty UTF-8 encoded string.")
    return value


def one_of(value: Any, name: str, known: Collection[str]) -> str:
    """One of some words."""
    if not isinstance(value, str) or value not in known:
        raise Malformed(f"Param {name} must be one of {{{', '.join(sorted(known))}}}.")
    return value
