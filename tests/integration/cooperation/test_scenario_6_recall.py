"""Scenario 6: the integrator of a released load of 14 packs is read again as failed, five days later.

6 packs are stored in three hospitals, 3 are in a van, 2 are kept for operations, 2 were used, 1 was opened unused and
is back in washing. One of the used sets has been used again since, from a good load."""

from datetime import timedelta
from uuid import UUID

from cooperation.custody.moving import Subject, move
from maillage import clock
from maillage.database import Tx
from maillage.ids import new_id
from tests.harness.carried import refolded
from tests.harness.plant import Plant
from tests.harness.recalled import kept_for, load_of, on_the_road, used_in


class Morning:
    """What the plant finds on the morning of the recall."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.runs: list[UUID] = []
        self.load = self.used = self.used_by_langres = self.again = self.in_washing = self.stored = self.crate = (
            new_id()
        )

    async def set_up(self) -> "Morning":
        plant = self.plant
        chaumont, langres, bourbonne, cmc, compassion = plant.members
        stored = [await plant.set(owner) for owner in (chaumont, chaumont, langres, langres, bourbonne, bourbonne)]
        for set_id, owner in zip(stored, (chaumont, chaumont, langres, langres, bourbonne, bourbonne), strict=True):
            self.runs.append(await plant.run(set_id, "released", place=plant.place("store", owner)))
        self.stored = self.runs[0]
        in_van = [await plant.set(owner) for owner in (cmc, cmc, compassion)]
        self.runs += [await plant.run(set_id, "released") for set_id in in_van]
        self.crate = await on_the_road(plant, in_van)
        for number in range(2):
            kept = await plant.run(await plant.set(langres), "released", place=plant.place("store", langres))
            await kept_for(plant, kept, f"TOMORROW-{number}")
            self.runs.append(kept)
        twice = await plant.set(chaumont)
        self.used = await plant.run(twice, "used")
        self.used_by_langres = await plant.run(await plant.set(langres), "used")
        opened = await plant.set(bourbonne)
        self.runs += [self.used, self.used_by_langres, await plant.run(opened, "aborted", end_reason="opened_unused")]
        await used_in(plant, self.used, "OP-4711")
        await used_in(plant, self.used_by_langres, "OP-0815")
        self.load = await load_of(plant, self.runs)
        self.again = await plant.run(twice, "used")
        await used_in(plant, self.again, "OP-GOOD")
        await load_of(plant, [self.again])
        self.in_washing = await plant.run(opened, "washing")
        return self


async def test_fourteen_packs_two_operations_closed_at_fourteen(plant: Plant) -> None:
    morning = await Morning(plant).set_up()
    pharmacist = plant.pharmacist()
    body = {"cause": "integrator read again as failed", "scope": {"loads": [str(morning.load)]}}
    expected = {"in_stock": 6, "in_transit": 3, "allocated": 2, "used": 2, "in_process": 1}

    async with plant.http(pharmacist) as http:
        seen = await http.post("/v1/recalls", json=body | {"preview": True})
        assert (seen.status_code, seen.json()["lines"], seen.json()["by_state"]) == (200, 14, expected)
        assert (await http.get("/v1/recalls")).json()["items"] == []
        assert await plant.connection.fetchval("SELECT count(*) FROM recall_line") == 0

        opened = await http.post("/v1/recalls", json=body)
        assert opened.status_code == 201
        recall = opened.json()
        assert recall == {
            "id": recall["id"],
            "state": "open",
            "lines": 14,
            "by_state": expected,
            "operations": 2,
            "members": 5,
        }
        lines = (await http.get(f"/v1/recalls/{recall['id']}/lines")).json()["items"]
        assert {line["subject_id"] for line in lines} == {str(run) for run in morning.runs}, "the good runs are free"
        operations = (await http.get(f"/v1/recalls/{recall['id']}/operations")).json()["items"]
        assert {each["operation_ref"] for each in operations} == {"OP-4711", "OP-0815"}
        in_van = [line for line in lines if line["state"] == "in_transit"]
        assert all(line["place"]["names"] == ["crate", "clean"] for line in in_van)

    await _each_member_is_told_of_its_own(plant, morning, recall["id"])
    await _packs_are_blocked_and_let_go(plant, morning)
    await plant.record(lambda tx: back_at_the_plant(tx, plant, morning.crate))
    await _it_closes_at_fourteen(plant, lines, recall["id"])


async def back_at_the_plant(tx: Tx, plant: Plant, crate: UUID) -> None:
    """The van brings its crate back."""
    await move(tx, Subject("crate", crate, plant.group, plant.group), plant.place("dock"), tx.now)


async def _each_member_is_told_of_its_own(plant: Plant, morning: Morning, recall_id: str) -> None:
    async with plant.http(plant.at_member("hygiene", 1)) as langres:
        theirs = (await langres.get(f"/v1/recalls/{recall_id}")).json()
        assert (theirs["lines"], theirs["left"], theirs["operations"], theirs["members"]) == (5, 5, 1, 1)
        assert theirs["scope"] is None
        listed = (await langres.get(f"/v1/recalls/{recall_id}/lines")).json()["items"]
        assert {line["organisation_id"] for line in listed} == {str(plant.members[1])}
    told = await plant.connection.fetch(
        "SELECT organisation_id, payload::jsonb AS told FROM kit.outbox WHERE type = 'cooperation.recall_opened.v1'"
    )
    lines = {row["organisation_id"]: row["told"]["lines"] for row in told}
    assert lines == dict(zip(plant.members, (3, 5, 3, 2, 1), strict=True))


async def _packs_are_blocked_and_let_go(plant: Plant, morning: Morning) -> None:
    async with plant.http(plant.theatre()) as theatre:
        code = await plant.label_of(morning.stored)
        use = {"code": code, "operation_ref": "OP-NEW", "used_at": clock.now().isoformat(), "intact": True}
        refused = await theatre.post("/v1/uses", json=use)
        assert (refused.status_code, refused.json()["code"]) == (409, "RECALLED")
    assert await plant.connection.fetchval("SELECT count(*) FROM allocation WHERE ended_at IS NULL") == 0


async def _scanned_in_quarantine(plant: Plant, runs: list[UUID]) -> None:
    """The van has come back; the operator scans what was found, one pack after the other."""
    now = clock.now()
    scans = [
        {"seq": n, "code": await plant.label_of(run), "scanned_at": (now + timedelta(seconds=3 * n)).isoformat()}
        for n, run in enumerate(runs, start=1)
    ]
    device, station = plant.devices["quarantine"], plant.stations["quarantine"]
    body = {"device_id": str(device), "station_id": str(station), "scans": scans}
    async with plant.http(plant.operator()) as operator:
        results = (await operator.post("/v1/scans", json=body)).json()["results"]
    assert [each["outcome"] for each in results] == ["done"] * len(runs), results


async def _it_closes_at_fourteen(plant: Plant, lines: list[dict[str, str]], recall_id: str) -> None:
    signer, team, close = plant.pharmacist(), plant.at_plant("hygiene"), f"/v1/recalls/{recall_id}/close"
    *found, lost = [line for line in lines if line["state"] in ("in_stock", "in_transit", "allocated")]
    await _scanned_in_quarantine(plant, [UUID(line["subject_id"]) for line in found])
    for line in lines:
        if line["state"] == "used":
            owner = plant.members.index(UUID(line["organisation_id"]))
            async with plant.http(plant.at_member("hygiene", owner)) as followed:
                done = await followed.post(f"/v1/recall_lines/{line['id']}/acknowledge", json={})
                assert done.json()["ended"] == "acknowledged"

    async with plant.http(signer) as pharmacist, plant.http(team) as hygiene:
        refused = await pharmacist.post(close, json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "LINES_OPEN")
        assert (refused.json()["lines"], refused.json()["left"]) == ([lost["id"]], 1)

        write_off, why = f"/v1/recall_lines/{lost['id']}/write_off", {"reason": "looked for in the van and both stores"}
        assert (await pharmacist.post(write_off, json=why)).json()["ended"] is None
        assert (await pharmacist.post(write_off, json=why)).json()["code"] == "SAME_PERSON"
        async with plant.http(plant.manager()) as manager:
            assert (await manager.post(write_off, json=why)).json()["ended"] == "written_off"

        once = await pharmacist.post(close, json={})
        assert (once.json()["state"], once.json()["left"]) == ("open", 0)
        assert (await pharmacist.post(close, json={})).json()["code"] == "SAME_PERSON"
        closed = (await hygiene.post(close, json={})).json()
        assert (closed["state"], len(closed["signatures"])) == ("closed", 2)
    ends = await plant.connection.fetch("SELECT ended, count(*) FROM recall_line GROUP BY 1")
    assert await refolded(plant) == []
    assert {row["ended"]: row["count"] for row in ends} == {
        "secured": 10,
        "written_off": 1,
        "acknowledged": 2,
        "aborted": 1,
    }
