"""Wire types of what is read and noted of a call. Lengths are seconds."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, JsonValue

from contracts.telesecretariat import CallState
from maillage.wire import Instant, Patch, Phone, Wire, clean_text

CallerKind = Literal["patient", "relative", "professional", "other"]
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
LongNote = Annotated[str, AfterValidator(lambda value: clean_text(value, newlines=True))]


class CallsWish(Wire):
    """Which calls are wanted. `since` is included (31 days before `until` by default), `until` is not (now by default).
    `unclassified`: only those that ended without an outcome.
    """

    OF_TEXT = True

    client_id: UUID | None = None
    line_id: UUID | None = None
    agent_id: UUID | None = None
    state: CallState | None = None
    since: Instant | None = None
    until: Instant | None = None
    unclassified: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=200)] = None


class CallItem(Wire):
    """A call in a list: no number, no note, no patient."""

    id: UUID
    client_id: UUID
    line_id: UUID
    direction: Literal["inbound", "outbound", "callback"]
    state: CallState
    agent_id: UUID | None
    arrived_at: Instant
    answered_at: Instant | None
    ended_at: Instant | None
    wait_s: float | None
    talk_s: float
    caller_kind: CallerKind | None
    practitioner_id: UUID | None
    motive: str | None
    outcome: str | None
    has_note: bool
    version: int


class HeadStartOut(Wire):
    """Why the caller is served as if he had called earlier."""

    reason: str
    seconds: int


class CallFile(Wire):
    """All that is known of a call. `red_flag_id`: the one that is open. `repeat_caller`: earlier calls that nothing
    came of; from 3 on the call ends only with an answer.
    """

    id: UUID
    client_id: UUID
    line_id: UUID
    direction: Literal["inbound", "outbound", "callback"]
    handled_by: Literal["human", "bot", "ivr"]
    state: CallState
    number: str | None
    arrived_at: Instant
    queued_at: Instant | None
    answered_at: Instant | None
    ended_at: Instant | None
    ended_by: str | None
    state_since: Instant
    connect_deadline: Instant | None
    wrap_up_until: Instant | None
    agent_id: UUID | None
    head_start: Sequence[HeadStartOut]
    returned: int
    repeat_caller: int
    wait_s: float | None
    talk_s: float
    hold_s: float
    wrap_s: float
    caller_kind: CallerKind | None
    patient_id: UUID | None
    site_id: UUID | None
    practitioner_id: UUID | None
    motive: str | None
    note: str | None
    outcome: str | None
    outcome_by: str | None
    supervisor_told: bool
    transferred_to: str | None
    callback_id: UUID | None
    about_call_id: UUID | None
    red_flag_id: UUID | None
    version: int


class TimelineItem(Wire):
    """Something that happened to a call; `facts` are codes and ids."""

    seq: int
    at: Instant
    kind: str
    state: CallState
    agent_id: UUID | None
    facts: Mapping[str, JsonValue]


class Timeline(Wire):
    """All of it, first to last."""

    items: Sequence[TimelineItem]


class OpenMessage(Wire):
    """A message about this caller that is not closed; its words are read with the message."""

    id: UUID
    practitioner_id: UUID
    urgency: Literal["urgent", "same_day", "routine"]
    state: str
    level: int
    due_at: Instant | None
    wants_callback: bool


class OpenCallback(Wire):
    """A callback that this number still waits for."""

    id: UUID
    line_id: UUID
    state: str
    attempts: int
    not_before: Instant


class LedTo(Wire):
    """An appointment that was made, moved or cancelled during the call."""

    appointment_id: UUID
    patient_id: UUID
    status: str
    starts_at: Instant


class CallContext(Wire):
    """What an agent should know before she speaks: of the number, and of the patient once linked."""

    call_id: UUID
    previous: Sequence[CallItem]
    messages: Sequence[OpenMessage]
    callbacks: Sequence[OpenCallback]
    appointments: Sequence[LedTo]
    repeat: bool
    repeat_count: int
    red_flag_recent: bool
    red_flag_id: UUID | None


class CallPatch(Patch):
    """What is noted; only the fields sent change, null forgets. `note`: 64 KiB at most. `number` only where it was
    withheld. `supervisor_told`: the supervisor knows of this repeat caller.
    """

    EMPTIABLE = frozenset({"caller_kind", "patient_id", "site_id", "practitioner_id", "motive", "note", "outcome"})

    caller_kind: CallerKind | None = None
    patient_id: UUID | None = None
    site_id: UUID | None = None
    practitioner_id: UUID | None = None
    motive: Code | None = None
    note: LongNote | None = None
    outcome: Code | None = None
    number: Phone | None = None
    supervisor_told: bool = False
