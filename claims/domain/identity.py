"""One-time codes: how long they hold, how often they may be asked and guessed."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from claims.domain.dates import iso_date
from claims.domain.errors import CodeExpired, InvalidDate, TooManyCodes, TooManyTries, WrongCode

CODE_VALID = timedelta(minutes=10)
MAX_TRIES = 3
MAX_CODES = 5
CODES_WINDOW = timedelta(hours=1)
CUSTOMER_TOKEN_VALID = timedelta(hours=2)
# For handing over what was said while the token was valid: a submission may wait for us to come back.
CUSTOMER_TOKEN_DELIVERS = timedelta(days=7)

_GROUPING = re.compile(r"[\s.-]+")


@dataclass(frozen=True)
class Challenge:
    """A code that was asked for a policy reference, whether or not the policy exists.

    Attributes:
        matched: The policy exists and the date of birth is right, so that the code was really mailed. Until then no
            code opens anything.
    """

    id: str
    policy_reference: str
    code_hash: str
    created_at: datetime
    expires_at: datetime
    tries: int = 0
    matched: bool = False
    used: bool = False


def new_challenge(challenge_id: str, policy_reference: str, code: str, secret: str, now: datetime) -> Challenge:
    """Make a challenge that holds only the hash of `code`."""
    return Challenge(challenge_id, policy_reference, hash_code(challenge_id, code, secret), now, now + CODE_VALID)


def hash_code(challenge_id: str, code: str, secret: str) -> str:
    """Hash a code with a key: six digits alone could be tried out from a stolen database in a moment."""
    return hmac.new(secret.encode(), f"code:{challenge_id}:{code}".encode(), hashlib.sha256).hexdigest()


def try_code(
    challenge: Challenge, code: str, secret: str, now: datetime
) -> tuple[Challenge, WrongCode | TooManyTries | None]:
    """Try `code` on a challenge.

    Returns:
        The challenge afterwards, which must be kept also when the code is wrong, and what is wrong if anything.

    Raises:
        TooManyTries: The challenge is dead.
        CodeExpired: The code was used or is too old.
    """
    if challenge.tries >= MAX_TRIES:
        raise TooManyTries
    if challenge.used or now >= challenge.expires_at:
        raise CodeExpired
    given = hash_code(challenge.id, _GROUPING.sub("", code), secret)
    right = hmac.compare_digest(given, challenge.code_hash)
    if right and challenge.matched:
        return replace(challenge, used=True), None
    tried = replace(challenge, tries=challenge.tries + 1)
    left = MAX_TRIES - tried.tries
    return tried, WrongCode(tries_left=left) if left else TooManyTries()


def allow_another_code(asked_in_window: int) -> None:
    """Refuse a code when enough were asked for this reference in the last hour.

    Raises:
        TooManyCodes: The limit is reached.
    """
    if asked_in_window >= MAX_CODES:
        raise TooManyCodes


def date_of_birth(text: str, today: date) -> date:
    """Read a date of birth.

    Raises:
        InvalidDate: It is no ISO date, or not in the past.
    """
    born = iso_date(text.strip())
    if born is None or born >= today:
        raise InvalidDate
    return born
