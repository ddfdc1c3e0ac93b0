"""CSV as offices send it: UTF-8 with or without BOM, or cp1252; `;`, `,` or tabs; any line ends. Pure.

A cell is text and nothing else: `=cmd()` is the five letters and two brackets that it is.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 100_000
MAX_FAULTS_PER_LINE = 5
MAX_FAULTS = 1_000
"""More are not read by anybody, and would be fifty megabytes of a file in which every line is wrong."""
DELIMITERS = ";,\t"


class Unreadable(ValueError):
    """The file is no table: `code` says why."""

    def __init__(self, code: str, line: int = 1) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the number of its first line in the file, its cells by the name of the column."""

    line: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Table:
    """What was read. `titles`: how the file itself calls each column. `faults`: (line, title or none, code)."""

    titles: Mapping[str, str]
    rows: list[Row] = field(default_factory=list)
    faults: list[tuple[int, str | None, str]] = field(default_factory=list)


def read(data: bytes, names: Mapping[str, str], required: Iterable[str]) -> Table:
    """Reads a file whose first line names its columns. `names`: from plain title (`plain`) to column.

    Raises `Unreadable` when it is no table at all or has too many lines; everything else is a fault of a line.
    """
    text = decode(data)
    records = _records(text)
    _, header = next(records, (1, []))
    columns, table = _columns(header, names, required)
    for count, (line, cells) in enumerate(records):
        if count >= MAX_LINES:
            raise Unreadable("TOO_MANY_LINES", line)
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            table.faults.append((line, None, "TOO_MANY_CELLS"))
        elif any(cells):
            table.rows.append(Row(line, dict(zip(columns, cells, strict=False))))
    return table


def _columns(header: Sequence[str], names: Mapping[str, str], required: Iterable[str]) -> tuple[list[str], Table]:
    """The column behind each title; an unknown title stands under its place, and is a fault of line 1."""
    columns: list[str] = []
    table = Table({})
    titles: dict[str, str] = {}
    for place, written in enumerate(header[:200]):
        title = "".join(sign for sign in written if sign.isprintable())[:60]
        name = names.get(plain(title))
        if name is None or name in titles:
            table.faults.append((1, title, "COLUMN_UNKNOWN" if name is None else "COLUMN_TWICE"))
            name = f"?{place}"
        titles.setdefault(name, title)
        columns.append(name)
    if len(header) > len(columns):
        table.faults.append((1, None, "TOO_MANY_CELLS"))
    table.faults += [(1, name, "COLUMN_MISSING") for name in required if name not in titles]
    table.titles = titles
    return columns, table


def decode(data: bytes) -> str:
    """UTF-8 where it is that, else cp1252, which is what Excel writes in Western Europe. A BOM is dropped."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("ENCODING")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as wrong:
        raise Unreadable("ENCODING", data.count(b"\n", 0, wrong.start) + 1) from wrong


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of its first line; blank lines are passed over."""
    first = text[:8192].splitlines()[:1] or [""]
    delimiter = max(DELIMITERS, key=first[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise Unreadable("QUOTES", line) from wrong


def plain(text: str) -> str:
    """A word without case, accents, hyphens and spaces: how titles and fixed values are compared."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if c.isalnum() and c.isascii())


def instant(text: str, zone: ZoneInfo, *, last: bool = False) -> datetime | None:
    """What a cell means: a local day (its first instant, or the one after it when it is the `last`), a local time, or
    an instant; None when it is none of these, or of no year that an agenda knows.
    """
    try:
        if len(text) == len("2026-11-30"):
            day = date.fromisoformat(text) + timedelta(days=1 if last else 0)
            moment = datetime.combine(day, time(), zone)
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    if not 2000 <= moment.year < 2200:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
