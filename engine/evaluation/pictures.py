"""The pictures of the report, as SVG files that look the same every time the figures are the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from engine.evaluation.outcomes import LANGUAGES, OUT_OF_SCOPE, Outcome, Share

matplotlib.use("svg")
from matplotlib import pyplot as plt

INK, OURS, OTHER, GOOD, BAD, PALE = "#1d2433", "#5b2d90", "#9aa3b2", "#1f8a5b", "#c8412b", "#e8eaf0"
SERIES = (OURS, "#b79ad6", OTHER)
plt.rcParams.update(
    {
        "svg.hashsalt": "cyber-care",
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.size": 10,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": PALE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "xtick.color": INK,
        "ytick.color": INK,
        "grid.color": PALE,
        "legend.frameon": False,
        "figure.facecolor": "white",
    }
)

Results = dict[str, list[Outcome]]


@contextmanager
def _figure(path: Path, width: float, height: float) -> Iterator[Any]:
    figure, axes = plt.subplots(figsize=(width, height))
    yield axes
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    # Matplotlib leaves spaces at the ends of lines.
    path.write_text("\n".join(map(str.rstrip, path.read_text("utf-8").splitlines())) + "\n", encoding="utf-8")


def first_by_language(results: Results, goal: float, path: Path) -> None:
    """Bars: right intent first, of all and by language, one colour a model, with intervals."""
    groups = ("all", *LANGUAGES)
    with _figure(path, 8, 3.2) as axes:
        width = 0.8 / len(results)
        for number, (name, outcomes) in enumerate(results.items()):
            parts = [Share.of(o.right for o in outcomes if group in ("all", o.said.language)) for group in groups]
            places = np.arange(len(groups)) + (number - (len(results) - 1) / 2) * width
            values = np.array([100 * part.value for part in parts])
            ends = np.array([[100 * end for end in part.interval] for part in parts]).T
            axes.bar(places, values, width * 0.92, color=SERIES[number], label=name)
            axes.errorbar(places, values, np.abs(ends - values), fmt="none", ecolor=INK, elinewidth=1, capsize=3)
            for place, value in zip(places, values, strict=True):
                axes.text(place, 3, f"{value:.0f}", ha="center", color="white", fontweight="bold")
        axes.axhline(100 * goal, color=GOOD, linewidth=1, linestyle="--", label=f"goal, {100 * goal:.0f} %")
        axes.set_xticks(range(len(groups)), ["all", "English", "Dutch", "French"])
        axes.set_ylim(0, 100)
        axes.set_ylabel("right intent first, %")
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncol=3)


def by_label(outcomes: list[Outcome], path: Path) -> None:
    """Dots: how often each label is found first and among three, with intervals, the weakest on top."""
    labels = sorted({o.said.label for o in outcomes})
    found = {label: [o for o in outcomes if o.said.label == label] for label in labels}
    labels.sort(key=lambda label: (-Share.of(o.right for o in found[label]).value, label))
    with _figure(path, 8, 0.2 * len(labels) + 1) as axes:
        for row, label in enumerate(labels):
            first = Share.of(o.right for o in found[label])
            three = Share.of(o.among_three for o in found[label])
            low, high = first.interval
            axes.plot([100 * low, 100 * high], [row, row], color=PALE, linewidth=5, solid_capstyle="round", zorder=1)
            axes.plot(100 * three.value, row, "|", color=GOOD, markersize=10, markeredgewidth=2, zorder=2)
            axes.plot(100 * first.value, row, "o", color=OURS if first.value >= 0.87 else BAD, markersize=6, zorder=3)
        axes.set_yticks(range(len(labels)), labels, fontsize=8)
        axes.set_xlim(0, 102)
        axes.set_ylim(-1, len(labels))
        axes.grid(axis="x")
        axes.set_xlabel("dot: right first, %   ·   green line: among the first three   ·   grey: 95 % interval")


def confusion(outcomes: list[Outcome], path: Path) -> None:
    """Who is taken for whom: one square for each pair of labels that were mixed up, bigger when more often."""
    labels = list(dict.fromkeys(sorted({o.said.label for o in outcomes}, key=_group)))
    place = {label: index for index, label in enumerate(labels)}
    pairs: dict[tuple[int, int], int] = {}
    for o in outcomes:
        if not o.right and o.ranking and o.ranking[0] in place:
            key = (place[o.ranking[0]], place[o.said.label])
            pairs[key] = pairs.get(key, 0) + 1
    with _figure(path, 10, 10) as axes:
        axes.plot([-0.5, len(labels) - 0.5], [-0.5, len(labels) - 0.5], color=PALE, linewidth=6, zorder=0)
        for (said, meant), count in pairs.items():
            axes.scatter(said, meant, s=45 * count, marker="s", color=BAD if count > 1 else "#e39a8d", zorder=2)
            if count > 1:
                axes.text(said, meant, str(count), ha="center", va="center", fontsize=7, color="white", zorder=3)
        axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=7)
        axes.set_yticks(range(len(labels)), labels, fontsize=7)
        axes.set_xlim(-1, len(labels))
        axes.set_ylim(len(labels), -1)
        axes.grid(color="#f3f4f7")
        axes.set_xlabel("taken for")
        axes.set_ylabel("meant")


def _group(label: str) -> tuple[int, str]:
    order = ("report", "file", "claim", "add", "withdraw", "ask_claim", "ask_required", "ask_payout", "ask_prevention")
    return next((index for index, start in enumerate(order) if label.startswith(start)), len(order)), label


def calibration(results: Results, path: Path) -> None:
    """How often the first guess is right, by how sure the model says it is; true confidence lies on the line."""
    with _figure(path, 5, 4.4) as axes:
        axes.plot([0, 100], [0, 100], color=PALE, linewidth=3, zorder=0)
        for number, (name, outcomes) in enumerate(results.items()):
            ordered = sorted(outcomes, key=lambda o: o.confidence)
            bins = [part for part in np.array_split(np.arange(len(ordered)), 10) if len(part)]
            sure = [100 * np.mean([ordered[i].confidence for i in part]) for part in bins]
            right = [100 * np.mean([ordered[i].right for i in part]) for part in bins]
            axes.plot(sure, right, "o-", color=SERIES[number], label=name, markersize=5)
        axes.set_xlim(0, 102)
        axes.set_ylim(0, 102)
        axes.set_xlabel("how sure it says it is, %")
        axes.set_ylabel("how often it is right, %")
        axes.legend(loc="lower right")


def risk_coverage(results: Results, path: Path) -> None:
    """The share of wrong answers against the share of messages answered, from the surest on; a dot where we stand."""
    with _figure(path, 5, 4.4) as axes:
        for number, (name, outcomes) in enumerate(results.items()):
            ordered = sorted(outcomes, key=lambda o: -o.confidence)
            wrong = np.cumsum([not o.right for o in ordered])
            answered = np.arange(1, len(ordered) + 1)
            axes.plot(100 * answered / len(ordered), 100 * wrong / answered, color=SERIES[number], label=name)
            given = [o for o in outcomes if not o.unsure]
            risk = 100 * np.mean([not o.right for o in given]) if given else 0
            axes.plot(100 * len(given) / len(outcomes), risk, "o", color=SERIES[number], markersize=8)
        axes.set_xlim(0, 102)
        axes.set_ylim(bottom=0)
        axes.grid()
        axes.set_xlabel("answered instead of asked back, %")
        axes.set_ylabel("wrong among what is answered, %")
        axes.legend(loc="upper left")


def times(results: Results, path: Path) -> None:
    """How long a parse takes."""
    with _figure(path, 8, 2.4) as axes:
        for number, (name, outcomes) in enumerate(results.items()):
            took = np.sort([1000 * o.seconds for o in outcomes])
            axes.plot(took, 100 * np.arange(1, len(took) + 1) / len(took), color=SERIES[number], label=name)
        axes.axvline(8, color=GOOD, linestyle="--", linewidth=1, label="goal for the median, 8 ms")
        axes.set_xlim(0, 40)
        axes.set_ylim(0, 100)
        axes.grid()
        axes.set_xlabel("milliseconds a message")
        axes.set_ylabel("messages, %")
        axes.legend(loc="lower right")


def turned_away(results: Results, path: Path) -> None:
    """Out of scope: what is turned away against what is lost, if the threshold on confidence alone were moved."""
    with _figure(path, 5, 4.4) as axes:
        for number, (name, outcomes) in enumerate(results.items()):
            inside = [o for o in outcomes if o.said.label != OUT_OF_SCOPE]
            outside = [o for o in outcomes if o.said.label == OUT_OF_SCOPE]
            lost = 100 * np.mean([o.ranking[:1] == (OUT_OF_SCOPE,) for o in inside])
            away = 100 * np.mean([o.ranking[:1] == (OUT_OF_SCOPE,) for o in outside]) if outside else 0
            asked = 100 * np.mean([o.unsure or o.ranking[:1] == (OUT_OF_SCOPE,) for o in inside])
            caught = 100 * np.mean([o.unsure or o.ranking[:1] == (OUT_OF_SCOPE,) for o in outside]) if outside else 0
            axes.plot([lost, asked], [away, caught], color=SERIES[number], linewidth=1)
            axes.plot(lost, away, "o", color=SERIES[number], markersize=8, label=f"{name}, turned away")
            axes.plot(asked, caught, "o", color="white", markeredgecolor=SERIES[number], markersize=8)
        axes.axhline(90, color=GOOD, linestyle="--", linewidth=1)
        axes.axvline(3, color=GOOD, linestyle="--", linewidth=1, label="goal: above and left")
        axes.set_xlim(0, None)
        axes.set_ylim(0, 102)
        axes.set_xlabel("in scope, but turned away (hollow: or asked back), %")
        axes.set_ylabel("out of scope turned away, %")
        axes.legend(loc="lower right")
