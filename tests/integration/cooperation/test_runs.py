"""The stages of a run: what leads to the next, what refuses, who may; the file of a run and of a set."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from cooperation.codes.domain import read
from cooperation.loads.rows import Load
from cooperation.runs.acts import came_back
from cooperation.runs.changing import locked
from cooperation.runs.overdue import tell_overdue
from cooperation.trace.recording import add
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from tests.harness.plant import Plant
from tests.integration.cooperation.test_scans import Scanner


async def hold(plant: Plant, subject_id: UUID, kind: str = "set") -> None:
    """A quality hold on it."""
    made = await plant.reference("hold", plant.group, kind="quality", state="active", cause="c", placed_by="x")
    await plant.insert("hold_subject", {
        "id": new_id(), "organisation_id": plant.members[0], "group_id": plant.group, "hold_id": made,
        "subject_kind": kind, "subject_id": subject_id, "contact": "named", "created_at": clock.now(),
    })  # fmt: skip


def whole(plant: Plant) -> list[dict[str, object]]:
    """Every line of the first member's composition, counted in full."""
    lines = plant.lines[plant.compositions[plant.members[0]][1]]
    return [{"line_id": str(line), "quantity": number} for line, number in zip(lines, (1, 4, 2), strict=True)]


async def asked(client: httpx.AsyncClient, run_id: UUID, act: str, **body: object) -> tuple[int, dict[str, Any]]:
    """An act on a run: the status and the answer."""
    answer = await client.post(f"/v1/runs/{run_id}/{act}", json=body)
    return answer.status_code, answer.json()


async def test_the_way_back_to_the_plant(plant: Plant) -> None:
    set_id, lost = await plant.set(), await plant.set()
    used = await plant.run(lost, "used")
    run_id = await plant.run(set_id, "returning")
    away = await plant.run(lost, "returning", opened_from=used)
    tag, now = await plant.tag_of(set_id), clock.now()
    back = Scanner(plant, "return", plant.theatre())
    assert (await back.scan(tag))["outcome"] == "done"
    began = (await plant.row("run", run_id))["soak_from"]
    assert (await back.scan(tag))["outcome"] == "done", "again, within two minutes: nothing changes"
    row = await plant.row("run", run_id)
    assert (row["soak_from"], row["soak_to"]) == (began, None)

    # An hour later both alarms are told, once, however often they are looked for.
    await plant.connection.execute("UPDATE run SET soak_from = $2 WHERE id = $1", run_id, now - timedelta(minutes=51))
    await plant.insert("use", {
        "id": new_id(), "organisation_id": plant.members[0], "run_id": used, "operation_ref": "OP-1",
        "used_at": now - timedelta(hours=25), "created_at": now,
    })  # fmt: skip
    await alarms(plant)
    await alarms(plant)
    issues = await plant.connection.fetch("SELECT subject_id, kind FROM issue ORDER BY kind")
    assert [tuple(row) for row in issues] == [(away, "set_not_back"), (run_id, "soak_too_long")]


async def alarms(plant: Plant) -> None:
    """Looks for alarms once, as the timed job does."""
    assert plant.running is not None
    database = Database(plant.running.settings)
    await database.open()
    await tell_overdue(database)
    await database.close()


async def test_the_soak_is_stopped_by_a_scan_or_on_the_road_when_the_group_says_so(plant: Plant) -> None:
    out_of_bath = await plant.run(await plant.set(), "returning")
    theatre = plant.place("theatre", plant.members[0])
    began = clock.now()

    async def scanned(tx: Tx) -> None:
        for minutes in (0, 1, 20, 60):
            await came_back(tx, await locked(tx, out_of_bath), theatre, began + timedelta(minutes=minutes))

    await plant.record(scanned)
    row = await plant.row("run", out_of_bath)
    assert (row["soak_from"], row["soak_to"]) == (began, began + timedelta(minutes=20))

    crate = await plant.crate((await plant.van(dirty=10))["dirty"])
    riding = await plant.run(await plant.set(place=crate), "returning", soak_from=clock.now() - timedelta(hours=3))
    said = "UPDATE cooperation_group SET parameters = $1"
    await plant.connection.execute(said, {"soak_on_the_road": False})
    await alarms(plant)
    assert await plant.connection.fetch("SELECT subject_id FROM issue") == []
    await plant.connection.execute(said, {"soak_on_the_road": True})
    await alarms(plant)
    assert [row["subject_id"] for row in await plant.connection.fetch("SELECT subject_id FROM issue")] == [riding]


