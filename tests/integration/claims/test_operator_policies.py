"""Policies from the operator's customer system: a real server that is up, slow, failing or talking nonsense."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from claims.adapters.operator_policies import OperatorPolicies, SourceDown
from claims.domain.policies import Policy, Terms
from tests.integration.claims.claims_api import LIES, Api, FakeClock, code_of
from tests.integration.claims.conftest import NOW, running
from tests.integration.claims.operator_system import (
    BORN,
    NEW,
    NONSENSE,
    TOKEN,
    Operator,
    failing,
    household,
    operator_system,
)


@pytest.fixture
async def operator() -> AsyncIterator[Operator]:
    async with operator_system() as system:
        yield system


@pytest.fixture
async def api(database_url: str, operator: Operator) -> AsyncIterator[Api]:
    """The service, with policies from the operator's system."""
    async with running(database_url, operator_url=operator.address + "/", operator_token=TOKEN) as started:
        yield started


def stored(api: Api, reference: str = NEW) -> Policy | None:
    with api.services.unit() as unit:
        return unit.policies.find(reference)


async def sent(api: Api, reference: str = NEW, born: str = BORN) -> int:
    """Ask for a code, and count the mails so far."""
    assert (await api.ask_code(reference, born)).status_code == 202
    return len(api.mailer.sent)


async def test_a_policy_we_do_not_have_is_fetched_and_kept(api: Api, operator: Operator) -> None:
    assert await sent(api) == 1
    assert api.mailer.sent[0].to == "zoe.desmet@example.be"
    assert operator.tokens == [f"Bearer {TOKEN}"]
    policy = stored(api)
    assert policy is not None
    assert policy.persons[0].id == f"{NEW}-1"
    assert policy.periods[0].terms is Terms.PRODUCT_PAGE
    verified = await api.give_code("id-1", "424242")
    assert verified.json()["policy"]["start_date"] == "2025-01-14"
    assert operator.asked == [NEW]


async def test_a_fresh_copy_is_taken_as_it_is_and_an_older_one_refreshed(api: Api, operator: Operator) -> None:
    await sent(api)
    operator.policies[NEW] = household(email="zoe@other.example.be")
    api.clock.forward(minutes=14, seconds=59)
    await sent(api)
    assert operator.asked == [NEW]
    api.clock.forward(seconds=1)
    await sent(api)
    assert operator.asked == [NEW, NEW]
    assert [mail.to for mail in api.mailer.sent] == [*["zoe.desmet@example.be"] * 2, "zoe@other.example.be"]


async def test_refreshing_keeps_what_the_operator_does_not_carry(api: Api, operator: Operator) -> None:
    reference = "CYB-5001-0007"
    with api.services.unit() as unit:
        before = unit.policies.past_claims(reference)
    assert len(before) == 2
    operator.policies[reference] = household(reference)
    assert await sent(api, reference) == 1
    with api.services.unit() as unit:
        assert sorted(claim.id for claim in unit.policies.past_claims(reference)) == sorted(one.id for one in before)
        assert unit.policies.get(reference).persons[0].first_name == "Zoë"


async def identified(api: Api, operator: Operator) -> Any:
    """A customer of Lies's policy, fetched just now."""
    person = {"id": "1", "first_name": "Lies", "last_name": "Peeters", "relation": "holder", "family": True}
    operator.policies[LIES] = household(LIES, persons=[person | {"date_of_birth": "1985-03-14"}])
    return await api.customer()


