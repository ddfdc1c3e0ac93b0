"""What a call leaves behind goes in its time, by the client's own days; what reports need stays."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from maillage.testing import soon
from telesecretariat.retention.service import forget_due
from telesecretariat.telephony.fake import FakeTelephony, in_place_of
from tests.harness.floor import ADAPTER, VAULT, Floor


@pytest.fixture
async def database(floor: Floor) -> AsyncIterator[Database]:
    opened = Database(cast(Any, floor.running).settings)
    await opened.open()
    yield opened
    await opened.close()


async def old_call(floor: Floor, days: int) -> UUID:
    at = clock.now() - timedelta(days=days)
    return await floor.call(
        state="completed", arrived_at=at, queued_at=at, ended_at=at, answered_at=at, wait_s=12.5, talk_s=130,
        outcome="information", note_sealed=VAULT.seal("rappeler"),
    )  # fmt: skip


async def test_number_and_note_go_after_a_year_and_what_reports_need_stays(floor: Floor, database: Database) -> None:
    old, young = await old_call(floor, 366), await old_call(floor, 364)
    waiting = await floor.waiting(queued_s_ago=366 * 86_400)
    await forget_due(database)
    row = await floor.row("call", old)
    assert (row["number_sealed"], row["number_hash"], row["note_sealed"]) == (None, None, None)
    assert (row["outcome"], row["wait_s"], row["talk_s"], row["version"]) == ("information", 12.5, 130, 2)
    assert [(e["seq"], e["kind"]) for e in await events(floor, old)] == [(1, "arrived"), (2, "forgotten")]
    assert VAULT.open((await floor.row("call", young))["note_sealed"]) == "rappeler"
    assert (await floor.row("call", waiting))["number_hash"] is not None, "a live call is not forgotten"
    await forget_due(database)
    assert len(await events(floor, old)) == 2, "once"


async def events(floor: Floor, call_id: UUID) -> list[Any]:
    return await floor.connection.fetch("SELECT seq, kind FROM call_event WHERE call_id = $1 ORDER BY seq", call_id)


async def test_who_withheld_his_number_and_what_was_never_sent_is_forgotten_too(
    floor: Floor, database: Database
) -> None:
    at = clock.now() - timedelta(days=366)
    withheld = await floor.call(None, state="completed", arrived_at=at, ended_at=at, patient_id=new_id())
    draft = {
        "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "practitioner_id": new_id(),
        "urgency": "routine", "body_sealed": b"x", "state": "draft", "author_id": new_id(), "created_at": at,
    }  # fmt: skip
    await floor.insert("message", draft)
    for active in (True, False):
        await floor.insert("contact_point", {
            "id": new_id(), "organisation_id": floor.centre, "practitioner_id": new_id(), "role": "self",
            "channel": "sms", "address_sealed": b"x", "active": active, "created_at": at,
        })  # fmt: skip
    await forget_due(database)
    assert (await floor.row("call", withheld))["patient_id"] is None
    assert await floor.connection.fetchval("SELECT count(*) FROM message") == 0
    assert await floor.connection.fetchval("SELECT array_agg(active) FROM contact_point") == [True]


async def test_a_client_may_forget_earlier(floor: Floor, database: Database) -> None:
    call = await old_call(floor, 60)
    await floor.connection.execute("UPDATE client SET retention = $1", {"call_days": 30})
    await forget_due(database)
    assert (await floor.row("call", call))["number_sealed"] is None


async def test_messages_and_displays_go_each_in_its_time(floor: Floor, database: Database) -> None:
    call, now = await old_call(floor, 10), clock.now()
    same = {"organisation_id": floor.centre}
    of_call = same | {"client_id": floor.client_id, "call_id": call}
    messages = {}
    for days in (364, 366):
        messages[days] = new_id()
        closed = now - timedelta(days=days)
        await floor.insert("message", of_call | {
            "id": messages[days], "practitioner_id": new_id(), "urgency": "routine", "body_sealed": b"x",
            "state": "closed", "closed_at": closed, "author_id": new_id(), "created_at": closed,
        })  # fmt: skip
        await floor.insert("message_step", same | {
            "id": new_id(), "message_id": messages[days], "at": closed, "kind": "closed", "level": 0,
        })  # fmt: skip
        await floor.insert("instruction_display", of_call | {
            "id": new_id(), "agent_id": new_id(), "version_ids": [], "content_hash": b"x",
            "displayed_at": now - timedelta(days=days * 10),
        })  # fmt: skip
    await forget_due(database)
    fetch = floor.connection.fetch
    assert [row["id"] for row in await fetch("SELECT id FROM message")] == [messages[364]]
    assert [row["message_id"] for row in await fetch("SELECT message_id FROM message_step")] == [messages[364]]
    assert len(await fetch("SELECT FROM instruction_display")) == 1, "the proof stays ten years"


async def recording(floor: Floor, call: UUID, days: int) -> UUID:
    """One that began so long ago."""
    made = new_id()
    await floor.insert("recording", {
        "id": made, "organisation_id": floor.centre, "client_id": floor.client_id, "call_id": call,
        "provider_ref": str(days), "began_at": clock.now() - timedelta(days=days),
        "purge_at": clock.now() + timedelta(days=100),
    })  # fmt: skip
    return made


async def test_a_recording_is_deleted_at_its_telephone_system_however_often_it_takes(
    floor: Floor, database: Database
) -> None:
    call = await old_call(floor, 200)
    due, _ = await recording(floor, call, 181), await recording(floor, call, 179)

    async def asked() -> list[tuple[str, str]]:
        rows = await floor.connection.fetch(
            "SELECT state, arguments_sealed FROM telephony_command WHERE kind = 'delete_recording' ORDER BY seq"
        )
        return [(row["state"], json.loads(VAULT.open(row["arguments_sealed"]) or "")["recording_id"]) for row in rows]

    await forget_due(database)
    assert await asked() == [], "nobody is asked who cannot record"
    telephony = FakeTelephony(refuses=frozenset({"delete_recording"}))
    with in_place_of(ADAPTER, telephony):
        floor.work()

        async def refused() -> bool:
            await forget_due(database)
            return [state for state, _ in await asked()].count("failed") >= 2

        await soon(refused)
        assert {about for _, about in await asked()} == {str(due)}, "six months at most, whatever was said"
        row = await floor.row("recording", due)
        assert (row["purged_at"] is not None, row["deleted_at"]) == (True, None)
        telephony.refuses = frozenset()

        async def gone() -> bool:
            await forget_due(database)
            return (await floor.row("recording", due))["deleted_at"] is not None

        await soon(gone)
    count = len(await asked())
    await forget_due(database)
    assert len(await asked()) == count


async def test_what_telephone_systems_told_goes_after_a_week(floor: Floor, database: Database) -> None:
    for days in (6, 8):
        at = clock.now() - timedelta(days=days)
        same = {"organisation_id": floor.centre, "adapter_id": ADAPTER}
        await floor.insert("telephony_fact", same | {"fact_id": str(days), "received_at": at, "kind": "digit"})
        for state in ("done", "pending"):
            await floor.insert("telephony_command", same | {
                "id": new_id(), "kind": "hang_up", "arguments_sealed": b"x", "state": state, "created_at": at,
                "expires_at": at,
            })  # fmt: skip
    await forget_due(database)
    left = await floor.connection.fetch("SELECT fact_id FROM telephony_fact")
    assert [row["fact_id"] for row in left] == ["6"]
    commands = await floor.connection.fetchval("SELECT count(*) FROM telephony_command")
    assert commands == 3, "what is still to be done is not forgotten"


async def test_what_was_said_of_a_call_goes_after_a_year(floor: Floor, database: Database) -> None:
    grid = new_id()
    at = {days: clock.now() - timedelta(days=days) for days in (364, 366)}
    same = {"organisation_id": floor.centre, "created_at": at[366]}
    await floor.insert("quality_grid", same | {"id": grid, "name": "Grille", "criteria": []})
    for days, made in at.items():
        await floor.insert("quality_review", same | {
            "id": new_id(), "client_id": floor.client_id, "grid_id": grid, "call_id": await old_call(floor, days),
            "agent_id": new_id(), "month": made.date().replace(day=1), "created_at": made,
        })  # fmt: skip
    await forget_due(database)
    assert [row["created_at"] for row in await floor.connection.fetch("SELECT created_at FROM quality_review")] == [
        at[364]
    ]