async def test_reception_takes_in_what_nobody_announced_but_not_what_is_held(plant: Plant) -> None:
    set_id = await plant.set()
    run_id = await plant.run(set_id, "returning", soak_from=clock.now())
    tag = await plant.tag_of(set_id)
    # Nobody put it into a crate: it is received all the same, and said.
    reception = Scanner(plant, "reception")
    assert (await reception.scan(tag))["stage"] == "received"
    row = await plant.row("run", run_id)
    assert row["soak_to"] == row["stage_since"] is not None
    assert await plant.connection.fetchval("SELECT kind FROM issue WHERE subject_id = $1", set_id) == "not_announced"

    # A set on hold is not taken in; a found one without a run gets its next.
    held, found = await plant.set(), await plant.set(place=plant.place("dock"))
    await plant.run(held, "returning")
    await hold(plant, held)
    assert (await reception.scan(await plant.tag_of(held)))["code"] == "ON_HOLD"
    assert (await reception.scan(await plant.tag_of(found)))["stage"] == "received"
    assert await plant.connection.fetchval("SELECT count(*) FROM issue WHERE subject_id = $1", found) == 0


async def test_recomposition_refuses_what_is_not_settled(plant: Plant) -> None:
    set_id = await plant.set()
    run_id = await plant.run(set_id, "washed", place=plant.place("assembly"))
    counted = whole(plant)
    lines = [str(one["line_id"]) for one in counted]
    async with plant.http(plant.theatre(1)) as client:
        assert (await asked(client, run_id, "assemble", counted=counted))[0] == 404
    async with plant.http(plant.at_member("manager")) as client:
        assert (await asked(client, run_id, "assemble", counted=counted))[0] == 403
    async with plant.http(plant.operator()) as client:
        status, answer = await asked(client, run_id, "assemble", counted=counted[:2])
        assert (status, answer["code"]) == (409, "LINE_OPEN")
        assert answer["lines"] == [{"line_id": lines[2], "quantity": 2, "counted": 0, "missing": 0}]
        status, answer = await asked(client, run_id, "assemble", counted=[*counted, counted[0]])
        assert (status, answer["errors"][0]["pointer"]) == (422, "/counted/3/line_id")
        status, answer = await asked(client, run_id, "assemble", gaps=[
            {"line_id": str(uuid4()), "missing": 1, "reason": "missing"}
        ])  # fmt: skip
        assert (status, answer["errors"][0]["pointer"]) == (422, "/gaps/0/line_id")
        gone = (await plant.row("instrument", await plant.instrument(None)))["code"]
        await plant.connection.execute("UPDATE instrument SET status = 'in_repair' WHERE code = $1", gone)
        for code, why in ((gone, "not_in_service"), ("https://id.gs1.org/8004/95212349", "unknown"), ("?", "unknown")):
            told = [counted[0], counted[1] | {"instruments": [code]}, counted[2]]
            status, answer = await asked(client, run_id, "assemble", counted=told)
            assert (answer["code"], answer["why"]) == ("FOREIGN_INSTRUMENT", why)
            assert answer["errors"][0]["pointer"] == "/counted/1/instruments/0"
        clip = (await plant.row("instrument", await plant.instrument(set_id)))["code"]
        for line, codes, why in ((1, [clip, clip], "twice"), (0, [clip], "other_model")):
            told = [one | ({"instruments": codes} if place == line else {}) for place, one in enumerate(counted)]
            status, answer = await asked(client, run_id, "assemble", counted=told)
            assert (answer["code"], answer["why"]) == ("FOREIGN_INSTRUMENT", why)


