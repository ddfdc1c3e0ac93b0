"""Holds: contact across sets to the fixed point, who places and who ends them, what stays blocked."""

import asyncio
from uuid import UUID

import pytest

from maillage import clock
from maillage.ids import new_id
from tests.harness.acts import post, refused
from tests.harness.carried import refolded
from tests.harness.plant import Plant
from tests.harness.recalled import counted_in, kept_for, used_in


async def turned(plant: Plant, set_id: UUID, reference: str | None, *instruments: UUID) -> UUID:
    """A turn of a set with these instruments counted in it; used in an operation, or now in stock."""
    run = await plant.run(set_id, "used" if reference else "released")
    for instrument in instruments:
        await counted_in(plant, run, instrument)
    if reference:
        await used_in(plant, run, reference)
    return run


async def test_contact_goes_from_set_to_set_until_nothing_new(plant: Plant) -> None:
    """A: used in the operation. B: got an instrument of A later. C: was used beside B. D: gave an instrument to A
    before; E: another hospital's. Both are free."""
    a, b, c, d = [await plant.set() for _ in range(4)]
    e = await plant.set(plant.members[1])
    wanders, came_from_d = await plant.instrument(None), await plant.instrument(None)
    free = [await turned(plant, d, "OP-OLD", came_from_d), await turned(plant, b, "OP-B0", await plant.instrument(b))]
    held = [await turned(plant, a, "OP-X", wanders, came_from_d)]
    free.append(await turned(plant, e, "OP-X"))
    held.append(await turned(plant, b, "OP-B1", wanders))
    held.append(await turned(plant, c, "OP-B1"))
    held += [await turned(plant, each, None) for each in (a, b, c)]
    free += [await turned(plant, each, None) for each in (d, e)]
    body = {"kind": "prion", "cause": "suspected", "operation_refs": ["OP-X"], "organisation_id": str(plant.members[0])}
    async with plant.http(plant.pharmacist()) as pharmacist:
        hold = await post(pharmacist, "holds", 201, **body)
        by_kind = {kind: {each["id"] for each in hold["contacts"] if each["kind"] == kind} for kind in ("run", "set")}
        assert by_kind == {"run": {str(run) for run in held}, "set": {str(each) for each in (a, b, c)}}
        assert not by_kind["run"] & {str(run) for run in free}
        assert hold["counts"]["operations"] == 2
        contacts = {each["id"]: each["contact"] for each in hold["contacts"]}
        assert (contacts[str(a)], contacts[str(b)], contacts[str(held[1])]) == ("operation", "instrument", "instrument")

        both = await post(pharmacist, "holds", 201, **{**body, "organisation_id": None})
        assert str(e) in {each["id"] for each in both["contacts"]}
        told = await plant.connection.fetch(
            "SELECT organisation_id, payload::jsonb AS told FROM kit.outbox"
            " WHERE type = 'cooperation.hold_placed.v1' AND subject_id = $1::uuid", both["id"],
        )  # fmt: skip
        assert {row["organisation_id"] for row in told} == {plant.members[0], plant.members[1]}
        langres = next(row["told"]["subject_ids"] for row in told if row["organisation_id"] == plant.members[1])
        assert set(langres) == {str(e), str(free[-1])}, "its own things, and no run that has ended"
        await _a_team_ends_only_what_is_its_own(plant, hold["id"], both["id"])


async def _a_team_ends_only_what_is_its_own(plant: Plant, own: str, shared: str) -> None:
    lift = {"outcome": "lifted", "reason": "excluded"}
    async with plant.http(plant.at_member("hygiene")) as team:
        await refused(team, f"holds/{shared}/sign", "ROLE_REQUIRED", 403, **lift)
        assert (await post(team, f"holds/{own}/sign", **lift))["state"] == "active"
    async with plant.http(plant.at_plant("hygiene")) as team, plant.http(plant.pharmacist()) as pharmacist:
        assert (await post(team, f"holds/{shared}/sign", **lift))["state"] == "active"
        assert (await post(pharmacist, f"holds/{shared}/sign", **lift))["state"] == "lifted"
    active = await plant.connection.fetch(
        "SELECT hold_id, bool_or(active) AS some, bool_and(active) AS every FROM hold_subject GROUP BY 1"
    )
    assert {str(row["hold_id"]): (row["some"], row["every"]) for row in active} == {
        own: (True, True),
        shared: (False, False),
    }


