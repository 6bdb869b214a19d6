"""Writes the report: pictures first, figures beside their goals, the worst messages at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.evaluation import pictures
from engine.evaluation.outcomes import LANGUAGES, Outcome, milliseconds, shares

OURS = "ours"
WORST = 25
# What must be true; the figures of the table are compared with it.
GOALS = {
    "right intent first": "90 %",
    "right intent first, en": "87 %",
    "right intent first, nl": "87 %",
    "right intent first, fr": "87 %",
    "right intent among the first three": "97 %",
    "distress found": "98 %",
    "distress, false alarms": "under 0.5 %",
    "out of scope turned away": "90 %",
    "in scope turned away": "under 3 %",
    "language, three words or more": "99.5 %",
    "parse, median": "under 8 ms",
    "parse of 1,000 characters, median": "under 25 ms",
    "training": "under 60 s",
}


@dataclass(frozen=True)
class Measured:
    """What one model did on one set.

    Attributes:
        long_milliseconds: Median parse of stories of 1,000 characters.
        training_seconds: How long training took, if that is known.
    """

    outcomes: list[Outcome]
    long_milliseconds: float
    training_seconds: float | None = None


@dataclass(frozen=True)
class Set:
    """A set of messages and what each model did on it.

    Attributes:
        quoted: Its messages may stand in the report.
    """

    name: str
    about: str
    quoted: bool
    measured: Mapping[str, Measured] = field(default_factory=dict)


def figures(measured: Measured) -> dict[str, str]:
    """All figures by name."""
    found = {name: str(share) for name, share in shares(measured.outcomes).items()}
    found["parse, median"] = f"{milliseconds(measured.outcomes):.1f} ms"
    found["parse of 1,000 characters, median"] = f"{measured.long_milliseconds:.1f} ms"
    if measured.training_seconds:
        found["training"] = f"{measured.training_seconds:.0f} s"
    return found


def table(results: Mapping[str, Measured]) -> list[str]:
    """Rows: figure, goal, each model."""
    columns = {name: figures(measured) for name, measured in results.items()}
    lines = [f"| | goal | {' | '.join(columns)} |", f"|---|---|{'---|' * len(columns)}"]
    for name in next(iter(columns.values())):
        cells = " | ".join(column.get(name, "") for column in columns.values())
        lines.append(f"| {name} | {GOALS.get(name, '')} | {cells} |")
    return lines


def write(sets: list[Set], folder: Path, note: str) -> None:
    """Write README.md and its pictures; the pictures show the first set."""
    folder.mkdir(parents=True, exist_ok=True)
    main = sets[0]
    results = {name: measured.outcomes for name, measured in main.measured.items()}
    draw(results, folder)
    lines = [*_head(note), *_pictures(len(results) > 1)]
    for each in sets:
        lines += [f"## Figures: {each.name}", "", each.about, "", *table(each.measured), ""]
    for each in sets:
        lines += [f"## What is taken for what: {each.name}", "", *_confusions(each.measured[OURS].outcomes), ""]
        if each.quoted:
            lines += [f"## The worst messages: {each.name}", "", *_worst(each.measured[OURS].outcomes), ""]
    (folder / "README.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def draw(results: pictures.Results, folder: Path) -> None:
    """Draw all pictures."""
    ours = results[OURS]
    pictures.first_by_language(results, 0.9, folder / "first.svg")
    pictures.by_label(ours, folder / "labels.svg")
    pictures.confusion(ours, folder / "confusion.svg")
    pictures.calibration(results, folder / "calibration.svg")
    pictures.risk_coverage(results, folder / "risk.svg")
    pictures.turned_away(results, folder / "scope.svg")
    pictures.times(results, folder / "times.svg")


def _head(note: str) -> list[str]:
    return [
        "# How well messages are understood",
        "",
        "Written by `make evaluate`; do not edit. The sets are never trained on. Intervals are 95 %, after Wilson.",
        "",
        note,
        "",
    ]


def _pictures(compared: bool) -> list[str]:
    grey = (
        " Pale is ours and grey stock Rasa (DIET, 100 epochs), on the same part of the training data, in the same run."
    )
    beside = grey if compared else ""
    return [
        "![Right intent first, by language](first.svg)",
        "",
        f"Right intent first, by language.{beside}",
        "",
        "| How sure, how right | Wrong answers against messages answered | Out of scope |",
        "|---|---|---|",
        "| ![Calibration](calibration.svg) | ![Risk and coverage](risk.svg) | ![Out of scope](scope.svg) |",
        "",
        "The dot on the second picture is where the assistant stands: to the right it would answer more, and more",
        "wrongly; to the left it would ask back more often.",
        "",
        "![How long a parse takes](times.svg)",
        "",
        "![Each label](labels.svg)",
        "",
        "![What is taken for what](confusion.svg)",
        "",
    ]


def _confusions(outcomes: list[Outcome]) -> Iterator[str]:
    """The pairs mixed up most often."""
    pairs = Counter((o.said.label, o.ranking[0]) for o in outcomes if not o.right and o.ranking)
    yield from ("| meant | taken for | times | languages |", "|---|---|---|---|")
    for (meant, taken), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))[:15]:
        mixed = [o for o in outcomes if (o.said.label, *o.ranking[:1]) == (meant, taken)]
        where = ", ".join(f"{n} {part}" for n in LANGUAGES if (part := sum(o.said.language == n for o in mixed)))
        yield f"| {meant} | {taken} | {count} | {where} |"


def _worst(outcomes: list[Outcome]) -> Iterator[str]:
    """The wrong answers given with most confidence."""
    wrong = sorted((o for o in outcomes if not o.right), key=lambda o: -o.confidence)[:WORST]
    yield from ("| sure | meant | taken for | |", "|---|---|---|---|")
    for o in wrong:
        text = o.said.text.replace("|", "/")
        sure = f"{100 * o.confidence:.0f} %{' (asked back)' if o.unsure else ''}"
        yield f"| {sure} | {o.said.label} | {o.ranking[0] if o.ranking else 'nothing'} | {text} |"


def overview(sets: list[Set]) -> str:
    """The figures as lines of text, for the terminal."""
    lines = []
    for each in sets:
        for name, measured in each.measured.items():
            lines.append(f"\n{each.name}, {name}: {len(measured.outcomes)} messages")
            lines += [f"  {figure:36} {value}" for figure, value in figures(measured).items()]
    return "\n".join(lines)
