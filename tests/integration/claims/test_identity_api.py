"""Identity: codes are mailed, tried and limited, and nothing tells whether a policy exists."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.integration.claims.claims_api import LIES, Api, code_of
from tests.integration.claims.conftest import running

UNKNOWN = "CYB-9999-9999"


async def test_the_right_code_opens_the_policy(api: Api) -> None:
    asked = await api.ask_code(" cyb-1001-0001 ", "1985-03-14")
    assert asked.status_code == 202
    assert asked.json() == {"challenge": "id-1", "expires_at": "2026-06-15T12:10:00Z"}
    mail = api.mailer.sent[0]
    assert (mail.to, mail.language) == ("lies.peeters@example.be", "nl")
    assert "424242" in mail.text
    verified = (await api.give_code("id-1", "424 242")).json()
    assert verified["expires_at"] == "2026-06-15T14:00:00Z"
    assert verified["policy"]["holder"] == {"first_name": "Lies", "last_name": "Peeters"}
    assert [person["minor"] for person in verified["policy"]["insured_persons"]] == [False, False, True]


@pytest.mark.parametrize(
    ("reference", "born"),
    [(UNKNOWN, "1985-03-14"), (LIES, "1985-03-15"), ("CYB-6001-0008", "1999-02-11")],
    ids=["unknown policy", "wrong date of birth", "lodger"],
)
async def test_a_stranger_gets_the_same_answers_and_no_mail(api: Api, reference: str, born: str) -> None:
    real = await api.ask_code()
    asked = await api.ask_code(reference, born)
    assert asked.status_code == real.status_code == 202
    assert set(asked.json()) == set(real.json())
    assert len(api.mailer.sent) == 1
    challenge = asked.json()["challenge"]
    # Even the right digits open nothing: no code was sent to anyone.
    tries = [await api.give_code(challenge, "424242") for _ in range(6)]
    assert [code_of(response) for response in tries] == [
        *[(422, "wrong_code")] * 4,
        (429, "too_many_tries"),
        (429, "too_many_tries"),
    ]


async def test_an_adult_of_the_family_identifies_with_the_holder_s_mail(api: Api) -> None:
    await api.ask_code(LIES, "1983-07-09")
    assert api.mailer.sent[0].to == "lies.peeters@example.be"


async def test_five_wrong_codes_end_it(api: Api) -> None:
    challenge = (await api.ask_code()).json()["challenge"]
    answers = [(await api.give_code(challenge, "000000")).json()["error"] for _ in range(5)]
    assert [answer["details"] for answer in answers] == [*({"tries_left": left} for left in (4, 3, 2, 1)), {}]
    assert code_of(await api.give_code(challenge, "424242")) == (429, "too_many_tries")


async def test_wrong_codes_at_the_same_moment_are_all_counted(api: Api) -> None:
    challenge = (await api.ask_code()).json()["challenge"]
    answers = await asyncio.gather(*(api.give_code(challenge, "000000") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [*[422] * 4, *[429] * 4]


async def test_a_code_works_once_and_for_ten_minutes(api: Api) -> None:
    challenge = (await api.ask_code()).json()["challenge"]
    assert (await api.give_code(challenge, "424242")).status_code == 200
    assert code_of(await api.give_code(challenge, "424242")) == (409, "code_expired")
    late = (await api.ask_code()).json()["challenge"]
    api.clock.forward(minutes=10)
    assert code_of(await api.give_code(late, "424242")) == (409, "code_expired")


@pytest.mark.parametrize("reference", [LIES, UNKNOWN])
async def test_five_codes_an_hour_for_known_and_unknown_alike(api: Api, reference: str) -> None:
    answers = [(await api.ask_code(reference)).status_code for _ in range(5)]
    assert answers == [202] * 5
    assert code_of(await api.ask_code(reference)) == (429, "too_many_codes")
    assert (await api.ask_code("CYB-1002-0002")).status_code == 202
    api.clock.forward(hours=1)
    assert (await api.ask_code(reference)).status_code == 202


async def test_an_installation_can_allow_fewer_codes(database_url: str) -> None:
    async with running(database_url, codes_per_policy=1) as strict:
        assert (await strict.ask_code()).status_code == 202
        assert code_of(await strict.ask_code()) == (429, "too_many_codes")


async def test_one_address_gets_so_many_codes_a_day_over_all_its_policies(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running(database_url, codes_per_address=3) as api:
        # The same mailbox, written in another way.
        _share_address(api, "CYB-1002-0002", " Lies.PEETERS@example.be")
        first = await api.ask_code()
        answers = [await api.ask_code(reference) for reference in ("CYB-1002-0002", LIES, LIES, "CYB-1002-0002")]
        assert [answer.status_code for answer in answers] == [202] * 4
        assert all(set(answer.json()) == set(first.json()) for answer in answers)
        assert len(api.mailer.sent) == 3
        logged = capsys.readouterr().out
        assert logged.count("identity.address_limit_reached") == 2
        assert "peeters" not in logged.lower()
        assert LIES not in logged
        # Nothing was sent, so no code opens anything.
        assert code_of(await api.give_code(answers[-1].json()["challenge"], "424242")) == (422, "wrong_code")
        await api.ask_code("CYB-6001-0008")
        assert len(api.mailer.sent) == 4
        api.clock.forward(days=1)
        await api.ask_code()
        assert len(api.mailer.sent) == 5


async def test_two_policies_asking_at_once_do_not_get_past_the_limit_of_their_address(database_url: str) -> None:
    async with running(database_url, codes_per_address=1) as api:
        _share_address(api, "CYB-1002-0002", "lies.peeters@example.be")
        await asyncio.gather(*(api.ask_code(reference) for reference in (LIES, "CYB-1002-0002") * 2))
        assert len(api.mailer.sent) == 1


def _share_address(api: Api, reference: str, email: str) -> None:
    with api.services.unit() as unit:
        unit.policies.put(replace(unit.policies.get(reference), email=email))
        unit.commit()


async def test_known_and_unknown_do_the_same_work_before_the_answer(api: Api) -> None:
    """Timing cannot tell what does not happen: only the background may look at the policy."""
    done: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not threading.current_thread().name.startswith("background"):
            done.append(statement)

    event.listen(api.services.engine, "before_cursor_execute", note)
    work = []
    for reference, born in ((LIES, "1985-03-14"), (LIES, "1985-03-15"), (UNKNOWN, "1985-03-14")):
        challenge = (await api.ask_code(reference, born)).json()["challenge"]
        await api.give_code(challenge, "000000")
        work.append(list(done))
        done.clear()
    assert work[0] == work[1] == work[2]
    assert any("identity_challenges" in statement for statement in work[0])
    assert not any("policies" in statement for statement in work[0])


async def test_the_trail_tells_of_codes_that_were_sent_and_customers_who_identified(api: Api) -> None:
    await api.ask_code(UNKNOWN)
    await api.ask_code(LIES, "1999-01-01")
    challenge = (await api.ask_code()).json()["challenge"]
    await api.give_code(challenge, "000000")
    await api.give_code(challenge, "424242")
    with api.services.unit() as unit:
        entries = list(unit.audit.entries())
    shown = [(entry["actor"], entry["action"], entry["subject"], entry["details"]) for entry in entries]
    assert shown == [
        (f"customer:{LIES}", "code_requested", f"policy:{LIES}", {}),
        (f"customer:{LIES}", "customer_identified", f"policy:{LIES}", {"how": "code"}),
    ]


async def test_old_challenges_are_forgotten(api: Api) -> None:
    challenge = (await api.ask_code()).json()["challenge"]
    api.clock.forward(days=1, seconds=1)
    await api.ask_code()
    assert code_of(await api.give_code(challenge, "424242")) == (404, "challenge_not_found")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"policy_reference": "1001"}, (422, "invalid_policy_reference")),
        ({"date_of_birth": "14/03/1985"}, (422, "invalid_date")),
        ({"date_of_birth": "2026-06-16"}, (422, "invalid_date")),
        ({"language": "de"}, (422, "invalid_body")),
        ({"policy_reference": "C" * 41}, (422, "invalid_body")),
        ({"extra": "x"}, (422, "invalid_body")),
        ({"date_of_birth": None}, (422, "invalid_body")),
    ],
)
async def test_what_cannot_be_read_is_refused(api: Api, changes: dict[str, Any], expected: tuple[int, str]) -> None:
    body = {"policy_reference": LIES, "date_of_birth": "1985-03-14", "language": "nl"} | changes
    assert code_of(await api.client.post("/v1/identity/challenges", json=body)) == expected


async def test_a_mail_server_that_is_down_changes_no_answer(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    api.mailer.error = ConnectionRefusedError("lies.peeters@example.be refused")
    assert (await api.ask_code()).status_code == 202
    logged = capsys.readouterr().out
    assert "background.failed" in logged
    assert "ConnectionRefusedError" in logged
    assert "lies" not in logged


async def test_the_database_holds_no_code(api: Api) -> None:
    await api.ask_code()
    with api.services.engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM identity_challenges")).one()
    assert "424242" not in str(stored)
    assert "1985" not in str(stored)


async def test_a_token_ends_after_two_hours(api: Api) -> None:
    customer = await api.customer()
    path = f"/v1/policies/{LIES}"
    api.clock.forward(hours=2)
    assert (await customer.call("GET", path)).status_code == 200
    api.clock.forward(seconds=1)
    assert code_of(await customer.call("GET", path)) == (401, "customer_token_expired")
