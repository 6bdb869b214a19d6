"""Measures models on labelled sets and writes the report.

python -m engine.evaluation FOLDER --model ours=MODEL --model "stock Rasa=MODEL" --set tests/nlu/validation.tsv
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from pathlib import Path

import structlog
from rasa.core.agent import Agent

from engine.evaluation.outcomes import milliseconds_of_long, read, understand
from engine.evaluation.report import Measured, Set, overview, write

ROOT = Path(__file__).resolve().parents[2]
_ABOUT = {
    "validation": (
        "834 messages by a writer who saw neither the training data nor the model; in the repository "
        "(`tests/nlu/validation.tsv`). For choosing and comparing."
    ),
}
_OTHER = "{count} messages that are not in the repository, so none of them is quoted here. For measuring only."


def main() -> None:
    """Read the arguments, measure, write, print."""
    parser = argparse.ArgumentParser(prog="engine.evaluation")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", action="append", required=True, help="name=path[=seconds of training]")
    parser.add_argument("--set", action="append", required=True, type=Path, dest="sets")
    parser.add_argument("--note", default="")
    arguments = parser.parse_args()
    # Rasa prints each message it parses at a lower level.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    models = {name: rest for name, _, rest in (model.partition("=") for model in arguments.model)}
    sets = asyncio.run(measure(models, arguments.sets))
    write(sets, arguments.folder, arguments.note)
    print(overview(sets))


async def measure(models: Mapping[str, str], paths: list[Path]) -> list[Set]:
    """Run every model over every set, one model in memory at a time.

    Args:
        models: Name -> path, or path=seconds its training took.
    """
    read_sets = {path: read(path) for path in paths}
    found: dict[Path, dict[str, Measured]] = {path: {} for path in paths}
    for name, where in models.items():
        model, _, seconds = where.partition("=")
        agent = Agent.load(model)
        for path, messages in read_sets.items():
            outcomes = await understand(agent, messages)
            long = await milliseconds_of_long(agent, messages)
            found[path][name] = Measured(outcomes, long, float(seconds) if seconds else None)
    return [_set(path, len(read_sets[path]), measured) for path, measured in found.items()]


def _set(path: Path, count: int, measured: dict[str, Measured]) -> Set:
    inside = path.resolve().is_relative_to(ROOT)
    about = _ABOUT.get(path.stem, _OTHER).format(count=count)
    return Set(path.stem, about, inside, measured)


if __name__ == "__main__":
    main()
