"""From COMMIT to the effect in a consumer: once, in order, whatever repeats; what cannot be handled is kept aside."""

from collections.abc import Callable
from uuid import UUID

import asyncpg

from maillage.bus import Bus, Leaving
from maillage.clock import now
from maillage.ids import new_id
from maillage.testing import Running, soon
from tests.harness.ledger import EntryWritten, service
from tests.integration.maillage.test_act import ORG, writer


async def test_every_committed_event_has_its_effect_once_and_in_order(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    running = running_service(service)
    async with running.client(writer()) as client:
        entry = (await client.post("/v1/entries", json={"text": "0"})).json()
        for n in range(40):
            await client.put(f"/v1/entries/{entry['id']}", json={"text": str(n)})
    running.work()
    connection = await asyncpg.connect(admin_of(running.database_url))
    try:
        await soon(lambda: connection.fetchval("SELECT count(*) = 41 FROM effect"))
        versions = [r["version"] for r in await connection.fetch("SELECT version FROM effect ORDER BY ctid")]
        assert versions == list(range(1, 42))
        await soon(lambda: connection.fetchval("SELECT count(*) = 0 FROM kit.outbox WHERE published_at IS NULL"))
    finally:
        await connection.close()


async def test_an_event_delivered_again_changes_nothing(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    """The same event reaches the broker under another message id: only the inbox can tell."""
    running = running_service(service)
    running.work()
    async with running.client(writer()) as client:
        await client.post("/v1/entries", json={"text": "a"})
    connection = await asyncpg.connect(admin_of(running.database_url))
    bus = Bus(running.settings.nats_url, running.settings.territory, "again")
    await bus.open()
    try:
        await soon(lambda: connection.fetchval("SELECT count(*) = 1 FROM effect"))
        row = await connection.fetchrow(
            "SELECT sequence, id, type, subject_id, organisation_id, payload, traceparent, occurred_at FROM kit.outbox"
        )
        assert row is not None
        subject = f"maillage.{running.settings.territory}.ledger.entry_written"
        headers = {"ce-id": str(row["id"]), "ce-type": row["type"], "ce-organisationid": str(ORG), "ce-sequence": "1"}
        headers |= {"ce-time": row["occurred_at"].isoformat(), "Nats-Msg-Id": "another"}
        await bus.jetstream.publish(subject, row["payload"].encode(), headers=headers)
        other = _event()
        assert await bus.publish([other]) == [True]
        await soon(lambda: connection.fetchval("SELECT count(*) = 1 FROM effect WHERE event_id = $1", other.id))
        assert await connection.fetchval("SELECT count(*) FROM effect WHERE event_id = $1", row["id"]) == 1
    finally:
        await bus.close()
        await connection.close()


async def test_what_cannot_be_handled_is_kept_aside_and_stops_nobody(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    running = running_service(service)
    running.work()
    bus = Bus(running.settings.nats_url, running.settings.territory, "poison")
    await bus.open()
    connection = await asyncpg.connect(admin_of(running.database_url))
    try:
        subject = f"maillage.{running.settings.territory}.ledger.entry_written"
        await bus.jetstream.publish(subject, b"not json", headers={"ce-id": "not-an-id"})
        unknown = {"ce-id": str(new_id()), "ce-type": "ledger.never_heard_of.v1", "ce-organisationid": str(ORG)}
        unknown |= {"ce-sequence": "1", "ce-time": now().isoformat()}
        await bus.jetstream.publish(subject, b"{}", headers=unknown)
        good = _event()
        assert await bus.publish([_event(payload='{"entry_id": 5}'), good]) == [True, True]
        await soon(lambda: connection.fetchval("SELECT count(*) = 3 FROM kit.dead_letter"))
        await soon(lambda: connection.fetchval("SELECT count(*) = 1 FROM effect WHERE event_id = $1", good.id))
        reasons = {r["reason"] for r in await connection.fetch("SELECT reason FROM kit.dead_letter")}
        assert reasons == {"Poison: envelope not readable", "Poison: event type not known here", "ValidationError"}
        assert await connection.fetchval("SELECT count(*) FROM kit.inbox") == 1
    finally:
        await bus.close()
        await connection.close()


async def test_a_failing_event_is_tried_again_while_others_pass(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    """It is not lost, not applied, and not yet buried: its turn comes again."""
    running = running_service(service)
    running.work()
    async with running.client(writer()) as client:
        await client.post("/v1/entries", json={"text": "bad", "poison": True})
        good = (await client.post("/v1/entries", json={"text": "good"})).json()
    connection = await asyncpg.connect(admin_of(running.database_url))
    try:
        await soon(lambda: connection.fetchval("SELECT count(*) = 1 FROM effect WHERE entry_id = $1", UUID(good["id"])))
        assert await connection.fetchval("SELECT count(*) FROM effect") == 1
    finally:
        await connection.close()


def _event(payload: str | None = None) -> Leaving:
    event = EntryWritten(entry_id=new_id(), version=1)
    return Leaving(1, new_id(), EntryWritten.TYPE, event.entry_id, ORG, payload or event.model_dump_json(), None, now())
