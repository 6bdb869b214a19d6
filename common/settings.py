"""Settings are read once, from the environment, into one frozen dataclass per service."""

from __future__ import annotations

import dataclasses
import os
import typing
from collections.abc import Mapping
from pathlib import Path

T = typing.TypeVar("T")

_KINDS = {bool: "true or false", int: "a whole number", float: "a number"}

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


class SettingsError(Exception):
    """A setting is missing or unusable; the message names the variable and says what to set."""


def setting(help: str, *, default: typing.Any = dataclasses.MISSING, secret: bool = False) -> typing.Any:
    """Declare one setting of a service.

    Args:
        help: What the setting is for, as the operations guide prints it.
        default: Used when the variable is not set; without one the variable must be set.
        secret: Never printed; must be 16 characters or longer.
    """
    return dataclasses.field(default=default, repr=not secret, metadata={"help": help, "secret": secret})


def read(cls: type[T], prefix: str, environ: Mapping[str, str] | None = None) -> T:
    """Read the settings dataclass `cls` from variables named PREFIX_FIELD.

    Raises:
        SettingsError: A variable is missing or cannot be converted.
    """
    env = os.environ if environ is None else environ
    hints = typing.get_type_hints(cls)
    values: dict[str, typing.Any] = {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        name = f"{prefix}_{field.name.upper()}"
        raw = env.get(name)
        if raw is None:
            if field.default is dataclasses.MISSING:
                raise SettingsError(f"{name} is not set: {field.metadata.get('help', '')}")
            continue
        if field.metadata.get("secret") and len(raw) < 16:
            raise SettingsError(f"{name} must be a secret of 16 characters or more")
        values[field.name] = _convert(name, raw, hints[field.name])
    return cls(**values)


def _convert(name: str, raw: str, wanted: typing.Any) -> typing.Any:
    try:
        if wanted is bool:
            lowered = raw.strip().lower()
            if lowered not in _TRUE | _FALSE:
                raise ValueError
            return lowered in _TRUE
        if wanted is int:
            return int(raw)
        if wanted is float:
            return float(raw)
        if wanted is Path:
            return Path(raw)
        if wanted == tuple[str, ...]:
            return tuple(part.strip() for part in raw.split(",") if part.strip())
        return raw
    except ValueError:
        raise SettingsError(f"{name} has a value that is not {_KINDS[wanted]}") from None
