"""What is another member's does not exist for a hospital's software, and that it asked is in the audit."""

import pytest

from maillage import clock
from tests.harness.acts import post
from tests.harness.plant import Plant

pytestmark = pytest.mark.gated


async def test_a_hospital_asks_for_what_is_anothers(plant: Plant) -> None:
    set_id = await plant.set(plant.members[0])
    run_id = await plant.run(set_id, "released")
    label = await plant.label_of(run_id)
    async with plant.http(plant.hospital(0, "set.read", "use.write")) as own:
        assert (await own.get(f"/v1/runs/{run_id}")).status_code == 200
    asked = plant.hospital(1, "set.read", "use.write", "trace.read")
    async with plant.http(asked) as client:
        for path in (f"runs/{run_id}", f"sets/{set_id}/file", f"sets/{set_id}"):
            answer = await client.get(f"/v1/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), path
        use = {"code": label, "operation_ref": "OP-1", "intact": True, "used_at": clock.now().isoformat()}
        assert (await post(client, "uses", 404, **use))["code"] == "UNKNOWN_CODE"
    lines = await plant.connection.fetch(
        "SELECT organisation_id, actor, action, record_id FROM kit.audit WHERE action LIKE 'refused.%' ORDER BY id"
    )
    assert {(line["organisation_id"], line["actor"]) for line in lines} == {(plant.members[1], asked.sub)}
    assert [str(line["record_id"]) for line in lines[:3]] == [str(run_id), str(set_id), str(set_id)]
    assert len(lines) == 4
