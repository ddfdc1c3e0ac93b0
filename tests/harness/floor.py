"""A phone line and its people in the base of telesecretariat, by plain SQL, and callers for its API.

    async with await Floor.on(admin_of(running.database_url), running) as floor:   # a real server on a real base
    floor.centre, floor.firm, floor.client_id, floor.line_id, floor.calendar_id    # one centre, one firm, one open line
    agent = await floor.agent("poste 1")      # a person, assigned to the client; `floor.caller(agent)` is her token
    call = await floor.waiting("+33639980123", queued_s_ago=30)
    async with floor.http(floor.telesecretary(agent)) as client: ...

Shared by the tests of the service: add builders, keep those that are there. Nothing here is checked as the API would:
it plants what a test needs. `floor.connection` sees all organisations.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import Protocol
from uuid import UUID

import asyncpg
import httpx

from gateway.permissions import held
from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from telesecretariat.vault import Vault
from tests.harness.people import professional
from tests.harness.people import visitor as someone

KEY = "a-key-of-tests-with-more-than-forty-three-signs-in-it"
SETTINGS = {"key": KEY}
VAULT = Vault(KEY.encode())
ALWAYS = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(7)]
ADAPTER = "line-of-tests"
_numbers = itertools.count(1)


class Running(Protocol):
    """What `running_service` gives."""

    url: str
    database_url: str

    def client(self, caller: Principal | None) -> httpx.AsyncClient: ...
    def work(self) -> None: ...


class Floor:
    """Writes rows; each method returns the id of what it made."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", running: Running | None) -> None:
        self.connection = connection
        self.running = running
        self.centre, self.firm = new_id(), new_id()
        self.client_id, self.line_id, self.calendar_id = new_id(), new_id(), new_id()

    @classmethod
    async def on(cls, admin_url: str, running: Running | None = None, centre: UUID | None = None) -> "Floor":
        """Connects (`admin_of(url)`) and plants one centre, new unless given, with one line that is always open."""
        connection = await asyncpg.connect(admin_url, server_settings={"maillage.orgs": "*"})
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
        floor = cls(connection, running)
        floor.centre = centre or floor.centre
        await floor._plant()
        return floor

    async def __aenter__(self) -> "Floor":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        await self.connection.close()

    async def _plant(self) -> None:
        await self.insert("telephony_adapter", {
            "id": ADAPTER, "organisation_id": self.firm, "kind": "simulated", "state": "up", "since": clock.now(),
            "capabilities": ["answer", "announce", "hold_in_queue", "ring_agent", "connect", "hold", "resume",
                             "dial_third", "transfer", "hang_up", "monitor"],
        })  # fmt: skip
        # As if desks had been watched all the time: none is spared for a service that has just begun.
        watched = clock.now() + timedelta(hours=1)
        await self.connection.execute(
            "INSERT INTO desk_watch (looked_at, hears_since) VALUES ($1, $2) ON CONFLICT (id)"
            " DO UPDATE SET looked_at = excluded.looked_at, hears_since = excluded.hears_since",
            watched, watched - timedelta(days=2),
        )  # fmt: skip
        await self.client(self.client_id)
        await self.insert("calendar", {
            "id": self.calendar_id, "organisation_id": self.centre, "name": "toujours", "weekly": ALWAYS,
            "created_at": clock.now(),
        })  # fmt: skip
        await self.line(self.line_id)

    async def client(self, id_: UUID | None = None, **fields: object) -> UUID:
        """A contract between `centre` and `firm`, valid since yesterday."""
        made = id_ or new_id()
        since = clock.now() - timedelta(days=400)
        row: dict[str, object] = {
            "id": made, "organisation_id": self.centre, "provider_id": self.firm, "name": "Centre",
            "valid": asyncpg.Range(since, None), "created_at": since,
        }  # fmt: skip
        await self.insert("client", row | fields)
        return made

    async def line(self, id_: UUID | None = None, **fields: object) -> UUID:
        """A line of the client: offers, longest idle first."""
        made = id_ or new_id()
        row: dict[str, object] = {
            "id": made, "organisation_id": self.centre, "client_id": self.client_id, "name": "Ligne",
            "number": f"+3363998{8000 + next(_numbers) % 1000}", "time_zone": "Europe/Paris",
            "calendar_id": self.calendar_id, "adapter_id": ADAPTER, "created_at": clock.now(),
        }  # fmt: skip
        await self.insert("line", row | fields)
        return made

    async def agent(self, label: str = "poste 1", *, assigned: bool = True, **fields: object) -> UUID:
        """A telesecretary of the firm, offline; with `presence="online", work_state="ready"` she waits for calls."""
        made, now = new_id(), clock.now()
        row: dict[str, object] = {
            "id": made, "organisation_id": self.firm, "label": label, "state_since": now, "created_at": now,
            "device_kind": "phone", "device_address": f"SIP/{made.hex[:6]}", "device_ready": True,
        }  # fmt: skip
        if fields.get("presence") == "online":
            row |= {"desk_id": new_id(), "seen_at": now}
        if fields.get("work_state") == "ready":
            row |= {"idle_since": now}
        row |= fields
        await self.insert("agent", row)
        if row.get("presence") == "online":
            await self.insert("agent_interval", {
                "id": new_id(), "organisation_id": self.firm, "agent_id": made, "during": asyncpg.Range(now, None),
                "presence": "online", "work_state": row.get("work_state", "not_ready"),
            })  # fmt: skip
        if assigned:
            await self.assign(made)
        return made

    async def assign(self, agent_id: UUID, client_id: UUID | None = None) -> UUID:
        """From yesterday on, without end."""
        made = new_id()
        since = clock.now() - timedelta(days=1)
        await self.insert("agent_assignment", {
            "id": made, "organisation_id": self.centre, "client_id": client_id or self.client_id,
            "agent_id": agent_id, "during": asyncpg.Range(since, None), "created_at": since,
        })  # fmt: skip
        return made

    async def call(self, number: str | None = "+33639980123", **fields: object) -> UUID:
        """A call in the state asked for (`waiting` by default), with its first event."""
        made, now = new_id(), clock.now()
        row: dict[str, object] = {
            "id": made, "organisation_id": self.centre, "client_id": self.client_id, "line_id": self.line_id,
            "adapter_id": ADAPTER, "direction": "inbound", "state": "waiting", "provider_call_id": made.hex,
            "number_sealed": VAULT.seal(number), "number_hash": VAULT.hash(number), "arrived_at": now,
            "queued_at": now, "priority_at": now, "state_since": now, "created_at": now,
        }  # fmt: skip
        row |= fields
        await self.insert("call", row)
        await self.insert("call_event", {
            "call_id": made, "seq": 1, "organisation_id": self.centre, "client_id": row["client_id"], "at": now,
            "kind": "arrived", "state": row["state"], "agent_id": row.get("agent_id"),
        })  # fmt: skip
        return made

    async def waiting(self, number: str | None = "+33639980123", queued_s_ago: float = 0, **fields: object) -> UUID:
        """A call in the queue since so long."""
        at = clock.now() - timedelta(seconds=queued_s_ago)
        return await self.call(
            number, **{"arrived_at": at, "queued_at": at, "priority_at": at, "state_since": at} | fields
        )

    async def talking(self, agent_id: UUID, number: str | None = "+33639980123", **fields: object) -> UUID:
        """A call in conversation with this agent, who is busy with it; her leg is `a-` and the id of its ring."""
        now = clock.now()
        known = {"state": "talking", "agent_id": agent_id, "answered_at": now, "left_queue_at": now, "wait_s": 0.0}
        made = await self.call(number, **known | fields)
        await self.insert("telephony_command", {
            "id": new_id(), "organisation_id": self.centre, "adapter_id": ADAPTER, "call_id": made,
            "kind": "ring_agent", "arguments_sealed": VAULT.seal("{}"), "state": "done", "created_at": now,
            "expires_at": now,
        })  # fmt: skip
        await self.connection.execute(
            "UPDATE agent SET presence = 'online', work_state = 'on_call', seen_at = $2, version = version + 1,"
            " desk_id = coalesce(desk_id, $3) WHERE id = $1",
            agent_id, now, new_id(),
        )  # fmt: skip
        return made

    async def site(self, **fields: object) -> UUID:
        """A site of the centre."""
        made = new_id()
        row: dict[str, object] = {
            "site_id": made, "organisation_id": self.centre, "name": "Site", "timezone": "Europe/Paris",
            "active": True, "version": 1,
        }  # fmt: skip
        await self.insert("site_ref", row | fields)
        return made

    async def doctor(self, person: UUID | None = None, **fields: object) -> UUID:
        """A practitioner of the centre; `person` is who signs in as him, tied by his RPPS number."""
        made, rpps = new_id(), f"1000000{next(_numbers):04d}"
        row: dict[str, object] = {
            "practitioner_id": made, "organisation_id": self.centre, "rpps": rpps, "profession": "physician",
            "display_name": "Praticien", "site_ids": [], "active": True, "version": 1,
        }  # fmt: skip
        await self.insert("practitioner_ref", row | fields)
        if person is not None:
            await self.insert("person_ref", {
                "person_id": person, "organisation_id": self.centre, "display_name": "Praticien", "rpps": rpps,
                "status": "active", "epoch": 1,
            })  # fmt: skip
        return made

    async def catalogue(self, kind: str, *codes: str) -> None:
        """Words that the centre has chosen."""
        for code in codes:
            await self.insert("catalogue_entry", {
                "id": new_id(), "organisation_id": self.centre, "kind": kind, "code": code, "label_fr": code,
                "label_en": code, "created_at": clock.now(),
            })  # fmt: skip

    async def insert(self, table: str, row: dict[str, object]) -> None:
        """One row."""
        columns, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await self.connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", *row.values())

    async def row(self, table: str, id_: UUID) -> asyncpg.Record:
        """One row by its id."""
        found = await self.connection.fetchrow(f"SELECT * FROM {table} WHERE id = $1", id_)
        assert found is not None, f"{table} {id_}"
        return found

    # --- callers ---------------------------------------------------------------------------------------------------

    def telesecretary(self, agent_id: UUID) -> Principal:
        """The agent, for the firm and the centre."""
        return professional("telesecretary", self.firm, self.centre, person=agent_id, service="telesecretariat")

    def supervisor(self, person: UUID | None = None) -> Principal:
        """A supervisor of the firm."""
        return professional("supervisor", self.firm, self.centre, person=person, service="telesecretariat")

    def manager(self, person: UUID | None = None) -> Principal:
        """The manager of the centre."""
        return professional("manager", self.centre, person=person, service="telesecretariat")

    def practitioner(self, person: UUID | None = None) -> Principal:
        """A doctor of the centre."""
        return professional("practitioner", self.centre, person=person, service="telesecretariat")

    def stranger(self, role: str = "supervisor") -> Principal:
        """Somebody of another firm."""
        return professional(role, new_id(), service="telesecretariat")

    def visitor(self) -> Principal:
        """Somebody unknown, as the gateway presents one to this service."""
        return replace(someone(), perms=held("visitor", "telesecretariat"))

    @asynccontextmanager
    async def http(self, caller: Principal | None) -> AsyncIterator[httpx.AsyncClient]:
        """A client of the running service as this caller."""
        assert self.running is not None
        async with self.running.client(caller) as client:
            yield client

    def work(self) -> None:
        """Starts the service's worker: relay, consumers, jobs."""
        assert self.running is not None
        self.running.work()


async def together(*acts: "asyncio.Future[object]") -> list[object]:
    """Runs acts at once and returns their results; an exception of one is its result."""
    return list(await asyncio.gather(*acts, return_exceptions=True))


async def broken(floor: Floor, table: str, id_: UUID) -> None:
    """From now on nothing can be done with this row: any change of it fails, as by a mistake of ours."""
    await floor.connection.execute(
        f"CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$;"
        f" CREATE TRIGGER breaks BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN (OLD.id = '{id_}') EXECUTE FUNCTION breaks()"
    )
