"""Who works where and when: 30 doctors and 4 nurses, their contracts and the rules of their agendas.

A full day is 7 h of which 1 h 20 for unscheduled care, 19 % of it. Rest is kept: who makes home visits from 20:00 to
01:00 begins that day at 14:00 (12 h at most from first to last minute) and the next day at 14:00 (11 h of rest, not
before noon).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from appointments.demo import centre, names
from appointments.demo.ids import DELEGATED, NURSE, NURSES, PHYSICIANS, practitioner_id, rpps
from appointments.directory.practitioners.schemas import PractitionerIn
from appointments.schedules.schemas import Release, Rule

DAYS = ("MO", "TU", "WE", "TH", "FR")
_SITES = ("chalon", "montceau", "autun", "digoin", "chalon", "montceau", "autun", "chalon", "montceau", "digoin")
_NURSE_SITES = ("autun", "chalon", "digoin", "montceau")
_RELEASES = tuple(Release.model_validate(release.model_dump()) for release in centre.RELEASES)


def _at(text: str) -> time:
    return time.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a day: kind, from, to."""

    kind: str
    start: time
    end: time


def _day(*windows: str) -> tuple[Window, ...]:
    parts = (window.split() for window in windows)
    return tuple(Window(kind, _at(start), _at(end)) for kind, start, end in parts)


PATTERNS = (
    _day("clinic 08:40 10:40", "unscheduled 10:40 12:00", "clinic 14:00 17:40"),
    _day("clinic 08:00 11:00", "unscheduled 11:00 12:20", "clinic 13:20 16:00"),
    _day("clinic 11:00 13:00", "unscheduled 14:00 15:20", "clinic 15:20 19:00"),
)
HALF_DAY = _day("clinic 08:40 11:20", "unscheduled 11:20 12:00")
BEFORE_ROUND = _day("clinic 14:00 16:00", "unscheduled 16:00 17:20", "home_round 20:00 01:00")
AFTER_ROUND = _day("clinic 14:00 17:20", "admin 17:20 18:40")
SATURDAY = _day("clinic 08:00 11:00", "unscheduled 11:00 12:00")
NURSE_DAY = _day("clinic 08:00 12:00", "clinic 13:00 16:00")
WALK_IN_DAY = _day("clinic 11:00 13:00", "unscheduled 14:00 15:20", "clinic 15:20 17:20", "walk_in 17:20 19:00")
MEETING = _day("clinic 08:40 10:40", "unscheduled 10:40 12:00", "clinic 14:00 16:20", "admin 16:20 17:40")


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team, with the windows of the week by weekday (`SA4`: every fourth Saturday)."""

    serial: int
    id: UUID
    site: str
    body: PractitionerIn
    weekly_minutes: int
    week: dict[str, tuple[Window, ...]]

    def rules(self, monday: date, reasons: dict[str, UUID]) -> Iterator[Rule]:
        """The opening rules; `monday` is that of the present week, from four weeks before on."""
        begin = monday - timedelta(weeks=4)
        grouped: dict[Window, list[str]] = {}
        for weekday, windows in self.week.items():
            for window in windows:
                grouped.setdefault(window, []).append(weekday)
        for window, weekdays in grouped.items():
            for saturday in [day for day in weekdays if day == "SA4"]:
                first = begin + timedelta(weeks=self.serial % 4)
                yield self._rule(window, f"FREQ=WEEKLY;INTERVAL=4;BYDAY={saturday[:2]}", first, reasons)
            usual = [day for day in weekdays if day != "SA4"]
            if usual:
                yield self._rule(window, f"FREQ=WEEKLY;BYDAY={','.join(usual)}", begin, reasons)

    def _rule(self, window: Window, rrule: str, first: date, reasons: dict[str, UUID]) -> Rule:
        codes = centre.NURSES_BOOK if self.body.profession == "nurse" else centre.PHYSICIANS_BOOK
        codes += (DELEGATED,) if self.serial == NURSE else ()
        fields: dict[str, object] = {"reason_ids": [reasons[code] for code in codes]}
        if window.kind == "unscheduled":
            fields = {"reason_ids": [reasons[centre.UNSCHEDULED]], "audiences": [], "releases": _RELEASES}
        elif window.kind == "home_round":
            fields = {
                "reason_ids": [reasons[centre.HOME]],
                "modes": ["home", "care_home"],
                "audiences": ("secretariat", "regulator"),
            }
        elif window.kind == "admin":
            fields = {"audiences": []}
        elif window.kind == "walk_in":
            fields["audiences"] = ("secretariat",)
        elif self.serial % 3 == 2:
            fields["modes"] = ["on_site", "teleconsultation"]
        head = {"kind": window.kind, "first_date": first, "rrule": rrule}
        return Rule.model_validate({**head, "local_start": window.start, "local_end": window.end, **fields})


def team() -> list[Member]:
    """Everybody, doctors first: number 1 is the first doctor, number 31 the first nurse."""
    return [_physician(serial) for serial in range(1, PHYSICIANS + 1)] + [
        _nurse(serial) for serial in range(PHYSICIANS + 1, PHYSICIANS + NURSES + 1)
    ]


def _member(serial: int, profession: str, specialty: str | None) -> PractitionerIn:
    sex = "female" if serial % 2 else "male"
    return PractitionerIn.model_validate(
        {
            "rpps": rpps(serial),
            "profession": profession,
            "specialty": specialty,
            "family_name": names.family_name("practitioner", serial),
            "given_name": names.given_name(sex, "practitioner", serial),
            "email": f"praticien{serial:02d}@example.org",
        }
    )


def _physician(serial: int) -> Member:
    """Four of ten doctors full time with Saturdays or home rounds, two of ten at 80 %, one of ten half time."""
    usual = PATTERNS[serial % 3]
    week = dict.fromkeys(DAYS, usual)
    minutes = 2100
    place = serial % 10
    if place in (3, 8):
        minutes, week = 1680, {day: usual for day in DAYS if day != DAYS[serial % 5]}
    elif place == 6:
        minutes, week = 1040, {"MO": usual, "TH": usual, "FR": HALF_DAY}
    elif place in (4, 9):
        evening = serial % 4
        week |= {DAYS[evening]: BEFORE_ROUND, DAYS[evening + 1]: AFTER_ROUND}
    elif place == 5:
        week |= {"WE": WALK_IN_DAY}
    elif place in (1, 2):
        week |= {"SA4": SATURDAY, "TH": MEETING}
    return Member(
        serial, practitioner_id(serial), _SITES[serial % 10], _member(serial, "physician", "SM54"), minutes, week
    )


def _nurse(serial: int) -> Member:
    site = _NURSE_SITES[serial - PHYSICIANS - 1]
    week = dict.fromkeys(DAYS, NURSE_DAY)
    return Member(serial, practitioner_id(serial), site, _member(serial, "nurse", None), 2100, week)
