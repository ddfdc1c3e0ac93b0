"""Reading the trace, and taking an entry back: by its author, then by the manager, never under later entries."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from cooperation.loads.rows import Load, LoadRun
from cooperation.runs.acts import came_back, pack, receive
from cooperation.runs.changing import happen, locked
from cooperation.runs.sets import set_of
from cooperation.trace.recording import add
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness.plant import Plant

Do = Callable[[Principal, Callable[[Tx], Awaitable[object]]], Awaitable[object]]


@pytest.fixture
async def do(plant: Plant) -> AsyncIterator[Do]:
    """Runs an act as somebody, as a scan of his does."""
    assert plant.running is not None
    database = Database(plant.running.settings)
    await database.open()
    yield database.run
    await database.close()


async def received(plant: Plant, do: Do, by: Principal) -> UUID:
    """A run that soaked and was received."""
    set_id = await plant.set()
    run_id = await plant.run(set_id, "returning")
    theatre, reception = plant.place("theatre", plant.members[0]), plant.place("reception")

    async def act(tx: Tx) -> None:
        run = await came_back(tx, await locked(tx, run_id), theatre, tx.now - timedelta(minutes=40))
        await receive(tx, await set_of(tx, set_id), run, reception, tx.now)

    await do(by, act)
    return run_id


async def trace(client: httpx.AsyncClient, subject: UUID, **asked: int) -> list[dict[str, Any]]:
    """All pages."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        params: dict[str, str | int] = {"subject": str(subject), **({"after": after} if after else {}), **asked}
        page = (await client.get("/v1/trace", params=params)).raise_for_status().json()
        found += page["items"]
        after = page["next_cursor"]
        if after is None:
            return found


async def test_who_may_reads_what_was_done(plant: Plant, do: Do) -> None:
    run_id = await received(plant, do, plant.operator())
    async with plant.http(plant.pharmacist()) as client:
        told = await trace(client, run_id, limit=1)
        assert [entry["kind"] for entry in told] == ["run.planted", "run.soak_began", "run.received"]
        assert told[2]["row"].keys() == {"stage", "stage_since", "soak_to", "version"}
        one = await client.get(f"/v1/trace/{told[1]['id']}")
        assert one.json() == told[1]
        assert (await client.get("/v1/trace", params={"subject": str(run_id), "after": "x"})).status_code == 422
    async with plant.http(plant.at_member("hygiene", 0)) as client:
        assert await trace(client, run_id) == told
    async with plant.http(plant.at_member("hygiene", 1)) as client:
        assert await trace(client, run_id) == []
        assert (await client.get(f"/v1/trace/{told[1]['id']}")).status_code == 404
    async with plant.http(plant.theatre()) as client:
        assert (await client.get("/v1/trace", params={"subject": str(run_id)})).status_code == 403


