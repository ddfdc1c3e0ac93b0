"""What may happen in a history: each act with its weight, and what its answer must not be.

`a` chooses the set or the person, `b` the newest loads, crates, holds…, `flag` between two ways.
"""

from typing import Any
from uuid import UUID

from cooperation.scans.schemas import ScanBatch
from cooperation.scans.service import take
from maillage import clock
from maillage.principal import Principal
from tests.integration.cooperation.history import CRATES, History, NothingToDo, act, must


@act(1)
async def come_back(h: History, a: int, b: int, flag: bool) -> None:
    await h.world.come_back(h.world.sets[a])


@act(1)
async def receive(h: History, a: int, b: int, flag: bool) -> None:
    await h.world.receive(h.world.sets[a])


@act(1)
async def open_load(h: History, a: int, b: int, flag: bool) -> None:
    await h.world.open_load("washer" if flag else "steam")


@act(3)
async def put_in(h: History, a: int, b: int, flag: bool) -> None:
    run_id = await h.run_of(a)
    load = await h.world.put_in(h.world.sets[a], "washer" if flag else "steam")
    if load is not None:
        h.model.inside.setdefault(load, set()).add(run_id)


@act(1)
async def take_out(h: History, a: int, b: int, flag: bool) -> None:
    run_id = await h.run_of(a)
    await h.world.take_out(h.world.sets[a])
    for members in h.model.inside.values():
        members.discard(run_id)


@act(2)
async def start(h: History, a: int, b: int, flag: bool) -> None:
    load = await h.some_load(b)
    members = set(h.model.inside.get(load, set()))
    await h.world.start(load)
    h.model.frozen[load] = members
    h.model.inside.pop(load, None)


@act(2)
async def record(h: History, a: int, b: int, flag: bool) -> None:
    load = await h.some_load(b)
    good = flag or a > 2
    verdict = await h.world.record(load, good=good, cycle_off=int(a == 0))
    must(a != 0, "a record of another cycle counts")
    must(load not in h.model.conform, "C12: two records count")
    must(verdict == ("conform" if good else "not_conform"), "a verdict that the curve does not bear")
    h.model.conform[load] = good


@act(3)
async def see(h: History, a: int, b: int, flag: bool) -> None:
    run_id = await h.run_of(a)
    good = flag or b > 1
    await h.world.see(h.world.sets[a], good=good)
    for load, members in h.model.frozen.items():
        if run_id in members:
            h.model.see(load, run_id, good=good)


@act(2)
async def control(h: History, a: int, b: int, flag: bool) -> None:
    load = await h.some_load(b)
    result = "conform" if flag or a > 1 else "failed"
    await h.world.control(load, result)
    h.model.indicator[load] = result


@act(3)
async def decide(h: History, a: int, b: int, flag: bool) -> None:
    load, people = await h.some_load(b), h.world.people
    who = [people.pharmacist, people.pharmacist, people.delegate, people.operator, people.manager, people.unloader][a]
    await _decide(h, load, who, "release" if flag or b > 2 else "reject")


async def _decide(h: History, load: UUID, who: Principal, outcome: str) -> None:
    model, people = h.model, h.world.people
    washing = (await h.world.plant.row("load", load))["kind"] == "washing"
    still = {row["id"] for row in await h.world.rows("SELECT id FROM run WHERE stage IN ('sterilising', 'washing')")}
    await h.world.decide(load, who, outcome)
    if outcome == "reject":
        must(who in (people.pharmacist, people.delegate, people.manager), "rejected by who may not")
        return
    packs = model.frozen[load] & still
    must(model.conform.get(load) is True, "C1: released without a conform verdict")
    must(washing or model.indicator.get(load) == "conform", "C1: released without its indicator")
    must(washing or who is people.pharmacist, "C1: released by who may not sign")
    must(all((load, run) in model.seen for run in packs), "C1: released with a pack that nobody saw")
    if not washing:
        model.released |= {run for run in packs if model.seen[load, run]}


