"""Ways in which something bad could slip through: each was found by reading, and is closed."""

import asyncio
from typing import Any
from uuid import UUID

from maillage import clock
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.acts import post, refused
from tests.harness.cycles import Line, plateau, record
from tests.harness.plant import Plant
from tests.harness.recalled import load_of, used_in


async def use_of(plant: Plant, run: UUID) -> dict[str, object]:
    """A use, as a theatre tells it."""
    code = await plant.label_of(run)
    return {"code": code, "operation_ref": "OP-1", "used_at": clock.now().isoformat(), "intact": True}


async def counted_by_model(plant: Plant, run: UUID) -> None:
    """Four clips in the pack that nobody scanned."""
    row = await plant.row("run", run)
    await plant.insert("run_content", {
        "id": new_id(), "organisation_id": row["organisation_id"], "run_id": run, "counted": 4,
        "line_id": plant.lines[row["composition_version_id"]][1], "created_at": clock.now(),
    })  # fmt: skip


async def test_a_held_instrument_that_was_not_scanned_blocks_its_pack(plant: Plant) -> None:
    """A marked instrument may be counted by model. Its set's pack holds it, unless it was in repair."""
    set_id, other = await plant.set(), await plant.set()
    held, away = await plant.instrument(set_id), await plant.instrument(other)
    pack, without = [await plant.run(each, "released") for each in (set_id, other)]
    for run in (pack, without):
        await counted_by_model(plant, run)
    await plant.connection.execute("UPDATE instrument SET status = 'in_repair' WHERE id = $1", away)
    crate = await plant.crate(plant.place("theatre", plant.members[0]))
    things = [{"kind": "instrument", "id": str(each)} for each in (held, away)]
    async with plant.http(plant.pharmacist()) as pharmacist, plant.http(plant.theatre()) as theatre:
        await post(pharmacist, "holds", 201, kind="quality", cause="broken tip", subjects=things)
        await refused(theatre, f"crates/{crate}/put_in", "ON_HOLD", codes=[await plant.label_of(pack)])
        await refused(theatre, "uses", "ON_HOLD", **await use_of(plant, pack))
        listed = (await theatre.get("/v1/blocks")).json()["blocked"]
        assert {each["id"] for each in listed if each["kind"] == "run"} == {str(pack)}
        await post(theatre, "uses", 201, **await use_of(plant, without))


async def test_a_run_held_for_prions_is_held_with_its_set(plant: Plant) -> None:
    """The run that was used is over; what may carry prions is the set, and the instruments counted in it."""
    set_id = await plant.set()
    instrument = await plant.instrument(set_id)
    used = await plant.run(set_id, "used")
    await used_in(plant, used, "OP-X")
    now = await plant.run(set_id, "released")
    async with plant.http(plant.pharmacist()) as pharmacist, plant.http(plant.theatre()) as theatre:
        hold = await post(
            pharmacist, "holds", 201, kind="prion", cause="suspected", subjects=[{"kind": "run", "id": str(used)}]
        )
        assert {each["id"]: each["contact"] for each in hold["contacts"]} == {
            str(used): "named", str(set_id): "instrument", str(instrument): "instrument",
        }  # fmt: skip
        await refused(theatre, "uses", "ON_HOLD", **await use_of(plant, now))


async def test_what_was_recalled_in_process_is_told_once_it_has_a_label(plant: Plant) -> None:
    """A theatre that asks for what is new since its last list hears of the pack when it is released."""
    washed = await plant.run(await plant.set(), "washed")
    load = await load_of(plant, [washed])
    async with plant.http(plant.pharmacist()) as pharmacist, plant.http(plant.theatre()) as theatre:
        await post(pharmacist, "recalls", 201, cause="detergent", scope={"loads": [str(load)]})
        await plant.connection.execute("UPDATE recall_line SET created_at = created_at - interval '2 hours'")
        since = (await theatre.get("/v1/blocks")).json()["as_of"]
        await plant.connection.execute(
            "UPDATE run SET stage = 'packed', label = $2, stage_since = now() WHERE id = $1", washed, plant.label()
        )
        new = (await theatre.get("/v1/blocks", params={"since": since})).json()["blocked"]
        assert [(each["id"], each["code"]) for each in new] == [(str(washed), "RECALLED")]


