"""F26: a partner that is away, and a worker that is killed while it sends to it. Real processes.

Nothing is lost, what was under way arrives at least once under the same id; after a day without one success the
endpoint is disabled, and nobody else notices.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import pytest

from contracts.appointments import SiteChanged
from gateway.deliveries import signing
from gateway.settings import GatewaySettings
from maillage.children import tail
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import system
from maillage.sealing import Sealer
from maillage.testing import soon
from tests.harness.cluster import Cluster
from tests.harness.receiver import receiver, status

KEY: Final = "k" * 43
WORK: Final = ("work", "gateway")


@contextmanager
def _told(running: Cluster, **besides: str) -> Iterator[None]:
    """Processes that start now may call 127.0.0.1."""
    running.besides = {"MAILLAGE_GATEWAY_PRIVATE_PARTNERS": json.dumps(["127.0.0.1/32"]), **besides}
    try:
        yield
    finally:
        running.besides = {}


async def _as_gateway(running: Cluster) -> Database:
    database = Database(GatewaySettings(key=KEY, postgres_url=running.role_url("gateway")))
    await database.open()
    return database


async def _subscribe(database: Database, *urls: str) -> list[UUID]:
    async def plant(tx: Tx) -> list[UUID]:
        organisation, client, made = new_id(), new_id(), [new_id() for _ in urls]
        await tx.execute(
            "INSERT INTO organisation (id, kind, name, territory) VALUES ($1, 'hospital', 'Essai', 'essai')",
            organisation,
        )
        await tx.execute(
            """INSERT INTO client (id, organisation_id, name, scopes, reach, status, created_at)
               VALUES ($1, $2, 'Essai', '{appointments:slot.read}', 't', 'active', now())""",
            client, organisation,
        )  # fmt: skip
        for each, url in zip(made, urls, strict=True):
            sealed = signing.seal(Sealer(KEY.encode()), each, signing.new_secret())
            await tx.execute(
                """INSERT INTO subscription (id, client_id, organisation_id, mode, url, types, secrets_sealed, state,
                                             created_at)
                   VALUES ($1, $2, $3, 'webhook', $4, $5, $6, 'active', now())""",
                each, client, organisation, url, [SiteChanged.TYPE], [sealed],
            )  # fmt: skip
        return made

    return await database.run(system("gateway"), plant)


async def _happens(database: Database, number: int) -> list[str]:
    async def emit(tx: Tx) -> list[str]:
        return [str(tx.emit(_site(), new_id())) for _ in range(number)]

    return await database.run(system("gateway"), emit)


def _site() -> SiteChanged:
    return SiteChanged(
        site_id=new_id(), finess=None, name="Essai", insee_code=None, timezone="Europe/Paris", active=True, version=1
    )


async def _becomes(running: Cluster, told: UUID, *states: str) -> None:
    now: list[str] = []

    async def there() -> bool:
        rows = await running.rows("gateway", "SELECT state FROM delivery WHERE subscription_id = $1", told)
        now[:] = sorted(row["state"] for row in rows)
        return now == sorted(states)

    try:
        await soon(there, seconds=60)
    except TimeoutError:
        raise AssertionError(f"{now}, and the worker says:\n{tail(running.log(*WORK))}") from None


@pytest.mark.short
async def test_a_worker_killed_while_it_sends_loses_nothing(running: Cluster) -> None:
    """Killed with four requests under way; the next worker sends all: each at least once, each row delivered once."""
    database = await _as_gateway(running)
    held = asyncio.Event()
    fine = status("204 No Content")

    async def hold(writer: asyncio.StreamWriter) -> None:
        await held.wait()
        await fine(writer)

    async with receiver() as partner:
        with _told(running):
            (told,) = await _subscribe(database, f"{partner.url}/in")
            partner.answers["/in"] = hold
            running.start(*WORK)
            ids = await _happens(database, 30)

            async def four_under_way() -> bool:
                return len(partner.got) >= 4

            await soon(four_under_way, seconds=60)
            running.kill(*WORK)
            held.set()
            running.start(*WORK)
            await _becomes(running, told, *["delivered"] * 30)
            running.kill(*WORK)
    assert set(partner.ids("/in")) == set(ids)
    await database.close()


async def test_a_partner_away_for_a_day_is_disabled_and_nobody_else_notices(running: Cluster) -> None:
    """By the clock of the processes: 500 today and tomorrow; the neighbour got everything in its time."""
    database = await _as_gateway(running)
    async with receiver() as partner:
        with _told(running):
            away, well = await _subscribe(database, f"{partner.url}/away", f"{partner.url}/well")
            partner.answers["/away"] = status("500 No")
            running.start(*WORK)
            await _happens(database, 3)
            await _becomes(running, well, *["delivered"] * 3)

            async def failed() -> bool:
                return bool(await running.rows("gateway", _FAILING, away))

            await soon(failed, seconds=60)
            running.kill(*WORK)
        with _told(running, MAILLAGE_CLOCK_OFFSET_S=str(25 * 3600)):
            running.start(*WORK)

            async def disabled() -> bool:
                return bool(await running.rows("gateway", _DISABLED, away))

            await soon(disabled, seconds=60)
            await _happens(database, 1)
            await _becomes(running, well, *["delivered"] * 4)
            await _becomes(running, away, *["parked"] * 4)
            running.kill(*WORK)
    await database.close()


_FAILING = "SELECT 1 FROM subscription WHERE id = $1 AND failing_since IS NOT NULL"
_DISABLED = "SELECT 1 FROM subscription WHERE id = $1 AND state = 'disabled' AND disabled_reason = 'no_success'"
