"""Cycle files: what a machine's own software writes, read as a cycle. See docs/how-to/cycle-files.md.

`CycleFile` is the port: a machine that writes another kind of file gets an adapter with the same method. `Columns` is
the adapter for CSV with one line per sample.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from cooperation.loads.domain import CurveInvalid
from cooperation.records.domain import MOST_SAMPLES, Cycle
from maillage.wire import Instant, Wire

KPA: Final = {"kPa": 1.0, "bar": 100.0, "mbar": 0.1}


class CycleFile(Protocol):
    """Reads a machine's file. Raises CurveInvalid for what is not one; never guesses a value."""

    def read(self, data: bytes, cycle_no: int) -> Cycle:
        """The cycle in these bytes."""
        ...


class Layout(Wire):
    """How a CSV file is laid out. Columns are named by the file's head line. `time_format`: as of `strptime`, for a
    local time of `zone`; `seconds`: the column counts from `began_at`."""

    time: str = Field("Time", max_length=80)
    probes: list[str] = Field(["T1"], min_length=1, max_length=12)
    pressure: str | None = Field(None, max_length=80)
    pressure_unit: Literal["kPa", "bar", "mbar"] = "kPa"
    second: list[str] = Field([], max_length=12)
    delimiter: Literal[";", ",", "tab"] = ";"
    decimal: Literal[",", "."] = ","
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    skip: int = Field(0, ge=0, le=200)
    time_format: str = Field("%d/%m/%Y %H:%M:%S", max_length=40)
    zone: str = Field("Europe/Paris", max_length=60)
    began_at: Instant | None = None

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError) as wrong:
            raise PydanticCustomError("TIME_INVALID", "not a time zone") from wrong
        return value

    @field_validator("time_format")
    @classmethod
    def _whole_instant(cls, value: str) -> str:
        """Writes an instant and reads the same again, or counts seconds."""
        if value == "seconds":
            return value
        tried = datetime(2026, 11, 22, 13, 47, 59, tzinfo=UTC)
        try:
            same = datetime.strptime(tried.strftime(value), value).replace(tzinfo=UTC) == tried
        except (ValueError, re.error):
            same = False
        if not same:
            raise PydanticCustomError("TIME_INVALID", "not a format of a whole instant")
        return value


class Columns:
    """CSV with one line per sample."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def read(self, data: bytes, cycle_no: int) -> Cycle:
        """The cycle in these bytes; an empty cell, a missing column or a wrong number is no curve."""
        rows = list(self._rows(data))
        if not rows or len(rows) > MOST_SAMPLES:
            raise CurveInvalid
        began_at, seconds = self._times([row[self._layout.time] for row in rows])
        probes, second, timed = self._layout.probes, self._layout.second, list(zip(seconds, rows, strict=True))
        return Cycle(
            cycle_no=cycle_no,
            began_at=began_at,
            samples=[[at, self._numbers(row, probes), self._kpa(row)] for at, row in timed],
            second=[[at, self._numbers(row, second)] for at, row in timed] if second else None,
        )

    def _rows(self, data: bytes) -> Iterator[dict[str, str]]:
        layout = self._layout
        try:
            text = data.decode("utf-8-sig" if layout.encoding == "utf-8" else "cp1252")
        except UnicodeDecodeError as wrong:
            raise CurveInvalid from wrong
        lines = io.StringIO("\n".join(text.splitlines()[layout.skip :]))
        wanted = {layout.time, *layout.probes, *layout.second, *([layout.pressure] if layout.pressure else [])}
        reader = csv.DictReader(lines, delimiter="\t" if layout.delimiter == "tab" else layout.delimiter, restkey="")
        try:
            if not wanted <= {(name or "").strip() for name in reader.fieldnames or ()}:
                raise CurveInvalid
            for row in reader:
                cells = {name.strip(): value.strip() for name, value in row.items() if isinstance(value, str)}
                if any(cells.values()):
                    yield _whole(cells, wanted)
        except csv.Error as wrong:
            raise CurveInvalid from wrong

    def _times(self, values: Sequence[str]) -> tuple[datetime, list[float]]:
        layout = self._layout
        if layout.time_format == "seconds":
            if layout.began_at is None:
                raise CurveInvalid
            return layout.began_at, [self._number(value) for value in values]
        instants = list(_instants(values, layout.time_format, ZoneInfo(layout.zone)))
        return instants[0], [(each - instants[0]).total_seconds() for each in instants]

    def _numbers(self, row: dict[str, str], names: Sequence[str]) -> list[float]:
        return [self._number(row[name]) for name in names]

    def _kpa(self, row: dict[str, str]) -> float | None:
        name = self._layout.pressure
        return None if name is None else self._number(row[name]) * KPA[self._layout.pressure_unit]

    def _number(self, text: str) -> float:
        """`134,5`, `-0,5`; a point where the layout says comma is another file. NaN is seen by the curve."""
        other = "." if self._layout.decimal == "," else ","
        if other in text or "_" in text:
            raise CurveInvalid
        try:
            return float(text.replace(",", "."))
        except ValueError as wrong:
            raise CurveInvalid from wrong


def _whole(cells: dict[str, str], wanted: set[str]) -> dict[str, str]:
    if not all(cells.get(name) for name in wanted):
        raise CurveInvalid
    return cells


def _instants(values: Sequence[str], form: str, zone: ZoneInfo) -> Iterator[datetime]:
    """Local times as instants. In the hour that comes twice in autumn the first is meant, until the clock goes back."""
    last: datetime | None = None
    for value in values:
        try:
            local = datetime.strptime(value, form).replace(tzinfo=zone)
            instant = local.astimezone(UTC)
        except (ValueError, OverflowError) as wrong:
            raise CurveInvalid from wrong
        if last is not None and instant < last:
            again = local.replace(fold=1).astimezone(UTC)
            if again - instant == timedelta(hours=1) and again > last:
                instant = again
        yield instant
        last = instant
