"""Wire types of visit reasons (*motifs*)."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.directory.fields import Code, Tag
from appointments.directory.parameters import Audience
from maillage.wire import Line, Note, Wire

Profession = Literal["physician", "nurse"]
ModeName = Literal["on_site", "teleconsultation", "home", "care_home"]
Minutes = Annotated[int, Field(ge=5, le=240, multiple_of=5)]
Age = Annotated[int, Field(ge=0, le=130)]


class Mode(Wire):
    """Length of a visit in one mode; `first_visit_minutes` for somebody never seen, `buffer_minutes` free after."""

    mode: ModeName
    minutes: Minutes
    first_visit_minutes: Minutes | None = None
    buffer_minutes: Annotated[int, Field(ge=0, le=60, multiple_of=5)] = 0


class Need(Wire):
    """What a visit occupies beside its practitioner: somebody of a profession, or a room or equipment with a tag."""

    kind: Literal["practitioner", "room", "equipment"]
    tag: Tag | None = None
    profession: Profession | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "practitioner") != (self.profession is not None):
            raise PydanticCustomError("INVALID", "a practitioner is asked by profession, anything else by tag")
        if self.kind == "practitioner" and self.tag is not None:
            raise PydanticCustomError("INVALID", "a practitioner has no tag")
        return self


class Question(Wire):
    """A question put before booking."""

    text: Note
    text_en: Note | None = None
    required: bool = False


class ReasonIn(Wire):
    """A reason for a visit: for whom, by whom, how long, how far ahead. Ages in whole years, both bounds included.

    `protocol_id`: the protocol under which nurses give it; only the nurses of the protocol then do.
    """

    code: Code
    label: Line
    public_label: Line
    public_label_en: Line | None = None
    instruction: Note | None = None
    instruction_en: Note | None = None
    export_text: Line | None = None
    professions: Annotated[list[Profession], Field(min_length=1, max_length=2)]
    modes: Annotated[list[Mode], Field(min_length=1, max_length=4)]
    bookable_by: Annotated[list[Audience], Field(max_length=5)]
    min_notice_minutes: Annotated[int, Field(ge=0, le=60 * 24 * 60)] = 0
    max_ahead_days: Annotated[int, Field(ge=0, le=400)] = 180
    min_age: Age | None = None
    max_age: Age | None = None
    first_visit: Literal["any", "only", "never"] = "any"
    known_patient_only: bool = False
    unscheduled: bool = False
    sensitive: bool = False
    needs_confirmation: bool = False
    needs: Annotated[list[Need], Field(max_length=5)] = Field(default_factory=list)
    text_to_accept: Note | None = None
    text_after: Note | None = None
    text_after_en: Note | None = None
    questions: Annotated[list[Question], Field(max_length=5)] = Field(default_factory=list)
    max_live: Annotated[int, Field(ge=1, le=50)] = 5
    min_gap_days: Annotated[int, Field(ge=0, le=3650)] = 0
    rank: Annotated[int, Field(ge=0, le=10_000, description="Order in lists.")] = 100
    active: bool = True
    protocol_id: UUID | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [mode.mode for mode in self.modes]
        if len(set(names)) != len(names):
            raise PydanticCustomError("INVALID", "a mode twice")
        if self.min_age is not None and self.max_age is not None and self.min_age > self.max_age:
            raise PydanticCustomError("INVALID", "no age is possible")
        if self.first_visit == "only" and self.known_patient_only:
            raise PydanticCustomError("INVALID", "nobody could book it")
        if self.protocol_id is not None and self.professions != ["nurse"]:
            raise PydanticCustomError("INVALID", "a protocol delegates to nurses only")
        return self


class ReasonOut(Wire):
    """A reason as professionals read it."""

    id: UUID
    organisation_id: UUID
    code: str
    label: str
    public_label: str
    public_label_en: str | None
    instruction: str | None
    instruction_en: str | None
    export_text: str | None
    professions: list[Profession]
    modes: list[Mode]
    bookable_by: list[Audience]
    min_notice_minutes: int
    max_ahead_days: int
    min_age: int | None
    max_age: int | None
    first_visit: Literal["any", "only", "never"]
    known_patient_only: bool
    unscheduled: bool
    sensitive: bool
    needs_confirmation: bool
    needs: list[Need]
    text_to_accept: str | None
    text_after: str | None
    text_after_en: str | None
    questions: list[Question]
    max_live: int
    min_gap_days: int
    rank: int
    active: bool
    protocol_id: UUID | None
    version: int


class PublicReason(Wire):
    """A reason as patients read it. `bookable` false: by phone only."""

    id: UUID
    organisation_id: UUID
    code: str
    public_label: str
    public_label_en: str | None
    instruction: str | None
    instruction_en: str | None
    professions: list[Profession]
    modes: list[Mode]
    min_age: int | None
    max_age: int | None
    first_visit: Literal["any", "only", "never"]
    known_patient_only: bool
    unscheduled: bool
    text_to_accept: str | None
    questions: list[Question]
    bookable: bool
    version: int
