"""Scenario 9. Loan: announced for J-3, arrives J-1, 2 instruments short: counted in, issue on the supplier, washed
twice, used, counted out equal to the count in. (Billing belongs to a part left for later.)"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from contracts.cooperation import RunStage
from cooperation.runs.changing import happen, live_of_set
from maillage import clock
from maillage.database import Tx
from maillage.testing import soon
from tests.harness import days
from tests.harness.plant import Plant, grai

LANGRES = 1


def announced(plant: Plant, **more: object) -> dict[str, object]:
    today = days.today()
    return {
        "reference": "ANC-2026-118",
        "site_id": str(plant.sites[plant.members[LANGRES]]),
        "due_on": (today - timedelta(days=2)).isoformat(),
        "operation_ref": "OP-77",
        "lines": [
            {"reference": "RAPE-4", "name": "Râpe fémorale 4", "quantity": 2},
            {"reference": "ESSAI-32", "name": "Tête d'essai 32", "quantity": 6},
        ],
    } | more


def counted(direction: str, heads: int = 4, **more: object) -> dict[str, object]:
    lines = [{"reference": "RAPE-4", "quantity": 2}, {"reference": "ESSAI-32", "quantity": heads}]
    return {"direction": direction, "lines": lines} | more


async def goes_on(plant: Plant, set_id: UUID, *stages: RunStage, **fields: Any) -> UUID:
    """What machines and stations do with the set is other scenarios' affair."""
    run_id: list[UUID] = []

    async def step(tx: Tx) -> None:
        run = await live_of_set(tx, set_id)
        assert run is not None
        for stage in stages:
            washes = run.washes + (stage == "washed")
            changed = replace(run, stage=stage, washes=washes, **(fields if stage == stages[-1] else {}))
            run = await happen(tx, run, changed, f"run.{stage}", tx.now)
        run_id.append(run.id)

    await plant.record(step)
    return run_id[0]


async def becomes(client: httpx.AsyncClient, path: str, wanted: str) -> bool:
    async def so() -> bool:
        return bool((await client.get(path)).json()["state"] == wanted)

    return await soon(so)


async def test_a_lent_set_is_counted_washed_twice_used_and_given_back(plant: Plant) -> None:
    path = await is_announced(plant)
    set_id = await is_counted_in_short(plant, path)
    run_id = await is_washed_twice(plant, set_id)
    await is_ready_and_used(plant, path, set_id, run_id)
    await is_given_back(plant, path, set_id)
    assert await soon(lambda: both_parties_were_told(plant))


async def is_announced(plant: Plant) -> str:
    async with plant.http(plant.supplier_caller()) as supplier:
        answer = await supplier.post("/v1/loans", json=announced(plant))
        assert answer.status_code == 201, answer.text
        loan = answer.json()
        path = f"/v1/loans/{loan['id']}"
        assert (loan["state"], loan["announced"]) == ("announced", True)
        twice = await supplier.post("/v1/loans", json=announced(plant))
        assert (twice.status_code, twice.json()["code"]) == (409, "LOAN_KNOWN")
        assert (await supplier.post(f"{path}/count", json=counted("in"))).status_code == 403
        assert (await supplier.get("/v1/runs")).json()["items"] == []
    async with plant.http(plant.theatre(0)) as neighbour:
        assert (await neighbour.get(path)).status_code == 404
    async with plant.http(plant.theatre(LANGRES)) as theatre:
        assert (await theatre.get(path)).json()["state"] == "announced"
        own = await theatre.post("/v1/loans", json=announced(plant, reference="X-1"))
        assert (own.status_code, own.json()["code"]) == (403, "ROLE_REQUIRED")
        wrong = await theatre.post(f"{path}/count", json=counted("in"))
        assert (wrong.status_code, wrong.json()["code"]) == (403, "ROLE_REQUIRED")
    return path


async def is_counted_in_short(plant: Plant, path: str) -> UUID:
    async with plant.http(plant.operator()) as operator:
        none = await operator.post(f"{path}/count", json=counted("in", tag=grai("ANC118")))
        assert (none.status_code, none.json()["code"]) == (409, "IFU_MISSING")
        unmarked = await operator.post(f"{path}/count", json=counted("in", ifu_ref="NOTICE-118"))
        assert (unmarked.status_code, unmarked.json()["errors"][0]["pointer"]) == (422, "/tag")
        there = await operator.post(f"{path}/count", json=counted("in", tag=grai("ANC118"), ifu_ref="NOTICE-118"))
        assert there.status_code == 200, there.text
        assert (there.json()["state"], there.json()["missing_in"]) == ("counted_in", {"ESSAI-32": 2})
    issues = await plant.connection.fetch("SELECT kind, subject_id::text FROM issue")
    assert [tuple(row) for row in issues] == [("loan_short", path.rpartition("/")[2])]
    return UUID(there.json()["set_id"])


