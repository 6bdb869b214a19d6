"""The model that belongs to the present data: found by the data's fingerprint, or trained."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from launcher.errors import LaunchError
from launcher.layout import RASA, ROOT, Layout

KEPT = 3


def fingerprint() -> str:
    """Twelve digits that change whenever something changes that a model is made of."""
    digest = hashlib.sha256()
    for path in sorted(_ingredients()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _ingredients() -> Iterator[Path]:
    yield from (ROOT / name for name in ("config.yml", "domain.yml", "engine/requirements.lock", "engine/encoder.lock"))
    yield ROOT / "common" / "sensitive.py"
    for folder in ("nlu", "entities", "rules", "stories"):
        yield from (ROOT / "data" / folder).rglob("*.yml")
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
    if model.exists() and not force:
        return model
    log = layout.var / "log" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [
        str(RASA),
        "train",
        "--skip-validation",
        "--out",
        str(model.parent),
        "--fixed-model-name",
        model.name.removesuffix(".tar.gz"),
    ]
    environment = {**os.environ, **layout.rasa_environment()}
    with log.open("wb") as output:
        training = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)  # noqa: S603
        try:
            _watch(training)
        except BaseException:
            training.terminate()
            raise
    if training.returncode or not model.exists():
        raise LaunchError(f"training failed, the reason stands at the end of {log}")
    _prune(model.parent)
    return model


def _prune(folder: Path) -> None:
    """Keep the newest models only: each change of the data makes one."""
    models = sorted(folder.glob("cyber-care-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in models[:-KEPT]:
        old.unlink()


def _watch(training: subprocess.Popen[bytes]) -> None:
    began, shown = time.monotonic(), -10.0
    interactive = sys.stdout.isatty()
    while training.poll() is None:
        seconds = time.monotonic() - began
        if seconds - shown >= (1 if interactive else 15):
            shown = seconds
            print(
                f"Training the model (about a minute) … {seconds:.0f} s", end="\r" if interactive else "\n", flush=True
            )
        try:
            training.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
    print(f"Training the model … done in {time.monotonic() - began:.0f} s      ", flush=True)
