"""Plays a simulation: each caller rings when his time has come, and again when he gave up."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import system
from telesecretariat.simulation import queries
from telesecretariat.simulation.domain import Caller
from telesecretariat.simulation.exchange import Exchange, Held
from telesecretariat.simulation.rows import Simulation

_PREFIX: Final = "sim"


def named(simulation_id: UUID, index: int, attempt: int) -> str:
    """The provider id of one attempt of one caller: who takes over finds them again."""
    return f"{_PREFIX}.{simulation_id.hex}.{index}.{attempt}"


def parsed(name: str | None) -> tuple[UUID | None, int | None, int]:
    """(simulation, index of the caller, attempt) of such a name; nothing for any other."""
    pieces = (name or "").split(".")
    if len(pieces) != 4 or pieces[0] != _PREFIX:
        return None, None, 0
    return UUID(hex=pieces[1]), int(pieces[2]), int(pieces[3])


async def live(tx: Tx, adapter_id: str) -> list[asyncpg.Record]:
    """The calls that a telephone system must hold."""
    return await tx.fetch(queries.LIVE, adapter_id)


async def known(tx: Tx, adapter_id: str, prefix: str) -> list[asyncpg.Record]:
    """What became of the callers of one simulation."""
    return await tx.fetch(queries.KNOWN, adapter_id, prefix)


async def called_back(tx: Tx, call_id: UUID) -> tuple[str | None, int]:
    """(name of the call in which it was asked for, how often he was rung before) of a callback."""
    row = await tx.fetchrow(queries.CALLED_BACK, call_id)
    return (None, 0) if row is None else (row["provider_call_id"], row["attempts"])


class Player:
    """One simulation, as it is played."""

    def __init__(self, simulation: Simulation, adapter_id: str, database: Database) -> None:
        self.simulation = simulation
        self.callers = {each.index: each for each in simulation.callers()}
        self._adapter_id, self._database = adapter_id, database
        self._exchange: Exchange | None = None
        self._group: asyncio.TaskGroup | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun = simulation.began_at

    def held(self, person: Caller, attempt: int) -> Held:
        """A call of this person as the telephone system holds it."""
        name = named(self.simulation.id, person.index, attempt)
        return Held(
            name=name,
            pace=self.simulation.pace,
            dice=self.simulation.throw(name.partition(".")[2].partition(".")[2]),
            patience_s=person.patience_s[min(attempt, len(person.patience_s) - 1)],
            talk_s=person.talk_s,
            caller=person,
            attempt=attempt,
            faults=self.simulation.faults,
        )

    def begin(self, exchange: Exchange, group: asyncio.TaskGroup) -> None:
        """Rings whoever has not rung yet."""
        self._exchange, self._group, self._begun = exchange, group, clock.now()
        self._start(self._play())

    def stop(self) -> None:
        """Nobody rings any more; who has rung stays on the line."""
        for task in list(self._tasks):
            task.cancel()

    def tries_again(self, index: int, attempt: int) -> None:
        """Somebody gave up: he may have the heart to ring again. On demand, nobody does."""
        person = self.callers[index]
        if attempt < len(person.redials_s) and self.simulation.calls is None:
            at = clock.now() + timedelta(seconds=self.simulation.pace.seconds(person.redials_s[attempt]))
            self._start(self._rings(person, attempt + 1, at))

    def _start(self, work: Coroutine[object, object, None]) -> None:
        assert self._group is not None
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _play(self) -> None:
        rang = await self._rang()
        for person in self.callers.values():
            if person.index not in rang:
                await self._rings(person, 0, self.simulation.pace.instant(person.at))

    async def _rang(self) -> set[int]:
        """Who has rung before this process took over; of these, who gave up will still try again."""
        prefix = f"{_PREFIX}.{self.simulation.id.hex}."
        rows = await self._database.read(system(self._database.settings.SERVICE), known, self._adapter_id, prefix)
        attempts: dict[int, tuple[int, asyncpg.Record]] = {}
        for row in rows:
            _, index, attempt = parsed(row["provider_call_id"])
            if index is not None and attempt >= attempts.get(index, (0, None))[0]:
                attempts[index] = (attempt, row)
        for index, (attempt, row) in attempts.items():
            if row["state"] == "abandoned" and index in self.callers:
                self.tries_again(index, attempt)
        return set(attempts)

    async def _rings(self, person: Caller, attempt: int, at: datetime) -> None:
        """Waits for the instant and rings. Who tried while nobody held the line gets through at last, his patience
        nearly spent."""
        held, now = self.held(person, attempt), clock.now()
        if at > now:
            await clock.sleep((at - now).total_seconds())
        missed = (self._begun - at).total_seconds() * held.pace.times
        held.patience_s = max(1.0, held.patience_s - missed) if missed > 0 else held.patience_s
        if self._exchange is not None:
            await self._exchange.ring(held, self.simulation.number)
