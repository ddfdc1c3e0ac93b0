"""Recalls: what a scope reaches, who may do what, how lines end, what stays blocked."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from cooperation.recalls.securing import secure
from cooperation.runs.rows import Run
from maillage import clock
from maillage.database import Tx
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.acts import post, refused
from tests.harness.days import today
from tests.harness.plant import Plant
from tests.harness.recalled import counted_in, load_of, used_in


def use_of(label: str, reference: str = "OP-1") -> dict[str, object]:
    """A use as a theatre tells it."""
    return {"code": label, "operation_ref": reference, "used_at": clock.now().isoformat(), "intact": True}


async def stored(plant: Plant, member: int = 0) -> UUID:
    """A released pack in a member's store."""
    owner = plant.members[member]
    return await plant.run(await plant.set(owner), "released", place=plant.place("store", owner))


def recall_of(*loads: UUID, **scope: object) -> dict[str, object]:
    """The body of a recall."""
    return {"cause": "wet packs", "scope": {"loads": [str(load) for load in loads], **scope}}


async def runs_of(plant: Plant, recall_id: str) -> set[UUID]:
    """What its lines name."""
    rows = await plant.connection.fetch("SELECT subject_id FROM recall_line WHERE recall_id = $1::uuid", recall_id)
    return {row["subject_id"] for row in rows}


@pytest.mark.gated
async def test_who_may_open_extend_and_read(plant: Plant) -> None:
    mine, theirs = await stored(plant), await stored(plant, 1)
    load = await load_of(plant, [mine])
    body = recall_of(load)
    async with plant.http(plant.manager()) as manager:
        recall = await post(manager, "recalls", 201, **body)
        for caller in (plant.at_plant("hygiene"), plant.at_member("hygiene"), plant.hospital()):
            async with plant.http(caller) as other:
                problem = await refused(other, "recalls", "ROLE_REQUIRED", 403, **body)
                assert "sterilisation_releaser" in problem["roles"]
        for caller in (plant.operator(), plant.theatre(), plant.at_member("clinician")):
            async with plant.http(caller) as other:
                await refused(other, "recalls", "NOT_ALLOWED", 403, **body)
        async with plant.http(plant.at_member("hygiene", 1)) as langres:
            for path in ("", "/lines", "/operations"):
                assert (await langres.get(f"/v1/recalls/{recall['id']}{path}")).status_code == 404
            assert (await langres.get("/v1/recalls")).json()["items"] == []
            line = (await manager.get(f"/v1/recalls/{recall['id']}/lines")).json()["items"][0]
            await refused(langres, f"recall_lines/{line['id']}/acknowledge", "NOT_FOUND", 404, note="seen")

        extend = f"recalls/{recall['id']}/extend"
        await refused(manager, extend, "SCOPE_NARROWED", scope={"runs": [str(theirs)]})
        wider = await post(manager, extend, scope={"loads": [str(load)], "runs": [str(theirs), str(mine)]})
        assert (wider["lines"], wider["members"]) == (2, 2)
        again = {"scope": {"loads": [str(load)], "runs": [str(theirs), str(mine)]}}
        stale = await manager.post(f"/v1/{extend}", json=again, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "VERSION_STALE")
    async with plant.http(plant.at_member("hygiene", 1)) as langres:
        assert [each["lines"] for each in (await langres.get("/v1/recalls")).json()["items"]] == [1]
        own = (await langres.get(f"/v1/recalls/{recall['id']}/lines", params={"open": True})).json()["items"]
        assert [each["subject_id"] for each in own] == [str(theirs)]


