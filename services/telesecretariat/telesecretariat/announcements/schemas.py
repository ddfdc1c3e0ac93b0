"""Wire types of announcements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Instant, Note, Patch, Wire

Moment = Literal["welcome", "waiting", "closed", "overflow", "barred", "monitoring"]
Fragment = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
SpokenNumber = Annotated[str, Field(pattern=r"^(?:\+[1-9][0-9]{6,14}|[0-9]{2,6})$")]


class Part(Wire):
    """A piece of an announcement, played in order. `text` (French) and `text_en` are what it says, for a screen.

    `recording`: the fragment of that name at the telephone system. `number`: read digit by digit. `date`: an instant,
    said in the line's local time. `text`: for a reader; a telephone system plays the fragment of the same name, if any.
    Nothing is synthesised.
    """

    kind: Literal["recording", "number", "date", "text"]
    text: Note
    text_en: Note
    fragment: Fragment | None = None
    number: SpokenNumber | None = None
    at: Instant | None = None

    @model_validator(mode="after")
    def _has_what_it_plays(self) -> "Part":
        needed = {"recording": self.fragment, "number": self.number, "date": self.at, "text": self.text}[self.kind]
        if not needed:
            raise PydanticCustomError("INVALID", "a part carries what its kind plays")
        return self


class AnnouncementIn(Wire):
    """A new announcement of a client, or of one of its lines, which then comes before the client's."""

    client_id: UUID
    line_id: UUID | None = None
    moment: Moment
    parts: Annotated[Sequence[Part], Field(min_length=1, max_length=20)]


class AnnouncementPatch(Patch):
    """Its parts anew."""

    parts: Annotated[Sequence[Part], Field(min_length=1, max_length=20)]


class AnnouncementOut(Wire):
    """An announcement, in its version."""

    id: UUID
    organisation_id: UUID
    client_id: UUID
    line_id: UUID | None
    moment: Moment
    parts: Sequence[Part]
    version: int
    created_at: datetime
