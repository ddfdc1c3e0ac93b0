"""An agent as the base holds one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import asyncpg

Presence = Literal["online", "stale", "offline"]
WorkState = Literal["not_ready", "ready", "offered", "on_call", "wrap_up"]


@dataclass(frozen=True, slots=True)
class Agent:
    """One row of `agent`; its id is the person's. `ring_sealed`: the arguments of the command that rings her device,
    made when she gives it, so that a claim writes the command without another round trip."""

    id: UUID
    organisation_id: UUID
    label: str
    skills: list[str]
    device_kind: Literal["phone", "browser"] | None
    device_address: str | None
    device_ready: bool
    ring_sealed: bytes | None
    presence: Presence
    work_state: WorkState
    reason: str | None
    pending_state: str | None
    pending_reason: str | None
    restore_state: str | None
    idle_since: datetime | None
    state_since: datetime
    wrap_up_until: datetime | None
    wrap_up_extensions: int
    desk_id: UUID | None
    desk_sid: str | None
    seen_at: datetime | None
    calls_today: int
    counted_on: date | None
    active: bool
    forced_until: datetime | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Agent":
        """From `SELECT *`."""
        return cls(**row)