async def test_an_entry_is_taken_back_by_a_new_one(plant: Plant, do: Do) -> None:
    author, other = plant.operator(), plant.operator()
    run_id = await received(plant, do, author)
    before = await plant.row("run", run_id)
    async with plant.http(plant.pharmacist()) as client:
        entries = await trace(client, run_id)
    wrong = {"kind": "did_not_occur", "reason": "wrong_set_scanned"}
    corrected = f"/v1/trace/{entries[2]['id']}/correct"
    async with plant.http(other) as client:
        refused = await client.post(corrected, json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (403, "CORRECTION_NOT_YOURS")
    async with plant.http(plant.at_member("hygiene", 0)) as client:
        assert (await client.post(corrected, json=wrong)).status_code == 403
    async with plant.http(plant.theatre(1)) as client:
        assert (await client.post(corrected, json=wrong)).status_code == 404
    async with plant.http(author) as client:
        early = await client.post(f"/v1/trace/{entries[1]['id']}/correct", json=wrong)
        assert (early.json()["code"], early.json()["entry_id"]) == ("LATER_ENTRIES", entries[2]["id"])
        done = await client.post(corrected, json=wrong)
        assert done.status_code == 200, done.text
        assert (done.json()["kind"], done.json()["corrects"]) == ("run.corrected", entries[2]["id"])
        assert done.json()["facts"] == wrong | {"entry": "run.received"}
        again = await client.post(corrected, json=wrong)
        assert again.json()["code"] == "LATER_ENTRIES"
        itself = await client.post(f"/v1/trace/{done.json()['id']}/correct", json=wrong)
        first = await client.post(f"/v1/trace/{entries[0]['id']}/correct", json=wrong)
        assert [itself.json()["code"], first.json()["code"]] == ["NOT_CORRECTABLE"] * 2
    row = await plant.row("run", run_id)
    assert (row["stage"], row["soak_to"], row["version"]) == ("returning", None, before["version"] + 1)
    told = await plant.connection.fetchval(
        "SELECT payload::jsonb FROM kit.outbox WHERE subject_id = $1 ORDER BY sequence DESC LIMIT 1", run_id
    )
    assert (told["before"], told["stage"]) == ("received", "returning")
    assert await plant.connection.fetch("SELECT * FROM trace_differences('run', 'run')") == []


async def test_data_are_corrected_with_values_that_the_entry_has(plant: Plant, do: Do) -> None:
    run_id = await received(plant, do, plant.operator())
    soaked = clock.now() - timedelta(minutes=10)
    body: dict[str, object] = {"kind": "incorrect_data", "reason": "clock_of_the_bath"}
    async with plant.http(plant.manager()) as client:
        url = f"/v1/trace/{(await trace(client, run_id))[2]['id']}/correct"
        for values in (None, {}, {"intact": True}, {"soak_to": (clock.now() + timedelta(hours=1)).isoformat()}):
            assert (await client.post(url, json=body | {"values": values})).status_code == 422
        assert (await client.post(url, json=body | {"values": {"stage": "released"}})).status_code == 422
        done = await client.post(url, json=body | {"values": {"soak_to": soaked.isoformat()}})
        assert done.status_code == 200, done.text
    row = await plant.row("run", run_id)
    assert (row["stage"], row["soak_to"]) == ("received", soaked)


async def test_the_minutes_of_the_author_end_and_the_manager_goes_on(plant: Plant, do: Do) -> None:
    author = plant.operator()
    run_id = await received(plant, do, author)
    await plant.connection.execute("UPDATE cooperation_group SET parameters = '{\"correction_min\": 0}'")
    wrong = {"kind": "did_not_occur", "reason": "wrong_set_scanned"}
    async with plant.http(plant.pharmacist()) as client:
        url = f"/v1/trace/{(await trace(client, run_id))[2]['id']}/correct"
    async with plant.http(author) as client:
        refused = await client.post(url, json=wrong)
        assert (refused.status_code, refused.json()["minutes"]) == (403, 0)
    async with plant.http(plant.manager()) as client:
        assert (await client.post(url, json=wrong)).status_code == 200


async def test_a_pack_in_a_load_and_an_end_are_not_corrected(plant: Plant, do: Do) -> None:
    author = plant.operator()
    run_id = await plant.run(await plant.set(), "assembled")

    async def packed(tx: Tx) -> None:
        run = await pack(tx, await locked(tx, run_id), plant.packagings["container"], None, tx.now)
        load = Load(
            id=new_id(), organisation_id=plant.group, created_at=tx.now, group_id=plant.group, state="open",
            machine_id=plant.machines["steam"], programme_id=plant.programmes["steam"], kind="steam", opened_by="x",
        )  # fmt: skip
        await add(tx, load, "load.opened")
        await add(tx, LoadRun(
            id=new_id(), organisation_id=run.organisation_id, created_at=tx.now, group_id=plant.group,
            load_id=load.id, run_id=run.id, added_by="x",
        ), "load_run.added")  # fmt: skip

    await do(author, packed)
    wrong = {"kind": "did_not_occur", "reason": "wrong_set_scanned"}
    async with plant.http(plant.manager()) as client:
        url = f"/v1/trace/{(await trace(client, run_id))[1]['id']}/correct"
        assert (await client.post(url, json=wrong)).json()["code"] == "LATER_ENTRIES"

    async def ended(tx: Tx) -> None:
        run = await locked(tx, run_id)
        await happen(tx, run, replace(run, stage="aborted", end_reason="torn"), "run.aborted", tx.now)

    await do(author, ended)
    async with plant.http(plant.manager()) as client:
        url = f"/v1/trace/{(await trace(client, run_id))[2]['id']}/correct"
        assert (await client.post(url, json=wrong)).json()["code"] == "NOT_CORRECTABLE"
