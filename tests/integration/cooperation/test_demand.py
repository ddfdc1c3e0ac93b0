"""Operating programme, needs, allocations and promises, through the API of the service."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from cooperation.demand.observing import end_days, spread
from cooperation.machines.rows import Machine
from cooperation.runs.changing import happen, locked
from cooperation.trace.recording import add, change
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.days import today
from tests.harness.plant import Plant

OTHER = 2
PARIS = ZoneInfo("Europe/Paris")


def day(days: int = 0) -> date:
    return today() + timedelta(days=days)


async def planned(plant: Plant, hours: float = 30, quantity: int = 1, member: int = 0) -> dict[str, Any]:
    owner = plant.members[member]
    if owner not in plant.compositions:
        plant.compositions[owner] = await plant.composition(owner)
    return {
        "site_id": str(plant.sites[owner]),
        "theatre": "Salle 2",
        "starts_at": (clock.now() + timedelta(hours=hours)).isoformat(),
        "items": [{"composition": str(plant.compositions[owner][0]), "quantity": quantity}],
    }


async def pack(plant: Plant, expires_in: int = 60, **fields: object) -> UUID:
    """A released pack in the store of the first hospital."""
    home = plant.place("store", plant.members[0])
    return await plant.run(await plant.set(), "released", place=home, expires_on=day(expires_in), **fields)


def kept(need: Mapping[str, Any]) -> set[str]:
    return {each["run_id"] for each in need["allocations"]}


async def test_an_operation_is_covered_by_the_pack_that_expires_first(plant: Plant) -> None:
    late, first = await pack(plant, 90), await pack(plant, 20)
    await pack(plant, 0)
    noon = datetime.combine(clock.now().astimezone(PARIS).date() + timedelta(days=1), time(12), PARIS)
    body = await planned(plant, (noon - clock.now()).total_seconds() / 3600)  # the board shows today and tomorrow
    async with plant.http(plant.hospital()) as client:
        put = await client.put("/v1/operations/OP-1", json=body)
        assert put.status_code == 200, put.text
        need = put.json()["needs"][0]
        assert (need["state"], kept(need)) == ("covered", {str(first)})
        again = await client.put("/v1/operations/OP-1", json=body)
        assert again.json() == put.json()
        body["items"][0]["quantity"] = 3
        three = (await client.put("/v1/operations/OP-1", json=body)).json()["needs"][0]
        assert (three["state"], kept(three)) == ("short", {str(first), str(late)})
        listed = (await client.get("/v1/needs", params={"state": "short"})).json()["items"]
        assert [each["id"] for each in listed] == [three["id"]]
        file = (await client.get(f"/v1/needs/{three['id']}")).json()
        assert {each["run_id"]: each["allocated_to"] for each in file["candidates"]}[str(first)] == three["id"]
        assert [each["operation_ref"] for each in (await client.get("/v1/operations")).json()["items"]] == ["OP-1"]
        board = (await client.get("/v1/board")).json()
        assert board["needs"] == {"covered": 0, "arriving": 0, "at_risk": 0, "short": 1}
        assert [each["id"] for each in board["needs_open"]] == [three["id"]]
        assert (await client.delete("/v1/operations/OP-1")).status_code == 204
        assert (await client.delete("/v1/operations/OP-1")).status_code == 204
        assert (await client.get("/v1/operations/OP-1")).json()["state"] == "cancelled"
        other = (await client.put("/v1/operations/OP-2", json=await planned(plant))).json()
        assert other["needs"][0]["state"] == "covered"


async def test_what_a_programme_may_not_hold(plant: Plant) -> None:
    body = await planned(plant)
    async with plant.http(plant.theatre()) as theatre:

        async def refused(ref: str = "OP-1", **changed: object) -> tuple[int, str, str | None]:
            answer = await theatre.put(f"/v1/operations/{ref}", json=body | changed)
            assert ref not in answer.text
            errors = answer.json().get("errors") or [{"pointer": None}]
            return answer.status_code, answer.json()["code"], errors[0]["pointer"]

        assert (await refused("285057800608436"))[:2] == (422, "PATIENT_DATA_SUSPECTED")
        assert (await refused("J.%20Martin"))[:2] == (422, "PATIENT_DATA_SUSPECTED")
        foreign = str(plant.sites[plant.members[OTHER]])
        assert await refused(site_id=foreign) == (422, "REFERENCE_UNKNOWN", "/site_id")
        assert await refused(items=[{"composition": "NONE-1"}]) == (422, "REFERENCE_UNKNOWN", "/items/0/composition")
        theirs = str((await plant.composition(plant.members[OTHER]))[0])
        assert await refused(items=[{"composition": theirs}]) == (422, "REFERENCE_UNKNOWN", "/items/0/composition")
        assert await refused(items=body["items"] * 2) == (422, "ITEM_TWICE", "/items/1/composition")
        assert (await refused(starts_at="2026-03-02T08:00:00"))[1] == "TIME_INVALID"
        assert (await refused(patient="x"))[1] == "FIELD_NOT_ALLOWED"
        assert (await theatre.put("/v1/operations/OP-1", json=body)).status_code == 200
        backwards = {"from": clock.now().isoformat(), "to": (clock.now() - timedelta(days=1)).isoformat()}
        assert (await theatre.get("/v1/needs", params=backwards)).json()["errors"][0]["pointer"] == "?to"
    async with plant.http(plant.theatre(OTHER)) as neighbour:
        assert (await neighbour.delete("/v1/operations/OP-1")).status_code == 404
        assert (await neighbour.get("/v1/operations/OP-1")).status_code == 404
        assert (await neighbour.get("/v1/needs")).json()["items"] == []
    async with plant.http(plant.operator()) as operator:
        assert (await operator.put("/v1/operations/OP-1", json=body)).status_code == 403
    async with plant.http(plant.manager()) as manager:
        assert (await manager.put("/v1/operations/OP-1", json=body | {"theatre": "Salle 3"})).status_code == 200


async def test_packs_are_kept_by_hand_and_taken_back(plant: Plant) -> None:
    first, second = await pack(plant, 20), await pack(plant, 30)
    short, washed = await pack(plant, 0), await plant.run(await plant.set(), "washed")
    foreign = await plant.run(await plant.set(plant.members[OTHER]), "released")
    special = await plant.composition(plant.members[0])
    another_set = await plant.set(composition_id=special[0], composition_version_id=special[1])
    another = await plant.run(another_set, "released", place=plant.place("store", plant.members[0]))
    async with plant.http(plant.theatre()) as theatre:
        need = (await theatre.put("/v1/operations/A", json=await planned(plant))).json()["needs"][0]
        assert kept(need) == {str(first)}
        later = (await theatre.put("/v1/operations/B", json=await planned(plant, 40, 2))).json()["needs"][0]
        assert kept(later) == {str(second)}

        async def keep(need_id: str, run_id: UUID) -> tuple[int, str]:
            answer = await theatre.post("/v1/allocations", json={"need_id": need_id, "run_id": str(run_id)})
            return answer.status_code, answer.json().get("code", "")

        assert await keep(need["id"], second) == (409, "RUN_ALLOCATED")
        assert await keep(need["id"], short) == (409, "EXPIRED")
        assert await keep(need["id"], washed) == (409, "WRONG_STAGE")
        assert await keep(need["id"], another) == (422, "COMPOSITION_DIFFERS")
        assert await keep(need["id"], foreign) == (422, "REFERENCE_UNKNOWN")
        assert await keep(str(foreign), first) == (422, "REFERENCE_UNKNOWN")
        (of_a,) = need["allocations"]
        assert (await theatre.delete(f"/v1/allocations/{of_a['id']}")).status_code == 204
        both = [(await theatre.get(f"/v1/needs/{each['id']}")).json() for each in (need, later)]
        assert kept(both[0]) == set(), "what a person took back is not kept for the same need again"
        assert kept(both[1]) == {str(first), str(second)}
        for each in both[1]["allocations"]:
            if each["run_id"] == str(first):
                await theatre.delete(f"/v1/allocations/{each['id']}")
        raced = await asyncio.gather(keep(need["id"], first), keep(later["id"], first))
        assert sorted(code for _, code in raced) == ["", "RUN_ALLOCATED"]
        third = await pack(plant, 50)
        if raced[1] == (201, ""):
            assert await keep(need["id"], third) == (201, "")
        fourth = await pack(plant, 50)
        assert await keep(need["id"], fourth) == (409, "NEED_COVERED")
    async with plant.http(plant.theatre(OTHER)) as neighbour:
        assert (await neighbour.delete(f"/v1/allocations/{of_a['id']}")).status_code == 404
        asked = {"need_id": need["id"], "run_id": str(first)}
        assert (await neighbour.post("/v1/allocations", json=asked)).status_code == 422


async def test_needs_follow_what_happens_to_packs(plant: Plant) -> None:
    """A pack is held: another takes its place, then none; the hold ends; the pack is used, and the operation done."""
    run_id, spare = await pack(plant, 20), await pack(plant, 40)
    async with plant.http(plant.hospital()) as client, plant.http(plant.pharmacist()) as pharmacist:
        need = (await client.put("/v1/operations/A", json=await planned(plant, 2))).json()["needs"][0]
        plant.work()

        async def stands(state: str, *run_ids: UUID) -> bool:
            async def so() -> bool:
                found = (await client.get(f"/v1/needs/{need['id']}")).json()
                return bool(found["state"] == state and kept(found) == {str(each) for each in run_ids})

            return await soon(so)

        assert await stands("covered", run_id)
        held: list[str] = []
        for each in (run_id, spare):
            hold = {"kind": "quality", "cause": "Doute", "subjects": [{"kind": "run", "id": str(each)}]}
            answer = await pharmacist.post("/v1/holds", json=hold)
            assert answer.status_code == 201, answer.text
            held.append(answer.json()["id"])
            assert await stands(*(("covered", spare) if each == run_id else ("short",)))
        lifted = await pharmacist.post(f"/v1/holds/{held[0]}/sign", json={"outcome": "lifted", "reason": "Levé"})
        assert lifted.status_code == 200, lifted.text
        assert await stands("covered", run_id)
        used = {"operation_ref": "A", "used_at": clock.now().isoformat(), "intact": True}
        code = await plant.label_of(run_id)
        assert (await client.post("/v1/uses", json=used | {"code": code})).status_code == 201

        async def done() -> bool:
            return bool((await client.get("/v1/operations/A")).json()["state"] == "done")

        assert await soon(done)
        after = (await client.get("/v1/operations/A")).json()["needs"][0]
        assert (after["state"], after["used"], kept(after)) == ("covered", 1, set())
        again = await client.put("/v1/operations/A", json=await planned(plant, 3))
        assert (again.status_code, again.json()["code"]) == (409, "OPERATION_DONE")
        gone = await client.delete("/v1/operations/A")
        assert (gone.status_code, gone.json()["code"]) == (409, "OPERATION_DONE")
    told = await plant.connection.fetch(
        "SELECT payload::jsonb->>'state' FROM kit.outbox WHERE type = 'cooperation.need_changed.v1' ORDER BY sequence"
    )
    assert [row[0] for row in told] == ["short", "covered", "short", "covered"]


def machine_becomes(plant: Plant, state: str) -> Any:
    async def work(tx: Tx) -> None:
        row = Machine.of(await plant.row("machine", plant.machines["steam"]))
        await change(tx, row, replace(row, state=state), "machine.changed")  # type: ignore[arg-type]

    return work


async def promise_of(client: httpx.AsyncClient, run_id: UUID) -> dict[str, Any]:
    return dict((await client.get(f"/v1/runs/{run_id}/promise")).json())


async def test_promises_follow_the_timetable_and_the_machines(plant: Plant) -> None:
    await plant.link(0, 600, *(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 20, 40)))
    run_id = await plant.run(await plant.set(), "packed", place=plant.place("packing"))
    async with plant.http(plant.theatre()) as theatre:
        need = (await theatre.put("/v1/operations/A", json=await planned(plant, 5.5))).json()["needs"][0]
        assert need["state"] == "arriving"
        first = await promise_of(theatre, run_id)
        assert [(step["stage"], step["p50_min"], step["observations"]) for step in first["steps"]] == [
            ("packed", 0, 0), ("sterilising", 90, 0), ("out", 10, 0),
        ]  # fmt: skip
        leaves = datetime.fromisoformat(first["p50"]) - timedelta(minutes=10)
        assert leaves.minute % 20 == 0
        assert timedelta() <= leaves - datetime.fromisoformat(first["ready_p50"]) < timedelta(minutes=20)
        await plant.record(machine_becomes(plant, "out_of_service"))
        slow = await promise_of(theatre, run_id)
        moved = datetime.fromisoformat(slow["ready_p50"]) - datetime.fromisoformat(first["ready_p50"])
        assert timedelta(hours=24) <= moved < timedelta(hours=24, minutes=1)
        site = str(plant.sites[plant.members[0]])
        listed = (await theatre.get("/v1/promises", params={"site_id": site})).json()["items"]
        assert [each["run_id"] for each in listed] == [str(run_id)]
        (out,) = (await theatre.get("/v1/board")).json()["machines_not_ready"]
        assert (out["kind"], out["reasons"]) == ("steam", ["out_of_service"])
    async with plant.http(plant.theatre(OTHER)) as neighbour:
        assert (await neighbour.get(f"/v1/runs/{run_id}/promise")).status_code == 404
        assert (await neighbour.get("/v1/promises")).json()["items"] == []


async def test_a_steriliser_out_of_service_puts_needs_at_risk(plant: Plant) -> None:
    """Second half of scenario 1: two failed Bowie-Dick tests of one of two sterilisers; four needs are at risk."""
    first = Machine.of(await plant.row("machine", plant.machines["steam"]))
    second = replace(first, id=new_id(), name="steam 2", version=1)
    await plant.record(lambda tx: add(tx, second, "machine.added"))
    for _ in range(4):
        await plant.run(await plant.set(), "packed", place=plant.place("packing"))
    async with plant.http(plant.theatre()) as theatre, plant.http(plant.operator()) as operator:
        body = await planned(plant, 6)
        puts = [theatre.put(f"/v1/operations/OP-{ref}", json=body) for ref in ("1", "2", "3", "4", "4")]
        assert {answer.json()["needs"][0]["state"] for answer in await asyncio.gather(*puts)} == {"arriving"}
        plant.work()
        for _ in range(2):
            failed = {"kind": "bowie_dick", "result": "failed", "tested_at": clock.now().isoformat()}
            answer = await operator.post(f"/v1/machines/{second.id}/tests", json=failed)
            assert answer.status_code == 201, answer.text

        async def at_risk() -> bool:
            found = (await theatre.get("/v1/needs", params={"state": "at_risk"})).json()["items"]
            return {each["operation_ref"] for each in found} == {"OP-1", "OP-2", "OP-3", "OP-4"}

        assert await soon(at_risk)

        async def told() -> bool:
            return int(await plant.connection.fetchval(MOVED)) == 4

        assert await soon(told)


MOVED = """
SELECT count(*) FROM (SELECT payload::jsonb->>'run_id' FROM kit.outbox WHERE type = 'cooperation.promise_changed.v1'
                      GROUP BY 1 HAVING count(*) = 2) moved
