"""Reads policies from a CSV file, line by line: a bad line is named by its number and never repeated.

One line for each insured person; the columns of the policy are the same on each line of it. All columns must be there,
in any order: `POLICY_COLUMNS` and `PERSON_COLUMNS`. UTF-8, with or without a byte order mark; commas or semicolons, as
Excel writes them in Belgium; no line breaks within a cell. Dates are written 2025-03-01 or 01/03/2025, amounts in EUR
4.99 or 4,99, `insured` is yes or no. Where a policy has several periods or invoices, their cells hold the values in
order with bars between them: `starts_on` 2024-03-01|2025-03-01, `ends_on` 2025-02-28| (the second has no end).
What looks like a formula is text like any other.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from claims.adapters.policy_cells import PERSON_COLUMNS, POLICY_COLUMNS, BadCell, read_person, read_policy
from claims.domain.policies import InsuredPerson, Policy
from claims.domain.policy_checks import flaws, person_flaws

LARGEST_FILE = 20 * 1024 * 1024
LONGEST_LINE = 5000

_COLUMNS = frozenset(POLICY_COLUMNS + PERSON_COLUMNS)
_REFERENCE = re.compile(r"CYB-\d{4}-\d{4}", re.ASCII | re.IGNORECASE)


class PolicyFileRefused(Exception):
    """The file as a whole cannot be imported; the text says why and what to do."""


@dataclass(frozen=True)
class BadLine:
    """A line that was not taken, and why; `number` counts from 1, the header."""

    number: int
    reason: str


@dataclass(frozen=True)
class PolicyFile:
    """What a file holds.

    Attributes:
        policies: Those without a bad line.
        bad_lines: In the order of the file; the other lines of a policy with a bad one are among them.
        left_out: How many policies were left out for their bad lines.
        sha256: The hash of the file.
    """

    policies: tuple[Policy, ...]
    bad_lines: tuple[BadLine, ...]
    left_out: int
    sha256: str


@dataclass(frozen=True)
class _Line:
    """One line as far as it could be read; without a reason it is good."""

    number: int
    reference: str | None
    reason: str = ""
    policy: Policy | None = None
    person: InsuredPerson | None = None


def read_policies(path: Path, today: date) -> PolicyFile:
    """Read a file.

    Raises:
        PolicyFileRefused: It cannot be read as a whole.
    """
    content = _content(path)
    rows = content.removeprefix(b"\xef\xbb\xbf").splitlines()
    columns, delimiter = _header(rows[0] if rows else b"")
    groups: dict[str | None, list[_Line]] = {}
    for number, row in enumerate(rows[1:], start=2):
        # A spreadsheet leaves lines of empty cells below the last one.
        if row.strip(b" \t,;"):
            line = _line(number, row, columns, delimiter, today)
            groups.setdefault(line.reference, []).append(line)
    bad = [BadLine(line.number, line.reason) for line in groups.pop(None, [])]
    policies, left_out = [], 0
    for lines in groups.values():
        policy, reasons = _policy(lines, today)
        bad += reasons
        left_out += policy is None
        policies += [policy] if policy is not None else []
    in_order = tuple(sorted(bad, key=lambda line: line.number))
    return PolicyFile(tuple(policies), in_order, left_out, hashlib.sha256(content).hexdigest())


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise PolicyFileRefused(f"The file cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST_FILE:
        raise PolicyFileRefused(f"The file is larger than {LARGEST_FILE // 1024**2} MB; import it in parts.")
    return content


def _header(row: bytes) -> tuple[Sequence[str], str]:
    text = row[:LONGEST_LINE].decode("utf-8", errors="replace")
    delimiter = ";" if text.count(";") > text.count(",") else ","
    columns = [name.strip().strip('"').casefold() for name in text.split(delimiter)]
    missing = sorted(_COLUMNS - set(columns))
    if missing:
        raise PolicyFileRefused(f"Columns are missing: {', '.join(missing)}. Save the file as CSV in UTF-8.")
    if len(columns) != len(_COLUMNS):
        raise PolicyFileRefused(f"There are other or doubled columns beside these: {', '.join(sorted(_COLUMNS))}.")
    return columns, delimiter


def _line(number: int, row: bytes, columns: Sequence[str], delimiter: str, today: date) -> _Line:
    text = row.decode("utf-8", errors="replace")
    # Wherever it stands: a line that cannot be read must still take the rest of its policy with it.
    found = _REFERENCE.search(text[:LONGEST_LINE])
    reference = found[0].upper() if found else None
    try:
        cells = _cells(text, columns, delimiter)
        if _REFERENCE.fullmatch(cells["policy_reference"]) is None:
            raise BadCell("policy_reference is not like CYB-1234-5678")
        policy, person = read_policy(cells), read_person(cells)
    except BadCell as error:
        return _Line(number, reference, str(error))
    wrong = person_flaws(person, today)
    return _Line(number, policy.reference, "; ".join(wrong), policy, person)


def _cells(text: str, columns: Sequence[str], delimiter: str) -> dict[str, str]:
    if len(text) > LONGEST_LINE:
        raise BadCell(f"the line is longer than {LONGEST_LINE} characters")
    if "\ufffd" in text:
        raise BadCell("the line holds bytes that are no UTF-8")
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        raise BadCell("the quotes of the line do not match") from None
    if len(cells) != len(columns):
        raise BadCell("the line does not have as many cells as the first one")
    return {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}


def _policy(lines: Sequence[_Line], today: date) -> tuple[Policy | None, list[BadLine]]:
    """Join the lines of a policy; None with the reasons when one of them is bad."""
    first = lines[0]
    bad = dict(_bad(lines))
    if not bad and first.policy is not None:
        policy = replace(first.policy, persons=tuple(line.person for line in lines if line.person is not None))
        wrong = flaws(policy, today)
        if not wrong:
            return policy, []
        bad[first.number] = "; ".join(wrong)
    because = f"left out: line {min(bad)} of the same policy is bad"
    return None, [BadLine(line.number, bad.get(line.number, because)) for line in lines]


def _bad(lines: Iterable[_Line]) -> Iterator[tuple[int, str]]:
    model: _Line | None = None
    for line in lines:
        if line.reason:
            yield line.number, line.reason
        elif model is None:
            model = line
        elif line.policy != model.policy:
            yield line.number, f"the policy is written differently on line {model.number}"
