"""F17: events delivered twice, late and in another order. What a service copies of them is the same as after the clean
run, row by row."""

import os
import random
from collections.abc import Callable, Sequence
from uuid import UUID

import asyncpg
import pytest

from contracts.appointments import PractitionerChanged, SiteChanged
from contracts.base import Event
from contracts.gateway import OrganisationChanged, PersonChanged
from maillage.bus import Bus, Leaving, headers_of, subject_for
from maillage.clock import now
from maillage.ids import new_id
from maillage.testing import Running, soon
from telesecretariat.main import service
from tests.harness.floor import SETTINGS

SEED = int(os.environ.get("SEED", "17"))
ORG, SITES, DOCTORS, PEOPLE, VERSIONS = new_id(), 4, 4, 4, 6
COPIED = ("organisation_ref", "person_ref", "practitioner_ref", "site_ref")


def history() -> list[Leaving]:
    """Everything changes several times; the clean order is that of the versions."""
    about = [[new_id() for _ in range(many)] for many in (SITES, DOCTORS, PEOPLE)]
    told: list[Event] = []
    for version in range(1, VERSIONS + 1):
        told += [_site(each, version) for each in about[0]]
        told += [_doctor(each, version) for each in about[1]]
        told += [_person(each, version) for each in about[2]]
        told.append(_organisation(version))
    return [
        Leaving(n, new_id(), event.TYPE, event.aggregate_id(), ORG, event.model_dump_json(), None, now())
        for n, event in enumerate(told, 1)
    ]


def _site(site: UUID, version: int) -> SiteChanged:
    return SiteChanged(
        site_id=site, finess=None, name=f"Site {version}", insee_code=None, timezone="Europe/Paris",
        active=version % 2 == 0, version=version,
    )  # fmt: skip


def _doctor(doctor: UUID, version: int) -> PractitionerChanged:
    return PractitionerChanged(
        practitioner_id=doctor, rpps=None, profession="physician", display_name=f"Essai {version}", fte=1.0,
        site_ids=[], active=version % 2 == 0, version=version,
    )  # fmt: skip


def _person(person: UUID, version: int) -> PersonChanged:
    return PersonChanged(
        person_id=person, status="active" if version % 2 else "suspended", display_name=f"Essai {version}", rpps=None,
        identifiers=[], epoch=version,
    )  # fmt: skip


def _organisation(version: int) -> OrganisationChanged:
    return OrganisationChanged(
        organisation_id=ORG, kind="hospital", name=f"Essai {version}", identifiers=[], territory="essai", active=True
    )


@pytest.mark.short
async def test_events_repeated_and_out_of_order_leave_what_the_clean_run_leaves(
    running_service: Callable[..., Running], admin_of: Callable[[str], str], territory: str
) -> None:
    chance = random.Random(SEED)
    print(f"SEED={SEED}")
    clean = history()
    bad = [*clean, *chance.sample(clean, len(clean) // 2)]
    chance.shuffle(bad)
    dumps = []
    for place, told in ((territory, clean), (f"{territory}x", bad)):
        running = running_service(service, **SETTINGS, territory=place)
        running.work()
        dumps.append(await _after(running, admin_of(running.database_url), told, len(clean)))
    assert dumps[0] == dumps[1]
    assert {table: len(rows) for table, rows in dumps[0].items()} == dict(zip(COPIED, (1, 4, 4, 4), strict=True))
    assert all(f"{VERSIONS}" in row for rows in dumps[0].values() for row in rows), "the newest of each is kept"


async def _after(running: Running, admin: str, told: Sequence[Leaving], different: int) -> dict[str, list[str]]:
    """What is copied once all of it was handled, repeats too."""
    bus = Bus(running.settings.nats_url, running.settings.territory, "network")
    base = await asyncpg.connect(admin)
    await bus.open()
    try:
        for event in told:
            headers = headers_of(event) | {"Nats-Msg-Id": str(new_id())}  # else the broker would drop the repeats
            subject = subject_for(running.settings.territory, event.type)
            await bus.jetstream.publish(subject, event.payload.encode(), headers=headers)

        async def handled() -> bool:
            info = await bus.jetstream.consumer_info(bus.stream, service.name)
            return not info.num_pending and not info.num_ack_pending

        await soon(handled, seconds=60, every_s=0.1)
        assert await base.fetchval("SELECT count(*) FROM kit.inbox") == different
        assert await base.fetchval("SELECT count(*) FROM kit.dead_letter") == 0
        return {table: await _dump(base, table) for table in COPIED}
    finally:
        await bus.close()
        await base.close()


async def _dump(base: "asyncpg.Connection[asyncpg.Record]", table: str) -> list[str]:
    # allow sql-made-of-pieces: one of four names of this file
    rows = await base.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} t ORDER BY 1")
    return [row["row"] for row in rows]
