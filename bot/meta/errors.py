"""What an error of the Graph API means for the message: tried again, given up, or everything stops.

| class       | did it go out? | then |
|-------------|----------------|------|
| AGAIN       | no             | tried again, later each time |
| SLOWER      | no             | as AGAIN, and all other conversations of the account wait too |
| SLOWER_HERE | no             | as AGAIN; only this customer had too much |
| UNSURE      | perhaps        | waits for a sign of it, then is sent again under the same key |
| HALT        | no             | nothing of this account is sent for ten minutes; somebody must look |
| OUTSIDE     | no             | failed: the window for answers is closed |
| UNREACHABLE | no             | failed: the customer left or blocked us |
| REFUSED     | no             | failed: the platform will never take it |
| MISSING     | no             | failed: the file is no longer on our disk |
"""

from __future__ import annotations

from enum import Enum
from typing import Any


class Kind(Enum):
    """How an error is dealt with; the value is what the log and the desk show."""

    AGAIN = "not_taken"
    SLOWER = "rate_limited"
    SLOWER_HERE = "customer_rate_limited"
    UNSURE = "no_answer"
    HALT = "account_halted"
    OUTSIDE = "outside_window"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    MISSING = "file_missing"


GIVEN_UP = frozenset({Kind.OUTSIDE, Kind.UNREACHABLE, Kind.REFUSED, Kind.MISSING})

# Of Messenger and WhatsApp both; their numbers do not overlap.
_CODES: dict[int, Kind] = {
    # "All sent successfully but the endpoint returns an error" happens with these.
    1: Kind.UNSURE,
    2: Kind.UNSURE,
    1200: Kind.UNSURE,
    131000: Kind.UNSURE,
    131016: Kind.UNSURE,
    133004: Kind.UNSURE,
    4: Kind.SLOWER,
    17: Kind.SLOWER,
    32: Kind.SLOWER,
    613: Kind.SLOWER,
    80004: Kind.SLOWER,
    80006: Kind.SLOWER,
    80007: Kind.SLOWER,
    130429: Kind.SLOWER,
    131048: Kind.SLOWER,
    131056: Kind.SLOWER_HERE,
    3: Kind.HALT,
    10: Kind.HALT,
    102: Kind.HALT,
    190: Kind.HALT,
    200: Kind.HALT,
    230: Kind.HALT,
    368: Kind.HALT,
    131005: Kind.HALT,
    131031: Kind.HALT,
    131042: Kind.HALT,
    131045: Kind.HALT,
    133010: Kind.HALT,
    131047: Kind.OUTSIDE,
    551: Kind.UNREACHABLE,
    131026: Kind.UNREACHABLE,
    131030: Kind.UNREACHABLE,
    131049: Kind.REFUSED,
    131050: Kind.UNREACHABLE,
    100: Kind.REFUSED,
}
_SUBCODES: dict[int, Kind] = {
    2018278: Kind.OUTSIDE,
    2018065: Kind.OUTSIDE,
    2534022: Kind.OUTSIDE,
    1545041: Kind.UNREACHABLE,
    2018001: Kind.UNREACHABLE,
    2018024: Kind.UNSURE,
    1893063: Kind.HALT,
}


class Failure(Exception):
    """A call that did not do what it should.

    Attributes:
        kind: How it is dealt with.
        code: The platform's number, or the HTTP status, or 0.
        subcode: The platform's second number.
    """

    def __init__(self, kind: Kind, code: int = 0, subcode: int = 0) -> None:
        super().__init__(kind.value, code, subcode)
        self.kind, self.code, self.subcode = kind, code, subcode


def classify(status: int, body: Any) -> Failure:
    """What an answer that is not 200 means.

    Args:
        status: Of HTTP.
        body: The parsed JSON, whatever it is.
    """
    error = body.get("error") if isinstance(body, dict) else None
    code, subcode = _number(error, "code"), _number(error, "error_subcode")
    found = _SUBCODES.get(subcode or -1) or (_CODES.get(code) if code is not None else None)
    if found is not None:
        return Failure(found, code or 0, subcode or 0)
    return Failure(_by_status(status), code or status, subcode or 0)


def classify_code(code: int) -> Kind:
    """What the error code of a failed status of WhatsApp means."""
    return _CODES.get(code, Kind.REFUSED)


def _by_status(status: int) -> Kind:
    if status == 429:
        return Kind.SLOWER
    if status in (401, 403):
        return Kind.HALT
    return Kind.UNSURE if status >= 500 or status == 408 else Kind.REFUSED


def _number(error: Any, key: str) -> int | None:
    found = error.get(key) if isinstance(error, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None
