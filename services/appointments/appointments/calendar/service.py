"""Use case of calendars: one appointment as a file that any calendar takes."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from appointments.appointments.reach import reached
from appointments.calendar import domain, queries, texts
from appointments.links.service import granted
from maillage.database import Tx
from maillage.pages.formats import Format
from maillage.words import Language

_ELSEWHERE = {"teleconsultation": texts.REMOTE, "by_phone": texts.BY_PHONE, "home": texts.HOME, "care_home": texts.HOME}


async def file(tx: Tx, appointment_id: UUID, language: Language, public_url: str) -> str:
    """The file of an appointment for its patient. Same reach as reading the appointment: `NOT_FOUND` otherwise."""
    opened = appointment_id if await granted(tx, appointment_id) else None
    await reached(tx, appointment_id, granted=opened)
    row = await tx.fetchrow(queries.ENTRY, appointment_id)
    assert row is not None
    tx.audit("appointment.read", "appointment", appointment_id, row["organisation_id"], form="ics")
    visit = Visit(**{name: row[name] for name in Visit.__slots__})
    return text_of(visit, language, public_url)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a calendar says of an appointment: columns of `queries.ENTRY`."""

    id: UUID
    version: int
    status: str
    mode: str
    start: datetime
    end: datetime
    changed_at: datetime
    timezone: str
    site: str
    location: str
    phone: str | None


def text_of(visit: Visit, language: Language, public_url: str, method: domain.Method = "PUBLISH") -> str:
    """The file of an appointment, with the UID that it has everywhere."""
    say = Format(language, ZoneInfo(visit.timezone))
    elsewhere = _ELSEWHERE.get(visit.mode)
    entry = domain.Entry(
        id=str(visit.id),
        host=urlsplit(public_url).hostname or "localhost",
        version=visit.version,
        status=visit.status,
        start=visit.start,
        end=visit.end,
        zone=visit.timezone,
        changed_at=visit.changed_at,
        summary=f"{texts.SUMMARY.in_(language)}, {visit.site}",
        location=elsewhere.in_(language) if elsewhere else visit.location,
        description=f"{texts.PHONE.in_(language)} {say.phone(visit.phone)}" if visit.phone else "",
    )
    return domain.calendar(entry, method)
