"""A release is tried by those who may not, by the front door: each is told exactly why (page of the cooperation, 7)."""

from dataclasses import replace

import pytest

from maillage.ids import new_id
from tests.harness.cycles import Line
from tests.harness.plant import Plant

pytestmark = pytest.mark.gated


async def test_a_load_is_released_by_who_may_on_what_is_seen_and_by_nobody_else(plant: Plant) -> None:
    line = Line(plant)
    people = {name: new_id() for name in ("pharmacist", "delegate of yesterday", "who proved it long ago")}
    for name, person in people.items():
        await plant.signatory(person, days=(-60, -1) if "yesterday" in name else (-30, None))
    load = await line.sterilised(await line.packed(2))
    seen = await line.etag(load, plant.pharmacist(people["pharmacist"]))

    async def tried(caller: object, **body: object) -> tuple[int, str]:
        answer = await line.decide(load, caller, etag=seen, **body)  # type: ignore[arg-type]
        return answer.status_code, answer.json().get("code", "")

    agent, shown_long_ago = plant.operator(), plant.pharmacist(people["who proved it long ago"], proved_s_ago=180)
    assert await tried(agent) == (403, "STEP_UP_REQUIRED")
    proved = plant.pharmacist()
    assert await tried(replace(agent, auth_time=proved.auth_time, amr=proved.amr, acr=2)) == (403, "NOT_SIGNATORY")
    assert await tried(plant.pharmacist(people["delegate of yesterday"])) == (403, "NOT_SIGNATORY")
    assert await tried(shown_long_ago) == (403, "STEP_UP_REQUIRED")
    assert await tried(plant.theatre()) == (403, "NOT_ALLOWED")
    assert await tried(plant.hospital()) == (403, "NOT_ALLOWED")

    loader = replace(line.operator, auth_time=proved.auth_time, amr=proved.amr, acr=2)
    assert await tried(loader) == (409, "SELF_RELEASE")
    assert await tried(plant.pharmacist(people["pharmacist"]), verdict="conform") == (422, "FIELD_NOT_ALLOWED")
    stale = await line.decide(load, plant.pharmacist(people["pharmacist"]), etag='"0"')
    assert (stale.status_code, stale.json()["code"]) == (412, "EVIDENCE_CHANGED")

    assert (await tried(plant.pharmacist(people["pharmacist"])))[0] == 200
    again = await line.decide(load, plant.pharmacist(people["pharmacist"]), "reject", etag=seen, reason="trop tard")
    assert (again.status_code, again.json()["code"]) == (409, "DECISION_FINAL")
