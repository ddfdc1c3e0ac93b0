"""Campaigns: what becomes of the visits that an absence or a closure has hit, whoever settles them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest_asyncio

from appointments.campaigns import following
from appointments.campaigns.answering import give_up_waiting
from appointments.holds import service as holds
from appointments.main import service
from appointments.messages.sender import send_due
from contracts.base import Event
from contracts.telesecretariat import CallCompleted, TaskClosed
from maillage import clock
from maillage.consumers import Envelope
from maillage.database import Database
from maillage.doctor import check_invariants
from maillage.ids import new_id
from maillage.principal import Principal, system
from maillage.testing import Mailbox
from tests.harness import people
from tests.harness.appointments_world import rule
from tests.harness.clinic import Clinic
from tests.harness.driven_clock import driven

Json = dict[str, Any]
WORKER = system("appointments")
OURS = {"csrf": "csrf-of-test", "site_web": ""}
"""What proves that a form is ours."""


@pytest_asyncio.fixture
async def base(clinic: Clinic) -> AsyncIterator[Database]:
    """The worker's database."""
    await clinic.w.connection.execute("UPDATE visit_reason SET reminder_policy = 'none'")
    database = Database(clinic.running.settings)
    await database.open()
    yield database
    await database.close()


async def person(clinic: Clinic, phone: str | None) -> UUID:
    """Somebody, with a mobile phone or without."""
    who = await clinic.w.patient(clinic.org)
    if phone:
        values = "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', $3)"
        await clinic.w.connection.execute(values, clinic.org, who, phone)
    return who


async def visit(clinic: Clinic, hour: str, phone: str | None, **fields: Any) -> Json:
    """Somebody's visit with Ada."""
    return await clinic.book(hour, patient_id=await person(clinic, phone), **fields)


def manager(clinic: Clinic) -> Principal:
    return people.manager(clinic.org)


async def sick(clinic: Clinic, hour: str = "08:00", until: str = "19:00") -> str:
    """Ada is away that day; the id of the absence."""
    body: Json = {"practitioner_id": str(clinic.ada), "kind": "sick", "start": clinic.at(hour), "end": clinic.at(until)}
    answer = await clinic.post("absences", body, by=manager(clinic))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def campaign(clinic: Clinic, absence: str, **fields: Any) -> Json:
    """A campaign that must come about."""
    body: Json = {"cause": "absence", "cause_id": absence, **fields}
    answer = await clinic.post("campaigns", body, by=manager(clinic))
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def again(clinic: Clinic, made: Json) -> Json:
    """The campaign as it now is; its items always add up."""
    read: Json = (await clinic.get(f"campaigns/{made['id']}")).json()
    assert sum(read["counts"].values()) == read["size"] == len(read["items"])
    return read


def states(read: Json) -> list[str]:
    """Of its items, in order."""
    return [item["state"] for item in read["items"]]


async def open_needs(clinic: Clinic) -> int:
    return await clinic.count("SELECT count(*) FROM call_need WHERE state = 'open'")


async def live_holds(clinic: Clinic) -> int:
    return await clinic.count("SELECT count(*) FROM hold WHERE state IN ('held', 'identified')")


async def hear(database: Database, event: Event, org: UUID) -> None:
    """What the consumers do with an event."""
    envelope = Envelope(new_id(), event.TYPE, org, 1, datetime.now(UTC))
    for consumer in service.consumers:
        if consumer.type == event.TYPE:
            await database.run(WORKER, consumer.handle, event.model_dump_json().encode(), envelope)


