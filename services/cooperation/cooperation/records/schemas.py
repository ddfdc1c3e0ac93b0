"""Wire types of cycle records."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from cooperation.records.csv_port import Layout
from maillage.wire import Instant, Wire

SAMPLES = {
    "items": {
        "type": "array",
        "minItems": 2,
        "maxItems": 3,
        "prefixItems": [
            {"type": "number", "description": "Seconds since `began_at`, growing."},
            {"type": "array", "items": {"type": "number"}, "description": "Probes, °C."},
            {"type": ["number", "null"], "description": "Absolute pressure, kPa; null where there is none."},
        ],
    }
}
Samples = Annotated[list[object], Field(json_schema_extra=SAMPLES)]
CycleNo = Annotated[int, Field(ge=1, le=2**53)]


class SecondRecorder(Wire):
    """An independent recorder of the same cycle, its seconds counted from the same `began_at`."""

    samples: Samples


class RecordIn(Wire):
    """A cycle as the machine recorded it; `samples` are `[seconds, [°C, …], kPa or null]`. `witness`: the second
    person, for a record by hand. There is no verdict in it: the server computes it."""

    cycle_no: CycleNo
    began_at: Instant
    samples: Samples
    second: SecondRecorder | None = None
    witness: UUID | None = None


class FileIn(Layout):
    """A cycle file in CSV: its cycle number, how it is laid out, and the second person for a file sent by hand."""

    OF_TEXT = True

    cycle_no: CycleNo
    witness: UUID | None = None


class FiguresOut(Wire):
    """What was reckoned: seconds, A0 in seconds at 80 °C, F0 in minutes at 121.1 °C, degrees within the plateau."""

    plateau_s: float
    plateau_from_s: float | None
    a0_s: float
    f0_min: float
    coldest_c: float | None
    hottest_c: float | None
    widest_spread_k: float | None
    longest_gap_s: float


class RecordOut(Wire):
    """The record that counts for a load, and its verdict."""

    id: UUID
    load_id: UUID
    machine_id: UUID
    cycle_no: int
    source: str
    sha256: str
    began_at: datetime
    ended_at: datetime
    verdict: str
    failings: list[str]
    figures: FiguresOut
    second_agrees: bool | None
    recorded_by: str
    witness: UUID | None
    created_at: datetime


class Point(Wire):
    """One sample of the curve."""

    at_s: float
    probes_c: list[float]
    pressure_kpa: float | None


class CurveOut(Wire):
    """The record with its curve, for the screen, and the bounds of its programme."""

    record: RecordOut
    samples: list[Point]
    second: list[Point] | None
    temp_c: float
    band_k: float
    plateau_s: int
