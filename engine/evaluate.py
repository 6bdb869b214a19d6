"""Measures how well messages are understood, on labelled messages the model was not trained on.

`make evaluate` runs it on tests/nlu/validation.tsv; any file of lines `label<TAB>language<TAB>message` will do.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DISTRESS = "express_distress"
WORDS_THAT_SHOW_A_LANGUAGE = 3


@dataclass(frozen=True)
class Outcome:
    """One message: what it is, and what was understood."""

    label: str
    language: str
    words: int
    ranking: tuple[str, ...]
    fallback: bool
    recognised: str | None
    seconds: float


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share, after Wilson."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, hits / total
    centre, spread = share + z * z / (2 * total), z * ((share * (1 - share) + z * z / (4 * total)) / total) ** 0.5
    scale = 1 + z * z / total
    return (centre - spread) / scale, (centre + spread) / scale


def read(path: Path) -> list[tuple[str, str, str]]:
    """Read labelled messages as (label, language, message)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(parts[0], parts[1], parts[2]) for line in lines if len(parts := line.split("\t")) == 3]


async def understand(agent: Any, messages: list[tuple[str, str, str]]) -> list[Outcome]:
    """Parse the messages one by one, as they come in a conversation."""
    outcomes = []
    for label, language, text in messages:
        began = time.perf_counter()
        parsed = await agent.parse_message(text)
        seconds = time.perf_counter() - began
        ranking = [entry["name"] for entry in parsed["intent_ranking"] if entry["name"] != "nlu_fallback"]
        languages = [entity["value"] for entity in parsed["entities"] if entity["entity"].startswith("language")]
        fallback = parsed["intent"]["name"] == "nlu_fallback"
        outcomes.append(
            Outcome(label, language, len(text.split()), tuple(ranking), fallback, next(iter(languages), None), seconds)
        )
    return outcomes


def report(outcomes: list[Outcome]) -> str:
    """The figures as lines of text."""
    lines = [f"{len(outcomes)} messages"]
    groups = {"all": outcomes} | {name: [o for o in outcomes if o.language == name] for name in ("en", "nl", "fr")}
    for name, group in groups.items():
        lines.append(_share(f"right intent first, {name}", [o.ranking[0] == o.label for o in group]))
    lines.append(_share("right intent among three", [o.label in o.ranking[:3] for o in outcomes]))
    lines.append(_share("distress found", [o.ranking[0] == DISTRESS for o in outcomes if o.label == DISTRESS]))
    lines.append(_share("distress, false alarms", [o.ranking[0] == DISTRESS for o in outcomes if o.label != DISTRESS]))
    lines.append(_share("not understood (fallback)", [o.fallback for o in outcomes]))
    shown = [o for o in outcomes if o.words >= WORDS_THAT_SHOW_A_LANGUAGE and o.label != "change_language"]
    lines.append(_share("language, three words or more", [o.recognised == o.language for o in shown]))
    lines.append(f"{'parse, median':34} {1000 * statistics.median(o.seconds for o in outcomes):6.1f} ms")
    return "\n".join(lines)


def _share(name: str, hits: list[bool]) -> str:
    low, high = wilson(sum(hits), len(hits))
    return (
        f"{name:34} {100 * sum(hits) / max(1, len(hits)):6.1f} %  ({100 * low:.1f} to {100 * high:.1f}, n {len(hits)})"
    )


def main(arguments: list[str]) -> None:
    """Print the report for a model and a file of messages."""
    import structlog
    from rasa.core.agent import Agent

    # Rasa prints each message it parses at this level.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    model, path = arguments
    print(report(asyncio.run(understand(Agent.load(model), read(Path(path))))))


if __name__ == "__main__":
    main(sys.argv[1:])
