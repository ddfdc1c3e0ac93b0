"""What happens to an appointment after its booking, over HTTP on a real base: moves, ends, guards, reach, history."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from maillage import clock
from maillage.ids import new_id
from tests.harness import people
from tests.harness.clinic import Clinic

IDENTITY = {"birth_family_name": "Durand", "birth_given_names": "Lou", "birth_date": "1990-05-06"}


async def test_a_move_keeps_the_appointment_and_is_never_in_its_own_way(clinic: Clinic) -> None:
    booked = await clinic.book("09:00")
    moved = await clinic.act(booked, "move", {"start": clinic.at("09:10")})
    assert moved.status_code == 200
    assert (moved.json()["id"], moved.json()["version"], moved.json()["start"]) == (booked["id"], 2, clinic.at("09:10"))
    assert await clinic.free(clinic.ada) == "09:00-09:10 09:30-12:00 14:00-18:00"
    other = await clinic.act(booked, "move", {"start": clinic.at("14:00"), "practitioner_id": str(clinic.bob)})
    assert other.json()["practitioner_id"] == str(clinic.bob)
    assert await clinic.free(clinic.ada) == "09:00-12:00 14:00-18:00"
    assert await clinic.free(clinic.bob) == "09:00-12:00 14:20-18:00"
    payload = await clinic.w.connection.fetchval(
        "SELECT payload FROM kit.outbox WHERE type = 'appointments.appointment_moved.v1' ORDER BY sequence DESC LIMIT 1"
    )
    assert f'"practitioner_id":"{clinic.ada}"' in payload.partition("previous")[2]


async def test_a_move_that_cannot_be_leaves_everything_as_it_was(clinic: Clinic) -> None:
    booked = await clinic.book("09:00")
    await clinic.book("10:00", patient_id=await clinic.w.patient(clinic.org))
    taken = await clinic.act(booked, "move", {"start": clinic.at("10:10")})
    assert (taken.status_code, taken.json()["code"]) == (409, "SLOT_TAKEN")
    assert taken.json()["alternatives"]
    closed = await clinic.act(booked, "move", {"start": clinic.at("13:00")})
    assert (closed.status_code, closed.json()["code"]) == (409, "SLOT_NOT_OPEN")
    now = await clinic.get(f"appointments/{booked['id']}")
    assert (now.json()["version"], now.json()["start"]) == (1, clinic.at("09:00"))
    assert await clinic.free(clinic.ada) == "09:20-10:00 10:20-12:00 14:00-18:00"


async def test_a_patient_is_not_moved_onto_another_visit_of_his(clinic: Clinic) -> None:
    booked = await clinic.book("09:00")
    other = await clinic.book("10:00", practitioner_id=clinic.bob)
    busy = await clinic.act(booked, "move", {"start": clinic.at("10:10")})
    assert (busy.status_code, busy.json()["code"]) == (409, "PATIENT_BUSY")
    assert busy.json()["appointment_id"] == other["id"]


async def test_cancelled_twice_is_one_event_one_message_and_the_same_answer(clinic: Clinic) -> None:
    lou = people.patient("+33639980001")
    booked = await clinic.book("09:00", by=lou, identity=IDENTITY)
    first = await clinic.act(booked, "cancel", {"reason": "empêchement"}, by=lou)
    second = await clinic.act(booked, "cancel", by=lou)
    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.json()["status"], second.json()["version"], first.json()["late"]) == ("cancelled", 2, False)
    assert (
        await clinic.count("SELECT count(*) FROM kit.outbox WHERE type = 'appointments.appointment_cancelled.v1'") == 1
    )
    assert await clinic.count("SELECT count(*) FROM message WHERE kind = 'cancelled'") == 1
    assert await clinic.count("SELECT count(*) FROM message WHERE kind = 'confirmation' AND state = 'planned'") == 0
    assert await clinic.free(clinic.ada) == "09:00-12:00 14:00-18:00"


async def test_a_late_cancellation_is_accepted_and_marked(clinic: Clinic) -> None:
    booked = await clinic.book("09:00")
    await clinic.shift(booked, clock.now() + timedelta(hours=5))
    assert (await clinic.act(booked, "cancel")).json()["late"] is True


async def test_the_public_moves_until_two_hours_before_and_cancels_until_the_start(clinic: Clinic) -> None:
    await clinic.w.connection.execute("UPDATE organisation SET phone = '+33385347100'")
    lou = people.patient("+33639980001")
    booked = await clinic.book("09:00", by=lou, identity=IDENTITY)
    await clinic.shift(booked, clock.now() + timedelta(minutes=110))
    late = await clinic.act(booked, "move", {"start": clinic.at("10:00")}, by=lou)
    assert (late.status_code, late.json()["code"], late.json()["phone"]) == (409, "MOVE_TOO_LATE", "+33385347100")
    assert (await clinic.act(booked, "move", {"start": clinic.at("10:00")})).status_code == 200
    await clinic.shift(booked, clock.now() - timedelta(minutes=1))
    assert (await clinic.act(booked, "cancel", by=lou)).json()["code"] == "ALREADY_STARTED"
    assert (await clinic.act(booked, "cancel")).json()["code"] == "ALREADY_STARTED"
    assert (await clinic.act(booked, "cancel", by=clinic.front)).status_code == 200


async def test_the_day_of_a_visit_from_arrival_to_done_and_back(clinic: Clinic) -> None:
    booked = await clinic.book("09:00", by=clinic.front)
    early = await clinic.act(booked, "arrive", by=clinic.front)
    assert (early.status_code, early.json()["code"]) == (409, "ARRIVAL_TOO_EARLY")
    assert (await clinic.act(booked, "fulfil", by=clinic.front)).json()["code"] == "NOT_STARTED"
    await clinic.shift(booked, clock.now() + timedelta(minutes=1))
    steps: list[tuple[str, str]] = []
    for event in ("arrive", "fulfil", "reopen"):
        answer = await clinic.act(booked, event, by=clinic.front)
        assert answer.status_code == 200, answer.text
        steps.append((answer.json()["status"], str(answer.json()["version"])))
    assert steps == [("arrived", "2"), ("fulfilled", "3"), ("booked", "4")]
    assert await clinic.count("SELECT count(*) FROM patient WHERE first_seen_at IS NOT NULL") == 1
    history = (await clinic.get(f"appointments/{booked['id']}/history")).json()["items"]
    assert [(h["version"], h["event"]) for h in history] == [(1, "book"), (2, "arrive"), (3, "fulfil"), (4, "reopen")]
    assert history[1]["role"] == "front_desk"


async def test_three_misses_close_online_booking_and_taking_one_back_opens_it(clinic: Clinic) -> None:
    lou = people.patient("+33639980001")
    visits = [await clinic.book("09:00", days, by=lou, identity=IDENTITY) for days in (3, 4, 5, 6)]
    early = await clinic.act(visits[0], "miss", by=clinic.front)
    assert (early.status_code, early.json()["code"]) == (409, "MISS_TOO_EARLY")
    for place, visit in enumerate(visits):
        await clinic.shift(visit, clock.now() - timedelta(hours=2 + place))
    assert (await clinic.act(visits[0], "miss", {"excused": True}, by=clinic.front)).json()["excused"] is True
    for visit in visits[1:]:
        assert (await clinic.act(visit, "miss", by=clinic.front)).status_code == 200
    wish = clinic.wish("14:00", identity=IDENTITY)
    assert (await clinic.post("appointments", wish, by=lou)).json()["code"] == "ONLINE_BLOCKED"
    assert (await clinic.act(visits[1], "reopen", by=clinic.front)).status_code == 200
    assert (await clinic.post("appointments", wish, by=lou)).status_code == 201


async def test_a_cancellation_is_taken_back_within_a_day_if_the_time_is_still_free(clinic: Clinic) -> None:
    booked = await clinic.book("09:00")
    await clinic.act(booked, "cancel")
    again = await clinic.act(booked, "reopen")
    assert (again.status_code, again.json()["status"], again.json()["version"]) == (200, "booked", 3)
    assert await clinic.free(clinic.ada) == "09:20-12:00 14:00-18:00"
    await clinic.act(booked, "cancel")
    await clinic.book("09:00", patient_id=await clinic.w.patient(clinic.org))
    assert (await clinic.act(booked, "reopen")).json()["code"] == "SLOT_TAKEN"
    await clinic.w.connection.execute("UPDATE appointment SET changed_at = changed_at - interval '25 hours'")
    assert (await clinic.act(booked, "reopen")).json()["code"] == "REOPEN_TOO_LATE"


async def test_to_void_asks_for_a_reason_and_the_front_desk_and_gives_the_time_back(clinic: Clinic) -> None:
    booked = await clinic.book("09:00")
    assert (await clinic.act(booked, "void", {"reason": "doublon"})).status_code == 403
    assert (await clinic.act(booked, "void", by=clinic.front)).json()["code"] == "REASON_REQUIRED"
    gone = await clinic.act(booked, "void", {"reason": "doublon"}, by=clinic.front)
    assert gone.json()["status"] == "entered-in-error"
    assert await clinic.free(clinic.ada) == "09:00-12:00 14:00-18:00"
    assert await clinic.count("SELECT count(*) FROM kit.outbox WHERE payload LIKE '%doublon%'") == 0
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE facts LIKE '%doublon%'") == 0


async def test_a_wrong_state_says_where_it_stands_and_what_can_be_done(clinic: Clinic) -> None:
    booked = await clinic.book("09:00")
    wrong = await clinic.act(booked, "confirm", by=clinic.front)
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["state"]) == (409, "WRONG_STATE", "booked")
    assert wrong.json()["allowed"] == ["arrive", "cancel", "fulfil", "miss", "move", "void"]


async def test_a_stale_version_changes_nothing(clinic: Clinic) -> None:
    booked = await clinic.book("09:00")
    path = f"appointments/{booked['id']}/move"
    assert (await clinic.post(path, {"start": clinic.at("09:20")}, if_match='"1"')).status_code == 200
    stale = await clinic.post(path, {"start": clinic.at("09:40")}, if_match='"1"')
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (412, "VERSION_STALE", 2)


async def test_who_does_not_reach_an_appointment_hears_that_there_is_none(clinic: Clinic) -> None:
    lou, other = people.patient("+33639980001"), people.patient("+33639980002")
    booked = await clinic.book("09:00", by=lou, identity=IDENTITY)
    strangers = [
        other,
        people.telesecretary(new_id()),
        people.front_desk(new_id()),
        people.professional("regulator", new_id()),
    ]
    for stranger in strangers:
        assert (await clinic.get(f"appointments/{booked['id']}", by=stranger)).status_code == 404
        assert (await clinic.act(booked, "cancel", by=stranger)).status_code == 404
    assert (await clinic.get(f"appointments/{booked['id']}/history", by=other)).status_code == 404
    assert (await clinic.get(f"appointments/{booked['id']}", by=lou)).status_code == 200
    assert (await clinic.get("appointments", by=other)).json()["items"] == []
    assert [a["id"] for a in (await clinic.get("appointments", by=lou)).json()["items"]] == [booked["id"]]


async def test_a_parent_reaches_the_appointments_of_the_child_he_may_book_for(clinic: Clinic) -> None:
    parent = people.patient("+33639980001")
    mother = (await clinic.book("09:00", by=parent, identity=IDENTITY))["patient_id"]
    child = await clinic.w.patient(clinic.org, born="2019-04-02")
    await clinic.w.connection.execute(
        """INSERT INTO relation (patient_id, other_patient_id, organisation_id, kind)
           VALUES ($1, $2::text::uuid, $3, 'parent')""",
        child,
        mother,
        clinic.org,
    )
    booked = await clinic.book("14:00", by=parent, patient_id=child)
    assert len((await clinic.get("appointments", by=parent)).json()["items"]) == 2
    assert (await clinic.act(booked, "cancel", by=parent)).status_code == 200


async def test_a_regulator_sees_and_moves_only_what_he_booked(clinic: Clinic) -> None:
    fifteen = replace(people.professional("regulator", new_id()), orgs=None)
    mine = await clinic.book("09:00", by=fifteen)
    await clinic.book("10:00", patient_id=await clinic.w.patient(clinic.org))
    assert mine["channel"] == "sas"
    assert [a["id"] for a in (await clinic.get("appointments", by=fifteen)).json()["items"]] == [mine["id"]]
    assert await clinic.count("SELECT count(*) FROM appointment WHERE operator_id IS NOT NULL") == 1


async def test_lists_are_narrowed_and_go_on_where_they_stopped(clinic: Clinic) -> None:
    call = new_id()
    first = await clinic.book("09:00", call_id=call)
    for hour in ("09:20", "09:40", "10:00"):
        await clinic.book(hour, patient_id=await clinic.w.patient(clinic.org))
    day = str(clinic.day())
    page = (await clinic.get("appointments", day=day, limit=3)).json()
    rest = (await clinic.get("appointments", day=day, limit=3, cursor=page["next_cursor"])).json()
    assert [len(page["items"]), len(rest["items"]), rest["next_cursor"]] == [3, 1, None]
    asked: list[tuple[dict[str, Any], int]] = [
        ({"call_id": str(call)}, 1),
        ({"day": day, "practitioner": str(clinic.bob)}, 0),
        ({"day": day, "site": str(clinic.site), "status": "booked"}, 4),
        ({"patient": str(clinic.pat)}, 1),
        ({"day": day, "conflict": "true"}, 0),
    ]
    for params, count in asked:
        assert len((await clinic.get("appointments", **params)).json()["items"]) == count, params
    assert (await clinic.act(first, "cancel")).status_code == 200
    assert len((await clinic.get("appointments", day=day, status="cancelled")).json()["items"]) == 1


@pytest.mark.parametrize("event", ["arrive", "fulfil", "miss", "leave", "reopen", "void", "confirm", "decline"])
async def test_patients_move_and_cancel_and_nothing_else(clinic: Clinic, event: str) -> None:
    lou = people.patient("+33639980001")
    booked = await clinic.book("09:00", by=lou, identity=IDENTITY)
    answer = await clinic.act(booked, event, by=lou)
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED")


async def test_who_looks_at_what_one_patient_comes_for_is_in_the_audit_of_the_patient(clinic: Clinic) -> None:
    """One appointment, its history, a patient's list: each reading by staff. A day's list names nobody."""
    booked = await clinic.book("09:00")
    sql = "SELECT actor, facts FROM kit.audit WHERE action = 'appointment.read' AND record_id = $1 ORDER BY at, id"
    patient = UUID(str(booked["patient_id"]))
    desk = people.front_desk(clinic.org)
    day = await clinic.get("appointments", by=desk, day=str(booked["start"])[:10])
    assert [each["id"] for each in day.json()["items"]] == [booked["id"]]
    assert (await clinic.get("appointments", by=desk, patient=str(new_id()))).json()["items"] == []
    assert await clinic.w.connection.fetch(sql, patient) == []
    one = f"appointments/{booked['id']}"
    for path in (one, f"{one}/history"):
        assert (await clinic.get(path, by=desk)).status_code == 200, path
    assert len((await clinic.get("appointments", by=desk, patient=str(patient))).json()["items"]) == 1
    rows = await clinic.w.connection.fetch(sql, patient)
    assert {row["actor"] for row in rows} == {desk.sub}
    assert [json.loads(row["facts"])["appointment"] for row in rows] == [booked["id"], booked["id"], None]
