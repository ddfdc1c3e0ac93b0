"""The waiting list over HTTP: who may wait for what, to whom a freed time goes, what is answered, how offers end."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from appointments.holds import service as holds
from maillage.ids import new_id
from maillage.principal import Principal, system
from maillage.testing import Mailbox
from tests.harness import people
from tests.harness.clinic import Clinic
from tests.harness.waiting_list import WaitingList

MOBILE, OTHER = "+33639980711", "+33639980712"
WORKER = system("appointments")
BROKEN = ("I1", "I2", "I6", "I7", "I11", "appointments.2", "appointments.7", "appointments.14")


# --- entries ------------------------------------------------------------------------------------------------------


async def test_who_waits_has_a_rank_among_those_who_compete(clinic: Clinic, queue: WaitingList) -> None:
    site = await clinic.w.site(clinic.org, "digoin")
    one, two, three = [await queue.person(phone) for phone in (MOBILE, None, None)]
    linked = await clinic.book("09:00", 20, patient_id=one)
    first = await queue.add(one, linked_appointment_id=linked["id"], weekdays=[1, 3], local_from="08:00")
    elsewhere = await queue.add(two, site_ids=[str(site)], weekdays=[2])
    urgent = await queue.add(three, priority=9, practitioner_ids=[str(clinic.ada)])
    assert [first["rank"], elsewhere["rank"], urgent["rank"]] == [1, 1, 1]
    assert (await queue.entry(first))["rank"] == 2
    whole = (await clinic.get("waiting-entries")).json()["items"]
    assert [item["id"] for item in whole] == [urgent["id"], first["id"], elsewhere["id"]]
    page = (await clinic.get("waiting-entries", limit=2)).json()
    rest = (await clinic.get("waiting-entries", limit=2, cursor=page["next_cursor"])).json()
    assert [item["id"] for item in (*page["items"], *rest["items"])] == [item["id"] for item in whole]
    assert rest["next_cursor"] is None
    filters: dict[str, Any] = {"site": clinic.site, "practitioner": clinic.bob, "patient": two, "state": "booked"}
    found = {}
    for name, value in filters.items():
        narrowed: dict[str, Any] = {name: str(value)}
        found[name] = [item["id"] for item in (await clinic.get("waiting-entries", **narrowed)).json()["items"]]
    assert found["site"] == [urgent["id"], first["id"]]
    assert found["practitioner"] == [first["id"], elsewhere["id"]]
    assert found["patient"] == [elsewhere["id"]]
    assert found["state"] == []
    # Booked by hand for the same days: it is shown, and he goes on waiting.
    booked = await clinic.book("10:00", patient_id=two)
    assert (await queue.entry(elsewhere))["booked_meanwhile"] == booked["id"]
    for _ in range(2):
        assert (await clinic.delete(f"waiting-entries/{urgent['id']}")).status_code == 204
    assert (await queue.entry(urgent))["state"] == "withdrawn"
    assert (await queue.entry(first))["rank"] == 1


async def test_what_cannot_be_waited_for_is_refused(clinic: Clinic, queue: WaitingList) -> None:
    who, public = await queue.person(MOBILE), people.patient(MOBILE)
    hidden = await clinic.w.reason(clinic.org, "infirmier", bookable_by=["secretariat"])
    foreign = await clinic.w.site(await clinic.w.organisation("Other"))
    theirs = await clinic.book("09:00", 10)
    own = await clinic.book("10:00", 2, patient_id=who)
    cases: list[tuple[Principal, dict[str, Any], int, str]] = [
        (clinic.desk, {"to_date": clinic.day(-1).isoformat()}, 422, "TIME_INVALID"),
        (
            clinic.desk,
            {"from_date": clinic.day(-5).isoformat(), "to_date": clinic.day(-1).isoformat()},
            422,
            "TIME_INVALID",
        ),
        (clinic.desk, {"to_date": clinic.day(400).isoformat()}, 422, "TIME_INVALID"),
        (clinic.desk, {"from_date": "9999-12-31", "to_date": "9999-12-31"}, 422, "TIME_INVALID"),
        (clinic.desk, {"local_from": "12:00", "local_to": "09:00"}, 422, "TIME_INVALID"),
        (clinic.desk, {"local_from": "12:00:00+01:00"}, 422, "TIME_INVALID"),
        (
            clinic.desk,
            {"from_date": clinic.day(3).isoformat(), "linked_appointment_id": own["id"]},
            422,
            "TIME_INVALID",
        ),
        (clinic.desk, {"weekdays": [8]}, 422, "INVALID"),
        (clinic.desk, {"modes": ["teleconsultation"]}, 422, "INVALID"),
        (clinic.desk, {"audience": "secretariat"}, 422, "FIELD_NOT_ALLOWED"),
        (clinic.desk, {"reason_id": str(new_id())}, 404, "NOT_FOUND"),
        (clinic.desk, {"site_ids": [str(foreign)]}, 404, "NOT_FOUND"),
        (clinic.desk, {"practitioner_ids": [str(new_id())]}, 404, "NOT_FOUND"),
        (clinic.desk, {"linked_appointment_id": theirs["id"]}, 404, "NOT_FOUND"),
        (public, {"priority": 5}, 422, "FIELD_NOT_ALLOWED"),
        (public, {"reason_id": str(hidden)}, 404, "NOT_FOUND"),
        (people.patient(OTHER), {}, 404, "NOT_FOUND"),
    ]
    for by, wish, status, code in cases:
        answer = await queue.ask(who, by, **wish)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (wish, answer.text)
    # The same person and reason on some of these days, also when both come at once.
    answers = await asyncio.gather(*(queue.ask(who, by) for by in (clinic.desk, public)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    again = await queue.ask(who, from_date=clinic.day(30).isoformat(), to_date=clinic.day(40).isoformat())
    assert (again.json()["code"], "entry_id" in again.json()) == ("ALREADY_WAITING", True)
    assert (await queue.ask(who, from_date=clinic.day(31).isoformat(), to_date=clinic.day(40).isoformat())).is_success


async def test_rights(clinic: Clinic, queue: WaitingList) -> None:
    who = await queue.person(MOBILE)
    entry = await queue.add(who)
    await queue.free()
    offer = await queue.offer(entry)
    paths = (("get", f"waiting-entries/{entry['id']}"), ("delete", f"waiting-entries/{entry['id']}"))
    elsewhere = people.front_desk(await clinic.w.organisation("Other"))
    partner = Principal(
        "client:hospital", "partner", org=new_id(), orgs=frozenset({clinic.org}), perms=clinic.desk.perms
    )
    forbidden = people.professional("sterilisation_agent", clinic.org)
    for by, status in ((elsewhere, 404), (partner, 404), (people.patient(OTHER), 404), (forbidden, 403)):
        for method, path in paths:
            assert (await getattr(clinic, method)(path, by=by)).status_code == status, (by.kind, path)
        for said in ("accept", "decline"):
            assert (await queue.answer(offer, said, by=by)).status_code == status
        seen = await clinic.get("waiting-entries", by=by)
        assert seen.status_code == (403 if status == 403 else 200)
        assert status == 403 or seen.json()["items"] == []
    for by in (clinic.front, people.manager(clinic.org), people.nurse(clinic.org), people.patient(MOBILE)):
        assert [item["id"] for item in (await clinic.get("waiting-entries", by=by)).json()["items"]] == [entry["id"]]
    own = await queue.ask(await queue.person(), by=partner)
    assert [item["id"] for item in (await clinic.get("waiting-entries", by=partner)).json()["items"]] == [
        own.json()["id"]
    ]
    assert (await queue.ask(who, by=partner)).json().get("entry_id") is None
    # What the centre booked is not the partner's to move, nor is the order of the queue his.
    theirs = await clinic.book("10:00", 10, patient_id=(other := await queue.person()))
    for wish, refused in (
        ({"linked_appointment_id": theirs["id"]}, (404, "NOT_FOUND")),
        ({"priority": 9}, (422, "FIELD_NOT_ALLOWED")),
    ):
        answer = await queue.ask(other, by=partner, **wish)
        assert (answer.status_code, answer.json()["code"]) == refused


# --- to whom a freed time goes ------------------------------------------------------------------------------------


async def test_the_first_who_fits_is_asked(clinic: Clinic, queue: WaitingList) -> None:
    """Whoever stands before has a reason why not; the last one fits, by priority before age."""
    digoin = await clinic.w.site(clinic.org, "digoin")
    adults = await clinic.w.reason(clinic.org, "adulte", min_age=18)
    long = await clinic.w.reason(clinic.org, "long", minutes=240)
    far = await clinic.w.reason(clinic.org, "loin", min_notice_minutes=14 * 1440)
    nurse = await clinic.w.reason(clinic.org, "soin", professions=["nurse"])
    day = clinic.day(3)
    unfit: list[dict[str, object]] = [
        {"site_ids": [str(digoin)]},
        {"practitioner_ids": [str(clinic.bob)]},
        {"from_date": clinic.day(4).isoformat()},
        {"to_date": clinic.day(2).isoformat()},
        {"weekdays": [day.isoweekday() % 7 + 1]},
        {"local_from": "09:30", "practitioner_ids": [str(clinic.ada)]},
        {"local_to": "09:10"},
        {"min_notice_minutes": 10 * 1440},
        {"reason_id": str(long)},
        {"reason_id": str(far)},
        {"reason_id": str(nurse)},
    ]
    passed_over = [await queue.add(await queue.person(), priority=9, **wish) for wish in unfit]
    child = await queue.person(born=(clinic.day(0) - timedelta(days=400)).isoformat())
    passed_over.append(await queue.add(child, priority=9, reason_id=str(adults)))
    elsewhere = await queue.person()
    await clinic.book("09:10", patient_id=elsewhere, practitioner_id=clinic.bob)
    passed_over.append(await queue.add(elsewhere, priority=9))
    merged = await queue.person()
    passed_over.append(await queue.add(merged, priority=9))
    await clinic.w.connection.execute("UPDATE patient SET merged_into_id = $2 WHERE id = $1", merged, clinic.pat)
    older, urgent = await queue.add(await queue.person()), await queue.add(await queue.person(), priority=1)
    await queue.free("09:00")
    assert await queue.offered(*passed_over) == [False] * len(passed_over)
    assert await queue.offered(urgent, older) == [True, False]
    assert (await queue.offer(urgent))["start"] == clinic.at("09:00")
    # Another time is freed, which two of those fit: the first of them in the queue is asked.
    await queue.free("14:00")
    assert [n for n, asked in enumerate(await queue.offered(*passed_over)) if asked] == [5]
    await queue.free("16:00")
    assert [n for n, asked in enumerate(await queue.offered(*passed_over)) if asked] == [5, len(unfit) + 1]
    assert await queue.offered(urgent, older) == [True, False]
    await clinic.w.connection.execute("DELETE FROM waiting_entry WHERE patient_id = $1", merged)


async def test_the_whole_free_run_counts_and_the_patient_of_the_freed_time_is_not_asked(
    clinic: Clinic, queue: WaitingList, mailbox: Mailbox
) -> None:
    """A visit of 50 min fits into 20 freed beside 40 free; who gives the time back hears nothing of his own time."""
    await clinic.awake()
    long = await clinic.w.reason(clinic.org, "long", modes=[{"mode": "on_site", "minutes": 45, "buffer_minutes": 5}])
    gives = await queue.person(OTHER)
    # 9:00 to 9:40 taken, then 10:40 to 12:00: between them 9:40 to 10:40 with the visit that goes.
    for hour in ("09:00", "09:20", "10:40", "11:00", "11:20", "11:40"):
        await clinic.book(hour, patient_id=await queue.person())
    booked = await clinic.book("10:20", patient_id=gives)
    selfish = await queue.add(gives, priority=9)
    waits = await queue.add(await queue.person(MOBILE), reason_id=str(long), practitioner_ids=[str(clinic.ada)])
    # He cancels online, with his own contact proved: the offer goes to who waits all the same.
    assert (await clinic.act(booked, "cancel", by=people.patient(OTHER))).status_code == 200
    assert await queue.offered(selfish, waits) == [False, True]
    offer = await queue.offer(waits)
    assert (offer["start"], offer["end"]) == (clinic.at("09:50"), clinic.at("10:35"))
    assert await clinic.free(clinic.ada) == "09:40-09:50 14:00-18:00"
    await queue.work()
    assert {message.to for message in mailbox.messages if "/rdv/o/" in message.body} == {MOBILE}
    for message in mailbox.messages:
        assert "long" not in message.body


async def test_what_one_does_not_need_of_a_freed_time_is_offered_to_the_next(
    clinic: Clinic, queue: WaitingList
) -> None:
    """A visit of 45 min goes: two of 20 min are offered one after the other, five minutes are everybody's."""
    long = await clinic.w.reason(clinic.org, "long", minutes=45)
    for hour in ("09:45", "10:05", "10:25", "10:45", "11:05", "11:25"):
        await clinic.book(hour, patient_id=await queue.person())
    booked = await clinic.book("09:00", reason_id=long)
    entries = [await queue.add(await queue.person(), local_to="12:00") for _ in range(3)]
    assert (await clinic.act(booked, "cancel")).status_code == 200
    assert await queue.offered(*entries) == [True, True, False]
    assert [(await queue.offer(entry))["start"] for entry in entries[:2]] == [clinic.at("09:00"), clinic.at("09:20")]
    first = await queue.offer(entries[0])
    assert (await queue.answer(first, "decline")).status_code == 204
    assert await queue.offered(*entries) == [False, True, True]
    assert (await queue.offer(entries[2]))["start"] == clinic.at("09:00")
    assert await clinic.free(clinic.ada) == "09:40-09:45 11:45-12:00 14:00-18:00"


