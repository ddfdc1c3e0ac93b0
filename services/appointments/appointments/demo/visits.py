"""Which times are taken, by whom and why: a plan on the windows of the team, before anything is stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from appointments.demo import centre
from appointments.demo.dice import happens, identifier, number, pick
from appointments.demo.patients import Person
from appointments.schedules.domain import Window

STEP = timedelta(minutes=5)
WEEKS_BACK, WEEKS_AHEAD = 1, 13
USUAL = ("consultation",) * 10 + ("suivi-chronique",) * 5 + ("renouvellement",) * 2 + ("vaccination", "certificat")
NURSING = ("prise-de-sang",) * 3 + ("vaccination",)
MINUTES = {reason.code: reason.modes[0] for reason in centre.REASONS}
MOST_PER_PATIENT = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment. `steps`: its history, (event, status, when)."""

    id: UUID
    serial: int
    patient: Person
    reason: str
    mode: str
    local_date: date
    start: datetime
    end: datetime
    occupied_until: datetime
    audience: str
    channel: str
    steps: tuple[tuple[str, str, datetime], ...]

    @property
    def status(self) -> str:
        """As it now stands."""
        return self.steps[-1][1]


class Waiting:
    """Hands out patients in turn: nobody twice on one day, and at most three visits each."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = people
        self._next = 0
        self._days: dict[UUID, list[date]] = {}

    def next(self, day: date, *, adult: bool) -> Person | None:
        """The next patient who may come on that day; None when there is nobody left."""
        for _ in range(400):
            person = self._people[self._next % len(self._people)]
            self._next += 7
            days = self._days.setdefault(person.id, [])
            if day not in days and len(days) < MOST_PER_PATIENT * 3 and (not adult or person.age(day) >= 16):
                days.append(day)
                return person
        return None


def share(local_date: date, monday: date, today: date, kind: str) -> int:
    """How many of a hundred times are taken: the past nearly all, next week 70, the week after 40, later 15.

    Unscheduled times fill on the day, and the 15 places some up to two days ahead.
    """
    ahead = (local_date - today).days
    week = (local_date - monday).days // 7
    if kind in ("admin", "walk_in") or (kind != "clinic" and ahead > 2):
        return 0
    if ahead < 0:
        return 88
    if kind != "clinic":
        return (75, 30, 20)[ahead]
    return {0: 85, 1: 70, 2: 40}.get(week, 15)


def plan(
    serial: int, nurse: bool, windows: Sequence[Window], waiting: Waiting, monday: date, now: datetime, today: date
) -> Iterator[Visit]:
    """The visits of one practitioner, in order."""
    for window in windows:
        taken = share(window.local_date, monday, today, window.opening.kind)
        start = window.start
        while start < window.end:
            begins = window.opening.local_start.isoformat()
            about = (serial, (window.local_date - monday).days, begins, (start - window.start) // STEP)
            visit = _visit(serial, nurse, window, start, waiting, now, about) if happens(taken, *about) else None
            start = visit.occupied_until if visit else start + 4 * STEP
            if visit:
                yield visit


def _visit(
    serial: int,
    nurse: bool,
    window: Window,
    start: datetime,
    waiting: Waiting,
    now: datetime,
    about: tuple[object, ...],
) -> Visit | None:
    kind = window.opening.kind
    person = waiting.next(window.local_date, adult=nurse or kind == "home_round")
    if person is None:
        return None
    reason = _reason(person, nurse, kind, window.local_date, about)
    mode = MINUTES[reason]
    end = start + timedelta(minutes=mode.minutes)
    occupied = end + timedelta(minutes=mode.buffer_minutes)
    if occupied > window.end:
        return None
    audience, channel = _way(kind, about)
    booked_at = min(start - timedelta(hours=2), now) - timedelta(minutes=30 + number(10_000, "booked", *about))
    if kind == "unscheduled":
        booked_at = min(start, now) - timedelta(minutes=20 + number(60, "booked", *about))
    steps = _history(start, end, booked_at, now, about)
    place = identifier("visit", *about)
    return Visit(
        place, serial, person, reason, mode.mode, window.local_date, start, end, occupied, audience, channel, steps
    )


def _reason(person: Person, nurse: bool, kind: str, day: date, about: tuple[object, ...]) -> str:
    if kind == "unscheduled":
        return centre.UNSCHEDULED
    if kind == "home_round":
        return centre.HOME
    if nurse:
        return pick(NURSING, "reason", *about)
    if person.age(day) <= 15:
        return "enfant"
    if not person.known:
        return "consultation"
    return pick(USUAL, "reason", *about)


def _way(kind: str, about: tuple[object, ...]) -> tuple[str, str]:
    """For whom and by which channel it was booked."""
    if kind == "home_round":
        return "secretariat", "phone"
    if kind == "unscheduled" and happens(45, "way", *about):
        return "regulator", "sas"
    if happens(40, "online", *about):
        return "public", "online"
    return "secretariat", "phone" if happens(75, "phone", *about) else "desk"


def _history(
    start: datetime, end: datetime, booked_at: datetime, now: datetime, about: tuple[object, ...]
) -> tuple[tuple[str, str, datetime], ...]:
    """Booked; then, as time has passed: arrived, fulfilled, or missed."""
    steps = [("book", "booked", booked_at)]
    arrives = start - timedelta(minutes=number(15, "arrives", *about))
    if start + timedelta(minutes=20) <= now and happens(5, "missed", *about):
        return (*steps, ("miss", "noshow", start + timedelta(minutes=20)))
    if arrives <= now:
        steps.append(("arrive", "arrived", arrives))
        if end <= now:
            steps.append(("fulfil", "fulfilled", end))
    return tuple(steps)
