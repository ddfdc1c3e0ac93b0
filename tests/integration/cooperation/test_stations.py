"""Each kind of station is a verb: what a scan does there, and what it refuses."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from cooperation.machines.rows import Machine
from cooperation.trace.recording import add
from maillage import clock
from maillage.ids import new_id
from tests.harness import days
from tests.harness.plant import Plant, giai, sscc
from tests.integration.cooperation.test_codes_and_places import held
from tests.integration.cooperation.test_scans import Json, Scanner, stage


async def at(plant: Plant, set_id: UUID) -> UUID:
    """The place that holds a set."""
    found = await plant.connection.fetchval(
        "SELECT place_id FROM custody WHERE subject_id = $1 AND until IS NULL", set_id
    )
    assert isinstance(found, UUID)
    return found


def said(result: Json) -> tuple[str, str | None, str | None]:
    """Outcome, code and what comes next."""
    return result["outcome"], result["code"], result["expect"]


async def opened(plant: Plant, machine: str, programme: str) -> str:
    """An open load of a machine."""
    async with plant.http(plant.operator()) as client:
        body = {"machine_id": str(plant.machines[machine]), "programme_id": str(plant.programmes[programme])}
        answer = await client.post("/v1/loads", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_from_the_theatre_to_the_washer_and_back(plant: Plant) -> None:
    set_id, fresh = await plant.set(), await plant.set()
    run_id = await plant.run(set_id, "returning")
    tag = await plant.tag_of(set_id)
    back = Scanner(plant, "return", plant.theatre())
    assert said(await back.scan(tag)) == ("done", None, "into the soak, then next set")
    assert said(await back.scan(await plant.tag_of(fresh)))[0] == "done", "a new set is put on its way"
    assert (await plant.row("run", run_id))["soak_from"] is not None
    assert said(await back.scan(giai("NOBODY")))[:2] == ("refused", "UNKNOWN_CODE")

    reception = Scanner(plant, "reception")
    assert said(await reception.scan(tag)) == ("done", None, "next set")
    assert await at(plant, set_id) == plant.place("reception")
    washing = Scanner(plant, "washing")
    assert said(await washing.scan(tag))[:2] == ("refused", "NO_OPEN_LOAD")
    load = await opened(plant, "washer", "wash")
    first = await washing.scan(tag)
    assert (said(first), first["details"]) == (("done", None, "next one, or start the cycle"), {"load_id": load})
    assert said(await washing.scan(tag))[:2] == ("done", None), "inside already"
    assert said(await washing.scan(tag, out=True)) == ("done", None, "taken out of the load")
    assert said(await washing.scan(tag))[:2] == ("done", None)
    unloading = Scanner(plant, "wash_unloading")
    assert said(await unloading.scan(tag))[:2] == ("refused", "LOAD_NOT_STARTED")
    async with plant.http(plant.operator()) as client:
        assert (await client.post(f"/v1/loads/{load}/start", json={"cycle_no": 1})).status_code == 200
    clean = await unloading.scan(tag)
    assert (said(clean), clean["good"]) == (("done", None, "next one"), True)
    soiled = await unloading.scan(tag, clean=False)
    assert (soiled["outcome"], soiled["good"]) == ("done", False)
    seen = await plant.connection.fetchval(
        "SELECT clean FROM load_run WHERE removed_at IS NULL AND run_id = $1", run_id
    )
    assert seen is False
    assert said(await washing.scan(tag))[:2] == ("refused", "NO_OPEN_LOAD")


async def test_assembly_packing_and_the_store(plant: Plant) -> None:
    set_id, other = await plant.set(), await plant.set()
    run_id = await plant.run(set_id, "washed", place=plant.place("assembly"))
    mine, theirs, free = [await plant.instrument(owner) for owner in (set_id, other, None)]
    tag = await plant.tag_of(set_id)
    code = {each: (await plant.row("instrument", each))["code"] for each in (mine, theirs, free)}
    assembly = Scanner(plant, "assembly")
    assert said(await assembly.scan(code[mine]))[:2] == ("refused", "NOTHING_IN_HAND")
    found = await assembly.scan(tag)
    assert (said(found), found["good"], found["stage"]) == (("checked", None, "count the instruments"), True, "washed")
    assert [(line["alias"], line["quantity"], line["critical"]) for line in found["count"]] == [
        ("needle-holder", 1, True), ("clip", 4, False), ("clip", 2, False),
    ]  # fmt: skip
    assert said(await assembly.scan(code[mine])) == ("checked", None, "next instrument")
    assert said(await assembly.scan(code[free]))[0] == "checked"
    foreign = await assembly.scan(code[theirs])
    assert (said(foreign)[:2], foreign["details"]) == (("refused", "FOREIGN_INSTRUMENT"), {"why": "other_set"})
    assert await stage(plant, run_id) == "washed", "a check changes nothing"

    packing = Scanner(plant, "packing")
    container = str(plant.packagings["container"])
    assert said(await packing.scan(tag, packaging_id=container))[:2] == ("refused", "WRONG_STAGE")
    ready = await plant.set()
    packed_id = await plant.run(ready, "assembled", place=plant.place("packing"))
    packed = await packing.scan(await plant.tag_of(ready), packaging_id=container)
    assert (said(packed), packed["stage"]) == (("done", None, "put the label on"), "packed")
    label = sscc(packed["details"]["label"])
    store = Scanner(plant, "store")
    not_yet = await store.scan(label)
    assert (said(not_yet)[:2], not_yet["details"]) == (("refused", "NOT_RELEASED"), {"stage": "packed"})
    load = await opened(plant, "steam", "steam")
    loaded = await Scanner(plant, "loading").scan(label)
    assert (loaded["outcome"], loaded["details"]["load_id"]) == ("done", load)
    assert loaded["subject"] == {"kind": "run", "id": str(packed_id)}

    good, blocked = await plant.set(), await plant.set()
    good_run = await plant.run(good, "released", place=plant.place("sterilising"))
    bad_run = await plant.run(blocked, "released", place=plant.place("sterilising"))
    await held(plant, blocked)
    put = await store.scan(await plant.label_of(good_run))
    assert (said(put), put["expires_on"]) == (
        ("done", None, "store it, then next one"),
        (days.today() + timedelta(days=180)).isoformat(),
    )
    assert await at(plant, good) == plant.place("store")
    assert said(await store.scan(await plant.label_of(bad_run)))[:2] == ("refused", "ON_HOLD")
    assert await at(plant, blocked) == plant.place("sterilising")
    kept = await Scanner(plant, "quarantine").scan(await plant.label_of(bad_run))
    assert said(kept) == ("done", None, "stays in quarantine")
    assert await at(plant, blocked) == plant.place("quarantine")
    quarantine = Scanner(plant, "quarantine")
    quarantine.seq = 1
    assert (await quarantine.scan(code[mine]))["subject"] == {"kind": "instrument", "id": str(mine)}
    assert await at(plant, mine) == plant.place("quarantine"), "an instrument alone"
    assert said(await packing.scan(await plant.tag_of(other)))[:2] == ("refused", "NO_RUN")
    await plant.connection.execute("UPDATE station SET machine_id = NULL WHERE kind = 'loading'")
    loading = Scanner(plant, "loading")
    loading.seq = 1
    assert said(await loading.scan(label))[:2] == ("refused", "STATION_INCOMPLETE")


async def test_dispatch_and_the_dock(plant: Plant) -> None:
    set_id, raw = await plant.set(), await plant.set()
    run_id = await plant.run(set_id, "released", place=plant.place("store"))
    await plant.run(raw, "packed", place=plant.place("store"))
    label = await plant.label_of(run_id)
    dispatch = Scanner(plant, "dispatch")
    first = await dispatch.scan(label)
    assert (said(first)[:2], first["details"]) == (("refused", "NOTHING_IN_HAND"), {"first": "crate"})
    crate = await plant.crate(plant.place("dock"))
    crate_tag = await plant.crate_tag(crate)
    batch = [
        dispatch.read(crate_tag, ago_s=20),
        dispatch.read(label, ago_s=10),
        dispatch.read(await plant.tag_of(raw), ago_s=5),
    ]
    results = (await dispatch.send(*batch))["results"]
    assert [said(each) for each in results] == [
        ("checked", None, "fill the crate"), ("done", None, "next one, or seal the crate"),
        ("refused", "NOT_RELEASED", None),
    ]  # fmt: skip
    assert await at(plant, set_id) == crate
    colleague = Scanner(plant, "dispatch")
    colleague.seq = 4
    assert said(await colleague.scan(label))[:2] == ("refused", "NOTHING_IN_HAND"), "not in the next person's hand"
    dock = Scanner(plant, "dock", plant.theatre())
    assert said(await dock.scan(crate_tag)) == ("checked", None, "no hand-over is waiting")
    assert said(await dock.scan(label))[:2] == ("refused", "CODE_NOT_EXPECTED")
    arrived = Scanner(plant, "quarantine")
    assert said(await arrived.scan(label))[0] == "done", "out of the open crate"
    assert await at(plant, set_id) == plant.place("quarantine")


async def test_a_theatre_asks_whether_a_pack_is_good(plant: Plant) -> None:
    mine = [await plant.set() for _ in range(5)]
    theirs = await plant.set(plant.members[1])
    today, theatre = days.today(), Scanner(plant, "theatre", plant.theatre())
    good = await plant.run(mine[0], "released")
    used = await plant.run(mine[1], "used", ended_at=clock.now() - timedelta(days=3))
    packed = await plant.run(mine[2], "packed")
    old = await plant.run(mine[3], "released", sterile_on=today - timedelta(40), expires_on=today - timedelta(1))
    on_hold = await plant.run(mine[4], "released")
    await held(plant, mine[4])
    foreign = await plant.run(theirs, "released")

    async def asked(run_id: UUID) -> Json:
        return await theatre.scan(await plant.label_of(run_id))

    yes = await asked(good)
    assert (said(yes), yes["good"]) == (("checked", None, "may be used"), True)
    assert yes["expires_on"] == (today + timedelta(days=180)).isoformat()
    before = await asked(used)
    assert (said(before), before["good"]) == (("checked", "ALREADY_USED", "do not use"), False)
    assert before["used_on"] == before["details"]["used_on"] == (today - timedelta(days=3)).isoformat()
    assert (before["sterile_on"], before["blocks"]) == (None, []), "its date only"
    for run_id, why in ((packed, "NOT_RELEASED"), (old, "EXPIRED"), (on_hold, "ON_HOLD")):
        no = await asked(run_id)
        assert (said(no), no["good"]) == (("checked", why, "do not use"), False)
        assert no["message"]
    assert (await stage(plant, good), await stage(plant, old)) == ("released", "released"), "looking uses nothing"

    for code in (await plant.label_of(foreign), await plant.tag_of(theirs)):
        assert said(await theatre.scan(code)) == ("refused", "NOT_YOUR_SET", None)
    issues = await plant.connection.fetch("SELECT kind, organisation_id, subject_id FROM issue")
    assert [tuple(row) for row in issues] == [("not_your_set", plant.members[0], theatre.device)] * 2
    checks = await plant.connection.fetchval("SELECT count(*) FROM trace_entry WHERE kind = 'run.checked'")
    assert checks == 5


async def test_two_devices_on_one_set(plant: Plant) -> None:
    """One is done, the other hears why not; nothing is lost."""
    set_id, brand_new = await plant.set(), await plant.set()
    await plant.run(set_id, "returning")
    await plant.run(await plant.set(), "returning")
    station = await plant.station("reception", plant.group, "reception")
    second_device = await plant.connection.fetchval("SELECT id FROM device WHERE station_id = $1", station)
    one, two = Scanner(plant, "reception"), Scanner(plant, "reception", station=station)
    two.device = second_device
    tag, new_tag = await plant.tag_of(set_id), await plant.tag_of(brand_new)
    for text in (tag, new_tag):
        both = await asyncio.gather(one.scan(text), two.scan(text))
        assert sorted((each["outcome"], each["code"]) for each in both) == [("done", None), ("refused", "WRONG_STAGE")]
    washers = [plant.machines["washer"], await _second_washer(plant)]
    plant.machines["washer"] = washers[1]
    await opened(plant, "washer", "wash")
    plant.machines["washer"] = washers[0]
    await opened(plant, "washer", "wash")
    other = await plant.station("washing", plant.group, "washing", washers[1])
    first, second = Scanner(plant, "washing"), Scanner(plant, "washing", station=other)
    second.device = await plant.connection.fetchval("SELECT id FROM device WHERE station_id = $1", other)
    both = await asyncio.gather(first.scan(tag), second.scan(tag))
    assert sorted((each["outcome"], each["code"]) for each in both) == [("done", None), ("refused", "ALREADY_LOADED")]


async def _second_washer(plant: Plant) -> UUID:
    first = Machine.of(await plant.row("machine", plant.machines["washer"]))
    made = replace(first, id=new_id(), name="washer 2")
    await plant.record(lambda tx: add(tx, made, "machine.added"))
    return made.id