async def test_what_is_never_recomposed(plant: Plant) -> None:
    run_id = await plant.run(await plant.set(), "washed", place=plant.place("assembly"))
    counted = whole(plant)
    lines = [str(one["line_id"]) for one in counted]
    async with plant.http(plant.operator()) as client:
        # Soil is seen: back to washing, and not assembled from there.
        status, answer = await asked(client, run_id, "assemble", soil=True)
        assert (status, answer["stage"], answer["rewash_count"]) == (200, "received", 1)
        status, answer = await asked(client, run_id, "assemble", counted=counted)
        assert (answer["code"], answer["stage"], answer["allowed"]) == ("WRONG_STAGE", "received", ["washed"])

        # Single use is never reprocessed; what is held is not touched.
        model = plant.models["clip"]
        await plant.connection.execute("UPDATE instrument_model SET single_use = true WHERE id = $1", model)
        other = await plant.run(await plant.set(), "washed")
        status, answer = await asked(client, other, "assemble", counted=counted)
        assert (answer["code"], answer["line_ids"]) == ("SINGLE_USE", lines[1:])
        await hold(plant, other, "run")
        assert (await asked(client, other, "assemble", counted=counted))[1]["code"] == "ON_HOLD"


async def test_packing_and_labels(plant: Plant) -> None:
    set_id = await plant.set()
    run_id = await plant.run(set_id, "assembled", place=plant.place("packing"))
    tag, packing = await plant.tag_of(set_id), Scanner(plant, "packing")
    url = f"/v1/runs/{run_id}/label"
    async with plant.http(plant.operator()) as client:
        assert (await client.get(url)).json()["code"] == "WRONG_STAGE"
        refused = await packing.scan(tag, packaging_id=str(plant.packagings["wrap"]))
        assert refused["code"] == "PACKAGING_NOT_ALLOWED"
        assert (await packing.scan(tag))["code"] == "SEALER_NOT_TESTED"
        await plant.tests_of_day("sealer", "seal")
        assert (await packing.scan(tag))["stage"] == "packed"
        row = await plant.row("run", run_id)
        assert (row["packaging_id"], row["sterile_on"], row["expires_on"]) == (plant.packagings["pouch"], None, None)
        assert row["label"].startswith("09521234")
        assert read(f"]d200{row['label']}").key == row["label"]

        assert (await client.get(url, params={"kind": "release"})).json()["code"] == "NOT_RELEASED"
        printed = await client.get(url, params={"format": "zpl"})
        assert f"^FD_100{row['label']}^FS" in printed.text
        again = await client.get(url, params={"format": "pdf"})
        assert (again.status_code, again.json()["code"], again.json()["printed"]) == (422, "REPRINT_REASON", 1)
        again = await client.get(url, params={"format": "pdf", "reprint_reason": "damaged"})
        assert again.content.startswith(b"%PDF-")
    async with plant.http(plant.theatre(1)) as client:
        assert (await client.get(url)).status_code == 404

    released = await plant.run(await plant.set(), "released")
    row = await plant.row("run", released)
    async with plant.http(plant.operator()) as client:
        label = await client.get(f"/v1/runs/{released}/label", params={"kind": "release"})
        assert f"Stérile le {row['sterile_on']:%d/%m/%Y}" in label.text
        assert f"{row['expires_on']:%d/%m/%Y} inclus" in label.text
    noted = await plant.connection.fetch(
        "SELECT data->'facts'->>'reprint_reason' AS why FROM trace_entry WHERE kind = 'run.label_printed' ORDER BY seq"
    )
    assert [row["why"] for row in noted] == [None, "damaged", None]


async def test_a_run_ends_for_a_reason_and_the_next_opens(plant: Plant) -> None:
    async def turn(run_id: UUID) -> tuple[str, str | None]:
        following = await plant.connection.fetchval("SELECT stage FROM run WHERE opened_from = $1", run_id)
        return (await plant.row("run", run_id))["end_reason"], following

    theirs, torn, lost = [await plant.run(await plant.set(), "released") for _ in range(3)]
    in_load = await plant.run(await plant.set(), "packed", place=plant.place("sterilising"))
    load = await _open_load(plant)
    async with plant.http(plant.operator()) as client:
        assert (await client.post(f"/v1/loads/{load}/runs", json={"run_id": str(in_load)})).status_code in (200, 201)
        status, answer = await asked(client, torn, "abort")
        assert (status, answer["code"]) == (422, "REASON_REQUIRED")
        assert (await asked(client, torn, "abort", reason="because"))[0] == 422
        assert (await asked(client, torn, "abort", reason="torn"))[1]["stage"] == "aborted"
        assert (await asked(client, lost, "abort", reason="lost"))[1]["stage"] == "aborted"
        assert (await asked(client, in_load, "abort", reason="wet"))[1]["stage"] == "aborted"
        assert (await asked(client, torn, "abort", reason="torn"))[1]["code"] == "WRONG_STAGE"
        held = await plant.run(await plant.set(), "released")
        await hold(plant, held, "run")
        assert (await asked(client, held, "abort", reason="torn"))[1]["code"] == "ON_HOLD"
    assert [await turn(torn), await turn(lost), await turn(in_load)] == [
        ("torn", "returning"), ("lost", None), ("wet", "received")
    ]  # fmt: skip
    assert await plant.connection.fetchval("SELECT removed_at IS NOT NULL FROM load_run WHERE run_id = $1", in_load)
    mid_way = await plant.run(await plant.set(), "washed")
    async with plant.http(plant.theatre()) as client:
        assert (await asked(client, mid_way, "abort", reason="torn"))[1]["allowed"] == ["returning", "released"]
        assert (await asked(client, theirs, "abort", reason="opened_unused"))[1]["end_reason"] == "opened_unused"
    async with plant.http(plant.theatre(1)) as client:
        assert (await asked(client, mid_way, "abort", reason="torn"))[0] == 404
    async with plant.http(plant.at_member("manager")) as client:
        assert (await asked(client, mid_way, "abort", reason="torn"))[0] == 403


