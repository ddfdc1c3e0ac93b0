"""A telephone system that the test speaks for: facts go through the one door, commands are read from the base.

    async with Exchange.of(floor) as exchange:
        call = await exchange.arrives("+33639980123")              # our id of the call
        await exchange.says("leg_answered", call, leg=await exchange.leg(call))
        assert await exchange.asked(call) == ["answer", "hold_in_queue", "ring_agent", "connect"]

No process runs the adapter: nothing is done of what is asked, and nothing happens by itself.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from telesecretariat.telephony.applying import apply
from telesecretariat.telephony.port import Fact, FactKind
from tests.harness.floor import ADAPTER, VAULT, Floor


class Exchange:
    """Speaks for the adapter of the floor."""

    def __init__(self, floor: Floor, database: Database) -> None:
        self.floor, self.database, self.who = floor, database, system("telesecretariat")

    @classmethod
    @asynccontextmanager
    async def of(cls, floor: Floor) -> AsyncIterator["Exchange"]:
        """On the base of the running service."""
        database = Database(floor.running.settings)  # type: ignore[union-attr]
        await database.open()
        try:
            yield cls(floor, database)
        finally:
            await database.close()

    async def tells(
        self,
        kind: FactKind,
        provider: str | None,
        *,
        id_: str | None = None,
        at: datetime | None = None,
        **details: Any,
    ) -> None:
        """A fact about what the telephone system knows under this id."""
        fact = Fact(id_ or new_id().hex, kind, at or clock.now(), provider, details)
        await self.database.run(self.who, apply, ADAPTER, fact)

    async def says(self, kind: FactKind, call_id: UUID, **details: Any) -> None:
        """A fact about one of our calls."""
        row = await self.floor.row("call", call_id)
        await self.tells(kind, row["provider_call_id"], **details)

    async def arrives(self, number: str | None = "+33639980123", provider: str | None = None, **details: Any) -> UUID:
        """Somebody calls the line of the floor; our id of the call."""
        known = provider or new_id().hex
        line = await self.floor.row("line", details.pop("line_id", self.floor.line_id))
        if number is not None:
            details["from"] = number
        await self.tells("call_arrived", known, to=line["number"], **details)
        return await self.call_of(known)

    async def call_of(self, provider: str) -> UUID:
        """Our id of what the telephone system knows under this one."""
        found = await self.floor.connection.fetchval("SELECT id FROM call WHERE provider_call_id = $1", provider)
        assert isinstance(found, UUID), "no call was made of it"
        return found

    async def talks(self, call_id: UUID, agent: UUID) -> None:
        """The agent claims the call, her telephone answers, they speak."""
        async with self.floor.http(self.floor.telesecretary(agent)) as client:
            claimed = await client.post(f"/v1/calls/{call_id}/claim")
        assert claimed.status_code == 200, claimed.text
        leg = await self.leg(call_id)
        await self.says("leg_answered", call_id, leg=leg)
        await self.says("connected", call_id, leg=leg)
        assert await self.state(call_id) == "talking"

    async def commands(self, call_id: UUID) -> list[tuple[str, dict[str, Any], UUID]]:
        """What was asked about a call, in order: kind, arguments, id."""
        rows = await self.floor.connection.fetch(
            "SELECT id, kind, arguments_sealed FROM telephony_command WHERE call_id = $1 ORDER BY seq", call_id
        )
        return [(row["kind"], json.loads(VAULT.open(row["arguments_sealed"]) or "{}"), row["id"]) for row in rows]

    async def asked(self, call_id: UUID) -> list[str]:
        """The kinds alone."""
        return [kind for kind, _, _ in await self.commands(call_id)]

    async def leg(self, call_id: UUID, kind: str = "ring_agent") -> str:
        """The leg that the latest command of this kind makes."""
        ids = [id_ for asked, _, id_ in await self.commands(call_id) if asked == kind]
        assert ids, f"{kind} was not asked"
        return f"{'a' if kind == 'ring_agent' else 't'}-{ids[-1]}"

    async def state(self, call_id: UUID) -> str:
        """Where the call is."""
        return str((await self.floor.row("call", call_id))["state"])

    async def events(self, call_id: UUID) -> list[str]:
        """What happened to it, in order."""
        rows = await self.floor.connection.fetch("SELECT kind FROM call_event WHERE call_id = $1 ORDER BY seq", call_id)
        return [row["kind"] for row in rows]

    async def ago(self, call_id: UUID, seconds: float) -> None:
        """As if everything about the call had happened so long ago: its instants and deadlines move back."""
        await self.floor.connection.execute(
            "UPDATE call SET arrived_at = arrived_at - i, queued_at = queued_at - i, state_since = state_since - i,"
            " connect_deadline = connect_deadline - i, wrap_up_until = wrap_up_until - i"
            " FROM (SELECT $2::float8 * interval '1 second' AS i) a WHERE id = $1",
            call_id,
            seconds,
        )

    async def act(self, agent: UUID, call_id: UUID, verb: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """What an agent does with a call, over HTTP."""
        async with self.floor.http(self.floor.telesecretary(agent)) as client:
            return await client.post(f"/v1/calls/{call_id}/{verb}", json=body)
