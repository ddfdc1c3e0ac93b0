"""A day's programme as a CSV file: read whole, stored whole or not at all.

UTF-8 (with or without BOM) or Windows-1252; `;`, `,` or tabs. The first line names the columns, in French or English:

    intervention;site;salle;date;heure;composition;quantite
    BLOC-2026-0412;3011520000017;Salle 2;03/03/2026;08:30;CHOLE-COELIO;1

`site` is the GLN or the id of a site (the column may be missing where the hospital has one site), `date` `JJ/MM/AAAA`
or `AAAA-MM-JJ`, `heure` `8h30` or `08:30` by the local clock, `composition` a code or an id, `quantite` 1 when empty.
One line per composition; the lines of one operation agree on everything else.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from cooperation.demand.schemas import ItemIn, OperationIn
from cooperation.issues.wording import StaffLine
from cooperation.uses.operation_ref import OperationRef

MAX_LINES: Final = 5_000
MAX_ITEMS: Final = 50
"""Of one operation, as in `OperationIn`."""
MAX_BYTES: Final = 1_048_576
TITLES: Final[Mapping[str, str]] = {
    "intervention": "operation_ref", "operationref": "operation_ref", "operation": "operation_ref", "site": "site",
    "salle": "theatre", "theatre": "theatre", "date": "date", "heure": "time", "time": "time",
    "composition": "composition", "quantite": "quantity", "quantity": "quantity",
}  # fmt: skip
REQUIRED: Final = ("operation_ref", "theatre", "date", "time", "composition")
_FRENCH: Final = re.compile(r"([0-3]?[0-9])/([01]?[0-9])/([0-9]{4})")
_TIME: Final = re.compile(r"([0-2]?[0-9])[:hH]([0-5][0-9])?(?::00)?")
_REF: Final[TypeAdapter[str]] = TypeAdapter(OperationRef)
_THEATRE: Final[TypeAdapter[str]] = TypeAdapter(StaffLine)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong; what the cell holds is not repeated."""

    line: int
    column: str | None
    code: str


@dataclass(slots=True)
class Programme:
    """What was read: operations by reference, each with the numbers of its lines, one for each item."""

    operations: dict[str, tuple[list[int], OperationIn]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Hospital:
    """What a cell may name. `sites` by GLN and id; `only`: the one site, where there is one."""

    zone: ZoneInfo
    sites: Mapping[str, UUID]
    only: UUID | None


class _Wrong(Exception):
    def __init__(self, column: str | None, code: str) -> None:
        super().__init__(code)
        self.column, self.code = column, code


def read(data: bytes, hospital: Hospital) -> Programme:
    """Every line, or why not. Compositions are looked up by who stores."""
    found = Programme()
    try:
        records = list(_records(data))
    except _Wrong as wrong:
        return Programme(faults=[Fault(1, wrong.column, wrong.code)])
    columns = [TITLES.get(_plain(title), "") for title in records[0][1]] if records else []
    missing = [name for name in REQUIRED if name not in columns]
    if missing or "" in columns:
        found.faults += [Fault(1, name, "COLUMN_MISSING") for name in missing]
        found.faults += [Fault(1, str(n + 1), "COLUMN_UNKNOWN") for n, name in enumerate(columns) if not name]
        return found
    for number, cells in records[1:]:
        found.lines += 1
        if found.lines > MAX_LINES:
            return Programme(faults=[Fault(number, None, "TOO_MANY_LINES")])
        try:
            _line(found, number, dict(zip(columns, cells, strict=False)), hospital)
        except _Wrong as wrong:
            found.faults.append(Fault(number, wrong.column, wrong.code))
    return found


def _line(found: Programme, number: int, cells: Mapping[str, str], hospital: Hospital) -> None:
    ref = _checked(_REF, cells, "operation_ref")
    item = ItemIn(composition=_composition(cells), quantity=_quantity(cells))
    known = found.operations.get(ref)
    if known is not None and len(known[1].items) == MAX_ITEMS:
        raise _Wrong("composition", "TOO_MANY_ITEMS")
    body = OperationIn(
        site_id=_site(cells, hospital),
        theatre=_checked(_THEATRE, cells, "theatre"),
        starts_at=_instant(cells, hospital.zone),
        items=[*(known[1].items if known else []), item],
    )
    if known is not None and known[1].model_copy(update={"items": body.items}) != body:
        raise _Wrong("operation_ref", "LINES_DIFFER")
    if known is not None and any(each.composition == item.composition for each in known[1].items):
        raise _Wrong("composition", "LINE_TWICE")
    found.operations[ref] = ([*(known[0] if known else []), number], body)


def _records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise _Wrong(None, "ENCODING") from None
    first = text[:4096].splitlines()[:1] or [""]
    delimiter = max(";,\t", key=first[0].count)
    line, reader = 1, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        raise _Wrong(None, "QUOTES") from None


def _checked(kind: TypeAdapter[str], cells: Mapping[str, str], column: str) -> str:
    try:
        return kind.validate_python(cells.get(column, ""))
    except ValidationError as wrong:
        code = wrong.errors()[0]["type"]
        raise _Wrong(column, code if code.isupper() else "CELL_UNREADABLE") from None


def _site(cells: Mapping[str, str], hospital: Hospital) -> UUID:
    named = cells.get("site", "")
    found = hospital.sites.get(named.lower()) if named else hospital.only
    if found is None:
        raise _Wrong("site", "REFERENCE_UNKNOWN")
    return found


def _composition(cells: Mapping[str, str]) -> str:
    named = cells.get("composition", "")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,40}", named):
        raise _Wrong("composition", "CELL_UNREADABLE")
    return named


def _quantity(cells: Mapping[str, str]) -> int:
    named = cells.get("quantity", "") or "1"
    if not re.fullmatch(r"[0-9]{1,2}", named) or not 1 <= int(named) <= 50:
        raise _Wrong("quantity", "CELL_UNREADABLE")
    return int(named)


def _instant(cells: Mapping[str, str], zone: ZoneInfo) -> datetime:
    """By the local clock; an hour that the clock skips in March is no hour, the doubled one in October is the first."""
    local = datetime.combine(_day(cells.get("date", "")), _clock(cells.get("time", "")), zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(fold=0) != local:
        raise _Wrong("time", "TIME_INVALID")
    return instant


def _day(cell: str) -> date:
    french = _FRENCH.fullmatch(cell)
    try:
        day = date(int(french[3]), int(french[2]), int(french[1])) if french else date.fromisoformat(cell)
    except ValueError:
        raise _Wrong("date", "CELL_UNREADABLE") from None
    if not 2000 <= day.year < 2200:
        raise _Wrong("date", "CELL_UNREADABLE")
    return day


def _clock(cell: str) -> time:
    match = _TIME.fullmatch(cell)
    if match is None or int(match[1]) > 23:
        raise _Wrong("time", "CELL_UNREADABLE")
    return time(int(match[1]), int(match[2] or 0))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if c.isalnum() and c.isascii())
