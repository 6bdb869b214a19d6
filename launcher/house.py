"""Starts all rooms under supervisord, waits until they are ready, stops them again."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from launcher.errors import LaunchError
from launcher.layout import PYTHON, ROOT, Layout, Program

READY_SECONDS = 150


class House:
    """The running rooms of one layout."""

    def __init__(self, layout: Layout, programs: list[Program]) -> None:
        self._layout, self.programs = layout, programs
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._control: Path | None = None

    def prepare(self) -> None:
        """Bring the databases up to date and load the demo policies.

        Raises:
            LaunchError: A step failed.
        """
        for folder in ("log", "mail", "run"):
            (self._layout.var / folder).mkdir(parents=True, exist_ok=True)
        for module, room in (("claims.migrate", "claims"), ("claims.demo", "claims"), ("bot.migrate", "bot")):
            self._run(module, self.program(room).environment)

    def check_ports(self) -> None:
        """Find out before anything starts whether the ports are free.

        Raises:
            LaunchError: One is in use; the message says which variable moves it.
        """
        for program in self.programs:
            for variable, port in program.ports.items():
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    try:
                        probe.bind(("127.0.0.1", port))
                    except OSError as error:
                        raise LaunchError(
                            f"port {port} for {program.name} is in use: stop what uses it, "
                            f"or choose another with {variable}=…"
                        ) from error

    def start(self) -> None:
        """Start supervisord with all programs."""
        # Not below `var`: the path of a socket may only have about a hundred characters.
        self._control = Path(tempfile.mkdtemp(prefix="cyber-care-")) / "supervisor.sock"
        configuration = self._layout.var / "run" / "supervisord.conf"
        descriptor = os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(supervisor_configuration(self._layout.var, self.programs, self._control))
        command = [str(PYTHON.parent / "supervisord"), "-n", "-c", str(configuration)]
        log = (self._layout.var / "log" / "supervisord.out").open("wb")
        # A session of its own: Ctrl-C reaches us, and we stop the rooms in order.
        self._supervisor = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def wait_until_ready(self, tell: Callable[[str], None] = lambda _: None) -> None:
        """Wait until every room answers.

        Raises:
            LaunchError: One does not; the message names its log and its last words.
        """
        waiting = list(self.programs)
        deadline = time.monotonic() + READY_SECONDS
        while waiting:
            for program in [candidate for candidate in waiting if is_ready(candidate)]:
                waiting.remove(program)
                tell(program.name)
            if self._supervisor is None or self._supervisor.poll() is not None:
                said = (self._layout.var / "log" / "supervisord.out").read_text(errors="replace")
                raise LaunchError(f"the process runner stopped: {_last_line(said)}")
            broken = [program for program in waiting if self._gave_up(program)]
            if broken or time.monotonic() > deadline:
                raise LaunchError(self._why_not(broken[0] if broken else waiting[0]))
            time.sleep(0.2)

    def set_up_page(self) -> None:
        """Give the demo's page on Messenger its greeting, menu and first questions.

        Raises:
            LaunchError: The stand-in did not take them.
        """
        environment = self.program("bot").environment
        if environment.get("BOT_META_GRAPH_URL", "").startswith(self._layout.url("META_PORT")):
            self._run("bot.meta", environment, "profile")

    def stop(self) -> None:
        """Stop all rooms and wait until they are gone."""
        if self._supervisor and self._supervisor.poll() is None:
            self._supervisor.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._supervisor.wait(timeout=40)
        if self._control:
            shutil.rmtree(self._control.parent, ignore_errors=True)
        self._supervisor = self._control = None

    def stop_room(self, name: str) -> None:
        """Stop one room for a while; supervisord leaves it stopped."""
        self._tell_supervisor("stop", name)

    def start_room(self, name: str) -> None:
        """Start a room that was stopped."""
        self._tell_supervisor("start", name)

    def process_of(self, name: str) -> int:
        """The process id of a room; 0 while it does not run."""
        done = self._ask_supervisor("pid", name)
        if not done.stdout.strip().isdigit():
            raise _unanswered(done)
        return int(done.stdout)

    def _tell_supervisor(self, *words: str) -> None:
        done = self._ask_supervisor(*words)
        if done.returncode:
            raise _unanswered(done)

    def _ask_supervisor(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(PYTHON.parent / "supervisorctl"), "-s", f"unix://{self._control}", *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=self._layout.var)  # noqa: S603

    def wait(self) -> None:
        """Wait until the process runner ends by itself.

        Raises:
            LaunchError: It did.
        """
        if self._supervisor:
            self._supervisor.wait()
            raise LaunchError(f"the process runner stopped, see {self._layout.var / 'log' / 'supervisord.log'}")

    def program(self, name: str) -> Program:
        """The program of that name."""
        return next(program for program in self.programs if program.name == name)

    def log_of(self, name: str) -> Path:
        """Where the output of a room goes."""
        return self._layout.var / "log" / f"{name}.log"

    def _run(self, module: str, environment: dict[str, str], *arguments: str) -> None:
        command = [str(PYTHON), "-m", module, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            raise LaunchError(f"{module} failed: {_last_line(done.stderr or done.stdout)}")

    def _gave_up(self, program: Program) -> bool:
        log = self._layout.var / "log" / "supervisord.log"
        return log.exists() and f"gave up: {program.name} " in log.read_text(errors="replace")

    def _why_not(self, program: Program) -> str:
        log = self.log_of(program.name)
        said = log.read_text(errors="replace") if log.exists() else ""
        return f"{program.name} did not become ready: {_last_line(said)} (see {log})"


def is_ready(program: Program) -> bool:
    """Ask the room whether it is ready."""
    request = urllib.request.Request(program.ready, headers=program.headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=3) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def supervisor_configuration(var: Path, programs: list[Program], control: Path | None = None) -> str:
    """Write the configuration: every program restarts when it dies and is stopped with its children.

    Args:
        var: Where logs go.
        programs: What runs.
        control: The socket over which a single program is stopped and started.

    Raises:
        LaunchError: A variable has a value that supervisord's format cannot carry.
    """
    folder = _escaped(str(var))
    parts = [
        "[supervisord]\nnodaemon=true\n"
        f"logfile={folder}/log/supervisord.log\npidfile={folder}/run/supervisord.pid\nchildlogdir={folder}/log\n"
    ]
    if control:
        parts.append(
            f"[unix_http_server]\nfile={_escaped(str(control))}\nchmod=0700\n\n[rpcinterface:supervisor]\n"
            "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n"
        )
    for priority, program in enumerate(programs):
        environment = ",".join(f'{key}="{_carried(key, value)}"' for key, value in sorted(program.environment.items()))
        parts.append(
            f"[program:{program.name}]\ncommand={_escaped(shlex.join(program.command))}\n"
            f"directory={_escaped(str(ROOT))}\nenvironment={environment}\npriority={priority}\n"
            f"stdout_logfile={folder}/log/{program.name}.log\nredirect_stderr=true\nstdout_logfile_maxbytes=10MB\n"
            "autorestart=true\nstartsecs=2\nstartretries=3\nstopwaitsecs=15\nstopasgroup=true\nkillasgroup=true\n"
        )
    return "\n".join(parts)


def _escaped(value: str) -> str:
    return value.replace("%", "%%")


def _carried(name: str, value: str) -> str:
    # supervisord knows no escape for a quote, takes quotes off the ends, and reads " ;" and " #" as comments.
    if value != value.strip("'") or re.search(r"[\"\r\n]|\s[;#]", value):
        raise LaunchError(f"{name} must not hold a double quote, a line break, or a space before ; or #")
    return _escaped(value)


def _unanswered(done: subprocess.CompletedProcess[str]) -> LaunchError:
    return LaunchError(f"supervisorctl {' '.join(done.args[3:])}: {_last_line(done.stdout or done.stderr)}")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
