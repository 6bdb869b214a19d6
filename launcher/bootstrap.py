"""Makes both environments from their hashed locks. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UV = TOOLS / "venv" / "bin" / "uv"


class InstallError(Exception):
    """The installation cannot go on; the message is one line a newcomer can act on."""


def main() -> int:
    """Install what is missing or outdated.

    Returns:
        0, or 1 after one clear line on what is wrong.
    """
    try:
        _check_python()
        _install_uv()
        _install(ROOT / ".venv", ROOT / "requirements.lock", "services and tests")
        _install(ROOT / "engine" / ".venv", ROOT / "engine" / "requirements.lock", "Rasa", _install_encoder)
    except InstallError as error:
        print(f"install: {error}", file=sys.stderr)
        return 1
    return 0


def _check_python() -> None:
    if sys.version_info[:2] != (3, 11):
        found = ".".join(map(str, sys.version_info[:2]))
        raise InstallError(f"Python 3.11 is needed, this is {found}: run `make PYTHON=/path/to/python3.11`.")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise InstallError("Python's venv module is missing: install the package python3.11-venv.") from None


def _install_uv() -> None:
    lock = ROOT / "launcher" / "uv.lock.txt"
    if _is_done(TOOLS, lock) and UV.exists():
        return
    print("Installing the installer (uv) …", flush=True)
    _run([sys.executable, "-m", "venv", "--clear", str(TOOLS / "venv")], "making a virtual environment failed")
    pip = [str(TOOLS / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "-r", str(lock)], "installing uv failed")
    _mark_done(TOOLS, lock)


def _install(environment: Path, lock: Path, what: str, after=None) -> None:  # type: ignore[no-untyped-def]
    if _is_done(environment, lock) and (environment / "bin" / "python").exists():
        return
    began = time.monotonic()
    print(f"Installing {what} …", flush=True)
    shutil.rmtree(environment, ignore_errors=True)
    _run([str(UV), "venv", "--quiet", "--python", sys.executable, str(environment)], f"{environment} cannot be made")
    sync = [str(UV), "pip", "sync", "--quiet", "--python", str(environment), "--require-hashes", "--compile-bytecode"]
    # The folder of the lock, because uv reads there which metadata of Rasa to replace.
    _run([*sync, str(lock)], f"installing {what} failed", folder=lock.parent)
    if after:
        after(environment)
    _mark_done(environment, lock)
    print(f"  done in {time.monotonic() - began:.0f} s", flush=True)


def _install_encoder(environment: Path) -> None:
    """The sentence encoder is optional: without it the assistant understands less, but everything works."""
    lock = ROOT / "engine" / "encoder.lock"
    install = [str(UV), "pip", "install", "--quiet", "--python", str(environment), "--require-hashes", "--no-deps"]
    try:
        _run([*install, "-r", str(lock)], "installing the sentence encoder failed")
    except InstallError as error:
        print(f"  {error}\n  Going on without it: messages are understood less well.", file=sys.stderr)


def _run(command: list[str], problem: str, folder: Path = ROOT) -> None:
    # A caller's own index settings for pip would otherwise not reach uv's link mode and cache on other disks.
    environment = {**os.environ, "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy"), "UV_NO_PROGRESS": "1"}
    environment.pop("VIRTUAL_ENV", None)
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)  # noqa: S603
    except OSError as error:
        raise InstallError(f"{problem}: {error}") from error
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise InstallError(f"{problem}: {' / '.join(said[-3:]) or 'no reason given'}")


def _stamp(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _is_done(folder: Path, lock: Path) -> bool:
    stamp = folder / ".installed"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _stamp(lock)


def _mark_done(folder: Path, lock: Path) -> None:
    (folder / ".installed").write_text(_stamp(lock), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