@act(1)
async def assemble(h: History, a: int, b: int, flag: bool) -> None:
    run_id = await h.run_of(a)
    await h.world.assemble(run_id, missing=b if b < 3 else None, soil=flag and b == 5)
    must(b != 0, "assembled without its critical instrument")


@act(1)
async def pack(h: History, a: int, b: int, flag: bool) -> None:
    await h.world.pack(await h.run_of(a))


@act(1)
async def abort(h: History, a: int, b: int, flag: bool) -> None:
    run_id = await h.run_of(a)
    await h.world.abort(run_id, ["torn", "expired", "opened_unused", "lost", "damaged", "recalled"][b])
    for members in h.model.inside.values():
        members.discard(run_id)


@act(3)
async def use(h: History, a: int, b: int, flag: bool) -> None:
    run_id, people = await h.run_of(a, "released", "packed", "sterilising"), h.world.people
    await _use(h, a, run_id, override=b == 4, other=b == 5, torn=b == 3 and flag, who=people)


async def _use(h: History, a: int, run_id: UUID, *, override: bool, other: bool, torn: bool, who: Any) -> None:
    user = who.clinician if override else who.other_theatre if other else who.theatre
    blocks = h.model.blocks(run_id, h.world.sets[a])
    owner = (await h.world.plant.row("run", run_id))["organisation_id"]
    await h.world.use(run_id, user, override=override, intact=not torn)
    must(run_id in h.model.released, "C1: used and never released")
    must(not blocks or (override and "prion" not in blocks), f"C9: used under {blocks}")
    must(not torn, "a torn pack was used")
    must(owner in user.orgs, "C16: used by another member")


@act(1)
async def recall(h: History, a: int, b: int, flag: bool) -> None:
    if b > 1:
        raise NothingToDo  # seldom: else everything is soon recalled
    load = await h.some_load(a)
    made = await h.world.recall(load)
    rows = await h.world.rows("SELECT subject_id, operation_ref FROM recall_line WHERE recall_id = $1", made)
    must({row["subject_id"] for row in rows} == h.model.frozen[load], "C3: the recall lists other runs")
    used = await h.world.rows(
        "SELECT run_id, operation_ref FROM use WHERE run_id = ANY ($1)", list(h.model.frozen[load])
    )
    told = {row["subject_id"]: row["operation_ref"] for row in rows if row["operation_ref"]}
    must(told == {row["run_id"]: row["operation_ref"] for row in used}, "C3: the recall lists other operations")
    h.model.recalls[made] = {row["subject_id"] for row in rows}


@act(1)
async def quarantine(h: History, a: int, b: int, flag: bool) -> None:
    await h.world.quarantine(h.world.sets[a])


@act(1)
async def acknowledge(h: History, a: int, b: int, flag: bool) -> None:
    line = await h.some("recall_line", b)
    await h.world.acknowledge(line["id"], line["organisation_id"])


@act(1)
async def close_recall(h: History, a: int, b: int, flag: bool) -> None:
    found = await h.some("recall", b)
    people = h.world.people
    state = await h.world.close_recall(found["id"], [people.pharmacist, people.hygiene, people.delegate][a % 3])
    left = await h.world.rows("SELECT id FROM recall_line WHERE recall_id = $1 AND ended IS NULL", found["id"])
    must(state == "open" or not left, "C3: closed with open lines")


@act(1)
async def hold(h: History, a: int, b: int, flag: bool) -> None:
    if b > 1:
        raise NothingToDo
    kind = "prion" if flag else "quality"
    made = await h.world.hold(kind, h.world.sets[a])
    h.model.holds[made] = (kind, h.world.sets[a])


