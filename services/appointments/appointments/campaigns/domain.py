"""Where the visits of an absent doctor could go, and until when their patients may answer. Pure.

Whole minutes since 1970 as in `slots.domain`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import asin, cos, inf, radians, sin, sqrt
from uuid import UUID

from appointments.slots.domain import Length, Run, minus, offered

LONGEST_ANSWER = timedelta(hours=24)
NOT_BEFORE = timedelta(minutes=30)
"""Nobody is asked to be there sooner than this."""
SAME_DOCTOR_DAYS = 7
"""So many days a patient rather waits for his own doctor than sees another one."""
AHEAD_DAYS = 28
"""So many days after the visit another time is looked for: beyond, people talk about it."""
_FOREVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Want:
    """A visit that needs another time. `busy`: when its patient is expected elsewhere. `urgent`: unscheduled care, for
    which the day counts more than the doctor.
    """

    practitioner_id: UUID
    site_id: UUID
    reason_id: UUID
    professions: frozenset[str]
    mode: str
    length: Length
    local_date: date
    not_before: int
    urgent: bool = False
    busy: Sequence[Run] = ()


@dataclass(slots=True)
class Window:
    """Free time of one practitioner in one window; `runs` shrink as times are given to others."""

    practitioner_id: UUID
    site_id: UUID
    local_date: date
    profession: str
    modes: frozenset[str]
    reason_ids: frozenset[UUID]
    step: int | None
    runs: list[Run]

    def takes(self, want: Want) -> bool:
        """Whether visits of this reason and mode are seen here."""
        open_to = want.reason_id in self.reason_ids if self.reason_ids else self.profession in want.professions
        return open_to and want.mode in self.modes

    def starts(self, want: Want) -> Iterator[int]:
        """When such a visit could begin, ascending, while the patient is free."""
        step = self.step or want.length.minutes
        for start in offered(self.runs, want.length, step, want.not_before, _FOREVER):
            end = start + want.length.minutes
            if all(end <= other.start or other.end <= start for other in want.busy):
                yield start


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site is, in degrees; none when nobody said."""

    lat: float | None
    lon: float | None

    def km_to(self, other: "Place") -> float:
        """As the crow flies; infinitely far when it is not known."""
        if self.lat is None or self.lon is None or other.lat is None or other.lon is None:
            return inf
        north, east = radians(other.lat - self.lat), radians(other.lon - self.lon)
        half = sin(north / 2) ** 2 + cos(radians(self.lat)) * cos(radians(other.lat)) * sin(east / 2) ** 2
        return 12_742 * asin(sqrt(half))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time that could be proposed."""

    practitioner_id: UUID
    site_id: UUID
    start: int


@dataclass(slots=True)
class Agenda:
    """All free time of a centre over some weeks, from which many visits are placed one after the other."""

    windows: Sequence[Window]
    places: Mapping[UUID, Place]
    _by_day: dict[date, list[Window]] = field(default_factory=dict)
    _by_doctor: dict[UUID, list[Window]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for window in self.windows:
            self._by_day.setdefault(window.local_date, []).append(window)
            self._by_doctor.setdefault(window.practitioner_id, []).append(window)

    def candidates(self, want: Want) -> Iterator[Candidate]:
        """Cheapest first: the same doctor within a week; the same day, at the same site and then the nearest ones; then
        day by day, the same doctor and near sites first. Never sooner than the visit was meant to be.
        """
        given: set[Candidate] = set()
        for windows in self._tiers(want):
            for window in windows:
                for start in window.starts(want):
                    candidate = Candidate(window.practitioner_id, window.site_id, start)
                    if candidate not in given:
                        given.add(candidate)
                        yield candidate

    def _tiers(self, want: Want) -> Iterator[Iterable[Window]]:
        if not want.urgent:
            week = want.local_date + timedelta(days=SAME_DOCTOR_DAYS)
            yield [
                w
                for w in self._by_doctor.get(want.practitioner_id, ())
                if want.local_date <= w.local_date < week and w.takes(want)
            ]
        for days in range(AHEAD_DAYS + 1):
            day = self._by_day.get(want.local_date + timedelta(days=days), ())
            yield sorted((w for w in day if w.takes(want)), key=lambda w: self._cost(want, w))

    def _cost(self, want: Want, window: Window) -> tuple[float, bool, float]:
        """Nearer first; at one site the same doctor first, then whoever can soonest."""
        away = 0.0 if window.site_id == want.site_id else self._km(want.site_id, window.site_id)
        soonest = next(window.starts(want), _FOREVER)
        return away, window.practitioner_id != want.practitioner_id, soonest

    def _km(self, one: UUID, other: UUID) -> float:
        nowhere = Place(None, None)
        return self.places.get(one, nowhere).km_to(self.places.get(other, nowhere))

    def give(self, candidate: Candidate, length: Length) -> None:
        """This time is somebody's now, on every site of the practitioner."""
        taken = [Run(candidate.start, candidate.start + length.whole)]
        for window in self._by_doctor.get(candidate.practitioner_id, ()):
            window.runs = minus(window.runs, taken)


def answer_until(told_at: datetime, now: datetime, first_visit: datetime) -> datetime:
    """Half of the time between hearing of it and the first visit is the patients', the other half is for calling those
    who said nothing; a day is enough for anybody.
    """
    since = told_at if told_at < first_visit else now
    until = since + min(LONGEST_ANSWER, (first_visit - since) / 2)
    return until.replace(second=0, microsecond=0) if until - since > timedelta(minutes=2) else until


def call_by(now: datetime, start: datetime) -> datetime:
    """When somebody must have called: within a day, and half an hour before the visit."""
    return max(now, min(now + LONGEST_ANSWER, start - NOT_BEFORE))
