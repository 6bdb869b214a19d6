"""The widget's build: only with the tool we know, and nothing but space goes from the style sheet."""

from __future__ import annotations

import io
import shutil
import tarfile
from pathlib import Path

import pytest

from launcher import widget
from launcher.errors import LaunchError


def test_a_build_tool_of_another_content_is_refused_and_removed(tmp_path: Path) -> None:
    archive = tmp_path / "tool.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.addfile(tarfile.TarInfo("package/bin/esbuild"), io.BytesIO())
    with pytest.raises(LaunchError, match="not the package we know"):
        widget.unpack(archive, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_node_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(LaunchError, match=r"Node\.js"):
        widget.build(tools=tmp_path / "tools")
    assert not (tmp_path / "tools").exists()


def test_only_space_goes_from_the_style_sheet() -> None:
    written = (
        ".a :focus-visible, .b {\n  color: red;\n  margin: 0 auto;\n}\n@media (max-width: 5px) { .c { top: 0; } }\n"
    )
    short = ".a :focus-visible,.b{color:red;margin:0 auto;}@media (max-width:5px){.c{top:0;}}"
    assert widget.without_space(written) == short
