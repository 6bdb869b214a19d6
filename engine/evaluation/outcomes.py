"""What a model made of labelled messages it was not trained on, and the figures of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DISTRESS, OUT_OF_SCOPE = "express_distress", "out_of_scope"
LANGUAGES = ("en", "nl", "fr")
# From this many words on a message shows its language.
SHOWS_A_LANGUAGE = 3


@dataclass(frozen=True)
class Said:
    """A labelled message."""

    label: str
    language: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """One message and what was understood.

    Attributes:
        ranking: Intents, the likeliest first.
        confidence: Of the first one.
        unsure: The assistant would ask back instead of answering.
        recognised: The language, if one was recognised.
        seconds: How long the parse took.
    """

    said: Said
    ranking: tuple[str, ...]
    confidence: float
    unsure: bool
    recognised: str | None
    seconds: float

    @property
    def right(self) -> bool:
        """The first intent is the label."""
        return self.ranking[:1] == (self.said.label,)

    @property
    def among_three(self) -> bool:
        """The label is one of the first three."""
        return self.said.label in self.ranking[:3]


@dataclass(frozen=True)
class Share:
    """Hits among so many, with the 95 % interval after Wilson."""

    hits: int
    total: int

    @staticmethod
    def of(hits: Iterable[bool]) -> Share:
        """Count."""
        counted = list(hits)
        return Share(sum(counted), len(counted))

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high end."""
        if not self.total:
            return 0.0, 1.0
        z, share = 1.96, self.value
        centre = share + z * z / (2 * self.total)
        spread = z * ((share * (1 - share) + z * z / (4 * self.total)) / self.total) ** 0.5
        scale = 1 + z * z / self.total
        return (centre - spread) / scale, (centre + spread) / scale

    def __str__(self) -> str:
        low, high = self.interval
        return f"{100 * self.value:.1f} % ({100 * low:.1f} to {100 * high:.1f}, n {self.total})"


def read(path: Path) -> list[Said]:
    """Read lines of label, language and message, with tabs between; other lines are passed over."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Said(parts[0], parts[1], parts[2]) for line in lines if len(parts := line.split("\t")) == 3]


async def understand(agent: Any, messages: list[Said]) -> list[Outcome]:
    """Parse the messages one by one, as they come in a conversation.

    Args:
        agent: A Rasa agent with a model. A model of ours says itself when it is unsure, a stock model turns the
            intent into `nlu_fallback`.
    """
    outcomes = []
    for said in messages:
        began = time.perf_counter()
        parsed = await agent.parse_message(said.text)
        seconds = time.perf_counter() - began
        entries = [entry for entry in parsed.get("intent_ranking", []) if entry["name"] != "nlu_fallback"]
        languages = [entity["value"] for entity in parsed["entities"] if entity["entity"].startswith("language")]
        unsure = parsed.get("unsure", parsed["intent"]["name"] == "nlu_fallback")
        confidence = entries[0]["confidence"] if entries else 0.0
        ranking = tuple(entry["name"] for entry in entries)
        outcomes.append(Outcome(said, ranking, confidence, unsure, next(iter(languages), None), seconds))
    return outcomes


def shares(outcomes: list[Outcome]) -> dict[str, Share]:
    """The figures that are shares."""
    found = {"right intent first": Share.of(o.right for o in outcomes)}
    for language in LANGUAGES:
        found[f"right intent first, {language}"] = Share.of(o.right for o in outcomes if o.said.language == language)
    inside = [o for o in outcomes if o.said.label != OUT_OF_SCOPE]
    outside = [o for o in outcomes if o.said.label == OUT_OF_SCOPE]
    others = [o for o in outcomes if o.said.label != DISTRESS]
    shown = [o for o in outcomes if len(o.said.text.split()) >= SHOWS_A_LANGUAGE and o.said.label != "change_language"]
    return found | {
        "right intent among the first three": Share.of(o.among_three for o in outcomes),
        "asked back (unsure)": Share.of(o.unsure for o in outcomes),
        "answered, and wrong": Share.of(not o.unsure and not o.right for o in outcomes),
        "distress found": Share.of(o.ranking[:1] == (DISTRESS,) for o in outcomes if o.said.label == DISTRESS),
        "distress, false alarms": Share.of(o.ranking[:1] == (DISTRESS,) for o in others),
        "out of scope turned away": Share.of(_turned_away(o) for o in outside),
        "in scope turned away": Share.of(_turned_away(o) for o in inside),
        "language, three words or more": Share.of(o.recognised == o.said.language for o in shown),
    }


def _turned_away(outcome: Outcome) -> bool:
    return outcome.ranking[:1] == (OUT_OF_SCOPE,)


def milliseconds(outcomes: list[Outcome]) -> float:
    """The median time of a parse."""
    return 1000 * statistics.median(outcome.seconds for outcome in outcomes)


async def milliseconds_of_long(agent: Any, messages: list[Said], characters: int = 1_000) -> float:
    """The median time of a parse of stories of `characters` characters, made of the messages of a language."""
    took = []
    for language in LANGUAGES:
        text = " ".join(said.text for said in messages if said.language == language)
        for start in range(0, min(len(text) - characters, 10 * characters), characters):
            began = time.perf_counter()
            await agent.parse_message(text[start : start + characters])
            took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took) if took else 0.0
