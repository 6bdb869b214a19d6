"""Builds the two small files the bot serves from the modules in bot/web/widget: `make widget`, after each change there.

Only this needs Node. Without it everything still works: the bot then serves the modules as they are.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from bot.pages import BUILT, ENTRY, LOADER, WEB, built_from
from launcher.errors import LaunchError
from launcher.layout import ROOT

TOOLS = ROOT / ".tools" / "esbuild"
_PACKAGE = "esbuild-wasm@0.28.2"
_SHA512 = "GccVwhv3mmOUVQHCQm2Ox/rby8n/EqUwvZxE6Pjfikrq/lWw9g9WX/u9EykWnpot3Ko6j426DgQdea2xWKIAQA=="
# The youngest thing the widget needs is adoptedStyleSheets (Safari 16.4); all of them know ES2022.
_OPTIONS = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--charset=utf8", "--log-level=warning")


def build(web: Path = WEB, tools: Path = TOOLS) -> Path:
    """Build the files and return their folder.

    Raises:
        LaunchError: Node is missing, or the build tool is not the one we know.
    """
    program = _esbuild(tools)
    built = web / BUILT
    built.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(shutil.copytree(web / "widget", folder, dirs_exist_ok=True))
        styles = sources / "styles.js"
        styles.write_text(without_space(styles.read_text()))
        for name in (LOADER, ENTRY):
            form = [*_OPTIONS, f"--banner:js={built_from(web)}", f"--outfile={built / name}"]
            _run(["node", str(program), str(sources / name), *form], tools)
    return built


def without_space(styles: str) -> str:
    """The style sheet is a text in a module, so the build tool leaves it as it is."""
    return re.sub(r"(?<=[:,]) +", "", re.sub(r"\s*([{};])\s*", r"\1", styles))


def _esbuild(tools: Path) -> Path:
    program = tools / "package" / "bin" / "esbuild"
    if not program.is_file():
        if shutil.which("npm") is None:
            raise LaunchError("widget: Node.js with npm is needed to build the widget; nothing else here needs it.")
        tools.mkdir(parents=True, exist_ok=True)
        _run(["npm", "pack", "--silent", _PACKAGE], tools)
        unpack(next(tools.glob("*.tgz")), tools)
    return program


def unpack(archive: Path, tools: Path) -> None:
    """Unpack the build tool, after a look at its hash.

    Raises:
        LaunchError: It is another one; it is removed.
    """
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != _SHA512:
        archive.unlink()
        raise LaunchError(f"widget: {_PACKAGE} is not the package we know; it was removed.")
    with tarfile.open(archive) as packed:
        packed.extractall(tools, filter="data")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise LaunchError(f"widget: {done.stderr.strip()}")


def main() -> None:
    """Build and say how large it is."""
    try:
        built = build()
    except LaunchError as error:
        sys.exit(str(error))
    packed = sum(len(gzip.compress(file.read_bytes(), 9)) for file in built.glob("*.js"))
    print(f"{built.relative_to(ROOT)}: {packed / 1000:.1f} kB with gzip")


if __name__ == "__main__":
    main()
