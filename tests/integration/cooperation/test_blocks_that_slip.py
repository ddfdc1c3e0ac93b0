"""Ways in which something bad could slip through: each was found by reading, and is closed."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from cooperation.loads.service import overdue
from maillage import clock
from maillage.database import Database
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

        await soon(lambda: _waits(plant))
    assert (await correcting).status_code < 300
    seen = await plant.connection.fetchval("SELECT intact FROM load_run WHERE run_id = $1", run)
    assert seen is False


async def test_a_load_is_started_and_decided_whole_or_not_at_all(plant: Plant) -> None:
    """The delegation of one hospital has ended: its pack would be in no recall, and stay for ever in the machine."""
    line, person = Line(plant), new_id()
    await plant.signatory(person)
    whole, part = plant.pharmacist(person), frozenset({plant.group, plant.members[0]})
    runs = await line.packed(2, plant.members[:2])
    await plant.tests_of_day()
    load = await line.opened(runs)
    answer = await line.call(replace(line.operator, orgs=part), "POST", f"/loads/{load}/start", {"cycle_no": 5})
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED")
    await line.act("POST", f"/loads/{load}/start", {"cycle_no": 5})
    await line.recorded(load)
    await line.looked_at(load, runs)
    await line.read(load)
    answer = await line.decide(load, replace(whole, orgs=part))
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED")
    assert (await line.decide(load, whole)).status_code == 200
    frozen = await plant.connection.fetch("SELECT frozen, ended FROM load_run")
    assert [tuple(row) for row in frozen] == [(True, True)] * 2


async def test_a_retired_set_does_not_begin_again_by_being_scanned(plant: Plant) -> None:
    set_id = await plant.set(status="retired", place=plant.place("reception"))
    scan = {"seq": 1, "code": await plant.tag_of(set_id), "scanned_at": clock.now().isoformat()}
    body = {"device_id": str(plant.devices["reception"]), "station_id": str(plant.stations["reception"])}
    async with plant.http(plant.operator()) as operator:
        told = await post(operator, "scans", **body, scans=[scan])
    assert (told["results"][0]["outcome"], told["results"][0]["code"]) == ("refused", "WRONG_STATE")
    assert await plant.connection.fetchval("SELECT count(*) FROM run WHERE set_id = $1", set_id) == 0


async def test_a_pack_put_into_a_load_at_this_moment_is_not_aborted_within_it(plant: Plant) -> None:
    line = Line(plant)
    [run] = await line.packed(1)
    load = await line.opened([])
    into = {
        "id": new_id(), "organisation_id": plant.members[0], "group_id": plant.group, "load_id": load, "run_id": run,
        "added_by": "test", "created_at": clock.now(),
    }  # fmt: skip
    async with plant.connection.transaction():
        await plant.connection.execute("SELECT FROM run WHERE id = $1 FOR NO KEY UPDATE", run)
        aborting = asyncio.create_task(line.call(line.operator, "POST", f"/runs/{run}/abort", {"reason": "torn"}))
        await soon(lambda: _waits(plant))
        await plant.insert("load_run", into)
    assert (await aborting).json()["code"] == "WRONG_STATE"
    assert (await line.act("POST", f"/runs/{run}/abort", {"reason": "torn"}))["stage"] == "aborted"
    assert await plant.connection.fetchval("SELECT removed_at IS NOT NULL FROM load_run WHERE run_id = $1", run)


async def _waits(plant: Plant) -> bool:
    """Somebody waits for a lock of ours."""
    asked = """
    SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                   WHERE NOT l.granted AND a.datname = current_database())
    """
    return bool(await plant.connection.fetchval(asked))


async def test_one_load_that_fails_does_not_keep_the_others_from_being_told_overdue(plant: Plant) -> None:
    line = Line(plant)
    loads = [await line.started(await line.packed(1))]
    plant.machines["sister"] = await plant.reference(
        "machine", plant.group, site_id=plant.sites[plant.group], name="steam 2", kind="steam", capacity=18,
        state_since=clock.now(),
    )  # fmt: skip
    loads.append(await line.started(await line.packed(1), "sister"))
    await plant.connection.execute(
        "UPDATE load SET ends_by = now() - CASE id WHEN $1 THEN interval '2 hours' ELSE interval '1 hour' END", loads[0]
    )
    await plant.connection.execute(
        "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
        f"CREATE TRIGGER fails BEFORE UPDATE ON load FOR EACH ROW WHEN (OLD.id = '{loads[0]}') EXECUTE FUNCTION fails()"
    )
    assert plant.running is not None
    database = Database(plant.running.settings)
    await database.open()
    await overdue(database)
    await database.close()
    assert [(await plant.row("load", load))["state"] for load in loads] == ["running", "to_decide"]


async def test_a_plain_scan_does_not_take_back_that_a_pack_is_wet(plant: Plant) -> None:
    line, person = Line(plant), new_id()
    await plant.signatory(person)
    [wet, good] = runs = await line.packed(2)
    load = await line.started(runs)
    await line.recorded(load)
    await line.read(load)
    await line.act("POST", f"/loads/{load}/runs/{wet}/seen", {"dry": False})
    scans = [
        {"seq": number, "code": await plant.label_of(run), "scanned_at": clock.now().isoformat()}
        for number, run in enumerate(runs, start=1)
    ]
    body = {"device_id": str(plant.devices["unloading"]), "station_id": str(plant.stations["unloading"])}
    told = await line.act("POST", "/scans", {**body, "scans": scans})
    assert [each["good"] for each in told["results"]] == [False, True]
    assert (await line.decide(load, plant.pharmacist(person))).status_code == 200
    assert [(await plant.row("run", run))["stage"] for run in (wet, good)] == ["aborted", "released"]


async def test_what_is_just_being_assembled_or_started_is_recalled_too(plant: Plant) -> None:
    """Both have begun before the recall, and end while it is being opened."""
    wanders = await plant.instrument(None)
    assembling, loaded = await plant.run(await plant.set(), "washed"), await plant.run(await plant.set(), "packed")
    line = plant.lines[(await plant.row("run", assembling))["composition_version_id"]][1]
    now = clock.now()
    load = await load_of(plant, [loaded], "running", started_at=now - timedelta(days=2))
    span = {"machine_id": str(plant.machines["steam"]), "since": (now - timedelta(hours=1)).isoformat()}
    scope = {"instruments": [str(wanders)], "machines": [{**span, "until": (now + timedelta(hours=1)).isoformat()}]}
    async with plant.http(plant.pharmacist()) as pharmacist:
        async with plant.connection.transaction():
            await plant.connection.execute("SELECT FROM instrument WHERE id = $1 FOR NO KEY UPDATE", wanders)
            await plant.connection.execute(
                "SELECT FROM machine WHERE id = $1 FOR NO KEY UPDATE", plant.machines["steam"]
            )
            await plant.insert("run_content", {
                "id": new_id(), "organisation_id": plant.members[0], "run_id": assembling, "line_id": line,
                "counted": 1, "instrument_id": wanders, "created_at": now,
            })  # fmt: skip
            await plant.connection.execute("UPDATE load SET started_at = now(), ends_by = now() WHERE id = $1", load)
            opening = asyncio.create_task(post(pharmacist, "recalls", 201, cause="x", scope=scope))
            await soon(lambda: _waits(plant))
        assert (await opening)["lines"] == 2
    listed = await plant.connection.fetch("SELECT subject_id FROM recall_line")
    assert {row["subject_id"] for row in listed} == {assembling, loaded}
