"""Wire types of the trace."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from maillage.wire import Instant, Wire

Wrong = Literal["did_not_occur", "incorrect_data"]


class TraceEntry(Wire):
    """One thing that was done. `occurred_at`: when it was done; `recorded_at`: when it was written. `row`: the columns
    of the subject that it set, all of them for the first entry; `facts`: what else was measured or named.
    `corrects`: the entry that this one takes back. `digest`: SHA-256 of the entry, in hexadecimal, as the audit has
    it."""

    id: UUID
    seq: int
    organisation_id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    subject_version: int
    occurred_at: Instant
    recorded_at: Instant
    actor: str
    person_id: UUID | None
    role: str | None
    device_id: UUID | None
    row: Mapping[str, JsonValue]
    facts: Mapping[str, JsonValue]
    corrects: UUID | None
    digest: str


class Values(Wire):
    """What it should have said: soaking of a run, whether a line served, what was seen of a pack when it came out."""

    soak_from: Instant | None = None
    soak_to: Instant | None = None
    used: bool | None = None
    intact: bool | None = None
    dry: bool | None = None
    clean: bool | None = None


class Correction(Wire):
    """`did_not_occur`: the subject is again as it was before the entry. `incorrect_data`: it happened, with these
    values. `reason`: a code, such as `wrong_set_scanned`."""

    kind: Wrong
    reason: Annotated[str, Field(pattern=r"^[a-z_]{3,40}$")]
    values: Values | None = None
