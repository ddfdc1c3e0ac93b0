"""Reference rows: a group set up from nothing by the API, with each refusal on the way."""

from typing import Any
from uuid import UUID

import httpx

from cooperation.codes.domain import check_digit
from maillage.ids import new_id
from tests.harness.people import professional
from tests.harness.plant import Plant


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json()["code"]


async def post(client: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    """What was made."""
    answer = await client.post(f"/v1/{path}", json=body)
    assert answer.status_code in (200, 201), answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_group_is_set_up_from_nothing(plant: Plant) -> None:
    """Another group than the plant's: its manager makes all of it, and nothing of the first group is ever named."""
    own, hospital = new_id(), new_id()
    manager = professional("gcs_manager", own, hospital, service="cooperation")
    async with plant.http(manager) as gm:
        assert refused(await gm.get("/v1/group")) == (404, "NOT_FOUND")
        assert refused(await gm.post("/v1/sites", json={"name": "x", "kind": "plant"})) == (404, "NOT_FOUND")
        group = await post(gm, "group", name="GCS 2", gs1_prefix="9521235", parameters={"soak_alarm_min": 45})
        assert (group["id"], group["parameters"]["soak_alarm_min"]) == (str(own), 45)
        assert refused(await gm.post("/v1/group", json={"name": "x", "gs1_prefix": "9521236"})) == (
            409,
            "KNOWN_ALREADY",
        )
        bad = await gm.patch("/v1/group", json={"time_zone": "Europe/Nowhere"})
        assert refused(bad) == (422, "ZONE_UNKNOWN")
        moved = await gm.patch("/v1/group", json={"parameters": {"release_proof_s": 60}}, headers={"If-Match": '"1"'})
        assert (moved.json()["parameters"]["soak_alarm_min"], moved.json()["parameters"]["release_proof_s"]) == (45, 60)
        assert refused(await gm.patch("/v1/group", json={}, headers={"If-Match": '"1"'})) == (412, "VERSION_STALE")

        member = {"id": str(hospital), "name": "H", "finess": "529990004", "joined_on": "2026-01-01"}
        assert refused(await gm.post("/v1/members", json=member | {"finess": "529990005"})) == (422, "CHECK_DIGIT")
        assert refused(await gm.post("/v1/members", json=member | {"id": str(new_id())})) == (422, "REFERENCE_UNKNOWN")
        await post(gm, "members", **member)
        assert refused(await gm.post("/v1/members", json=member)) == (409, "KNOWN_ALREADY")

        theirs = str(plant.sites[plant.group])
        site = await post(
            gm, "sites", name="Plant", kind="plant", gln="9521235000015"[:12] + str(check_digit("952123500001"))
        )
        ward = await post(gm, "sites", name="Hospital", kind="hospital", owner_id=str(hospital))
        assert ward["organisation_id"] == str(hospital)
        stranger = await gm.post("/v1/sites", json={"name": "x", "kind": "plant", "owner_id": str(plant.members[0])})
        assert refused(stranger) == (422, "REFERENCE_UNKNOWN")
        place = {"name": "Reception", "kind": "reception", "cleanliness": "dirty", "code": "REC-1"}
        foreign = await gm.post("/v1/places", json=place | {"site_id": theirs})
        assert refused(foreign) == (422, "REFERENCE_UNKNOWN")
        assert foreign.json()["errors"][0]["pointer"] == "/site_id"
        reception = await post(gm, "places", **place, site_id=site["id"])
        assert refused(await gm.post("/v1/places", json=place | {"site_id": site["id"]})) == (409, "CODE_TAKEN")
        theatre = await post(gm, "places", name="T", kind="theatre", cleanliness="any", code="T-1", site_id=ward["id"])
        assert theatre["organisation_id"] == str(hospital)
        machine = await post(gm, "machines", site_id=site["id"], name="Autoclave 1", kind="steam", capacity=18)
        station = {"place_id": reception["id"], "name": "Loading", "kind": "loading"}
        assert refused(await gm.post("/v1/stations", json=station)) == (422, "REFERENCE_UNKNOWN")
        other = await gm.post("/v1/stations", json=station | {"kind": "packing", "machine_id": machine["id"]})
        assert refused(other) == (422, "REFERENCE_UNKNOWN")
        loading = await post(gm, "stations", **station, machine_id=machine["id"])
        assert loading["site_id"] == site["id"]
        device = await post(gm, "devices", id=str(new_id()), station_id=loading["id"], name="Scanner 1")
        again = await gm.post("/v1/devices", json={"id": device["id"], "station_id": loading["id"], "name": "x"})
        assert refused(again) == (409, "KNOWN_ALREADY")

        await nothing_is_retired_under_feet(gm, site, reception, loading, device, machine)
        changed = await gm.patch(f"/v1/machines/{machine['id']}", json={"capacity": 20}, headers={"If-Match": '"1"'})
        assert (changed.json()["capacity"], changed.headers["etag"]) == (20, '"2"')
    entries = await plant.connection.fetch(
        "SELECT kind FROM trace_entry WHERE subject_id = $1 ORDER BY seq", UUID(machine["id"])
    )
    assert [entry["kind"] for entry in entries] == ["machine.added", "machine.changed"]


async def nothing_is_retired_under_feet(
    gm: httpx.AsyncClient,
    site: dict[str, Any],
    place: dict[str, Any],
    station: dict[str, Any],
    device: dict[str, Any],
    machine: dict[str, Any],
) -> None:
    """Retired from the leaf to the root; what is retired neither changes nor is named any more."""
    for path in (
        f"sites/{site['id']}",
        f"places/{place['id']}",
        f"stations/{station['id']}",
        f"machines/{machine['id']}",
    ):
        assert refused(await gm.post(f"/v1/{path}/retire")) == (409, "IN_USE"), path
    for path in (f"devices/{device['id']}", f"stations/{station['id']}", f"places/{place['id']}"):
        gone = await gm.post(f"/v1/{path}/retire")
        assert gone.json()["retired_at"], gone.text
        assert refused(await gm.patch(f"/v1/{path}", json={"name": "x"})) == (409, "RETIRED")
    named = await gm.post("/v1/devices", json={"id": str(new_id()), "station_id": station["id"], "name": "x"})
    assert refused(named) == (422, "REFERENCE_UNKNOWN")
    assert (await gm.get("/v1/stations")).json()["items"] == []
    assert len((await gm.get("/v1/stations", params={"retired": True, "site_id": site["id"]})).json()["items"]) == 1
