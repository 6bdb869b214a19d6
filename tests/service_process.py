"""One of our services as a process of its own, which a test kills and starts again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from launcher.layout import ROOT


class ServiceProcess:
    """Runs `python -m <module>` with nothing but its own settings."""

    def __init__(self, module: str, url: str, settings: dict[str, str], folder: Path) -> None:
        self.url = url
        self._command = [sys.executable, "-m", module]
        self._environment = {"PATH": os.environ["PATH"], **settings}
        self._log = (folder / f"{module}.log").open("ab")
        self.start()

    def start(self) -> None:
        """Start it; it is not waited for."""
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log, start_new_session=True
        )

    def kill(self) -> None:
        """Kill it at once, with whatever it was doing."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it."""
        self.kill()
        self._log.close()
