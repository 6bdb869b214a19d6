"""Files of policies and a service to import them into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from claims.adapters.policy_cells import PERSON_COLUMNS, POLICY_COLUMNS
from claims.adapters.policy_csv import BadLine
from claims.api.app import join
from claims.domain.policies import Policy
from claims.service.services import Services
from tests.integration.claims.claims_api import FakeClock, settings_for
from tests.integration.claims.conftest import NOW

GOOD = {
    "policy_reference": "CYB-8001-0001",
    "email": "jan@example.be",
    "language": "nl",
    "country": "BE",
    "confirmed_on": "2025-01-10",
    "antivirus_declared_on": "",
    "starts_on": "2025-01-10",
    "ends_on": "",
    "terms": "product_page",
    "invoice_due_on": "2025-01-15",
    "invoice_paid_on": "2025-01-14",
    "invoice_amount": "4.99",
    "person": "1",
    "first_name": "Jan",
    "last_name": "Claes",
    "date_of_birth": "1980-03-02",
    "relation": "holder",
    "insured": "yes",
}
OTHER = GOOD | {"policy_reference": "CYB-8002-0002", "email": "an@example.be"}


@pytest.fixture
def services(database_url: str) -> Iterator[Services]:
    joined = join(settings_for(database_url), clock=FakeClock(NOW))
    yield joined
    joined.engine.dispose()


def write(file: Path, *rows: dict[str, str], delimiter: str = ",") -> Path:
    columns = (*POLICY_COLUMNS, *PERSON_COLUMNS)
    lines = [delimiter.join(columns), *(delimiter.join(row[column] for column in columns) for row in rows)]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def stored(services: Services, reference: str = "CYB-8001-0001") -> Policy | None:
    with services.unit() as unit:
        return unit.policies.find(reference)


def numbers(lines: Iterable[BadLine]) -> list[int]:
    return [line.number for line in lines]