@act(3)
async def sign(h: History, a: int, b: int, flag: bool) -> None:
    found, people = await h.some("hold", b), h.world.people
    who = [people.pharmacist, people.hygiene, people.delegate, people.manager, people.hygiene, people.operator][a]
    state = await h.world.sign(found["id"], who, "lifted")
    assert who.person_id is not None
    persons = h.model.signed.setdefault((found["id"], "lifted"), set())
    persons.add(who.person_id)
    needed = 2 if found["kind"] == "prion" else 1
    must(state == "active" or (len(persons) >= needed and found["kind"] != "prion") or (
        people.hygiene.person_id in persons and len(persons) >= needed), "C10: a hold ended by too few")  # fmt: skip
    if state != "active":
        h.model.holds.pop(found["id"], None)


@act(2)
async def crate(h: History, a: int, b: int, flag: bool) -> None:
    run_id = await h.run_of(a)
    stage = (await h.world.plant.row("run", run_id))["stage"]
    crate_id = h.world.crates[b % CRATES]
    here = "SELECT place_id FROM custody WHERE subject_id = $1 AND until IS NULL"
    before = (await h.world.rows(here, h.world.sets[a]))[0]["place_id"]
    await h.world.crate(run_id, crate_id)
    if before == crate_id:
        return
    must(not h.model.blocks(run_id, h.world.sets[a]), "C9: something blocked was crated")
    row = await h.world.plant.row("crate", crate_id)
    must(row["load_state"] == {"released": "clean", "returning": "dirty"}.get(stage), "C11: of another cleanliness")


@act(1)
async def uncrate(h: History, a: int, b: int, flag: bool) -> None:
    place = h.world.plant.place("quarantine" if flag else "store")
    await h.world.uncrate(await h.run_of(a), h.world.crates[b % CRATES], place)


@act(1)
async def seal(h: History, a: int, b: int, flag: bool) -> None:
    await h.world.seal(h.world.crates[b % CRATES])


@act(2)
async def unseal(h: History, a: int, b: int, flag: bool) -> None:
    await h.world.unseal(h.world.crates[b % CRATES])


@act(1)
async def decontaminate(h: History, a: int, b: int, flag: bool) -> None:
    await h.world.decontaminate(h.world.crates[b % CRATES])


@act(1)
async def give(h: History, a: int, b: int, flag: bool) -> None:
    start_, end = h.world.plant.place("dock"), h.world.plant.place("dock", h.world.plant.members[0])
    await h.world.give(h.world.crates[b % CRATES], *((start_, end) if flag else (end, start_)))


@act(2)
async def take_over(h: History, a: int, b: int, flag: bool) -> None:
    found, people = await h.some("handover", b), h.world.people
    crate_id = (await h.world.rows("SELECT crate_id FROM handover_crate WHERE handover_id = $1", found["id"]))[0][
        "crate_id"
    ]
    who = people.driver if a == 0 else people.theatre if flag else people.operator
    await h.world.take(found["id"], crate_id, who)
    must(who is not people.driver, "given and taken by one person")


@act(1)
async def correct(h: History, a: int, b: int, flag: bool) -> None:
    sql = "SELECT id, kind, subject_id FROM trace_entry ORDER BY seq DESC LIMIT 8"
    entry = (await h.world.rows(sql))[b + (2 if flag else 0)]
    await h.world.correct(entry["id"])
    if entry["kind"] == "load_run.seen":  # what was seen before counts again
        row = await h.world.plant.row("load_run", entry["subject_id"])
        h.model.unsee(row["load_id"], row["run_id"])
    must(not entry["kind"].startswith(("load.", "hold.", "recall.", "use.")), "a decision was taken back")


@act(2)
async def scan_twice(h: History, a: int, b: int, flag: bool) -> None:
    """At the reception; the batch is sent again, as after a cut."""
    h.seq += 1
    plant = h.world.plant
    batch = ScanBatch.model_validate({
        "device_id": plant.devices["reception"], "station_id": plant.stations["reception"],
        "scans": [{"seq": h.seq, "code": await plant.tag_of(h.world.sets[a]), "scanned_at": clock.now().isoformat()}],
    })  # fmt: skip
    first = await h.world.do(h.world.people.operator, take, batch, "fr")
    sql = "SELECT (SELECT count(*) FROM trace_entry), (SELECT count(*) FROM scan)"
    before = await h.world.rows(sql)
    again = await h.world.do(h.world.people.operator, take, batch, "fr")
    must(again == first and await h.world.rows(sql) == before, "C12: a replay was no replay")


