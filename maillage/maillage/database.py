"""The only place that opens and commits transactions.

A use case receives a `Tx` and returns its result. What it emitted and audited is written in the same transaction, in
one
round trip; the caller hears of the result only after COMMIT. Deadlocks and serialisation failures run the use case
again.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar, cast
from uuid import UUID

import asyncpg

from contracts.base import Event
from maillage import clock, context, ids
from maillage.pauses import pause
from maillage.principal import Principal
from maillage.refusals import Invalid, KeyInUse, KeyReused, ServiceUnavailable
from maillage.settings import ServiceSettings

P = ParamSpec("P")
R = TypeVar("R")
Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
SqlValue = object

_AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the connection was ended just as it was used
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    OSError,
    TimeoutError,
)

BEGIN_KEYED = """
SELECT kit_now() AS now, pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)) AS mine,
       i.fingerprint, i.status, i.etag, i.body
FROM (SELECT 1) one LEFT JOIN kit.idempotency i ON i.actor = $1 AND i.key = $2
"""
READ_KEYED = "SELECT fingerprint, status, etag, body FROM kit.idempotency WHERE actor = $1 AND key = $2"
# What the kit adds to a transaction, in one round trip: the kept answer if there is a key, the outbox, the audit.
FINISH = """
WITH k AS (
    INSERT INTO kit.idempotency (actor, key, fingerprint, status, etag, body, created_at)
    SELECT $19, $20, $21, $22, $23, $24, now() WHERE $19::text IS NOT NULL
), o AS (
    INSERT INTO kit.outbox (id, type, subject_id, organisation_id, payload, traceparent, occurred_at)
    SELECT e.id, e.type, e.subject_id, e.organisation_id, e.payload, $6, $7
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[])
         WITH ORDINALITY AS e (id, type, subject_id, organisation_id, payload, place)
    ORDER BY e.place
)
INSERT INTO kit.audit (id, organisation_id, at, actor, role, session, ip, request_id, action, record, record_id, facts)
SELECT a.id, a.organisation_id, $7, $8, $9, $10, $11, $12, a.action, a.record, a.record_id, a.facts
FROM unnest($13::uuid[], $14::uuid[], $15::text[], $16::text[], $17::uuid[], $18::text[])
     AS a (id, organisation_id, action, record, record_id, facts)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it leaves and as it is kept for a repeated key: the same bytes."""

    status: int
    body: bytes
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key: unique per actor; the fingerprint is of method, path and body."""

    actor: str
    key: str
    fingerprint: bytes


class Tx:
    """One open transaction, limited by row-level security to what its principal reaches."""

    def __init__(self, connection: Connection, principal: Principal, now: datetime, settings: ServiceSettings) -> None:
        self._connection = connection
        self.principal = principal
        self.now = now
        self.settings = settings
        self._events: list[tuple[UUID, Event, UUID]] = []
        self._audits: list[tuple[UUID, UUID, str, str, UUID, str]] = []
        self._attempted = False

    async def fetch(self, sql: str, *args: SqlValue) -> list[asyncpg.Record]:
        """All rows."""
        return await self._connection.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: SqlValue) -> asyncpg.Record | None:
        """The first row, or None."""
        return await self._connection.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: SqlValue) -> object:
        """The first value of the first row, or None."""
        value: object = await self._connection.fetchval(sql, *args)
        return value

    async def execute(self, sql: str, *args: SqlValue) -> str:
        """The command tag, such as `UPDATE 1`."""
        return await self._connection.execute(sql, *args)

    async def executemany(self, sql: str, rows: Sequence[Sequence[SqlValue]]) -> None:
        """One statement for each row, in one batch."""
        await self._connection.executemany(sql, rows)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """What is done within is undone when it raises, with its events and audits, and the transaction goes on. Not
        within another attempt."""
        events, audits = len(self._events), len(self._audits)
        await self._connection.execute(NEXT_ATTEMPT if self._attempted else ATTEMPT)
        self._attempted = True
        try:
            yield
        except Exception:
            await self._connection.execute("ROLLBACK TO SAVEPOINT attempt")
            del self._events[events:], self._audits[audits:]
            raise

    def emit(self, event: Event, organisation_id: UUID) -> UUID:
        """Puts the event into the outbox of this transaction; returns its id.

        It leaves after COMMIT, in order per aggregate.
        """
        event_id = ids.new_id()
        self._events.append((event_id, event, organisation_id))
        return event_id

    def audit(
        self, action: str, record: str, record_id: UUID, organisation_id: UUID, **facts: str | int | bool | None
    ) -> None:
        """Says who did what to which record.

        Facts are identifiers and codes: never a name, a phone number or a reason.
        """
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        self._audits.append((ids.new_id(), organisation_id, action, record, record_id, text))

    @property
    def emitted(self) -> int:
        """How many events this transaction has put into the outbox."""
        return len(self._events)

    async def finish(self, kept: "tuple[Key, Answer] | None" = None) -> None:
        """Writes outbox, audit and the answer to be given again for its key. Called by the kit, once, before COMMIT."""
        if not self._events and not self._audits and kept is None:
            return
        key, answer = kept or (None, None)
        events, audits, who = self._events, self._audits, self.principal
        await self._connection.execute(
            FINISH,
            [e[0] for e in events],
            [e[1].TYPE for e in events],
            [e[1].aggregate_id() for e in events],
            [e[2] for e in events],
            [e[1].model_dump_json() for e in events],
            context.traceparent.get(),
            self.now,
            who.sub,
            who.role or who.kind,
            who.sid,
            who.ip,
            context.request_id.get(),
            *([a[column] for a in audits] for column in range(6)),
            *((key.actor, key.key, key.fingerprint) if key else (None, None, None)),
            *((answer.status, answer.etag, answer.body) if answer else (None, None, None)),
        )


