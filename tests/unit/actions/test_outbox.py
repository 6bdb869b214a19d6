"""Submissions that wait: sent exactly once, kept when refused, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from actions.claims_client import ClaimsClient, ClaimsUnavailable
from actions.outbox import Outbox, Submission, deliver
from common.database import make_engine
from tests.unit.actions.fake_backend import REFERENCE, SERVICE_TOKEN, FakeBackend, Refused

TOKEN = "customer-token"


def submission(key: str = "0" * 32, **changes: Any) -> Submission:
    values: dict[str, Any] = {
        "key": key,
        "conversation": "conversation-1",
        "language": "nl",
        "token": TOKEN,
        "policy_reference": REFERENCE,
        "incident": "non_delivery",
        "answers": {"seller": "Bol", "goods": "shoes"},
    }
    return Submission(**values | changes)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path}/actions.db")
    yield made
    made.dispose()


@pytest.fixture
def outbox(engine: Engine) -> Outbox:
    return Outbox(engine)


@pytest.fixture
async def claims(backend: FakeBackend) -> ClaimsClient:
    backend.tokens.add(TOKEN)
    return ClaimsClient("http://claims.test", SERVICE_TOKEN, backend.transport())


class Customer:
    """Hears of claims that arrived; may be out of reach."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.reachable = True

    async def tell(self, submission: Submission, claim: dict[str, Any]) -> None:
        if not self.reachable:
            raise httpx.ConnectError("the bot is down")
        self.heard.append((submission.provisional, claim["reference"]))


@pytest.fixture
def someone() -> Customer:
    return Customer()


async def waits(outbox: Outbox, *submissions: Submission) -> None:
    for each in submissions:
        await outbox.put(each)
        outbox.leave(each.key)


async def test_what_waits_is_sent_once_and_the_customer_hears_of_it_once(
    outbox: Outbox, claims: ClaimsClient, backend: FakeBackend, someone: Customer
) -> None:
    await waits(outbox, submission())
    await outbox.send_pending(claims, someone.tell)
    await outbox.send_pending(claims, someone.tell)
    assert [claim["answers"] for claim in backend.claims.values()] == [{"seller": "Bol", "goods": "shoes"}]
    assert someone.heard == [("P-00000000", "CLM-2026-0001")]
    assert await outbox.pending() == []


async def test_the_same_key_twice_is_one_submission(outbox: Outbox) -> None:
    await waits(outbox, submission(), submission(answers={}))
    assert await outbox.pending() == [submission()]


async def test_while_the_backend_is_down_everything_stays(
    outbox: Outbox, claims: ClaimsClient, backend: FakeBackend, someone: Customer
) -> None:
    await waits(outbox, submission("a" * 32), submission("b" * 32))
    backend.down = {"draft"}
    await outbox.send_pending(claims, someone.tell)
    assert len(await outbox.pending()) == 2
    backend.down = set()
    await outbox.send_pending(claims, someone.tell)
    assert len(backend.claims) == len(someone.heard) == 2
    assert await outbox.pending() == []


@pytest.mark.parametrize("step", ["draft", "save", "submit"])
async def test_an_answer_that_got_lost_makes_no_second_claim(
    step: str, outbox: Outbox, claims: ClaimsClient, backend: FakeBackend, someone: Customer
) -> None:
    await waits(outbox, submission())
    backend.lose_answer = {step}
    await outbox.send_pending(claims, someone.tell)
    assert someone.heard == []
    backend.lose_answer = set()
    await outbox.send_pending(claims, someone.tell)
    assert len(backend.drafts) == len(backend.claims) == len(someone.heard) == 1
    assert await outbox.pending() == []


async def test_a_crash_after_the_claim_was_accepted_repeats_it_harmlessly(
    engine: Engine, claims: ClaimsClient, backend: FakeBackend, someone: Customer
) -> None:
    before = Outbox(engine)
    await before.put(submission())
    await deliver(claims, submission())
    # The process dies here, before `remove`; another one starts on the same file.
    after = Outbox(engine)
    await after.send_pending(claims, someone.tell)
    assert len(backend.claims) == 1
    assert someone.heard == [("P-00000000", "CLM-2026-0001")]
    assert await after.pending() == []


async def test_a_customer_who_cannot_be_told_now_is_told_later(
    outbox: Outbox, claims: ClaimsClient, backend: FakeBackend, someone: Customer
) -> None:
    await waits(outbox, submission())
    someone.reachable = False
    with pytest.raises(httpx.ConnectError):
        await outbox.send_pending(claims, someone.tell)
    someone.reachable = True
    await outbox.send_pending(claims, someone.tell)
    assert len(backend.claims) == 1
    assert someone.heard == [("P-00000000", "CLM-2026-0001")]


async def test_what_the_backend_refuses_is_kept_for_a_person_and_does_not_hold_up_the_others(
    outbox: Outbox, engine: Engine, claims: ClaimsClient, backend: FakeBackend, someone: Customer
) -> None:
    await waits(outbox, submission("a" * 32, token="long-expired"), submission("b" * 32))
    await outbox.send_pending(claims, someone.tell)
    assert [claim["draft"] for claim in backend.claims.values()] == ["draft-1"]
    assert [provisional for provisional, _ in someone.heard] == ["P-BBBBBBBB"]
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT key, refused FROM submissions")).all()
    assert [tuple(row) for row in kept] == [("a" * 32, "customer_token_expired")]


async def test_what_is_refused_is_not_sent_again(
    outbox: Outbox, claims: ClaimsClient, backend: FakeBackend, someone: Customer
) -> None:
    await waits(outbox, submission())
    backend.refuse = {"submit": Refused(422, "unknown_answer")}
    await outbox.send_pending(claims, someone.tell)
    backend.refuse = {}
    await outbox.send_pending(claims, someone.tell)
    assert backend.claims == {}
    assert len(backend.bodies("submit")) == 1


async def test_what_an_action_is_sending_is_left_to_it(
    outbox: Outbox, claims: ClaimsClient, backend: FakeBackend, someone: Customer
) -> None:
    await outbox.put(submission())
    await outbox.send_pending(claims, someone.tell)
    assert backend.calls == []
    outbox.leave(submission().key)
    await outbox.send_pending(claims, someone.tell)
    assert len(backend.claims) == 1


async def test_a_draft_somebody_changed_meanwhile_gets_the_answers_all_the_same(
    claims: ClaimsClient, backend: FakeBackend
) -> None:
    body = {"policy_reference": REFERENCE, "incident": "non_delivery", "conversation": "c", "language": "nl"}
    draft = await claims.create_draft(TOKEN, "key", body)
    backend.change_draft_elsewhere()
    claim = await deliver(claims, submission(draft={"id": draft["id"], "version": draft["version"]}))
    assert claim["answers"] == {"seller": "Bol", "goods": "shoes"}


async def test_an_answer_that_is_no_json_error_is_a_refusal_and_a_500_is_not() -> None:
    def answers(status: int) -> ClaimsClient:
        transport = httpx.MockTransport(lambda _: httpx.Response(status, text="<html>proxy</html>"))
        return ClaimsClient("http://claims.test", SERVICE_TOKEN, transport)

    with pytest.raises(ClaimsUnavailable):
        await answers(502).start_challenge(REFERENCE, "1985-03-14", "en")
    with pytest.raises(Exception, match="unreadable_error"):
        await answers(404).start_challenge(REFERENCE, "1985-03-14", "en")
