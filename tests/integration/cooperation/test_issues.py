"""Issues: reported in one scan, analysed by who may, closed with cause and action; never about a patient."""

from maillage.ids import new_id
from tests.harness.plant import Plant
from tests.harness.recalled import load_of


async def test_from_one_scan_to_its_end(plant: Plant) -> None:
    run = await plant.run(await plant.set(), "sterilising")
    await plant.run(await plant.set(plant.members[1]), "released")
    load = await load_of(plant, [run], "running")
    async with plant.http(plant.theatre()) as theatre, plant.http(plant.manager()) as manager:
        seen = await theatre.post(
            "/v1/issues", json={"code": await plant.label_of(run), "kind": "torn_pack", "words": "corner is open"}
        )
        issue = seen.json()
        assert (seen.status_code, issue["state"], issue["severity"]) == (201, "open", "major")
        assert (issue["subject_id"], issue["stage_seen"], issue["load_id"]) == (str(run), "sterilising", str(load))

        one = f"/v1/issues/{issue['id']}"
        assert (await theatre.patch(one, json={"cause": "x"})).json()["code"] == "ROLE_REQUIRED"
        early = await manager.patch(one, json={"state": "closed", "cause": "tray too full"})
        assert (early.status_code, early.json()["code"]) == (409, "ISSUE_NOT_ANALYSED")
        assert [each["pointer"] for each in early.json()["errors"]] == ["/action"]
        analysis = {"cause": "tray too full", "stage_of_origin": "assembled"}
        analysed = await manager.patch(one, json=analysis, headers={"If-Match": '"1"'})
        assert (analysed.json()["state"], analysed.json()["stage_of_origin"]) == ("analysed", "assembled")
        assert (await manager.patch(one, json=analysis, headers={"If-Match": '"1"'})).status_code == 412
        closed = await manager.patch(one, json={"action": "two trays", "state": "closed"})
        assert (closed.json()["state"], closed.json()["closed_at"] is not None) == ("closed", True)
        assert (await manager.patch(one, json={"cause": "y"})).json()["code"] == "ISSUE_CLOSED"

        listed = (await theatre.get("/v1/issues", params={"load_id": str(load), "state": "closed"})).json()["items"]
        assert [each["id"] for each in listed] == [issue["id"]]
        assert (await theatre.get("/v1/issues", params={"state": "open"})).json()["items"] == []
    types = await plant.connection.fetch("SELECT type FROM kit.outbox WHERE subject_id = $1::uuid", issue["id"])
    assert [row["type"] for row in types] == ["cooperation.issue_opened.v1", "cooperation.issue_closed.v1"]


async def test_what_is_refused(plant: Plant) -> None:
    theirs = await plant.set(plant.members[1])
    machine = {"kind": "machine", "id": str(plant.machines["steam"])}
    async with plant.http(plant.theatre()) as theatre:
        for body, status, code in (
            ({"code": await plant.tag_of(theirs)}, 404, "UNKNOWN_CODE"),
            ({"subject": {"kind": "set", "id": str(theirs)}}, 404, "NOT_FOUND"),
            ({"code": "à&é\"'"}, 422, "CODE_GARBLED"),
            ({}, 422, "SUBJECT_REQUIRED"),
            ({"subject": machine, "words": "for 2 85 05 78 006 084 36"}, 422, "PATIENT_DATA_SUSPECTED"),
        ):
            refused = await theatre.post("/v1/issues", json={"kind": "torn_pack", **body})
            assert (refused.status_code, refused.json()["code"]) == (status, code)
            assert "85 05" not in refused.text
        mine = await theatre.post("/v1/issues", json={"kind": "noise", "subject": machine})
        assert mine.json()["organisation_id"] == str(plant.members[0]), "a member's word on the group's machine"
    async with plant.http(plant.theatre(1)) as other:
        assert (await other.get(f"/v1/issues/{mine.json()['id']}")).status_code == 404
        assert (await other.get(f"/v1/issues/{new_id()}")).status_code == 404
    async with plant.http(plant.at_member("clinician")) as clinician:
        assert (await clinician.post("/v1/issues", json={"kind": "noise", "subject": machine})).status_code == 403
