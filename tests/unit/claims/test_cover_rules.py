"""The file of rules: it says what the facts say, and a bad one is refused with the place of what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from claims.adapters.rules import load_rules
from claims.domain.facts import LossCause
from claims.domain.policies import Terms
from claims.domain.rules import Antivirus, Housemates, LimitYear, PaymentFraud, Rulebook
from claims.settings import Settings
from common.settings import SettingsError
from content.facts import PROJECT_ROOT, ContentError, Facts
from tests.unit.claims.claims_builders import BOOK

FILE = PROJECT_ROOT / "data/facts/cover_rules.yml"
GOOD: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
Change = Callable[[dict[str, Any]], Any]


def written(folder: Path, change: Change) -> Path:
    """The file of the repository with a change."""
    content = deepcopy(GOOD)
    change(content)
    path = folder / "rules.yml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    return path


def test_the_product_page_is_read_as_it_is_written() -> None:
    (rules,) = BOOK.versions[Terms.PRODUCT_PAGE]
    assert rules.valid_from == date(2021, 12, 1)
    assert rules.limit_year.value is LimitYear.INSURANCE
    assert rules.data_recovery_causes.value == {
        LossCause.HUMAN_ERROR,
        LossCause.HARDWARE_DAMAGE,
        LossCause.SOFTWARE_BUG,
    }
    assert rules.online_purchases_listed.value is True
    assert rules.payment_fraud.value is PaymentFraud.ADVICE
    assert rules.antivirus.value is Antivirus.ACTIVE
    assert rules.housemates.value is Housemates.EXCLUDED


def test_the_numbers_are_those_of_the_facts() -> None:
    facts = {name: fact["value"] for name, fact in Facts.load().policy.items()}
    page, later = BOOK.versions[Terms.PRODUCT_PAGE][0], BOOK.versions[Terms.LATER_PAGE][0]
    limits = {
        (rules.terms, limit.name): (limit.amount, limit.claims) for rules in (page, later) for limit in rules.limits
    }
    bullying = facts["bullying_claims_per_year"]
    means = facts["payment_means_limit"], facts["payment_means_claims_per_year"]
    recovery = facts["data_recovery_limit"], facts["data_recovery_interventions_per_year"]
    purchases = facts["online_purchase_limit_per_year"], None
    assert limits == {
        (Terms.PRODUCT_PAGE, "e_reputation"): (facts["bullying_limit_per_year"], bullying),
        (Terms.PRODUCT_PAGE, "online_purchases"): purchases,
        (Terms.LATER_PAGE, "e_reputation"): (None, bullying),
        (Terms.LATER_PAGE, "online_purchases"): purchases,
        (Terms.LATER_PAGE, "payment_fraud"): means,
        (Terms.LATER_PAGE, "data_recovery"): recovery,
    }
    assert page.data_recovery_wait_months.value == later.data_recovery_wait_months.value == facts["data_recovery_wait"]


def test_a_version_holds_from_its_day_until_the_next(tmp_path: Path) -> None:
    def second(content: dict[str, Any]) -> None:
        later = deepcopy(content["product_page"][0]) | {"version": "second", "valid_from": date(2024, 1, 1)}
        content["product_page"].append(later)

    book: Rulebook = load_rules(written(tmp_path, second))
    days = (date(2020, 1, 1), date(2023, 12, 31), date(2024, 1, 1))
    assert [book.on(Terms.PRODUCT_PAGE, day).version for day in days] == [
        "product_page-2021-12",
        "product_page-2021-12",
        "second",
    ]
    assert book.on(Terms.LATER_PAGE, days[2]).version == "later_page-2021-12"


def page(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content["product_page"][0]
    return found


BAD: list[tuple[Change, str]] = [
    (lambda c: c.pop("later_page"), "later_page"),
    (lambda c: c.update(later_page=[]), r"\$\.later_page"),
    (lambda c: c.update(another_page=[]), "another_page"),
    (lambda c: page(c).pop("antivirus"), r"antivirus.*\$\.product_page\[0\]"),
    (lambda c: page(c).update(deductible={"value": 1, "source": "x"}), "deductible"),
    (lambda c: page(c)["antivirus"].pop("source"), r"source.*\$\.product_page\[0\]\.antivirus"),
    (lambda c: page(c)["antivirus"].update(source=""), r"\$\.product_page\[0\]\.antivirus\.source"),
    (lambda c: page(c)["antivirus"].update(value="any"), r"\$\.product_page\[0\]\.antivirus\.value"),
    (lambda c: page(c)["housemates"].update(value=True), r"\$\.product_page\[0\]\.housemates\.value"),
    (lambda c: page(c)["data_recovery_wait_months"].update(value=-1), "data_recovery_wait_months"),
    (lambda c: page(c)["data_recovery_wait_months"].update(value="two"), "data_recovery_wait_months"),
    (lambda c: page(c)["data_recovery_causes"].update(value=["magic"]), "data_recovery_causes"),
    (lambda c: page(c).update(valid_from="soon"), r"\$\.product_page\[0\]\.valid_from"),
    (lambda c: page(c).update(version="later_page-2021-12"), "more than once"),
    (lambda c: c["product_page"].append(page(c) | {"version": "twice"}), r"valid_from.*\$\.product_page"),
    (lambda c: page(c)["limits"]["e_reputation"].update(amount=-5), r"limits\.e_reputation\.amount"),
    (lambda c: page(c)["limits"]["e_reputation"].update(amount=float("nan")), r"limits\.e_reputation\.amount"),
    (lambda c: page(c)["limits"]["e_reputation"].update(claims=0), r"\$\.product_page\[0\]\.limits"),
    (lambda c: page(c)["limits"]["online_purchases"].pop("amount"), r"limits\.online_purchases"),
    (lambda c: page(c)["limits"]["e_reputation"].update(incidents=["earthquake"]), "earthquake"),
    (
        lambda c: page(c)["limits"]["e_reputation"].update(incidents=["non_delivery"]),
        "non_delivery has a limit already",
    ),
]


@pytest.mark.parametrize(("change", "place"), BAD)
def test_a_bad_file_is_refused_with_its_place(change: Change, place: str, tmp_path: Path) -> None:
    path = written(tmp_path, change)
    with pytest.raises(ContentError, match=place) as raised:
        load_rules(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [("product_page: [unclosed\nlater_page: x", r"line \d"), ("- a list", "mapping"), ("", "mapping")],
)
def test_a_file_that_is_no_yaml_is_refused_with_its_line(text: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError, match=place) as raised:
        load_rules(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_settings_refuse_a_file_that_is_not_there(tmp_path: Path) -> None:
    secrets: dict[str, Any] = {"service_tokens": ("t" * 16,), "token_secret": "t" * 16, "audit_secret": "t" * 16}
    assert load_rules(Settings(**secrets).cover_rules) is BOOK
    missing = tmp_path / "none.yml"
    with pytest.raises(SettingsError, match=r"CLAIMS_COVER_RULES.*none\.yml"):
        Settings(**secrets, cover_rules=missing)
