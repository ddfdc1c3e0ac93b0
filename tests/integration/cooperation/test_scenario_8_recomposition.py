"""Scenario 8: a critical needle holder is missing, a substitute is proposed; a missing towel clip is accepted by name
and printed on the label."""

import re

from tests.harness.plant import Plant
from tests.integration.cooperation.test_scans import Scanner


async def test_a_critical_instrument_stops_the_set_and_a_clip_does_not(plant: Plant) -> None:
    set_id = await plant.set()
    holder, clips, towel_clips = plant.lines[plant.compositions[plant.members[0]][1]]
    spare = await plant.instrument(None, "needle-holder")
    await plant.instrument(None, "needle-holder", owner=plant.members[1])
    of_another_set = await plant.instrument(await plant.set(), "needle-holder")
    run_id = await plant.run(set_id, "washed", place=plant.place("assembly"))
    rest = [{"line_id": str(clips), "quantity": 4}, {"line_id": str(towel_clips), "quantity": 1}]
    clip_gone = {"line_id": str(towel_clips), "missing": 1, "reason": "missing"}
    holder_gone = {"line_id": str(holder), "missing": 1, "reason": "missing"}

    async with plant.http(plant.operator()) as client:
        # The needle holder is not there: the set stays, and one instrument could take the place.
        body = {"counted": rest, "gaps": [clip_gone, holder_gone]}
        refused = await client.post(f"/v1/runs/{run_id}/assemble", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "CRITICAL_MISSING")
        (short,) = refused.json()["lines"]
        assert (short["line_id"], short["missing"]) == (str(holder), 1)
        assert [one["id"] for one in short["substitutes"]] == [str(spare)]

        # Not any needle holder: one of another set is refused.
        foreign = (await plant.row("instrument", of_another_set))["code"]
        with_foreign = [{"line_id": str(holder), "quantity": 1, "instruments": [foreign]}, *rest]
        body = {"counted": with_foreign, "gaps": [clip_gone]}
        refused = await client.post(f"/v1/runs/{run_id}/assemble", json=body)
        assert (refused.json()["code"], refused.json()["why"]) == ("FOREIGN_INSTRUMENT", "other_set")

        # The substitute is scanned, the clip is missing by name.
        counted = [{"line_id": str(holder), "quantity": 1, "instruments": [short["substitutes"][0]["code"]]}, *rest]
        body = {"counted": counted, "gaps": [clip_gone]}
        closed = await client.post(f"/v1/runs/{run_id}/assemble", json=body)
        assert (closed.status_code, closed.json()["stage"]) == (200, "assembled")
        joined = await plant.row("instrument", spare)
        assert (joined["set_id"], joined["runs_count"]) == (set_id, 1)

        # It is packed at a post; its label names what is missing, and has no date.
        packing = Scanner(plant, "packing")
        done = await packing.scan(await plant.tag_of(set_id), packaging_id=str(plant.packagings["container"]))
        assert (done["outcome"], done["stage"]) == ("done", "packed")
        number = (await plant.row("run", run_id))["label"]
        label = await client.get(f"/v1/runs/{run_id}/label", headers={"Accept-Language": "fr"})
        assert label.headers["content-type"] == "image/svg+xml"
        assert "MANQUE : 1 × clip" in label.text
        assert number in label.text
        assert not re.search(r"\d{2}/\d{2}/\d{4}|\d{4}-\d{2}-\d{2}", label.text)

        page = (await client.get(f"/v1/runs/{run_id}")).json()
        lines = {line["line_id"]: line for line in page["lines"]}
        assert [one["id"] for one in lines[str(holder)]["instruments"]] == [str(spare)]
        assert (lines[str(towel_clips)]["counted"], lines[str(towel_clips)]["missing"]) == (1, 1)
        kinds = [entry["kind"] for entry in page["entries"]]
        assert kinds == ["run.planted", "run.assembled", "run.packed", "run.label_printed"]
