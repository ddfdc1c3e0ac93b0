"""Whose word counts, and what nobody is told: roles given out by a hospital, strangers, crates of several members."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from cooperation.custody.moving import Subject, move
from maillage import clock
from maillage.ids import new_id
from tests.harness.plant import Plant


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


@pytest.mark.gated
async def test_a_role_that_a_hospital_gave_out_decides_nothing_that_is_the_plants(plant: Plant) -> None:
    owner = plant.members[0]
    washed = await plant.run(await plant.set(owner), "washed")
    pack = await plant.run(await plant.set(owner), "released")
    held = {"kind": "prion", "cause": "suspect", "subjects": [{"kind": "run", "id": str(pack)}]}
    scope = {"cause": "doubt", "scope": {"runs": [str(pack)]}}
    own = replace(plant.at_member("sterilisation_releaser"), auth_time=int(clock.now().timestamp()), acr=2)
    async with plant.http(own) as releaser, plant.http(plant.at_member("hygiene")) as hygiene:
        hold = (await releaser.post("/v1/holds", json=held)).json()["id"]
        end = {"outcome": "lifted", "reason": "unfounded"}
        assert refused(await releaser.post(f"/v1/holds/{hold}/sign", json=end)) == (403, "ROLE_REQUIRED")
        assert (await hygiene.post(f"/v1/holds/{hold}/sign", json=end)).json()["state"] == "active"
        assert refused(await releaser.post("/v1/recalls", json=scope)) == (403, "NOT_ALLOWED")
        assert refused(await releaser.post("/v1/recalls", json=scope | {"preview": True})) == (403, "NOT_ALLOWED")
        group = {"name": "Ours", "gs1_prefix": "123456"}
        assert refused(await releaser.post("/v1/group", json=group)) == (403, "NOT_ALLOWED")
        assert refused(await releaser.post("/v1/vehicles", json={"name": "Van"})) == (403, "NOT_ALLOWED")
        assert refused(await releaser.post(f"/v1/sets/{new_id()}/status", json={"status": "retired"})) == (
            403,
            "NOT_ALLOWED",
        )
    async with plant.http(plant.theatre()) as nurse, plant.http(plant.driver()) as driver:
        for caller in (nurse, driver):
            answer = await caller.post(f"/v1/runs/{washed}/assemble", json={"soil": True})
            assert refused(answer) == (403, "ROLE_REQUIRED")
    async with plant.http(plant.operator()) as operator:
        assert (await operator.post(f"/v1/runs/{washed}/assemble", json={"soil": True})).status_code == 200


async def test_who_lends_nothing_announces_no_loan(plant: Plant) -> None:
    loan = {
        "reference": "L1", "site_id": str(plant.sites[plant.members[0]]), "due_on": "2026-12-01",
        "lines": [{"reference": "A", "name": "Nail", "quantity": 1}],
    }  # fmt: skip
    async with plant.http(plant.stranger("manager")) as stranger, plant.http(plant.supplier_caller()) as supplier:
        assert refused(await stranger.post("/v1/loans", json=loan)) == (403, "ROLE_REQUIRED")
        assert (await supplier.post("/v1/loans", json=loan)).status_code == 201


async def test_a_crate_of_several_members_tells_each_its_own_things(plant: Plant) -> None:
    """That it holds something blocked is told to whoever carries it; by which hold, to those who see the hold."""
    ours, theirs = plant.members[:2]
    crate = await plant.crate(plant.place("dock", ours), load_state="clean")
    foreign = await plant.run(await plant.set(theirs), "released", place=crate)
    parcel = new_id()
    await plant.record(lambda tx: move(tx, Subject("parcel", parcel, theirs, plant.group), crate, tx.now))
    async with plant.http(plant.pharmacist()) as pharmacist:
        held = {"kind": "quality", "cause": "torn", "subjects": [{"kind": "run", "id": str(foreign)}]}
        hold = (await pharmacist.post("/v1/holds", json=held)).json()["id"]
    async with plant.http(plant.driver()) as driver:
        told = await driver.post(f"/v1/crates/{crate}/seal", json={"number": "S1"})
        assert told.json()["hold_id"] == hold
    async with plant.http(plant.theatre()) as nurse:
        told = await nurse.post(f"/v1/crates/{crate}/seal", json={"number": "S1"})
        assert (refused(told), told.json()["hold_id"]) == ((409, "ON_HOLD"), None)
        inside = await nurse.get("/v1/custody", params={"place_id": str(crate)})
        assert inside.json()["items"] == []
        assert refused(await nurse.get("/v1/custody", params={"subject_id": str(parcel)})) == (404, "NOT_FOUND")


async def test_a_hand_over_between_two_is_nothing_to_a_third(plant: Plant) -> None:
    ours, theirs = (plant.place("dock", owner) for owner in plant.members[:2])
    crate, plants = str(await plant.crate(theirs)), str(plant.place("dock"))
    give = {"crates": [crate], "from_place_id": str(theirs), "to_place_id": plants}
    async with plant.http(plant.theatre(1)) as giver, plant.http(plant.theatre(0)) as third:
        handover = (await giver.post("/v1/handovers", json=give)).json()["id"]
        again = await giver.post("/v1/handovers", json=give)
        assert (refused(again), again.json()["handover_id"]) == ((409, "ALREADY_GIVEN"), handover)
        again = await third.post("/v1/handovers", json=give | {"from_place_id": str(ours)})
        assert (refused(again), again.json()["handover_id"]) == ((409, "ALREADY_GIVEN"), None)
        issue = {"kind": "torn_crate", "subject": {"kind": "handover", "id": handover}}
        assert refused(await third.post("/v1/issues", json=issue)) == (404, "NOT_FOUND")
        assert (await giver.post("/v1/issues", json=issue)).status_code == 201
        assert refused(await third.get(f"/v1/handovers/{handover}")) == (404, "NOT_FOUND")


async def test_whom_an_urgent_request_passes_over_is_told_to_who_reaches_them(plant: Plant) -> None:
    """Also in the trace. A set whose owner has no site yet is awaited at the plant."""
    ours, theirs = plant.members[:2]
    earlier = clock.now() - timedelta(hours=2)
    passed = await plant.run(await plant.set(theirs), "packed", stage_since=earlier)
    await plant.run(await plant.set(ours), "packed")
    asked = {
        "composition": str(plant.compositions[ours][0]), "site_id": str(plant.sites[ours]), "reason": "emergency",
        "needed_at": (clock.now() + timedelta(days=2)).isoformat(),
    }  # fmt: skip
    await plant.connection.execute("UPDATE site SET retired_at = now() WHERE organisation_id = $1", theirs)
    async with plant.http(plant.theatre()) as nurse, plant.http(plant.manager()) as manager:
        request = (await nurse.post("/v1/urgent_requests", json=asked)).json()["id"]
        answer = await manager.post(f"/v1/urgent_requests/{request}/decide", json={"outcome": "promised"})
        assert [each["run_id"] for each in answer.json()["delayed"]] == [str(passed)]
        for caller, seen in ((manager, True), (nurse, False)):
            told = await caller.get(f"/v1/urgent_requests/{request}")
            assert (str(passed) in told.text) is seen
        sites = {each["run_id"]: each["site_id"] for each in (await manager.get("/v1/promises")).json()["items"]}
        assert sites[str(passed)] == str(plant.sites[plant.group])
        entries = await manager.get("/v1/trace", params={"subject": request})
        assert str(passed) in entries.text
    async with plant.http(plant.at_member("manager")) as own:
        entries = await own.get("/v1/trace", params={"subject": request})
        assert (len(entries.json()["items"]), str(passed) in entries.text) == (2, False)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
async def test_an_order_for_no_day_that_comes_is_wrong_input(plant: Plant, day: str) -> None:
    await plant.flow("meals", "soup")
    site: UUID = plant.sites[plant.members[0]]
    order = {"flow": "meals", "site_id": str(site), "wanted_on": day, "lines": [{"item": "soup", "quantity": 1}]}
    async with plant.http(plant.at_member("manager")) as manager:
        assert refused(await manager.post("/v1/orders", json=order)) == (422, "INVALID")
        assert refused(await manager.get("/v1/loads", params={"since": "2026-01-01T00:00:00"})) == (422, "TIME_INVALID")
