"""What a voice says of an instant, and how hours of a line are read from what is stored."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from telesecretariat.lines.parameters import HeadStarts, OverflowRule
from telesecretariat.lines.rows import local_time, public_holidays
from telesecretariat.lines.words import in_words

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("instant", "french", "english"),
    [
        ("2026-11-12T07:00Z", "jeudi 12 novembre à 8 heures", "Thursday 12 November at 8 a.m."),
        ("2026-08-01T12:30Z", "samedi 1er août à 14 heures 30", "Saturday 1 August at 2:30 p.m."),
        ("2026-12-31T23:00Z", "vendredi 1er janvier à 0 heure", "Friday 1 January at 12 a.m."),
        ("2026-06-15T10:05Z", "lundi 15 juin à 12 heures 05", "Monday 15 June at 12:05 p.m."),
    ],
)
def test_an_instant_is_said_in_the_lines_own_time(instant: str, french: str, english: str) -> None:
    at = datetime.fromisoformat(instant.replace("Z", "+00:00"))
    assert at.tzinfo == UTC
    assert in_words(at, PARIS) == (french, english)


def test_eleven_holidays_and_thirteen_in_alsace_moselle() -> None:
    france = {day for day in public_holidays("FR") if day.year == 2027}
    east = {day for day in public_holidays("FR-AM") if day.year == 2027}
    assert (len(france), len(east)) == (11, 13)
    assert east - france == {date(2027, 3, 26), date(2027, 12, 26)}, "Good Friday and the second day of Christmas"


def test_the_end_of_a_day_is_not_a_time_of_it() -> None:
    assert (local_time("08:05"), local_time("24:00")) == (time(8, 5), time.max)


def test_parameters_keep_their_defaults_and_a_transfer_says_where() -> None:
    assert HeadStarts.model_validate({"professional": 60}).returned == 1_800
    rule = {"when": "wait_s", "at_least": 600, "act": "transfer", "to": "+33353010011"}
    assert OverflowRule.model_validate(rule).to == "+33353010011"
    for wrong in ({**rule, "to": None}, {**rule, "act": "close"}, {**rule, "to": "3615"}):
        with pytest.raises(ValidationError):
            OverflowRule.model_validate(wrong)
