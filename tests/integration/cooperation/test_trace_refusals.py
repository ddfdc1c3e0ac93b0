"""What was refused is written down as well: to whom, what, about which record; nothing of what was sent."""

import json

from maillage.ids import new_id
from tests.harness.plant import Plant


async def test_a_refusal_is_in_the_audit_of_who_was_refused(plant: Plant) -> None:
    unknown, wrong = new_id(), {"kind": "did_not_occur", "reason": "wrong_set_scanned"}
    run_id = await plant.run(await plant.set(), "released")
    async with plant.http(plant.operator()) as client:
        assert (await client.post(f"/v1/trace/{unknown}/correct", json=wrong)).status_code == 404
        assert (await client.post(f"/v1/trace/{unknown}/correct", json={"kind": "secret-word"})).status_code == 422
        assert (await client.get("/v1/trace", params={"subject": str(run_id)})).status_code == 403
    async with plant.http(plant.manager()) as client:
        entry = (await client.get("/v1/trace", params={"subject": str(run_id)})).json()["items"][0]["id"]
        refused = await client.post(f"/v1/trace/{entry}/correct", json=wrong)
        assert refused.json()["code"] == "NOT_CORRECTABLE"
        assert (await client.get("/v1/trace", params={"subject": str(run_id), "limit": "0"})).status_code == 422
    lines = await plant.connection.fetch("SELECT * FROM kit.audit WHERE action LIKE 'refused.%' ORDER BY id")
    told = [(line["action"], line["record_id"], json.loads(line["facts"])["path"]) for line in lines]
    correct = "/v1/trace/{entry_id}/correct"
    assert [(action, str(record), path) for action, record, path in told] == [
        ("refused.not_found", str(unknown), correct),
        ("refused.invalid", str(unknown), correct),
        ("refused.not_allowed", "00000000-0000-0000-0000-000000000000", "/v1/trace"),
        ("refused.not_correctable", entry, correct),
    ]
    assert {line["organisation_id"] for line in lines} == {plant.group}
    assert all("secret-word" not in line["facts"] for line in lines)
