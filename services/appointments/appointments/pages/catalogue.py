"""The centre as its visitors see it: frame, reasons, sites, practitioners. Read together, kept for a few seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Record

from appointments.directory.parameters import StoredParameters
from appointments.lines import service as lines
from appointments.lines.domain import Told, answering
from appointments.lines.service import DutyNumber
from appointments.pages import frame as frames
from appointments.pages import opening, queries
from appointments.pages.opening import Hours
from appointments.pages.views import Option, ReasonChoice, SiteChoice
from appointments.schedules.expansion import public_holidays
from maillage.database import Tx
from maillage.pages import Format, Frame, PhoneLine
from maillage.refusals import NotFound
from maillage.words import Language, Words

ON_FOOT = {True: Words("Accès sans marche", "Step-free access"), False: Words("Il y a des marches", "There are steps")}
FROM_AGE = Words("À partir de {} ans", "From {} years of age")
TO_AGE = Words("Jusqu'à {} ans", "Up to {} years of age")
FIRST_ONLY = Words("Pour une première visite au centre", "For a first visit to the centre")
KNOWN_ONLY = Words("Si vous êtes déjà venu au centre", "If you have been to the centre before")
_DAYS = (
    Words("lundi", "Monday"),
    Words("mardi", "Tuesday"),
    Words("mercredi", "Wednesday"),
    Words("jeudi", "Thursday"),
    Words("vendredi", "Friday"),
    Words("samedi", "Saturday"),
    Words("dimanche", "Sunday"),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as the public reads it; not `bookable`: by phone only."""

    id: UUID
    code: str
    label: Words
    instruction: Words
    min_age: int | None
    max_age: int | None
    first_visit: str
    bookable: bool

    def limits(self) -> Words:
        """For whom it is."""
        said = [FIRST_ONLY] if self.first_visit == "only" else [KNOWN_ONLY] if self.first_visit == "never" else []
        if self.min_age:
            said.append(Words(*(each.format(self.min_age) for each in FROM_AGE)))
        if self.max_age:
            said.append(Words(*(each.format(self.max_age) for each in TO_AGE)))
        return Words(". ".join(each.fr for each in said), ". ".join(each.en for each in said))


