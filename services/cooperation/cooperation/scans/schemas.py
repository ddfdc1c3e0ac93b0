"""Wire types of scans."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, JsonValue

from maillage.wire import Instant, Wire

Outcome = Literal["done", "checked", "refused", "late", "repeated"]
SettledHow = Literal["recorded_otherwise", "did_not_happen", "nothing_to_do"]


def _storable(value: object) -> object:
    """What a scanner sends is kept whatever it is: what a text column cannot hold is replaced by a sign for it."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "\u2400").encode("utf-8", "replace").decode()


Code = Annotated[str, BeforeValidator(_storable)]


class ScanIn(Wire):
    """What a device read. `seq` numbers its scans from 1 without a hole; `scanned_at` is its own clock's. `intact`,
    `dry` (unloading a steriliser) and `clean` (unloading a washer) say what was seen: true unless said. `out`: at a
    loading station, out of the machine's open load again; a second scan of what is inside changes nothing."""

    seq: int = Field(ge=1, le=2**62)
    code: Code
    scanned_at: Instant
    intact: bool | None = None
    dry: bool | None = None
    clean: bool | None = None
    packaging_id: UUID | None = None
    out: bool = False


class ScanBatch(Wire):
    """`sent_at`: the device's clock when it sends this batch (anew at each attempt): the difference to the server's
    corrects the times of its scans, and of later batches that do not say it."""

    device_id: UUID
    station_id: UUID
    sent_at: Instant | None = None
    scans: list[ScanIn] = Field(min_length=1, max_length=500)


class Thing(Wire):
    """What a scan was about."""

    kind: str
    id: UUID


class BlockOut(Wire):
    """What forbids to touch it: a hold, a recall, its expiry. `cause_id`: the hold or recall."""

    code: str
    kind: str
    cause_id: UUID | None


class CountLine(Wire):
    """One line of the composition to count at assembly."""

    line_id: UUID
    model_id: UUID
    alias: str
    quantity: int
    exclusive: bool
    critical: bool


class ScanResult(Wire):
    """The answer to one scan, the same each time it is sent. `outcome`: `done`; `checked` (nothing changed; `good`
    says whether it may be used or worked on); `refused` and `late` (kept, see `code`; the manager settles); `repeated`
    (the same code within two seconds counts once: the rest is the first one's). `expect`: what comes next.
    `details`: what the refusal says beside its sentence."""

    seq: int
    id: UUID
    outcome: Outcome
    code: str | None = None
    message: str | None = None
    subject: Thing | None = None
    stage: str | None = None
    expect: str | None = None
    good: bool | None = None
    blocks: list[BlockOut] = []
    sterile_on: date | None = None
    expires_on: date | None = None
    used_on: date | None = None
    count: list[CountLine] = []
    details: dict[str, JsonValue] = {}


class ScanAnswers(Wire):
    """One result per scan, in the order sent; `next_seq`: what the device counts on from."""

    next_seq: int
    results: list[ScanResult]


class Settling(Wire):
    """How a person settled it: the act was recorded in another way, did not happen, or needs nothing."""

    how: SettledHow


class ScanItem(Wire):
    """A scan as it was kept: what was read, by the device's clock and corrected, and the answer."""

    id: UUID
    device_id: UUID
    seq: int
    station_id: UUID
    code: str
    scanned_at: Instant
    occurred_at: Instant
    outcome: Outcome
    refused_for: str | None
    message: str | None
    subject_kind: str | None
    subject_id: UUID | None
    settled_at: Instant | None
    settled_by: str | None
    settled_how: str | None
    created_at: Instant
