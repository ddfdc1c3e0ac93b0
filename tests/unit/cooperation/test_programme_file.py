"""The programme's CSV file, as hospitals write it."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.demand.importing import Hospital, read

SITE = UUID(int=1)
HOSPITAL = Hospital(ZoneInfo("Europe/Paris"), {"3011520000017": SITE, str(SITE): SITE}, SITE)
HEAD = "intervention;site;salle;date;heure;composition;quantite\n"


def one(line: str) -> object:
    found = read((HEAD + line).encode(), HOSPITAL)
    return found.faults[0].code if found.faults else found.operations["A"][1].starts_at


@pytest.mark.parametrize(
    ("day", "hour", "instant"),
    [
        ("03/03/2026", "8h30", datetime(2026, 3, 3, 7, 30, tzinfo=UTC)),
        ("2026-07-03", "08:30:00", datetime(2026, 7, 3, 6, 30, tzinfo=UTC)),
        ("25/10/2026", "02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("29/03/2026", "02:30", "TIME_INVALID"),
        ("29/02/2026", "8h", "CELL_UNREADABLE"),
        ("03/03/26", "8h", "CELL_UNREADABLE"),
        ("03/03/2026", "24:00", "CELL_UNREADABLE"),
        ("01/01/0001", "00:00", "CELL_UNREADABLE"),
        ("9999-12-31", "23:59", "CELL_UNREADABLE"),
    ],
)
def test_days_and_hours_are_those_on_the_wall(day: str, hour: str, instant: object) -> None:
    assert one(f"A;;Salle 1;{day};{hour};C-1;1") == instant


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A;9999999999999;S;2026-03-03;8h;C-1;1", "REFERENCE_UNKNOWN"),
        ("A;;;2026-03-03;8h;C-1;1", "TEXT_INVALID"),
        ("1 85 05;;S;2026-03-03;8h;C-1;1", "PATIENT_DATA_SUSPECTED"),
        ("a@b;;S;2026-03-03;8h;C-1;1", "PATIENT_DATA_SUSPECTED"),
        ("A;;S;2026-03-03;8h;C 1;1", "CELL_UNREADABLE"),
        ("A;;S;2026-03-03;8h;C-1;51", "CELL_UNREADABLE"),
        ("A;;S;2026-03-03;8h;C-1;1\nA;;S;2026-03-03;8h;C-1;2", "LINE_TWICE"),
        ('A;;"S;2026-03-03;8h;C-1;1', "QUOTES"),
        ("A;;1 85 02 99 999 999;2026-03-03;8h;C-1;1", "PATIENT_DATA_SUSPECTED"),
        ("\n".join(f"A;;S;2026-03-03;8h;C-{n};1" for n in range(51)), "TOO_MANY_ITEMS"),
    ],
)
def test_a_wrong_cell_is_named_by_its_code(line: str, code: str) -> None:
    assert one(line) == code


def test_what_is_read_whatever_the_program_that_wrote_it() -> None:
    text = "Date,Heure,Opération,Théâtre,Composition\r\n2026-03-03,8h,A,Salle Évasion,C-1\r\n\r\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        (lines, body) = read(text.encode(encoding), HOSPITAL).operations["A"]
        assert (lines, body.theatre, body.items[0].quantity) == ([2], "Salle Évasion", 1)


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    found = read(HEAD.encode() + data, HOSPITAL)
    assert found.faults or found.operations or not found.lines
