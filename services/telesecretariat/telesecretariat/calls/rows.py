"""A call as the base holds it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from contracts.telesecretariat import CallState

LIVE: Final = frozenset({"arrived", "waiting", "offered", "connecting", "talking", "held", "transferring", "wrapping"})
WITH_AGENT: Final = frozenset({"connecting", "talking", "held", "transferring", "wrapping"})
TERMINAL: Final = frozenset(
    {"completed", "abandoned", "overflowed", "callback_requested", "closed", "refused", "failed"}
)


@dataclass(frozen=True, slots=True)
class Call:
    """One row of `call`. Lengths are seconds; what is sealed is opened by `vault` only where somebody may read it."""

    id: UUID
    organisation_id: UUID
    client_id: UUID
    line_id: UUID
    adapter_id: str
    direction: str
    handled_by: str
    observed: bool
    state: CallState
    provider_call_id: str | None
    number_sealed: bytes | None
    number_hash: bytes | None
    arrived_at: datetime
    queued_at: datetime | None
    priority_at: datetime | None
    head_start: list[dict[str, object]]
    required_skills: list[str]
    preferred_skills: list[str]
    relax_at: datetime | None
    not_before: datetime | None
    pick: bool
    agent_id: UUID | None
    desk_id: UUID | None
    connect_deadline: datetime | None
    wrap_up_until: datetime | None
    state_since: datetime
    answered_at: datetime | None
    left_queue_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    short: bool
    returned: int
    wait_s: float | None
    talk_s: float
    hold_s: float
    wrap_s: float
    estimate_s: int | None
    callback_offered: bool
    overflow_step: int
    repeat_caller: int
    caller_kind: str | None
    patient_id: UUID | None
    site_id: UUID | None
    practitioner_id: UUID | None
    motive: str | None
    note_sealed: bytes | None
    outcome: str | None
    outcome_by: str | None
    supervisor_told: bool
    transferred_to: str | None
    callback_id: UUID | None
    about_call_id: UUID | None
    missing_since: datetime | None
    consulted_id: UUID | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Call":
        """From `SELECT *`."""
        return cls(**row)

    @property
    def live(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state in LIVE
