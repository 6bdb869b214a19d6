"""Settings that are missing or wrong are named in one clear line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from common.settings import SettingsError, read, setting

_FOLDER = Path("var")


@dataclass(frozen=True)
class Shop:
    """Settings of a service of the tests."""

    key: str = setting("Opens the door", secret=True)
    port: int = setting("Port to listen on", default=80)
    pace: float = setting("How fast", default=1.0)
    open: bool = setting("Whether it is open", default=False)
    folder: Path = setting("Where things are", default=_FOLDER)  # noqa: RUF009
    names: tuple[str, ...] = setting("Who may come in", default=())


KEY = {"SHOP_KEY": "0123456789abcdef"}


def problem(**environ: str) -> str:
    with pytest.raises(SettingsError) as error:
        read(Shop, "SHOP", KEY | environ)
    return str(error.value)


def test_everything_is_read_by_its_kind() -> None:
    given = {
        "SHOP_PORT": "8080",
        "SHOP_PACE": "0.5",
        "SHOP_OPEN": " Yes ",
        "SHOP_FOLDER": "/srv/x",
        "SHOP_NAMES": "an, jo,,",
        "OTHER_PORT": "1",
    }
    assert read(Shop, "SHOP", KEY | given) == Shop(KEY["SHOP_KEY"], 8080, 0.5, True, Path("/srv/x"), ("an", "jo"))


def test_what_is_not_set_has_its_default() -> None:
    assert read(Shop, "SHOP", KEY) == Shop(KEY["SHOP_KEY"])


def test_a_missing_setting_is_named_with_what_it_is_for() -> None:
    with pytest.raises(SettingsError, match="SHOP_KEY is not set: Opens the door"):
        read(Shop, "SHOP", {})


def test_a_short_secret_is_named_and_not_shown() -> None:
    said = problem(SHOP_KEY="hunter2")
    assert said.startswith("SHOP_KEY must be a secret of 16 characters")
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("SHOP_PORT", "eighty", "a whole number"),
        ("SHOP_PORT", "", "a whole number"),
        ("SHOP_PORT", "80.5", "a whole number"),
        ("SHOP_PACE", "fast", "a number"),
        ("SHOP_OPEN", "maybe", "true or false"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_the_right_kind(name: str, value: str, kind: str) -> None:
    assert problem(**{name: value}) == f"{name} has a value that is not {kind}"


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("No", False)]
)
def test_yes_and_no_in_the_usual_words(value: str, expected: bool) -> None:
    assert read(Shop, "SHOP", KEY | {"SHOP_OPEN": value}).open is expected


def test_a_secret_is_not_in_what_is_printed() -> None:
    assert KEY["SHOP_KEY"] not in repr(read(Shop, "SHOP", KEY))
