"""Importing policies from a file: good ones are kept, bad lines are named and never repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from claims.adapters import policy_csv
from claims.adapters.clock import belgian_day
from claims.adapters.operator_policies import OperatorPolicies
from claims.adapters.policy_cells import PERSON_COLUMNS, POLICY_COLUMNS
from claims.adapters.policy_csv import BadLine, PolicyFileRefused
from claims.domain.policies import Payment, Period, Terms
from claims.service.policy_import import ImportReport, import_policies
from claims.service.services import Services
from tests.integration.claims.conftest import NOW
from tests.integration.claims.policy_files import GOOD, services, stored, write

__all__ = ["services"]

EXAMPLE = Path(__file__).parent / "files" / "policies.csv"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "policies.csv"


def test_the_example_of_a_belgian_spreadsheet(services: Services) -> None:
    report = import_policies(services, EXAMPLE)
    bad = {
        5: "date_of_birth is no date such as 2025-03-01 or 01/03/2025",
        6: "left out: line 5 of the same policy is bad",
        8: "left out: line 9 of the same policy is bad",
        9: "insured is neither yes nor no",
    }
    assert report == ImportReport(3, 0, 0, 2, tuple(BadLine(number, reason) for number, reason in bad.items()))
    jurgen = stored(services)
    assert jurgen is not None
    assert [(person.first_name, person.last_name) for person in jurgen.persons] == [
        ("Jürgen", "Müller"),
        ("Käthe", "Müller-Groß"),
    ]
    assert jurgen.persons[0].id == "CYB-8001-0001-1"
    assert jurgen.persons[0].date_of_birth == date(1980, 3, 2)
    assert jurgen.payments == (Payment(date(2025, 1, 15), date(2025, 1, 14), Decimal("4.99")),)
    assert stored(services, "CYB-8003-0003") is None
    assert stored(services, "CYB-8004-0004") is None


def test_several_periods_and_invoices_stand_side_by_side(services: Services) -> None:
    import_policies(services, EXAMPLE)
    zoe = stored(services, "CYB-8002-0002")
    assert zoe is not None
    assert zoe.periods == (
        Period(date(2024, 1, 10), date(2025, 1, 9), Terms.PRODUCT_PAGE),
        Period(date(2025, 1, 10), None, Terms.LATER_PAGE),
    )
    assert [payment.paid_on for payment in zoe.payments] == [date(2024, 1, 14), None]


def test_what_looks_like_a_formula_is_text(services: Services) -> None:
    import_policies(services, EXAMPLE)
    policy = stored(services, "CYB-8005-0005")
    assert policy is not None
    assert (policy.holder.first_name, policy.holder.last_name) == ("=HYPERLINK(1)", "@SUM(A1:A9)")
    assert policy.first_invoice_paid_on is None


def test_importing_twice_changes_nothing(services: Services) -> None:
    import_policies(services, EXAMPLE)
    before = stored(services)
    again = import_policies(services, EXAMPLE)
    assert (again.added, again.changed, again.unchanged, again.left_out) == (0, 0, 3, 2)
    assert stored(services) == before


def test_a_changed_policy_replaces_the_one_here_and_keeps_what_was_handled(services: Services, file: Path) -> None:
    reference = "CYB-5001-0007"
    with services.unit() as unit:
        past = unit.policies.past_claims(reference)
    report = import_policies(services, write(file, GOOD | {"policy_reference": reference}))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    with services.unit() as unit:
        assert unit.policies.get(reference).holder.first_name == "Jan"
        assert len(unit.policies.past_claims(reference)) == len(past) == 2


def test_the_trail_tells_how_much_was_imported(services: Services) -> None:
    import_policies(services, EXAMPLE)
    with services.unit() as unit:
        (entry,) = unit.audit.entries()
    assert (entry["actor"], entry["action"], entry["subject"]) == (
        "system:command line",
        "policies_imported",
        "policies",
    )
    details = dict(entry["details"])
    assert len(details.pop("sha256")) == 64
    counts = {"added": 3, "changed": 0, "unchanged": 0, "left_out": 2, "bad_lines": 4, "part": 1, "parts": 1}
    assert details == counts


def test_a_large_file_is_kept_in_parts(services: Services, file: Path) -> None:
    rows = [GOOD | {"policy_reference": f"CYB-{number:04}-0001"} for number in range(8001, 8202)]
    report = import_policies(services, write(file, *rows))
    assert report.added == 201
    with services.unit() as unit:
        parts = [(entry["details"]["part"], entry["details"]["added"]) for entry in unit.audit.entries()]
    assert parts == [(1, 100), (2, 100), (3, 1)]


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_both_delimiters_with_and_without_a_byte_order_mark(
    services: Services, file: Path, delimiter: str, mark: bytes
) -> None:
    write(file, GOOD, delimiter=delimiter)
    file.write_bytes(mark + file.read_bytes())
    assert import_policies(services, file).added == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Columns are missing"),
        (b"\n\n", "Columns are missing"),
        ("policy_reference;e-mail\n".encode("utf-16"), "Columns are missing"),
        ((",".join((*POLICY_COLUMNS, *PERSON_COLUMNS, "extra"))).encode(), "other or doubled"),
        ((",".join((*POLICY_COLUMNS, *PERSON_COLUMNS, "email"))).encode(), "other or doubled"),
        (b"x" * (policy_csv.LARGEST_FILE + 1), "larger than 20 MB"),
    ],
    ids=["empty", "blank", "other encoding", "extra column", "doubled column", "too large"],
)
def test_a_file_that_is_no_list_of_policies_is_refused(
    services: Services, file: Path, content: bytes, reason: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(PolicyFileRefused, match=reason):
        import_policies(services, file)


def test_a_file_that_is_not_there_is_refused(services: Services, tmp_path: Path) -> None:
    with pytest.raises(PolicyFileRefused, match="No such file"):
        import_policies(services, tmp_path / "nothing.csv")


def test_only_a_header_imports_nothing_and_is_noted(services: Services, file: Path) -> None:
    assert import_policies(services, write(file)) == ImportReport(0, 0, 0, 0, ())
    with services.unit() as unit:
        assert [entry["action"] for entry in unit.audit.entries()] == ["policies_imported"]


def test_where_the_operator_is_asked_nothing_is_imported(services: Services) -> None:
    asking = replace(services, policy_source=OperatorPolicies("http://127.0.0.1:1", "token", services.clock))
    with pytest.raises(PolicyFileRefused, match="CLAIMS_OPERATOR_URL"):
        import_policies(asking, EXAMPLE)
    assert stored(services) is None


def test_the_belgian_day_decides_what_is_in_the_past(services: Services, file: Path) -> None:
    yesterday = belgian_day(NOW).replace(day=14).isoformat()
    child = GOOD | {"person": "2", "relation": "child", "date_of_birth": yesterday}
    assert import_policies(services, write(file, GOOD, child)).added == 1
