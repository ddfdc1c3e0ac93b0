"""Whether the phone line answers: hours on the clocks of the place, public holidays, both changes of the clocks."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from appointments.pages.catalogue import Catalogue, hours_said
from appointments.pages.opening import Hours, line_at, runs
from maillage.pages import french

PARIS = ZoneInfo("Europe/Paris")
WEEK = [*(Hours(day, time(8), time(20)) for day in range(1, 6)), Hours(6, time(8), time(12))]


def centre(**changed: object) -> Catalogue:
    """A centre with the usual hours."""
    fields: dict[str, object] = dict.fromkeys(("reasons", "sites", "practitioners"), ())
    fields |= {"organisation_id": None, "name": "Centre", "zone": PARIS, "phone": "+33385347100", "holiday_zone": "FR"}
    return Catalogue(**{**fields, "hours": WEEK, "move_until": None, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "said", "open_"),
    [
        ("2026-11-23 09:12", "Ouvert maintenant, jusqu'à 20 h", True),
        ("2026-11-23 07:59", "Fermé. Ouvre à 8 h", False),
        ("2026-11-23 20:00", "Fermé. Ouvre mardi à 8 h", False),
        ("2026-11-23 21:00", "Fermé. Ouvre mardi à 8 h", False),
        ("2026-11-28 11:59", "Ouvert maintenant, jusqu'à 12 h", True),
        ("2026-11-28 12:00", "Fermé. Ouvre lundi à 8 h", False),
        ("2026-12-24 20:30", "Fermé. Ouvre samedi à 8 h", False),
        ("2026-12-25 10:00", "Fermé. Ouvre samedi à 8 h", False),
        ("2027-03-28 03:30", "Fermé. Ouvre mardi à 8 h", False),
    ],
)
def test_the_help_block_says_whether_somebody_answers_and_until_when(at: str, said: str, open_: bool) -> None:
    line = centre().frame(datetime.fromisoformat(at).replace(tzinfo=PARIS)).line
    assert line is not None
    assert line.now is not None
    assert (french(line.now.fr), line.is_open) == (french(said), open_)


def test_english_says_the_same() -> None:
    line = centre().frame(datetime(2026, 11, 23, 21, tzinfo=PARIS)).line
    assert line is not None
    assert line.now is not None
    assert line.now.en.replace("\u00a0", " ") == "Closed. Opens on Tuesday at 8:00 am"


def test_alsace_and_moselle_have_two_days_more() -> None:
    saint_stephen = datetime(2026, 12, 26, 9, tzinfo=PARIS)
    assert centre().frame(saint_stephen).line.is_open  # type: ignore[union-attr]
    assert not centre(holiday_zone="FR-AM").frame(saint_stephen).line.is_open  # type: ignore[union-attr]


def test_without_hours_nothing_is_promised() -> None:
    line = centre(hours=[]).frame(datetime(2026, 11, 23, 9, tzinfo=PARIS)).line
    assert line is not None
    assert (line.now, line.is_open, line.hours) == (None, False, ())


def test_days_with_the_same_hours_are_one_sentence() -> None:
    usual = ["Du lundi au vendredi, de 8 h à 20 h", "Le samedi, de 8 h à 12 h"]
    assert [words.fr for words in hours_said(WEEK)] == usual
    split = [Hours(1, time(14), time(18)), Hours(1, time(8), time(12, 30)), Hours(3, time(9), time(12))]
    said = ["Le lundi, de 8 h à 12 h 30 et de 14 h à 18 h", "Le mercredi, de 9 h à 12 h"]
    assert [words.fr for words in hours_said(split)] == said
    assert runs([]) == []


def test_a_closed_fortnight_promises_no_opening() -> None:
    monday = datetime(2026, 11, 23, 9, tzinfo=PARIS)
    assert line_at(monday, WEEK, lambda _day: True).opens is None
    thursday = datetime(2026, 11, 26, 8, tzinfo=PARIS)
    assert line_at(monday, WEEK, lambda day: day < date(2026, 11, 26)).opens == thursday
