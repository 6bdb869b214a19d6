"""What a customer may want besides a new claim: go on with a draft, hear of a claim, add to it, withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.claims_client import ClaimsClient, ClaimsError, TokenRejected
from actions.intake import flow
from actions.intake.state import Intake

LISTED = 5
# Statuses in which a customer can still withdraw a claim, or add to it (claims/domain/lifecycle.py decides).
_WITHDRAWABLE = {"submitted", "in_review", "information_requested"}
_OPEN_FOR_REMARKS = _WITHDRAWABLE | {"approved", "declined", "paid"}


@dataclass(frozen=True)
class Errands:
    """Begins and carries out errands of an identified customer."""

    claims: ClaimsClient
    say: CollectingDispatcher

    async def begin(self, intake: Intake, identity: dict[str, Any]) -> Intake:
        """Find what the errand is about, as soon as we know who the customer is.

        Raises:
            ClaimsUnavailable: The backend does not answer.
            TokenRejected: The customer has to identify again.
        """
        token, policy = identity["token"], identity["policy"]["reference"]
        if intake.task in (flow.CLAIM, "resume"):
            return self._with_drafts(intake, await self.claims.drafts(token, policy))
        if intake.task == flow.COVER:
            return intake
        return self._with_claims(intake, await self.claims.claims(token, policy))

    def _with_drafts(self, intake: Intake, drafts: list[dict[str, Any]]) -> Intake:
        own = (intake.draft or {}).get("id")
        begun = [draft for draft in drafts if draft["answers"] and draft["id"] != own][:LISTED]
        listed = tuple({**draft, "at": draft["updated_at"][:10]} for draft in begun)
        if listed or intake.task == flow.CLAIM:
            return intake.but(listed=listed)
        self.say.utter_message(response="nothing_unfinished")
        return intake.but(task=flow.CLAIM)

    def _with_claims(self, intake: Intake, claims: list[dict[str, Any]]) -> Intake:
        possible = {"withdraw": _WITHDRAWABLE, "remark": _OPEN_FOR_REMARKS}.get(intake.task)
        fitting = [claim for claim in claims if possible is None or claim["status"] in possible][:LISTED]
        if not fitting:
            none = "no_claims_unsent" if intake.before else "no_claims"
            self.say.utter_message(response=f"no_claims_{intake.task}" if claims else none)
            return intake.but(task=flow.NOTHING)
        listed = tuple(
            {**claim, "id": claim["reference"], "at": claim["submitted_at"][:10], "answers": {}, "reasons": []}
            for claim in fitting
        )
        only = {flow.WHICH_CLAIM.id: listed[0]["id"]} if len(listed) == 1 else {}
        return intake.but(listed=listed, answers=only)

    async def finish(self, intake: Intake, identity: dict[str, Any]) -> None:
        """Carry the errand out and tell the customer.

        Raises:
            ClaimsUnavailable: The backend does not answer.
            TokenRejected: The customer has to identify again.
        """
        if intake.task == "status":
            for claim in intake.listed:
                self._tell_status(claim)
            return
        chosen = next((claim for claim in intake.listed if claim["id"] == intake.answers.get("which_claim")), None)
        if chosen is None:
            return
        try:
            await self._change(intake, chosen, identity["token"])
        except TokenRejected:
            raise
        except ClaimsError:
            # Staff changed it in the meantime, so that it is too late: what to do now is in its status.
            self.say.utter_message(response="claim_changed_meanwhile", reference=chosen["reference"])

    async def _change(self, intake: Intake, claim: dict[str, Any], token: str) -> None:
        reference = claim["reference"]
        if intake.task == "withdraw":
            if intake.answers.get("withdraw") == "no":
                self.say.utter_message(response="withdrawal_dropped", reference=reference)
                return
            await self.claims.withdraw(token, claim)
            self.say.utter_message(response="claim_withdrawn", reference=reference)
            return
        await self.claims.add_remark(token, claim, str(intake.answers["remark"]))
        self.say.utter_message(response="remark_added", reference=reference)

    def _tell_status(self, claim: dict[str, Any]) -> None:
        payout = claim["payout"] or {}
        promised = payout if payout.get("running") else {}
        # Some covers are help and advice: approved, with nothing to pay.
        help_only = claim["status"] == "approved" and not Decimal(claim["approved_amount"] or 0)
        self.say.utter_message(
            response="status_approved_help" if help_only else f"status_{claim['status']}",
            reference=claim["reference"],
            incident=claim["incident"],
            day={"kind": "date", "value": claim["at"]},
            amount={"kind": "amount", "value": claim["approved_amount"] or "0"},
            message=claim["message"],
            due={"kind": "date", "value": promised.get("due_on") or claim["at"]},
            points=["status_due"] if promised else [],
        )
