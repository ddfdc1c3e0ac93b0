"""A file of sets as an office sends it, line by line. Pure."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

TITLES: Final[Mapping[str, str]] = {
    "tag": "tag", "marquage": "tag", "name": "name", "nom": "name", "composition": "composition",
    "home_place": "home_place", "lieu_habituel": "home_place", "place": "place", "lieu": "place",
}  # fmt: skip
REQUIRED: Final = ("tag", "name", "composition", "place")
MOST_LINES: Final = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """`column` None: the whole line; of a column with an unknown title, its number. No cell is repeated."""

    line: int
    column: str | None
    code: str


@dataclass(slots=True)
class File:
    """Lines with their number in the file (the titles are line 1), and what was wrong while reading."""

    lines: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_sets(data: bytes) -> File:
    """UTF-8 with or without BOM, cells separated by `;`, `,` or tabs, titles in French or English in any order. A cell
    is text: nothing in it is computed."""
    file = File()
    try:
        _read(data.decode("utf-8-sig"), file)
    except (UnicodeDecodeError, csv.Error):
        file.faults.append(Fault(len(file.lines) + 1, None, "ENCODING"))
    return file


def _read(text: str, file: File) -> None:
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    names = [title.strip().lower() for title in next(reader, [])]
    columns = [TITLES.get(name, "") for name in names]
    file.faults += [Fault(1, str(n), "COLUMN_UNKNOWN") for n, name in enumerate(names, 1) if name not in TITLES]
    file.faults += [Fault(1, name, "COLUMN_MISSING") for name in REQUIRED if name not in columns]
    number = reader.line_num + 1
    for cells in reader if not file.faults else ():
        if len(file.lines) == MOST_LINES:
            file.faults.append(Fault(number, None, "TOO_MANY_LINES"))
            return
        if any(cell.strip() for cell in cells):
            file.lines.append((number, {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}))
        number = reader.line_num + 1
