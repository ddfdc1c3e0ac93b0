"""Wire types of duplicates and merges."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from appointments.patients.schemas import NextAppointment, PatientItem
from maillage.wire import Instant, Note, Page, Wire

Ground = Literal["ins", "birth_and_name", "similar_name", "contact_and_given_name"]


class DuplicatePerson(PatientItem):
    """One of the two: also how many contacts and appointments the file has, and when the person is expected next."""

    contacts: int
    appointments: int
    next: NextAppointment | None


class DuplicatePair(Wire):
    """Two files that may be one person. `score` from 0.6 to 1 with its grounds: one INS, birth date and name, a birth
    date and a similar name, a proved contact and the given name.
    """

    first: DuplicatePerson
    second: DuplicatePerson
    score: float
    grounds: Sequence[Ground]
    found_at: Instant


class Duplicates(Page[DuplicatePair]):
    """Pairs, the likeliest first. `searched_at`: when they were last looked for, by night; null: not yet."""

    searched_at: Instant | None


class PairIn(Wire):
    """Two files, in either order."""

    first_id: UUID
    second_id: UUID


class NotSameOut(PairIn):
    """Two persons who are declared different: `first_id` is the lesser of the two ids."""

    by: str
    at: Instant


class MergeIn(Wire):
    """`from_id` goes into `into_id`, who remains. The reason is read by those who merge."""

    from_id: UUID
    into_id: UUID
    reason: Annotated[Note, Field(min_length=1)]


class MergeOut(Wire):
    """A merge. `moved`: how many rows of each kind followed; `stayed`: after an undo, what was written about the one
    who remains since the merge, and stays his, by kind.
    """

    id: UUID
    organisation_id: UUID
    from_id: UUID
    into_id: UUID
    reason: str
    by: str
    at: Instant
    moved: Mapping[str, int]
    undone_at: Instant | None
    undone_by: str | None
    stayed: Mapping[str, Sequence[UUID]] = {}
    version: int
