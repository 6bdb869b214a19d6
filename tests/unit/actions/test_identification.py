"""Who are you: the code, its ends, and a backend that is not there."""

from __future__ import annotations

import pytest

from tests.unit.actions.dialogue import Dialogue
from tests.unit.actions.fake_backend import BIRTH, CODE, REFERENCE, FakeBackend, Refused


async def asked_for_code(customer: Dialogue, reference: str = REFERENCE, birth: str = "14/03/1985") -> None:
    await customer.say("my parcel never came", "report_non_delivery", 0.99)
    await customer.choose("Yes")
    assert customer.asked == "policy_reference"
    await customer.say(reference)
    assert customer.asked == "date_of_birth"
    await customer.say(birth)


async def test_the_right_code_identifies(customer: Dialogue, backend: FakeBackend) -> None:
    await asked_for_code(customer)
    assert backend.bodies("challenge") == [{"policy_reference": REFERENCE, "date_of_birth": BIRTH, "language": "en"}]
    await customer.say("123 456")
    assert "Marie" in customer.text()
    assert customer.asked == "incident_date"


async def test_what_proved_the_identity_is_not_kept(customer: Dialogue) -> None:
    await asked_for_code(customer)
    await customer.say(CODE)
    assert CODE not in str(customer.slots)
    assert BIRTH not in str(customer.slots["intake"])


async def test_an_unknown_policy_sounds_the_same_as_a_known_one(customer: Dialogue) -> None:
    await asked_for_code(customer, reference="CYB-9999-9999")
    unknown = customer.text()
    other = Dialogue(customer.context)
    await asked_for_code(other)
    assert other.text() == unknown
    assert customer.asked == "one_time_code"


async def test_a_wrong_code_can_be_typed_again(customer: Dialogue) -> None:
    await asked_for_code(customer)
    await customer.say("654321")
    assert "4 more" in customer.text()
    assert customer.asked == "one_time_code"
    await customer.say(CODE)
    assert customer.asked == "incident_date"


async def test_after_too_many_wrong_codes_it_starts_again_and_a_person_hears_of_it(customer: Dialogue) -> None:
    await asked_for_code(customer)
    for _ in range(5):
        await customer.say("654321")
    assert "code_dead" in customer.names
    assert customer.asked == "policy_reference"
    assert [request["reason"] for request in customer.requests] == ["failed_identification"]


async def test_a_code_that_is_too_old_starts_again_and_the_next_one_works(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await asked_for_code(customer)
    backend.expire_codes()
    await customer.say(CODE)
    assert "code_expired" in customer.names
    assert customer.asked == "policy_reference"
    await customer.say(REFERENCE)
    await customer.say("14/03/1985")
    await customer.say(CODE)
    assert customer.asked == "incident_date"


async def test_too_many_codes_closes_the_form_without_losing_it(customer: Dialogue, backend: FakeBackend) -> None:
    backend.refuse = {"challenge": Refused(429, "too_many_codes")}
    await asked_for_code(customer)
    assert customer.names == ["too_many_codes"]
    assert customer.loop is None
    backend.refuse = {}
    await customer.say("open a claim", "file_claim", 0.99)
    assert customer.asked == "policy_reference"
    assert customer.intake["incident"] == "non_delivery"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("invalid_policy_reference", "invalid_policy_reference"), ("invalid_date", "invalid_date_of_birth")],
)
async def test_details_the_backend_cannot_read_are_asked_again(
    code: str, sentence: str, customer: Dialogue, backend: FakeBackend
) -> None:
    backend.refuse = {"challenge": Refused(422, code)}
    await asked_for_code(customer)
    assert sentence in customer.names
    assert customer.asked == "policy_reference"
    assert customer.loop is not None


async def test_the_button_start_again_asks_for_the_policy_once_more(customer: Dialogue) -> None:
    await asked_for_code(customer)
    await customer.choose("Start again")
    assert customer.asked == "policy_reference"


async def test_without_a_code_there_is_no_skipping(customer: Dialogue) -> None:
    await asked_for_code(customer)
    assert "I don't have it" not in customer.buttons()
    await customer.say("I don't have it", "deny", 0.67)
    assert customer.names == ["code_missing", "ask_one_time_code"]
    assert "02 552 51 65" in customer.text()


