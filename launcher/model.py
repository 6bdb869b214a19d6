"""The model that belongs to the present data: found by the data's fingerprint, or trained."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.errors import LaunchError
from launcher.layout import RASA, ROOT, Layout

KEPT = 3


def fingerprint(ingredients: Iterable[Path] | None = None) -> str:
    """Twelve digits that change whenever something changes that a model is made of."""
    digest = hashlib.sha256()
    for path in sorted(_ingredients() if ingredients is None else ingredients):
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
        digest.update(str(name).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _ingredients() -> Iterator[Path]:
    yield from (ROOT / name for name in ("config.yml", "domain.yml", "engine/requirements.lock", "engine/encoder.lock"))
    for folder in ("nlu", "entities", "rules", "stories"):
        yield from (ROOT / "data" / folder).rglob("*.yml")
    yield from _code()


def _code() -> Iterator[Path]:
    yield from (ROOT / name for name in ("common/sensitive.py", "data/distress.yml"))
    yield from (ROOT / "engine" / "nlu").glob("*.py")


def model_path() -> Path:
    """Where the model for the present data stands, or will stand."""
    return ROOT / "models" / f"cyber-care-{fingerprint()}.tar.gz"


def ensure(layout: Layout, *, force: bool = False) -> Path:
    """Return the model for the present data; train it if there is none.

    Raises:
        LaunchError: Training failed; the message names the log.
    """
    model = model_path()
    with _alone(model.parent):
        if force or not model.exists():
            _train_and_prune(layout, model, force=force)
    return model


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two commands at once do not train the same model twice: the second waits for the first."""
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _train_and_prune(layout: Layout, model: Path, *, force: bool) -> None:
    _train(layout, model, ["train", "--skip-validation", *(["--force"] if force else [])], "about a minute")
    _prune(model.parent)


def ensure_compared(layout: Layout, messages: int) -> dict[str, Path]:
    """Return our model and stock Rasa's, both trained on the same part of the training data.

    All of it would take stock Rasa hours, so each intent gives its first messages in each language.

    Args:
        messages: How many of each intent and language.
    """
    folder = layout.var / "compared" / f"nlu-{messages}"
    folder.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        (folder / path.name).write_text(_first_messages(path.read_text(encoding="utf-8"), messages), encoding="utf-8")
    configs = {"ours, the same data": ROOT / "config.yml", "stock Rasa": ROOT / "engine" / "evaluation" / "stock.yml"}
    found = {}
    for name, config in configs.items():
        ingredients = [config, *folder.glob("*.yml"), *(() if config.stem == "stock" else _code())]
        model = ROOT / "models" / f"compared-{config.stem}-{fingerprint(ingredients)}.tar.gz"
        if not model.exists():
            command = ["train", "nlu", "--nlu", str(folder), "--config", str(config)]
            _train(layout, model, command, f"{name}, {messages} messages an intent and language")
        found[name] = model
    return found


def _first_messages(text: str, count: int) -> str:
    """A file of training data with no more than `count` messages an intent."""
    lines, messages = [], 0
    for line in text.splitlines():
        messages = messages + 1 if line.startswith("    - ") else 0
        if messages <= count:
            lines.append(line)
    return "\n".join(lines) + "\n"


def training_seconds(model: Path) -> str:
    """How long the training of a model took, if it was trained here."""
    noted = _seconds_file(model)
    return noted.read_text(encoding="utf-8") if noted.exists() else ""


def _seconds_file(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(".tar.gz") + ".seconds")


def _train(layout: Layout, model: Path, command: list[str], how_long: str) -> None:
    log = layout.var / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(RASA), *command, "--out", str(model.parent)]
    command += ["--fixed-model-name", model.name.removesuffix(".tar.gz")]
    environment = {**os.environ, **layout.rasa_environment()}
    began = time.monotonic()
    with log.open("wb") as output:
        training = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)  # noqa: S603
        try:
            _watch(training, how_long)
        except BaseException:
            training.terminate()
            raise
    if training.returncode or not model.exists():
        raise LaunchError(f"training failed, the reason stands at the end of {log}")
    _seconds_file(model).write_text(f"{time.monotonic() - began:.0f}", encoding="utf-8")


def _prune(folder: Path) -> None:
    """Keep the newest models only: each change of the data makes one."""
    models = sorted(folder.glob("cyber-care-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-KEPT]:
        old.unlink()
        _seconds_file(old).unlink(missing_ok=True)


def _watch(training: subprocess.Popen[bytes], how_long: str) -> None:
    began, shown = time.monotonic(), -10.0
    interactive = sys.stdout.isatty()
    while training.poll() is None:
        seconds = time.monotonic() - began
        if seconds - shown >= (1 if interactive else max(15.0, seconds / 10)):
            shown = seconds
            print(f"Training the model ({how_long}) … {seconds:.0f} s", end="\r" if interactive else "\n", flush=True)
        try:
            training.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
    print(f"Training the model … done in {time.monotonic() - began:.0f} s      ", flush=True)
