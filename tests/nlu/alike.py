"""When two messages are too much alike: the same, or nearly the same words in a row.

Training data must not hold a message twice, nor one of a set that is there for measuring. A measuring set that is not
in the repository is known here by the hashes of its word triples only (kept_apart.txt):

    python -m tests.nlu.alike SET.tsv > tests/nlu/kept_apart.txt
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

KEPT_APART = Path(__file__).parent / "kept_apart.txt"
# Shorter ones ("ok thank you") are said by everybody.
FEWEST_WORDS = 5
SHARED = 0.7


def normal(text: str) -> str:
    """Without case, punctuation and the number of spaces; emoji alone stay, because they are the message."""
    words = re.sub(r"[^\w]+", " ", text.casefold()).strip()
    return words or text.strip()


def triples(text: str) -> frozenset[str]:
    """Hashes of all three words in a row; empty for a message too short to compare."""
    words = normal(text).split()
    if len(words) < FEWEST_WORDS:
        return frozenset()
    rows = (" ".join(words[start : start + 3]) for start in range(len(words) - 2))
    return frozenset(hashlib.sha256(row.encode()).hexdigest()[:10] for row in rows)


class Alike:
    """Messages to compare others with."""

    def __init__(self, known: Iterable[frozenset[str]] = ()) -> None:
        self._known: list[frozenset[str]] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        for one in known:
            self.add(one)

    def add(self, one: frozenset[str]) -> None:
        """Remember a message by its triples."""
        for triple in one:
            self._where[triple].append(len(self._known))
        self._known.append(one)

    def find(self, one: frozenset[str], of: Callable[[int, int], int] = min) -> int | None:
        """The number of a message that shares most triples with this one, None if there is none.

        Args:
            of: `min` compares with the shorter of both (one may stand within the other), `max` with the longer.
        """
        shared = Counter(index for triple in one for index in self._where.get(triple, ()))
        near = (i for i, count in shared.items() if count >= SHARED * of(len(one), len(self._known[i])))
        return next(near, None)


def kept_apart() -> Alike:
    """The measuring set that is not in the repository."""
    return Alike(frozenset(line.split()) for line in KEPT_APART.read_text("utf-8").splitlines())


def _fingerprints(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        found = triples(line.split("\t")[-1])
        if found:
            yield " ".join(sorted(found))


if __name__ == "__main__":
    print("\n".join(_fingerprints(Path(sys.argv[1]))))
