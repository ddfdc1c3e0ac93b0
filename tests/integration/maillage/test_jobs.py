"""Timed work: a mistake in one job is its own."""

import asyncio
from collections.abc import Callable

from maillage.database import Database, Tx
from maillage.jobs import Job, Timers
from maillage.testing import Logs, Running
from tests.harness.ledger import service


async def test_a_job_whose_statement_is_wrong_does_not_stop_the_others(
    running_service: Callable[..., Running], log_capture: Logs
) -> None:
    running, turns = running_service(service), asyncio.Event()
    done: list[int] = []

    async def wrong(tx: Tx) -> None:
        await tx.execute("SELECT no_such_column")

    async def right(tx: Tx) -> None:
        done.append(1)
        if len(done) == 3:
            turns.set()

    database = Database(running.settings)
    await database.open()
    timers = Timers(running.settings, [Job("wrong", 0.01, wrong), Job("right", 0.02, right)], database)
    work = asyncio.create_task(timers.run())
    async with asyncio.timeout(20):
        await turns.wait()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await database.close()
    assert "lead lost" not in log_capture.text
    assert '"sqlstate": "42703"' in log_capture.text
