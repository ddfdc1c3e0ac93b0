"""Messages on a real base and a real mail server: what is planned, what leaves, and never twice."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from appointments.appointments.reach import reached
from appointments.messages import service
from appointments.messages.sender import send_due
from appointments.messages.sending import service as sending
from maillage import clock
from maillage.children import free_port
from maillage.ids import new_id
from maillage.messages.fake_provider import FakeProvider, Mood
from maillage.principal import system
from maillage.testing import Logs, Mailbox, _Server
from tests.harness import people
from tests.harness.clinic import Clinic
from tests.harness.messaging import base, reach, send

Json = dict[str, Any]
MOBILE, OTHER, LANDLINE, MAIL = "+33639980201", "+33639980202", "+33353010012", "lou@example.org"
WORKER = system("appointments")


@pytest.fixture
async def clinic(clinic: Clinic) -> Clinic:
    """Its reason asks for no reminders: they have their own tests."""
    await clinic.w.connection.execute("UPDATE visit_reason SET reminder_policy = 'none'")
    return clinic


async def states(clinic: Clinic) -> list[str]:
    """`kind channel version state` of every message, in order of planning."""
    rows = await clinic.w.connection.fetch(
        "SELECT kind || ' ' || channel || ' ' || version || ' ' || state AS line FROM message ORDER BY version, channel"
    )
    return [row["line"] for row in rows]


# --- what is planned, and to whom ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contacts", "channels"),
    [
        ([("mobile", MOBILE), ("email", MAIL)], ["email", "sms"]),
        ([("mobile", MOBILE), ("landline", LANDLINE)], ["sms"]),
        ([("landline", LANDLINE)], ["voice"]),
        ([], []),
    ],
)
async def test_a_booking_tells_its_channels_and_a_landline_only_rings_when_alone(
    clinic: Clinic, contacts: list[tuple[str, str]], channels: list[str]
) -> None:
    await reach(clinic, *contacts)
    assert (await clinic.book("09:20"))["messages"] == channels
    assert [line.split()[1] for line in await states(clinic)] == channels


async def test_the_contact_that_was_proved_gets_the_message(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", OTHER), ("mobile", MOBILE))
    await clinic.book("09:20", by=people.patient(MOBILE))
    await send(clinic)
    assert [message.to for message in mailbox.messages] == [MOBILE]


async def test_the_number_told_on_the_phone_goes_before_the_others(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", OTHER))
    await clinic.book("09:20", requester={"kind": "parent", "name": "Essai", "phone": MOBILE})
    await send(clinic)
    assert [message.to for message in mailbox.messages] == [MOBILE]


async def test_who_asked_is_told_when_he_is_a_patient_himself(clinic: Clinic, mailbox: Mailbox) -> None:
    parent = await clinic.w.patient(clinic.org)
    await reach(clinic, ("mobile", OTHER))
    await reach(clinic, ("mobile", MOBILE), of=parent)
    await clinic.book("09:20", requester={"kind": "parent", "patient_id": str(parent)})
    await send(clinic)
    assert [message.to for message in mailbox.messages] == [MOBILE]
    # A telesecretary of two centres names somebody of the other one: that person hears nothing.
    elsewhere = await clinic.w.organisation("Autre")
    stranger = await clinic.w.patient(elsewhere)
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980298')",
        elsewhere,
        stranger,
    )
    both = people.telesecretary(new_id(), clinic.org, elsewhere)
    await clinic.book("10:20", by=both, requester={"kind": "parent", "patient_id": str(stranger)})
    planned = await clinic.w.connection.fetch("SELECT recipient FROM message ORDER BY recipient")
    assert [row["recipient"] for row in planned] == [MOBILE, OTHER]
    await clinic.w.connection.execute("DELETE FROM contact WHERE value = $1", OTHER)
    await send(clinic)
    assert [message.to for message in mailbox.messages] == [MOBILE]


async def test_the_public_cannot_have_strangers_written_to(clinic: Clinic, mailbox: Mailbox) -> None:
    stranger = await clinic.w.patient(clinic.org)
    await reach(clinic, ("email", MAIL))
    await reach(clinic, ("mobile", OTHER), of=stranger)
    requester = {"kind": "parent", "patient_id": str(stranger), "phone": "+33639980299"}
    await clinic.book("09:20", by=people.patient(MAIL, "email"), requester=requester)
    await send(clinic)
    assert [message.to for message in mailbox.messages] == [MAIL]


async def test_a_relation_who_may_receive_is_told_when_the_patient_has_no_contact(
    clinic: Clinic, mailbox: Mailbox
) -> None:
    parent = await clinic.w.patient(clinic.org)
    await reach(clinic, ("mobile", MOBILE), of=parent)
    relation = (
        "INSERT INTO relation (patient_id, other_patient_id, organisation_id, kind) VALUES ($1, $2, $3, 'parent')"
    )
    await clinic.w.connection.execute(relation, clinic.pat, parent, clinic.org)
    await clinic.book("09:20")
    await send(clinic)
    assert [message.to for message in mailbox.messages] == [MOBILE]
    await clinic.w.connection.execute("UPDATE relation SET may_receive = false")
    assert (await clinic.book("10:20"))["messages"] == []


async def test_nothing_is_planned_for_a_time_that_has_begun(clinic: Clinic) -> None:
    await reach(clinic, ("mobile", MOBILE))
    booked = await clinic.book("09:20")
    await clinic.shift(booked, clock.now() - timedelta(minutes=1))
    async with base(clinic) as database:
        appointment = await database.run(WORKER, reached, UUID(str(booked["id"])))
        assert await database.run(WORKER, service.plan, appointment, "moved") == []
    assert await states(clinic) == ["confirmation sms 1 planned"]


# --- what it says -------------------------------------------------------------------------------------------------


async def test_a_message_has_date_time_place_and_link_but_no_reason_and_no_name(
    clinic: Clinic, mailbox: Mailbox, log_capture: Logs
) -> None:
    """The reason is a sensitive one; its words, the patient's and the doctor's names are in no text, address or log."""
    await reach(clinic, ("mobile", MOBILE), ("email", MAIL))
    await clinic.w.connection.execute(
        "UPDATE visit_reason SET sensitive = true, public_label = 'Delicat', label = 'Delicat', text_after = 'A jeun'"
    )
    await clinic.w.connection.execute("UPDATE patient SET birth_family_name = 'Canarine', birth_given_names = 'Serin'")
    await clinic.w.connection.execute("UPDATE organisation SET phone = '+33385347100'")
    await clinic.book("09:20", note="Delicat")
    await send(clinic)
    assert sorted(message.channel for message in mailbox.messages) == ["email", "sms"]
    for message in mailbox.messages:
        text = f"{message.subject} {message.body}"
        assert "/rdv/g/" in text
        assert "Autun" in text
        assert "03 85 34 71 00" in text.replace("\u00a0", " ")
        assert "9 h 20" in text.replace("\u00a0", " ")
        assert str(clinic.day().day) in text
        for secret in ("Delicat", "consultation", "Canarine", "Serin", "A jeun", "Camille"):
            assert secret.lower() not in text.lower()
    for secret in ("Canarine", "639980201", "lou@example.org", "Delicat", "/rdv/g/"):
        assert secret not in log_capture.text
    facts = await clinic.w.connection.fetchval("SELECT string_agg(a::text, ' ') FROM kit.audit a")
    assert "639980201" not in facts
    assert "lou@" not in facts


async def test_the_language_is_that_of_the_booking(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", MOBILE))
    answer = await clinic.post("appointments", clinic.wish("09:20"), accept_language="en")
    assert answer.status_code == 201
    await send(clinic)
    [message] = mailbox.messages
    assert "Appointment confirmed" in message.body
    assert "?langue=en" in message.body


async def test_only_the_hash_of_a_link_is_stored(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", MOBILE))
    await clinic.book("09:20")
    await send(clinic)
    token = mailbox.messages[0].body.partition("/rdv/g/")[2].split()[0]
    assert len(token) >= 22  # 128 bits in base64
    stored = await clinic.w.connection.fetchval(
        "SELECT sha256(convert_to($1, 'UTF8')) = token_hash FROM manage_link", token
    )
    assert stored is True
    assert await clinic.count("SELECT count(*) FROM message WHERE message::text LIKE '%' || $1 || '%'", token) == 0


# --- what follows a change ----------------------------------------------------------------------------------------


async def test_a_move_drops_what_was_planned_and_tells_the_new_time(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", MOBILE))
    booked = await clinic.book("09:20")
    moved = await clinic.act(booked, "move", {"start": clinic.at("10:40")})
    assert moved.json()["messages"] == ["sms"]
    await send(clinic)
    assert await states(clinic) == ["confirmation sms 1 dropped", "moved sms 2 sent"]
    [message] = mailbox.messages
    assert "10 h 40" in message.body


async def test_who_has_just_heard_of_a_move_gets_no_message_of_it(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", MOBILE))
    booked = await clinic.book("09:20")
    moved = await clinic.act(booked, "move", {"start": clinic.at("10:40"), "tell": False})
    assert moved.json()["messages"] == []
    await send(clinic)
    assert await states(clinic) == ["confirmation sms 1 dropped"]
    assert mailbox.messages == []


async def test_after_a_cancellation_only_its_notice_leaves_and_once(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", MOBILE))
    booked = await clinic.book("09:20")
    await asyncio.gather(*(clinic.act(booked, "cancel", {}) for _ in range(4)))
    await send(clinic)
    assert await states(clinic) == ["confirmation sms 1 dropped", "cancelled sms 2 sent"]
    [message] = mailbox.messages
    assert "annulé" in message.body
    assert "/rdv/g/" not in message.body


async def test_a_message_whose_appointment_is_being_changed_waits_for_the_next_round(
    clinic: Clinic, mailbox: Mailbox
) -> None:
    """Else a confirmation could leave while a cancellation is on its way."""
    await reach(clinic, ("mobile", MOBILE))
    await clinic.book("09:20")
    async with clinic.w.connection.transaction():
        await clinic.w.connection.execute("UPDATE appointment SET late = late")
        await send(clinic)
        assert mailbox.messages == []
    await send(clinic)
    assert len(mailbox.messages) == 1


async def test_an_overtaken_message_is_dropped_even_when_its_plan_survived(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", MOBILE))
    booked = await clinic.book("09:20")
    await clinic.act(booked, "cancel", {})
    await clinic.w.connection.execute("UPDATE message SET state = 'planned' WHERE kind = 'confirmation'")
    await send(clinic)
    assert await states(clinic) == ["confirmation sms 1 dropped", "cancelled sms 2 sent"]


# --- never twice --------------------------------------------------------------------------------------------------


async def test_two_workers_at_once_send_each_message_once(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", MOBILE), ("email", MAIL))
    for hour in ("09:00", "09:20", "09:40", "10:00", "10:20"):
        await clinic.book(hour)
    async with base(clinic) as database:
        await asyncio.gather(*(send_due(database) for _ in range(4)))
    assert len(mailbox.messages) == 10
    assert await clinic.count("SELECT count(*) FROM message WHERE state = 'sent' AND attempts = 1") == 10


async def test_what_a_crash_left_becomes_unknown_and_is_never_sent_again(clinic: Clinic, mailbox: Mailbox) -> None:
    """The worker dies between marking and the provider's answer: nobody knows, so nobody sends a second SMS."""
    await reach(clinic, ("mobile", MOBILE))
    await clinic.book("09:20")
    async with base(clinic) as database:
        [draft] = await database.run(WORKER, sending.claim, "https://sante.example", 10)
        assert draft.outgoing.to == MOBILE
        await send_due(database)
        assert await states(clinic) == ["confirmation sms 1 sending"]
        await clinic.w.connection.execute("UPDATE message SET claimed_at = claimed_at - interval '6 minutes'")
        await send_due(database)
        await send_due(database)
    assert await states(clinic) == ["confirmation sms 1 unknown"]
    assert mailbox.messages == []


