"""Mutants of the kit: transactions, outbox, inbox, idempotency, audit."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final, Protocol, cast
from uuid import UUID

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from contracts.base import Event
from maillage import clock, consumers, database, ids, outbox
from maillage.bus import Bus, Leaving
from maillage.consumers import Consumption
from maillage.database import Answer, Connection, Database, Key, Tx
from maillage.pauses import pause

LEAVES_S: Final = 0.2
"""Long enough for an answer to leave before what should have come first."""


class Put(Protocol):
    """`setattr`, or one that is undone at the end of a test."""

    def __call__(self, target: Any, name: str, value: Any, /) -> None: ...


def answer_before_commit(put: Put) -> None:
    """The caller is told once the use case has run; the transaction ends afterwards."""
    answer_once, commit = Database._answer_once, Database._commit

    async def told_first(
        self: Database,
        who: Any,
        key: Key | None,
        render: Callable[[Any], Answer],
        use_case: Any,
        *args: Any,
        **more: Any,
    ) -> Answer:
        told: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def tell(result: Any) -> Answer:
            told.set_result(render(result))
            return told.result()

        work = asyncio.ensure_future(answer_once(self, who, key, tell, use_case, *args, **more))
        await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
        return told.result() if told.done() else work.result()

    async def late(self: Database, connection: Connection, tx: Tx, kept: tuple[Key, Answer] | None = None) -> None:
        await asyncio.sleep(LEAVES_S)
        await commit(self, connection, tx, kept)

    put(Database, "_answer_once", told_first)
    put(Database, "_commit", late)


def outbox_by_last_id(put: Put) -> None:
    """The relay asks for what comes after the last that it has sent."""
    sent = "(SELECT coalesce(max(sequence), 0) FROM kit.outbox WHERE published_at IS NOT NULL)"
    put(outbox, "WAITING", outbox.WAITING.replace("WHERE", f"WHERE sequence > {sent} AND"))


def mark_before_acknowledgement(put: Put) -> None:
    """What was handed to the connection counts as sent."""
    publish = Bus.publish
    under_way: set[asyncio.Task[list[bool]]] = set()

    async def hopeful(self: Bus, events: Sequence[Leaving]) -> list[bool]:
        task = asyncio.create_task(publish(self, events))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return [True] * len(events)

    put(Bus, "publish", hopeful)


def inbox_skipped(put: Put) -> None:
    """Every delivery is the first."""
    put(consumers, "SEEN", "SELECT $2::uuid WHERE $1::text <> '' AND $3::text <> '' AND $4::bigint IS NOT NULL")


class _Acknowledged:
    """A message that is not acknowledged again."""

    def __init__(self, message: Any) -> None:
        self._message = message

    def __getattr__(self, name: str) -> Any:
        return getattr(self._message, name)

    async def ack(self) -> None:
        """Done already."""

    nak = term = lambda self, **_: self.ack()


def acknowledge_before_commit(put: Put) -> None:
    """The broker is told before the effect is there."""
    handle = Consumption.handle

    async def told_first(self: Consumption, message: Msg) -> None:
        await message.ack()
        await self._bus.client.flush()
        await pause("before_ack")
        await handle(self, cast(Msg, _Acknowledged(message)))

    put(Consumption, "handle", told_first)


def publish_without_outbox(put: Put) -> None:
    """Events go to the broker at once, from within the transaction, and are written nowhere."""
    under_way: set[asyncio.Task[None]] = set()

    def emit(self: Tx, event: Event, organisation_id: UUID) -> UUID:
        event_id = ids.new_id()
        told = event.TYPE, event.aggregate_id(), organisation_id, event.model_dump_json(), None, self.now
        task = asyncio.create_task(_publish(self, Leaving(1, event_id, *told)))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return event_id

    put(Tx, "emit", emit)


async def _publish(tx: Tx, event: Leaving) -> None:
    bus = Bus(tx.settings.nats_url, tx.settings.territory, "mutant")
    try:
        await bus.open()
        await bus.publish([event])
        await bus.close()
    except (NatsError, OSError, TimeoutError):
        return  # nobody will ever know


def time_of_the_service(put: Put) -> None:
    """Deadlines are judged by the service's own clock, which is two hours slow."""
    init = Tx.__init__

    def slow(self: Tx, connection: Connection, principal: Any, _now: Any, settings: Any) -> None:
        init(self, connection, principal, clock.now() - timedelta(hours=2), settings)

    put(Tx, "__init__", slow)


def no_fingerprint(put: Put) -> None:
    """The answer of a key is given to whatever comes with it."""

    def kept(_key: Key, row: Any) -> Answer | None:
        return None if row is None or row["status"] is None else Answer(row["status"], row["body"], row["etag"])

    put(database, "_kept", kept)


def audit_after_commit(put: Put) -> None:
    """Who did it is written in a transaction of its own, after that of what was done."""
    commit = Database._commit

    async def audited_later(
        self: Database, connection: Connection, tx: Tx, kept: tuple[Key, Answer] | None = None
    ) -> None:
        audits, tx._audits = tx._audits, []
        await commit(self, connection, tx, kept)
        if audits:
            await self.run(tx.principal, _audited, audits)

    put(Database, "_commit", audited_later)


async def _audited(tx: Tx, audits: list[Any]) -> None:
    await tx._connection.executemany(
        "INSERT INTO kit.audit (id, organisation_id, at, actor, action, record, record_id, facts)"
        " VALUES ($1, $2, now(), 'mutant', $3, $4, $5, $6)",
        audits,
    )