"""


async def test_promises_learn_how_long_stages_take(plant: Plant) -> None:
    began = clock.now() - timedelta(minutes=20)
    run_id = await plant.run(await plant.set(), "packed", place=plant.place("packing"), stage_since=began)

    async def sterilised(tx: Tx) -> None:
        run = await locked(tx, run_id)
        await happen(tx, run, replace(run, stage="sterilising"), "run.sterilising", tx.now)

    async def observed() -> bool:
        return bool(await plant.connection.fetchval("SELECT true FROM stage_time WHERE stage = 'packed'"))

    await plant.record(sterilised)
    plant.work()
    assert await soon(observed)
    assert 20 * 60 <= await plant.connection.fetchval("SELECT seconds FROM stage_time") < 21 * 60
    composition, _ = plant.compositions[plant.members[0]]
    await plant.connection.execute(
        "INSERT INTO stage_time SELECT gen_random_uuid(), 'sterilising', $1, $2, $3, n % 24, 60 * (n + 30), now()"
        " FROM generate_series(1, 40) n",
        plant.members[0], plant.group, composition,
    )  # fmt: skip
    await plant.record(spread)
    async with plant.http(plant.theatre()) as theatre:
        step = (await promise_of(theatre, run_id))["steps"][0]
    assert (step["stage"], step["observations"]) == ("sterilising", 40)
    assert 49 <= step["p50_min"] <= 50.5
    assert 65 <= step["p90_min"] <= 66.1


HEAD = "Intervention;Site;Salle;Date;Heure;Composition;Quantité"


async def send(
    client: httpx.AsyncClient, *lines: str, dry_run: bool = False, encoding: str = "utf-8"
) -> httpx.Response:
    return await client.post(
        "/v1/operations/import",
        params={"dry_run": dry_run},
        content="\r\n".join(lines).encode(encoding),
        headers={"Content-Type": "text/csv"},
    )


async def file_of(plant: Plant) -> tuple[list[str], str]:
    """Two operations of tomorrow, and their composition."""
    composition = str((await planned(plant))["items"][0]["composition"])
    site, tomorrow = plant.sites[plant.members[0]], day(1)
    first = f"OP-1;{site};Salle 1;{tomorrow:%d/%m/%Y};8h30;{composition};"
    return [HEAD, first, f"OP-2;;Salle 2;{tomorrow};14:00;{composition};2"], composition


async def test_a_day_comes_as_a_file(plant: Plant) -> None:
    await pack(plant)
    good, _ = await file_of(plant)
    async with plant.http(plant.hospital()) as client:
        rehearsal = (await send(client, *good, dry_run=True)).json()
        assert (rehearsal["created"], rehearsal["faults"]) == (2, [])
        assert (await client.get("/v1/operations")).json()["items"] == []
        stored = (await send(client, *good, encoding="cp1252")).json()
        assert (stored["lines"], stored["operations"], stored["created"]) == (2, 2, 2)
        assert (await send(client, *good)).json()["unchanged"] == 2
        shown = (await client.get("/v1/operations")).json()["items"]
        assert [each["needs"][0]["state"] for each in shown] == ["covered", "short"]

    await plant.connection.execute("UPDATE operation SET starts_at = starts_at - interval '3 days'")
    database = Database(plant.running.settings)  # type: ignore[union-attr]
    await database.open()
    try:
        await end_days(database)
    finally:
        await database.close()
    assert {row["state"] for row in await plant.connection.fetch("SELECT state FROM operation")} == {"done"}


async def test_a_file_with_a_wrong_line_stores_nothing(plant: Plant) -> None:
    good, composition = await file_of(plant)
    tomorrow = f"{day(1):%d/%m/%Y}"
    bad = [
        *good,
        f"285057800608436;;Salle 1;{tomorrow};8h30;{composition};1",
        f"OP-3;;Salle 1;30/02/2027;8h30;{composition};1",
        f"OP-1;;Salle 9;{tomorrow};8h30;NONE;1",
        f"OP-4;;Salle 1;{tomorrow};25h;{composition};1",
        f"OP-5;;Salle 1;{tomorrow};9h;NONE;0",
        f"OP-6;;Salle 1;{tomorrow};9h;NONE;1",
    ]
    async with plant.http(plant.hospital()) as client:
        rehearsed = await send(client, *bad, dry_run=True)
        assert rehearsed.status_code == 200, rehearsed.text
        assert [(each["line"], each["column"], each["code"]) for each in rehearsed.json()["faults"]] == [
            (4, "operation_ref", "PATIENT_DATA_SUSPECTED"), (5, "date", "CELL_UNREADABLE"),
            (6, "operation_ref", "LINES_DIFFER"), (7, "time", "CELL_UNREADABLE"), (8, "quantity", "CELL_UNREADABLE"),
            (9, "composition", "REFERENCE_UNKNOWN"),
        ]  # fmt: skip
        assert "285057800608436" not in rehearsed.text
        refused = await send(client, *bad)
        assert (refused.status_code, refused.json()["code"], len(refused.json()["lines"])) == (422, "IMPORT_REFUSED", 6)
        assert (await client.get("/v1/operations")).json()["items"] == []
        json = await client.post("/v1/operations/import", json={})
        assert json.status_code == 415
        column = await send(client, "Intervention;Salle", "x;y", dry_run=True)
        assert {each["code"] for each in column.json()["faults"]} == {"COLUMN_MISSING"}