NO_CODE = [
    "I get no code",
    "nothing came in my mailbox",
    "I haven't received an e-mail",
    "where is that code?",
    "I can't find the mail",
    "that's an old address of mine",
    "ik krijg geen code",
    "nog altijd geen mail gekregen",
    "die code is nooit toegekomen",
    "ik zie niks in mijn mailbox",
    "je ne reçois pas de code",
    "toujours rien reçu",
    "j'ai pas eu le mail",
    "c'est mon ancienne adresse",
]


@pytest.mark.parametrize("text", NO_CODE)
async def test_that_no_code_came_is_no_wrong_code(text: str, customer: Dialogue, backend: FakeBackend) -> None:
    await asked_for_code(customer)
    for _ in range(4):
        await customer.say(text, "claim_status", 0.6)
        assert customer.names == ["code_missing", "ask_one_time_code"]
    await customer.say(CODE)
    assert "identified" in customer.names


@pytest.mark.parametrize(
    "text",
    [
        "can you send it again please",
        "I want a new code",
        "resend",
        "kan je hem nog eens doorsturen",
        "stuur de code opnieuw",
        "pouvez-vous renvoyer le code ?",
        "envoyez-moi un nouveau code",
    ],
)
async def test_the_code_is_sent_again_in_so_many_words(text: str, customer: Dialogue, backend: FakeBackend) -> None:
    await asked_for_code(customer)
    await customer.say(text, "claim_status", 0.9)
    assert customer.names == ["code_sent_again", "ask_one_time_code"]
    assert len(backend.bodies("challenge")) == 2


async def test_the_button_sends_the_code_again(customer: Dialogue, backend: FakeBackend) -> None:
    await asked_for_code(customer)
    await customer.choose("Send it again")
    assert customer.names == ["code_sent_again", "ask_one_time_code"]
    await customer.say(CODE)
    assert "identified" in customer.names


async def test_an_old_button_for_the_code_sends_none_once_it_is_known_who_it_is(
    customer: Dialogue, backend: FakeBackend
) -> None:
    await asked_for_code(customer)
    await customer.say(CODE)
    await customer.press('/correct_answer{"question": "one_time_code"}')
    assert len(backend.bodies("challenge")) == 1
    assert customer.asked == "incident_date"


async def test_who_wants_a_person_at_the_code_gets_one(customer: Dialogue) -> None:
    await asked_for_code(customer)
    await customer.say("I get no code, let me talk to someone", "talk_to_human", 0.9)
    assert "talk_to_human" in customer.names


async def test_unreadable_answers_get_help_after_the_second(customer: Dialogue) -> None:
    await asked_for_code(customer)
    for _ in range(2):
        await customer.say("blah")
        assert "invalid_code" in customer.names
    await customer.say("blah")
    assert "invalid_often_required" in customer.names
    assert "02 552 51 65" in customer.text()


@pytest.mark.parametrize(("call", "until"), [("challenge", "date_of_birth"), ("verify", "one_time_code")])
async def test_a_backend_that_is_down_pauses_and_goes_on_where_it_was(
    call: str, until: str, customer: Dialogue, backend: FakeBackend
) -> None:
    backend.down = {call}
    await asked_for_code(customer)
    if call == "verify":
        await customer.say(CODE)
    assert customer.names == ["claims_unavailable"]
    assert customer.loop is None
    backend.down = set()
    await customer.choose("Go on")
    assert customer.asked == until
    if until == "date_of_birth":
        await customer.say("14/03/1985")
    await customer.say(CODE)
    assert customer.asked == "incident_date"


async def test_a_yes_takes_the_paused_claim_up_again(customer: Dialogue, backend: FakeBackend) -> None:
    backend.down = {"challenge"}
    await asked_for_code(customer)
    backend.down = set()
    await customer.say("yes", "affirm", 0.99)
    assert customer.asked == "date_of_birth"


async def test_who_is_known_is_not_asked_again_for_the_next_claim(customer: Dialogue) -> None:
    await asked_for_code(customer)
    await customer.say(CODE)
    await customer.say("stop", "stop", 0.99)
    await customer.say("somebody emptied my account", "report_payment_fraud", 0.93)
    await customer.choose("Yes")
    assert "identified_already" in customer.names
    assert customer.asked == "incident_date"


async def test_an_identity_that_has_run_out_is_asked_for_again(customer: Dialogue) -> None:
    await asked_for_code(customer)
    await customer.say(CODE)
    customer.context.now.forward(hours=3)  # type: ignore[attr-defined]
    await customer.say("3/11")
    assert customer.asked == "policy_reference"
    assert customer.answers == {"incident_date": "2026-11-03"}
