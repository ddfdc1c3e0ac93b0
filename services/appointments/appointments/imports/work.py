"""One file being imported: its rows become wire types, its faults are gathered, its changes counted."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from asyncpg import Record
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from appointments.imports.columns import KINDS, ImportKind, Tell, wrong
from appointments.imports.domain import MAX_FAULTS, MAX_FAULTS_PER_LINE, Row, Table
from appointments.imports.errors import sentence
from maillage.database import Tx
from maillage.exact import AS_TEXT
from maillage.problems import from_validation
from maillage.refusals import Refusal
from maillage.wire import Wire, clean_text
from maillage.words import Words

W = TypeVar("W", bound=Wire)
BREATH = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong; `column` is the title in the file."""

    line: int
    column: str | None
    code: str
    detail: Words


@dataclass(frozen=True, slots=True)
class Options:
    """What the sender asks for beside the file. `practitioner_id`: whose calendar it is; `replace`: absences that the
    file does not name any more end; `tell`: which messages about imported visits are planned.
    """

    practitioner_id: UUID | None = None
    replace: bool = False
    tell: Tell = "none"


@dataclass(slots=True)
class Work:
    """The state of one import inside its transaction."""

    tx: Tx
    centre: Record
    kind: ImportKind
    table: Table
    options: Options
    faults: list[Fault] = field(default_factory=list)
    per_line: dict[int, set[str | None]] = field(default_factory=dict)
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    conflicts: int = 0

    @property
    def organisation_id(self) -> UUID:
        """Whose file it is."""
        organisation_id: UUID = self.centre["id"]
        return organisation_id

    def fault(self, line: int, column: str | None, code: str, detail: Words | None = None) -> None:
        """Notes what is wrong with a line: the first thing of each cell, five of each line, a thousand in all."""
        known = self.per_line.setdefault(line, set())
        if column in known or len(known) >= MAX_FAULTS_PER_LINE or len(self.faults) > MAX_FAULTS:
            return
        known.add(column)
        if len(self.faults) == MAX_FAULTS:
            self.faults.append(Fault(line, None, "TOO_MANY_FAULTS", sentence("TOO_MANY_FAULTS")))
        else:
            title = self.table.titles.get(column, column) if column is not None else None
            self.faults.append(Fault(line, title, code, detail or sentence(code)))

    def refused(self, line: int, column: str | None, refusal: Refusal) -> None:
        """A refusal of a use case is a fault of the line that asked for it."""
        self.fault(line, column, refusal.code, refusal.detail)

    async def rows(self) -> AsyncIterator[Row]:
        """The rows in order; other requests of this process are served between them."""
        for count, row in enumerate(self.table.rows):
            if count % BREATH == BREATH - 1:
                await asyncio.sleep(0)
            yield row

    def read(self, row: Row) -> dict[str, object]:
        """The cells that are not empty, read as their columns say; a cell that cannot be read is a fault."""
        values: dict[str, object] = {}
        for column in KINDS[self.kind]:
            cell = row.cells.get(column.name, "")
            try:
                if cell:
                    values[column.name] = column.read(clean_text(cell, newlines=True))
            except (PydanticCustomError, ValueError) as error:
                self.fault(
                    row.line, column.name, error.type if isinstance(error, PydanticCustomError) else wrong("").type
                )
        return values

    def build(
        self, model: type[W], row: Row, values: Mapping[str, object], base: Mapping[str, object] | None
    ) -> W | None:
        """The wire type of a row, or None with its faults noted. A column that the file lacks keeps what is stored."""
        kept = {n: base[n] for n in model.model_fields if n not in self.table.titles and n in base} if base else {}
        try:
            built = model.model_validate({**kept, **values}, context=AS_TEXT)
        except ValidationError as error:
            for place in from_validation([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]).errors:
                self.fault(row.line, place.pointer.split("/")[1] if place.pointer else None, place.code, place.detail)
            return None
        return None if row.line in self.per_line else built

    def build_at(self, model: type[W], row: Row, values: Mapping[str, object], column: str) -> W | None:
        """A wire type that one cell makes: what is wrong with it is a fault of that column."""
        try:
            return model.model_validate(values, context=AS_TEXT)
        except ValidationError as error:
            place = from_validation([{**error.errors()[0], "loc": ("body", column)}]).errors[0]
            self.fault(row.line, column, place.code, place.detail)
            return None
