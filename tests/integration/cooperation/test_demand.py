"""Operating programme, needs, allocations and promises, through the API of the service."""

from datetime import date, timedelta

from maillage import clock
from tests.harness.plant import Plant


async def operation_body(plant: Plant, hours: float = 30, quantity: int = 1, member: int = 0) -> dict[str, object]:
    owner = plant.members[member]
    if owner not in plant.compositions:
        plant.compositions[owner] = await plant.composition(owner)
    return {
        "site_id": str(plant.sites[owner]),
        "theatre": "Salle 2",
        "starts_at": (clock.now() + timedelta(hours=hours)).isoformat(),
        "items": [{"composition": str(plant.compositions[owner][0]), "quantity": quantity}],
    }


async def test_an_operation_is_covered_by_the_pack_that_expires_first(plant: Plant) -> None:
    home = plant.place("store", plant.members[0])
    late = await plant.run(await plant.set(), "released", place=home, expires_on=date.today() + timedelta(days=90))
    first = await plant.run(await plant.set(), "released", place=home, expires_on=date.today() + timedelta(days=20))
    await plant.run(await plant.set(), "released", place=home, expires_on=date.today())
    body = await operation_body(plant)
    async with plant.http(plant.hospital()) as client:
        put = await client.put("/v1/operations/OP-1", json=body)
        assert put.status_code == 200, put.text
        need = put.json()["needs"][0]
        assert need["state"] == "covered"
        assert [each["run_id"] for each in need["allocations"]] == [str(first)]
        again = await client.put("/v1/operations/OP-1", json=body)
        assert again.json() == put.json()
        body["items"][0]["quantity"] = 3  # type: ignore[index]
        three = (await client.put("/v1/operations/OP-1", json=body)).json()["needs"][0]
        assert three["state"] == "short"
        assert {each["run_id"] for each in three["allocations"]} == {str(first), str(late)}
        listed = (await client.get("/v1/needs", params={"state": "short"})).json()["items"]
        assert [each["id"] for each in listed] == [three["id"]]
        file = (await client.get(f"/v1/needs/{three['id']}")).json()
        assert {each["run_id"]: each["allocated_to"] for each in file["candidates"]}[str(first)] == three["id"]
        assert (await client.delete("/v1/operations/OP-1")).status_code == 204
        assert (await client.get("/v1/operations/OP-1")).json()["state"] == "cancelled"
        other = (await client.put("/v1/operations/OP-2", json=await operation_body(plant))).json()
        assert other["needs"][0]["state"] == "covered"
