"""The anchor of R1 does what the product does: pgbench leaves the rows that a booking by HTTP leaves."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import asyncpg
import pytest

from appointments.main import service
from bench import ids, pgbench, recording, requests
from bench.load import load
from bench.times import Times
from bench.world import World, plant, telesecretary
from maillage import clock
from maillage.testing import Running

TABLES = (
    "appointment",
    "appointment_change",
    "busy",
    "message",
    "kit.idempotency",
    "kit.outbox",
    "kit.audit",
)
# What names one booking, or tells of its moment: never the same twice.
# fmt: off
OF_ITS_OWN = {
    "id", "patient_id", "schedule_id", "practitioner_id", "site_id", "resource_ids", "resource_id", "during",
    "occupied", "local_date", "call_id", "created_at", "changed_at", "appointment_id", "at", "due_at", "key",
    "fingerprint", "body", "sequence", "subject_id", "payload", "traceparent", "occurred_at", "record_id",
    "request_id", "xid", "recipient", "ends_at", "session",
}
# fmt: on


@pytest.fixture
async def territory(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> tuple[Running, Times, str]:
    """Four doctors of two sites, open all day from tomorrow on, behind a running service."""
    running = running_service(service)
    begins = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    admin = admin_of(running.database_url)
    world = cast(World, SimpleNamespace(begins=begins))
    await plant(admin, world, doctors=4, sites=1, days=2, patients=20)
    return running, Times(int(begins.timestamp()), doctors=4, days=2, patients=20, sites=1), admin


async def rows_of(admin: str) -> dict[str, list[asyncpg.Record]]:
    connection = await asyncpg.connect(admin)
    try:
        return {table: await connection.fetch(f"SELECT * FROM {table}") for table in TABLES}
    finally:
        await connection.close()


def left_by(number: int, rows: dict[str, list[asyncpg.Record]]) -> dict[str, list[dict[str, object]]]:
    """The rows about the visits of this number's patient, without what is their own."""
    patient = ids.uid(ids.PATIENT, number % 20)
    visits = {row["id"] for row in rows["appointment"] if row["patient_id"] == patient}
    assert len(visits) == 1
    tied = ("id", "appointment_id", "subject_id", "record_id")
    return {
        table: sorted(
            (
                {name: value for name, value in row.items() if name not in OF_ITS_OWN}
                for row in of
                if visits & {row.get(name) for name in tied}
            ),
            key=str,
        )
        for table, of in rows.items()
    }


async def test_pgbench_leaves_the_rows_of_a_booking_by_http(territory: tuple[Running, Times, str]) -> None:
    running, times, admin = territory
    script = await recording.record(running.settings, times, telesecretary())
    world = cast(World, SimpleNamespace(times=times))
    before = await rows_of(admin)

    mine = times.span(1)
    prepared = requests.bookings(world, [times.visit(number) for number in mine], requests.direct_headers())
    measured = await asyncio.to_thread(load, running.url, prepared, connections=1, seconds=20)
    assert dict(measured.statuses) == {201: 1}
    between = await rows_of(admin)

    theirs = times.next
    done = await asyncio.to_thread(pgbench.run, running.database_url, script, times, clients=2, transactions=1)
    assert done.transactions == 2
    after = await rows_of(admin)

    assert left_by(theirs, after) == left_by(mine[0], after)
    by_http = {table: len(between[table]) - len(before[table]) for table in TABLES}
    by_pgbench = {table: len(after[table]) - len(between[table]) for table in TABLES}
    assert by_pgbench == {table: 2 * count for table, count in by_http.items()}
    assert all(by_http.values()), by_http


async def test_the_switch_of_r14_leaves_out_the_audit_alone(territory: tuple[Running, Times, str]) -> None:
    running, times, admin = territory
    script = await recording.record(running.settings, times, telesecretary(), audited=False)
    before = await rows_of(admin)
    await asyncio.to_thread(pgbench.run, running.database_url, script, times, clients=1, transactions=1)
    after = await rows_of(admin)
    unchanged = {table for table in TABLES if len(before[table]) == len(after[table])}
    assert unchanged == {"kit.audit"}
