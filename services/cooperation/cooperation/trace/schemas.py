"""Wire types of the trace."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import JsonValue

from maillage.wire import Instant, Wire


class Entry(Wire):
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
