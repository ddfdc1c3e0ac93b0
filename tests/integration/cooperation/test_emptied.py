"""A change says null to empty a field. What may be empty is then empty; what may not is refused at its field, and the
rest of the row stays. Every kind of reference row, and what has a form of its own."""

from datetime import timedelta

import httpx

from cooperation.codes.domain import check_digit
from maillage import clock
from maillage.ids import new_id
from tests.harness.plant import Plant
from tests.integration.cooperation.test_reference import post

GLN = "952123000001"
GTIN = "0952123400001"
NEEDS_A_VALUE = {
    "vehicles": "name", "flows": "unit", "sites": "name", "instrument_models": "alias", "programmes": "name",
    "places": "name", "machines": "capacity", "packagings": "shelf_days", "compositions": "name", "stations": "name",
    "members": "rights", "signatories": "machine_ids",
}  # fmt: skip


async def emptied(gm: httpx.AsyncClient, path: str, *names: str) -> None:
    """The fields have values; sent as null they have none, and the rest stays."""
    before = (await gm.get(f"/v1/{path}")).json()
    assert all(before[name] is not None for name in names), before
    answer = await gm.patch(f"/v1/{path}", json=dict.fromkeys(names))
    assert answer.status_code == 200, answer.text
    after = (await gm.get(f"/v1/{path}")).json()
    assert {name: after[name] for name in names} == dict.fromkeys(names)
    kept = before.keys() - {*names, "version"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


async def test_what_may_be_empty_is_emptied(plant: Plant) -> None:
    ends = (clock.now() + timedelta(days=30)).isoformat()
    async with plant.http(plant.manager()) as gm:
        site = await post(gm, "sites", name="Annexe", kind="hospital", gln=GLN + str(check_digit(GLN)))
        await emptied(gm, f"sites/{site['id']}", "gln")
        van = await post(gm, "vehicles", name="Camionnette 9", plate="XX-009-XX")
        await emptied(gm, f"vehicles/{van['id']}", "plate")
        flow = await post(
            gm, "flows", code="repas-9", name="Repas", unit="repas", direction="to_member", cleanliness="clean",
            least_c=63, most_c=80,
        )  # fmt: skip
        await emptied(gm, f"flows/{flow['id']}", "least_c", "most_c")
        model = await post(gm, "instrument_models", alias="Pince", gtin=GTIN + str(check_digit(GTIN)), ifu_ref="N-1")
        await emptied(gm, f"instrument_models/{model['id']}", "gtin", "ifu_ref")
        programme = await post(
            gm, "programmes", code="essai-9", name="Essai", kind="washing", temp_c=90, a0_min=600, expected_min=60,
            valid_from=clock.now().isoformat(), valid_to=ends,
        )  # fmt: skip
        await emptied(gm, f"programmes/{programme['id']}", "valid_to")
        member = f"members/{plant.members[1]}"
        assert (await gm.patch(f"/v1/{member}", json={"left_on": "2099-01-01"})).status_code == 200
        await emptied(gm, member, "left_on")
        signatory = await plant.signatory(new_id(), days=(-30, 30))
        await emptied(gm, f"signatories/{signatory}", "valid_to")
        home = plant.place("theatre", plant.members[0])
        set_id = await plant.set(plant.members[0], home_place_id=home)
        await emptied(gm, f"sets/{set_id}", "home_place_id")
        instrument = await plant.instrument(set_id)
        await emptied(gm, f"instruments/{instrument}", "set_id")


async def test_an_analysis_is_taken_back(plant: Plant) -> None:
    about = {"kind": "machine", "id": str(plant.machines["steam"])}
    async with plant.http(plant.manager()) as gm:
        issue = await post(gm, "issues", subject=about, kind="other", severity="minor", words="Joint fendu.")
        said = {"cause": "Joint usé.", "action": "Joint changé.", "stage_of_origin": "washing"}
        assert (await gm.patch(f"/v1/issues/{issue['id']}", json=said)).json()["state"] == "analysed"
        await emptied(gm, f"issues/{issue['id']}", "action", "stage_of_origin")


async def test_what_needs_a_value_is_not_emptied(plant: Plant) -> None:
    await plant.composition(plant.group)
    await plant.flow("repas")
    await plant.signatory(new_id())
    async with plant.http(plant.manager()) as gm:
        await post(gm, "vehicles", name="Camionnette 8")
        for many, name in NEEDS_A_VALUE.items():
            row = (await gm.get(f"/v1/{many}")).json()["items"][0]
            answer = await gm.patch(f"/v1/{many}/{row['id']}", json={name: None})
            assert (answer.status_code, answer.json()["code"]) == (422, "CANNOT_BE_EMPTY"), many
            assert [each["pointer"] for each in answer.json()["errors"]] == [f"/{name}"]
            assert (await gm.get(f"/v1/{many}/{row['id']}")).json() == row, many


async def test_a_post_that_loads_a_machine_keeps_one(plant: Plant) -> None:
    async with plant.http(plant.manager()) as gm:
        stations = (await gm.get("/v1/stations")).json()["items"]
        loading = next(each for each in stations if each["kind"] == "loading")
        answer = await gm.patch(f"/v1/stations/{loading['id']}", json={"machine_id": None})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/machine_id")
        free = next(each for each in stations if each["machine_id"] is None)
        assert (await gm.patch(f"/v1/stations/{free['id']}", json={"machine_id": None})).status_code == 200
