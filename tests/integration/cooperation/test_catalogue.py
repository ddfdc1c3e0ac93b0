"""Catalogue: numbers of a programme follow each other, a composition is drafted by the manager and adopted by the
pharmacist, and nothing adopted ever changes."""

from typing import Any
from uuid import UUID

import httpx

from tests.harness.plant import Plant
from tests.integration.cooperation.test_reference import post, refused


def version(plant: Plant, **change: Any) -> dict[str, Any]:
    """A draft of one critical needle holder and four clips."""
    models = plant.models
    return {
        "wash_programme": "wash", "programme": "prion134", "packaging_ids": [str(plant.packagings["container"])],
        "uo_category": "A", "lines": [
            {"model_id": str(models["needle-holder"]), "quantity": 1, "critical": True},
            {"model_id": str(models["clip"]), "quantity": 4},
        ],
    } | change  # fmt: skip


async def test_a_composition_is_drafted_then_adopted(plant: Plant) -> None:
    member = plant.members[0]
    async with plant.http(plant.manager()) as gm, plant.http(plant.pharmacist()) as ph:
        made = await post(gm, "compositions", owner_id=str(member), code="HERNIA", name="Hernie")
        assert (made["organisation_id"], made["adopted_version_id"]) == (str(member), None)
        twice = {"owner_id": str(member), "code": "HERNIA", "name": "x"}
        assert refused(await gm.post("/v1/compositions", json=twice)) == (409, "CODE_TAKEN")
        at = f"/v1/compositions/{made['id']}/versions"
        strange = version(plant, packaging_ids=[str(plant.group)])
        assert refused(await gm.post(at, json=strange)) == (422, "REFERENCE_UNKNOWN")
        draft = (await gm.post(at, json=version(plant))).json()
        assert (draft["no"], draft["state"], [line["position"] for line in draft["lines"]]) == (1, "draft", [1, 2])
        second = await gm.post(at, json=version(plant))
        assert refused(second) == (409, "DRAFT_EXISTS")
        assert second.json()["version_id"] == draft["id"]

        await only_what_may_be_reprocessed(plant, gm, ph, draft["id"])
        adopted = await ph.post(f"/v1/composition_versions/{draft['id']}/adopt")
        assert (adopted.status_code, adopted.json()["state"]) == (200, "adopted")
        again = await ph.post(f"/v1/composition_versions/{draft['id']}/adopt")
        assert refused(again) == (409, "VERSION_ADOPTED")
        changed = await gm.patch(f"/v1/composition_versions/{draft['id']}", json=version(plant))
        assert refused(changed) == (409, "VERSION_ADOPTED")

        await its_sets_follow_at_their_next_run(plant, gm, ph, made["id"], draft["id"])
        assert refused(await gm.post(f"/v1/compositions/{made['id']}/retire")) == (409, "IN_USE")
    async with plant.http(plant.theatre(member)) as own, plant.http(plant.theatre(1)) as other:
        assert len((await own.get(at)).json()["items"]) == 2
        assert (await other.get(at)).json()["items"] == []
        assert refused(await other.get(f"/v1/composition_versions/{draft['id']}")) == (404, "NOT_FOUND")
        assert refused(await own.post("/v1/compositions", json=twice)) == (403, "NOT_ALLOWED")


async def only_what_may_be_reprocessed(
    plant: Plant, gm: httpx.AsyncClient, ph: httpx.AsyncClient, draft: str
) -> None:  # fmt: skip
    """Each thing that forbids an adoption, corrected in the draft one after the other."""
    at = f"/v1/composition_versions/{draft}"
    trocar = {"model_id": str(plant.models["trocar"]), "quantity": 1}
    for change, code in (
        ({"prion_class": "high"}, "EXCLUSIVE_REQUIRED"),
        ({"lines": [trocar]}, "SINGLE_USE"),
        ({"programme": "steam121"}, "PROGRAMME_NOT_ALLOWED"),
        ({"wash_programme": "prion134"}, "PROGRAMME_NOT_ALLOWED"),
    ):
        assert (await gm.patch(at, json=version(plant, **change))).status_code == 200
        assert refused(await ph.post(f"{at}/adopt")) == (409, code)
    assert refused(await gm.post(f"{at}/adopt")) == (403, "ROLE_REQUIRED")
    good = await gm.patch(at, json=version(plant), headers={"If-Match": '"5"'})
    assert good.headers["etag"] == '"6"'
    stale = await ph.post(f"{at}/adopt", headers={"If-Match": '"5"'})
    assert refused(stale) == (412, "VERSION_STALE")


