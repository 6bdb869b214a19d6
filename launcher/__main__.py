"""The commands behind the Makefile: run, test, check, train, evaluate, rasa."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from claims.demo import demo_policies
from launcher import checks, model
from launcher.errors import LaunchError
from launcher.house import House
from launcher.layout import RASA, ROOT, Layout


def main(arguments: list[str]) -> int:
    """Run a command.

    Returns:
        The exit status: 0 after Ctrl-C, 1 with one clear line when something is wrong.
    """
    command, *rest = arguments or ["run"]
    try:
        layout = Layout.of(Path(os.environ.get("CYBERCARE_VAR") or ROOT / "var"))
        if command == "run":
            return run(layout)
        if command == "train":
            print(model.ensure(layout, force="--force" in rest))
            return 0
        if command == "rasa":
            return subprocess.call([str(RASA), *rest], cwd=ROOT, env={**os.environ, **layout.rasa_environment()})  # noqa: S603
        if command == "evaluate":
            return evaluate(layout, rest)
        if command == "check":
            checks.check(layout)
            return 0
        if command == "test":
            checks.test(layout, rest)
            return 0
        raise LaunchError(f"unknown command {command}: use run, test, check, train, evaluate or rasa")
    except LaunchError as error:
        print(f"cyber-care: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def evaluate(layout: Layout, rest: list[str]) -> int:
    """Measure the model for the present data and write the report.

    Args:
        rest: More files of labelled messages; `--stock=20` compares with stock Rasa, both trained on 20 messages of
            each intent and language.
    """
    compared = [name.removeprefix("--stock=") for name in rest if name.startswith("--stock=")]
    sets = [str(ROOT / "tests" / "nlu" / "validation.tsv"), *(name for name in rest if not name.startswith("--"))]
    models = {"ours": model.ensure(layout, force=True)}
    note = ""
    if compared:
        models |= model.ensure_compared(layout, int(compared[0]))
        note = (
            f"Stock Rasa is its default pipeline (DIET, 100 epochs) trained on the first {compared[0]} messages of "
            'each intent and language; "ours, the same data" is our pipeline trained on those.'
        )
    command = [str(RASA.parent / "python"), "-m", "engine.evaluation", str(ROOT / "docs" / "evaluation")]
    command += ["--note", note]
    for name, path in models.items():
        command += ["--model", f"{name}={path}={model.training_seconds(path)}"]
    for each in sets:
        command += ["--set", each]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, **layout.rasa_environment()})  # noqa: S603


def run(layout: Layout) -> int:
    """Start the whole house and keep it until Ctrl-C."""
    began = time.monotonic()
    house = House(layout, layout.programs(model.model_path()))
    house.check_ports()
    model.ensure(layout)
    house.prepare()
    # A shell starts background jobs with the interrupt ignored; it stops the house all the same.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        house.start()
        house.wait_until_ready(lambda name: print(f"  {name} is ready", flush=True))
        house.set_up_page()
        print(welcome(layout, time.monotonic() - began), flush=True)
        house.wait()
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        return 0
    finally:
        house.stop()
    return 0


def welcome(layout: Layout, seconds: float) -> str:
    """What to open and what to try."""
    rows = "\n".join(
        f"    {policy.reference}  {policy.date_of_birth:%d/%m/%Y}  {policy.shows}" for policy in demo_policies()
    )
    return f"""
Cyber Care is ready after {seconds:.0f} s.

  Website with the assistant   {layout.url("BOT_PORT")}
  Mails with one-time codes    {layout.url("MAILSINK_PORT")}
  Messenger and WhatsApp       {layout.url("META_PORT")}

  Demo policies (reference, date of birth, what they show):
{rows}

  Try: "my parcel never came" · "er is geld van mijn rekening verdwenen" · "le sac que j'ai reçu est un faux"

  Logs are in {layout.var / "log"}. Ctrl-C stops everything."""


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
