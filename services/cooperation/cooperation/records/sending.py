"""What came over HTTP as a record, before it is judged: kept as it came, whatever becomes of it."""

import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from uuid import UUID

from cooperation.loads.domain import CurveInvalid, Sample
from cooperation.records import domain
from cooperation.records.csv_port import Columns
from cooperation.records.errors import RecordInvalid
from cooperation.records.schemas import FileIn, RecordIn

Source = Literal["machine", "hand", "file", "provider"]


@dataclass(frozen=True)
class Sent:
    """The bytes, and how to read them: `told` for JSON, `file` for a CSV file and its layout."""

    raw: bytes
    told: RecordIn | None = None
    file: FileIn | None = None

    @property
    def cycle_no(self) -> int:
        """The machine's number of the cycle."""
        said = self.told or self.file
        assert said is not None
        return said.cycle_no

    @property
    def witness(self) -> UUID | None:
        """The second person of a record by hand."""
        said = self.told or self.file
        return said.witness if said is not None else None

    @property
    def sha256(self) -> bytes:
        """Of the bytes as they came."""
        return hashlib.sha256(self.raw).digest()

    @property
    def packed(self) -> bytes:
        """The bytes, compressed."""
        return zlib.compress(self.raw)

    @property
    def layout(self) -> dict[str, object] | None:
        """How the file is laid out, to read it again; None for JSON."""
        return None if self.file is None else self.file.model_dump(mode="json")

    @cached_property
    def cycle(self) -> domain.Cycle:
        """Refused: `RECORD_INVALID`."""
        if self.told is not None:
            second = self.told.second.samples if self.told.second is not None else None
            return domain.Cycle(self.told.cycle_no, self.told.began_at, self.told.samples, second)
        assert self.file is not None
        try:
            return Columns(self.file).read(self.raw, self.file.cycle_no)
        except CurveInvalid as wrong:
            raise RecordInvalid from wrong

    def curves(self) -> tuple[list[Sample], list[Sample] | None]:
        """The curve, and the second recorder's. Refused: `RECORD_INVALID`."""
        cycle = self.cycle
        try:
            return domain.curve(cycle.samples), None if cycle.second is None else domain.curve(cycle.second)
        except CurveInvalid as wrong:
            raise RecordInvalid from wrong


def kept(packed: bytes, layout: dict[str, object] | None) -> Sent:
    """A record from the base, to be read again."""
    raw = zlib.decompress(packed)
    if layout is not None:
        return Sent(raw, file=FileIn.model_validate(layout))
    return Sent(raw, told=RecordIn.model_validate_json(raw))
