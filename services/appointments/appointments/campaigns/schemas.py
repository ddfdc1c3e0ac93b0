"""Wire types of campaigns."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appointments.appointments.schemas import MoveIn
from maillage.wire import Instant, Note, Wire

CampaignState = Literal["draft", "sent", "closed"]
ItemState = Literal["todo", "proposed", "to_call", "moved", "cancelled", "kept"]
CampaignCause = Literal["absence", "closure", "rest", "schedule", "protocol", "other"]


class CampaignIn(Wire):
    """Whose visits have to go elsewhere: those that an absence, a closure or a schedule (`cause_id`) has put in
    conflict, or the appointments named.

    `deadline`: until when patients answer; left out, half of the time until the first visit that is told by message, a
    day at most. `send`: at once; else it is a draft whose proposed times are kept for two hours.
    """

    cause: Literal["absence", "closure", "schedule", "other"]
    cause_id: UUID | None = None
    appointment_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = None
    deadline: Instant | None = None
    send: bool = False

    @model_validator(mode="after")
    def _of_one_cause(self) -> "CampaignIn":
        if (self.cause_id is None) == (self.appointment_ids is None) or (self.cause == "other" and self.cause_id):
            raise PydanticCustomError("INVALID", "either the cause_id of its cause, or appointment_ids")
        return self


class SendIn(Wire):
    """`deadline` as in the draft, unless given anew."""

    deadline: Instant | None = None


class ProposalOut(Wire):
    """Another time for the same visit, that nobody else can have until `until`."""

    start: Instant
    end: Instant
    practitioner_id: UUID
    site_id: UUID
    until: Instant


class ItemOut(Wire):
    """One appointment of a campaign, as it is now. `proposal`: as long as its time is kept.

    `call_need_id`: the task of the telesecretaries. `settled_by`: who moved, cancelled or kept it.
    """

    id: UUID
    campaign_id: UUID
    appointment_id: UUID
    appointment_version: int
    patient_id: UUID
    state: ItemState
    start: Instant
    end: Instant
    practitioner_id: UUID
    site_id: UUID
    proposal: ProposalOut | None
    round: int
    call_need_id: UUID | None
    settled_by: str | None
    settled_at: Instant | None
    version: int


class Counts(Wire):
    """Items by state; together they are always all items of the campaign."""

    todo: int
    proposed: int
    to_call: int
    moved: int
    cancelled: int
    kept: int


class CampaignItem(Wire):
    """A campaign in a list: its cause, state, and how far it is."""

    id: UUID
    cause: CampaignCause
    cause_id: UUID | None
    state: CampaignState
    deadline: Instant | None
    size: int
    counts: Counts
    created_by: str
    created_at: Instant
    sent_at: Instant | None
    closed_at: Instant | None
    version: int


class CampaignOut(CampaignItem):
    """A campaign with a page of its items, in order of their visits when it was made."""

    items: Sequence[ItemOut]
    next_cursor: str | None = None


class ProposedOut(Wire):
    """What the patient is proposed instead of a visit that cannot take place as planned. `live`: it can still be
    accepted, until `deadline`; `accepted`: it has been; `called`: somebody will call. The time is null when none was
    found.
    """

    live: bool
    accepted: bool
    called: bool
    deadline: Instant | None
    start: Instant | None
    site: str | None
    address: str | None
    access: str | None
    practitioner: str | None


class ResolveIn(Wire):
    """What became of it: `moved` to the proposed time, or elsewhere with `to`; `cancelled`; `kept` as it is.

    `to` as in a move of the appointment.
    """

    outcome: Literal["moved", "cancelled", "kept"]
    to: MoveIn | None = None
    reason: Note | None = None

    @model_validator(mode="after")
    def _elsewhere_is_moved(self) -> "ResolveIn":
        if self.to is not None and self.outcome != "moved":
            raise PydanticCustomError("INVALID", "`to` goes with `moved`")
        return self
