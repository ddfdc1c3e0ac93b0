"""Scenario 10. Urgent: 14:00, needed in Langres at 18:00; p50 17:05, p90 17:40: promised 17:40, two delayed sets
named; delivered 17:22: `kept`."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from cooperation.custody.moving import Subject, move
from cooperation.runs.changing import happen, locked
from maillage.database import Tx
from maillage.testing import soon
from tests.harness.plant import Plant
from tests.integration.cooperation.conftest import Clockwork

PARIS = ZoneInfo("Europe/Paris")
LANGRES = 1


MONDAY = datetime.now(PARIS).date() + timedelta(days=14 - datetime.now(PARIS).weekday())
"""A Monday to come, within the months that the trace has partitions for."""


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(MONDAY, time(hour, minute), PARIS)


def asked(plant: Plant, needed_at: datetime, **more: str) -> dict[str, str]:
    composition, _ = plant.compositions[plant.members[LANGRES]]
    return {
        "composition": str(composition),
        "site_id": str(plant.sites[plant.members[LANGRES]]),
        "needed_at": needed_at.isoformat(),
        "reason": "Boîte tombée au sol au moment de l'ouverture",
    } | more


async def washed(plant: Plant, member: int, since: datetime) -> tuple[UUID, UUID]:
    set_id = await plant.set(plant.members[member])
    return set_id, await plant.run(set_id, "washed", place=plant.place("washing"), stage_since=since)


async def test_an_urgent_set_is_promised_and_kept(clockwork: Clockwork) -> None:
    async with await clockwork.plant_at(at(14)) as plant:
        await plant.link(LANGRES, 35 * 60, "16:30", "17:05")
        first = await washed(plant, 0, at(13, 10))
        second = await washed(plant, 2, at(13, 20))
        set_id, run_id = await washed(plant, LANGRES, at(13, 40))
        async with plant.http(plant.theatre(LANGRES)) as theatre:
            answer = await theatre.post("/v1/urgent_requests", json=asked(plant, at(18)))
            assert answer.status_code == 201, answer.text
            request = answer.json()
        assert (request["state"], request["run_id"]) == ("asked", str(run_id))
        assert (when(request["p50"]), when(request["p90"])) == (at(17, 5), at(17, 40))
        assert request["delayed"] == [], "a hospital does not see the others' sets"

        async with plant.http(plant.manager()) as manager:
            proposal = (await manager.get(f"/v1/urgent_requests/{request['id']}")).json()
            assert [(each["set_id"], each["run_id"]) for each in proposal["delayed"]] == [
                (str(set_), str(run)) for set_, run in (first, second)
            ]
            decided = await manager.post(f"/v1/urgent_requests/{request['id']}/decide", json={"outcome": "promised"})
            assert decided.status_code == 200, decided.text
            assert (decided.json()["state"], when(decided.json()["promised_at"])) == ("promised", at(17, 40))
            assert len(decided.json()["delayed"]) == 2

        async def released(tx: Tx) -> None:
            run, day = await locked(tx, run_id), at(16).date()
            after = replace(
                run, stage="released", label=plant.label(), sterile_on=day, expires_on=day, released_at=at(16)
            )
            await happen(tx, run, after, "run.released", at(16, 15))

        clockwork.move(plant, at(17, 22))
        await plant.record(released)
        dock = plant.place("dock", plant.members[LANGRES])
        thing = Subject("set", set_id, plant.members[LANGRES], plant.group)
        await plant.record(lambda tx: move(tx, thing, dock, tx.now))
        plant.work()
        async with plant.http(plant.theatre(LANGRES)) as theatre:

            async def kept() -> bool:
                found = (await theatre.get(f"/v1/urgent_requests/{request['id']}")).json()
                return bool(found["state"] == "kept" and when(found["settled_at"]) < at(17, 23))

            assert await soon(kept)


async def test_the_promise_and_whom_it_delays_are_known_before_it_is_asked(clockwork: Clockwork) -> None:
    async with await clockwork.plant_at(at(14)) as plant:
        await plant.link(LANGRES, 35 * 60, "16:30", "17:05")
        waiting = await washed(plant, LANGRES, at(13, 10))
        elsewhere = await washed(plant, 0, at(13, 5))
        path = "/v1/urgent_requests?dry_run=true"
        async with plant.http(plant.theatre(LANGRES)) as theatre:
            answer = await theatre.post(path, json=asked(plant, at(18)))
            assert answer.status_code == 200, answer.text
            told = answer.json()
            assert (told["state"], when(told["p50"]), when(told["p90"])) == ("asked", at(17, 5), at(17, 40))
            assert told["run_id"] == str(waiting[1])
            assert told["delayed"] == [], "a hospital does not see the others' sets"
            assert (await theatre.get("/v1/urgent_requests")).json()["items"] == [], "nothing was asked"
            past = await theatre.post(path, json=asked(plant, at(13)))
            assert (past.status_code, past.json()["code"]) == (422, "TIME_INVALID")
        async with plant.http(plant.manager()) as manager:
            whole = (await manager.post(path, json=asked(plant, at(18)))).json()
            assert [each["set_id"] for each in whole["delayed"]] == [str(elsewhere[0])]
            assert (await manager.get("/v1/urgent_requests")).json()["items"] == []


async def test_what_cannot_be_promised_is_not(clockwork: Clockwork) -> None:
    async with await clockwork.plant_at(at(14)) as plant:
        await plant.link(LANGRES, 35 * 60, "16:30", "17:05")
        await washed(plant, LANGRES, at(13, 40))
        body = asked(plant, at(17, 20))
        async with plant.http(plant.theatre(LANGRES)) as theatre:
            past = await theatre.post("/v1/urgent_requests", json=body | {"needed_at": at(13).isoformat()})
            assert (past.status_code, past.json()["code"]) == (422, "TIME_INVALID")
            words = await theatre.post("/v1/urgent_requests", json=body | {"reason": "Patient 2 85 05 78 006 084 36"})
            assert (words.status_code, words.json()["code"]) == (422, "PATIENT_DATA_SUSPECTED")
            assert "285" not in words.text
            request = (await theatre.post("/v1/urgent_requests", json=body)).json()
            path = f"/v1/urgent_requests/{request['id']}"
            refused = await theatre.post(f"{path}/decide", json={"outcome": "promised"})
            assert (refused.status_code, refused.json()["code"]) == (403, "ROLE_REQUIRED")
        async with plant.http(plant.theatre(0)) as other:
            assert (await other.get(path)).status_code == 404
            foreign = await other.post("/v1/urgent_requests", json=body)
            assert (foreign.status_code, foreign.json()["code"]) == (422, "REFERENCE_UNKNOWN")
        async with plant.http(plant.operator()) as operator:
            assert (await operator.post(f"{path}/decide", json={"outcome": "promised"})).status_code == 403
        async with plant.http(plant.manager()) as manager:
            impossible = await manager.post(f"{path}/decide", json={"outcome": "promised"})
            assert (impossible.status_code, impossible.json()["code"]) == (409, "PROMISE_IMPOSSIBLE")
            assert when(impossible.json()["p90"]) == at(17, 40)
            why = await manager.post(f"{path}/decide", json={"outcome": "declined"})
            assert (why.status_code, why.json()["code"]) == (422, "REASON_REQUIRED")
            signed = await manager.post(f"{path}/decide", json={"outcome": "promised", "sign_p50": True})
            assert when(signed.json()["promised_at"]) == at(17, 5)
            twice = await manager.post(f"{path}/decide", json={"outcome": "declined", "why": "Trop tard"})
            assert (twice.status_code, twice.json()["code"]) == (409, "WRONG_STATE")
            again = (await manager.post("/v1/urgent_requests", json=body)).json()
            assert again["run_id"] is None, "the only run is promised"
            none = await manager.post(f"/v1/urgent_requests/{again['id']}/decide", json={"outcome": "promised"})
            assert (none.json()["code"], none.json()["p90"]) == ("PROMISE_IMPOSSIBLE", None)
        clockwork.move(plant, at(17, 5) + timedelta(minutes=1))
        plant.work()
        async with plant.http(plant.manager()) as manager:

            async def missed() -> bool:
                return bool((await manager.get(path)).json()["state"] == "missed")

            assert await soon(missed)


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)
