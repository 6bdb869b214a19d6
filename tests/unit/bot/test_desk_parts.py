"""The desk's plain functions: opening hours, service levels, windows, masking, what is due, exports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot.desk.bodies import check_facts, check_tags
from bot.desk.canned import LANGUAGES, Canned
from bot.desk.exports import example, feedback_yaml
from bot.desk.figure_calls import read_period
from bot.desk.figures import slowest_tenth
from bot.desk.hours import BRUSSELS, InvalidHours, is_holiday, read_hours
from bot.desk.levels import Levels
from bot.desk.masking import preview, without_codes
from bot.desk.queue import expected_minutes
from bot.desk.state import Standing, more_urgent
from bot.desk.summary import summary_of
from bot.desk.timers import Patience, due
from bot.desk.views import _in_order
from bot.desk.window import Windows
from bot.settings import BotSettings
from common.settings import SettingsError
from content.facts import ContentError
from content.responses import Responses

HOURS = read_hours("mon-fri 08:30-12:00; mon-fri 13:00-18:00; sat 09:00-12:00")
# A Tuesday.
NOON = datetime(2026, 1, 27, 12, 30, tzinfo=BRUSSELS)
NOW = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)
WORDS = Responses.load()


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (datetime(2026, 1, 27, 8, 29, tzinfo=BRUSSELS), False),
        (datetime(2026, 1, 27, 8, 30, tzinfo=BRUSSELS), True),
        (NOON, False),
        (datetime(2026, 1, 27, 18, 0, tzinfo=BRUSSELS), False),
        (datetime(2026, 1, 31, 10, 0, tzinfo=BRUSSELS), True),
        (datetime(2026, 2, 1, 10, 0, tzinfo=BRUSSELS), False),
        (datetime(2026, 7, 21, 10, 0, tzinfo=BRUSSELS), False),
    ],
)
def test_the_desk_is_open_in_its_hours(at: datetime, open_: bool) -> None:
    assert HOURS.open_at(at) is open_
    assert read_hours("always").open_at(at)


def test_the_ten_public_holidays_of_belgium() -> None:
    # https://www.belgium.be/en/about_belgium/country/belgium_in_nutshell/public_holidays
    found = [day for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(365)) if is_holiday(day)]
    assert [f"{day:%d/%m}" for day in found] == [
        *("01/01", "06/04", "01/05", "14/05", "25/05", "21/07", "15/08", "01/11", "11/11", "25/12"),
    ]


def test_the_next_opening_skips_nights_breaks_sundays_and_holidays() -> None:
    assert HOURS.next_opening(NOON) == datetime(2026, 1, 27, 13, 0, tzinfo=BRUSSELS)
    saturday = datetime(2026, 4, 4, 12, 0, tzinfo=BRUSSELS)
    assert HOURS.next_opening(saturday) == datetime(2026, 4, 7, 8, 30, tzinfo=BRUSSELS)
    assert read_hours("").next_opening(NOON) is None


def test_minutes_count_in_opening_hours_only_also_when_the_clock_is_changed() -> None:
    friday, monday = datetime(2026, 1, 30, 17, 30, tzinfo=BRUSSELS), datetime(2026, 2, 2, 9, 0, tzinfo=BRUSSELS)
    assert HOURS.minutes_between(friday, monday) == 30 + 180 + 30
    assert HOURS.minutes_between(monday, friday) == 0
    # On 29 March 2026 the clock goes from two to three.
    night = read_hours("sun 01:00-04:00")
    day = datetime(2026, 3, 29, 0, 0, tzinfo=BRUSSELS), datetime(2026, 3, 29, 6, 0, tzinfo=BRUSSELS)
    assert night.minutes_between(*day) == 120


@pytest.mark.parametrize(
    "text", ["mon 9:00-10:00", "fri-mon 08:00-10:00", "xyz 08:00-10:00", "mon 10:00-09:00", "mon 08:00-25:00"]
)
def test_hours_nobody_can_read(text: str) -> None:
    with pytest.raises(InvalidHours):
        read_hours(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"desk_hours": "sometimes"},
        {"desk_away_minutes": 0},
        {"desk_warning_minutes": ("1", "2")},
        {"desk_breach_minutes": ("1", "2", "soon")},
    ],
)
def test_settings_that_would_leave_people_waiting_are_refused(changes: dict[str, object]) -> None:
    needed = ("engine_url", "engine_secret", "actions_url", "claims_url", "claims_token", "internal_token")
    values: dict[str, object] = dict.fromkeys((*needed, "token_secret"), "x" * 20)
    BotSettings(**values)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match="BOT_DESK_"):
        BotSettings(**values | changes)  # type: ignore[arg-type]


def test_a_service_level_counts_opening_hours_but_for_what_is_urgent() -> None:
    levels = Levels.read(HOURS, ("2", "10", "30"), ("5", "30", "120"))
    evening = datetime(2026, 1, 27, 17, 50, tzinfo=BRUSSELS)
    for priority, minutes, level in (
        ("urgent", 1, "ok"),
        ("urgent", 2, "warning"),
        ("urgent", 5, "breach"),
        ("high", 9, "ok"),
        ("high", 600, "warning"),
        (None, 600, "ok"),
        ("normal", 16 * 60, "warning"),
    ):
        found = levels.level(evening, priority, evening + timedelta(minutes=minutes))
        assert found == level, (priority, minutes)
    assert levels.level(None, "urgent", evening) == "ok"


@pytest.mark.parametrize(
    ("channel", "hours", "how", "with_template"),
    [
        ("web", None, "open", "open"),
        ("web", 9_999, "open", "open"),
        ("messenger", 23, "standard", "standard"),
        ("messenger", 25, "human_agent", "human_agent"),
        ("messenger", 24 * 7 + 1, "closed", "closed"),
        ("whatsapp", 23, "standard", "standard"),
        ("whatsapp", 25, "closed", "template"),
        ("messenger", None, "closed", "closed"),
    ],
)
def test_until_when_a_customer_can_be_written_to(channel: str, hours: int | None, how: str, with_template: str) -> None:
    last = None if hours is None else NOW - timedelta(hours=hours)
    assert Windows().of(channel, last, NOW).how == how
    assert Windows(template=True).of(channel, last, NOW).how == with_template


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("123456", "••••••"),
        ("my code: 123 456", "my code: ••••••"),
        ("it is 12-34-56!", "it is ••••••!"),
        ("€ 100000", "€ 100000"),
        ("100000 euro", "100000 euro"),
        ("CYB-1001-0001", "CYB-1001-0001"),
        ("0470 12 34 56", "0470 12 34 56"),
        ("on 27/01/2026", "on 27/01/2026"),
        ("order A123456", "order A123456"),
    ],
)
def test_staff_never_see_a_one_time_code(text: str, shown: str) -> None:
    assert without_codes(text) == shown


def test_a_preview_is_short_and_masked() -> None:
    shown = preview("mail me at marie@example.be\nor 0470 12 34 56 " + "please " * 40)
    assert "marie" not in shown
    assert "0470" not in shown
    assert len(shown) == 140


def stands(**changes: object) -> Standing:
    values: dict[str, object] = {
        "id": "web:me",
        "channel": "web",
        "language": "en",
        "mode": "human",
        "epoch": 1,
        "owner": "lies",
        "owner_name": "Lies Claes",
        "priority": "normal",
        "waiting_since": NOW,
        "last_at": NOW,
        "rating": None,
        "created_at": NOW,
        "next_seq": 2,
        "taken_at": NOW,
        "staff_at": NOW,
    }
    return Standing(**values | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "asked", "seen", "after", "what"),
    [
        (stands(), 1, 0, 9, "nothing"),
        (stands(), 1, 0, 10, "away"),
        (stands(), 1, 9, 11, "nothing"),
        (stands(), 1, 30, 31, "away"),
        (stands(), -5, 0, 60 * 23, "nothing"),
        (stands(), -5, 0, 60 * 24, "silent"),
        (stands(mode="waiting"), 0, None, 9, "nothing"),
        (stands(mode="waiting"), 0, None, 10, "long_wait"),
        (stands(mode="waiting", told_long=True), 0, None, 60, "nothing"),
        (stands(mode="bot"), 0, None, 9_999, "nothing"),
        # Nobody of the desk has it: somebody in the Page's inbox wrote last.
        (stands(owner=None), 1, None, 10, "away"),
    ],
)
def test_what_is_due(found: Standing, asked: int, seen: int | None, after: int, what: str) -> None:
    patience = Patience(timedelta(minutes=10), timedelta(minutes=10), timedelta(hours=24))
    seen_at = None if seen is None else NOW + timedelta(minutes=seen)
    assert due(found, NOW + timedelta(minutes=asked), seen_at, NOW + timedelta(minutes=after), patience) == what


def test_a_message_stays_before_its_answer_although_the_clock_of_its_platform_is_ahead() -> None:
    begun = datetime(2026, 1, 27, 10, 0, tzinfo=UTC)
    moments = [begun + timedelta(seconds=2), begun, begun + timedelta(seconds=5)]
    assert _in_order([{"at": at} for at in moments]) == [moments[0], moments[0], moments[2]]


def test_the_expected_wait() -> None:
    assert [expected_minutes(place, 2, 5) for place in (1, 2, 3, 4)] == [5, 5, 10, 10]


def test_the_more_urgent_of_two() -> None:
    assert more_urgent("normal", "urgent") == "urgent"
    assert more_urgent(None, "low") == "normal"
    assert more_urgent("nonsense", "high") == "high"


def test_the_slowest_tenth() -> None:
    assert slowest_tenth(list(range(1, 11))) == 9
    assert slowest_tenth([7]) == 7
    assert slowest_tenth([]) is None


def test_a_period_is_days_in_belgium() -> None:
    period = read_period("2026-03-28", "2026-03-29", NOW)
    assert period.begin == datetime(2026, 3, 27, 23, 0, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert [day.day for day in period.days] == [28, 29]


def test_facts_and_tags_are_cleaned() -> None:
    assert check_facts({"amount": " 240 "}) == {"amount": "240"}
    assert check_tags([" Bank", "bank", "née"]) == ["bank", "née"]


def test_a_summary_is_made_from_facts_and_stands_an_old_answer() -> None:
    knows = {
        "incident": "non_delivery",
        "answers": {"amount": "not a number", "of_old": "x"},
        "asked": "shop",
        "left_open": ["amount"],
    }
    said = [{"author": "customer", "text": f"message {number}"} for number in range(5)]
    found = summary_of(knows, said, "wanted", WORDS, "nl")
    assert [row["value"] for row in found["answers"]] == ["not a number", "x"]
    assert found["last_messages"] == ["message 2", "message 3", "message 4"]
    assert (found["identified"], found["reason"]) == (False, "wanted")
    empty = summary_of(None, [], None, WORDS, "nl")
    assert (empty["incident"], empty["answers"], empty["last_messages"]) == (None, [], [])


def test_training_data_is_read_by_rasa_as_it_was_meant() -> None:
    made = feedback_yaml(
        [
            ("nl", "greet", "hallo daar"),
            ("nl", "greet", "hallo daar"),
            ("fr", "greet", "bonjour"),
            ("nl", "deny", ""),
        ]
    )
    found = yaml.safe_load(made)
    assert [(entry["intent"], entry["examples"]) for entry in found["nlu"]] == [
        ("greet", "- bonjour\n"),
        ("greet", "- hallo daar\n"),
    ]
    assert yaml.safe_load(feedback_yaml([])) == {"version": "3.1", "nlu": []}
    assert example("- see [this](entity)\nBE68 5390 0754 7034 marie@example.be") == "see this entity **** email"


def test_canned_replies_are_the_same_in_every_language() -> None:
    canned = Canned.load(WORDS)
    keys = {language: [reply.key for reply in canned.replies[language]] for language in LANGUAGES}
    assert keys["nl"] == keys["fr"] == keys["en"]
    assert canned.has("hello")
    assert not canned.has("nonsense")
    assert canned.find("de", "card stop") == canned.find("en", "card stop") != []


@pytest.mark.parametrize("entry", ["just text", "{title: A}", '{title: A, text: "{secret}"}'])
def test_a_canned_reply_nobody_can_fill_in_is_found_at_start(tmp_path: Path, entry: str) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.yml").write_text(f"hello: {entry}\n")
    with pytest.raises(ContentError):
        Canned.load(WORDS, tmp_path)
