"""The demonstration as its own people find it: a plant ready to work, five hospitals, 150 sets."""

from collections.abc import Callable
from typing import Any

import asyncpg

from cooperation.demo import loading
from cooperation.main import service
from maillage.database import Database
from maillage.principal import system
from maillage.service import DemoContext
from tests.harness.people import professional


async def counted(running: Any) -> asyncpg.Record:
    """Loads twice; what is there after each time must be the same."""
    database, who = Database(running.settings), system("cooperation")
    await database.open()
    sql = (
        "SELECT (SELECT count(*) FROM instrument_set) AS sets, (SELECT count(*) FROM custody) AS stays,"
        " (SELECT count(*) FROM trace_entry) AS entries, (SELECT count(*) FROM kit.outbox) AS events,"
        " (SELECT count(*) FROM instrument) AS instruments, (SELECT count(*) FROM composition_line) AS lines"
    )
    try:
        await loading.load(DemoContext(database, running.settings))
        first = await database.run(who, lambda tx: tx.fetchrow(sql))
        await loading.load(DemoContext(database, running.settings))
        assert await database.run(who, lambda tx: tx.fetchrow(sql)) == first
    finally:
        await database.close()
    assert first is not None
    return first


async def test_the_demonstration_is_a_plant_and_five_hospitals(running_service: Callable[..., Any]) -> None:
    running = running_service(service)
    there = await counted(running)
    assert (there["sets"], there["stays"]) == (150, 180)
    assert there["instruments"] > 50
    manager = professional("gcs_manager", loading.GROUP, *loading.HOSPITALS, service="cooperation")
    async with running.client(manager) as client:
        assert (await client.get("/v1/group")).json()["name"].endswith("(démonstration)")
        signatory = (await client.get("/v1/signatories")).json()["items"][0]
        assert signatory["person_id"] == str(loading.PHARMACIST)
        programmes = {each["code"]: each for each in (await client.get("/v1/programmes")).json()["items"]}
        assert (programmes["steam-134-18"]["plateau_s"], programmes["wash-a0-3000"]["a0_min"]) == (1080, 3000)
        assert len((await client.get("/v1/machines")).json()["items"]) == 9
        links = (await client.get("/v1/road_links")).json()["items"]
        assert len(links) == 10
        assert all(link["departures"] for link in links)
        flows = (await client.get("/v1/flows")).json()["items"]
        assert {"waste", "laundry", "meals", "pharmacy", "biology", "purchasing"} <= {flow["code"] for flow in flows}
        # What the loader wrote keeps every rule of the API: a change by it is taken.
        assert (await client.patch(f"/v1/flows/{flows[0]['id']}", json=same(flows[0]))).status_code == 200
    nurse = professional("theatre_agent", loading.HOSPITALS[1], service="cooperation")
    async with running.client(nurse) as client:
        own = (await client.get("/v1/sets")).json()["items"]
        theatre = str(loading.known("place", "theatre", loading.HOSPITALS[1]))
        assert (len(own), {each["place_id"] for each in own}) == (35, {theatre})
        assert loading.mark(12, "051") in {each["tag"] for each in own}


def same(flow: dict[str, Any]) -> dict[str, Any]:
    """A flow as a change that changes nothing."""
    return {name: flow[name] for name in ("name", "unit", "least_c", "most_c", "cut_offs", "incompatible")}