async def _open_load(plant: Plant) -> UUID:
    made = Load(
        id=new_id(), organisation_id=plant.group, created_at=clock.now(), group_id=plant.group,
        machine_id=plant.machines["steam"], programme_id=plant.programmes["steam"], kind="steam", state="open",
        opened_by="plant",
    )  # fmt: skip
    await plant.record(lambda tx: add(tx, made, "load.opened"))
    return made.id


async def test_lists_and_files(plant: Plant) -> None:
    sets = [await plant.set() for _ in range(3)]
    first = await plant.run(sets[0], "used")
    await plant.insert("use", {
        "id": new_id(), "organisation_id": plant.members[0], "run_id": first, "operation_ref": "OP-1",
        "used_at": clock.now(), "created_at": clock.now(),
    })  # fmt: skip
    second = await plant.run(sets[0], "washed", place=plant.place("assembly"), opened_from=first)
    await plant.run(sets[1], "released", place=plant.place("store", plant.members[0]))
    other = await plant.run(await plant.set(plant.members[1]), "washed", place=plant.place("assembly"))
    async with plant.http(plant.operator()) as client:
        page = (await client.get("/v1/runs", params={"stage": "washed", "limit": 1})).json()
        following = {"stage": "washed", "limit": 1, "cursor": page["next_cursor"]}
        rest = (await client.get("/v1/runs", params=following)).json()
        assert [one["id"] for one in page["items"] + rest["items"]] == [str(other), str(second)]
        assert rest["next_cursor"] is None
        here = (await client.get("/v1/runs", params={"place_id": str(plant.place("assembly"))})).json()["items"]
        assert {one["id"] for one in here} == {str(other), str(second)}
        assert (await asked(client, second, "assemble", counted=whole(plant)))[0] == 200
    async with plant.http(plant.theatre()) as client:
        page = (await client.get(f"/v1/runs/{second}")).json()
        assert (page["run"]["stage"], [line["counted"] for line in page["lines"]]) == ("assembled", [1, 4, 2])
        assert [entry["kind"] for entry in page["entries"]] == ["run.planted", "run.assembled"]
        assert page["stays"][-1]["place_kind"] == "assembly"
        done = (await client.get(f"/v1/runs/{first}")).json()
        assert done["use"]["operation_ref"] == "OP-1"
        file = (await client.get(f"/v1/sets/{sets[0]}/file")).json()
        assert [one["id"] for one in file["runs"]] == [str(second), str(first)]
        assert (file["places"][0]["kind"], file["blocks"]) == ("assembly", [])
        await hold(plant, sets[0])
        assert (await client.get(f"/v1/sets/{sets[0]}/file")).json()["blocks"][0]["code"] == "ON_HOLD"
        assert (await client.get(f"/v1/runs/{second}")).json()["blocks"][0]["kind"] == "quality"
        assert (await client.get(f"/v1/runs/{other}")).status_code == 404
        assert [one["id"] for one in (await client.get("/v1/runs")).json()["items"]].count(str(other)) == 0
    async with plant.http(plant.stranger()) as client:
        assert (await client.get(f"/v1/sets/{sets[0]}/file")).status_code == 404
