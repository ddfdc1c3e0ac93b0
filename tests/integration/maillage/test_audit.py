"""The audit holds: append-only for the service, sealed within a second, and every tampering is found and named."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
import pytest

from maillage.audit import UNSEALED, Broken, seal, verify
from maillage.database import Database, Tx
from maillage.principal import system
from maillage.testing import Running
from tests.harness.ledger import service
from tests.integration.maillage.test_act import OTHER, writer

T = TypeVar("T")


async def _sealed(running: Running) -> Database:
    """Six entries of two organisations, linked."""
    for org_writer in (writer(), writer(OTHER)):
        async with running.client(org_writer) as client:
            for text in "abc":
                assert (await client.post("/v1/entries", json={"text": text})).status_code == 201
    database = Database(running.settings)
    await database.open()
    assert await database.run(system("ledger"), seal) == 6
    return database


async def _verified(
    running: Running, tamper: "Callable[[asyncpg.Connection[asyncpg.Record]], Awaitable[T]]", admin: str
) -> Broken | None:
    database = await _sealed(running)
    connection = await asyncpg.connect(admin)
    try:
        assert await database.run(system("ledger"), verify) is None
        await connection.execute("SET session_replication_role = replica")  # what a superuser can do: no trigger fires
        await tamper(connection)
        return await database.run(system("ledger"), verify)
    finally:
        await connection.close()
        await database.close()


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (
            "UPDATE kit.audit SET actor = 'x' WHERE id = (SELECT id FROM kit.audit ORDER BY id OFFSET 1 LIMIT 1)",
            "the row was changed",
        ),
        (
            "UPDATE kit.audit SET at = at - interval '1 day' WHERE id = (SELECT id FROM kit.audit ORDER BY id LIMIT 1)",
            "the row was changed",
        ),
        ("DELETE FROM kit.audit WHERE id = (SELECT id FROM kit.audit ORDER BY id OFFSET 2 LIMIT 1)", "the row is gone"),
        ("DELETE FROM kit.audit_seal WHERE sequence = 2", "a link is missing"),
        (
            "INSERT INTO kit.audit (organisation_id, at, actor, action, record, record_id, facts, xid) "
            "SELECT organisation_id, at, actor, action, record, record_id, facts, xid FROM kit.audit LIMIT 1",
            "a row was added outside the chain",
        ),
    ],
)
async def test_tampering_is_found(
    running_service: Callable[..., Running], admin_of: Callable[[str], str], sql: str, why: str
) -> None:
    running = running_service(service)
    broken = await _verified(running, lambda c: c.execute(sql), admin_of(running.database_url))
    assert broken is not None
    assert broken.why == why


async def test_the_service_itself_cannot_change_the_audit(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    database = await _sealed(running)
    await database.close()
    connection = await asyncpg.connect(running.database_url, server_settings={"maillage.orgs": "*"})
    try:
        for sql in (
            "UPDATE kit.audit SET actor = 'x'",
            "DELETE FROM kit.audit",
            "TRUNCATE kit.audit",
            "DELETE FROM kit.audit_seal",
        ):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RaiseError)):
                await connection.execute(sql)
    finally:
        await connection.close()


async def test_a_long_transaction_delays_its_seal_and_loses_none(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    """A row whose transaction began before others sealed is linked later: the order is that of transaction ids."""
    running = running_service(service)
    database = Database(running.settings)
    await database.open()
    slow = await asyncpg.connect(running.database_url, server_settings={"maillage.orgs": "*"})
    try:
        await slow.execute("BEGIN")
        await slow.execute(
            "INSERT INTO kit.audit (organisation_id, at, actor, action, record, record_id, facts) "
            "VALUES ($1, now(), 'person:slow', 'entry.write', 'entry', $1, '{}')",
            OTHER,
        )
        async with running.client(writer(OTHER)) as client:
            await client.post("/v1/entries", json={"text": "quick"})
        assert await database.run(system("ledger"), seal) == 0
        await slow.execute("COMMIT")
        assert await database.run(system("ledger"), seal) == 2
        assert await database.run(system("ledger"), verify) is None
    finally:
        await slow.close()
        await database.close()


async def test_what_is_committed_while_the_sealer_works_is_linked_the_next_time(
    running_service: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its reading and its mark of how far it came: no row falls into the gap."""
    running = running_service(service)
    database = await _sealed(running)

    async def seal_while_another_writes(tx: Tx) -> int:
        read = tx.fetch

        async def then_another_commits(sql: str, *args: object) -> list[asyncpg.Record]:
            rows = await read(sql, *args)
            if sql == UNSEALED:
                async with running.client(writer()) as client:
                    assert (await client.post("/v1/entries", json={"text": "d"})).status_code == 201
            return rows

        monkeypatch.setattr(tx, "fetch", then_another_commits)
        return await seal(tx)

    try:
        assert await database.run(system("ledger"), seal_while_another_writes) == 0
        assert await database.run(system("ledger"), seal) == 1
        assert await database.run(system("ledger"), verify) is None
    finally:
        await database.close()
