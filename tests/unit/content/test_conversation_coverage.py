"""What conversations cannot reach is heard by the tests that tests/conversations/elsewhere names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from content.responses import Responses
from launcher.layout import ROOT
from tests.conversations.coverage import heard_elsewhere

ELSEWHERE = heard_elsewhere()
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
KNOWN = {
    *Responses.load().entries["en"],
    *(name for entry in DOMAIN["intents"] for name in (entry if isinstance(entry, dict) else [entry])),
}


def _source(test: str) -> str:
    path, _, name = test.partition("::")
    source = (ROOT / Path(path)).read_text("utf-8")
    tests = [
        node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert name in tests, f"there is no {test}"
    return source


@pytest.mark.parametrize(("response", "test"), ELSEWHERE.items(), ids=ELSEWHERE)
def test_the_test_that_hears_a_response_names_it(response: str, test: str) -> None:
    assert response in KNOWN, "there is no such response or intent any more"
    assert response in _source(test)
