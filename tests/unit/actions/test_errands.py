"""What a customer wants besides a new claim: the draft of another day, status, additions, withdrawal, the cover."""

from __future__ import annotations

import pytest

from tests.unit.actions.dialogue import Dialogue
from tests.unit.actions.fake_backend import CODE, REFERENCE, FakeBackend, Refused
from tests.unit.actions.test_intake import answered_until, identified

ONE, TWO = "CC-2026-AAAAAA", "CC-2026-BBBBBB"


async def identify(customer: Dialogue) -> list[str]:
    for text in (REFERENCE, "14/03/1985", CODE):
        await customer.say(text)
    return customer.names


async def test_a_draft_of_another_day_is_offered_and_goes_on_where_it_was(
    customer: Dialogue, backend: FakeBackend
) -> None:
    backend.begun("non_delivery", incident_date="2026-11-03", victim="p-1", seller="Bol")
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    assert await identify(customer) == ["identified", "ask_resume"]
    (title,) = (title for title in customer.buttons() if "20 November 2026" in title)
    await customer.choose(title)
    assert customer.names == ["draft_resumed", "ask_private_use"]
    assert customer.rows()["Seller"]["value"] == "Bol"
    assert "3 of 15" in customer.text()
    await customer.say("private")
    assert list(backend.drafts) == ["draft-1"]
    assert backend.drafts["draft-1"]["answers"]["private_use"] == "private"


async def test_a_new_claim_leaves_the_draft_of_another_day_alone(customer: Dialogue, backend: FakeBackend) -> None:
    backend.begun("non_delivery", seller="Bol")
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    await identify(customer)
    await customer.choose("A new claim")
    assert customer.asked == "incident_date"
    await customer.say("3/11")
    assert backend.drafts["draft-1"]["answers"] == {"seller": "Bol"}
    assert backend.drafts["draft-2"]["answers"] == {"incident_date": "2026-11-03"}


async def test_an_empty_draft_is_not_worth_a_question(customer: Dialogue, backend: FakeBackend) -> None:
    backend.begun("non_delivery")
    await identified(customer)


async def test_a_customer_who_comes_back_chooses_the_claim_begun_earlier(
    customer: Dialogue, backend: FakeBackend
) -> None:
    backend.begun("payment_fraud", incident_date="2026-11-03")
    await customer.say("I want to open a claim", "file_claim", 0.99)
    await customer.choose("One I began earlier")
    assert customer.asked == "policy_reference"
    assert await identify(customer) == ["identified_errand", "ask_resume"]
    await customer.choose(next(title for title in customer.buttons() if "2026" in title))
    assert customer.names[0] == "draft_resumed"
    assert customer.intake["incident"] == "payment_fraud"


async def test_when_nothing_was_begun_a_new_claim_begins(customer: Dialogue) -> None:
    await customer.say("I want to open a claim", "file_claim", 0.99)
    await customer.choose("One I began earlier")
    assert await identify(customer) == ["identified_errand", "nothing_unfinished", "ask_incident"]
    await customer.say("my photos are gone", "report_data_loss", 0.9)
    assert customer.asked == "incident_date"


async def test_drafts_that_cannot_be_listed_do_not_stop_a_claim(customer: Dialogue, backend: FakeBackend) -> None:
    backend.down.add("drafts")
    await identified(customer)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("submitted", "reached us on 20 November 2026"),
        ("in_review", "by 5 December 2026"),
        ("information_requested", "Please send the invoice."),
        ("approved", "€240"),
        ("declined", "Please send the invoice."),
        ("paid", "€240"),
        ("withdrawn", "was withdrawn"),
        ("closed", "is closed"),
    ],
)
async def test_every_status_is_said_in_plain_words(
    status: str, says: str, customer: Dialogue, backend: FakeBackend
) -> None:
    backend.sent(ONE, status, message="Please send the invoice.", approved_amount="240.00")
    await customer.say("where is my claim?", "claim_status", 0.99)
    assert customer.names == ["errand_status", "ask_policy_reference"]
    assert await identify(customer) == ["identified_errand", f"status_{status}"]
    assert says in customer.text()
    assert ONE in customer.text()
    assert customer.loop is None


@pytest.mark.parametrize("amount", ["0", "0.00"])
async def test_help_without_a_payment_promises_none(amount: str, customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE, "approved", approved_amount=amount, payout=None)
    await customer.say("where is my claim?", "claim_status", 0.99)
    assert await identify(customer) == ["identified_errand", "status_approved_help"]
    assert "arrange the help" in customer.text()
    assert "€" not in customer.text()


async def test_a_date_is_only_named_while_the_clock_runs(customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE, "information_requested", payout={"due_on": "2026-12-05", "running": False})
    await customer.say("where is my claim?", "claim_status", 0.99)
    await identify(customer)
    assert "December" not in customer.text()


