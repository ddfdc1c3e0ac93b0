"""Rows of patients from the software that the centre leaves: in sets, for there are twenty thousand of them.

Nobody is PROV twice: who is known already under the same names and birth date is left as he is; who resembles somebody
known is a fault of its line, unless the file says that it is somebody else. Two lines of one person are a fault. Those
who resemble one another within the file were two people there too (twins); the night looks at them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from appointments.imports import queries
from appointments.imports.domain import Row, plain
from appointments.imports.work import Work
from appointments.patients.fields import ContactKind
from appointments.patients.schemas import ContactIn, IdentityIn
from maillage import ids
from maillage.wire import Wire

AT_ONCE: Final = 1_000
_CONTACTS: Final[tuple[ContactKind, ...]] = ("mobile", "landline", "email")


class Extras(Wire):
    """What a line says beside the identity."""

    interpreter: bool = False
    mobility: bool = False
    other_person: bool = False
    seen_on: date | None = Field(None, ge=date(1950, 1, 1))


@dataclass(frozen=True, slots=True)
class Person:
    """A line that can be read."""

    line: int
    id: UUID
    identity: IdentityIn
    extras: Extras
    referring: UUID | None
    seen_at: datetime | None

    def columns(self) -> tuple[object, ...]:
        """As the base takes it."""
        who = self.identity
        flags = [name for name in ("interpreter", "mobility") if getattr(self.extras, name)]
        return (
            self.id,
            who.birth_family_name,
            who.used_family_name,
            who.birth_given_names,
            who.used_given_name,
            who.birth_date,
            who.sex,
            who.birth_place_insee,
            "|".join(flags),
            self.referring,
            self.seen_at,
        )


async def import_patients(work: Work) -> None:
    """Adds those who are not known. All are judged before the first is written."""
    doctors = {row["rpps"]: row["id"] for row in await queries.practitioners(work.tx, work.organisation_id)}
    people: list[Person] = []
    lines: set[tuple[str, str, date]] = set()
    async for row in work.rows():
        person = _person(work, row, doctors)
        if person is None:
            continue
        key = (plain(person.identity.birth_family_name), plain(person.identity.birth_given_names))
        whole = (*key, person.identity.birth_date)
        if all(key) and whole in lines:
            work.fault(row.line, "birth_family_name", "LINE_TWICE")
        lines.add(whole)
        people.append(person)
    new = [person for first in range(0, len(people), AT_ONCE) for person in await _new(work, people[first:][:AT_ONCE])]
    for first in range(0, 0 if work.faults else len(new), AT_ONCE):
        await _add(work, new[first : first + AT_ONCE])
    work.created += len(new)


def _person(work: Work, row: Row, doctors: Mapping[str, UUID]) -> Person | None:
    values = work.read(row)
    contacts = [_contact(work, row, kind, values.pop(kind, None)) for kind in _CONTACTS]
    referring = "".join(str(values.pop("referring", "")).split())
    if referring and referring not in doctors:
        work.fault(row.line, "referring", "REFERENCE_UNKNOWN")
    extras = work.build(Extras, row, {n: values.pop(n) for n in Extras.model_fields if n in values}, None)
    identity = work.build(IdentityIn, row, values | {"contacts": [each for each in contacts if each]}, None)
    if identity is None or extras is None:
        return None
    zone = ZoneInfo(work.centre["timezone"])
    seen = datetime.combine(extras.seen_on, time(12), zone) if extras.seen_on else None
    if seen is not None and seen > work.tx.now:
        work.fault(row.line, "seen_on", "TIME_INVALID")
    return Person(row.line, ids.new_id(), identity, extras, doctors.get(referring), seen)


def _contact(work: Work, row: Row, kind: ContactKind, value: object) -> ContactIn | None:
    """A faulty number is told under the title of its own column."""
    return None if value is None else work.build_at(ContactIn, row, {"kind": kind, "value": value}, kind)


async def _new(work: Work, people: Sequence[Person]) -> list[Person]:
    """Those who are not known yet; who resembles somebody known is a fault."""
    rows = await queries.resembling(work.tx, work.organisation_id, [_traits(person) for person in people])
    known: dict[int, bool] = {}
    for row in rows:
        known[row["place"]] = known.get(row["place"], False) or row["same"]
    new = []
    for place, person in enumerate(people):
        if known.get(place):
            work.unchanged += 1
        elif place in known and not person.extras.other_person:
            work.fault(person.line, "birth_family_name", "DUPLICATE_SUSPECTED")
        else:
            new.append(person)
    return new


def _traits(person: Person) -> tuple[object, ...]:
    who = person.identity
    return who.birth_family_name, who.used_family_name, who.birth_given_names, who.used_given_name, who.birth_date


async def _add(work: Work, people: Sequence[Person]) -> None:
    tx = work.tx
    await queries.add_patients(tx, work.organisation_id, [person.columns() for person in people])
    contacts = [(person.id, each.kind, each.value) for person in people for each in person.identity.contacts]
    await queries.add_contacts(tx, work.organisation_id, contacts)
    for person in people:
        tx.audit("patient.create", "patient", person.id, work.organisation_id, identity_status="PROV", source="import")