@dataclass(frozen=True, slots=True)
class Site:
    """A site; `step_free` None: not known, nothing is said."""

    id: UUID
    code: str
    name: str
    city: str
    street: str
    postal_code: str
    note: str
    step_free: bool | None

    def choice(self, language: Language) -> SiteChoice:
        """As it is chosen."""
        access = "" if self.step_free is None else ON_FOOT[self.step_free].in_(language)
        return SiteChoice(
            self.code, self.name, self.city, self.street, f"{self.postal_code} {self.city}", access, self.note
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the pages need to know of the centre."""

    organisation_id: UUID
    name: str
    zone: ZoneInfo
    phone: str
    holiday_zone: str
    hours: Sequence[Hours]
    move_until: timedelta
    reasons: Sequence[Reason]
    sites: Sequence[Site]
    practitioners: Sequence[Option]
    told: Sequence[Told] = ()
    duty_numbers: Sequence[DutyNumber] = ()

    def reason(self, code: str) -> Reason | None:
        """The bookable reason of a code."""
        return next((each for each in self.reasons if each.code == code and each.bookable), None)

    def site(self, name: str | UUID) -> Site | None:
        """A site by code or id."""
        return next((each for each in self.sites if name in (each.code, each.id)), None)

    def practitioner(self, value: str | UUID) -> str:
        """The name of a practitioner, or nothing."""
        return next((each.label for each in self.practitioners if each.value == str(value)), "")

    def frame(self, now: datetime) -> Frame:
        """The frame at this instant: whether the line is open is told to the minute."""
        line = PhoneLine(self.phone, tuple(hours_said(self.hours)), *self._line_now(now.astimezone(self.zone)))
        return Frame(self.name, frames.TASK, "/rdv", line, frames.SIGNS, frames.FOOTER)

    def duty_number(self, now: datetime) -> str | None:
        """Whom to call out of hours, as the scheme in force says; None while there is none."""
        return next((each.number for each in reversed(self.duty_numbers) if each.since <= now), None)

    def _line_now(self, now: datetime) -> tuple[Words | None, bool]:
        """As the telephone itself says where it does; else by the hours of the parameters."""
        said, is_open = self._line_said(now)
        duty = self.duty_number(now)
        if is_open or said is None or duty is None:
            return said, is_open
        number = Format("fr", self.zone).phone(duty)
        return Words(f"{said.fr}. Médecin de garde : {number}", f"{said.en}. Doctor on duty: {number}"), False

    def _line_said(self, now: datetime) -> tuple[Words | None, bool]:
        told = answering(now, self.told)
        if told is not None and told.open:
            until = told.until
            if until is None:
                return Words("Ouvert maintenant", "Open now"), True
            said = _each(lambda f: f.hour(until), self.zone)
            return Words(f"Ouvert maintenant, jusqu'à {said.fr}", f"Open now, until {said.en}"), True
        if told is not None:
            opens = told.opens
            return (_opens(now, opens.astimezone(self.zone), self.zone) if opens else Words("Fermé", "Closed")), False
        closed = public_holidays(self.holiday_zone, now.date(), now.date() + timedelta(days=opening.FURTHEST))
        line = opening.line_at(now, self.hours, closed.__contains__)
        if line.until is not None:
            said = _each(lambda f: f.hour(line.until or now), self.zone)
            return Words(f"Ouvert maintenant, jusqu'à {said.fr}", f"Open now, until {said.en}"), True
        if line.opens is None:
            return None, False
        return _opens(now, line.opens, self.zone), False

    def reason_choices(self, language: Language, *, bookable: bool) -> list[ReasonChoice]:
        """The reasons of screen 1: those to choose, or those that are asked for by phone."""
        return [
            ReasonChoice(r.code, r.label.in_(language), r.instruction.in_(language), r.limits().in_(language))
            for r in self.reasons
            if r.bookable == bookable
        ]

    def site_choices(self, language: Language) -> list[SiteChoice]:
        """The sites, by town."""
        return [site.choice(language) for site in self.sites]


def _each(say: "object", zone: ZoneInfo) -> Words:
    assert callable(say)
    return Words(say(Format("fr", zone)), say(Format("en", zone)))


def _opens(now: datetime, opens: datetime, zone: ZoneInfo) -> Words:
    hour = _each(lambda f: f.hour(opens), zone)
    ahead = (opens.date() - now.date()).days
    if ahead == 0:
        return Words(f"Fermé. Ouvre à {hour.fr}", f"Closed. Opens at {hour.en}")
    day = _DAYS[opens.weekday()] if ahead < 7 else _each(lambda f: f.day(opens), zone)
    return Words(f"Fermé. Ouvre {day.fr} à {hour.fr}", f"Closed. Opens on {day.en} at {hour.en}")


def hours_said(hours: Sequence[Hours]) -> list[Words]:
    """« Du lundi au vendredi, de 8 h à 20 h », one sentence for days that are alike."""
    said = []
    for first, last, spells in opening.runs(hours):
        a, z = _DAYS[first - 1], _DAYS[last - 1]
        days = Words(f"Le {a.fr}", a.en) if first == last else Words(f"Du {a.fr} au {z.fr}", f"{a.en} to {z.en}")
        fr = " et ".join(f"de {_at(each.start, 'fr')} à {_at(each.end, 'fr')}" for each in spells)
        en = " and ".join(f"{_at(each.start, 'en')} to {_at(each.end, 'en')}" for each in spells)
        said.append(Words(f"{days.fr}, {fr}", f"{days.en}, {en}"))
    return said


def _at(at: time, language: Language) -> str:
    if language == "fr":
        return f"{at.hour} h {at.minute:02d}" if at.minute else f"{at.hour} h"
    return f"{at.hour % 12 or 12}{f':{at.minute:02d}' if at.minute else ''} {'am' if at.hour < 12 else 'pm'}"


async def read(tx: Tx, organisation_id: UUID | None = None) -> Catalogue:
    """The catalogue from the base. Refused: `NOT_FOUND` when no organisation lets the public book."""
    centre = await tx.fetchrow(queries.CENTRE, organisation_id)
    if centre is None:
        raise NotFound
    parameters = StoredParameters.model_validate(centre["settings"])
    return Catalogue(
        organisation_id=centre["id"],
        name=centre["name"],
        zone=ZoneInfo(centre["timezone"]),
        phone=centre["phone"] or frames.DEFAULT_LINE.number,
        holiday_zone=centre["holiday_zone"],
        hours=[Hours(each.weekday, each.start, each.end) for each in parameters.opening_hours],
        move_until=timedelta(minutes=parameters.move_until_minutes),
        reasons=[_reason(row) for row in await tx.fetch(queries.REASONS, centre["id"])],
        sites=[_site(row) for row in await tx.fetch(queries.SITES, centre["id"])],
        practitioners=[
            Option(str(row["id"]), row["display_name"]) for row in await tx.fetch(queries.PRACTITIONERS, centre["id"])
        ],
        told=await lines.lines(tx, centre["id"]),
        duty_numbers=await lines.duty_numbers(tx),
    )


def _reason(row: Record) -> Reason:
    return Reason(
        id=row["id"],
        code=row["code"],
        label=Words(row["public_label"], row["public_label_en"]),
        instruction=Words(row["instruction"], row["instruction_en"]),
        min_age=row["min_age"],
        max_age=row["max_age"],
        first_visit=row["first_visit"],
        bookable=row["bookable"],
    )


def _site(row: Mapping[str, object] | Record) -> Site:
    return Site(
        id=row["id"],  # type: ignore[arg-type]
        code=str(row["code"]),
        name=str(row["name"]),
        city=str(row["city"]),
        street=str(row["address_line"]),
        postal_code=str(row["postal_code"]),
        note=str(row["access_note"]),
        step_free=row["step_free"],  # type: ignore[arg-type]
    )