async def test_short_of_time_or_after_five_refusals_it_opens_to_all(clinic: Clinic, queue: WaitingList) -> None:
    entries = [await queue.add(await queue.person()) for _ in range(6)]
    await queue.free()
    offer = await queue.offer(entries[0])
    for entry in entries[:5]:
        offer = await queue.offer(entry)
        assert (await queue.take(clinic.moment("09:00"))).json()["code"] == "SLOT_TAKEN"
        for _ in range(2):
            assert (await queue.answer(offer, "decline")).status_code == 204
        assert await queue.state(offer) == ("declined offered" if entry is not entries[4] else "declined open")
    assert await queue.offered(entries[5]) == [False]
    assert (await queue.take(clinic.moment("09:00"))).status_code == 201
    late = await queue.answer(offer, "accept")
    assert (late.status_code, late.json()["code"]) == (410, "OFFER_EXPIRED")
    # Under the limit before the start (here four days, as a centre may choose) nobody is asked.
    await clinic.w.connection.execute("UPDATE organisation SET settings = '{\"offer_until_minutes\": 2880}'")
    await queue.free("10:00", 1)
    assert await queue.offered(entries[5]) == [False]
    assert await clinic.count("SELECT count(*) FROM freed_time") == 1


async def test_who_has_no_address_is_called(clinic: Clinic, queue: WaitingList) -> None:
    entry = await queue.add(await queue.person())
    await queue.free()
    offer = await queue.offer(entry)
    need = "SELECT cause || ' ' || state FROM call_need WHERE ref_id = $1"
    assert await clinic.w.connection.fetchval(need, UUID(offer["id"])) == "offer open"
    accepted = await queue.answer(offer, "accept")
    assert (accepted.status_code, accepted.json()["start"]) == (200, offer["start"])
    assert await clinic.w.connection.fetchval(need, UUID(offer["id"])) == "offer settled"
    events = await clinic.w.connection.fetch(
        "SELECT payload FROM kit.outbox WHERE type LIKE '%waiting_changed%' ORDER BY sequence"
    )
    assert [row["payload"].count('"state"') for row in events] == [1, 1, 1]
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE action LIKE 'waiting.%'") >= 3


async def test_without_a_worker_the_hold_dies_by_itself_and_the_time_is_everybodys(
    clinic: Clinic, queue: WaitingList
) -> None:
    entry = await queue.add(await queue.person())
    await queue.free()
    offer = await queue.offer(entry)
    await queue.overdue(offer)
    await clinic.w.connection.execute("UPDATE hold SET expires_at = kit_now() - interval '1 millisecond'")
    await clinic.w.connection.execute("UPDATE busy SET expires_at = h.expires_at FROM hold h WHERE h.id = hold_id")
    assert (await queue.take(clinic.moment("09:00"))).status_code == 201
    await queue.database.run(WORKER, holds.lapse)
    await queue.work()
    assert await queue.state(offer) == "expired open"
    assert (await queue.entry(entry))["state"] == "waiting"
