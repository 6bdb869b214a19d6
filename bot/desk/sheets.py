"""The figures as a table that opens in a spreadsheet as it is set up in Belgium, in the language of whoever asks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from typing import Any

from content.facts import PROJECT_ROOT, read_yaml

NAMES = PROJECT_ROOT / "data" / "desk" / "figures.yml"
# Where numbers have a comma, cells are parted by semicolons; the mark tells the program that accents are UTF-8.
_PLACES = {"nl": 0, "fr": 1}
_MARK = "\ufeff"
# What a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def figures_csv(found: dict[str, Any], language: str = "en") -> str:
    """The figures, one in each line: its name and its value.

    In English the names are those of the call, and numbers have a point: that is the file other programs read.
    """
    local = language in _PLACES
    file = io.StringIO()
    file.write(_MARK if local else "")
    writer = csv.writer(file, delimiter=";" if local else ",")
    writer.writerow(name_of(each, language) for each in ("figure", "value"))
    writer.writerows((_cell(name_of(path, language), local), _cell(value, local)) for path, value in _flat("", found))
    return file.getvalue()


def name_of(path: str, language: str) -> str:
    """What a figure is called; a part without a name, such as a number in a list, stays as it is."""
    if language not in _PLACES:
        return path
    names = _names()
    return ": ".join(names[part][_PLACES[language]] if part in names else part for part in path.split("."))


@cache
def _names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = read_yaml(NAMES)
    return names


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}" if path else str(name), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(f"{path}.{number}", inner)
    else:
        yield path, value


def _cell(value: Any, local: bool) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    text = "" if value is None else str(value)
    return text.replace(".", ",") if local else text
