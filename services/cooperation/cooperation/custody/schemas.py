"""Wire types of custody."""

from collections.abc import Sequence
from uuid import UUID

from contracts.cooperation import SubjectKind
from maillage.wire import Instant, Wire


class StayOut(Wire):
    """One stay of one thing in one place; `until` is null for where it is now. `through`: of a thing asked for by
    place, the compartment and crate that hold it there, from the outside in; empty when the place itself does."""

    id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    code: str | None
    place_id: UUID
    place_kind: str
    place_name: str
    since: Instant
    until: Instant | None
    handover_id: UUID | None
    through: list[UUID] = []


class HolderOut(Wire):
    """A place that holds the subject now: directly, or through a crate or compartment, from the inside out."""

    id: UUID
    kind: str
    name: str
    site_id: UUID | None


class CustodyOut(Wire):
    """Of a subject: where it is (`now`) and its stays, newest first. Of a place: what is in it."""

    now: Sequence[HolderOut]
    items: Sequence[StayOut]
    next_cursor: str | None
