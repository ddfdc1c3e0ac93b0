"""Wire types of staffing. Lengths are seconds, shares between 0 and 1, null where a figure has no value."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Instant, Wire
from telesecretariat.staffing.simulation import MOST_INTERVALS, Summary

Calls = Annotated[float, Field(ge=0, le=5_000, allow_inf_nan=False)]
Agents = Annotated[int, Field(ge=0, le=1_000)]
Seconds = Annotated[float, Field(gt=0, le=7_200, allow_inf_nan=False)]
Threshold = Annotated[float, Field(ge=0, le=3_600, allow_inf_nan=False)]
Goal = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Occupancy = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
PlannedDay = Annotated[dt.date, Field(ge=dt.date(2021, 1, 1), le=dt.date(2049, 12, 31))]
"""Years of which the public holidays are known, with room for the history before."""


class LoadIn(Wire):
    """What comes in: calls of each interval (seconds), or the forecast of a line's local date in half hours."""

    calls: Annotated[Sequence[Calls], Field(min_length=1, max_length=MOST_INTERVALS)] | None = None
    interval_s: Annotated[int, Field(ge=300, le=86_400)] = 1_800
    line_id: UUID | None = None
    date: PlannedDay | None = None
    threshold_s: Threshold = 20
    goal: Goal = 0.8
    occupancy: Occupancy = 0.85

    @model_validator(mode="after")
    def _one_load(self) -> Self:
        of_a_line = (self.line_id is not None, self.date is not None)
        if of_a_line not in ((True, True), (False, False)) or of_a_line[0] == (self.calls is not None):
            raise PydanticCustomError("LOAD_AMBIGUOUS", "either calls, or a line and a date")
        return self


class RequiredIn(LoadIn):
    """With `agents`, one number per interval, the figures are those of these agents; without, of the fewest that reach
    goal and occupancy. `patience_s`: how long callers wait on average before they hang up."""

    handling_s: Seconds = 165
    patience_s: Seconds | None = None
    agents: Annotated[Sequence[Agents], Field(max_length=MOST_INTERVALS)] | None = None


class PatienceOut(Wire):
    """Erlang A: callers hang up."""

    wait_probability: float
    abandon_probability: float
    average_wait_s: float
    occupancy: float


class RequiredRow(Wire):
    """One interval, by Erlang C. `needed`: the fewest agents that reach goal and occupancy; the figures are those of
    `agents`."""

    begins: Instant | None
    calls: float
    needed: int
    agents: int
    wait_probability: float | None
    service_level: float | None
    average_wait_s: float | None
    occupancy: float | None
    with_patience: PatienceOut | None


class RequiredOut(Wire):
    """One row per interval."""

    interval_s: int
    rows: Sequence[RequiredRow]


class ForecastRow(Wire):
    """Calls expected in one half hour; `actual` once it is over."""

    begins: Instant
    ends: Instant
    calls: float
    p10: float
    p90: float
    actual: int | None


class ForecastOut(Wire):
    """A day of a line. `days`: the past days it is reckoned from; `level`: the calls that came so far over those
    expected so far, by which the rest of the day is multiplied; 1 before ten are expected."""

    line_id: UUID
    date: dt.date
    days: Sequence[dt.date]
    factor: float
    level: float
    calls: float
    rows: Sequence[ForecastRow]


class StaffingSimulationIn(LoadIn):
    """A planned day: agents of each interval, and what calls are like. Talk is lognormal (`sigma`) as telephones show,
    or exponential as Erlang assumes; `patience_s` null: callers wait for ever."""

    agents: Annotated[Sequence[Agents], Field(min_length=1, max_length=MOST_INTERVALS)]
    talk_s: Seconds = 130
    wrap_s: Annotated[float, Field(ge=0, le=3_600, allow_inf_nan=False)] = 35
    patience_s: Seconds | None = 165
    talk: Literal["exponential", "lognormal"] = "lognormal"
    sigma: Annotated[float, Field(ge=0, le=3, allow_inf_nan=False)] = 0.8
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 1
    replications: Annotated[int, Field(ge=1, le=200)] = 100


class SimulatedRow(Wire):
    """One interval over all replications. `calls` are those expected; `needed`: the fewest agents by Erlang C."""

    begins: Instant | None
    calls: float
    agents: int
    needed: int
    simulated: Summary


class StaffingSimulationOut(Wire):
    """One row per interval, and the whole day. The same question with the same seed has the same answer."""

    interval_s: int
    seed: int
    replications: int
    rows: Sequence[SimulatedRow]
    day: Summary
