"""Use case of calendars: one appointment as a file that any calendar takes."""

from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.appointments.reach import reached
from appointments.calendar import domain, queries, texts
from appointments.links.service import granted
from maillage.database import Tx
from maillage.pages.formats import Format
from maillage.words import Language

_ELSEWHERE = {"teleconsultation": texts.REMOTE, "home": texts.HOME, "care_home": texts.HOME}


async def file(tx: Tx, appointment_id: UUID, language: Language, public_url: str) -> str:
    """The file of an appointment for its patient. Same reach as reading the appointment: `NOT_FOUND` otherwise."""
    opened = appointment_id if await granted(tx, appointment_id) else None
    await reached(tx, appointment_id, granted=opened)
    row = await tx.fetchrow(queries.ENTRY, appointment_id)
    assert row is not None
    tx.audit("appointment.read", "appointment", appointment_id, row["organisation_id"], form="ics")
    return domain.calendar(_entry(row, language, urlsplit(public_url).hostname or "localhost"))


def _entry(row: asyncpg.Record, language: Language, host: str) -> domain.Entry:
    say = Format(language, ZoneInfo(row["timezone"]))
    elsewhere = _ELSEWHERE.get(row["mode"])
    return domain.Entry(
        id=str(row["id"]),
        host=host,
        version=row["version"],
        status=row["status"],
        start=row["start"],
        end=row["end"],
        zone=row["timezone"],
        changed_at=row["changed_at"],
        summary=f"{texts.SUMMARY.in_(language)}, {row['site']}",
        location=elsewhere.in_(language) if elsewhere else row["location"],
        description=f"{texts.PHONE.in_(language)} {say.phone(row['phone'])}" if row["phone"] else "",
    )