async def test_a_recalled_pack_that_is_lost_is_written_off_by_two(plant: Plant) -> None:
    pack = await plant.run(await plant.set(), "released")
    async with plant.http(plant.pharmacist()) as pharmacist, plant.http(plant.operator()) as operator:
        await post(pharmacist, "recalls", 201, cause="x", scope={"runs": [str(pack)]})
        await refused(operator, f"runs/{pack}/abort", "RECALLED", reason="lost")
        line = await plant.connection.fetchval("SELECT id FROM recall_line WHERE subject_id = $1", pack)
        await post(pharmacist, f"recall_lines/{line}/write_off", reason="searched everywhere")
        async with plant.http(plant.manager()) as manager:
            await post(manager, f"recall_lines/{line}/write_off", reason="searched everywhere")
        assert (await post(operator, f"runs/{pack}/abort", reason="lost"))["stage"] == "aborted"


async def test_a_failed_control_is_not_hidden_by_the_time_that_is_told_with_it(plant: Plant) -> None:
    line = Line(plant)
    load = await line.started(await line.packed(1))
    await line.read(load)
    earlier = (await plant.row("load", load))["created_at"].isoformat()

    async def indicator() -> str:
        items = (await line.act("GET", f"/loads/{load}"))["evidence"]
        return str(next(each["state"] for each in items if each["item"] == "indicator_read"))

    assert await indicator() == "ok"
    told = {"kind": "integrator", "result": "failed", "read_at": earlier}
    await line.act("POST", f"/loads/{load}/controls", told)
    assert await indicator() == "failed"
    await line.act("POST", f"/loads/{load}/controls", {**told, "result": "conform"})
    assert await indicator() == "failed", "read no later than the failed one"
    await line.read(load)
    assert await indicator() == "ok"


async def test_the_record_of_the_last_cycle_is_not_the_next_loads(plant: Plant) -> None:
    """Late, and without a number to tell: it began long before this load was started."""
    line = Line(plant)
    await plant.tests_of_day()
    load = await line.opened(await line.packed(1))
    await line.act("POST", f"/loads/{load}/start", {})
    last = record(7, plateau())
    answer = await line.call(plant.machine_client("steam"), "POST", f"/loads/{load}/record", last)
    assert (answer.status_code, answer.json().get("code")) == (409, "RECORD_MISMATCH")
    assert await plant.connection.fetchval("SELECT count(*) FROM cycle_record WHERE NOT accepted") == 1


async def test_what_was_seen_is_not_corrected_under_the_hand_that_decides(plant: Plant) -> None:
    line = Line(plant)
    [run] = runs = await line.packed(1)
    load = await line.started(runs)
    await line.looked_at(load, runs)
    entry = await plant.connection.fetchval("SELECT id FROM trace_entry WHERE kind = 'load_run.seen'")
    body: dict[str, Any] = {"kind": "incorrect_data", "reason": "torn", "values": {"intact": False}}
    async with plant.connection.transaction():
        await plant.connection.execute("SELECT FROM load WHERE id = $1 FOR NO KEY UPDATE", load)
        correcting = asyncio.create_task(line.call(line.operator, "POST", f"/trace/{entry}/correct", body))

        async def waits() -> bool:
            return correcting.done() or bool(
                await plant.connection.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            )

        await soon(waits)
        assert not correcting.done()
    assert (await correcting).status_code < 300
    seen = await plant.connection.fetchval("SELECT intact FROM load_run WHERE run_id = $1", run)
    assert seen is False
