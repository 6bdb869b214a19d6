"""One-time codes and the host page's identity tokens: how long they hold, how often they may be asked and guessed."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from claims.domain.dates import iso_date
from claims.domain.errors import CodeExpired, InvalidDate, TooManyCodes, TooManyTries, WrongCode

CODE_VALID = timedelta(minutes=10)
MAX_TRIES = 5
CODES_WINDOW = timedelta(hours=1)
ADDRESS_WINDOW = timedelta(days=1)
CUSTOMER_TOKEN_VALID = timedelta(hours=2)
# For handing over what was said while the token was valid: a submission may wait for us to come back.
CUSTOMER_TOKEN_DELIVERS = timedelta(days=7)
HOST_AUDIENCE = "cyber-care"
HOST_TOKEN_LONGEST = timedelta(minutes=10)
# Two machines never agree on the time to the second.
CLOCKS_APART = timedelta(seconds=30)

_GROUPING = re.compile(r"[\s.-]+")


@dataclass(frozen=True)
class Challenge:
    """A code that was asked for a policy reference, whether or not the policy exists.

    Attributes:
        matched: The policy exists and the date of birth is right, so that the code was really mailed. Until then no
            code opens anything.
        address_hash: The keyed hash of the address the code went to, where it was mailed.
    """

    id: str
    policy_reference: str
    code_hash: str
    created_at: datetime
    expires_at: datetime
    tries: int = 0
    matched: bool = False
    used: bool = False
    address_hash: str | None = None


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


def hash_address(address: str, secret: str) -> str:
    """Hash a mail address with a key, so that spellings of one mailbox count as one and nobody can read it back."""
    normalised = unicodedata.normalize("NFC", address).strip().casefold()
    return hmac.new(secret.encode(), f"address:{normalised}".encode(), hashlib.sha256).hexdigest()


def allow_another_code(asked_in_window: int, limit: int) -> None:
    """Refuse a code when enough were asked for this reference in the last hour.

    Raises:
        TooManyCodes: The limit is reached.
    """
    if asked_in_window >= limit:
        raise TooManyCodes


@dataclass(frozen=True)
class HostClaims:
    """What a signed identity token of the host page says.

    Attributes:
        token_hash: Stands for the token when it comes a second time.
        valid_from: When it was issued, or later where it says so.
    """

    policy_reference: str
    token_hash: str
    issued_at: datetime
    valid_from: datetime
    expires_at: datetime

    def hold_at(self, now: datetime) -> bool:
        """Tell whether the token is valid at `now` and was not made to last too long."""
        lasts = self.expires_at - self.issued_at
        started = self.valid_from - CLOCKS_APART <= now
        return timedelta(0) < lasts <= HOST_TOKEN_LONGEST and started and now < self.forgotten_at

    @property
    def forgotten_at(self) -> datetime:
        """From when on the token is refused for its age, so that nobody has to remember it."""
        return self.expires_at + CLOCKS_APART


def date_of_birth(text: str, today: date) -> date:
    """Read a date of birth.

    Raises:
        InvalidDate: It is no ISO date, or not in the past.
    """
    born = iso_date(text.strip())
    if born is None or born >= today:
        raise InvalidDate
    return born
