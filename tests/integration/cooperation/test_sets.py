"""Sets and marked instruments: entered by their mark, in one set at most, and what is held goes to quarantine only."""

import asyncio
from typing import Any
from uuid import UUID

import httpx

from maillage.ids import new_id
from tests.harness.plant import Plant, giai, grai, uri
from tests.integration.cooperation.test_reference import post, refused


async def hold(plant: Plant, kind: str, subject: UUID, owner: UUID) -> None:
    """A quality hold on a set or an instrument, as another use case places it."""
    made, now = new_id(), await plant.connection.fetchval("SELECT now()")
    row = {"organisation_id": plant.group, "group_id": plant.group, "created_at": now}
    held = {"kind": "quality", "state": "active", "cause": "test", "placed_by": "plant"}
    await plant.insert("hold", row | held | {"id": made})
    await plant.insert("hold_subject", row | {
        "id": new_id(), "organisation_id": owner, "hold_id": made, "subject_kind": kind, "subject_id": subject,
        "contact": "named",
    })  # fmt: skip


async def test_a_set_is_entered_by_its_mark(plant: Plant) -> None:
    owner, neighbour = plant.members[0], plant.members[1]
    known = await plant.set(owner)
    composition = str(plant.compositions[owner][0])
    body = {
        "tag": grai("N0001"), "name": "Hernie 1", "composition_id": composition,
        "place_id": str(plant.place("reception")), "home_place_id": str(plant.place("store", owner)),
    }  # fmt: skip
    draft = await plant.reference("composition", owner, code="DRAFT", name="x")
    async with plant.http(plant.manager()) as gm:
        for change, expected in (
            ({"tag": "à&é"}, (422, "CODE_GARBLED")),
            ({"tag": "(8003)09521234000128N1"}, (422, "CHECK_DIGIT")),
            ({"tag": giai("X")}, (422, "MARK_INVALID")),
            ({"tag": await plant.tag_of(known)}, (409, "TAG_TAKEN")),
            ({"composition_id": str(draft)}, (409, "COMPOSITION_NOT_ADOPTED")),
            ({"composition_id": str(new_id())}, (422, "REFERENCE_UNKNOWN")),
            ({"home_place_id": str(plant.place("store", neighbour))}, (422, "REFERENCE_UNKNOWN")),
            ({"status": "retired"}, (422, "FIELD_NOT_ALLOWED")),
        ):
            assert refused(await gm.post("/v1/sets", json=body | change)) == expected, change
        made = await post(gm, "sets", **body)
        assert (made["organisation_id"], made["tag"], made["run_id"]) == (str(owner), uri(grai("N0001")), None)
        crate = {"tag": body["tag"], "name": "Caisse", "place_id": body["place_id"]}
        assert refused(await gm.post("/v1/crates", json=crate)) == (409, "TAG_TAKEN")
        stands = await post(gm, "crates", **crate | {"tag": grai("CR1", "00020")})
        assert refused(await gm.post("/v1/sets", json=body | {"tag": grai("CR1", "00020")})) == (409, "TAG_TAKEN")
        where = await plant.connection.fetchval(
            "SELECT place_id FROM custody WHERE subject_id = $1", UUID(stands["id"])
        )
        assert str(where) == body["place_id"]

        run = await plant.run(UUID(made["id"]), "received")
        at = f"/v1/sets/{made['id']}"
        alive = await gm.post(f"{at}/status", json={"status": "retired"})
        assert refused(alive) == (409, "RUN_ALIVE")
        assert alive.json()["run_id"] == str(run)
        assert refused(await gm.patch(at, json={"name": "x"}, headers={"If-Match": '"9"'})) == (412, "VERSION_STALE")
        named = await gm.patch(at, json={"name": "Hernie 2"}, headers={"If-Match": '"1"'})
        assert (named.json()["name"], named.json()["home_place_id"]) == ("Hernie 2", body["home_place_id"])
        await hold(plant, "set", known, owner)
        assert refused(await gm.post(f"/v1/sets/{known}/status", json={"status": "retired"})) == (409, "ON_HOLD")
        assert {each["id"] for each in (await gm.get("/v1/sets")).json()["items"]} == {str(known), made["id"]}
    async with plant.http(plant.theatre(owner)) as own, plant.http(plant.theatre(neighbour)) as other:
        shown = (await own.get(at)).json()
        assert (shown["stage"], shown["place_id"]) == ("received", body["place_id"])
        assert refused(await other.get(at)) == (404, "NOT_FOUND")
        assert (await other.get("/v1/sets")).json()["items"] == []
        assert refused(await own.post("/v1/sets", json=body)) == (403, "NOT_ALLOWED")
    kinds = await plant.connection.fetch(
        "SELECT kind FROM trace_entry WHERE subject_id = $1 ORDER BY seq", UUID(made["id"])
    )
    assert [each["kind"] for each in kinds] == ["set.added", "set.changed"]