async def its_sets_follow_at_their_next_run(
    plant: Plant, gm: httpx.AsyncClient, ph: httpx.AsyncClient, composition: str, first: str
) -> None:
    """The set takes the next version, the run that it is in keeps its own."""
    place = str(plant.place("theatre", plant.members[0]))
    tag = "(8003)09521234000129A1"
    body = {"tag": tag, "name": "Hernie 1", "composition_id": composition, "place_id": place}
    made = await post(gm, "sets", **body)
    assert (made["composition_version_id"], made["stage"], made["place_id"]) == (first, None, place)
    run = await plant.run(UUID(made["id"]), "washed")
    next_ = (await gm.post(f"/v1/compositions/{composition}/versions", json=version(plant))).json()
    assert next_["no"] == 2
    assert (await ph.post(f"/v1/composition_versions/{next_['id']}/adopt")).status_code == 200
    shown = (await gm.get(f"/v1/sets/{made['id']}")).json()
    assert (shown["composition_version_id"], shown["stage"], shown["run_id"]) == (next_["id"], "washed", str(run))
    assert str((await plant.row("run", run))["composition_version_id"]) == first
    assert (await gm.get(f"/v1/composition_versions/{first}")).json()["state"] == "superseded"


async def test_numbers_of_a_programme_follow_each_other(plant: Plant) -> None:
    programme = {
        "code": "steam125", "name": "125 °C 20 min", "kind": "steam", "temp_c": 125, "plateau_s": 1200,
        "saturation_k": 2, "expected_min": 75, "valid_from": "2027-01-01T00:00:00+01:00",
    }  # fmt: skip
    async with plant.http(plant.manager()) as gm:
        assert refused(await gm.post("/v1/programmes", json=programme | {"plateau_s": 0})) == (422, "INVALID")
        assert refused(await gm.post("/v1/programmes", json=programme | {"temp_c": "NaN"})) == (422, "INVALID")
        backwards = programme | {"valid_to": "2026-12-31T00:00:00+01:00"}
        assert refused(await gm.post("/v1/programmes", json=backwards)) == (422, "TIME_INVALID")
        late = programme | {"code": "prion134", "valid_from": "2026-02-01T00:00:00+01:00"}
        assert refused(await gm.post("/v1/programmes", json=late)) == (422, "TIME_INVALID")
        first = await post(gm, "programmes", **programme)
        before = programme | {"valid_from": "2026-12-01T00:00:00+01:00"}
        assert refused(await gm.post("/v1/programmes", json=before)) == (409, "PROGRAMME_OVERLAPS")
        second = await post(gm, "programmes", **programme | {"valid_from": "2027-06-01T00:00:00+02:00"})
        assert (first["no"], second["no"], second["valid_to"]) == (1, 2, None)
        ended = (await gm.get(f"/v1/programmes/{first['id']}")).json()
        assert ended["valid_to"] == "2027-05-31T22:00:00Z"
        bounds = await gm.patch(f"/v1/programmes/{first['id']}", json={"plateau_s": 1})
        assert refused(bounds) == (422, "FIELD_NOT_ALLOWED")
        past = await gm.patch(f"/v1/programmes/{second['id']}", json={"valid_to": "2026-01-01T00:00:00Z"})
        assert refused(past) == (422, "TIME_INVALID")
        model = {"alias": "Clamp", "gtin": "09521234000013"}
        assert refused(await gm.post("/v1/instrument_models", json=model | {"gtin": "09521234000014"})) == (
            422,
            "CHECK_DIGIT",
        )
        made = await post(gm, "instrument_models", **model)
        patched = await gm.patch(f"/v1/instrument_models/{made['id']}", json={"single_use": True})
        assert (patched.json()["single_use"], patched.json()["alias"]) == (True, "Clamp")
        used = await gm.post(f"/v1/packagings/{plant.packagings['container']}/retire")
        await plant.set()
        assert used.status_code == 200
        again = await gm.post(f"/v1/packagings/{plant.packagings['pouch']}/retire")
        assert refused(again) == (409, "IN_USE")
