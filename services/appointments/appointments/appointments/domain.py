"""The life of an appointment and the rules of a booking: pure, standard library only (design: appointments 3.3 and 7).

States are FHIR codes. No clock moves a state: what is still `booked` at night goes to a list to close.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

Status = Literal["pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error"]
Event = Literal["confirm", "decline", "move", "cancel", "arrive", "fulfil", "miss", "leave", "reopen", "void"]
Audience = Literal["public", "secretariat", "partner", "regulator", "cpts"]

LIVE: Final = frozenset({"pending", "booked", "arrived"})
GRID: Final = timedelta(minutes=5)
ARRIVE_BEFORE: Final = timedelta(hours=2)
MISS_AFTER: Final = timedelta(minutes=15)
REOPEN_WITHIN: Final = timedelta(days=7)
REOPEN_CANCELLED_WITHIN: Final = timedelta(hours=24)

TABLE: Final[Mapping[Status, Mapping[Event, Status]]] = MappingProxyType(
    {
        "pending": {
            "confirm": "booked",
            "decline": "cancelled",
            "move": "pending",
            "cancel": "cancelled",
            "void": "entered-in-error",
        },
        "booked": {
            "move": "booked",
            "cancel": "cancelled",
            "arrive": "arrived",
            "fulfil": "fulfilled",
            "miss": "noshow",
            "void": "entered-in-error",
        },
        "arrived": {"fulfil": "fulfilled", "leave": "cancelled", "reopen": "booked", "void": "entered-in-error"},
        "fulfilled": {"reopen": "booked", "void": "entered-in-error"},
        "noshow": {"reopen": "booked", "void": "entered-in-error"},
        "cancelled": {"reopen": "booked", "void": "entered-in-error"},
        "entered-in-error": {},
    }
)

_CARE: Final = frozenset({"practitioner", "nurse", "front_desk"})
# Which roles may cause an event; an event that is not here is open to whoever reaches the appointment and is not the
# public.
_ROLES: Final[Mapping[Event, frozenset[str]]] = MappingProxyType(
    {
        "confirm": _CARE,
        "decline": _CARE,
        "fulfil": _CARE,
        "miss": _CARE,
        "void": frozenset({"front_desk", "manager"}),
    }
)
_OPEN_TO_ALL: Final = frozenset({"move", "cancel"})


class Denied(Exception):
    """A rule says no. `code` is the stable code of the refusal; `facts` go to the caller."""

    def __init__(self, code: str, **facts: str | list[str]) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of the centre that these rules need."""

    late_after: timedelta = timedelta(hours=24)
    move_until: timedelta = timedelta(hours=2)
    overbook_limit: int = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an appointment stands when something happens to it."""

    status: Status
    start: datetime
    end: datetime
    changed_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who causes an event: his audience, and the role of a professional."""

    audience: Audience
    role: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the event makes of the appointment."""

    status: Status
    late: bool = False


def decide(event: Event, standing: Standing, actor: Actor, limits: Limits, now: datetime) -> Outcome:
    """The state after `event`. Refused (`Denied`): NOT_ALLOWED, WRONG_STATE with `state` and `allowed`, or the
    guard's own code.
    """
    if actor.audience != "secretariat" and event not in _OPEN_TO_ALL:
        raise Denied("NOT_ALLOWED")
    if event in _ROLES and actor.role not in _ROLES[event]:
        raise Denied("NOT_ALLOWED")
    following = TABLE[standing.status].get(event)
    if following is None:
        raise Denied("WRONG_STATE", state=standing.status, allowed=sorted(TABLE[standing.status]))
    _guard(event, standing, actor, limits, now)
    return Outcome(following, late=event == "cancel" and standing.start - now < limits.late_after)


def _guard(event: Event, standing: Standing, actor: Actor, limits: Limits, now: datetime) -> None:
    """The clock's part of the table."""
    if event == "move" and actor.audience == "public" and standing.start - now < limits.move_until:
        raise Denied("MOVE_TOO_LATE")
    if event == "cancel" and now >= standing.start and actor.role != "front_desk":
        raise Denied("ALREADY_STARTED")
    if event == "arrive":
        _guard_arrival(standing, now)
    if event == "fulfil" and standing.status != "arrived" and now < standing.start:
        raise Denied("NOT_STARTED")
    if event == "miss" and now < standing.start + MISS_AFTER:
        raise Denied("MISS_TOO_EARLY")
    if event == "reopen":
        within = REOPEN_CANCELLED_WITHIN if standing.status == "cancelled" else REOPEN_WITHIN
        if now - standing.changed_at > within:
            raise Denied("REOPEN_TOO_LATE")