async def test_a_draft_keeps_the_cheapest_times_and_is_sent_once(clinic: Clinic, base: Database) -> None:
    far = await clinic.w.site(clinic.org, "chalon", lat=46.78, lon=4.85)
    await clinic.w.connection.execute("UPDATE site SET lat = 46.95, lon = 4.30 WHERE id = $1", clinic.site)
    cleo = await clinic.w.practitioner(clinic.org)
    await clinic.w.schedule(cleo, far, rule("09:00", "12:00"))
    first = await visit(clinic, "09:00", "+33639980611")
    second = await visit(clinic, "09:20", None)
    third = await visit(clinic, "17:40", "+33639980613")
    week = {"practitioner_id": str(clinic.ada), "kind": "leave", "start": clinic.at("08:00", 4)}
    await clinic.post("absences", {**week, "end": clinic.at("20:00", 30)}, by=manager(clinic))
    await visit(clinic, "17:40", None, practitioner_id=clinic.bob)
    made = await campaign(clinic, await sick(clinic))
    assert [item["appointment_id"] for item in made["items"]] == [first["id"], second["id"], third["id"]]
    assert (made["state"], made["size"], made["counts"]["todo"]) == ("draft", 3, 3)
    proposed = [(item["proposal"]["practitioner_id"], item["proposal"]["start"]) for item in made["items"]]
    # Bob at the same hours; for the last hour of the day somebody tomorrow: Bob at this site before Cleo in the other.
    assert proposed == [
        (str(clinic.bob), clinic.at("09:00")),
        (str(clinic.bob), clinic.at("09:20")),
        (str(clinic.bob), clinic.at("09:00", 4)),
    ]
    taken = await clinic.post("appointments", clinic.wish("09:00", practitioner_id=clinic.bob))
    assert (taken.status_code, taken.json()["code"]) == (409, "SLOT_TAKEN")

    # Two people look at it; both send. One does.
    path, seen = f"campaigns/{made['id']}/send", f'"{made["version"]}"'
    stale = await clinic.post(path, {}, by=manager(clinic), if_match='"99"')
    assert (stale.status_code, stale.json()["code"]) == (412, "VERSION_STALE")
    both = await asyncio.gather(*(clinic.post(path, {}, by=manager(clinic), if_match=seen) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) in ([200, 409], [200, 412])
    late = await clinic.post(path, {}, by=manager(clinic))
    assert (late.status_code, late.json()["code"], late.json()["state"]) == (409, "WRONG_STATE", "sent")
    sent = await again(clinic, made)
    assert states(sent) == ["proposed", "to_call", "proposed"]  # nobody can write to the second
    assert (await open_needs(clinic), await live_holds(clinic)) == (1, 3)
    until = datetime.fromisoformat(sent["deadline"])
    assert clock.now() < until <= clock.now() + timedelta(hours=36)
    assert await clinic.count("SELECT count(*) FROM message WHERE kind = 'proposal'") == 2
    events = await clinic.w.connection.fetch(
        "SELECT payload FROM kit.outbox WHERE type = 'appointments.campaign_changed.v1' ORDER BY sequence"
    )
    assert '"proposed":2' in events[-1]["payload"].replace(" ", "")
    prepare = await clinic.post(f"campaigns/{made['id']}/prepare", by=manager(clinic))
    assert (prepare.status_code, prepare.json()["code"]) == (409, "WRONG_STATE")
    page = (await clinic.get(f"campaigns/{made['id']}", limit=2)).json()
    rest = (await clinic.get(f"campaigns/{made['id']}", limit=2, cursor=page["next_cursor"])).json()
    assert [item["id"] for item in page["items"] + rest["items"]] == [item["id"] for item in sent["items"]]
    (listed,) = (await clinic.get("campaigns", state="sent")).json()["items"]
    assert (listed["id"], listed["counts"]) == (made["id"], sent["counts"])


async def test_a_proposal_is_accepted_once_from_however_many_devices(clinic: Clinic, base: Database) -> None:
    phones = [f"+3363998062{n}" for n in range(4)]
    visits = [await visit(clinic, f"09:{n}0", phone) for n, phone in zip((0, 2, 4), phones, strict=False)]
    made = await campaign(clinic, await sick(clinic), send=True)

    async def answers(n: int, what: str, by: Principal | None = None) -> Any:
        path = f"appointments/{visits[n]['id']}/proposal/{what}"
        return await clinic.post(path, by=by or people.patient(phones[n]))

    shown = (await clinic.get(f"appointments/{visits[0]['id']}/proposal", by=people.patient(phones[0]))).json()
    assert (shown["live"], shown["start"]) == (True, clinic.at("09:00", 4))
    assert "practitioner" in shown
    assert (await answers(0, "accept", people.patient(phones[1]))).status_code == 404
    three = await asyncio.gather(*(answers(0, "accept") for _ in range(3)))
    assert [answer.status_code for answer in three] == [200, 200, 200]
    assert {answer.json()["version"] for answer in three} == {2}
    assert three[0].json()["start"] == clinic.at("09:00", 4)
    assert await clinic.count("SELECT count(*) FROM appointment_change WHERE event = 'move'") == 1
    # Who wants to be called is, once; the time stays his until then.
    assert [(await answers(1, "refuse")).status_code for _ in range(2)] == [204, 204]
    assert (await open_needs(clinic), await live_holds(clinic)) == (1, 2)
    # Who cancels has nothing left to accept.
    await clinic.act(visits[2], "cancel", by=people.patient(phones[2]))
    gone = await answers(2, "accept")
    assert (gone.status_code, gone.json()["code"]) == (410, "PROPOSAL_EXPIRED")
    assert (await answers(2, "refuse")).status_code == 410
    assert states(await again(clinic, made)) == ["moved", "to_call", "cancelled"]
    # Two telesecretaries speak with the second at once.
    item = (await again(clinic, made))["items"][1]
    path = f"campaigns/items/{item['id']}/resolve"
    stale = await clinic.post(path, {"outcome": "kept"}, if_match='"99"')
    assert (stale.status_code, stale.json()["code"]) == (412, "VERSION_STALE")
    other = people.telesecretary(new_id(), clinic.org)
    pair = await asyncio.gather(
        clinic.post(path, {"outcome": "moved"}), clinic.post(path, {"outcome": "cancelled"}, by=other)
    )
    assert sorted(answer.status_code for answer in pair) == [200, 409]
    assert [answer.json()["code"] for answer in pair if answer.status_code == 409] == ["WRONG_STATE"]
    won = next(answer for answer in pair if answer.status_code == 200).json()
    same = await clinic.post(path, {"outcome": won["state"]})
    assert (same.status_code, same.json()["version"]) == (200, won["version"])
    assert (await again(clinic, made))["state"] == "closed"
    assert (await open_needs(clinic), await live_holds(clinic)) == (0, 0)


async def test_the_patient_answers_on_the_page(
    clinic: Clinic, base: Database, mailbox: Mailbox, admin_of: Callable[[str], str]
) -> None:
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(clinic.moment("10:00", 1))
        phones = ["+33639980691", "+33639980692", None]
        visits = [await visit(clinic, f"09:{n}0", phone) for n, phone in zip((0, 2, 4), phones, strict=True)]
        made = await campaign(clinic, await sick(clinic), send=True)
        await send_due(base)
        body = next(m.body for m in mailbox.messages if m.to == phones[0])
        token = body.partition("/rdv/g/")[2].split()[0].rstrip(".").partition("?")[0]
        page = f"/rdv/g/{token}"
        async with clinic.running.client(replace(people.visitor(), csrf=OURS["csrf"])) as browser:
            closed = await browser.get(f"{page}/proposition")
            assert (closed.status_code, closed.headers["location"]) == (303, page)  # the birth date first
            await browser.post(page, data={**OURS, "jour": "1", "mois": "1", "annee": "1980"})
            opened = await browser.get(page)
            assert (opened.status_code, opened.headers["location"]) == (303, f"{page}/proposition")
            shown = await browser.get(f"{page}/proposition", headers={"Accept-Language": "fr"})
            assert "ne peut pas avoir lieu comme prévu" in shown.text
            assert "Accepter ce nouvel horaire" in shown.text
            assert "consultation" not in shown.text
            answered = await browser.post(f"{page}/proposition", data={**OURS, "acte": "accepter"})
            assert (answered.status_code, answered.headers["location"]) == (303, f"{page}?fait=deplace")
            assert "est déplacé" in (await browser.get(f"{page}?fait=deplace")).text
            twice = await browser.post(f"{page}/proposition", data={**OURS, "acte": "accepter"})
            assert twice.status_code == 303
            assert (await browser.get(f"{page}/proposition")).headers["location"] == page
        mine = f"/rdv/mes-rendez-vous/{visits[1]['id']}"
        async with clinic.running.client(replace(people.patient(str(phones[1])), csrf=OURS["csrf"])) as browser:
            answered = await browser.post(f"{mine}/proposition", data={**OURS, "acte": "appeler"})
            assert answered.headers["location"] == f"{mine}/proposition"
            assert "Nous allons vous appeler" in (await browser.get(f"{mine}/proposition")).text
            late = await browser.post(f"{mine}/proposition", data={**OURS, "acte": "accepter"})
            assert late.status_code == 410
            assert "plus réservé" in late.text
            english = await browser.get(f"{mine}/proposition?langue=en")
            assert "We will call you" in english.text
            other = await browser.get(f"/rdv/mes-rendez-vous/{visits[2]['id']}/proposition")
            assert other.status_code == 404
        assert states(await again(clinic, made)) == ["moved", "to_call", "to_call"]


async def test_accepting_at_the_last_moment_is_either_in_time_or_too_late(
    clinic: Clinic, base: Database, admin_of: Callable[[str], str]
) -> None:
    phones = [f"+3363998063{n}" for n in range(6)]
    visits = [await visit(clinic, f"{9 + n // 3:02}:{n % 3 * 20:02}", phone) for n, phone in enumerate(phones)]
    deadline = clinic.moment("12:00", 1)
    made = await campaign(clinic, await sick(clinic), send=True, deadline=deadline.isoformat())
    assert states(made) == ["proposed"] * 6
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(deadline - timedelta(milliseconds=60))
        waiting = [give_up_waiting(base) for _ in range(3)]
        paths = [f"appointments/{each['id']}/proposal/accept" for each in visits]
        answers = await asyncio.gather(
            *(clinic.post(path, by=people.patient(phone)) for path, phone in zip(paths, phones, strict=True)), *waiting
        )
        await time.to(deadline + timedelta(seconds=1))
        await give_up_waiting(base)
        read = await again(clinic, made)
        for answer, state in zip(answers[:6], states(read), strict=True):
            assert answer is not None
            assert (answer.status_code, state) in ((200, "moved"), (410, "to_call"))
        assert await open_needs(clinic) == read["counts"]["to_call"]
        # An hour after the deadline nobody keeps the times any more, and the desk chooses another one.
        await time.forward(timedelta(hours=1, minutes=1))
        await base.run(WORKER, holds.lapse)
        assert await live_holds(clinic) == 0
        for n, item in enumerate(item for item in read["items"] if item["state"] == "to_call"):
            path = f"campaigns/items/{item['id']}/resolve"
            gone = await clinic.post(path, {"outcome": "moved"})
            assert (gone.status_code, gone.json()["code"]) == (410, "PROPOSAL_EXPIRED")
            to = {"start": clinic.at("14:00", 20 + n), "any_practitioner": True}
            assert (await clinic.post(path, {"outcome": "moved", "to": to})).json()["state"] == "moved"
        assert (await again(clinic, made))["counts"]["moved"] == 6


async def test_whatever_happens_elsewhere_settles_the_item(
    clinic: Clinic, base: Database, mailbox: Mailbox, admin_of: Callable[[str], str]
) -> None:
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(clinic.moment("10:00", 1))  # no quiet hours
        await _settled_elsewhere(clinic, base, mailbox)


async def _settled_elsewhere(clinic: Clinic, base: Database, mailbox: Mailbox) -> None:
    moved = await visit(clinic, "09:00", "+33639980641")
    cancelled = await visit(clinic, "09:20", "+33639980642")
    stays = await visit(clinic, "09:40", "+33639980643")
    seen = await visit(clinic, "10:00", None)
    absence = await sick(clinic)
    made = await campaign(clinic, absence, send=True)
    assert states(made) == ["proposed", "proposed", "proposed", "to_call"]
    other: Json = {"start": clinic.at("15:00", 5), "practitioner_id": str(clinic.bob)}
    assert (await clinic.act(moved, "move", other)).status_code == 200
    assert (await clinic.act(cancelled, "cancel")).status_code == 200
    # The desk moves somebody to the very time that is kept for him.
    item = (await again(clinic, made))["items"][3]
    to = {name: item["proposal"][name] for name in ("start", "practitioner_id", "site_id")}
    answer = await clinic.post(f"campaigns/items/{item['id']}/resolve", {"outcome": "moved", "to": to})
    assert (answer.status_code, answer.json()["state"]) == (200, "moved")
    assert (await clinic.get(f"appointments/{seen['id']}")).json()["start"] == to["start"]
    assert states(await again(clinic, made)) == ["moved", "cancelled", "proposed", "moved"]
    await send_due(base)
    # The doctor comes after all: who was told otherwise is told so, and nothing is left.
    lifted = await clinic.delete(f"absences/{absence}", by=manager(clinic))
    assert lifted.status_code == 204, lifted.text
    read = await again(clinic, made)
    assert (states(read), read["state"]) == (["moved", "cancelled", "kept", "moved"], "closed")
    assert (await open_needs(clinic), await live_holds(clinic)) == (0, 0)
    before = len(mailbox.messages)
    await send_due(base)
    told = mailbox.messages[: len(mailbox.messages) - before]
    assert [message.to for message in told] == ["+33639980643"]
    assert "/rdv/g/" in told[0].body
    expired = await clinic.post(f"appointments/{stays['id']}/proposal/accept", by=people.patient("+33639980643"))
    assert expired.json()["code"] == "PROPOSAL_EXPIRED"


async def test_drafts_of_rests_and_closures_propose_when_somebody_opens_them(
    clinic: Clinic, base: Database, admin_of: Callable[[str], str]
) -> None:
    far = await clinic.w.site(clinic.org, "digoin")
    cleo = await clinic.w.practitioner(clinic.org)
    await clinic.w.schedule(cleo, far, rule("09:00", "12:00"))
    await visit(clinic, "09:00", "+33639980651")
    body: Json = {"site_id": str(clinic.site), "start": clinic.at("08:00"), "end": clinic.at("20:00", 40)}
    closure = (await clinic.post("closures", body, by=manager(clinic))).json()
    assert closure["conflicts"] == 1
    hit: Json = {"site_id": clinic.site, "start": clinic.moment("08:00"), "end": clinic.moment("20:00", 40)}

    async def drafted() -> UUID | None:
        return await base.run(WORKER, lambda tx: following.draft(tx, "rest", UUID(closure["id"]), clinic.org, **hit))

    first = await drafted()
    assert first is not None
    assert await drafted() is None  # it is in the draft already
    draft = (await clinic.get(f"campaigns/{first}")).json()
    assert (draft["cause"], draft["counts"]["todo"], draft["items"][0]["proposal"]) == ("rest", 1, None)
    opened = (await clinic.post(f"campaigns/{first}/prepare", by=manager(clinic))).json()
    assert opened["items"][0]["proposal"]["site_id"] == str(far)
    refused = await clinic.post("campaigns", {"cause": "closure", "cause_id": closure["id"]}, by=manager(clinic))
    assert (refused.status_code, refused.json()["code"]) == (409, "NOTHING_TO_MOVE")
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.forward(timedelta(hours=2, minutes=1))
        await base.run(WORKER, holds.lapse)
        idle = (await clinic.get(f"campaigns/{first}")).json()
        assert idle["items"][0]["proposal"] is None
        sent = (await clinic.post(f"campaigns/{first}/send", by=manager(clinic))).json()
        assert states(sent) == ["proposed"]
        # The time is closed before the patient has answered: somebody calls.
        gone = {"practitioner_id": str(cleo), "kind": "leave", "start": clinic.at("00:00", 0)}
        await clinic.post("absences", {**gone, "end": clinic.at("00:00", 60)}, by=manager(clinic))
        await give_up_waiting(base)
        assert states(await again(clinic, sent)) == ["to_call"]
        assert await open_needs(clinic) == 1


async def test_a_day_that_opens_again_keeps_its_visits(clinic: Clinic, base: Database) -> None:
    booked = await visit(clinic, "09:00", "+33639980655")
    await visit(clinic, "14:00", "+33639980656")
    schedule = clinic.schedules[clinic.ada]
    body: Json = {"local_date": clinic.day().isoformat(), "action": "remove"}
    removed = (await clinic.post(f"schedules/{schedule}/exceptions", body, by=manager(clinic))).json()
    assert removed["conflicts"] == 2
    chosen: Json = {"cause": "schedule", "appointment_ids": [booked["id"]]}
    made = (await clinic.post("campaigns", chosen, by=manager(clinic))).json()
    assert (made["size"], made["items"][0]["state"]) == (1, "todo")
    rest = {"cause": "schedule", "cause_id": str(schedule), "send": True}
    other = (await clinic.post("campaigns", rest, by=manager(clinic))).json()
    assert (other["size"], other["counts"]["proposed"]) == (1, 1)
    await clinic.delete(f"schedules/{schedule}/exceptions/{removed['id']}", by=manager(clinic))
    for each in (made, other):
        assert [(read["state"], read["counts"]["kept"]) for read in [await again(clinic, each)]] == [("closed", 1)]
    assert await live_holds(clinic) == 0
    # Nobody was told yet of another time: nobody is told that the visit stands.
    assert await clinic.count("SELECT count(*) FROM message WHERE kind = 'confirmation' AND number > 0") == 0
    not_hit = await clinic.post("campaigns", chosen, by=manager(clinic))
    assert not_hit.json()["code"] == "NOTHING_TO_MOVE"


async def test_nobody_hears_of_it_after_the_visit(
    clinic: Clinic, base: Database, admin_of: Callable[[str], str]
) -> None:
    """At half past three in the night no telephone rings until eight: who is expected before nine is called then."""
    early = await clinic.doctor(rule("08:00", "12:00"))
    for n, hour in enumerate(("08:20", "09:00", "11:00")):
        await visit(clinic, hour, f"+3363998066{n + 5}", practitioner_id=early)
    body: Json = {"practitioner_id": str(early), "kind": "sick", "start": clinic.at("00:00"), "end": clinic.at("19:00")}
    absence = str((await clinic.post("absences", body, by=manager(clinic))).json()["id"])
    made = await campaign(clinic, absence, deadline=clinic.at("01:00"))
    night, half_past_eight = clinic.moment("03:30"), clinic.moment("08:30")
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(night)
        sent = (await clinic.post(f"campaigns/{made['id']}/send", by=manager(clinic))).json()
        assert states(sent) == ["to_call", "proposed", "proposed"]
        # The deadline of the draft has passed: half of the hour between eight and the first visit told by message.
        assert datetime.fromisoformat(sent["deadline"]) == half_past_eight


async def test_what_the_telesecretaries_say_of_calls(clinic: Clinic, base: Database) -> None:
    call = new_id()
    wishes = [clinic.slot(hour, practitioner_id=clinic.bob, call_id=call) for hour in ("14:00", "14:20")]
    _, held = [(await clinic.post("holds", wish)).json() for wish in wishes]
    await clinic.post("appointments", {"hold_id": held["id"], "patient_id": str(clinic.pat)})
    completed = CallCompleted(
        call_id=call,
        client_id=new_id(),
        line_id=new_id(),
        state="completed",
        outcome="appointment",
        agent_id=None,
        wait_s=4,
        talk_s=60,
        hold_s=0,
        wrap_s=5,
        patient_id=clinic.pat,
        version=9,
    )
    for _ in range(2):
        await hear(base, completed, clinic.org)
    assert await live_holds(clinic) == 0
    assert await clinic.free(clinic.bob) == "09:00-12:00 14:00-14:20 14:40-18:00"
    assert await clinic.count("SELECT count(*) FROM patient WHERE last_contact_at IS NOT NULL") == 1

    await visit(clinic, "09:00", None)
    made = await campaign(clinic, await sick(clinic), send=True)
    (item,) = made["items"]
    closed = TaskClosed(
        id=UUID(item["call_need_id"]),
        client_id=None,
        kind="call_patient",
        state="cancelled",
        outcome=None,
        due_at=clock.now(),
        version=2,
    )
    await hear(base, closed.model_copy(update={"id": new_id()}), clinic.org)  # a task that no need has asked for
    assert await open_needs(clinic) == 1
    await hear(base, closed, clinic.org)  # a supervisor says that nobody need call: it is not asked again
    await hear(base, closed.model_copy(update={"state": "done"}), clinic.org)
    assert (await open_needs(clinic), states(await again(clinic, made))) == (0, ["to_call"])


async def test_who_may_do_what_and_what_is_refused(clinic: Clinic, base: Database) -> None:
    booked = await visit(clinic, "09:00", "+33639980661")
    absence = await sick(clinic)
    wish: Json = {"cause": "absence", "cause_id": absence}
    elsewhere = await clinic.w.organisation("Ailleurs")
    me = new_id()
    doctor = people.practitioner(clinic.org, me)
    for by, code in ((clinic.desk, 403), (people.manager(elsewhere), 404), (doctor, 403), (people.visitor(), 403)):
        assert (await clinic.post("campaigns", wish, by=by)).status_code == code, by.role
    refusals: list[tuple[Json, int, str]] = [
        ({**wish, "deadline": clinic.at("09:00", -1)}, 422, "TIME_INVALID"),
        ({**wish, "deadline": clinic.at("09:00", 16)}, 422, "TIME_INVALID"),
        ({**wish, "cause_id": str(new_id())}, 404, "NOT_FOUND"),
        ({"cause": "other"}, 422, "INVALID"),
        ({"cause": "other", "appointment_ids": [str(new_id())]}, 409, "NOTHING_TO_MOVE"),
        ({**wish, "organisation_id": str(elsewhere)}, 422, "FIELD_NOT_ALLOWED"),
    ]
    for body, code, name in refusals:
        refused = await clinic.post("campaigns", body, by=manager(clinic))
        assert (refused.status_code, refused.json()["code"]) == (code, name), refused.text
    await clinic.w.connection.execute("UPDATE practitioner SET person_id = $1 WHERE id = $2", me, clinic.ada)
    made = await clinic.post("campaigns", wish, by=doctor)  # her own visits
    assert made.status_code == 201, made.text
    one, item = f"campaigns/{made.json()['id']}", made.json()["items"][0]
    resolve = f"campaigns/items/{item['id']}/resolve"
    stranger, patient = people.telesecretary(new_id(), elsewhere), people.patient("+33639980661")
    for by, code in ((clinic.desk, 200), (stranger, 404), (patient, 404), (people.visitor(), 403)):
        assert (await clinic.get(one, by=by)).status_code == code
        if code != 200:
            assert (await clinic.post(resolve, {"outcome": "kept"}, by=by)).status_code == code
    for by in (people.regulator(new_id()), people.partner(clinic.org), patient):
        assert (await clinic.get("campaigns", by=by)).json()["items"] == []
        assert (await clinic.get(one, by=by)).status_code == 404
    assert (await clinic.post(f"{one}/send", by=clinic.desk)).status_code == 403
    assert (await clinic.post(f"{one}/send", by=people.manager(elsewhere))).status_code == 404
    early = await clinic.post(f"appointments/{booked['id']}/proposal/accept", by=patient)
    assert (early.status_code, early.json()["code"]) == (410, "PROPOSAL_EXPIRED")  # it is a draft: he knows nothing
    assert (await clinic.get(f"appointments/{booked['id']}/proposal", by=patient)).status_code == 404
    wrong = await clinic.post(resolve, {"outcome": "kept", "to": {"start": clinic.at("09:00", 5)}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "INVALID")
    # A patient who calls before the campaign is sent is settled in the draft.
    kept = await clinic.post(resolve, {"outcome": "kept"}, by=clinic.front)
    assert (kept.status_code, kept.json()["state"]) == (200, "kept")
    named = {"cause": "other", "appointment_ids": [booked["id"]], "send": True}
    assert (await clinic.post("campaigns", named, by=manager(clinic))).json()["counts"]["proposed"] == 1


async def test_the_invariant_finds_what_contradicts_itself(clinic: Clinic, base: Database) -> None:
    await visit(clinic, "09:00", "+33639980671")
    made = await campaign(clinic, await sick(clinic), send=True)

    async def found() -> tuple[str, int, str]:
        url = clinic.running.database_url
        [finding] = await check_invariants(url, "appointments", "appointments", ["appointments_campaigns"])
        return finding.state, finding.count, finding.first

    assert (await found())[0] == "ok"
    for breach, count in (
        ("UPDATE campaign SET size = 2", 1),
        ("UPDATE campaign SET size = 1, state = 'closed'", 1),
        ("UPDATE campaign SET state = 'sent'; UPDATE appointment SET status = 'fulfilled'", 1),
        ("UPDATE appointment SET status = 'booked'; UPDATE campaign_item SET hold_id = NULL", 1),
        ("UPDATE campaign_item SET state = 'to_call'", 1),
    ):
        await clinic.w.connection.execute(breach)
        state, many, first = await found()
        assert (state, many) == ("BROKEN", count), breach
        assert first.startswith((made["id"], made["items"][0]["id"]))
