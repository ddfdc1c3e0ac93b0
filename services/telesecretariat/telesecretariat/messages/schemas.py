"""Wire types of messages and of the ways to reach who must read them."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.telesecretariat import MessageState
from maillage.wire import Instant, Wire, clean_text, normalise_phone
from telesecretariat.messages.domain import Urgency

_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,24}")
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"


def _text(value: str) -> str:
    text = clean_text(value, newlines=True)
    if not text:
        raise PydanticCustomError("TEXT_INVALID", "empty")
    return text


Text = Annotated[str, Field(max_length=2000), AfterValidator(_text)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
Action = Literal[
    "call_patient", "will_call_back", "give_advice", "prescription_ready", "appointment", "refer_15", "no_action"
]


class MessageIn(Wire):
    """What a practitioner must know. `urgent` is acknowledged within minutes, `same_day` before the line closes,
    `routine` by noon of the next opening day; `vital` is refused: that is a red flag. `send`: at once."""

    practitioner_id: UUID
    urgency: Literal["urgent", "same_day", "routine", "vital"]
    body: Text
    motive: Code | None = None
    patient_id: UUID | None = None
    call_id: UUID | None = None
    wants_callback: bool = False
    send: bool = False


class Acknowledgement(Wire):
    """What is done about it. `will_call_back`: the practitioner calls; most others are told to the patient by the desk,
    which gets a task. `answer`: his words for the desk."""

    action: Action
    answer: Text | None = None


class Closing(Wire):
    """`callback_done`: the patient who was promised a call has been called."""

    callback_done: bool = False


class MessageItem(Wire):
    """A message in a list: no text. `level`: how far it has been escalated; `due_at`: when it goes further, null
    before it is sent."""

    id: UUID
    client_id: UUID
    practitioner_id: UUID
    backup_id: UUID | None
    patient_id: UUID | None
    call_id: UUID | None
    urgency: Urgency
    motive: str | None
    state: MessageState
    level: int
    due_at: Instant | None
    overdue: bool
    wants_callback: bool
    callback_done: bool
    action: Action | None
    sent_at: Instant | None
    version: int


class Step(Wire):
    """Something that happened to a message: when, by whom (null: the service)."""

    at: Instant
    kind: str
    level: int
    by_id: UUID | None


class MessageOut(MessageItem):
    """A message with its text, its answer and its history; reading it is written down."""

    body: str
    answer: str | None
    author_id: UUID
    delivered_at: Instant | None
    read_at: Instant | None
    acknowledged_at: Instant | None
    acknowledged_by: UUID | None
    closed_at: Instant | None
    steps: Sequence[Step]


class Hours(Wire):
    """Local hours of a weekday (0 Monday) in which somebody may be written to; `closes` not included."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    opens: Annotated[str, Field(pattern=f"^{_TIME}$")]
    closes: Annotated[str, Field(pattern=f"^(?:{_TIME}|24:00)$")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise PydanticCustomError("TIME_INVALID", "opens before it closes")
        return self


class _Reached(Wire):
    channel: Literal["sms", "voice", "email"]
    address: Annotated[str, Field(max_length=254)]
    hours: Annotated[list[Hours], Field(max_length=21)] = []
    place: Annotated[int, Field(ge=1, le=9)] = 1
    language: Literal["fr", "en"] = "fr"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.channel == "email" and not _MAIL.fullmatch(self.address):
            raise PydanticCustomError("ADDRESS_INVALID", "not an e-mail address")
        if self.channel != "email":
            normalise_phone(self.address)
        return self

    @property
    def normalised(self) -> str:
        """The address as it is written to."""
        return self.address if self.channel == "email" else normalise_phone(self.address)


class ContactPoint(_Reached):
    """How a practitioner is told that something waits, or who is told in his place. Those of the lowest `place` within
    their hours are told first, the others when that fails. `backup_practitioner_id`: whose inbox the backup's is."""

    role: Literal["self", "backup"]
    backup_practitioner_id: UUID | None = None


class SupervisorPoint(_Reached):
    """How the supervisors of a centre are told."""


class ContactPoints(Wire):
    """All contact points of a practitioner."""

    items: Annotated[list[ContactPoint], Field(max_length=12)]


class SupervisorPoints(Wire):
    """All contact points of the supervisors of a centre."""

    items: Annotated[list[SupervisorPoint], Field(max_length=12)]
