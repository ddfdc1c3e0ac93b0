"""Reminders, quiet hours, proposals and offers: what leaves when, and what is never said any more."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest_asyncio
from asyncpg import Range
from icalendar import Calendar

from appointments.appointments.reach import reached
from appointments.links import service as links
from appointments.links.schemas import Link
from appointments.messages import service
from appointments.messages.planned import OfferToTell, ProposalToTell
from maillage import clock
from maillage.ids import new_id
from maillage.principal import system
from maillage.testing import Mailbox
from tests.harness import people
from tests.harness.appointments_world import rule
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import DrivenClock, driven
from tests.harness.messaging import base, planned, reach, send

MOBILE, LANDLINE, MAIL = "+33639980211", "+33353010021", "lou@example.org"
WORKER = system("appointments")


@pytest_asyncio.fixture
async def time(clinic: Clinic, admin_of: Callable[[str], str]) -> AsyncIterator[DrivenClock]:
    """Saturday 20 March 2027, 9:00: a week before the clocks change."""
    async with driven(admin_of(clinic.running.database_url)) as moved:
        await moved.to(local("20.03.2027 09:00"))
        clinic.ada, clinic.bob = await clinic.doctor(), await clinic.doctor()
        yield moved


def local(text: str) -> datetime:
    """A wall time of the centre."""
    return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=PARIS)


async def test_what_its_own_hour_has_missed_waits_for_the_morning(
    clinic: Clinic, time: DrivenClock, mailbox: Mailbox
) -> None:
    """The worker was away from ten in the morning until ten at night: mails leave then, nobody's telephone rings."""
    await reach(clinic, ("mobile", MOBILE), ("email", MAIL))
    await clinic.book("09:20", days=10)
    await send(clinic)
    await time.to(local("28.03.2027 22:00"))
    await send(clinic)
    assert sorted(await planned(clinic)) == [
        "reminder-1 email 29.03. 10:00 planned",
        "reminder-2 sms 28.03. 10:00 planned",
        "reminder-7 email 23.03. 10:00 sent",
    ]
    assert [message.channel for message in mailbox.messages].count("sms") == 1, "the confirmation"
    await time.to(local("29.03.2027 08:00"))
    await send(clinic)
    assert [message.channel for message in mailbox.messages].count("sms") == 2


async def test_reminders_follow_the_visit_through_its_move_and_end_with_its_cancellation(
    clinic: Clinic, time: DrivenClock, mailbox: Mailbox
) -> None:
    await reach(clinic, ("mobile", MOBILE), ("email", MAIL))
    booked = await clinic.book("09:20", days=10)
    assert await planned(clinic) == [
        "reminder-7 email 23.03. 10:00 planned",
        "reminder-2 sms 28.03. 10:00 planned",  # the Sunday on which 2:00 becomes 3:00
        "reminder-1 email 29.03. 10:00 planned",
    ]
    await send(clinic)
    assert sorted(message.channel for message in mailbox.messages) == ["email", "sms"]

    await time.to(local("23.03.2027 09:59"))
    await send(clinic)
    assert len(mailbox.messages) == 2
    await time.to(local("23.03.2027 10:00"))
    await send(clinic)
    reminder = mailbox.messages[0]
    assert (reminder.to, reminder.subject) == (MAIL, "Rappel de rendez-vous")
    assert "mardi 30\u00a0mars, 9\u00a0h\u00a020" in reminder.body
    assert "annulez au plus vite" in reminder.body
    assert reminder.calendar is not None
    [event] = Calendar.from_ical(reminder.calendar).walk("VEVENT")
    assert event.start == local("30.03.2027 09:20")
    assert "consultation" not in reminder.calendar

    await time.to(local("28.03.2027 09:30"))
    await clinic.act(booked, "move", {"start": clinic.at("10:40", days=3)})
    await send(clinic)
    assert await planned(clinic) == [
        "reminder-7 email 23.03. 10:00 sent",
        "reminder-2 sms 28.03. 10:00 dropped",
        "reminder-1 email 29.03. 10:00 dropped",
        "reminder-2 sms 29.03. 10:00 planned",
        "reminder-1 email 30.03. 10:00 planned",
    ]
    await time.to(local("29.03.2027 10:00"))
    await send(clinic)
    told = [message.body.replace("\u00a0", " ") for message in mailbox.messages if message.to == MOBILE]
    assert "mercredi 31 mars, 10 h 40" in told[0]
    assert told[0].startswith("Rappel de rendez-vous")

    await clinic.act(booked, "cancel", {})
    await send(clinic)
    left = len(mailbox.messages)
    await time.to(local("30.03.2027 10:00"))
    await send(clinic)
    assert len(mailbox.messages) == left
    assert [line.split()[-1] for line in await planned(clinic)][-1] == "dropped"
    notice = next(message for message in mailbox.messages if message.channel == "email")
    assert notice.subject == "Rendez-vous annulé"
    file = Calendar.from_ical(notice.calendar or "")
    assert (str(file["METHOD"]), str(file.walk("VEVENT")[0]["STATUS"])) == ("CANCEL", "CANCELLED")


