"""Use cases of staffing: what a load needs, what a day will bring, what a plan gives."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from maillage.database import Tx
from telesecretariat.lines.service import Line, line
from telesecretariat.reports.domain import midnight
from telesecretariat.staffing import forecast as days
from telesecretariat.staffing import queries
from telesecretariat.staffing.domain import Load, Unstable, Waiting, agents_needed, erlang_a, erlang_c
from telesecretariat.staffing.errors import DayClosed, HistoryMissing, IntervalsDiffer, TooFewAgents
from telesecretariat.staffing.running import Simulated
from telesecretariat.staffing.schemas import (
    ForecastOut,
    ForecastRow,
    LoadIn,
    PatienceOut,
    RequiredIn,
    RequiredOut,
    RequiredRow,
    SimulatedRow,
    StaffingSimulationIn,
    StaffingSimulationOut,
)
from telesecretariat.staffing.simulation import Day, Interval

FEWEST_CALLS: Final = 0.001
"""Less than that in an interval is nothing, and nobody is needed."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Calls of each interval, and when it begins if it is one of a real day."""

    interval_s: int
    calls: list[float]
    begins: list[datetime | None]


async def forecast(tx: Tx, line_id: UUID, day: date, factor: float | None) -> ForecastOut:
    """What a local date brings to a line. Refused: `NOT_FOUND`, `HISTORY_MISSING`."""
    found = await _forecast(tx, await line(tx, line_id), day, factor)
    rows = [
        ForecastRow(
            begins=each.slot.begins, ends=each.slot.ends, calls=each.calls, p10=each.p10, p90=each.p90,
            actual=each.actual,
        )
        for each in found.slots
    ]  # fmt: skip
    return ForecastOut(
        line_id=line_id,
        date=day,
        days=found.days,
        factor=found.factor,
        level=found.level,
        calls=sum(each.calls for each in rows),
        rows=rows,
    )


async def _forecast(tx: Tx, of: Line, day: date, factor: float | None) -> days.Forecast:
    calendar, now = of.calendar, tx.now
    today = now.astimezone(of.zone).date()
    wanted = [*days.candidates(calendar, day, today), day]
    borders = [[midnight(each + timedelta(days=n), of.zone) for each in wanted] for n in (0, 1)]
    history: dict[date, dict[int, int]] = defaultdict(dict)
    for row in await tx.fetch(queries.HISTORY, of.id, of.zone.key, *borders, wanted):
        history[row["day"]][row["place"]] = row["calls"]
    so_far = history.pop(day, {})
    kind = days.factor(calendar, day) if factor is None else factor
    found = days.forecast(days.slots(calendar, day), history, so_far, now, kind)
    if found is None:
        raise HistoryMissing
    return found


async def expected(tx: Tx, body: LoadIn) -> Expected:
    """The load that is meant, as given or as forecast. Refused: `NOT_FOUND`, `HISTORY_MISSING`, `DAY_CLOSED`."""
    if body.calls is not None:
        return Expected(body.interval_s, list(body.calls), [None] * len(body.calls))
    assert body.line_id is not None
    assert body.date is not None
    found = await _forecast(tx, await line(tx, body.line_id), body.date, None)
    if not found.slots:
        raise DayClosed(pointer="/date")
    return Expected(days.SLOT_S, [each.calls for each in found.slots], [each.slot.begins for each in found.slots])


def required(load: Expected, body: RequiredIn) -> RequiredOut:
    """Agents of each interval and what they give. Refused: `UNSTABLE`, `INTERVALS_DIFFER` 422."""
    given = _planned(load, body.agents)
    rows = [
        _required_row(body, load, place, None if given is None else given[place]) for place in range(len(load.calls))
    ]
    return RequiredOut(interval_s=load.interval_s, rows=rows)


def _planned(load: Expected, agents: Sequence[int] | None) -> Sequence[int] | None:
    if agents is not None and len(agents) != len(load.calls):
        raise IntervalsDiffer(pointer="/agents", intervals=len(load.calls))
    return agents


def _required_row(body: RequiredIn, load: Expected, place: int, agents: int | None) -> RequiredRow:
    begins, calls = load.begins[place], load.calls[place]
    if calls < FEWEST_CALLS:
        return RequiredRow(
            begins=begins, calls=calls, needed=0, agents=agents or 0, wait_probability=None, service_level=None,
            average_wait_s=None, occupancy=None, with_patience=None,
        )  # fmt: skip
    offered = Load(calls * 3600 / load.interval_s, body.handling_s)
    fewest = _needed(offered, body, place)
    found = fewest
    if agents is not None:
        try:
            found = erlang_c(offered, agents)
        except Unstable:
            raise TooFewAgents(pointer=f"/agents/{place}") from None
    return RequiredRow(
        begins=begins,
        calls=calls,
        needed=fewest.agents,
        agents=found.agents,
        wait_probability=found.wait_probability,
        service_level=found.service_level(body.threshold_s),
        average_wait_s=found.mean_wait_s,
        occupancy=found.occupancy,
        with_patience=_with_patience(offered, found.agents, body.patience_s),
    )


def _needed(offered: Load, body: LoadIn, place: int) -> Waiting:
    try:
        return agents_needed(offered, threshold_s=body.threshold_s, goal=body.goal, most_busy=body.occupancy)
    except Unstable:
        raise TooFewAgents(pointer="/date" if body.calls is None else f"/calls/{place}") from None


def _with_patience(offered: Load, agents: int, patience_s: float | None) -> PatienceOut | None:
    if patience_s is None:
        return None
    found = erlang_a(offered, agents, patience_s)
    return PatienceOut(
        wait_probability=found.wait_probability,
        abandon_probability=found.abandon_probability,
        average_wait_s=found.mean_wait_s,
        occupancy=found.occupancy,
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated, and the agents that Erlang C would want in each interval."""

    load: Expected
    day: Day
    needed: list[int]


def planned(load: Expected, body: StaffingSimulationIn) -> Plan:
    """The day to simulate. Refused: `INTERVALS_DIFFER`, `UNSTABLE` 422."""
    _planned(load, body.agents)
    needed = []
    for place, calls in enumerate(load.calls):
        if calls < FEWEST_CALLS:
            needed.append(0)
            continue
        offered = Load(calls * 3600 / load.interval_s, body.talk_s + body.wrap_s)
        needed.append(_needed(offered, body, place).agents)
    day = Day(
        intervals=tuple(Interval(calls, agents) for calls, agents in zip(load.calls, body.agents, strict=True)),
        interval_s=load.interval_s,
        talk_s=body.talk_s,
        wrap_s=body.wrap_s,
        patience_s=body.patience_s,
        threshold_s=body.threshold_s,
        talk=body.talk,
        sigma=body.sigma,
    )
    return Plan(load, day, needed)


def simulated(plan: Plan, body: StaffingSimulationIn, found: Simulated) -> StaffingSimulationOut:
    """The answer."""
    rows = [
        SimulatedRow(
            begins=plan.load.begins[place],
            calls=interval.calls,
            agents=interval.agents,
            needed=plan.needed[place],
            simulated=found.intervals[place],
        )
        for place, interval in enumerate(plan.day.intervals)
    ]
    return StaffingSimulationOut(
        interval_s=plan.load.interval_s, seed=body.seed, replications=body.replications, rows=rows, day=found.day
    )
