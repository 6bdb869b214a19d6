"""Which files of the widget are served: the small ones, as long as they were built from the modules there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.pages import WEB, built_from, load_site


@pytest.fixture
def web(tmp_path: Path) -> Path:
    for folder in ("widget", "built"):
        (tmp_path / folder).mkdir()
    for name in ("loader.js", "cyber-care-chat.js", "part.js"):
        (tmp_path / "widget" / name).write_text(f"// {name}, as it is written")
    for name in ("loader.js", "cyber-care-chat.js"):
        (tmp_path / "built" / name).write_text(f"{built_from(tmp_path)}\nsmall({{{{widget_version}}}})")
    return tmp_path


def test_the_small_files_are_served(web: Path) -> None:
    site = load_site(web, demo=False)
    assert sorted(site.widget) == ["cyber-care-chat.js", "loader.js"]
    assert site.version in site.widget["loader.js"].body.decode()


def test_a_changed_module_is_served_although_nothing_was_built(web: Path) -> None:
    (web / "widget" / "part.js").write_text("// changed")
    site = load_site(web, demo=False)
    assert site.widget["part.js"].body == b"// changed"
    assert "small" not in site.widget["cyber-care-chat.js"].body.decode()


def test_ours_are_built_from_what_is_there() -> None:
    widget = load_site(demo=False).widget
    assert sorted(widget) == ["cyber-care-chat.js", "loader.js"], f"run `make widget`: {WEB} has changed"