async def is_washed_twice(plant: Plant, set_id: UUID) -> UUID:
    run_id = await goes_on(plant, set_id, "washing", "washed")
    lines = await plant.connection.fetch(
        "SELECT l.id::text AS line_id, l.quantity FROM composition_line l JOIN instrument_set s"
        " ON s.composition_version_id = l.version_id WHERE s.id = $1 ORDER BY position", set_id,
    )  # fmt: skip
    assert [row["quantity"] for row in lines] == [4, 2]
    recomposed = {"counted": [dict(row) for row in lines], "gaps": []}
    async with plant.http(plant.operator()) as operator:
        early = await operator.post(f"/v1/runs/{run_id}/assemble", json=recomposed)
        assert (early.status_code, early.json()["code"]) == (409, "LOAN_WASHES_LEFT")
        assert early.json()["washes_left"] == 1
        plant.work()

        async def again() -> bool:
            return bool((await plant.row("run", run_id))["stage"] == "received")

        assert await soon(again)
        await goes_on(plant, set_id, "washing", "washed")
        closed = await operator.post(f"/v1/runs/{run_id}/assemble", json=recomposed)
        assert closed.status_code == 200, closed.text
    return run_id


async def is_ready_and_used(plant: Plant, path: str, set_id: UUID, run_id: UUID) -> None:
    today = days.today()
    dates = {"sterile_on": today, "expires_on": today + timedelta(days=30), "released_at": clock.now()}
    await goes_on(plant, set_id, "packed", "sterilising", "released", label=plant.label(), **dates)
    async with plant.http(plant.theatre(LANGRES)) as theatre:
        assert await becomes(theatre, path, "ready")
        used = {"operation_ref": "OP-77", "used_at": clock.now().isoformat(), "intact": True}
        answer = await theatre.post("/v1/uses", json=used | {"code": await plant.label_of(run_id)})
        assert answer.status_code == 201, answer.text
        assert await becomes(theatre, path, "used")


async def is_given_back(plant: Plant, path: str, set_id: UUID) -> None:
    async with plant.http(plant.operator()) as operator:
        short = (await operator.post(f"{path}/count", json=counted("out", heads=3))).json()
        assert (short["state"], short["missing_out"]) == ("counted_out", {"ESSAI-32": 1})
        assert (await operator.post(f"{path}/close", json={"reason": "Perdue"})).status_code == 403
        equal = (await operator.post(f"{path}/count", json=counted("out"))).json()
        assert (equal["state"], equal["missing_out"]) == ("closed", {})
        over = await operator.post(f"{path}/count", json=counted("out"))
        assert (over.status_code, over.json()["code"]) == (409, "WRONG_STATE")
    assert (await plant.row("instrument_set", set_id))["status"] == "retired"
    live = "SELECT count(*) FROM run WHERE set_id = $1 AND stage NOT IN ('used', 'aborted')"
    assert await plant.connection.fetchval(live, set_id) == 0
    async with plant.http(plant.supplier_caller()) as supplier:
        assert (await supplier.get(path)).json()["state"] == "closed"


async def both_parties_were_told(plant: Plant) -> bool:
    rows = await plant.connection.fetch(
        "SELECT organisation_id, array_agg(p->>'state' ORDER BY (p->>'version')::int) AS states"
        " FROM kit.outbox CROSS JOIN LATERAL (SELECT payload::jsonb) told (p)"
        " WHERE type = 'cooperation.loan_changed.v1' GROUP BY organisation_id"
    )
    states = ["announced", "counted_in", "ready", "used", "counted_out", "counted_out", "closed"]
    both = {plant.supplier: states, plant.members[LANGRES]: states}
    return {row["organisation_id"]: row["states"] for row in rows} == both


async def test_what_comes_without_a_word_is_accepted_with_an_issue(plant: Plant) -> None:
    async with plant.http(plant.operator()) as operator:
        nobody = await operator.post("/v1/loans", json=announced(plant))
        assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (422, "/supplier_id")
        loan = (await operator.post("/v1/loans", json=announced(plant, supplier_id=str(plant.supplier)))).json()
        assert (loan["state"], loan["announced"]) == ("announced", False)
        assert await plant.connection.fetchval("SELECT kind FROM issue") == "loan_unannounced"
        patient = await operator.post(
            "/v1/loans", json=announced(plant, reference="Y", supplier_id=str(plant.supplier), operation_ref="1 2")
        )
        assert (patient.status_code, patient.json()["code"]) == (422, "PATIENT_DATA_SUSPECTED")
        path = f"/v1/loans/{loan['id']}"
        full = counted("in", heads=6, tag=grai("ANC119"), ifu_ref="NOTICE-118")
        taken = await operator.post(f"{path}/count", json=full | {"tag": await plant.tag_of(await plant.set())})
        assert (taken.status_code, taken.json()["code"]) == (409, "TAG_TAKEN")
        assert (await operator.post(f"{path}/count", json=full)).json()["missing_in"] == {}
        await operator.post(f"{path}/count", json=counted("out", heads=5))
    async with plant.http(plant.manager()) as manager:
        ended = (await manager.post(f"{path}/close", json={"reason": "Pièce perdue, à la charge du prêteur"})).json()
        assert (ended["state"], ended["missing_out"]) == ("closed", {"ESSAI-32": 1})
    async with plant.http(plant.supplier_caller()) as supplier:
        assert [each["id"] for each in (await supplier.get("/v1/loans")).json()["items"]] == [loan["id"]]
    async with plant.http(plant.stranger("supplier")) as other:
        assert (await other.get("/v1/loans")).json()["items"] == []
        assert (await other.get(path)).status_code == 404