async def test_a_reopened_visit_is_reminded_of_again_and_one_in_conflict_is_not(
    clinic: Clinic, time: DrivenClock, mailbox: Mailbox
) -> None:
    await reach(clinic, ("mobile", MOBILE))
    booked, other = await clinic.book("09:20", days=10), await clinic.book("10:20", days=10)
    await clinic.act(booked, "cancel", {})
    assert (await clinic.act(booked, "reopen", {})).status_code == 200
    # The doctor's absence was lifted, then declared again: that the visit was kept is no longer so.
    boss = people.manager(clinic.org)
    for _ in range(2):
        times = {"start": clinic.at("10:00", days=10), "end": clinic.at("11:00", days=10)}
        away: dict[str, object] = {"practitioner_id": str(clinic.ada), "kind": "leave", **times}
        cause = (await clinic.post("absences", away, by=boss)).json()["id"]
        body: dict[str, object] = {"cause": "absence", "cause_id": cause}
        assert (await clinic.post("campaigns", body, by=boss)).status_code == 201
        kept = "SELECT count(*) FROM campaign_item WHERE state = 'kept'"
        if not await clinic.count(kept):
            assert (await clinic.delete(f"absences/{cause}", by=boss)).status_code == 204
            assert await clinic.count(kept) == 1
    assert (await clinic.get(f"appointments/{other['id']}")).json()["conflict"] == "absence"
    await send(clinic)
    mailbox.clear()
    await time.to(local("28.03.2027 10:00"))
    await send(clinic)
    assert sorted(line.split()[-1] for line in await planned(clinic)) == ["dropped", "dropped", "sent"]
    assert "9 h 20" in mailbox.messages[0].body


async def test_who_has_only_a_landline_is_called_by_the_rules_of_the_centre(clinic: Clinic, time: DrivenClock) -> None:
    """The centre's own reminders; that of 21:00 waits for the morning; one of the past is not planned."""
    own = [("sms", 1, "18:30"), ("sms", 2, "21:00"), ("email", 1, "10:00"), ("sms", 4, "10:00"), ("voice", 0, "09:00")]
    reminders = [dict(zip(("channel", "days_before", "local_time"), each, strict=True)) for each in own]
    await clinic.w.connection.execute(
        "UPDATE organisation SET settings = $1::text::jsonb", json.dumps({"reminders": reminders})
    )
    await reach(clinic, ("landline", LANDLINE))
    await clinic.book("09:20", days=3)
    assert await planned(clinic) == [
        "reminder-2 voice 22.03. 08:00 planned",
        "reminder-1 voice 22.03. 18:30 planned",
        "reminder-0 voice 23.03. 09:00 planned",
    ]
    await clinic.w.connection.execute("UPDATE visit_reason SET reminder_policy = 'none'")
    await clinic.book("10:20", days=4)
    assert len(await planned(clinic)) == 3