async def test_a_quality_hold_ends_by_one_and_what_is_destroyed_never_comes_back(plant: Plant) -> None:
    kept, gone = await plant.set(), await plant.set()
    for each in (kept, gone):
        await plant.run(each, "released", place=plant.place("theatre", plant.members[0]))
    things = [{"kind": "set", "id": str(kept)}]
    run = await plant.connection.fetchval("SELECT id FROM run WHERE set_id = $1", kept)
    await kept_for(plant, run, "OP-TOMORROW")
    async with (
        plant.http(plant.at_member("hygiene")) as team, plant.http(plant.theatre()) as theatre,
        plant.http(plant.pharmacist()) as pharmacist,
    ):  # fmt: skip
        hold = await post(team, "holds", 201, kind="quality", cause="dull scissors", subjects=things)
        assert (hold["counts"]["sets"], [each["contact"] for each in hold["contacts"]]) == (1, ["named"])
        await refused(theatre, "uses", "ON_HOLD", **await _use(plant, kept))
        ended = await plant.connection.fetchval("SELECT ended_why FROM allocation WHERE run_id = $1", run)
        assert ended == "blocked", "another pack is looked for"
        ended = await post(team, f"holds/{hold['id']}/sign", outcome="lifted", reason="sharpened")
        assert ended["state"] == "lifted"
        await post(theatre, "uses", 201, **await _use(plant, kept))

        other = await post(
            pharmacist, "holds", 201, kind="owner", cause="worn out", subjects=[{"kind": "set", "id": str(gone)}]
        )
        await post(pharmacist, f"holds/{other['id']}/sign", outcome="destroyed", reason="scrapped")
        await refused(theatre, "uses", "ON_HOLD", **await _use(plant, gone))
        assert await refolded(plant) == []
        items = (await theatre.get("/v1/holds", params={"state": "destroyed"})).json()["items"]
        assert [(each["id"], each["kind"], each["subjects"]) for each in items] == [(other["id"], "owner", 1)]


async def _use(plant: Plant, set_id: UUID) -> dict[str, object]:
    run = await plant.connection.fetchval("SELECT id FROM run WHERE set_id = $1 ORDER BY created_at DESC", set_id)
    code = await plant.label_of(run)
    return {"code": code, "operation_ref": "OP-1", "used_at": clock.now().isoformat(), "intact": True}


@pytest.mark.gated
async def test_what_is_refused_and_two_signatures_at_once(plant: Plant) -> None:
    mine, theirs = await plant.set(), await plant.set(plant.members[1])
    quality = {"kind": "quality", "cause": "x", "subjects": [{"kind": "set", "id": str(mine)}]}
    async with plant.http(plant.pharmacist()) as pharmacist, plant.http(plant.at_member("hygiene")) as team:
        for body, status, code in (
            (quality | {"subjects": []}, 409, "SCOPE_EMPTY"),
            (quality | {"subjects": [{"kind": "set", "id": str(theirs)}]}, 409, "SCOPE_EMPTY"),
            (quality | {"operation_refs": ["OP-1"]}, 422, "FIELD_NOT_ALLOWED"),
            ({"kind": "prion", "cause": "x", "operation_refs": ["OP-NEVER"]}, 409, "SCOPE_EMPTY"),
            ({"kind": "prion", "cause": "x", "operation_refs": ["2850578006084"]}, 422, "PATIENT_DATA_SUSPECTED"),
            (quality | {"cause": "285057800608436"}, 422, "PATIENT_DATA_SUSPECTED"),
        ):
            await refused(team, "holds", code, status, **body)
        for caller in (plant.manager(), plant.operator(), plant.theatre()):
            async with plant.http(caller) as other:
                await refused(other, "holds", "NOT_ALLOWED", 403, **quality)
        hold = await post(pharmacist, "holds", 201, kind="prion", cause="x", subjects=quality["subjects"])
        async with plant.http(plant.at_member("hygiene", 1)) as langres:
            assert (await langres.get(f"/v1/holds/{hold['id']}")).status_code == 404
            await refused(langres, f"holds/{hold['id']}/sign", "NOT_FOUND", 404, outcome="lifted", reason="x")

        await post(pharmacist, f"holds/{hold['id']}/sign", outcome="lifted", reason="x")
        sign = {"outcome": "lifted", "reason": "excluded"}
        async with plant.http(plant.at_member("hygiene", person=new_id())) as colleague:
            answers = await asyncio.gather(
                *(each.post(f"/v1/holds/{hold['id']}/sign", json=sign) for each in (team, colleague))
            )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await plant.connection.fetchval("SELECT count(*) FROM signature") == 2