async def test_who_is_known_hears_the_status_at_once_and_goes_on_with_the_claim(
    customer: Dialogue, backend: FakeBackend
) -> None:
    backend.sent(ONE)
    await identified(customer)
    names = await customer.say("how is my other claim doing?", "claim_status", 0.99)
    assert names == ["status_in_review", "intake_back", "ask_incident_date__non_delivery"]
    await customer.say("3/11")
    assert customer.asked == "victim"


async def test_no_claim_yet(customer: Dialogue) -> None:
    await customer.say("where is my claim?", "claim_status", 0.99)
    assert await identify(customer) == ["identified_errand", "no_claims"]
    assert customer.slots["intake"] is None


async def test_an_addition_goes_to_the_claim_that_was_chosen(customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE)
    backend.sent(TWO, submitted_at="2026-11-21T09:00:00Z")
    await customer.say("I found another mail", "add_evidence", 0.99)
    assert await identify(customer) == ["identified_errand", "ask_which_claim"]
    await customer.choose(next(title for title in customer.buttons() if "21 November" in title))
    assert customer.names == ["ask_remark"]
    await customer.say("I also found their mail of 2 November", "add_evidence", 0.95)
    assert customer.names == ["remark_added"]
    assert backend.claims[TWO]["changed"] == ("remarks", "I also found their mail of 2 November")
    assert "changed" not in backend.claims[ONE]


async def test_an_addition_answers_what_was_asked(customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE, "information_requested")
    await customer.say("I have the invoice now", "add_evidence", 0.99)
    assert await identify(customer) == ["identified_errand", "ask_remark"]
    await customer.say("The invoice number is 2231")
    assert backend.claims[ONE]["changed"] == ("answers", "The invoice number is 2231")


async def test_a_withdrawal_is_confirmed_first(customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE)
    await customer.say("please drop my claim", "withdraw_claim", 0.99)
    assert await identify(customer) == ["identified_errand", "ask_withdraw"]
    await customer.choose("No")
    assert customer.names == ["withdrawal_dropped"]
    assert "changed" not in backend.claims[ONE]
    await customer.say("no, do drop it", "withdraw_claim", 0.99)
    assert customer.names == ["ask_withdraw"]
    await customer.choose("Yes")
    assert customer.names == ["claim_withdrawn"]
    assert backend.claims[ONE]["changed"][0] == "withdrawal"


@pytest.mark.parametrize(("intent", "name"), [("withdraw_claim", "withdraw"), ("add_evidence", "remark")])
async def test_what_is_over_is_said_so(intent: str, name: str, customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE, "closed")
    await customer.say("about my claim", intent, 0.99)
    assert await identify(customer) == ["identified_errand", f"no_claims_{name}"]


async def test_staff_were_faster(customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE)
    await customer.say("please drop my claim", "withdraw_claim", 0.99)
    await identify(customer)
    backend.refuse["change"] = Refused(409, "step_not_possible")
    await customer.choose("Yes")
    assert customer.names == ["claim_changed_meanwhile"]


async def test_a_change_by_staff_that_leaves_it_possible_does_not_stand_in_the_way(
    customer: Dialogue, backend: FakeBackend
) -> None:
    backend.sent(ONE)
    await customer.say("please drop my claim", "withdraw_claim", 0.99)
    await identify(customer)
    backend.claims[ONE]["version"] = 9
    await customer.choose("Yes")
    assert customer.names == ["claim_withdrawn"]


@pytest.mark.parametrize("call", ["claims", "change"])
async def test_a_backend_that_is_down_loses_nothing(call: str, customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE)
    backend.down.add(call)
    await customer.say("please drop my claim", "withdraw_claim", 0.99)
    await identify(customer)
    if call == "change":
        await customer.choose("Yes")
    assert customer.names[-1] == "claims_unavailable"
    assert customer.loop is None


async def test_stopping_an_errand_brings_the_claim_back(customer: Dialogue, backend: FakeBackend) -> None:
    backend.sent(ONE)
    backend.sent(TWO)
    await identified(customer)
    await answered_until(customer, "seller")
    await customer.say("withdraw the old one", "withdraw_claim", 0.99)
    assert customer.names == ["ask_which_claim"]
    await customer.say("stop", "stop", 0.99)
    assert customer.names == ["errand_stopped"]
    await customer.say("open a claim", "file_claim", 0.99)
    assert customer.asked == "seller"
    assert customer.answers["amount"] == "240.00"


async def test_the_cover_of_the_own_policy_is_checked_without_sending_anything(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.press('/ask_coverage{"about": "my_policy"}')
    assert customer.names == ["errand_cover", "ask_policy_reference"]
    assert await identify(customer) == ["identified_errand", "ask_incident_date__non_delivery"]
    for text in ("3/11", "me", "private", "I don't know", "a shop", "240"):
        await customer.say(text)
    assert customer.names == ["finding_looks_covered", "offer_claim"]
    assert not backend.drafts
    await customer.choose("Yes")
    assert customer.names == ["intake_resumed", "ask_seller"]
    assert customer.answers["amount"] == "240.00"