async def test_nobody_is_woken_but_who_just_asked_is_answered(
    clinic: Clinic, time: DrivenClock, mailbox: Mailbox
) -> None:
    """At 20:30 the centre cancels two visits: the mails leave, the SMS wait for 8:00, but not for the visit at 8:40."""
    await clinic.doctor()
    await reach(clinic, ("mobile", MOBILE), ("email", MAIL))
    early = await clinic.w.schedule(await clinic.w.practitioner(clinic.org), clinic.site, rule("07:00", "09:00"))
    await time.to(local("22.03.2027 20:30"))
    soon = await clinic.w.booking(early, clinic.pat, clinic.reason, local("23.03.2027 08:40"))
    later = await clinic.book("10:20", days=2)
    mine = await clinic.book("11:20", days=2)
    await clinic.w.connection.execute("UPDATE message SET state = 'dropped'")
    boss = people.manager(clinic.org)
    early_one: dict[str, object] = {"id": str(soon)}
    for each in (early_one, later):
        assert (await clinic.act(each, "cancel", {}, by=boss)).status_code == 200
    await clinic.act(mine, "cancel", {}, by=people.patient(MOBILE))
    assert await planned(clinic, "cancelled") == [
        "cancelled-0 email 22.03. 20:30 planned",
        "cancelled-0 email 22.03. 20:30 planned",
        "cancelled-0 email 22.03. 20:30 planned",
        "cancelled-0 sms 22.03. 20:30 planned",
        "cancelled-0 sms 22.03. 20:30 planned",
        "cancelled-0 sms 23.03. 08:00 planned",
    ]
    await send(clinic)
    assert sorted(message.channel for message in mailbox.messages) == ["email"] * 3 + ["sms"] * 2


# --- proposals and offers ------------------------------------------------------------------------------------------


async def hold(clinic: Clinic, start: datetime, owner: str) -> UUID:
    """A time that the centre keeps for somebody."""
    row = {
        "id": new_id(),
        "organisation_id": clinic.org,
        "reason_id": clinic.reason,
        "mode": "on_site",
        "schedule_id": clinic.schedules[clinic.bob],
        "practitioner_id": clinic.bob,
        "site_id": clinic.site,
        "resource_ids": [clinic.bob],
        "during": Range(start, start + timedelta(minutes=20)),
        "occupied": Range(start, start + timedelta(minutes=20)),
        "audience": "secretariat",
        "owner": owner,
        "expires_at": clock.now() + timedelta(days=4),
        "created_at": clock.now(),
    }
    return await clinic.w._insert("hold", row)


async def test_a_proposal_names_both_times_and_is_dropped_with_its_round(
    clinic: Clinic, time: DrivenClock, mailbox: Mailbox
) -> None:
    await reach(clinic, ("mobile", MOBILE), ("email", MAIL))
    await clinic.w.connection.execute("UPDATE visit_reason SET reminder_policy = 'none'")
    booked = await clinic.book("09:20", days=4)
    await send(clinic)
    campaign, item = new_id(), new_id()
    deadline = local("22.03.2027 18:00")
    where = {"organisation_id": clinic.org}
    await clinic.w._insert(
        "campaign",
        {
            "id": campaign,
            **where,
            "cause": "absence",
            "state": "sent",
            "deadline": deadline,
            "created_by": "a",
            "created_at": clock.now(),
        },
    )
    about = {"campaign_id": campaign, "appointment_id": UUID(str(booked["id"])), "patient_id": clinic.pat}
    kept = await hold(clinic, local("25.03.2027 10:40"), f"campaign:{item}")
    await clinic.w._insert(
        "campaign_item", {"id": item, **where, **about, "state": "proposed", "hold_id": kept, "round": 1}
    )
    await time.to(local("21.03.2027 07:10"))
    async with base(clinic) as database:
        told = await database.run(WORKER, service.plan_proposal, ProposalToTell(item, 1, UUID(str(booked["id"]))))
        assert told == ["email", "sms"]
        mailbox.clear()
        await send(clinic)
        [mail] = mailbox.messages
        assert (mail.subject, mail.calendar) == ("Rendez-vous à déplacer", None)
        await time.to(local("21.03.2027 08:00"))
        await send(clinic)
        text = mailbox.messages[0].body
        assert text.startswith(
            "Le rendez-vous du mercredi 24 mars, 9 h 20 ne peut avoir lieu. Proposition : jeudi 25 mars"
        )
        assert "10 h 40, Autun" in text
        assert "avant lundi 22 mars, 18 h : " in text
        assert "/rdv/g/" in text
        await database.run(WORKER, service.plan_proposal, ProposalToTell(item, 2, UUID(str(booked["id"]))))
    await send(clinic)
    assert len(mailbox.messages) == 2
    assert [line.split()[-1] for line in await planned(clinic, "proposal")] == ["sent", "dropped", "sent", "dropped"]


