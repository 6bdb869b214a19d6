"""Dates as customers type them, in three languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions.reading import Said, Unreadable, read

TODAY = date(2026, 11, 22)  # a Sunday


def said(text: str, language: str = "en", today: date = TODAY) -> Said:
    return Said(text, "out_of_scope", language, today)


def days_before(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def refusal(kind: str, text: str, language: str = "en", today: date = TODAY) -> str:
    with pytest.raises(Unreadable) as problem:
        read(kind, said(text, language, today))
    return problem.value.response


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
@pytest.mark.parametrize(
    "text", ["3/11", "03/11", "3-11", "3/11/2026", "3.11.2026", "3-11-26", "03/11/26", "2026-11-03", "3 / 11 / 2026"]
)
def test_the_day_comes_before_the_month(text: str, language: str) -> None:
    assert read("date", said(text, language)) == "2026-11-03"


@pytest.mark.parametrize(
    ("text", "language", "days"),
    [
        ("today", "en", 0),
        ("this morning", "en", 0),
        ("deze morgen", "nl", 0),
        ("een uur geleden", "nl", 0),
        ("y a 2 jours", "fr", 2),
        ("il y a 2 jours", "en", 2),
        ("3de november", "nl", 19),
        ("3rd of november", "en", 19),
        ("yesterday", "en", 1),
        ("Yesterday!", "en", 1),
        ("last night", "en", 1),
        ("the day before yesterday", "en", 2),
        ("a week ago", "en", 7),
        ("3 weeks ago", "en", 21),
        ("five days ago I think", "en", 5),
        ("vandaag", "nl", 0),
        ("vanochtend", "nl", 0),
        ("gisteren", "nl", 1),
        ("gisteravond", "nl", 1),
        ("eergisteren", "nl", 2),
        ("een week geleden", "nl", 7),
        ("tien dagen geleden", "nl", 10),
        ("Drie weken geleden", "nl", 21),
        ("aujourd'hui", "fr", 0),
        ("ce matin", "fr", 0),
        ("hier", "fr", 1),
        ("hier soir", "fr", 1),
        ("avant-hier", "fr", 2),
        ("il y a une semaine", "fr", 7),
        ("il y a 3 semaines", "fr", 21),
    ],
)
def test_days_counted_back_from_today(text: str, language: str, days: int) -> None:
    assert read("date", said(text, language)) == days_before(days)


@pytest.mark.parametrize(
    ("text", "language"),
    [("last Monday", "en"), ("monday", "en"), ("vorige maandag", "nl"), ("maandag", "nl"), ("lundi dernier", "fr")],
)
def test_a_weekday_is_the_last_one_of_that_name(text: str, language: str) -> None:
    assert read("date", said(text, language)) == "2026-11-16"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3 November", "en"),
        ("it was on the 3rd of November", "en"),
        ("November 3, 2026", "en"),
        ("3 november", "nl"),
        ("op 3 november 2026", "nl"),
        ("le 3 novembre", "fr"),
    ],
)
def test_a_month_in_words(text: str, language: str) -> None:
    assert read("date", said(text, language)) == "2026-11-03"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3 November 2026 at 10:30", "en"),
        ("3/11/2026 14:05", "en"),
        ("op 3 november 2026 om 10 uur", "nl"),
        ("3 november rond 17u30", "nl"),
        ("le 3 novembre 2026 à 10h", "fr"),
        ("le 3 novembre vers 18h30", "fr"),
    ],
)
def test_a_time_of_day_is_not_taken_for_the_day(text: str, language: str) -> None:
    assert read("date", said(text, language)) == "2026-11-03"


@pytest.mark.parametrize(("text", "language"), [("yesterday", "nl"), ("gisteren", "fr"), ("hier", "en")])
def test_another_language_than_the_conversation_is_read_too(text: str, language: str) -> None:
    assert read("date", said(text, language)) == days_before(1)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("30/12", "en", "2026-12-30"),
        ("30 december", "nl", "2026-12-30"),
        ("31 décembre", "fr", "2026-12-31"),
        ("2/1", "en", "2027-01-02"),
        ("4/1", "en", "2026-01-04"),
        ("2 weken geleden", "nl", "2026-12-20"),
    ],
)
def test_without_a_year_it_is_the_last_such_day_across_the_turn_of_the_year(
    text: str, language: str, expected: str
) -> None:
    assert read("date", said(text, language, date(2027, 1, 3))) == expected


@pytest.mark.parametrize(
    ("text", "language"), [("29/02/2024", "en"), ("29 februari 2024", "nl"), ("29 février 2024", "fr")]
)
def test_the_leap_day_exists_in_a_leap_year(text: str, language: str) -> None:
    assert read("date", said(text, language)) == "2024-02-29"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("29/02/2025", "en"),
        ("29 februari 2025", "nl"),
        ("29 février 2025", "fr"),
        ("31/11/2026", "nl"),
        ("32/13/2026", "en"),
    ],
)
def test_a_day_that_does_not_exist_is_not_moved_to_another(text: str, language: str) -> None:
    assert refusal("date", text, language) == "invalid_date"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("tomorrow", "en"),
        ("next week", "en"),
        ("23/11/2026", "en"),
        ("1/1/2027", "en"),
        ("morgen", "nl"),
        ("demain", "fr"),
    ],
)
def test_a_day_to_come_is_refused_as_such(text: str, language: str) -> None:
    assert refusal("date", text, language) == "invalid_date_future"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("?", "en"),
        ("I don't remember", "en"),
        ("I may have seen it", "en"),
        ("2025", "en"),
        ("340", "en"),
        ("CYB-1001-0001", "en"),
        ("ik weet het niet meer", "nl"),
        ("je ne sais plus", "fr"),
    ],
)
def test_what_names_no_day_is_not_made_into_one(text: str, language: str) -> None:
    assert refusal("date", text, language) == "invalid_date"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("14/03/1985", "en"),
        ("14-03-85", "nl"),
        ("14.3.1985", "fr"),
        ("14 03 1985", "en"),
        ("1985-03-14", "en"),
        ("14 March 1985", "en"),
        ("14 maart 1985", "nl"),
        ("Le 14 mars 1985", "fr"),
    ],
)
def test_a_date_of_birth(text: str, language: str) -> None:
    assert read("date_of_birth", said(text, language)) == "1985-03-14"


@pytest.mark.parametrize(
    ("text", "expected"), [("03/04/07", "2007-04-03"), ("03/04/70", "1970-04-03"), ("29/02/00", "2000-02-29")]
)
def test_two_digits_of_a_year_are_never_in_the_future(text: str, expected: str) -> None:
    assert read("date_of_birth", said(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["14/03", "1985", "in 1985", "maart 1985", "29/02/1985", "14/03/1850", "22/11/2026", "1/1/2030", "yesterday", "no"],
)
def test_a_date_of_birth_needs_day_month_and_a_year_in_the_past(text: str) -> None:
    assert refusal("date_of_birth", text) == "invalid_date_of_birth"


def test_a_very_long_message_is_answered_quickly_enough_to_be_read_at_all() -> None:
    assert refusal("date", "word " * 5_000) == "invalid_date"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("il y a quelques jours", "fr"),
        ("a few days ago", "en"),
        ("een paar dagen geleden", "nl"),
        ("enkele weken geleden", "nl"),
        ("last week", "en"),
        ("somewhere last week I think", "en"),
        ("the beginning of last week", "en"),
        ("this week", "en"),
        ("last month", "en"),
        ("monday last month", "en"),
        ("last week, and I paid 80 euro", "en"),
        ("last week on the 12th or so", "en"),
        ("in november", "en"),
        ("end of october", "en"),
        ("in may 2025", "en"),
        ("vorige week", "nl"),
        ("begin vorige week", "nl"),
        ("ergens verleden week", "nl"),
        ("vorige maand", "nl"),
        ("eind vorige maand", "nl"),
        ("vorig weekend", "nl"),
        ("begin november", "nl"),
        ("la semaine passée", "fr"),
        ("la semaine dernière", "fr"),
        ("au début de la semaine passée", "fr"),
        ("le mois passé", "fr"),
        ("fin du mois dernier", "fr"),
        ("le week-end passé", "fr"),
        ("en mai", "fr"),
    ],
)
def test_a_time_that_is_no_day_never_becomes_one(text: str, language: str) -> None:
    assert refusal("date", text, language) == "invalid_date_no_day"


@pytest.mark.parametrize(
    ("text", "language", "today", "expected"),
    [
        ("monday last week", "en", date(2026, 11, 25), "2026-11-16"),
        ("last week friday", "en", date(2026, 11, 25), "2026-11-20"),
        ("maandag vorige week", "nl", date(2026, 11, 22), "2026-11-09"),
        ("vorige week woensdag", "nl", date(2026, 11, 23), "2026-11-18"),
        ("lundi de la semaine passée", "fr", date(2026, 11, 25), "2026-11-16"),
        ("mardi cette semaine", "fr", date(2026, 11, 25), "2026-11-24"),
        ("la semaine passée, le 12 novembre", "fr", date(2026, 11, 22), "2026-11-12"),
        ("vorige week op 12 november", "nl", date(2026, 11, 22), "2026-11-12"),
    ],
)
def test_a_day_named_in_a_week_is_that_day(text: str, language: str, today: date, expected: str) -> None:
    assert read("date", said(text, language, today)) == expected
