"""Wire types of instructions and of the proof that they were shown."""

from collections.abc import Sequence
from datetime import time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Instant, Note, Wire, clean_text
from telesecretariat.instructions.domain import Scope, Sign

Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
Codes = Annotated[Sequence[Code], Field(max_length=40)]
Text = Annotated[str, Field(max_length=8_000), AfterValidator(lambda value: clean_text(value, newlines=True))]


class WindowIn(Wire):
    """Local hours of the line in which an instruction speaks; weekday 0 is Monday, `until` 00:00 the end of the day."""

    weekdays: Annotated[Sequence[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]
    since: time
    until: time

    @model_validator(mode="after")
    def _forward(self) -> "WindowIn":
        if self.until != time(0, 0) and self.until <= self.since:
            raise PydanticCustomError("TIME_INVALID", "a window ends after it begins")
        return self


class ContactOut(Wire):
    """Whom to reach at once, and how. Addresses are the business of messages."""

    role: Literal["self", "backup", "supervisor"]
    channel: Literal["phone", "sms", "message"]


class AbsenceIn(Wire):
    """What holds while the practitioner is away."""

    text: Note | None = None
    backup_practitioner_id: UUID | None = None


class InstructionIn(Wire):
    """A place for instructions: whose, for which motive, in which hours. It does not change: make another."""

    client_id: UUID
    scope: Scope
    scope_id: UUID
    motive: Code | None = None
    channel: Literal["phone", "any"] = "phone"
    windows: Annotated[Sequence[WindowIn], Field(max_length=20)] = ()


class VersionIn(Wire):
    """A draft. A field left null says nothing: the wider level's word counts. `forbidden` adds to all levels."""

    text: Text | None = None
    allowed: Codes | None = None
    forbidden: Codes = ()
    urgent_contacts: Annotated[Sequence[ContactOut], Field(max_length=10)] | None = None
    absence: AbsenceIn | None = None
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class VersionOut(Wire):
    """One version. `validator_id`: the practitioner who answers for it."""

    id: UUID
    instruction_id: UUID
    number: int
    state: Literal["draft", "published", "withdrawn"]
    text: str | None
    allowed: Sequence[str] | None
    forbidden: Sequence[str]
    urgent_contacts: Sequence[ContactOut] | None
    absence: AbsenceIn | None
    valid_from: Instant
    valid_to: Instant | None
    author_id: UUID
    validator_id: UUID | None
    published_at: Instant | None
    withdrawn_at: Instant | None
    version: int


class InstructionOut(Wire):
    """A place for instructions with its versions, newest first."""

    id: UUID
    client_id: UUID
    scope: Scope
    scope_id: UUID
    motive: str | None
    channel: Literal["phone", "any"]
    windows: Sequence[WindowIn]
    versions: Sequence[VersionOut]


class Instructions(Wire):
    """Those that were asked for: drafts, and versions that are or will be valid."""

    items: Sequence[InstructionOut]


class PublishIn(Wire):
    """`validator_id`: the approving practitioner, where the centre publishes. `ends_previous`: the version valid at the
    beginning of this one ends there.
    """

    validator_id: UUID | None = None
    ends_previous: bool = False


class Place(Wire):
    """What a call is about, as far as known."""

    site_id: UUID | None = None
    practitioner_id: UUID | None = None
    motive: Code | None = None


class PreviewIn(Place):
    """What would be shown at an instant; now by default."""

    client_id: UUID
    at: Instant | None = None


class AbsenceOut(AbsenceIn):
    """The practitioner is away until then."""

    until: Instant


class InstructionText(Wire):
    """What an agent reads, and the versions behind each field. `valid_until`: the earliest end among them."""

    text: str | None
    allowed: Sequence[str]
    forbidden: Sequence[str]
    urgent_contacts: Sequence[ContactOut]
    absence: AbsenceOut | None
    sources: dict[str, Sequence[UUID]]
    valid_until: Instant | None


class ShownVersion(Wire):
    """Which version one reads, and of when."""

    id: UUID
    scope: Scope
    motive: str | None
    number: int
    published_at: Instant


class InstructionShown(InstructionText):
    """The words on the screen of a call, with the proof of it. `must_acknowledge`: this agent has not yet said that she
    read the versions named in `unacknowledged`. `versions`: those behind the words, the one published last first.
    """

    versions: Sequence[ShownVersion]

    display_id: UUID
    must_acknowledge: bool
    unacknowledged: Sequence[UUID]
    displayed_at: Instant
    content_hash: str


class UnreadInstruction(Wire):
    """A version in force that this agent has not yet said that she read."""

    instruction_id: UUID
    version_id: UUID
    client_id: UUID
    scope: Scope
    scope_id: UUID
    motive: str | None
    number: int
    text: str | None
    allowed: Sequence[str]
    forbidden: Sequence[str]
    published_at: Instant
    valid_to: Instant | None


class UnreadInstructions(Wire):
    """All that is new to an agent, the one published last first."""

    items: Sequence[UnreadInstruction]


class InstructionProof(InstructionText):
    """What was shown then. `intact`: the words made again from the versions have the hash that was kept."""

    display_id: UUID
    call_id: UUID
    agent_id: UUID
    site_id: UUID | None
    practitioner_id: UUID | None
    motive: str | None
    displayed_at: Instant
    acknowledged_at: Instant | None
    content_hash: str
    intact: bool


class LineDifference(Wire):
    """One line of a text."""

    sign: Sign
    line: str


class Differences(Wire):
    """Two versions side by side: the fields that differ, and the text line by line."""

    before: VersionOut
    after: VersionOut
    fields: Sequence[str]
    text: Sequence[LineDifference]


class Reading(Wire):
    """An agent assigned to the client, and when she acknowledged. `label` where the caller may know it."""

    agent_id: UUID
    label: str | None
    acknowledged_at: Instant | None


class Readings(Wire):
    """Who has acknowledged a version, who has not: those first."""

    items: Sequence[Reading]
