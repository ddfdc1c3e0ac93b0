"""A file of sets: titles in both languages, faults by line, and no file that breaks the reading."""

from hypothesis import given
from hypothesis import strategies as st

from cooperation.sets.domain import MOST_LINES, REQUIRED, read_sets


def test_lines_are_numbered_as_in_the_file() -> None:
    text = '\ufeffMarquage;Nom;Composition;Lieu\r\nA;"Un\nnom";C;P\r\n\r\nB;Deux;C;P\r\n'
    file = read_sets(text.encode())
    assert file.faults == []
    assert [(number, line["tag"], line["name"]) for number, line in file.lines] == [
        (2, "A", "Un\nnom"),
        (5, "B", "Deux"),
    ]


def test_what_is_no_table_says_so() -> None:
    assert [(fault.line, fault.code) for fault in read_sets(b"tag,name\xff").faults] == [(1, "ENCODING")]
    assert [fault.column for fault in read_sets(b"").faults] == list(REQUIRED)
    many = "tag,name,composition,place\n" + "a,b,c,d\n" * (MOST_LINES + 1)
    file = read_sets(many.encode())
    assert len(file.lines) == MOST_LINES
    assert [(fault.line, fault.code) for fault in file.faults] == [(MOST_LINES + 2, "TOO_MANY_LINES")]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    file = read_sets(data)
    assert file.lines == [] or not any(fault.code == "COLUMN_MISSING" for fault in file.faults)
    read_sets(b"tag;name;composition;place\n" + data)
