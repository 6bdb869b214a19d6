"""Which processes the house has, where they listen, and the environment each of them gets, and no more."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from content.facts import PROJECT_ROOT
from demo.meta import accounts
from launcher.errors import LaunchError

ROOT = PROJECT_ROOT
PYTHON = ROOT / ".venv" / "bin" / "python"
RASA = ROOT / "engine" / ".venv" / "bin" / "rasa"

DEFAULT_PORTS = {
    "BOT_PORT": 5000,
    "ENGINE_PORT": 5005,
    "ACTIONS_PORT": 5055,
    "CLAIMS_PORT": 5056,
    "MAILSINK_PORT": 5057,
    "MAILSINK_SMTP_PORT": 5025,
    "META_PORT": 5058,
}
_SECRETS = (
    "ENGINE_TURN_SECRET",
    "ACTIONS_SECRET",
    "CLAIMS_TOKEN_FOR_ACTIONS",
    "CLAIMS_TOKEN_FOR_BOT",
    "CLAIMS_TOKEN_SECRET",
    "CLAIMS_AUDIT_SECRET",
    "BOT_INTERNAL_TOKEN",
    "BOT_TOKEN_SECRET",
    "BOT_DESK_SECRET",
    "CLAIMS_EVENTS_SECRET",
    "META_APP_SECRET",
    "META_VERIFY_TOKEN",
    "META_PAGE_TOKEN",
    "META_WHATSAPP_TOKEN",
)
_BASE64 = ("CLAIMS_EVENTS_SECRET",)
# One of these connects the bot with Meta itself: then it is told nothing of the stand-in.
_REAL_META = ("BOT_META_APP_SECRET", "BOT_META_PAGE_ID", "BOT_META_PHONE_NUMBER_ID")
# What every process may see of the caller's environment.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Program:
    """One process.

    Attributes:
        name: Name of the room.
        command: Program and arguments.
        environment: All its variables.
        ready: Address that answers 200 when it is ready, with the headers to send.
        ports: Names and numbers of the ports it listens on.
    """

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    ready: str
    headers: dict[str, str]
    ports: dict[str, int]


@dataclass(frozen=True)
class Layout:
    """The house for one data folder and one set of ports."""

    var: Path
    ports: dict[str, int]
    secrets: dict[str, str]
    given: Mapping[str, str]

    @staticmethod
    def of(var: Path, environ: Mapping[str, str] = os.environ) -> Layout:
        """Read ports from the environment and the demo's secrets from `var`, made at the first run.

        Raises:
            LaunchError: A port is not a number, or two rooms have the same one.
        """
        ports = {name: _port(name, environ.get(name) or str(default)) for name, default in DEFAULT_PORTS.items()}
        for name, port in ports.items():
            twin = next(other for other in ports if ports[other] == port)
            if twin != name:
                raise LaunchError(f"{name} and {twin} are both {port}: every room needs a port of its own")
        # One given secret reaches both rooms that share it.
        given = {name: environ[name] for name in _SECRETS if environ.get(name)}
        return Layout(var, ports, demo_secrets(var) | given, environ)

    def url(self, port: str) -> str:
        """Address on this machine."""
        return f"http://127.0.0.1:{self.ports[port]}"

    def database(self, room: str) -> str:
        """The room's SQLite file, unless <ROOM>_DATABASE_URL says otherwise."""
        return self.given.get(f"{room.upper()}_DATABASE_URL") or f"sqlite:///{self.var / room}.db"

    def programs(self, model: Path) -> list[Program]:
        """All processes in the order in which they are started."""
        return [self._mailsink(), self._meta(), self._claims(), self._actions(), self.engine(model), self._bot()]

    def _program(
        self,
        name: str,
        command: tuple[str, ...],
        own: dict[str, str],
        ready: str,
        ports: tuple[str, ...],
        headers: dict[str, str] | None = None,
    ) -> Program:
        prefix = f"{name.upper()}_"
        environment = {key: self.given[key] for key in _PASSED_ON if key in self.given}
        environment |= {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)} | own
        environment |= {key: value for key, value in self.given.items() if key.startswith(prefix)}
        return Program(name, command, environment, ready, headers or {}, {port: self.ports[port] for port in ports})

    def _mailsink(self) -> Program:
        own = {
            "MAILSINK_DIR": str(self.var / "mail"),
            "MAILSINK_PORT": str(self.ports["MAILSINK_PORT"]),
            "MAILSINK_SMTP_PORT": str(self.ports["MAILSINK_SMTP_PORT"]),
        }
        command = (str(PYTHON), "-m", "demo.mailsink")
        ready = f"{self.url('MAILSINK_PORT')}/mails.json"
        return self._program("mailsink", command, own, ready, ("MAILSINK_PORT", "MAILSINK_SMTP_PORT"))

    def _meta(self) -> Program:
        own = {
            "META_DIR": str(self.var / "meta"),
            "META_PORT": str(self.ports["META_PORT"]),
            "META_WEBHOOK_URL": f"{self.url('BOT_PORT')}/webhooks/meta",
        }
        own |= {name: self.secrets[name] for name in _SECRETS if name.startswith("META_")}
        ready = f"{self.url('META_PORT')}/health"
        return self._program("meta", (str(PYTHON), "-m", "demo.meta"), own, ready, ("META_PORT",))

    def claims_environment(self) -> dict[str, str]:
        """The variables of the claims backend."""
        return self._claims().environment

    def _claims(self) -> Program:
        own = {
            "CLAIMS_DATABASE_URL": self.database("claims"),
            "CLAIMS_SERVICE_TOKENS": ",".join(
                self.secrets[name] for name in ("CLAIMS_TOKEN_FOR_ACTIONS", "CLAIMS_TOKEN_FOR_BOT")
            ),
            "CLAIMS_TOKEN_SECRET": self.secrets["CLAIMS_TOKEN_SECRET"],
            "CLAIMS_AUDIT_SECRET": self.secrets["CLAIMS_AUDIT_SECRET"],
            "CLAIMS_EVIDENCE_STORE": str(self.var / "evidence"),
            "CLAIMS_SMTP_HOST": "127.0.0.1",
            "CLAIMS_SMTP_PORT": str(self.ports["MAILSINK_SMTP_PORT"]),
            "CLAIMS_EVENTS_URL": f"{self.url('BOT_PORT')}/claim-events",
            "CLAIMS_EVENTS_SECRET": self.secrets["CLAIMS_EVENTS_SECRET"],
            "CLAIMS_PORT": str(self.ports["CLAIMS_PORT"]),
            "CLAIMS_DEMO": "true",
        }
        ready = f"{self.url('CLAIMS_PORT')}/health/ready"
        return self._program("claims", (str(PYTHON), "-m", "claims"), own, ready, ("CLAIMS_PORT",))

    def _actions(self) -> Program:
        own = {
            "ACTIONS_SECRET": self.secrets["ACTIONS_SECRET"],
            "ACTIONS_CLAIMS_TOKEN": self.secrets["CLAIMS_TOKEN_FOR_ACTIONS"],
            "ACTIONS_BOT_TOKEN": self.secrets["BOT_INTERNAL_TOKEN"],
            "ACTIONS_CLAIMS_URL": self.url("CLAIMS_PORT"),
            "ACTIONS_BOT_URL": self.url("BOT_PORT"),
            "ACTIONS_DATABASE_URL": self.database("actions"),
            "ACTIONS_PORT": str(self.ports["ACTIONS_PORT"]),
        }
        ready = f"{self.url('ACTIONS_PORT')}/health"
        return self._program("actions", (str(PYTHON), "-m", "actions"), own, ready, ("ACTIONS_PORT",))

    def rasa_environment(self) -> dict[str, str]:
        """What Rasa's own commands need: train, shell, test, data validate."""
        return {
            "RASA_TELEMETRY_ENABLED": "false",
            "ENGINE_TURN_SECRET": self.secrets["ENGINE_TURN_SECRET"],
            "ENGINE_DATABASE_URL": self.database("engine"),
            "ACTIONS_URL": self.url("ACTIONS_PORT"),
            "ACTIONS_SECRET": self.secrets["ACTIONS_SECRET"],
            "PYTHONPATH": str(ROOT),
            "MPLCONFIGDIR": str(self.var / "matplotlib"),
            # Warnings of libraries that will never be updated here: they would bury what matters.
            "PYTHONWARNINGS": "ignore",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }

    def engine(self, model: Path) -> Program:
        """Rasa, on loopback and without its HTTP API."""
        command = (
            *(str(RASA), "run", "--model", str(model), "--interface", "127.0.0.1"),
            *("--port", str(self.ports["ENGINE_PORT"])),
            *("--endpoints", str(ROOT / "endpoints.yml"), "--credentials", str(ROOT / "credentials.yml")),
        )
        headers = {"Authorization": f"Bearer {self.secrets['ENGINE_TURN_SECRET']}"}
        ready = f"{self.url('ENGINE_PORT')}/turns/ready"
        return self._program("engine", command, self.rasa_environment(), ready, ("ENGINE_PORT",), headers)

    def _bot(self) -> Program:
        own = {
            "BOT_DATABASE_URL": self.database("bot"),
            "BOT_ENGINE_URL": self.url("ENGINE_PORT"),
            "BOT_ENGINE_SECRET": self.secrets["ENGINE_TURN_SECRET"],
            "BOT_ACTIONS_URL": self.url("ACTIONS_PORT"),
            "BOT_CLAIMS_URL": self.url("CLAIMS_PORT"),
            "BOT_CLAIMS_TOKEN": self.secrets["CLAIMS_TOKEN_FOR_BOT"],
            "BOT_INTERNAL_TOKEN": self.secrets["BOT_INTERNAL_TOKEN"],
            "BOT_TOKEN_SECRET": self.secrets["BOT_TOKEN_SECRET"],
            "BOT_DESK_SECRET": self.secrets["BOT_DESK_SECRET"],
            "BOT_EVENTS_SECRET": self.secrets["CLAIMS_EVENTS_SECRET"],
            "BOT_FILES_DIR": str(self.var / "files"),
            "BOT_PORT": str(self.ports["BOT_PORT"]),
            "BOT_COOKIE_SECURE": "false",
            "BOT_DEMO": "true",
        }
        own |= self._demo_messengers()
        ready = f"{self.url('BOT_PORT')}/health/ready"
        return self._program("bot", (str(PYTHON), "-m", "bot"), own, ready, ("BOT_PORT",))

    def _demo_messengers(self) -> dict[str, str]:
        """The bot's settings for the stand-in, unless it is connected with Meta itself."""
        if any(self.given.get(name) for name in _REAL_META):
            return {}
        return {
            "BOT_META_APP_SECRET": self.secrets["META_APP_SECRET"],
            "BOT_META_VERIFY_TOKEN": self.secrets["META_VERIFY_TOKEN"],
            "BOT_META_APP_ID": accounts.APP_ID,
            "BOT_META_PAGE_ID": accounts.PAGE_ID,
            "BOT_META_PAGE_TOKEN": self.secrets["META_PAGE_TOKEN"],
            "BOT_META_PHONE_NUMBER_ID": accounts.PHONE_NUMBER_ID,
            "BOT_META_WHATSAPP_TOKEN": self.secrets["META_WHATSAPP_TOKEN"],
            "BOT_META_WHATSAPP_TEMPLATE": accounts.TEMPLATE,
            "BOT_META_GRAPH_URL": f"{self.url('META_PORT')}/v25.0",
        }


def _port(name: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 0 < int(value) < 65536:
        raise LaunchError(f"{name}={value} is not a port: use a number from 1 to 65535")
    return int(value)


def _make_secret(name: str) -> str:
    # Signed events want base64, which a token for addresses is not.
    return base64.b64encode(secrets.token_bytes(32)).decode() if name in _BASE64 else secrets.token_urlsafe(32)


def demo_secrets(var: Path) -> dict[str, str]:
    """The demo's secrets: random, made once, readable by the owner only."""
    path = var / "demo-secrets.json"
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = {name: _make_secret(name) for name in _SECRETS if name not in known}
    if missing:
        var.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(known | missing, file, indent=1)
    return known | missing
