"""The worker's part of messages in a test: whom they reach, one round of sending, what stands in the base."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from appointments.messages.sender import send_due
from maillage.database import Database
from tests.harness.clinic import Clinic


@asynccontextmanager
async def base(clinic: Clinic, **settings: object) -> AsyncIterator[Database]:
    """The worker's database, with other settings than the service's where given."""
    database = Database(clinic.running.settings.model_copy(update=settings))
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def send(clinic: Clinic, **settings: object) -> None:
    """One round of the worker's job."""
    async with base(clinic, **settings) as database:
        await send_due(database)


async def reach(clinic: Clinic, *contacts: tuple[str, str], of: UUID | None = None) -> None:
    """Gives the patient these contacts."""
    for kind, value in contacts:
        await clinic.w.connection.execute(
            "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, $3, $4)",
            clinic.org,
            of or clinic.pat,
            kind,
            value,
        )


async def planned(clinic: Clinic, *kinds: str) -> list[str]:
    """`kind-number channel local-due state` of messages, the due one first: `reminder-2 sms 28.03. 10:00 sent`."""
    rows = await clinic.w.connection.fetch(
        """SELECT kind || '-' || number || ' ' || channel || ' '
                  || to_char(due_at AT TIME ZONE 'Europe/Paris', 'DD.MM. HH24:MI') || ' ' || state AS line
           FROM message WHERE kind = ANY ($1) ORDER BY date_trunc('minute', due_at), channel, version""",
        list(kinds or ("reminder",)),
    )
    return [row["line"] for row in rows]
