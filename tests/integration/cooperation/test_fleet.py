"""What carries and what is carried: vehicles, compartments, crates, roads, flows, items; and who reads or writes any of
the reference rows."""

from typing import Any
from uuid import UUID

import httpx

from maillage.ids import new_id
from tests.harness.plant import Plant, grai
from tests.integration.cooperation.test_reference import post, refused


async def test_a_van_its_crates_and_its_roads(plant: Plant) -> None:
    plant_site, far = str(plant.sites[plant.group]), str(plant.sites[plant.members[1]])
    store = str(plant.place("store"))
    async with plant.http(plant.manager()) as gm:
        van = await post(gm, "vehicles", name="Camionnette 1", plate="XX-000-XX")
        body = {"vehicle_id": van["id"], "name": "Propre", "cleanliness": "clean", "capacity": 20}
        assert refused(await gm.post("/v1/compartments", json=body | {"vehicle_id": plant_site})) == (
            422,
            "REFERENCE_UNKNOWN",
        )
        part = await post(gm, "compartments", **body)
        place = (await gm.get(f"/v1/places/{part['id']}")).json()
        assert (place["kind"], place["site_id"], place["name"]) == ("compartment", None, "Propre")
        assert refused(await gm.post(f"/v1/vehicles/{van['id']}/retire")) == (409, "IN_USE")

        crate = await post(gm, "crates", tag=grai("K1", "00020"), name="Caisse 1", place_id=store)
        again = {"tag": grai("K1", "00020"), "name": "x", "place_id": store}
        assert refused(await gm.post("/v1/crates", json=again)) == (409, "TAG_TAKEN")
        named = await gm.patch(f"/v1/crates/{crate['id']}", json={"name": "Caisse A"}, headers={"If-Match": '"1"'})
        assert (named.json()["name"], named.headers["etag"]) == ("Caisse A", '"2"')
        listed = (await gm.get("/v1/crates")).json()["items"]
        assert [(each["name"], each["load_state"]) for each in listed] == [("Caisse A", "empty")]
        held = await plant.set(place=UUID(crate["id"]))
        assert refused(await gm.post(f"/v1/crates/{crate['id']}/retire")) == (409, "IN_USE")
        assert held is not None

        await the_way_there_and_when(gm, plant_site, far)
    kinds = await plant.connection.fetch(
        "SELECT kind FROM trace_entry WHERE subject_id = $1 ORDER BY seq", UUID(crate["id"])
    )
    assert [each["kind"] for each in kinds] == ["crate.added", "crate.changed"]


async def the_way_there_and_when(gm: httpx.AsyncClient, plant_site: str, far: str) -> None:
    """One link each way, with weekly trips; a retired one makes place for the next."""
    link = {"from_site_id": plant_site, "to_site_id": far, "metres": 35000, "seconds": 2280, "method": "map"}
    trips = [{"days": [5, 1, 1], "at": "06:15"}]
    assert refused(await gm.post("/v1/road_links", json=link | {"to_site_id": plant_site})) == (
        422,
        "REFERENCE_UNKNOWN",
    )
    assert refused(await gm.post("/v1/road_links", json=link | {"departures": [{"days": [8], "at": "06:15"}]})) == (
        422,
        "INVALID",
    )
    road = await post(gm, "road_links", **link, departures=trips)
    assert road["departures"] == [{"days": [1, 5], "at": "06:15"}]
    assert refused(await gm.post("/v1/road_links", json=link)) == (409, "KNOWN_ALREADY")
    assert (await gm.post(f"/v1/road_links/{road['id']}/retire")).status_code == 200
    await post(gm, "road_links", **link)


