"""Reading a table as offices send it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from appointments.imports import columns
from appointments.imports.domain import MAX_LINES, Table, Unreadable, decode, plain, read

NAMES = {plain("code"): "code", plain("nom"): "name", plain("name"): "name", plain("ville"): "city"}
TEXT = "code;nom;ville\r\nautun;Autun;Autun\r\nchalon;Chalon-sur-Saône;Chalon-sur-Saône\r\n"


def table(data: bytes) -> Table:
    """With `code` and `name` required."""
    return read(data, NAMES, ["code", "name"])


def cells(data: bytes) -> list[dict[str, str]]:
    """The rows of a table without fault."""
    found = table(data)
    assert found.faults == []
    return [dict(row.cells) for row in found.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_way_an_office_saves_a_table_is_read_alike(encoding: str, delimiter: str, end: str) -> None:
    """UTF-8 with or without BOM, cp1252, three delimiters, three line ends."""
    data = TEXT.replace(";", delimiter).replace("\r\n", end).encode(encoding)
    assert cells(data)[1] == {"code": "chalon", "name": "Chalon-sur-Saône", "city": "Chalon-sur-Saône"}


def test_a_cell_is_text_whatever_it_begins_with() -> None:
    """No formula is computed, removed or quoted."""
    data = b"code;nom\na;=cmd()\nb;+33 1\nc;-1\nd;@x\n"
    assert [row["name"] for row in cells(data)] == ["=cmd()", "+33 1", "-1", "@x"]


def test_the_line_of_a_record_is_where_it_begins_also_after_quoted_line_ends() -> None:
    """People look the line up in their file."""
    found = table(b'code;nom\n"a";"one\ntwo"\n\n b ;x\n')
    assert [(row.line, row.cells["code"], row.cells["name"]) for row in found.rows] == [
        (2, "a", "one\ntwo"),
        (5, "b", "x"),
    ]


def test_titles_are_found_without_accents_case_or_order_and_unknown_ones_are_faults() -> None:
    """A mistyped title must not silently lose its column."""
    found = table("NOM;Còde;couleur;nom\nAutun;autun;bleu;x\n".encode())
    assert found.faults == [(1, "couleur", "COLUMN_UNKNOWN"), (1, "nom", "COLUMN_TWICE")]
    assert (found.rows[0].cells["code"], found.rows[0].cells["name"]) == ("autun", "Autun")


def test_a_missing_column_and_too_many_cells_are_faults_of_their_line() -> None:
    """Line 1 for the titles."""
    assert table(b"code;ville\nautun;Autun\n").faults == [(1, "name", "COLUMN_MISSING")]
    assert table(b"code;nom\na;b;c\n").faults == [(2, None, "TOO_MANY_CELLS")]
    assert table(b"code;nom\na;b;;\n").faults == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfec\x00o\x00", "ENCODING"),
        (b"code;nom\na;\x81\n", "ENCODING"),
        (b'code;nom\na;"open\n', "QUOTES"),
        (b"code;nom\n" + b"a;b\n" * (MAX_LINES + 1), "TOO_MANY_LINES"),
    ],
)
def test_what_is_no_table_is_said_with_a_code(data: bytes, code: str) -> None:
    """UTF-16, undefined bytes, an open quote, too many lines."""
    with pytest.raises(Unreadable) as refused:
        table(data)
    assert refused.value.code == code


@given(st.binary(max_size=400))
def test_no_bytes_make_reading_fail_otherwise(data: bytes) -> None:
    """Anything is a table, faults, or `Unreadable`."""
    with contextlib.suppress(Unreadable):
        assert all(row.line > 1 for row in read(data, NAMES, ["code", "name"]).rows)


def test_a_million_columns_are_one_fault() -> None:
    """And take no time to speak of."""
    found = table(b";" * 1_000_000 + b"\n")
    assert (1, None, "TOO_MANY_CELLS") in found.faults
    assert len(found.faults) <= 210


def test_a_utf8_text_stays_what_it_is() -> None:
    """cp1252 is the second guess only."""
    assert decode("é".encode()) == "é"
    assert decode("é".encode("cp1252")) == "é"


def test_cells_are_read_as_people_write_them() -> None:
    """French dates, hours and words."""
    assert columns.day("5/1/2027") == "2027-01-05"
    assert [columns.hour(text) for text in ("8h", "8h30", "08:00", "9:05", "20:00:00")] == [
        "08:00",
        "08:30",
        "08:00",
        "09:05",
        "20:00",
    ]
    assert columns.weekdays("lundi | Mercredi|FR") == ["MO", "WE", "FR"]
    assert columns.word("Médecin") == "physician"
    assert columns.words("public|secrétariat") == ["public", "secretariat"]
    assert columns.modes("sur place 20/30+5|téléconsultation 15") == [
        {"mode": "on_site", "minutes": 20, "first_visit_minutes": 30, "buffer_minutes": 5},
        {"mode": "teleconsultation", "minutes": 15, "first_visit_minutes": None, "buffer_minutes": 0},
    ]
    assert columns.releases("régulateur J-2 0h|public D 10:00") == [
        {"audience": "regulator", "days_before": 2, "local_time": "00:00"},
        {"audience": "public", "days_before": 0, "local_time": "10:00"},
    ]
    assert columns.needs("salle:treatment|practitioner:infirmière") == [
        {"kind": "room", "tag": "treatment"},
        {"kind": "practitioner", "profession": "nurse"},
    ]


@pytest.mark.parametrize("read_cell", [columns.weekdays, columns.modes, columns.releases, columns.needs])
def test_a_cell_of_another_form_is_a_fault_and_is_not_repeated(read_cell: object) -> None:
    """What was typed never comes back in an answer."""
    assert callable(read_cell)
    with pytest.raises(PydanticCustomError) as refused:
        read_cell("n'importe quoi")
    assert refused.value.type == "CELL_UNREADABLE"
    assert "importe" not in refused.value.message()
