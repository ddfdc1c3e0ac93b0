"""A clinic with people who wait: entries, the times that are offered to them, and the worker's rounds."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from appointments.messages.sender import send_due
from appointments.waiting.service import expire_entries, expire_offers
from maillage.database import Database
from maillage.principal import Principal
from tests.harness.clinic import Clinic

Json = dict[str, Any]


class WaitingList:
    """What the desk does with the waiting list of a clinic, and what the worker does beside it."""

    def __init__(self, clinic: Clinic, database: Database) -> None:
        self.clinic, self.database = clinic, database

    async def person(self, phone: str | None = None, **fields: object) -> UUID:
        """Somebody, with this mobile phone if one is given."""
        who = await self.clinic.w.patient(self.clinic.org, **fields)  # type: ignore[arg-type]
        if phone:
            values = "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', $3)"
            await self.clinic.w.connection.execute(values, self.clinic.org, who, phone)
        return who

    async def ask(self, who: UUID, by: Principal | None = None, **wish: Any) -> httpx.Response:
        """Asks to put somebody on the list, for whatever doctor, from today for a month."""
        body: Json = {
            "patient_id": str(who),
            "reason_id": str(self.clinic.reason),
            "from_date": self.clinic.day(0).isoformat(),
            "to_date": self.clinic.day(30).isoformat(),
            **wish,
        }
        return await self.clinic.post("waiting-entries", body, by=by)

    async def add(self, who: UUID, **wish: Any) -> Json:
        """Puts somebody on the list."""
        answer = await self.ask(who, **wish)
        assert answer.status_code == 201, answer.text
        entry: Json = answer.json()
        return entry

    async def entry(self, entry: Json) -> Json:
        """The entry as the desk now sees it."""
        found: Json = (await self.clinic.get(f"waiting-entries/{entry['id']}")).json()
        return found

    async def offer(self, entry: Json) -> Json:
        """The time that is offered to it; it must have one."""
        offer: Json | None = (await self.entry(entry))["offer"]
        assert offer is not None
        return offer

    async def offered(self, *entries: Json) -> list[bool]:
        """Which of them have a live offer."""
        return [(await self.entry(entry))["offer"] is not None for entry in entries]

    async def free(self, hour: str = "09:00", days: int = 3) -> Json:
        """Somebody else's visit with doctor Ada is booked and cancelled."""
        other = await self.clinic.w.patient(self.clinic.org)
        booked = await self.clinic.book(hour, days, patient_id=other)
        assert (await self.clinic.act(booked, "cancel")).status_code == 200
        return booked

    async def answer(self, offer: Json, said: str, by: Principal | None = None) -> httpx.Response:
        """`accept` or `decline`."""
        return await self.clinic.post(f"waiting-offers/{offer['id']}/{said}", by=by)

    async def take(self, start: datetime, who: UUID | None = None, by: Principal | None = None) -> httpx.Response:
        """Somebody else tries to book doctor Ada at that time."""
        who = who or await self.clinic.w.patient(self.clinic.org)
        wish = self.clinic.slot("09:00", start=start.isoformat(), patient_id=str(who))
        return await self.clinic.post("appointments", wish, by=by)

    async def work(self) -> None:
        """The worker's rounds: offers and entries that are over, then messages."""
        await expire_offers(self.database)
        await expire_entries(self.database)
        await send_due(self.database)

    async def overdue(self, offer: Json) -> None:
        """Plants that the time to answer has just run out."""
        sql = "UPDATE waiting_offer SET expires_at = kit_now() - interval '1 millisecond' WHERE id = $1"
        await self.clinic.w.connection.execute(sql, UUID(offer["id"]))

    async def state(self, offer: Json) -> str:
        """What became of an offer, and of the freed time: `declined open`."""
        sql = """SELECT f.state || ' ' || t.state FROM waiting_offer f JOIN freed_time t ON t.id = f.freed_time_id
                 WHERE f.id = $1"""
        return str(await self.clinic.w.connection.fetchval(sql, UUID(offer["id"])))


@asynccontextmanager
async def waiting_list(clinic: Clinic) -> AsyncIterator[WaitingList]:
    """`async with waiting_list(clinic) as queue:`"""
    database = Database(clinic.running.settings)
    await database.open()
    try:
        yield WaitingList(clinic, database)
    finally:
        await database.close()