async def test_one_mark_entered_by_two_at_once_is_one_set(plant: Plant) -> None:
    await plant.set()
    body = {
        "tag": grai("N0002"), "name": "x", "composition_id": str(plant.compositions[plant.members[0]][0]),
        "place_id": str(plant.place("reception")),
    }  # fmt: skip
    async with plant.http(plant.manager()) as one, plant.http(plant.manager()) as two:
        answers = await asyncio.gather(one.post("/v1/sets", json=body), two.post("/v1/sets", json=body))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert next(each.json()["code"] for each in answers if each.status_code == 409) == "TAG_TAKEN"


async def test_an_instrument_is_in_one_set_and_goes_to_repair(plant: Plant) -> None:
    owner = plant.members[0]
    first, second, foreign = await plant.set(owner), await plant.set(owner), await plant.set(plant.members[1])
    repair = await plant.reference(
        "place",
        plant.group,
        site_id=plant.sites[plant.group],
        name="Atelier",
        kind="repair",
        cleanliness="any",
        code="R1",
    )
    clip = str(plant.models["clip"])
    async with plant.http(plant.manager()) as gm:
        single = {"code": giai("J1"), "model_id": str(plant.models["trocar"]), "set_id": str(first)}
        assert refused(await gm.post("/v1/instruments", json=single)) == (409, "SINGLE_USE")
        body = {"code": "(01)09521234000013(21)77", "model_id": clip, "set_id": str(first)}
        assert refused(await gm.post("/v1/instruments", json=body | {"code": grai("S1")})) == (422, "MARK_INVALID")
        made = await post(gm, "instruments", **body)
        assert (made["organisation_id"], made["set_id"]) == (str(owner), str(first))
        assert refused(await gm.post("/v1/instruments", json=body)) == (409, "TAG_TAKEN")
        at = f"/v1/instruments/{made['id']}"
        other = await gm.patch(at, json={"set_id": str(second)})
        assert (refused(other), other.json()["set_id"]) == ((409, "IN_OTHER_SET"), str(first))
        assert (await gm.patch(at, json={"set_id": None})).json()["set_id"] is None
        assert refused(await gm.patch(at, json={"set_id": str(foreign)})) == (422, "REFERENCE_UNKNOWN")
        await plant.run(second, "packed")
        assert refused(await gm.patch(at, json={"set_id": str(second)})) == (409, "WRONG_STAGE")
        assert (await gm.patch(at, json={"set_id": str(first)})).json()["set_id"] == str(first)
        await to_repair_and_back(plant, gm, at, repair)
    async with plant.http(plant.theatre(owner)) as own, plant.http(plant.theatre(1)) as stranger:
        assert (await own.get(at)).json()["code"] == uri("(01)09521234000013(21)77")
        assert refused(await stranger.get(at)) == (404, "NOT_FOUND")
        assert refused(await own.post(f"{at}/status", json={"status": "retired"})) == (403, "NOT_ALLOWED")


