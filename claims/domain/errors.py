"""Everything the domain can refuse, each with a stable code; the API gives each kind its HTTP status.

ClaimsError
├── Missing             it does not exist, or not for this customer
│   ├── PolicyNotFound, ChallengeNotFound, DraftNotFound, ClaimNotFound
├── Denied              known, but not theirs
│   └── OtherPolicy
├── StateConflict       the state does not allow it
│   ├── CodeExpired, VersionConflict, AlreadySubmitted
├── Invalid             readable but not acceptable
│   ├── WrongCode, InvalidPolicyReference, InvalidDate, InvalidFacts
│   └── TooManyAnswers, IdempotencyKeyReused
└── LimitReached        too often
    └── TooManyCodes, TooManyTries
"""

from __future__ import annotations

from typing import Any, ClassVar


class ClaimsError(Exception):
    """Something the caller may be told: a stable code, one sentence, details that hold nothing a person typed."""

    code: ClassVar[str] = "claims_error"
    message: ClassVar[str] = "The request cannot be done."

    def __init__(self, **details: Any) -> None:
        super().__init__(self.message)
        self.details = details


class Missing(ClaimsError):
    """It does not exist, or not for this customer: the two must look the same."""


class Denied(ClaimsError):
    """The credentials are good, but for something else."""


class StateConflict(ClaimsError):
    """The state does not allow it."""


class Invalid(ClaimsError):
    """The request can be read but not accepted."""


class LimitReached(ClaimsError):
    """It was asked too often."""


class PolicyNotFound(Missing):
    code, message = "policy_not_found", "There is no such policy."


class ChallengeNotFound(Missing):
    code, message = "challenge_not_found", "There is no such identity challenge."


class DraftNotFound(Missing):
    code, message = "draft_not_found", "There is no such draft for this customer."


class ClaimNotFound(Missing):
    code, message = "claim_not_found", "There is no such claim for this customer."


class OtherPolicy(Denied):
    code, message = "other_policy", "The customer token is for another policy."


class CodeExpired(StateConflict):
    code, message = "code_expired", "The code is used or too old; ask for a new one."


class VersionConflict(StateConflict):
    code, message = "version_conflict", "The draft was changed in the meantime; read it again."


class AlreadySubmitted(StateConflict):
    code, message = "already_submitted", "The draft was submitted and cannot be changed."


class WrongCode(Invalid):
    code, message = "wrong_code", "The code is not right."


class InvalidPolicyReference(Invalid):
    code, message = "invalid_policy_reference", "A policy reference looks like CYB-1234-5678."


class InvalidDate(Invalid):
    code, message = "invalid_date", "A date of birth is an ISO date in the past."


class InvalidFacts(Invalid):
    code, message = "invalid_facts", "Some facts have a value that cannot be read."


class TooManyAnswers(Invalid):
    code, message = "too_many_answers", "A draft holds a limited number of answers."


class IdempotencyKeyReused(Invalid):
    code, message = "idempotency_key_reused", "This Idempotency-Key was used for a different request."


class TooManyCodes(LimitReached):
    code, message = "too_many_codes", "Too many codes were asked for this policy; wait an hour."


class TooManyTries(LimitReached):
    code, message = "too_many_tries", "Too many wrong codes; ask for a new one."
