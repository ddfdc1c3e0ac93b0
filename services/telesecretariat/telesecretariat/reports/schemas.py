"""Wire types of reports. Lengths are seconds, shares between 0 and 1, null where nothing was counted."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from maillage.wire import Instant, Wire
from telesecretariat.reports.domain import Step


def _local(value: time) -> time:
    if value.tzinfo is not None:
        raise PydanticCustomError("TIME_INVALID", "a local time has no offset")
    return value


LocalTime = Annotated[time, AfterValidator(_local)]
Moment = Annotated[Instant | date, Field(union_mode="left_to_right")]


class Asked(Wire):
    """What a report is about. `from`, `until`: an instant, or a local date (its first moment)."""

    OF_TEXT = True

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)

    from_: Moment = Field(alias="from")
    until: Moment
    interval: Step = "day"
    day_start_time: LocalTime = time(0)
    day_end_time: LocalTime | None = None
    week_days: Sequence[Annotated[int, Field(ge=1, le=7)]] = Field(default=(1, 2, 3, 4, 5, 6, 7), max_length=7)
    timezone: str = Field("Europe/Paris", max_length=60)
    sl_threshold_s: int | None = Field(None, ge=1, le=600)
    line_id: UUID | None = None


class CallsRow(Wire):
    """Calls that arrived in one bucket. `received` is the sum over all their states."""

    begins: datetime
    ends: datetime
    received: int
    answered: int
    abandoned: int
    short_abandoned: int
    overflowed: int
    callback_requested: int
    closed: int
    refused: int
    failed: int
    left_before_queue: int
    in_progress: int
    offered: int
    average_wait_s: float | None
    answered_rate: float | None
    sl_answered: float | None
    sl_with_abandons: float | None
    sl_offered: float | None


class CallsReport(Wire):
    """One row per bucket, and all together."""

    sl_threshold_s: int
    rows: Sequence[CallsRow]
    total: CallsRow


class WaitsRow(Wire):
    """Calls that waited from `from_s` to `to_s` (null: longer) before they were answered or left."""

    begins: datetime
    ends: datetime
    from_s: int
    to_s: int | None
    answered: int
    abandoned: int


class WaitsReport(Wire):
    """One row per bucket and band of waiting in which something was counted."""

    rows: Sequence[WaitsRow]


class AgentRow(Wire):
    """One agent in one bucket. `not_ready_s` by reason; `occupancy`: talk, hold, wrap of the time not `not_ready`."""

    begins: datetime
    ends: datetime
    agent_id: UUID
    label: str
    signed_in_s: float
    ready_s: float
    offered_s: float
    on_call_s: float
    wrap_up_s: float
    not_ready_s: dict[str, float]
    talk_s: float
    hold_s: float
    wrap_s: float
    answered: int
    missed_offers: int
    occupancy: float | None


class AgentsReport(Wire):
    """One row per bucket and agent who was there."""

    rows: Sequence[AgentRow]


class AccessRow(Wire):
    """The nine measures of one weekday (1 Monday) and local hour, over the period; null where fewer than five calls
    would tell of single persons."""

    week_day: int
    hour: int
    volume: int | None
    answered: int | None
    missed: int | None
    abandoned: int | None
    average_time_to_answer_s: float | None
    average_time_before_abandon_s: float | None
    average_call_length_s: float | None
    callbacks_requested: int | None
    callbacks_made: int | None


class AccessReport(Wire):
    """NHS England's mandatory metrics of general practice telephony, by weekday and hour."""

    rows: Sequence[AccessRow]


Report = Literal["calls", "waits", "agents", "access"]
