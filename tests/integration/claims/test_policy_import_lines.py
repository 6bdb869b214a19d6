"""Lines of a file of policies that are bad: each is named with its reason, and takes its policy with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.service.policy_import import import_policies
from claims.service.services import Services
from tests.integration.claims.policy_files import GOOD, OTHER, numbers, services, stored, write

__all__ = ["services"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policies.csv"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"policy_reference": "8001"}, "policy_reference is not like"),
        ({"email": "jan"}, "mail address"),
        ({"email": "jan@example.be, piet@example.be"}, "as many cells"),
        ({"email": f"{'j' * 250}@example.be"}, "mail address"),
        ({"language": "de"}, "language is none of en, nl, fr"),
        ({"country": "Belgium"}, "country"),
        ({"confirmed_on": "soon"}, "confirmed_on is no date"),
        ({"confirmed_on": "2025-13-01"}, "confirmed_on is no date"),
        ({"antivirus_declared_on": "1/2/25"}, "antivirus_declared_on is no date"),
        ({"starts_on": ""}, "starts_on is no date"),
        ({"ends_on": "2025-01-09"}, "periods are not in order"),
        ({"terms": "my terms"}, "terms is none of product_page, later_page"),
        ({"starts_on": "2024-01-10|2025-01-10"}, "starts_on, ends_on, terms do not hold as many values"),
        (
            {"starts_on": "2024-01-10|2025-01-10", "ends_on": "|", "terms": "product_page|product_page"},
            "periods are not in order",
        ),
        (
            {
                "invoice_due_on": "2025-01-15|2025-01-15",
                "invoice_paid_on": "|",
                "invoice_amount": "4.99|4.99",
            },
            "invoices are not in the order",
        ),
        ({"invoice_amount": "4.999"}, "invoice_amount is no amount"),
        ({"invoice_amount": "-4.99"}, "invoice_amount is no amount"),
        ({"invoice_amount": "100000.01"}, "an amount is not between"),
        ({"invoice_due_on": ""}, "invoice_due_on is no date"),
        ({"person": ""}, "person is no number or short word"),
        ({"person": "../1"}, "person is no number or short word"),
        ({"first_name": ""}, "a name is empty"),
        ({"last_name": "x" * 101}, "a name is empty, too long"),
        ({"last_name": "x\0y"}, "cannot be printed"),
        ({"date_of_birth": "2026-06-15"}, "date of birth is not in the past"),
        ({"relation": "wife & kids"}, "relation"),
        ({"relation": "child"}, "exactly one holder"),
        ({"insured": "no"}, "exactly one holder, who is insured"),
        ({"insured": ""}, "insured is neither yes nor no"),
        ({"first_name": '"Jan" Klaas'}, "quotes"),
        ({"first_name": '"Jan'}, "quotes"),
        ({"first_name": "x" * 5000}, "longer than"),
    ],
)
def test_a_bad_line_is_named_with_its_reason_and_never_repeated(
    services: Services, file: Path, changes: dict[str, str], reason: str
) -> None:
    report = import_policies(services, write(file, GOOD | changes, OTHER))
    assert numbers(report.bad_lines) == [2]
    assert reason in report.bad_lines[0].reason
    typed = [value for value in changes.values() if len(value) > 3]
    assert not any(value in report.bad_lines[0].reason for value in typed)
    assert report.added == 1
    assert stored(services) is None
    assert stored(services, "CYB-8002-0002") is not None


def test_one_bad_line_leaves_the_whole_policy_out_and_all_others_in(services: Services, file: Path) -> None:
    child = GOOD | {"person": "2", "first_name": "Noor", "relation": "child"}
    report = import_policies(services, write(file, GOOD, OTHER, child | {"insured": "?"}))
    assert (numbers(report.bad_lines), report.left_out, report.added) == ([2, 4], 1, 1)
    assert report.bad_lines[0].reason == "left out: line 4 of the same policy is bad"
    assert stored(services) is None


def test_a_bad_policy_leaves_the_one_that_is_here_as_it_was(services: Services, file: Path) -> None:
    before = stored(services, "CYB-1001-0001")
    import_policies(services, write(file, GOOD | {"policy_reference": "CYB-1001-0001", "insured": "?"}))
    assert stored(services, "CYB-1001-0001") == before


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"person": "1", "relation": "child"}, "two persons have the same id"),
        ({"person": "2"}, "exactly one holder"),
        ({"person": "2", "relation": "child", "email": "x@example.be"}, "written differently on line 2"),
    ],
)
def test_lines_of_one_policy_must_fit_together(
    services: Services, file: Path, second: dict[str, str], reason: str
) -> None:
    report = import_policies(services, write(file, GOOD, GOOD | second))
    assert numbers(report.bad_lines) == [2, 3]
    assert any(reason in line.reason for line in report.bad_lines)
    assert stored(services) is None


def test_a_line_that_cannot_be_read_takes_its_policy_with_it(services: Services, file: Path) -> None:
    write(file, GOOD, OTHER)
    latin = write(file.with_name("latin.csv"), GOOD | {"person": "2", "first_name": "Jörg"})
    line = latin.read_text("utf-8").splitlines()[1].encode("latin-1")
    file.write_bytes(file.read_bytes() + b"\n" + line + b"\n\xff\xfe")
    report = import_policies(services, file)
    assert (numbers(report.bad_lines), report.added) == ([2, 4, 5], 1)
    assert report.bad_lines[1].reason == report.bad_lines[2].reason == "the line holds bytes that are no UTF-8"
    assert stored(services) is None


def test_too_many_persons_are_refused(services: Services, file: Path) -> None:
    rows = [GOOD | {"person": str(number), "relation": "child"} for number in range(2, 32)]
    report = import_policies(services, write(file, GOOD, *rows))
    assert "too many persons" in report.bad_lines[0].reason