def _guard_arrival(standing: Standing, now: datetime) -> None:
    """From 2 h before the start to the end of the local day; a visit across midnight belongs to the day of its
    start.
    """
    if now < standing.start - ARRIVE_BEFORE:
        raise Denied("ARRIVAL_TOO_EARLY")
    if now >= max(standing.end, end_of_local_day(standing.start, standing.zone)):
        raise Denied("ARRIVAL_TOO_LATE")


def local_date(moment: datetime, zone: str) -> date:
    """The local day of an instant."""
    return moment.astimezone(ZoneInfo(zone)).date()


def is_missing_hour(moment: datetime, zone: str) -> bool:
    """Whether it is written as a wall time that the clocks of the zone skip in spring, with whatever offset.

    In UTC nothing is skipped: an instant written with `Z` is what it is.
    """
    wall = moment.replace(tzinfo=None)
    there = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return bool(moment.utcoffset()) and there != wall


def end_of_local_day(moment: datetime, zone: str) -> datetime:
    """The instant at which the local day of `moment` ends, on a day of 23 or 25 hours too."""
    following = local_date(moment, zone) + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


# --- the rules of a booking ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mode:
    """How a reason is done in one mode; lengths in minutes."""

    minutes: int
    first_visit_minutes: int | None = None
    buffer_minutes: int = 0

    def length(self, *, first_visit: bool) -> timedelta:
        """Time with the patient."""
        return timedelta(minutes=self.first_visit_minutes if first_visit and self.first_visit_minutes else self.minutes)

    @property
    def buffer(self) -> timedelta:
        """Time kept free behind the visit."""
        return timedelta(minutes=self.buffer_minutes)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reason asks of a booking."""

    min_notice: timedelta
    max_ahead: timedelta
    min_age: int | None
    max_age: int | None
    first_visit: Literal["any", "only", "never"]
    known_patient_only: bool
    max_live: int


@dataclass(frozen=True, slots=True)
class Record:
    """What the rules must know of a patient. `live_online`: live appointments of this reason booked online, this one
    left out.
    """

    birth_date: date
    seen: bool
    online_blocked_until: datetime | None
    live_online: int
    near_id: str | None


def check_start(start: datetime, now: datetime) -> None:
    """Starts lie on the grid of 5 minutes and in the future: else TIME_INVALID."""
    since = start.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    if since % GRID or start <= now:
        raise Denied("TIME_INVALID")


def check_notice(rules: Rules, start: datetime, now: datetime) -> None:
    """Not too soon, not too far ahead."""
    if start - now < rules.min_notice:
        raise Denied("NOTICE_TOO_SHORT")
    if start - now > rules.max_ahead:
        raise Denied("TOO_FAR_AHEAD")


def check_patient(
    rules: Rules, record: Record, day: date, audience: Audience, now: datetime, *, moving: bool = False
) -> None:
    """Age on the day of the visit, first visit, gap, and what is limited online."""
    age = age_on(record.birth_date, day)
    if (rules.min_age is not None and age < rules.min_age) or (rules.max_age is not None and age > rules.max_age):
        raise Denied("AGE_NOT_ALLOWED")
    wants = "only" if not record.seen else "never"
    if not moving and (rules.first_visit not in ("any", wants) or (rules.known_patient_only and not record.seen)):
        raise Denied("FIRST_VISIT_RULE")
    if record.near_id is not None:
        may_read = audience in ("public", "secretariat")  # the others read only what they booked themselves
        raise Denied("GAP_TOO_SHORT", **({"appointment_id": record.near_id} if may_read else {}))
    if audience != "public" or moving:
        return
    if record.online_blocked_until is not None and record.online_blocked_until > now:
        raise Denied("ONLINE_BLOCKED")
    if record.live_online >= rules.max_live:
        raise Denied("MAX_LIVE")


def age_on(birth: date, day: date) -> int:
    """Whole years on a day; somebody born on 29 February is a year older on 1 March of common years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
