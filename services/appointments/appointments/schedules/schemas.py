"""Wire types of schedules, absences and closures. Hours are local (`HH:MM`) in the zone of the site, days are local
days.
"""

import datetime
import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from appointments.schedules.domain import Change, Kind
from appointments.worktime.domain import Rule as WorkingTimeRule
from maillage.wire import Instant, Line, Wire

Mode = Literal["on_site", "teleconsultation", "home", "care_home"]
Audience = Literal["public", "secretariat", "partner", "regulator", "cpts"]
AbsenceKind = Literal["leave", "sick", "training", "rest", "other"]
DeclaredKind = Literal["leave", "sick", "training", "other"]
"""What people declare; a `rest` comes from a duty, by its event only."""
MOST_BREACHES = 50

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def _hour(value: object) -> datetime.time:
    if isinstance(value, datetime.time):
        return value
    if isinstance(value, str) and _HOUR.fullmatch(value):
        return datetime.time.fromisoformat(value)
    raise PydanticCustomError("TIME_INVALID", "not a local hour HH:MM")


def _day(value: object) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("TIME_INVALID", "not a day YYYY-MM-DD of this century")


def _shown(value: datetime.time) -> str:
    return value.strftime("%H:%M")


LocalTime = Annotated[datetime.time, BeforeValidator(_hour), PlainSerializer(_shown, when_used="json")]
LocalDate = Annotated[datetime.date, BeforeValidator(_day)]


class Release(Wire):
    """`audience` may book from `local_time`, `days_before` days before."""

    audience: Audience
    days_before: int = Field(ge=0, le=180)
    local_time: LocalTime


class Opening(Wire):
    """A window. `local_end` not after `local_start`: on the next day. `reason_ids` empty: every reason of the
    profession.
    """

    kind: Kind = "clinic"
    local_start: LocalTime
    local_end: LocalTime
    reason_ids: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
    modes: Annotated[tuple[Mode, ...], Field(min_length=1, max_length=4)] = ("on_site",)
    room_id: UUID | None = None
    step_minutes: Annotated[int, Field(ge=5, le=240, multiple_of=5)] | None = None
    audiences: Annotated[tuple[Audience, ...], Field(max_length=5)] = ("public", "secretariat", "partner", "regulator")
    releases: Annotated[tuple[Release, ...], Field(max_length=10)] = ()


class Rule(Opening):
    """A window that recurs. `id`: keep it to change a rule; without it, an equal rule keeps its own."""

    id: UUID | None = None
    first_date: LocalDate
    rrule: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    on_holidays: bool = False


class RulesIn(Wire):
    """The whole set of rules of a schedule. `override_reason`: why a manager allows hours that break a rule of working
    time; kept with them, and shown in the report as long as they stand.
    """

    rules: Annotated[tuple[Rule, ...], Field(max_length=100)]
    override_reason: Line | None = None


class ExceptionFields(Wire):
    """One local day that differs. `add` and `change` carry the opening, `change` its rule; `remove` without rule: all
    of the day.
    """

    local_date: LocalDate
    action: Change
    rule_id: UUID | None = None
    opening: Opening | None = None


class ExceptionIn(ExceptionFields):
    """A day to change; `override_reason` as for a set of rules."""

    override_reason: Line | None = None


class ExceptionOut(ExceptionFields):
    """An exception as stored."""

    id: UUID
    source: Literal["manual", "import"]


class ScheduleIn(Wire):
    """A new agenda: one practitioner at one site."""

    practitioner_id: UUID
    site_id: UUID


class ScheduleItem(Wire):
    """An agenda in a list."""

    id: UUID
    practitioner_id: UUID
    site_id: UUID
    timezone: str
    active: bool
    expanded_to: datetime.date | None
    version: int


class ScheduleOut(ScheduleItem):
    """An agenda with its rules, and its exceptions from yesterday on."""

    rules: list[Rule]
    exceptions: list[ExceptionOut]


class WeekMinutes(Wire):
    """Minutes of work of the week that begins on Monday `week`."""

    week: datetime.date
    minutes: int


class Outside(Wire):
    """A live visit that would lie, or now lies, in no window. It is flagged, never deleted."""

    appointment_id: UUID
    start: Instant
    end: Instant


class Notice(Wire):
    """Something to look at, no refusal: `RULE_NEVER_OPENS`, `OVER_CONTRACT`, `WORKING_TIME_RULE` (a dry run shows what
    would refuse; else it was allowed: see `breaches`). `pointer`: into the body sent.
    """

    code: Literal["RULE_NEVER_OPENS", "OVER_CONTRACT", "WORKING_TIME_RULE"]
    pointer: str | None = None


class BrokenRule(Wire):
    """A rule of working time that the hours break anew or worse on a local day (of a week: its Monday). Minutes."""

    rule: WorkingTimeRule
    local_date: datetime.date
    value: int
    limit: int


class RulesOut(Wire):
    """What a set of rules gives: minutes of the next 8 weeks over all sites of the practitioner, visits left outside,
    warnings, the first 50 breaches of working time.
    """

    id: UUID
    version: int
    dry_run: bool
    minutes: list[WeekMinutes]
    outside: list[Outside]
    warnings: list[Notice]
    breaches: list[BrokenRule]


class ExceptionAdded(Wire):
    """The exception, the version of its schedule, and how many live visits are flagged on that day. A dry run stores
    nothing: no `id`, the visits that would lie outside (all of that day, flagged already or not), broken rules.
    """

    id: UUID | None
    version: int
    conflicts: int
    dry_run: bool = False
    outside: list[Outside] = Field(default_factory=list)
    breaches: list[BrokenRule] = Field(default_factory=list)


class AbsenceIn(Wire):
    """A practitioner is away from `start` to `end`. Nobody declares a `rest`: a duty brings it."""

    practitioner_id: UUID
    start: Instant
    end: Instant
    kind: DeclaredKind = "leave"


class AbsenceOut(Wire):
    """An absence; `conflicts`: live visits flagged by it, when it has just been declared."""

    id: UUID
    practitioner_id: UUID
    start: Instant
    end: Instant
    kind: AbsenceKind
    source: Literal["manual", "import", "permanence"]
    version: int
    conflicts: int | None = None


class ClosureIn(Wire):
    """A site is closed from `start` to `end`."""

    site_id: UUID
    start: Instant
    end: Instant


class ClosureOut(ClosureIn):
    """A closure; `conflicts` as for absences."""

    id: UUID
    version: int
    conflicts: int | None = None
