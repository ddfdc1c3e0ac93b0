"""A gateway with its worker, machines of partners, and events that happen: for tests of subscriptions."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from contracts.appointments import AppointmentBooked, AvailabilityChanged
from contracts.base import Event
from gateway.demo import CENTRE
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import hash_token, new_id, new_token
from maillage.principal import system
from maillage.testing import soon
from tests.e2e.gateway.conftest import Desk
from tests.harness import days

SUBSCRIPTIONS = "/api/gateway/v1/subscriptions"
BOOKED = "appointments.appointment_booked.v1"
FREE = "appointments.availability_changed.v1"
SCOPES = ("gateway:subscription.write", "appointments:appointment.read", "appointments:slot.read")


def booked() -> AppointmentBooked:
    """A booking of somebody, somewhere."""
    start = clock.now() + timedelta(days=3)
    return AppointmentBooked(
        appointment_id=new_id(),
        version=1,
        patient_id=new_id(),
        practitioner_id=new_id(),
        rpps=None,
        site_id=new_id(),
        site_finess=None,
        start=start,
        end=start + timedelta(minutes=20),
        mode="on_site",
        unscheduled=False,
        status="booked",
        channel="phone",
        call_id=None,
        partner_id=None,
    )


def free() -> AvailabilityChanged:
    """Free times that changed."""
    today = days.today()
    return AvailabilityChanged(practitioner_id=new_id(), site_id=new_id(), local_date=today, version=1)


class PartnerDesk(Desk):
    """A desk with machines beside its people."""

    async def machine(
        self, organisation_id: UUID = CENTRE, scopes: Sequence[str] = SCOPES, reach: str = "o", name: str = "Essai"
    ) -> UUID:
        """A registered machine."""
        client_id = new_id()
        await self.sql(
            """INSERT INTO client (id, organisation_id, name, scopes, reach, status, created_at)
               VALUES ($1, $2, $3, $4, $5, 'active', now())""",
            client_id, organisation_id, name, list(scopes), reach,
        )  # fmt: skip
        return client_id

    @asynccontextmanager
    async def calling(self, client_id: UUID) -> AsyncIterator[httpx.AsyncClient]:
        """The machine, with a token of its own and all of its scopes."""
        token = f"mt_{new_token()}"
        await self.sql(
            """INSERT INTO access_token (token_hash, client_id, scopes, key_print, issued_at, expires_at)
               SELECT $1, id, scopes, 'of a test', now(), now() + interval '5 minutes' FROM client WHERE id = $2""",
            hash_token(token), client_id,
        )  # fmt: skip
        async with self.house.browser(Authorization=f"Bearer {token}") as client:
            yield client

    async def subscribed(self, client_id: UUID, url: str | None, *types: str) -> dict[str, Any]:
        """An active subscription of the machine: its answer, with the secret."""
        async with self.calling(client_id) as client:
            wanted = {"mode": "webhook", "url": url} if url else {"mode": "pull"}
            made = await client.post(SUBSCRIPTIONS, json={**wanted, "types": list(types or (BOOKED,))})
            assert made.status_code == 201, made.text
            told: dict[str, Any] = made.json()
            if url:
                pinged = await client.post(f"{SUBSCRIPTIONS}/{told['id']}/ping")
                assert pinged.status_code == 200, pinged.text
            return told

    async def happens(self, *events: Event, about: UUID = CENTRE) -> list[str]:
        """The events are committed, and told to the broker; their ids."""
        database = Database(self.house.running.settings)
        await database.open()

        async def emit(tx: Tx) -> list[str]:
            return [str(tx.emit(event, about)) for event in events]

        try:
            ids = await database.run(system("gateway"), emit)
        finally:
            await database.close()
        await self.sql("NOTIFY kit_outbox")
        return ids

    async def arrived(self, *ids: str) -> None:
        """The worker has taken these events in."""

        async def all_seen() -> bool:
            rows = await self.sql("SELECT event_id::text FROM kit.inbox WHERE event_id = ANY ($1::uuid[])", list(ids))
            return len(rows) == len(set(ids))

        await soon(all_seen, seconds=30)

    async def states(self, subscription_id: str) -> list[str]:
        """Where its deliveries are, in order."""
        rows = await self.sql(
            "SELECT state FROM delivery WHERE subscription_id = $1 ORDER BY position", subscription_id
        )
        return [row["state"] for row in rows]

    async def becomes(self, subscription_id: str, *states: str) -> None:
        """Waits until its deliveries are there."""

        async def there() -> bool:
            return await self.states(subscription_id) == list(states)

        await soon(there, seconds=30)

    async def now_due(self, subscription_id: str) -> None:
        """As if the wait before the next try were over."""
        await self.sql(
            "UPDATE delivery SET due_at = now() - interval '1 second' WHERE subscription_id = $1 AND state = 'due'",
            subscription_id,
        )