@pytest.mark.parametrize("name", NONSENSE)
async def test_while_it_does_not_answer_well_the_copy_is_used_for_a_day(
    api: Api, operator: Operator, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    customer = await identified(api, operator)
    before = stored(api, LIES)
    operator.answer = NONSENSE[name]
    api.clock.forward(hours=1)
    assert (await customer.call("GET", f"/v1/policies/{LIES}")).json()["holder"]["first_name"] == "Lies"
    assert len(operator.asked) == 2
    assert stored(api, LIES) == before
    api.clock.forward(hours=22, minutes=59, seconds=59)
    assert (await customer.open_draft()).status_code == 201
    api.clock.forward(seconds=1)
    api.mailer.sent.clear()
    await api.ask_code()
    assert api.mailer.sent == []
    logged = capsys.readouterr().out
    assert "policies.source_failed" in logged
    assert "PolicySourceUnavailable" in logged
    assert LIES not in logged
    assert TOKEN not in logged


async def test_a_copy_of_more_than_a_day_is_too_old_for_every_use(api: Api, operator: Operator) -> None:
    customer = await identified(api, operator)
    draft = (await customer.open_draft()).json()
    api.clock.forward(hours=24)
    token = api.services.tokens.issue(LIES)
    customer.headers["x-customer-token"] = token
    operator.answer = failing
    unavailable = (503, "policy_source_unavailable")
    assert code_of(await customer.call("GET", f"/v1/policies/{LIES}")) == unavailable
    assert code_of(await customer.check()) == unavailable
    assert code_of(await customer.open_draft("key-2")) == unavailable
    assert code_of(await customer.submit(draft["id"], draft["version"])) == unavailable
    # Nothing is lost meanwhile: what was begun can be read, and sent when the system is back.
    assert (await customer.call("GET", f"/v1/drafts/{draft['id']}")).status_code == 200
    operator.answer = None
    api.clock.forward(seconds=15)
    assert (await customer.submit(draft["id"], draft["version"])).status_code == 201


async def test_after_a_failure_it_is_left_alone_for_a_moment(api: Api, operator: Operator) -> None:
    customer = await identified(api, operator)
    api.clock.forward(hours=1)
    operator.answer = failing
    for _ in range(3):
        assert (await customer.call("GET", f"/v1/policies/{LIES}")).status_code == 200
    assert len(operator.asked) == 2
    api.clock.forward(seconds=15)
    await customer.call("GET", f"/v1/policies/{LIES}")
    assert len(operator.asked) == 3


async def test_a_policy_the_operator_does_not_know_is_gone_here_but_its_claims_stay(
    api: Api, operator: Operator
) -> None:
    customer = await identified(api, operator)
    draft, other = [(await customer.open_draft(key)).json() for key in ("key-1", "key-2")]
    claim = (await customer.submit(draft["id"], draft["version"])).json()
    del operator.policies[LIES]
    api.clock.forward(minutes=15)
    missing = (404, "policy_not_found")
    for _ in range(2):
        assert code_of(await customer.call("GET", f"/v1/policies/{LIES}")) == missing
    assert code_of(await customer.check()) == missing
    assert code_of(await customer.open_draft("key-3")) == missing
    api.mailer.sent.clear()
    await api.ask_code()
    assert api.mailer.sent == []
    assert len(operator.asked) == 2
    assert (await customer.call("GET", f"/v1/claims/{claim['reference']}")).status_code == 200
    # What was begun before reaches a person all the same.
    assert (await customer.submit(other["id"], other["version"], "submit-2")).status_code == 201
    operator.policies[LIES] = household(LIES)
    api.clock.forward(minutes=15)
    assert (await customer.call("GET", f"/v1/policies/{LIES}")).status_code == 200


async def test_a_policy_nobody_knows_gets_no_code_and_leaves_nothing(api: Api, operator: Operator) -> None:
    assert await sent(api, "CYB-9999-9999") == 0
    assert stored(api, "CYB-9999-9999") is None
    assert operator.asked == ["CYB-9999-9999"]


async def test_a_policy_kept_here_does_not_count_where_the_operator_is_asked(api: Api, operator: Operator) -> None:
    operator.answer = failing
    assert stored(api, LIES) is not None
    assert await sent(api, LIES, "1985-03-14") == 0


async def test_the_same_policy_fetched_twice_at_once_is_kept_once(api: Api, operator: Operator) -> None:
    await asyncio.gather(*(api.ask_code(NEW, BORN) for _ in range(4)))
    assert len(api.mailer.sent) == 4
    policy = stored(api)
    assert policy is not None
    assert len(policy.persons) == 1


@pytest.fixture
def source(operator: Operator) -> OperatorPolicies:
    return OperatorPolicies(operator.address, TOKEN, FakeClock(NOW), seconds=0.5)


async def test_an_answer_that_does_not_come_is_not_waited_for(operator: Operator, source: OperatorPolicies) -> None:
    operator.hangs = asyncio.Event()
    with pytest.raises(SourceDown, match="ReadTimeout"):
        await asyncio.to_thread(source.fetch, NEW)
    operator.hangs.set()


async def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(
    operator: Operator, source: OperatorPolicies
) -> None:
    operator.drips = True
    with pytest.raises(SourceDown, match="too slow"):
        await asyncio.to_thread(source.fetch, NEW)


def test_nobody_listening_is_down() -> None:
    source = OperatorPolicies("http://127.0.0.1:1", TOKEN, FakeClock(NOW))
    with pytest.raises(SourceDown, match="ConnectError") as caught:
        source.fetch(NEW)
    assert caught.value.__cause__ is None
    with pytest.raises(SourceDown, match="a moment ago"):
        source.fetch(NEW)


async def test_every_field_arrives(operator: Operator, source: OperatorPolicies) -> None:
    operator.policies[NEW] = household(
        antivirus_declared_on="2025-01-09",
        periods=[
            {"starts_on": "2024-01-10", "ends_on": "2025-01-09", "terms": "product_page"},
            {"starts_on": "2025-01-10", "ends_on": "2026-01-09", "terms": "later_page"},
        ],
    )
    policy = await asyncio.to_thread(source.fetch, NEW)
    assert policy is not None
    assert (policy.language, policy.country, policy.antivirus_declared_on) == ("nl", "BE", date(2025, 1, 9))
    assert [(period.ends_on, period.terms) for period in policy.periods] == [
        (date(2025, 1, 9), Terms.PRODUCT_PAGE),
        (date(2026, 1, 9), Terms.LATER_PAGE),
    ]
    assert str(policy.payments[0].amount) == "4.99"
    assert policy.holder.last_name == "De Smet"