async def to_repair_and_back(plant: Plant, gm: httpx.AsyncClient, at: str, repair: UUID) -> None:
    """To a repairer, back, and held: then only towards quarantine."""

    async def status(said: str, place: UUID | None = None) -> httpx.Response:
        return await gm.post(f"{at}/status", json={"status": said, "place_id": str(place) if place else None})

    assert refused(await status("in_repair")) == (422, "PLACE_NOT_FIT")
    assert refused(await status("in_repair", plant.place("store"))) == (422, "PLACE_NOT_FIT")
    why = {"status": "in_repair", "place_id": str(repair), "reason": "Mors usé."}
    gone = (await gm.post(f"{at}/status", json=why)).json()
    assert (gone["status"], gone["place_id"], gone["because"]) == ("in_repair", str(repair), "Mors usé.")
    assert (await status("in_service", plant.place("assembly"))).json()["status"] == "in_service"
    await hold(plant, "instrument", UUID(at.rpartition("/")[2]), plant.members[0])
    for said, place in (("in_repair", repair), ("retired", None), ("missing", None), ("in_service", None)):
        assert refused(await status(said, place)) == (409, "ON_HOLD"), said
    kept = (await status("in_service", plant.place("quarantine"))).json()
    assert (kept["status"], kept["place_id"]) == ("in_service", str(plant.place("quarantine")))


async def test_sets_come_from_a_file_whole_or_not_at_all(plant: Plant) -> None:
    owner = plant.members[0]
    known = await plant.set(owner)
    code = (await plant.row("composition", plant.compositions[owner][0]))["code"]
    place = (await plant.row("place", plant.place("store", owner)))["code"]
    far = (await plant.row("place", plant.place("store", plant.members[1])))["code"]
    good = f"(8003)09521234000129I1;Hernie 1;{code};{place};{place}"
    lines = [
        "marquage;nom;composition;lieu;lieu_habituel", good,
        f"(8003)09521234000129I1;Encore;{code};{place};", f"(8003)09521234000128I2;Clé;{code};{place};",
        f"{await plant.tag_of(known)};Le même;{code};{place};", f"(8003)09521234000129I3;Hernie;AUTRE;ailleurs;{far}",
        f";;{code};{place};", "",
    ]  # fmt: skip
    async with plant.http(plant.manager()) as gm:

        async def send(text: str, **query: Any) -> httpx.Response:
            headers = {"Content-Type": "text/csv"}
            query |= {"owner_id": str(owner)}
            return await gm.post("/v1/sets/import", params=query, content=text.encode(), headers=headers)

        assert refused(await gm.post("/v1/sets/import", json={})) == (415, "MEDIA_TYPE")
        titles = await send("tag;couleur\n", dry_run=True)
        found = [(each["line"], each["column"], each["code"]) for each in titles.json()["faults"]]
        assert found == [(1, "2", "COLUMN_UNKNOWN")] + [
            (1, each, "COLUMN_MISSING") for each in ("name", "composition", "place")
        ]
        faults = [
            (3, "tag", "TAG_TWICE"), (4, "tag", "MARK_INVALID"), (6, "composition", "COMPOSITION_UNKNOWN"),
            (6, "place", "PLACE_UNKNOWN"), (6, "home_place", "PLACE_UNKNOWN"), (7, "tag", "MISSING"),
            (7, "name", "MISSING"),
        ]  # fmt: skip
        tried = (await send("\r\n".join(lines), dry_run=True)).json()
        assert [(each["line"], each["column"], each["code"]) for each in tried["faults"]] == faults
        assert (tried["added"], tried["unchanged"]) == (1, 1)
        bad = await send("\r\n".join(lines))
        assert refused(bad) == (422, "IMPORT_REFUSED")
        assert len(bad.json()["lines"]) == len(faults)
        assert (await send("\n".join(lines[:2]), dry_run=True)).json()["added"] == 1
        assert len((await gm.get("/v1/sets")).json()["items"]) == 1
        assert (await send("\n".join(lines[:2]))).json()["added"] == 1
        assert (await send("\n".join(lines[:2]))).json() == {
            "dry_run": False, "added": 0, "unchanged": 1, "faults": []
        }  # fmt: skip
        made = [each for each in (await gm.get("/v1/sets")).json()["items"] if each["id"] != str(known)]
        assert [(each["name"], each["home_place_id"]) for each in made] == [
            ("Hernie 1", str(plant.place("store", owner)))
        ]