async def test_a_provider_that_is_down_is_tried_again_later_with_a_new_link(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("mobile", MOBILE))
    await clinic.book("09:20")
    await send(clinic, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    assert await states(clinic) == ["confirmation sms 1 planned"]
    assert await clinic.count("SELECT count(*) FROM message WHERE due_at > now() + interval '5 seconds'") == 1
    assert await clinic.count("SELECT count(*) FROM manage_link") == 0
    await send(clinic)
    assert mailbox.messages == []
    await clinic.w.connection.execute("UPDATE message SET due_at = now()")
    await send(clinic)
    assert await states(clinic) == ["confirmation sms 1 sent"]
    assert len(mailbox.messages) == 1
    assert await clinic.count("SELECT count(*) FROM manage_link") == 1


async def test_a_provider_that_stays_down_makes_it_failed(clinic: Clinic) -> None:
    await reach(clinic, ("mobile", MOBILE))
    await clinic.book("09:20")
    await clinic.w.connection.execute("UPDATE message SET attempts = 7")
    await send(clinic, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    assert await states(clinic) == ["confirmation sms 1 failed"]


@pytest.mark.parametrize(("mood", "state"), [("refuse", "failed"), ("break", "unknown"), ("busy", "planned")])
async def test_what_the_provider_says_decides(clinic: Clinic, mood: Mood, state: str) -> None:
    """Refused: failed. Broke after taking it: unknown, never again. Busy: again later."""
    fake, port = FakeProvider(mood), free_port()
    server = _Server(fake.app, port)
    server.start()
    try:
        await reach(clinic, ("mobile", MOBILE))
        await clinic.book("09:20")
        for _ in range(2):
            await send(clinic, sms_url=f"http://127.0.0.1:{port}/send", sms_token="of-test")
    finally:
        server.stop()
    assert await states(clinic) == [f"confirmation sms 1 {state}"]
    assert await clinic.count("SELECT attempts FROM message") == 1


async def test_the_worker_sends_by_itself(clinic: Clinic, mailbox: Mailbox) -> None:
    await reach(clinic, ("email", MAIL))
    clinic.running.work()
    await clinic.book("09:20")
    message = await asyncio.to_thread(mailbox.wait, MAIL)
    assert message.subject == "Rendez-vous confirmé"


# --- reading and sending again ------------------------------------------------------------------------------------


async def test_messages_are_listed_newest_first_with_masked_contacts(clinic: Clinic) -> None:
    await reach(clinic, ("mobile", MOBILE), ("email", MAIL))
    first, second = await clinic.book("09:20"), await clinic.book("10:20")
    await send(clinic)
    answer = await clinic.get("messages", by=clinic.front)
    assert [item["appointment_id"] for item in answer.json()["items"]] == [second["id"]] * 2 + [first["id"]] * 2
    assert {item["to"] for item in answer.json()["items"]} == {"+33…01", "l…@example.org"}
    assert MOBILE not in answer.text
    one = await clinic.get("messages", by=clinic.front, appointment_id=first["id"], limit=1)
    two = await clinic.get(
        "messages", by=clinic.front, appointment_id=first["id"], limit=1, cursor=one.json()["next_cursor"]
    )
    assert {one.json()["items"][0]["channel"], two.json()["items"][0]["channel"]} == {"sms", "email"}
    assert two.json()["next_cursor"] is None
    assert (await clinic.get("messages", by=clinic.front, state="failed")).json()["items"] == []
    assert (await clinic.get("messages", by=clinic.front, state="lost")).status_code == 422
    assert (await clinic.get("messages", by=clinic.desk)).status_code == 403
    other = people.front_desk(await clinic.w.organisation("Other"))
    assert (await clinic.get("messages", by=other)).json()["items"] == []


async def test_a_person_may_order_a_failed_message_again_but_not_one_under_way(
    clinic: Clinic, mailbox: Mailbox
) -> None:
    await reach(clinic, ("mobile", MOBILE))
    booked = await clinic.book("09:20")
    [message] = (await clinic.get("messages", by=clinic.front)).json()["items"]
    early = await clinic.post(f"messages/{message['id']}/resend", by=clinic.front)
    assert (early.status_code, early.json()["code"], early.json()["state"]) == (409, "WRONG_STATE", "planned")
    await clinic.w.connection.execute("UPDATE message SET state = 'unknown'")
    again = await clinic.post(f"messages/{message['id']}/resend", by=clinic.front)
    assert (again.status_code, again.json()["state"]) == (200, "planned")
    await send(clinic)
    assert len(mailbox.messages) == 1
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE action = 'message.resend'") == 1
    await clinic.act(booked, "cancel", {})
    late = await clinic.post(f"messages/{message['id']}/resend", by=clinic.front)
    assert (late.status_code, late.json()["state"]) == (409, "overtaken")
    other = people.front_desk(await clinic.w.organisation("Other"))
    assert (await clinic.post(f"messages/{message['id']}/resend", by=other)).status_code == 404
