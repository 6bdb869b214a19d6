"""What customers and the bot hear when a claim changes; stored with the change, sent afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from claims.adapters.outbox import EVENT, MAIL
from claims.domain.claims import Claim
from claims.service.services import Services
from claims.service.unit_of_work import UnitOfWork

# What is told of each change beside the reference. What staff write for a decision only goes to the mailbox: anybody
# who opens the browser can read the conversation.
_IN_MAIL: dict[str, tuple[str, ...]] = {
    "submitted": (),
    "in_review": (),
    "information_requested": ("reason",),
    "approved": ("to_pay",),
    "declined": ("reason",),
    # In total: a claim that is opened again can be paid in two parts.
    "paid": ("paid",),
    "withdrawn": (),
    "closed": (),
}
# Not "submitted": whoever submits the claim says so in the conversation, in the same breath.
_IN_CONVERSATION: dict[str, tuple[str, ...]] = {
    "in_review": (),
    "information_requested": ("reason",),
    "approved": (),
    "declined": (),
    "paid": (),
    "withdrawn": (),
    "closed": (),
}
EVENTS, TOLD_IN_CONVERSATION = tuple(_IN_MAIL), tuple(_IN_CONVERSATION)


def announce(services: Services, unit: UnitOfWork, claim: Claim, event: str, reason: str = "") -> None:
    """Put the mail and the event of a change into the outbox, once for each version of a claim.

    Args:
        services: The adapters.
        unit: The unit of work that makes the change.
        claim: The claim as it is after the change.
        event: What happened: submitted, in_review, information_requested, approved, declined, paid, withdrawn, closed.
        reason: What staff wrote for the customer, where they did.

    Raises:
        ValueError: There is no such event.
    """
    if event not in EVENTS:
        raise ValueError(f"no texts for {event}")
    now, version = services.now(), f"{claim.reference}:{claim.version}"
    policy = unit.policies.find(claim.policy_reference)
    if policy is not None:
        mail = _mail(policy.email, claim, event, reason)
        unit.outbox.put(services.ids.token(), MAIL, f"mail:{version}", mail, now)
    if services.events is not None and event in TOLD_IN_CONVERSATION:
        unit.outbox.put(services.ids.token(), EVENT, f"event:{version}", _event(claim, event, reason, now), now)


def _mail(to: str, claim: Claim, event: str, reason: str) -> dict[str, Any]:
    known = {"reason": reason, "to_pay": _euros(claim.to_pay), "paid": _euros(claim.paid_amount)}
    template, names = f"claim_mail_{event}", _IN_MAIL[event]
    if event == "approved" and claim.to_pay <= 0:
        # Covers that are advice and support are approved without money.
        template, names = "claim_mail_approved_without_payment", ()
    values = {"reference": claim.reference} | {name: known[name] for name in names}
    return {"to": to, "template": template, "language": claim.language, "values": values}


def _euros(amount: Decimal | None) -> dict[str, str]:
    """As the texts format it, each in its language."""
    return {"kind": "amount", "value": str(amount or 0)}


def _event(claim: Claim, event: str, reason: str, now: datetime) -> dict[str, Any]:
    known = {"reason": reason}
    return {
        "type": f"claim.{event}",
        "at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "claim": {
            "reference": claim.reference,
            "conversation": claim.conversation,
            "language": claim.language,
            "status": claim.status.value,
            "version": claim.version,
        },
        "text_values": {"reference": claim.reference} | {name: known[name] for name in _IN_CONVERSATION[event]},
    }
