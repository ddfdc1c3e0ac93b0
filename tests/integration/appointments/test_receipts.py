"""Receipts of providers: signed, each once, in any order; what is not told by a message is told by a person."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest_asyncio

from appointments.campaigns.answering import give_up_waiting
from appointments.main import service
from maillage import clock
from maillage.children import free_port
from maillage.messages.fake_provider import FakeProvider, Mood
from maillage.testing import Logs, Mailbox, Running, _Server
from tests.harness import people
from tests.harness.appointments_world import world
from tests.harness.clinic import Clinic
from tests.harness.messaging import base, reach, send

MOBILE, LANDLINE, MAIL = "+33639980221", "+33353010022", "lou@example.org"
KEY = b"a key of thirty-two bytes, no less"
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@pytest_asyncio.fixture
async def clinic(running_service: Callable[..., Running]) -> AsyncIterator[Clinic]:
    """A clinic whose provider `essai` signs its receipts; its reason asks for no reminders."""
    running = running_service(service, provider_secrets={"essai": SECRET}, pool_wait_s=15)
    async with world(running.database_url) as w, Clinic(running, w) as made:
        yield await made.build(reminder_policy="none")


def signed(body: bytes, *, key: bytes = KEY, at: datetime | None = None, name: str = "msg_1") -> dict[str, str]:
    """The headers of Standard Webhooks."""
    sent = str(int((at or clock.now()).timestamp()))
    digest = hmac.digest(key, f"{name}.{sent}.".encode() + body, hashlib.sha256)
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": name, "webhook-timestamp": sent, "webhook-signature": signature}


async def deliver(clinic: Clinic, *receipts: Mapping[str, Any], name: str = "essai", **how: Any) -> httpx.Response:
    """The provider calls."""
    said = [{"at": clock.now().isoformat(), **each} for each in receipts]
    body = json.dumps({"receipts": said}).encode()
    async with clinic.running.client() as client:
        headers = {"content-type": "application/json", **signed(body, **how)}
        return await client.post(f"/v1/providers/{name}/receipts", content=body, headers=headers)


def receipt(number: int, state: str, provider_ref: str, ref: str | None = None) -> dict[str, Any]:
    """One receipt."""
    return {"receipt_id": f"r-{number}", "provider_ref": provider_ref, "ref": ref, "state": state}


async def by_provider(clinic: Clinic, mood: Mood) -> FakeProvider:
    """One round of sending by a provider in this mood."""
    fake, port = FakeProvider(mood), free_port()
    server = _Server(fake.app, port)
    server.start()
    try:
        await send(clinic, sms_url=f"http://127.0.0.1:{port}/send", sms_token="of-test")
    finally:
        server.stop()
    return fake


async def standing(clinic: Clinic) -> list[str]:
    """`kind channel state` of every message, oldest first."""
    rows = await clinic.w.connection.fetch(
        "SELECT kind || ' ' || channel || ' ' || state AS line FROM message ORDER BY version, channel"
    )
    return [row["line"] for row in rows]


async def test_only_the_provider_says_what_became_of_a_message(clinic: Clinic, log_capture: Logs) -> None:
    one = receipt(1, "delivered", "p-1")
    assert (await deliver(clinic, one)).json() == {"taken": 1}
    for how in (
        {"key": b"another key that is as long as the first"},
        {"at": clock.now() - timedelta(minutes=6)},
        {"at": clock.now() + timedelta(minutes=6)},
        {"name": "nobody"},
    ):
        refused = await (deliver(clinic, one, name="nobody") if "name" in how else deliver(clinic, one, **how))
        assert (refused.status_code, refused.json()["code"]) == (401, "SIGNATURE_INVALID")
    async with clinic.running.client() as client:
        bare = await client.post("/v1/providers/essai/receipts", json={"receipts": [one]})
        assert (bare.status_code, bare.json()["code"]) == (401, "SIGNATURE_INVALID")
        body = b'{"receipts": [{"canary": "Canarine"}]}'
        changed = await client.post("/v1/providers/essai/receipts", content=body, headers=signed(b"{}"))
        assert changed.status_code == 401
        assert "Canarine" not in changed.text
        for wrong, pointer in ((body, "/receipts/0/receipt_id"), (b'{"receipts": []}', "/receipts")):
            headers = {"content-type": "application/json", **signed(wrong)}
            invalid = await client.post("/v1/providers/essai/receipts", content=wrong, headers=headers)
            assert (invalid.status_code, invalid.json()["errors"][0]["pointer"]) == (422, pointer)
        large = b'{"receipts": "' + b"x" * 65_536 + b'"}'
        too_large = await client.post("/v1/providers/essai/receipts", content=large, headers=signed(large))
        assert too_large.status_code == 413
    assert await clinic.count("SELECT count(*) FROM message_receipt") == 1
    assert "Canarine" not in log_capture.text


async def test_a_provider_that_took_it_and_kept_silent_is_settled_by_its_receipt_and_never_asked_again(
    clinic: Clinic,
) -> None:
    """Twice, out of order, by our own reference: the same end, one SMS."""
    await reach(clinic, ("mobile", MOBILE))
    await clinic.book("09:20")
    fake = await by_provider(clinic, "break")
    assert await standing(clinic) == ["confirmation sms unknown"]
    ref = f"{await clinic.w.connection.fetchval('SELECT id FROM message')}.1"
    await deliver(clinic, receipt(2, "delivered", "p-1", ref))
    assert await standing(clinic) == ["confirmation sms delivered"]
    for again in (receipt(2, "delivered", "p-1", ref), receipt(1, "sent", "p-1", ref), receipt(3, "failed", "p-1")):
        assert (await deliver(clinic, again)).status_code == 202
    assert await standing(clinic) == ["confirmation sms delivered"]
    assert await clinic.count("SELECT count(*) FROM message_receipt WHERE message_id IS NOT NULL") == 3
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE action = 'message.receipt'") == 1
    await by_provider(clinic, "accept")
    assert fake.accepted == {}
    [shown] = (await clinic.get("messages", by=clinic.front)).json()["items"]
    assert (shown["state"], shown["sent_at"] is not None) == ("delivered", True)


async def test_a_receipt_before_its_message_waits_and_one_of_an_earlier_attempt_changes_nothing(
    clinic: Clinic,
) -> None:
    await reach(clinic, ("mobile", MOBILE))
    await clinic.book("09:20")
    key = await clinic.w.connection.fetchval("SELECT id FROM message")
    await clinic.w.connection.execute("UPDATE message SET state = 'sending', claimed_at = now()")
    await deliver(clinic, receipt(1, "delivered", f"{key}.1"), receipt(2, "sent", f"{key}.1"))
    assert await standing(clinic) == ["confirmation sms sending"]
    await clinic.w.connection.execute("UPDATE message SET state = 'planned', claimed_at = NULL")
    fake = await by_provider(clinic, "accept")
    assert list(fake.accepted) == [f"{key}.1"]
    assert await standing(clinic) == ["confirmation sms delivered"]

    again = await clinic.post(f"messages/{key}/resend", by=clinic.front)
    assert (again.status_code, again.json()["state"]) == (200, "planned")
    fake = await by_provider(clinic, "accept")
    assert list(fake.accepted) == [
        f"{key}.9"
    ]  # a name that the provider has not seen: it does not take it for the first
    await deliver(clinic, receipt(3, "failed", f"{key}.1", f"{key}.1"))
    assert await standing(clinic) == ["confirmation sms sent"]
    await deliver(clinic, receipt(4, "failed", f"{key}.9"))
    assert await standing(clinic) == ["confirmation sms failed"]


async def test_what_fails_goes_by_another_channel_and_then_to_a_person(clinic: Clinic, mailbox: Mailbox) -> None:
    """A visit of tomorrow is cancelled by the doctor: no SMS, no call gets through; somebody must phone."""
    await reach(clinic, ("mobile", MOBILE), ("landline", LANDLINE))
    booked = await clinic.book("09:20", days=1)
    far = await clinic.book("10:20", days=4)
    await clinic.w.connection.execute("UPDATE message SET state = 'dropped'")
    await clinic.act(booked, "cancel", {})
    await clinic.act(far, "cancel", {})
    await by_provider(clinic, "accept")
    about = UUID(str(booked["id"]))
    rows = await clinic.w.connection.fetch("SELECT provider_ref FROM message WHERE state = 'sent' ORDER BY created_at")
    refs = [row["provider_ref"] for row in rows]
    await deliver(clinic, *(receipt(n, "failed", ref) for n, ref in enumerate(refs)))
    voices = "SELECT count(*) FROM message WHERE channel = 'voice' AND state = $1"
    assert await clinic.count(voices, "planned") == 2
    assert await clinic.count("SELECT count(*) FROM call_need") == 0

    await clinic.w.connection.execute("UPDATE message SET due_at = now() WHERE state = 'planned'")
    await by_provider(clinic, "refuse")
    assert await clinic.count(voices, "failed") == 2
    [need] = await clinic.w.connection.fetch("SELECT * FROM call_need")
    assert (need["ref_id"], need["cause"], need["state"]) == (about, "message_failed", "open")
    assert need["patient_id"] == clinic.pat
    assert await clinic.count("SELECT count(*) FROM kit.outbox WHERE type LIKE '%call_needed%'") == 1
    told = await clinic.w.connection.fetchval("SELECT payload FROM kit.outbox WHERE type LIKE '%call_needed%'")
    assert MOBILE not in told

    await deliver(clinic, receipt(9, "delivered", refs[0]))  # it did get through after all
    assert await clinic.w.connection.fetchval("SELECT state FROM call_need") == "settled"


async def test_a_proposal_that_arrives_after_its_deadline_does_not_take_the_call_back(clinic: Clinic) -> None:
    await clinic.awake()
    await reach(clinic, ("mobile", MOBILE))
    visit = await clinic.book("09:20", days=4)
    await clinic.w.connection.execute("UPDATE message SET state = 'dropped'")
    boss = people.manager(clinic.org)
    body: dict[str, Any] = {"cause": "other", "appointment_ids": [visit["id"]], "send": True}
    assert (await clinic.post("campaigns", body, by=boss)).status_code == 201
    await clinic.w.connection.execute("UPDATE message SET due_at = now() WHERE state = 'planned'")
    await by_provider(clinic, "accept")
    ref = await clinic.w.connection.fetchval("SELECT provider_ref FROM message WHERE kind = 'proposal'")
    await deliver(clinic, receipt(1, "failed", ref))
    needs = "SELECT string_agg(cause || ' ' || state, ', ' ORDER BY created_at, id) FROM call_need"
    assert await clinic.w.connection.fetchval(needs) == "message_failed open"
    await clinic.w.connection.execute("UPDATE campaign SET deadline = now()")
    async with base(clinic) as database:
        await give_up_waiting(database)
    after = "message_failed settled, campaign open"
    assert await clinic.w.connection.fetchval(needs) == after
    await deliver(clinic, receipt(2, "delivered", ref))
    assert await clinic.w.connection.fetchval(needs) == after


async def test_a_mail_that_went_is_enough_and_a_lost_answer_is_found_by_our_reference(
    clinic: Clinic, mailbox: Mailbox
) -> None:
    await reach(clinic, ("mobile", MOBILE), ("email", MAIL))
    await clinic.book("09:20", days=1)
    await by_provider(clinic, "refuse")
    assert await standing(clinic) == ["confirmation email sent", "confirmation sms failed"]
    assert [message.to for message in mailbox.messages] == [MAIL]
    assert await clinic.count("SELECT count(*) FROM call_need") == 0

    # The worker died between asking and hearing; the receipt came before anybody noticed.
    await clinic.book("10:20", days=1, by=people.front_desk(clinic.org))
    key = await clinic.w.connection.fetchval("SELECT id FROM message WHERE state = 'planned' AND channel = 'sms'")
    await clinic.w.connection.execute(
        "UPDATE message SET state = 'sending', attempts = 1, claimed_at = now() - interval '6 minutes' WHERE id = $1",
        key,
    )
    await deliver(clinic, receipt(1, "delivered", "p-77", f"{key}.1"))
    await by_provider(clinic, "accept")
    state = await clinic.w.connection.fetchrow("SELECT state, provider_ref FROM message WHERE id = $1", key)
    assert tuple(state or ()) == ("delivered", "p-77")
