"""The deliverer on a real base: names that turn inward, a worker that ends in the middle, many that are dead."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from ipaddress import IPv4Network
from uuid import UUID

import pytest_asyncio

from contracts.appointments import SiteChanged
from gateway.deliveries import service, signing
from gateway.deliveries.sending import Deliverer
from gateway.main import service as gateway
from gateway.outbound import Outbound
from gateway.settings import GatewaySettings
from maillage import clock
from maillage.consumers import Envelope
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import system
from maillage.sealing import Sealer
from maillage.testing import ServiceLike, soon
from tests.harness.receiver import drip, receiver, status

KEY = "a key for tests, as long as a real one is: 0123456789"
SYSTEM = system("gateway")
SEALER = Sealer(KEY.encode())
LISTED = (IPv4Network("127.0.0.1/32"),)


@pytest_asyncio.fixture
async def base(service_database: Callable[[ServiceLike], str]) -> AsyncIterator[Database]:
    """An open database of the gateway."""
    database = Database(GatewaySettings(key=KEY, postgres_url=service_database(gateway)))
    await database.open()
    yield database
    await database.close()


async def _subscribe(base: Database, *urls: str) -> list[UUID]:
    """An active webhook for each address, of one machine that reads the whole territory."""

    async def plant(tx: Tx) -> list[UUID]:
        organisation, client = new_id(), new_id()
        await tx.execute(
            "INSERT INTO organisation (id, kind, name, territory) VALUES ($1, 'hospital', 'Essai', 'essai')",
            organisation,
        )
        await tx.execute(
            """INSERT INTO client (id, organisation_id, name, scopes, reach, status, created_at)
               VALUES ($1, $2, 'Essai', '{appointments:slot.read}', 't', 'active', now())""",
            client, organisation,
        )  # fmt: skip
        made = [new_id() for _ in urls]
        for each, url in zip(made, urls, strict=True):
            await tx.execute(
                """INSERT INTO subscription (id, client_id, organisation_id, mode, url, types, secrets_sealed, state,
                                             created_at)
                   VALUES ($1, $2, $3, 'webhook', $4, $5, $6, 'active', now())""",
                each, client, organisation, url, [SiteChanged.TYPE], [signing.seal(SEALER, each, signing.new_secret())],
            )  # fmt: skip
        return made

    return await base.run(SYSTEM, plant)


async def _happens(base: Database, number: int) -> list[str]:
    """So many events; their ids."""
    ids = []
    for place in range(number):
        event = SiteChanged(
            site_id=new_id(),
            finess=None,
            name="Essai",
            insee_code=None,
            timezone="Europe/Paris",
            active=True,
            version=1,
        )
        envelope = Envelope(new_id(), SiteChanged.TYPE, new_id(), place + 1, clock.now())
        await base.run(SYSTEM, service.fan_out, event, envelope)
        ids.append(str(envelope.event_id))
    return ids


@contextlib.asynccontextmanager
async def _delivering(base: Database, outbound: Outbound, timeout_s: float = 5) -> AsyncIterator[None]:
    """The deliverer at work for the length of a block, then ended as a lost lead ends it."""
    task = asyncio.create_task(Deliverer(base, outbound, SEALER, timeout_s).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await outbound.close()


async def _states(base: Database, subscription_id: UUID) -> list[str]:
    async def read(tx: Tx) -> Sequence[str]:
        rows = await tx.fetch(
            "SELECT state FROM delivery WHERE subscription_id = $1 ORDER BY position", subscription_id
        )
        return [row["state"] for row in rows]

    return list(await base.read(SYSTEM, read))


async def _failures(base: Database) -> list[str | None]:
    async def read(tx: Tx) -> Sequence[str | None]:
        return [row["failure"] for row in await tx.fetch("SELECT failure FROM delivery_attempt ORDER BY at")]

    return list(await base.read(SYSTEM, read))


async def test_a_name_that_turns_inward_gets_no_packet(base: Database) -> None:
    """Good at the first connection; at the second the name means an address inside: no packet there (invariant G12)."""
    async with receiver() as partner, receiver("127.0.0.2", port=int(partner.url.rpartition(":")[2])) as inside:
        partner.answers["/in"] = status("200 OK", "Connection: close")
        (told,) = await _subscribe(base, partner.url.replace("127.0.0.1", "localhost") + "/in")
        meanings = iter(["127.0.0.1", "127.0.0.2", "169.254.169.254", "127.0.0.1 127.0.0.2"])

        async def resolve(_: str) -> list[str]:
            return next(meanings).split()

        async with _delivering(base, Outbound(LISTED, resolve=resolve)):
            for number in range(1, 5):
                await _happens(base, 1)

                async def tried(times: int = number) -> bool:
                    return len(await _failures(base)) == times

                await soon(tried)
        assert await _failures(base) == [None, *["ADDRESS_REFUSED"] * 3]
        assert (len(partner.got), inside.connections) == (1, 0)
        assert await _states(base, told) == ["delivered", "due", "due", "due"]


async def test_what_a_worker_had_under_way_leaves_again(base: Database) -> None:
    """It ends between sending and writing: the next one sends again; nothing is lost, and one row stays one row."""
    async with receiver() as partner:
        (told,) = await _subscribe(base, f"{partner.url}/in")
        never = asyncio.Event()

        async def silent(_: asyncio.StreamWriter) -> None:
            await never.wait()

        partner.answers["/in"] = silent
        ids = await _happens(base, 6)
        async with _delivering(base, Outbound(LISTED), timeout_s=60):

            async def four_under_way() -> bool:
                return len(partner.got) == 4

            await soon(four_under_way)
        never.set()
        assert sorted(await _states(base, told)) == ["due"] * 2 + ["sending"] * 4
        partner.answers.clear()
        async with _delivering(base, Outbound(LISTED)):

            async def all_there() -> bool:
                return await _states(base, told) == ["delivered"] * 6

            await soon(all_there)
        got = partner.ids("/in")
        assert set(got) == set(ids)
        assert len(got) == 10, "four of them twice, under the same id"


async def test_the_dead_and_the_slow_keep_one_place_each(base: Database) -> None:
    """Thirty endpoints that never answer, each with a heap of events, beside one that does: it gets all of its own."""
    async with receiver() as partner:
        slow = [f"{partner.url}/slow/{number}" for number in range(30)]
        partner.answers = {url.removeprefix(partner.url): drip for url in slow}
        well = (await _subscribe(base, *slow, f"{partner.url}/well"))[-1]
        ids = await _happens(base, 20)
        async with _delivering(base, Outbound(LISTED), timeout_s=1):

            async def all_there() -> bool:
                return await _states(base, well) == ["delivered"] * 20

            await soon(all_there, seconds=30)
        assert sorted(partner.ids("/well")) == sorted(ids)
        for url in slow:
            assert partner.ids(url.removeprefix(partner.url)), "and none of them is forgotten"
