"""Everything the domain can refuse, each with a stable code; the API gives each kind its HTTP status.

ClaimsError
├── Missing             it does not exist, or not for this customer
│   ├── PolicyNotFound, ChallengeNotFound, DraftNotFound, ClaimNotFound
│   ├── EvidenceNotFound
│   └── StaffNotFound, IdentityTokensOff
├── Unproven            who they are is not shown
│   └── SignInFailed, IdentityTokenInvalid
├── Denied              known, but not theirs
│   ├── OtherPolicy, NotAllowed, PasswordChangeNeeded
├── StateConflict       the state does not allow it
│   ├── CodeExpired, VersionConflict, AlreadySubmitted, UsernameTaken, LastAdmin
│   ├── StepNotPossible, ClaimFixed, LimitExceeded, FactsNeeded
│   ├── EvidenceClosed, EvidenceNotReadable
├── Invalid             readable but not acceptable
│   ├── WrongCode, InvalidPolicyReference, InvalidDate, InvalidFacts
│   ├── TextNeeded, InvalidAmount, UnknownHandler
│   ├── TooManyAnswers, IdempotencyKeyReused
│   ├── EvidenceTypeRefused, EvidenceEmpty, TooManyFiles
│   └── InvalidUsername, WeakPassword, WrongPassword
├── LimitReached        too often
│   └── TooManyCodes, TooManyTries
└── OutOfReach          what it depends on does not answer
    └── PolicySourceUnavailable, EvidenceStoreUnavailable
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


class Unproven(ClaimsError):
    """They did not show who they are."""


class Denied(ClaimsError):
    """The credentials are good, but for something else."""


class StateConflict(ClaimsError):
    """The state does not allow it."""


class Invalid(ClaimsError):
    """The request can be read but not accepted."""


class LimitReached(ClaimsError):
    """It was asked too often."""


class OutOfReach(ClaimsError):
    """Something this service depends on does not answer; the same request may work later."""


class PolicyNotFound(Missing):
    code, message = "policy_not_found", "There is no such policy."


class ChallengeNotFound(Missing):
    code, message = "challenge_not_found", "There is no such identity challenge."


class DraftNotFound(Missing):
    code, message = "draft_not_found", "There is no such draft for this customer."


class ClaimNotFound(Missing):
    code, message = "claim_not_found", "There is no such claim for this customer."


class StaffNotFound(Missing):
    code, message = "staff_not_found", "There is no such staff account."


class SignInFailed(Unproven):
    code, message = "sign_in_failed", "The username, the password or the code is not right, or it was tried too often."


class IdentityTokensOff(Missing):
    code, message = "identity_tokens_off", "This installation takes no identity tokens of a host page."


class IdentityTokenInvalid(Unproven):
    code, message = "identity_token_invalid", "The identity token is not valid; get a new one or ask for a code."


class EvidenceNotFound(Missing):
    code, message = "evidence_not_found", "There is no such evidence here."


class OtherPolicy(Denied):
    code, message = "other_policy", "The customer token is for another policy."


class NotAllowed(Denied):
    code, message = "not_allowed", "Your role does not allow this."


class PasswordChangeNeeded(Denied):
    code, message = "password_change_needed", "Change the password you were given before anything else."


class CodeExpired(StateConflict):
    code, message = "code_expired", "The code is used or too old; ask for a new one."


class VersionConflict(StateConflict):
    code, message = "version_conflict", "It was changed in the meantime; read it again."


class AlreadySubmitted(StateConflict):
    code, message = "already_submitted", "The draft was submitted and cannot be changed."


class UsernameTaken(StateConflict):
    code, message = "username_taken", "There is a staff account of this name."


class LastAdmin(StateConflict):
    code, message = "last_admin", "Somebody must stay who can manage accounts; add another admin first."


class StepNotPossible(StateConflict):
    code, message = "step_not_possible", "A claim in this status cannot take this step."


class ClaimFixed(StateConflict):
    code, message = "claim_fixed", "In its present status nothing of this kind can be changed on the claim."


class LimitExceeded(StateConflict):
    code, message = "limit_exceeded", "It is more than what is left of a yearly limit."


class FactsNeeded(StateConflict):
    code, message = "facts_needed", "A claim can only be approved once these facts are established."


class EvidenceClosed(StateConflict):
    code, message = "evidence_closed", "The claim is closed or withdrawn and takes no more evidence."


class EvidenceNotReadable(StateConflict):
    code, message = "evidence_not_readable", "The file is not checked for viruses yet, or a virus was found in it."


class WrongCode(Invalid):
    code, message = "wrong_code", "The code is not right."


class InvalidUsername(Invalid):
    code = "invalid_username"
    message = "A username has 3 to 64 letters and digits, with single dots, dashes or underscores between."


class WeakPassword(Invalid):
    code, message = "weak_password", "The new password is too easy to guess."


class WrongPassword(Invalid):
    code, message = "wrong_password", "The present password is not right, or it was tried too often."


class InvalidPolicyReference(Invalid):
    code, message = "invalid_policy_reference", "A policy reference looks like CYB-1234-5678."


class InvalidDate(Invalid):
    code, message = "invalid_date", "A date of birth is an ISO date in the past."


class InvalidFacts(Invalid):
    code, message = "invalid_facts", "Some facts have a value that cannot be read."


class TextNeeded(Invalid):
    code, message = "text_needed", "This step needs a reason, a remark or answers."


class InvalidAmount(Invalid):
    code, message = "invalid_amount", "An approval names an amount in EUR that fits the cover; other steps name none."


class UnknownHandler(Invalid):
    code, message = "unknown_handler", "There is no active member of staff with this name who may work on claims."


class TooManyAnswers(Invalid):
    code, message = "too_many_answers", "A draft holds a limited number of answers."


class IdempotencyKeyReused(Invalid):
    code, message = "idempotency_key_reused", "This Idempotency-Key was used for a different request."


class EvidenceTypeRefused(Invalid):
    code, message = "evidence_type_refused", "The content of the file is not of a kind that is taken, or is damaged."


class EvidenceEmpty(Invalid):
    code, message = "evidence_empty", "The file is empty."


class TooManyFiles(Invalid):
    code, message = "too_many_files", "A draft and its claim hold a limited number of files."


class TooManyCodes(LimitReached):
    code, message = "too_many_codes", "Too many codes were asked for this policy; wait an hour."


class PolicySourceUnavailable(OutOfReach):
    code = "policy_source_unavailable"
    message = "The system that keeps the policies does not answer, and our copy of this one is too old; try later."


class EvidenceStoreUnavailable(OutOfReach):
    code, message = "evidence_store_unavailable", "Files cannot be stored or read right now; try again later."


class TooManyTries(LimitReached):
    code, message = "too_many_tries", "Too many wrong codes; ask for a new one."