ATTEMPT = "SAVEPOINT attempt"
# One that went well is left open: the next ends it in the round trip that begins its own, COMMIT the last.
NEXT_ATTEMPT = "RELEASE SAVEPOINT attempt; SAVEPOINT attempt"
UseCase = Callable[Concatenate[Tx, P], Awaitable[R]]


async def _prepare(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _keep(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Instead of asyncpg's RESET ALL at each release: everything we set is local to its transaction."""


def _reach(principal: Principal) -> str:
    return "*" if principal.orgs is None else ",".join(sorted(str(org) for org in principal.orgs))


def _caller(principal: Principal) -> str:
    """Role, person and own organisation, for policies that look at more than the organisation of a row. A wall screen
    and a partner's machine are no person; their reach ends with a contract all the same."""
    if principal.kind not in ("professional", "partner"):
        return ""
    role = principal.role or principal.kind
    if not (role.isidentifier() and role.isascii()):
        return ""
    return f"{role} {principal.person_id or ''} {principal.org or ''}"


class Database:
    """The pool of one service's role on its own database."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._reader: asyncpg.Pool[asyncpg.Record] | None = None
        self._on_commit: tuple[Callable[[], None], ...] = ()

    @property
    def settings(self) -> ServiceSettings:
        """The settings of the service whose database this is: what a timed job needs beside it."""
        return self._settings

    def on_commit(self, called: Callable[[], None]) -> None:
        """Has `called` after each commit of this process that left events in the outbox."""
        self._on_commit += (called,)

    async def _open_pool(self, size: int, **server: str) -> "asyncpg.Pool[asyncpg.Record]":
        settings = self._settings
        common = {
            "application_name": f"maillage-{settings.SERVICE}",
            "statement_timeout": str(int(settings.statement_timeout_s * 1000)),
            "lock_timeout": str(int(settings.statement_timeout_s * 1000)),
            "idle_in_transaction_session_timeout": "15000",
            "jit": "off",
        } | clock.server_settings(settings.clock_offset_s)
        return await asyncpg.create_pool(
            settings.postgres_url,
            min_size=1,
            max_size=size,
            init=_prepare,
            reset=_keep,
            server_settings=common | server,
            timeout=5,
        )

    async def open(self) -> None:
        """Connects.

        Public reads have their own pool, whose connections see all organisations and need no transaction.
        """
        self._pool = await self._open_pool(self._settings.pool_size)
        self._reader = await self._open_pool(max(2, self._settings.pool_size // 2), **{"maillage.orgs": "*"})

    async def close(self) -> None:
        """Waits for what is running, then closes every connection."""
        for pool in (self._pool, self._reader):
            if pool is not None:
                await pool.close()

    @asynccontextmanager
    async def _acquire(self, pool: "asyncpg.Pool[asyncpg.Record] | None") -> AsyncIterator[Connection]:
        if pool is None:
            raise ServiceUnavailable
        # The pool's own time limit would make a task for each request; its release is shielded already.
        async with asyncio.timeout(self._settings.pool_wait_s):
            connection = await pool.acquire()
        try:
            yield connection
        finally:
            await pool.release(connection, timeout=self._settings.pool_wait_s)

    @asynccontextmanager
    async def _transaction(self, principal: Principal) -> AsyncIterator[Connection]:
        """BEGIN and the reach of the caller in one round trip; ROLLBACK on any exception. The caller commits."""
        async with self._acquire(self._pool) as connection:
            reach, caller = _reach(principal), _caller(principal)
            # allow sql-made-of-pieces: only the digits and dashes of UUIDs, '*', and a role that is an identifier
            await connection.execute(
                f"BEGIN; SET LOCAL maillage.orgs = '{reach}'; SET LOCAL maillage.caller = '{caller}'"
            )
            try:
                yield connection
            except BaseException:
                if not connection.is_closed():
                    await asyncio.shield(connection.execute("ROLLBACK"))
                raise

    async def _once(self, principal: Principal, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        async with self._transaction(principal) as connection:
            now = cast(datetime, await connection.fetchval("SELECT kit_now()"))
            tx = Tx(connection, principal, now, self._settings)
            result = await use_case(tx, *args, **kwargs)
            await self._commit(connection, tx)
        return result

    async def _commit(self, connection: Connection, tx: Tx, kept: tuple[Key, Answer] | None = None) -> None:
        """Kept answer, outbox and audit, then COMMIT; only then is the relay woken."""
        await tx.finish(kept)
        await pause("before_commit")
        await connection.execute("COMMIT")
        await pause("after_commit")
        if tx.emitted:
            for called in self._on_commit:
                called()

    async def run(self, principal: Principal, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs one use case in one transaction and returns its result after COMMIT.

        Refused: `SERVICE_UNAVAILABLE` when the base does not answer. 40001 and 40P01 are tried again, three
        times, with jitter.
        """
        return await self._again(lambda: self._once(principal, use_case, *args, **kwargs))

    async def answer(
        self,
        principal: Principal,
        key: Key | None,
        render: Callable[[R], Answer],
        use_case: UseCase[P, R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """As `run`, for an HTTP answer: with a key, the answer is kept in the same transaction and given again for the
        same key.
        """
        return await self._again(lambda: self._answer_once(principal, key, render, use_case, *args, **kwargs))

    async def _answer_once(
        self,
        principal: Principal,
        key: Key | None,
        render: Callable[[R], Answer],
        use_case: UseCase[P, R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        async with self._transaction(principal) as connection:
            now, kept = await self._begun(connection, key)
            if kept is not None:
                await connection.execute("ROLLBACK")
                return kept
            tx = Tx(connection, principal, now, self._settings)
            answer = render(await use_case(tx, *args, **kwargs))
            await self._commit(connection, tx, None if key is None else (key, answer))
        return answer

    async def _begun(self, connection: Connection, key: Key | None) -> tuple[datetime, Answer | None]:
        """The base's instant, and the answer already kept for the key. The key is ours until the end otherwise."""
        if key is None:
            return cast(datetime, await connection.fetchval("SELECT kit_now()")), None
        row = await connection.fetchrow(BEGIN_KEYED, key.actor, key.key)
        assert row is not None
        kept = _kept(key, row)
        if kept is None and not row["mine"]:
            kept = await self._kept_meanwhile(connection, key)
        return row["now"], kept

    async def _kept_meanwhile(self, connection: Connection, key: Key) -> Answer:
        """Another request holds the key: its answer if it has just been kept, else `KEY_IN_USE`."""
        kept = _kept(key, await connection.fetchrow(READ_KEYED, key.actor, key.key))
        if kept is None:
            raise KeyInUse(headers={"Retry-After": "1"})
        return kept

    async def read(self, principal: Principal, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a reading use case. Public reach needs no transaction: one round trip per query."""

        async def public() -> R:
            async with self._acquire(self._reader) as connection:
                tx = Tx(connection, principal, clock.now(), self._settings)
                result = await use_case(tx, *args, **kwargs)
                await tx.finish()
                return result

        async def within_reach() -> R:
            async with self._transaction(principal) as connection:
                tx = Tx(connection, principal, clock.now(), self._settings)
                result = await use_case(tx, *args, **kwargs)
                await self._commit(connection, tx)
                return result

        return await self._again(public if principal.orgs is None else within_reach)

    async def _again(self, attempt: Callable[[], Awaitable[R]]) -> R:
        for turn in range(4):
            try:
                return await attempt()
            except _AGAIN as conflict:
                if turn == 3:
                    raise ServiceUnavailable from conflict
                await asyncio.sleep(random.uniform(0.002, 0.02) * (turn + 1))
            except asyncpg.UniqueViolationError as twice:
                # Another request kept its answer between our snapshot and our lock: the next attempt reads it.
                if twice.constraint_name != "idempotency_pkey" or turn == 3:
                    raise
            except _AWAY as away:
                raise ServiceUnavailable from away
            except (asyncpg.DataError, UnicodeEncodeError) as wrong:
                raise Invalid from wrong
        raise AssertionError("unreachable")


def _kept(key: Key, row: asyncpg.Record | None) -> Answer | None:
    if row is None or row["status"] is None:
        return None
    if row["fingerprint"] != key.fingerprint:
        raise KeyReused
    return Answer(row["status"], row["body"], row["etag"])
