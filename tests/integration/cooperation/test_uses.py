"""Uses of packs: who may, when, and what forbids it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from maillage import clock
from tests.harness.plant import Plant, sscc

pytestmark = pytest.mark.gated
"""Every request goes in by the gateway: the rows of bad input are shown there."""

PARIS = ZoneInfo("Europe/Paris")


def body(code: str, at: datetime | None = None, **more: object) -> dict[str, object]:
    """A use now, of an intact pack."""
    told: dict[str, object] = {
        "code": code,
        "operation_ref": "OP-2026-0412",
        "used_at": (at or clock.now()).isoformat(),
        "intact": True,
    }
    return told | more


async def use(client: httpx.AsyncClient, code: str, at: datetime | None = None, **more: object) -> tuple[int, str]:
    """The status, and the code of a refusal."""
    answer = await client.post("/v1/uses", json=body(code, at, **more))
    return answer.status_code, answer.json().get("code", "")


async def test_a_use_ends_the_run_and_opens_the_next(plant: Plant) -> None:
    set_id = await plant.set(place=plant.place("store", plant.members[0]))
    run_id = await plant.run(set_id, "released")
    code = await plant.label_of(run_id)
    async with plant.http(plant.theatre()) as client:
        made = (await client.post("/v1/uses", json=body(code))).json()
        assert (made["run_id"], made["set_id"], made["overridden"]) == (str(run_id), str(set_id), False)
        assert made["place_id"] == str(plant.place("theatre", plant.members[0]))
        again = await client.post("/v1/uses", json=body(code))
        assert again.status_code == 409
        today = clock.now().astimezone(PARIS).date().isoformat()
        assert (again.json()["code"], again.json()["used_on"]) == ("ALREADY_USED", today)
        assert "OP-2026" not in again.text
        listed = (await client.get("/v1/uses", params={"operation_ref": "OP-2026-0412"})).json()["items"]
        assert [one["id"] for one in listed] == [made["id"]]
        assert (await client.get(f"/v1/uses/{made['id']}")).json() == made
        assert (await use(client, await plant.tag_of(set_id)))[1] == "NOT_RELEASED"
    following = await plant.row("run", UUID(made["next_run_id"]))
    assert (following["stage"], following["opened_from"], following["soak_from"]) == ("returning", run_id, None)
    assert (await plant.row("run", run_id))["stage"] == "used"
    assert await plant.connection.fetchval(
        "SELECT place_id FROM custody WHERE subject_id = $1 AND until IS NULL", set_id
    ) == plant.place("theatre", plant.members[0])
    events = await plant.connection.fetch(
        "SELECT payload::json->>'stage' AS stage FROM kit.outbox WHERE type = 'cooperation.run_stage_changed.v1'"
    )
    assert [row["stage"] for row in events] == ["used", "returning"]


async def test_who_may_and_what_is_told(plant: Plant) -> None:
    run_id = await plant.run(await plant.set(), "released")
    code = await plant.label_of(run_id)
    async with plant.http(plant.theatre(1)) as client:
        assert await use(client, code) == (404, "UNKNOWN_CODE")
    async with plant.http(plant.operator()) as client:
        assert await use(client, code) == (403, "NOT_ALLOWED")
    async with plant.http(plant.at_member("clinician")) as client:
        assert await use(client, code) == (403, "NOT_ALLOWED")
    async with plant.http(plant.theatre()) as client:
        for ref in ("185075200012345", "1850752000123", "DURAND Anne", "a@b.fr"):
            answer = await client.post("/v1/uses", json=body(code, operation_ref=ref))
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "PATIENT_DATA_SUSPECTED")
            assert ref not in answer.text
        assert await use(client, sscc(plant.label())) == (404, "UNKNOWN_CODE")
        assert await use(client, "à&é\"'(") == (422, "CODE_GARBLED")
        assert await use(client, code, intact=False) == (409, "PACK_NOT_INTACT")
        assert await use(client, code, clock.now() + timedelta(minutes=5)) == (422, "TIME_IN_FUTURE")
        assert await use(client, code, clock.now() - timedelta(hours=5)) == (409, "NOT_RELEASED")
        assert await use(client, code, unused=[str(uuid4())]) == (422, "INVALID")
        assert await use(client, code, place_id=str(plant.place("store"))) == (422, "INVALID")
        assert await use(client, code, override={"reason": "emergency"}) == (403, "NOT_ALLOWED")
        for stage in ("packed", "sterilising"):
            other = await plant.run(await plant.set(), stage)
            assert await use(client, await plant.label_of(other)) == (409, "NOT_RELEASED")
        ended = await plant.run(await plant.set(), "aborted", label=plant.label())
        assert await use(client, await plant.label_of(ended)) == (409, "WRONG_STAGE")
    async with plant.http(plant.hospital()) as client:
        assert await use(client, await plant.tag_of((await plant.row("run", run_id))["set_id"])) == (201, "")


async def test_a_pack_is_good_to_the_end_of_its_last_local_day(plant: Plant) -> None:
    last = clock.now().astimezone(PARIS).date() - timedelta(days=2)
    late = datetime(last.year, last.month, last.day, 23, 50, tzinfo=PARIS)
    packs = [
        await plant.run(
            await plant.set(), "released", sterile_on=last - timedelta(days=180), expires_on=last,
            released_at=late - timedelta(days=180),
        )
        for _ in range(2)
    ]  # fmt: skip
    async with plant.http(plant.theatre()) as client:
        codes = [await plant.label_of(run_id) for run_id in packs]
        refused = await client.post("/v1/uses", json=body(codes[1], late + timedelta(minutes=15)))
        assert (refused.status_code, refused.json()["code"]) == (409, "EXPIRED")
        assert refused.json()["expires_on"] == last.isoformat()
        assert await use(client, codes[0], late) == (201, "")


async def test_two_at_once_use_one_pack_once(plant: Plant) -> None:
    code = await plant.label_of(await plant.run(await plant.set(), "released"))
    async with plant.http(plant.theatre()) as one, plant.http(plant.theatre()) as two:
        answers = sorted(await asyncio.gather(use(one, code), use(two, code)))
    assert answers == [(201, ""), (409, "ALREADY_USED")]


async def _blocked(plant: Plant, kind: str) -> str:
    """The label of a released pack that a recall, a hold of that kind, or its date blocks."""
    now = clock.now()
    fields: dict[str, Any] = {}
    if kind == "expired":
        day = now.date() - timedelta(days=9)
        fields = {"sterile_on": day, "expires_on": day, "released_at": now - timedelta(days=9)}
    run_id = await plant.run(await plant.set(), "released", **fields)
    owner = {"organisation_id": plant.members[0], "group_id": plant.group, "created_at": now}
    if kind == "recall":
        recall = await plant.reference(
            "recall", plant.group, state="open", cause="c", scope={}, opened_by="x", opened_at=now
        )
        line = {"id": uuid4(), "recall_id": recall, "subject_kind": "run", "subject_id": run_id, "state": "in_stock"}
        await plant.insert("recall_line", owner | line)
    if kind in ("prion", "quality", "destroyed"):
        state = {"state": "destroyed", "ended_at": now} if kind == "destroyed" else {"state": "active"}
        of_kind = "quality" if kind == "destroyed" else kind
        hold = await plant.reference("hold", plant.group, kind=of_kind, cause="c", placed_by="x", **state)
        subject = {"id": uuid4(), "hold_id": hold, "subject_kind": "run", "subject_id": run_id, "contact": "named"}
        await plant.insert("hold_subject", owner | subject)
    return await plant.label_of(run_id)


async def test_a_blocked_pack_needs_a_clinician_and_a_reason_and_never_under_a_prion_hold(plant: Plant) -> None:
    codes = {kind: await _blocked(plant, kind) for kind in ("expired", "recall", "quality", "prion", "destroyed")}
    clinician = plant.at_member("clinician")
    async with plant.http(plant.theatre()) as client:
        answers = [await use(client, code) for code in codes.values()]
        assert answers == [(409, "EXPIRED"), (409, "RECALLED"), *[(409, "ON_HOLD")] * 3]
        assert await use(client, codes["expired"], override={"reason": "life at stake"}) == (403, "NOT_ALLOWED")
    async with plant.http(clinician) as client:
        assert await use(client, codes["expired"], override={}) == (422, "REASON_REQUIRED")
        for kind in ("prion", "destroyed"):
            assert await use(client, codes[kind], override={"reason": "life at stake"}) == (409, "ON_HOLD")
        for kind in ("expired", "recall", "quality"):
            made = (await client.post("/v1/uses", json=body(codes[kind], override={"reason": "life at stake"}))).json()
            assert (made["overridden"], made["override_by"]) == (True, str(clinician.person_id))
    issues = await plant.connection.fetch("SELECT kind, severity, words FROM issue ORDER BY id")
    assert [tuple(row) for row in issues] == [
        ("used_expired", "critical", "life at stake"),
        ("used_recall", "critical", "life at stake"),
        ("used_quality", "critical", "life at stake"),
    ]
    told = await plant.connection.fetchval("SELECT string_agg(facts::text || action, ' ') FROM kit.audit")
    assert "life at stake" not in told