async def offer(clinic: Clinic, start: datetime, until: datetime) -> UUID:
    """Somebody waits, and a freed time is offered to him."""
    entry, freed, made = new_id(), new_id(), new_id()
    where = {"organisation_id": clinic.org}
    wish = {"patient_id": clinic.pat, "reason_id": clinic.reason, "modes": ["on_site"]}
    days = {"from_date": date(2027, 3, 20), "to_date": date(2027, 4, 20)}
    stamps = {"created_by": "a", "created_at": clock.now(), "changed_at": clock.now()}
    await clinic.w._insert(
        "waiting_entry", {"id": entry, **where, **wish, **days, **stamps, "state": "offered", "audience": "secretariat"}
    )
    place = {"schedule_id": clinic.schedules[clinic.bob], "practitioner_id": clinic.bob, "site_id": clinic.site}
    span = Range(start, start + timedelta(minutes=20))
    await clinic.w._insert("freed_time", {"id": freed, **where, **place, "during": span, "created_at": clock.now()})
    kept = await hold(clinic, start, f"offer:{made}")
    row = {"entry_id": entry, "freed_time_id": freed, "hold_id": kept, "expires_at": until, "created_at": clock.now()}
    return await clinic.w._insert("waiting_offer", {"id": made, **where, **row})


async def test_an_offer_has_a_link_of_its_own_that_opens_by_the_birth_date(
    clinic: Clinic, time: DrivenClock, mailbox: Mailbox
) -> None:
    await reach(clinic, ("mobile", MOBILE))
    start, visitor = local("25.03.2027 10:40"), people.visitor()
    first = await offer(clinic, start, local("21.03.2027 12:00"))
    async with base(clinic) as database:
        assert await database.run(WORKER, service.plan_offer, OfferToTell(first)) == ["sms"]
        await send(clinic)
        text = mailbox.messages[0].body
        assert text.startswith(
            "Un créneau s'est libéré : jeudi 25 mars, 10 h 40, Autun.\nRépondre avant dimanche 21 mars"
        )
        token = text.partition("/rdv/o/")[2].split()[0]
        assert await database.run(visitor, links.look, token) == Link(open=False, appointment_id=None)
        assert not await database.run(visitor, links.granted_offer, first)
        wrong = await database.run(visitor, links.answer, token, date(1980, 2, 2))
        assert (wrong.outcome, wrong.tries_left) == ("wrong", 4)
        assert (await database.run(visitor, links.answer, token, date(1980, 1, 1))).outcome == "open"
        assert (await database.run(visitor, links.look, token)).offer_id == first
        assert await database.run(visitor, links.granted_offer, first)
        assert not await database.run(people.visitor(), links.granted_offer, first)

        # What has been answered is not offered any more.
        await clinic.w.connection.execute("UPDATE waiting_offer SET state = 'declined'")
        again = await offer(clinic, local("25.03.2027 11:40"), local("21.03.2027 12:00"))
        await database.run(WORKER, service.plan_offer, OfferToTell(again))
        await clinic.w.connection.execute("UPDATE waiting_offer SET state = 'void'")
        await send(clinic)
        assert len(mailbox.messages) == 1
        listed = await clinic.get("messages", by=clinic.front, patient_id=str(clinic.pat), kind="offer")
        assert [each["state"] for each in listed.json()["items"]] == ["dropped", "sent"]
        sent = listed.json()["items"][1]
        assert (sent["appointment_id"], sent["ref_id"]) == (None, str(first))
        late = await clinic.post(f"messages/{sent['id']}/resend", by=clinic.front)
        assert (late.status_code, late.json()["state"]) == (409, "overtaken")


async def test_a_visit_that_goes_on_by_telephone_is_told_at_once_even_at_night(
    clinic: Clinic, time: DrivenClock, mailbox: Mailbox
) -> None:
    await reach(clinic, ("landline", LANDLINE))
    booked = await clinic.book("09:20", days=1)
    await time.to(local("20.03.2027 21:00"))
    async with base(clinic) as database:
        appointment = await database.run(WORKER, reached, UUID(str(booked["id"])))
        assert await database.run(WORKER, service.plan_by_phone, appointment) == ["voice"]
    await clinic.w.connection.execute("UPDATE message SET state = 'dropped' WHERE kind <> 'by_phone'")
    await send(clinic)
    [call] = mailbox.messages
    assert call.channel == "voice"
    assert "Le praticien vous appellera\u00a0: dimanche 21\u00a0mars, 9 heures 20." in call.body
