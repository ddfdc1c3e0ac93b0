"""Offers made and ended by the service itself: each waiting call to the agent who has waited longest.

Runs after every commit of the process that left an event, and once a second; a run asks the base one question when
nobody is ready. Several processes may run it at once: what one has locked, the others pass over.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from contracts.telesecretariat import AgentChanged, CallChanged, OfferOpened
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import system
from maillage.refusals import NotFound, Refusal
from telesecretariat.calls import queueing
from telesecretariat.calls.changing import locked
from telesecretariat.calls.deadlines import each_due
from telesecretariat.dispatch import queries
from telesecretariat.dispatch.domain import Ready, Waiting, pairs
from telesecretariat.dispatch.service import put_off

log = structlog.get_logger()
TICK_S: Final = 1.0
REST_S: Final = 0.02
"""Between two runs, so that many commits at once cause one."""
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def offer_waiting(database: Database) -> int:
    """Offers what can be offered now; how many calls. Reads outside a transaction, marks in one."""
    itself = system(database.settings.SERVICE)
    found = await database.read(itself, _pairs)
    return await database.run(itself, offer, found) if found else 0


async def _pairs(tx: Tx) -> list[tuple[UUID, UUID]]:
    # allow day-of-a-place: the day of a count, the same for all lines
    ready = [_ready(row) for row in await tx.fetch(queries.READY, tx.now, tx.now.date())]
    clients = frozenset().union(*(agent.clients for agent in ready))
    if not clients:
        return []
    waiting = [
        Waiting(
            row["id"],
            row["client_id"],
            frozenset(row["required_skills"]) | frozenset(row["preferred_skills"]),
            row["strategy"],
        )
        for row in await tx.fetch(queries.TO_OFFER, tx.now, sorted(clients))
    ]
    return pairs(waiting, ready)


def _ready(row: asyncpg.Record) -> Ready:
    return Ready(
        row["id"],
        frozenset(row["clients"]),
        frozenset(row["skills"]),
        row["idle_since"] or _LONG_AGO,
        row["calls_today"],
    )


async def offer(tx: Tx, found: list[tuple[UUID, UUID]]) -> int:
    """Marks these pairs of call and agent, those of which are still free; how many were."""
    calls, agents = [pair[0] for pair in found], [pair[1] for pair in found]
    ids = [[new_id() for _ in found] for _ in range(2)]
    rows = await tx.fetch(queries.OFFER, calls, agents, *ids, tx.now)
    for row in rows:
        _tell(tx, row)
    return len(rows)


def _tell(tx: Tx, row: asyncpg.Record) -> None:
    about = {"call_id": row["call_id"], "client_id": row["client_id"], "line_id": row["line_id"]}
    tx.emit(
        CallChanged(
            **about,
            before="waiting",
            state="offered",
            cause="offered",
            agent_id=row["agent_id"],
            priority_at=row["priority_at"],
            version=row["call_version"],
        ),
        row["organisation_id"],
    )
    tx.emit(
        OfferOpened(**about, offer_id=row["offer_id"], agent_id=row["agent_id"], expires_at=row["expires_at"]),
        row["organisation_id"],
    )
    tx.emit(
        AgentChanged(
            agent_id=row["agent_id"],
            presence="online",
            work_state="offered",
            reason=None,
            pending_state=row["pending_state"],
            call_id=row["call_id"],
            version=row["agent_version"],
        ),
        row["employer"],
    )


class Dispatcher:
    """Runs `offer_waiting` when woken, and each second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._woken = asyncio.Event()
        database.on_commit(self._woken.set)

    async def run(self) -> None:
        """For ever. A base that is away, or a mistake of ours, ends one run and not the dispatch."""
        while True:
            self._woken.clear()
            try:
                await offer_waiting(self._database)
            except Refusal as refusal:
                log.warning("dispatch put off", code=refusal.code)
            except Exception:
                log.exception("dispatch failed")
            await asyncio.sleep(REST_S / clock.rate())
            await self._until_woken()

    async def _until_woken(self) -> None:
        try:
            async with asyncio.timeout(TICK_S / clock.rate()):
                await self._woken.wait()
        except TimeoutError:
            return


async def dispatch(database: Database) -> None:
    """Job of the worker that leads: for ever."""
    await Dispatcher(database).run()


async def expire(database: Database) -> None:
    """Job: offers that nobody took. Each in its own transaction."""
    await each_due(database, queries.DUE_OFFERS, expire_offer)


async def expire_offer(tx: Tx, offer_id: UUID) -> None:
    """The call waits again at its old place; its agent is not ready (no answer). One that was settled meanwhile stays
    as it is."""
    offer = await tx.fetchrow(queries.OFFER_OF, offer_id)
    if offer is None:
        return
    try:
        call = await locked(tx, offer["call_id"])
    except NotFound:
        return
    offer = await tx.fetchrow(queries.OFFER_STANDS, offer_id)
    if offer is None or offer["state"] != "open" or offer["expires_at"] > tx.now or call.state != "offered":
        return
    await queueing.back_to_wait(tx, call, "no_answer", "expired")
    await put_off(tx, offer["agent_id"], call.id, "no_answer")
