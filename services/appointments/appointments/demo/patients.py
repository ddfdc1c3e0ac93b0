"""Three thousand made-up people in households: children are reached by a parent's number, as in life."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from appointments.demo import names
from appointments.demo.dice import happens, identifier, number

PEOPLE = 3000
Sex = Literal["female", "male"]


@dataclass(frozen=True, slots=True)
class Person:
    """One patient. `phone` and `email` are null for children; `parent` is null for adults."""

    id: UUID
    family_name: str
    used_name: str | None
    given_name: str
    birth_date: date
    sex: Sex
    known: bool
    identity_status: str
    phone: str | None
    email: str | None
    parent: UUID | None

    def age(self, day: date) -> int:
        """Whole years on a day."""
        return day.year - self.birth_date.year - ((day.month, day.day) < (self.birth_date.month, self.birth_date.day))


def people(today: date) -> list[Person]:
    """The first 3,000, never two of one name and birth date. Ages are counted from `today`, names from nothing."""
    found: dict[tuple[str, str, date], Person] = {}
    household = 0
    while len(found) < PEOPLE:
        for person in _household(household, today):
            found.setdefault((person.family_name, person.given_name, person.birth_date), person)
        household += 1
    return list(found.values())[:PEOPLE]


def _household(place: int, today: date) -> Iterator[Person]:
    """One or two adults, and up to three children when one of them is of an age to have some. Fiction numbers only."""
    name = names.family_name("household", place)
    phone = f"+3363998{place:04d}"
    adults = [_adult(place, turn, name, phone, today) for turn in range(1 + happens(45, "couple", place))]
    yield from adults
    parent = adults[0]
    if 24 <= parent.age(today) <= 52 and happens(70, "children", place):
        for turn in range(1 + number(3, "children", place)):
            days = number(16 * 365 - 30, "birth", place, turn, "child") + 20
            yield _person((place, turn, "child"), name, None, today - timedelta(days=days), None, None, parent.id)


def _adult(place: int, turn: int, name: str, phone: str, today: date) -> Person:
    about = (place, turn, "adult")
    years = (20 if place % 3 else 45) + number(40 if place % 3 else 48, "years", place)
    birth = today - timedelta(days=years * 365 + number(364, "birth", *about))
    used = names.family_name("used", place) if turn and happens(30, "used", place) else None
    email = f"patient{place:04d}.{turn}@example.org" if happens(45, "email", *about) else None
    return _person(about, name, used, birth, phone, email, None)


def _person(
    about: tuple[object, ...],
    name: str,
    used: str | None,
    birth: date,
    phone: str | None,
    email: str | None,
    parent: UUID | None,
) -> Person:
    sex: Sex = "female" if happens(52, "sex", *about) else "male"
    status = "PROV" if happens(55, "status", *about) else "VALI"
    return Person(
        identifier("patient", *about),
        name,
        used,
        names.given_name(sex, *about),
        birth,
        sex,
        happens(85, "known", *about),
        status,
        phone,
        email,
        parent,
    )