@act(24)
async def go_on(h: History, a: int, b: int, flag: bool) -> None:
    """What the set needs next, done well: so that histories get far."""
    found = await h.world.live(h.world.sets[a])
    if found is None or found["stage"] in ("returning",):
        return await receive(h, a, b, flag)
    if found["stage"] in ("received", "packed"):
        return await _load(h, a, found)
    if found["stage"] in ("washing", "sterilising"):
        return await _process(h, a, found)
    if found["stage"] == "washed":
        return await assemble(h, a, 4, False)
    if found["stage"] == "assembled":
        return await h.world.pack(found["id"])
    if not flag:
        return await _travel(h, a, b, found)
    who = h.world.people
    other = found["organisation_id"] != h.world.plant.members[0]
    return await _use(h, a, found["id"], override=False, other=other, torn=False, who=who)


async def _travel(h: History, a: int, b: int, run: Any) -> None:
    """Into a crate, sealed, given, taken, opened, put into the store of a hospital."""
    world, plant = h.world, h.world.plant
    place = "SELECT place_id FROM custody WHERE subject_id = $1 AND until IS NULL"
    crate_id = (await world.rows(place, world.sets[a]))[0]["place_id"]
    if crate_id not in world.crates:
        return await crate(h, a, b, False)
    sealed = (await plant.row("crate", crate_id))["seal"] is not None
    at_plant = (await world.rows(place, crate_id))[0]["place_id"] == plant.place("dock")
    if not at_plant:
        store = plant.place("store", plant.members[0])
        return await (world.unseal(crate_id) if sealed else world.uncrate(run["id"], crate_id, store))
    if not sealed:
        return await world.seal(crate_id)
    given = """
    SELECT h.id FROM handover h JOIN handover_crate c ON c.handover_id = h.id
    WHERE c.crate_id = $1 AND h.state = 'given'
    """
    on_the_way = await world.rows(given, crate_id)
    if on_the_way:
        return await world.take(on_the_way[0]["id"], crate_id, world.people.theatre)
    await world.give(crate_id, plant.place("dock"), plant.place("dock", plant.members[0]))
    return None


async def _load(h: History, a: int, run: Any) -> None:
    machine = "washer" if run["stage"] == "received" else "steam"
    load = await h.world.load_of(machine, "open")
    if load is None:
        return await h.world.open_load(machine)
    if run["id"] not in h.model.inside.get(load, set()):
        return await put_in(h, a, 0, machine == "washer")
    members = set(h.model.inside[load])
    await h.world.start(load)
    h.model.frozen[load] = members
    h.model.inside.pop(load)
    return None


async def _process(h: History, a: int, run: Any) -> None:
    sql = "SELECT load_id FROM load_run WHERE run_id = $1 AND removed_at IS NULL AND NOT ended"
    load: UUID = (await h.world.rows(sql, run["id"]))[0]["load_id"]
    if load not in h.model.conform:
        await h.world.record(load, good=True)
        h.model.conform[load] = True
        return
    for place, set_id in enumerate(h.world.sets):
        live = await h.world.live(set_id)
        if live is not None and live["id"] in h.model.frozen[load] and (load, live["id"]) not in h.model.seen:
            await see(h, place, 5, True)
            return
    if run["stage"] == "sterilising" and load not in h.model.indicator:
        await h.world.control(load, "conform")
        h.model.indicator[load] = "conform"
        return
    well = h.model.conform[load] and h.model.indicator.get(load, "conform") == "conform"
    await _decide(h, load, h.world.people.pharmacist, "release" if well else "reject")