async def test_a_flow_and_what_is_ordered_of_it(plant: Plant) -> None:
    site = str(plant.sites[plant.members[0]])
    flow = {
        "code": "pharmacy", "name": "Pharmacie", "unit": "box", "direction": "to_member", "cleanliness": "clean",
        "least_c": 2, "most_c": 8, "lots": True, "cut_offs": {site: "15:30"}, "incompatible": ["waste"],
    }  # fmt: skip
    async with plant.http(plant.manager()) as gm:
        assert refused(await gm.post("/v1/flows", json=flow | {"least_c": 9})) == (422, "INVALID")
        unknown = await gm.post("/v1/flows", json=flow | {"cut_offs": {str(new_id()): "15:30"}})
        assert refused(unknown) == (422, "REFERENCE_UNKNOWN")
        made = await post(gm, "flows", **flow)
        assert made["cut_offs"] == {site: "15:30"}
        assert refused(await gm.post("/v1/flows", json=flow)) == (409, "CODE_TAKEN")
        colder = await gm.patch(f"/v1/flows/{made['id']}", json={"most_c": 1})
        assert refused(colder) == (422, "INVALID")
        item = await post(gm, "items", flow_id=made["id"], code="A1", name="Soluté")
        assert refused(await gm.post("/v1/items", json={"flow_id": made["id"], "code": "A1", "name": "x"})) == (
            409,
            "CODE_TAKEN",
        )
        assert refused(await gm.post(f"/v1/flows/{made['id']}/retire")) == (409, "IN_USE")
        assert (await gm.post(f"/v1/items/{item['id']}/retire")).status_code == 200
        assert (await gm.post(f"/v1/flows/{made['id']}/retire")).status_code == 200


async def test_who_reads_and_who_writes_reference_rows(plant: Plant) -> None:
    """Shared rows are read by everybody of the group, written by its manager; strangers see nothing of them; who may
    sign is the group's own affair."""
    await plant.signatory(new_id())
    shared = ("sites", "places", "stations", "devices", "machines", "packagings", "programmes", "instrument_models")
    empty: dict[str, Any] = {}
    writes = [(f"/v1/{path}", empty) for path in (*shared, "signatories", "members", "vehicles", "crates", "flows")]

    async def told(client: httpx.AsyncClient, path: str) -> int:
        return len((await client.get(f"/v1/{path}")).json()["items"])

    site = f"/v1/sites/{plant.sites[plant.group]}"
    async with plant.http(plant.theatre()) as nurse, plant.http(plant.operator()) as op:
        for client in (nurse, op):
            assert all([await told(client, path) for path in shared])
            for path, body in writes:
                assert refused(await client.post(path, json=body)) == (403, "NOT_ALLOWED"), path
            assert refused(await client.post(f"{site}/retire")) == (403, "NOT_ALLOWED")
        assert [await told(nurse, path) for path in ("signatories", "members")] == [0, 1]
        assert [await told(op, path) for path in ("signatories", "members")] == [1, 5]
        assert (await nurse.get("/v1/group")).json()["parameters"]["tests_of_day"] == ["leak", "bowie_dick"]
    async with plant.http(plant.stranger()) as stranger:
        assert not any([await told(stranger, path) for path in (*shared, "members", "signatories")])
        assert refused(await stranger.get(site)) == (404, "NOT_FOUND")
        assert refused(await stranger.patch(site, json={"name": "x"})) == (404, "NOT_FOUND")
        assert refused(await stranger.post(f"{site}/retire")) == (404, "NOT_FOUND")
    async with plant.http(plant.manager()) as gm:
        person = new_id()
        body = {
            "person_id": str(person), "machine_ids": [str(plant.machines["steam"])], "document_ref": "D2",
            "valid_from": "2026-01-01T00:00:00+01:00",
        }  # fmt: skip
        unknown = await gm.post("/v1/signatories", json=body)
        assert (refused(unknown), unknown.json()["errors"][0]["pointer"]) == ((422, "REFERENCE_UNKNOWN"), "/person_id")
        known = (await gm.get("/v1/signatories")).json()["items"][0]
        await plant.insert("person_ref", {
            "person_id": UUID(known["person_id"]), "organisation_id": plant.group, "display_name": "Claire Petit",
            "status": "active", "epoch": 1,
        })  # fmt: skip
        able = (await gm.get("/v1/releasers")).json()["items"]
        assert able == [{"id": known["person_id"], "name": "Claire Petit"}]
        assert (await gm.post("/v1/signatories", json=body | {"person_id": known["person_id"]})).status_code == 201
        past = await gm.patch(f"/v1/signatories/{known['id']}", json={"valid_to": "2026-01-02T00:00:00Z"})
        assert refused(past) == (422, "TIME_INVALID")
        ended = await gm.patch(f"/v1/signatories/{known['id']}", json={"valid_to": "2099-01-02T00:00:00Z"})
        assert ended.json()["valid_to"] == "2099-01-02T00:00:00Z"
