"""What the fault tests act on: a centre, a doctor whose days are open, a caller who may book, and counts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import httpx

from maillage import clock
from maillage.doctor import check_invariants
from maillage.ids import new_id
from maillage.installation import services
from maillage.principal import Principal
from maillage.testing import soon
from tests.harness import people
from tests.harness.appointments_world import World, rule, world
from tests.harness.cluster import Cluster

COUNTS = {
    "appointments": "SELECT count(*) FROM appointment WHERE organisation_id = $1",
    "busy": "SELECT count(*) FROM busy WHERE organisation_id = $1",
    "events": "SELECT count(*) FROM kit.outbox WHERE organisation_id = $1 AND type LIKE '%booked%'",
    "audit": "SELECT count(*) FROM kit.audit WHERE organisation_id = $1 AND record = 'appointment'",
}


@dataclass
class Scene:
    """One centre, made anew for each test."""

    running: Cluster
    desk: Principal
    organisation: UUID
    site: UUID
    reason: UUID
    doctor: UUID
    patients: list[UUID]
    first: datetime

    def wish(self, number: int, patient: int = 0) -> dict[str, object]:
        """The body that books the doctor's time `number` (each 20 min)."""
        start = self.first + timedelta(minutes=20 * number)
        return {
            "reason_id": str(self.reason),
            "site_id": str(self.site),
            "practitioner_id": str(self.doctor),
            "start": start.isoformat(),
            "patient_id": str(self.patients[patient]),
            "call_id": str(UUID(int=self.site.int + number)),
        }

    async def book(self, client: httpx.AsyncClient, wish: dict[str, object], key: str) -> httpx.Response | None:
        """The answer; None when the connection broke, as for a caller who does not know."""
        try:
            return await client.post("/v1/appointments", json=wish, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            return None

    async def count(self, service: str, sql: str, *args: object) -> int:
        """A number out of a service's database."""
        rows = await self.running.rows(service, sql, *args)
        return int(rows[0][0])

    async def counts(self) -> dict[str, int]:
        """What one booking must leave exactly one of."""
        return {name: await self.count("appointments", sql, self.organisation) for name, sql in COUNTS.items()}

    async def all_arrived(self, seconds: float = 20) -> None:
        """Every booking that a call led to has its effect, once, in the second service; nothing was set aside."""

        async def arrived() -> bool:
            sent = await self.running.rows(
                "appointments",
                "SELECT id FROM kit.outbox WHERE organisation_id = $1 AND type LIKE '%appointment_booked%'",
                self.organisation,
            )
            effects = await self.running.rows(
                "telesecretariat", "SELECT event_id FROM call_appointment WHERE organisation_id = $1", self.organisation
            )
            return sorted(r[0] for r in sent) == sorted(r[0] for r in effects)

        await soon(arrived, seconds=seconds)
        assert await self.count("telesecretariat", "SELECT count(*) FROM kit.dead_letter") == 0


async def _centre(w: World, running: Cluster) -> Scene:
    organisation = await w.organisation()
    site = await w.site(organisation)
    reason = await w.reason(organisation, max_live=1000)
    doctor = await w.practitioner(organisation)
    await w.schedule(doctor, site, rule("00:00", "00:00"))
    patients = [await w.patient(organisation) for _ in range(3)]
    day = clock.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=3)
    desk = people.telesecretary(new_id(), organisation)
    return Scene(running, desk, organisation, site, reason, doctor, patients, day)


@asynccontextmanager
async def scene(running: Cluster) -> AsyncIterator[Scene]:
    """A new centre in the running cluster."""
    async with world(running.role_url("appointments")) as w:
        yield await _centre(w, running)


async def sound(running: Cluster) -> None:
    """What `maillage doctor --invariants` would say of every database: all holds, and all of it was looked at.

    The workers are started for it: what they owe (the seal of the audit, lapsed holds) is not yet a fault before.
    """
    with running.started(*(("work", name) for name in services())):
        try:
            await soon(lambda: _all_hold(running), seconds=30, every_s=0.5)
        except TimeoutError:
            raise AssertionError([line async for line in _offences(running)]) from None


async def _all_hold(running: Cluster) -> bool:
    return not [line async for line in _offences(running)]


async def _offences(running: Cluster) -> AsyncIterator[str]:
    for name, package in services().items():
        findings = await check_invariants(running.role_url(name), name, package)
        assert findings
        for finding in findings:
            if finding.state != "ok":
                yield finding.line()


@asynccontextmanager
async def looking(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A base, as superuser: to see what no service shows."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