@pytest.mark.gated
async def test_what_a_scope_reaches(plant: Plant) -> None:
    exclusive = await plant.set()
    instrument = await plant.instrument(exclusive)
    first, second = await plant.run(exclusive, "used"), await plant.run(exclusive, "released")
    await used_in(plant, first, "OP-1")
    await counted_in(plant, first, instrument, line=0)
    await counted_in(plant, second, instrument, line=0)
    by_hand = await plant.set()
    marked = await plant.instrument(by_hand)
    still_dirty = await plant.run(by_hand, "washing")
    early, late, opened = await stored(plant), await stored(plant), await stored(plant)
    noon = clock.now() - timedelta(days=3)
    await load_of(plant, [early], started_at=noon)
    await load_of(plant, [late], "rejected", started_at=noon + timedelta(hours=6))
    not_started = await load_of(plant, [opened], "open")
    steam, wide = str(plant.machines["steam"]), timedelta(hours=3)
    span = {"machine_id": steam, "since": (noon - wide).isoformat(), "until": (noon + wide).isoformat()}
    async with plant.http(plant.pharmacist()) as pharmacist:
        for scope, reached in (
            ({"instruments": [str(instrument)]}, {first, second}),
            ({"instruments": [str(marked)]}, {still_dirty}),
            ({"models": [str(plant.models["needle-holder"])]}, {first, second}),
            ({"machines": [span]}, {early}),
            ({"machines": [span], "runs": [str(late), str(early)]}, {early, late}),
        ):
            recall = await post(pharmacist, "recalls", 201, cause="checked", scope=scope)
            assert await runs_of(plant, recall["id"]) == reached, scope
        inside = {"machine_id": steam, "since": (noon + timedelta(minutes=60)).isoformat(), "until": span["until"]}
        recall = await post(pharmacist, "recalls", 201, cause="the load was running then", scope={"machines": [inside]})
        await refused(pharmacist, f"recalls/{recall['id']}/extend", "SCOPE_NARROWED", scope={"runs": [str(early)]})
        await post(pharmacist, f"recalls/{recall['id']}/extend", scope={"machines": [span]})

        nothing = await refused(pharmacist, "recalls", "SCOPE_EMPTY", **recall_of(not_started))
        assert [each["pointer"] for each in nothing["errors"]] == ["/scope/loads/0"]
        await refused(pharmacist, "recalls", "SCOPE_EMPTY", cause="x", scope={})
        await refused(pharmacist, "recalls", "SCOPE_EMPTY", cause="x", scope={}, preview=True)
        await refused(pharmacist, "recalls", "SCOPE_EMPTY", cause="x", scope={"runs": [str(new_id())]})
        back = span | {"until": span["since"]}
        await refused(pharmacist, "recalls", "TIME_INVALID", 422, cause="x", scope={"machines": [back]})
        words = {"cause": "patient 2850578006084", "scope": {"loads": [str(not_started)]}}
        problem = await refused(pharmacist, "recalls", "PATIENT_DATA_SUSPECTED", 422, **words)
        assert "2850578006084" not in str(problem)


async def test_a_secured_pack_stays_blocked_and_a_used_one_is_followed(plant: Plant) -> None:
    plant.work()
    safe, taken, torn = [await stored(plant) for _ in range(3)]
    load = await load_of(plant, [safe, taken, torn])
    async with plant.http(plant.pharmacist()) as pharmacist, plant.http(plant.theatre()) as theatre:
        recall = await post(pharmacist, "recalls", 201, **recall_of(load))
        assert await secured(plant, safe)
        assert not await secured(plant, safe), "its line has ended"
        await refused(theatre, "uses", "RECALLED", **use_of(await plant.label_of(safe)))

        emergency = use_of(await plant.label_of(taken), "OP-NIGHT") | {"override": {"reason": "no other set"}}
        async with plant.http(plant.at_member("clinician")) as clinician:
            await post(clinician, "uses", 201, **emergency)
        await post(pharmacist, f"runs/{torn}/abort", reason="recalled")

        async def followed() -> bool:
            found = (await pharmacist.get(f"/v1/recalls/{recall['id']}/lines")).json()["items"]
            return {(each["subject_id"], each["state"], each["ended"]) for each in found} == {
                (str(safe), "in_stock", "secured"),
                (str(taken), "used", None),
                (str(torn), "in_stock", "aborted"),
            }

        await soon(followed)
        operations = (await pharmacist.get(f"/v1/recalls/{recall['id']}/operations")).json()["items"]
        assert [(each["operation_ref"], each["acknowledged"]) for each in operations] == [("OP-NIGHT", False)]
        await _only_the_member_acknowledges(plant, recall["id"], taken)

        close = f"recalls/{recall['id']}/close"
        await refused(pharmacist, close, "REASON_REQUIRED", 422, unfounded=True)
        await post(pharmacist, close, unfounded=True, reason="the integrators were of a bad lot")
        async with plant.http(plant.at_member("hygiene")) as member, plant.http(plant.at_plant("hygiene")) as hygiene:
            await refused(member, close, "ROLE_REQUIRED", 403, unfounded=True, reason="agreed")
            ended = await post(hygiene, close, unfounded=True, reason="agreed")
            await refused(hygiene, close, "WRONG_STATE", unfounded=True, reason="again")
        assert (ended["state"], ended["unfounded"]) == ("closed", True)
        await post(theatre, "uses", 201, **use_of(await plant.label_of(safe)))


async def secured(plant: Plant, run_id: UUID) -> bool:
    """Scanned in quarantine."""
    run, done = Run.of(await plant.row("run", run_id)), [False]

    async def scan(tx: Tx) -> None:
        done[0] = await secure(tx, run, tx.now)

    await plant.record(scan)
    return done[0]


