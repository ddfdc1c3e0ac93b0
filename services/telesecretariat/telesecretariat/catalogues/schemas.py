"""Wire types of catalogues."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from maillage.wire import Line, Patch, Phone, Wire

Kind = Literal["pause_reason", "motive", "outcome", "destination"]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]


class Facts(Wire):
    """What the product does with an entry. `max_s`: the longest pause (seconds). `red_flag`: the motive belongs to the
    emergency key. `resolves`: the outcome settles a repeat caller's need. `number`: where a destination is."""

    max_s: Annotated[int | None, Field(ge=60, le=28_800)] = None
    red_flag: bool | None = None
    resolves: bool | None = None
    number: Phone | None = None


class EntryIn(Wire):
    """A new word. Pause reasons are those of the agents' own organisation; the others of the centre they answer for:
    `organisation_id` is one that the caller reaches, his own unless given."""

    organisation_id: UUID | None = None
    kind: Kind
    code: Code
    label_fr: Line
    label_en: Line
    facts: Facts = Facts()


class EntryPatch(Patch):
    """What changes; the code stays, for it is in past calls and reports."""

    label_fr: Line | None = None
    label_en: Line | None = None
    facts: Facts | None = None
    active: bool | None = None


class EntryOut(Wire):
    """A word, in its version."""

    id: UUID
    organisation_id: UUID
    kind: Kind
    code: str
    label_fr: str
    label_en: str
    facts: Facts
    active: bool
    version: int
    created_at: datetime
