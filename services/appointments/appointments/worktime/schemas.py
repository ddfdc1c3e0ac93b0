"""Wire types of working time. Minutes; days are local days, both ends included."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from appointments.worktime.domain import Rule
from maillage.wire import Wire


class BreachOut(Wire):
    """A rule that the hours break. `local_date`: the day, of a week its Monday; `value`: what was found, of
    `NOON_RESTART` the minute of the day. `overridden`: a manager allowed it; `reason`: why, null for others.
    """

    rule: Rule
    local_date: date
    value: int
    limit: int
    overridden: bool
    reason: str | None


class HoursRow(Wire):
    """One practitioner in one period. `difference_minutes`: planned hours, less those that a duty's rest closes, less
    the contract; absences and closures count as worked. `duty_minutes`: null until the permanence service tells them.
    """

    practitioner_id: UUID
    practitioner: str
    first_day: date
    last_day: date
    contract_minutes: int | None
    clinic_minutes: int
    unscheduled_minutes: int
    home_round_minutes: int
    walk_in_minutes: int
    admin_minutes: int
    planned_minutes: int
    absent_minutes: int
    closed_minutes: int
    rest_minutes: int
    worked_minutes: int
    difference_minutes: int | None
    duty_minutes: int | None
    breaches: Sequence[BreachOut]


class HoursReport(Wire):
    """By name, then in order of time."""

    rows: Sequence[HoursRow]