async def _only_the_member_acknowledges(plant: Plant, recall_id: str, run_id: UUID) -> None:
    line = await plant.connection.fetchval(
        "SELECT id FROM recall_line WHERE recall_id = $1::uuid AND subject_id = $2", recall_id, run_id
    )
    path = f"recall_lines/{line}/acknowledge"
    for caller in (plant.pharmacist(), plant.at_plant("hygiene")):
        async with plant.http(caller) as other:
            await refused(other, path, "ROLE_REQUIRED", 403, note="x")
    async with plant.http(plant.pharmacist()) as pharmacist:
        await refused(pharmacist, f"recall_lines/{line}/write_off", "WRONG_STATE", reason="x")
    async with plant.http(plant.hospital()) as software:
        assert (await post(software, path, note="followed"))["ended"] == "acknowledged"
        problem = await refused(software, path, "LINE_ENDED", note="again")
        assert problem["ended"] == "acknowledged"


async def test_a_signature_counts_for_the_lines_it_was_given_on(plant: Plant) -> None:
    first, second = await stored(plant), await stored(plant)
    load, other = await load_of(plant, [first]), await load_of(plant, [second])
    signer, team = plant.pharmacist(), plant.at_plant("hygiene")
    async with plant.http(signer) as pharmacist, plant.http(team) as hygiene:
        recall = await post(pharmacist, "recalls", 201, **recall_of(load))
        close = f"recalls/{recall['id']}/close"
        await secured(plant, first)
        await post(pharmacist, close, unfounded=False)
        await post(pharmacist, f"recalls/{recall['id']}/extend", scope={"loads": [str(load), str(other)]})
        await refused(hygiene, close, "LINES_OPEN", unfounded=False)
        await secured(plant, second)
        assert (await post(hygiene, close, unfounded=False))["state"] == "open", "the first signed on one line"
        assert (await post(pharmacist, close, unfounded=False))["state"] == "closed"


async def test_a_lot_of_another_flow(plant: Plant) -> None:
    """What a member received it must follow; what is still prepared is found or written off."""
    flow = await plant.flow("pharmacy", "heparin", "gauze", lots=True)
    items = {row["code"]: row["id"] for row in await plant.connection.fetch("SELECT id, code FROM item")}
    lines = {}
    for member, state, item in ((0, "received", "heparin"), (1, "prepared", "heparin"), (1, "prepared", "gauze")):
        owner = plant.members[member]
        order = await plant.reference(
            "flow_order", owner, flow_id=flow, site_id=plant.sites[owner], state=state, wanted_on=today()
        )
        lines[member, item] = await plant.reference(
            "order_line", owner, order_id=order, item_id=items[item], ordered=10, lot="L42"
        )
    lot = {"lots": [{"lot": "L42", "item_id": str(items["heparin"])}]}
    async with plant.http(plant.manager()) as manager, plant.http(plant.pharmacist()) as pharmacist:
        recall = await post(manager, "recalls", 201, cause="particles seen", scope=lot)
        assert (recall["by_state"]["used"], recall["by_state"]["in_stock"], recall["lines"]) == (1, 1, 2)
        listed = (await manager.get(f"/v1/recalls/{recall['id']}/lines")).json()["items"]
        by_state = {each["state"]: each for each in listed}
        assert {each["subject_id"] for each in listed} == {str(lines[0, "heparin"]), str(lines[1, "heparin"])}
        async with plant.http(plant.at_member("hygiene")) as team:
            await post(team, f"recall_lines/{by_state['used']['id']}/acknowledge", note="none was given")
        for signer in (manager, pharmacist):
            await post(signer, f"recall_lines/{by_state['in_stock']['id']}/write_off", reason="thrown away")
        await post(pharmacist, f"recalls/{recall['id']}/close", unfounded=False)
        wider = {"lots": [{"lot": "L42", "item_id": str(item)} for item in items.values()]}
        assert (await post(manager, f"recalls/{recall['id']}/extend", scope=wider))["lines"] == 3


async def test_a_pack_is_used_or_recalled_never_both_unseen(plant: Plant) -> None:
    """A use and a recall at once: either the use is refused, or the line says `used`."""
    runs = [await stored(plant) for _ in range(4)]
    load = await load_of(plant, runs)
    labels = [await plant.label_of(run) for run in runs]
    async with plant.http(plant.pharmacist()) as pharmacist, plant.http(plant.theatre()) as theatre:
        answers = await asyncio.gather(
            *(theatre.post("/v1/uses", json=use_of(label, f"OP-{n}")) for n, label in enumerate(labels)),
            pharmacist.post("/v1/recalls", json=recall_of(load)),
        )
    used = {run for run, answer in zip(runs, answers, strict=False) if answer.status_code == 201}
    refused_ones = {answer.json()["code"] for answer in answers[:4] if answer.status_code != 201}
    assert refused_ones <= {"RECALLED"}
    listed = await plant.connection.fetch("SELECT subject_id FROM recall_line WHERE state = 'used'")
    assert {row["subject_id"] for row in listed} == used
    assert await plant.connection.fetchval("SELECT count(*) FROM recall_line") == 4
