"""What follows from an answer: a code is sent, the customer is identified, the cover is checked, the draft saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from rasa_sdk.executor import CollectingDispatcher

from actions.claims_client import ClaimsError, ClaimsUnavailable, TokenRejected
from actions.context import Context, request_person
from actions.intake import flow
from actions.intake.errands import Errands
from actions.intake.state import Intake

log = structlog.get_logger()

CODE = "one_time_code"
# No question: the code was asked for, and it is wanted once more.
SEND_AGAIN = "send_again"


@dataclass(frozen=True)
class Progress:
    """Where an intake stands after a step.

    Attributes:
        paused: The backend does not answer, or somebody is in danger: the form closes and can be taken up again.
    """

    intake: Intake
    identity: dict[str, Any] | None
    paused: bool = False


class Steps:
    """Carries out what an answer leads to, and tells the customer."""

    def __init__(self, context: Context, dispatcher: CollectingDispatcher, conversation: str, language: str) -> None:
        self._context, self._say = context, dispatcher
        self._conversation, self._language = conversation, language
        self._errands = Errands(context.claims, dispatcher)

    async def after(self, question: str, progress: Progress) -> Progress:
        """Do what follows from the answer to `question`."""
        try:
            if question == "date_of_birth":
                return await self._send_code(progress, "code_sent")
            if question == SEND_AGAIN:
                return await self._send_code(progress, "code_sent_again")
            if question == CODE:
                return await self._identify(progress)
            if question == flow.INCIDENT.id and progress.identity:
                return Progress(await self.begin(progress.intake, progress.identity), progress.identity)
            if progress.identity:
                return await self._check_and_save(progress)
        except TokenRejected:
            self._say.utter_message(response="code_expired")
            return Progress(progress.intake.without(*flow.IDENTIFICATION), None)
        except ClaimsUnavailable as error:
            log.warning("claims.unavailable", reason=str(error))
            return self._pause(question, progress)
        return progress

    def _pause(self, question: str, progress: Progress) -> Progress:
        choices = [{"response": "button_go_on", "payload": "/file_claim"}]
        self._say.utter_message(response="claims_unavailable", choices=choices)
        return Progress(progress.intake.without(question), progress.identity, paused=True)

    async def _send_code(self, progress: Progress, said: str) -> Progress:
        answers = progress.intake.answers
        try:
            started = await self._context.claims.start_challenge(
                answers["policy_reference"], answers["date_of_birth"], self._language
            )
        except ClaimsError as error:
            self._say.utter_message(response=_REFUSED.get(error.code, "too_many_codes"), helplines=["cyber_care"])
            restart = progress.intake.without("policy_reference", "date_of_birth")
            return Progress(restart, None, paused=error.code == "too_many_codes")
        self._say.utter_message(response=said)
        return Progress(progress.intake.but(challenge=started["challenge"]), None)

    async def _identify(self, progress: Progress) -> Progress:
        intake = progress.intake
        try:
            verified = await self._context.claims.verify(intake.challenge or "none", intake.answers["one_time_code"])
        except ClaimsError as error:
            if error.code == "wrong_code":
                self._say.utter_message(response="code_wrong", tries=error.details.get("tries_left", 1))
                return Progress(intake.without("one_time_code"), None)
            dead = error.code == "too_many_tries"
            self._say.utter_message(response="code_dead" if dead else "code_expired")
            if dead:
                request_person(self._say, "failed_identification", "normal")
            return Progress(intake.without(*flow.IDENTIFICATION), None)
        policy = verified["policy"]
        identity = {
            "token": verified["customer_token"],
            "expires_at": verified["expires_at"],
            "policy": policy,
            "name": policy["holder"]["first_name"],
        }
        return await self.known(intake, identity)

    async def known(self, intake: Intake, identity: dict[str, Any]) -> Progress:
        """Go on with a customer who has just proved who they are.

        Raises:
            TokenRejected: The backend no longer takes the proof.
        """
        claiming = intake.task == flow.CLAIM
        self._say.utter_message(response="identified" if claiming else "identified_errand", name=identity["name"])
        if intake.draft and intake.draft.get("policy") != identity["policy"]["reference"]:
            # Begun for another policy: its draft and its persons are not this one's.
            intake = intake.without("victim", "minor").but(draft=None, finding=None, key=self._context.new_key())
        # What proved the identity has done its work and is not kept.
        intake = intake.without(*flow.IDENTIFICATION).but(challenge=None)
        return Progress(await self.begin(intake, identity), identity)

    async def begin(self, intake: Intake, identity: dict[str, Any]) -> Intake:
        """Find what an identified customer can choose from; a claim begins without it, an errand cannot."""
        try:
            return await self._errands.begin(intake, identity)
        except TokenRejected:
            raise
        except (ClaimsUnavailable, ClaimsError) as error:
            log.warning("errand.not_begun", task=intake.task, reason=str(error))
            if intake.task == flow.CLAIM:
                return intake
            self._say.utter_message(response="claims_unavailable", choices=[])
            return intake.but(task=flow.NOTHING)

    async def _check_and_save(self, progress: Progress) -> Progress:
        intake, identity = progress.intake, progress.identity or {}
        if intake.task in flow.ERRANDS:
            return progress
        if flow.check_is_due(intake, self._context.facts):
            intake = intake.but(finding=await self._finding(intake, identity))
        if intake.task == flow.COVER:
            return Progress(intake, identity)
        return Progress(await self.save(intake, identity), identity)

    async def _finding(self, intake: Intake, identity: dict[str, Any]) -> str:
        known = {name: intake.answers[name] for name in flow.CHECKED_FACTS if name in intake.answers}
        reference = identity["policy"]["reference"]
        try:
            result = await self._context.claims.check(identity["token"], reference, str(intake.incident), known)
        except TokenRejected:
            raise
        except (ClaimsUnavailable, ClaimsError) as error:
            # The check is a help, not a condition: the claim goes on and a person checks it.
            log.warning("check.failed", reason=str(error))
            self._say.utter_message(response="finding_unavailable")
            return "unavailable"
        wanted = {"looks_covered": "supports", "looks_not_covered": "against"}.get(result["finding"])
        shown = [r for r in result["reasons"] if wanted in (None, r["effect"])]
        # What is in doubt comes first: it is what the customer can still do something about.
        reasons = [r["code"] for r in sorted(shown, key=lambda reason: reason["effect"] == "supports")]
        left = next((limit["left"] for limit in result["limits"] if limit["left"] is not None), "0")
        self._say.utter_message(
            response=f"finding_{result['finding']}",
            points=[f"reason_{code}" for code in reasons],
            left={"kind": "amount", "value": left},
        )
        return str(result["finding"])

    async def save(self, intake: Intake, identity: dict[str, Any]) -> Intake:
        """Save the answers as a draft; if that fails now, the next answer saves them too."""
        claims, token = self._context.claims, identity["token"]
        try:
            draft = intake.draft
            if draft is None:
                body = {
                    "policy_reference": identity["policy"]["reference"],
                    "incident": intake.incident,
                    "conversation": self._conversation,
                    "language": self._language,
                }
                draft = await claims.create_draft(token, intake.key, body)
            answers = flow.claim_answers(intake, self._context.facts)
            saved = await claims.save_draft(token, draft["id"], draft["version"], answers)
        except TokenRejected:
            raise
        except (ClaimsUnavailable, ClaimsError) as error:
            log.warning("draft.not_saved", reason=str(error))
            return intake
        policy = identity["policy"]["reference"]
        return intake.but(draft={"id": saved["id"], "version": saved["version"], "policy": policy})


_REFUSED = {
    "invalid_policy_reference": "invalid_policy_reference",
    "invalid_date": "invalid_date_of_birth",
    "too_many_codes": "too_many_codes",
}
