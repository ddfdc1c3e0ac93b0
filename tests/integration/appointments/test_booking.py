"""Booking over HTTP on a real base: who gets a time, who is refused and why, and what is left behind."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from maillage.ids import new_id
from tests.harness import people
from tests.harness.clinic import Clinic


async def test_a_booking_is_confirmed_and_leaves_history_event_audit_and_less_free_time(clinic: Clinic) -> None:
    booked = await clinic.book("09:20", call_id=(call := new_id()))
    assert (booked["status"], booked["version"], booked["channel"]) == ("booked", 1, "phone")
    assert booked["start"] == clinic.at("09:20")
    assert booked["late_after"] == (clinic.moment("09:20") - timedelta(hours=24)).isoformat()
    assert await clinic.free(clinic.ada) == "09:00-09:20 09:40-12:00 14:00-18:00"
    assert await clinic.count("SELECT count(*) FROM appointment_change") == 1
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE action = 'appointment.book'") == 1
    payload = await clinic.w.connection.fetchval(
        "SELECT payload FROM kit.outbox WHERE type = 'appointments.appointment_booked.v1'"
    )
    assert str(call) in payload
    assert "Essai" not in payload
    again = await clinic.get(f"appointments/{booked['id']}")
    assert again.headers["etag"] == '"1"'
    assert again.json()["practitioner_id"] == str(clinic.ada)


async def test_two_hundred_callers_on_one_time_one_is_booked_all_others_get_other_times(clinic: Clinic) -> None:
    patients = [await clinic.w.patient(clinic.org) for _ in range(200)]
    answers = await asyncio.gather(
        *(clinic.post("appointments", clinic.wish("09:20", patient_id=patient)) for patient in patients)
    )
    assert sorted(a.status_code for a in answers) == [201] + [409] * 199
    lost = [a.json() for a in answers if a.status_code == 409]
    assert {a["code"] for a in lost} == {"SLOT_TAKEN"}
    assert all(len(a["alternatives"]) == 5 for a in lost)
    assert all(a["alternatives"][0]["start"] != clinic.at("09:20") for a in lost)
    assert await clinic.count("SELECT count(*) FROM busy") == 1
    assert await clinic.count("SELECT count(*) FROM appointment") == 1
    assert await clinic.count("SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()") == 0


async def test_the_same_key_gives_the_same_appointment_and_nothing_twice(clinic: Clinic) -> None:
    body = clinic.wish("09:20")
    first, second = [await clinic.post("appointments", body, key="k-1") for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert await clinic.count("SELECT count(*) FROM appointment") == 1
    assert await clinic.count("SELECT count(*) FROM kit.outbox WHERE type LIKE '%appointment_booked%'") == 1


async def test_without_a_named_doctor_the_least_booked_of_the_day_comes_first_then_the_others(clinic: Clinic) -> None:
    await clinic.book("10:00")
    people_ = [await clinic.w.patient(clinic.org) for _ in range(3)]
    wishes = [clinic.wish("09:20", practitioner_id=None, patient_id=each) for each in people_]
    answers = [await clinic.post("appointments", wish) for wish in wishes]
    assert [a.status_code for a in answers] == [201, 201, 409]
    assert [a.json()["practitioner_id"] for a in answers[:2]] == [str(clinic.bob), str(clinic.ada)]
    assert answers[2].json()["code"] == "SLOT_TAKEN"


@pytest.mark.parametrize(
    "start",
    [
        "2020-01-01T09:00:00+01:00",
        "2027-02-30T09:00:00+01:00",
        "2027-03-01T09:00:00",
        "2027-03-01T09:02:00+01:00",
        "2027-03-01T09:00:01+01:00",
        "2027-03-01T09:00:00+25:00",
        1_900_000_000,
    ],
)
async def test_a_start_that_cannot_be_is_refused_with_its_pointer(clinic: Clinic, start: object) -> None:
    answer = await clinic.post("appointments", clinic.wish("09:00", start=start))
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/start", "TIME_INVALID")]


async def test_outside_windows_closed_audience_and_absence_are_one_answer(clinic: Clinic) -> None:
    for hour in ("08:00", "11:50", "13:00"):
        answer = await clinic.post("appointments", clinic.wish(hour))
        assert (answer.status_code, answer.json()["code"]) == (409, "SLOT_NOT_OPEN")
    start, end = clinic.moment("14:00"), clinic.moment("15:00")
    await clinic.w.connection.execute(
        """INSERT INTO absence (organisation_id, practitioner_id, during, kind, source)
           VALUES ($1, $2, tstzrange($3, $4), 'sick', 'manual')""",
        clinic.org,
        clinic.ada,
        start,
        end,
    )
    await clinic.w.connection.execute(
        "UPDATE availability SET closed = computed_closed(practitioner_id, site_id, during) WHERE practitioner_id = $1",
        clinic.ada,
    )
    await clinic.w.settle(clinic.ada)
    absent = await clinic.post("appointments", clinic.wish("14:20"))
    assert (absent.status_code, absent.json()["code"]) == (409, "SLOT_NOT_OPEN")
    assert "sick" not in absent.text
    await clinic.w.connection.execute(
        "UPDATE availability SET secretariat_from = NULL WHERE practitioner_id = $1", clinic.bob
    )
    closed = await clinic.post("appointments", clinic.wish("09:00", practitioner_id=clinic.bob))
    assert (closed.status_code, closed.json()["code"]) == (409, "SLOT_NOT_OPEN")
    assert await clinic.count("SELECT count(*) FROM busy") == 0
    assert await clinic.free(clinic.bob) == "09:00-12:00 14:00-18:00"


@pytest.mark.parametrize(
    ("rule", "born", "code", "status"),
    [
        ({"min_age": 18}, "2012-01-01", "AGE_NOT_ALLOWED", 422),
        ({"max_age": 18}, "1980-01-01", "AGE_NOT_ALLOWED", 422),
        ({"first_visit": "never"}, "1980-01-01", "FIRST_VISIT_RULE", 422),
        ({"known_patient_only": True}, "1980-01-01", "FIRST_VISIT_RULE", 422),
        ({"min_notice_minutes": 60 * 24 * 10}, "1980-01-01", "NOTICE_TOO_SHORT", 422),
        ({"max_ahead_days": 1}, "1980-01-01", "TOO_FAR_AHEAD", 422),
        ({"bookable_by": ["public"]}, "1980-01-01", "NOT_FOUND", 404),
        ({"active": False}, "1980-01-01", "NOT_FOUND", 404),
    ],
)
async def test_the_rules_of_a_reason_are_kept(
    clinic: Clinic, rule: dict[str, object], born: str, code: str, status: int
) -> None:
    reason = await clinic.w.reason(clinic.org, "ruled", **rule)  # type: ignore[arg-type]
    patient = await clinic.w.patient(clinic.org, born=born)
    answer = await clinic.post("appointments", clinic.wish("09:00", reason_id=reason, patient_id=patient))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await clinic.count("SELECT count(*) FROM busy") == 0


async def test_a_second_visit_of_a_reason_keeps_its_gap(clinic: Clinic) -> None:
    reason = await clinic.w.reason(clinic.org, "yearly", min_gap_days=10)
    await clinic.book("09:00", 3, reason_id=reason)
    near = await clinic.post("appointments", clinic.wish("09:00", 12, reason_id=reason))
    assert (near.status_code, near.json()["code"]) == (409, "GAP_TOO_SHORT")
    assert (await clinic.book("09:00", 13, reason_id=reason))["status"] == "booked"


async def test_a_patient_is_in_one_place_at_a_time_and_those_who_may_are_told_where(clinic: Clinic) -> None:
    first = await clinic.book("09:00")
    answer = await clinic.post("appointments", clinic.wish("09:10", practitioner_id=clinic.bob))
    assert (answer.status_code, answer.json()["code"]) == (409, "PATIENT_BUSY")
    assert answer.json()["appointment_id"] == first["id"]
    assert await clinic.free(clinic.bob) == "09:00-12:00 14:00-18:00"


@pytest.mark.parametrize("field", ["ins", "identity_status", "organisation_id", "audience", "status", "channel"])
async def test_what_is_derived_cannot_be_sent(clinic: Clinic, field: str) -> None:
    answer = await clinic.post("appointments", {**clinic.wish("09:00"), field: "x"})
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(f"/{field}", "FIELD_NOT_ALLOWED")]
    assert await clinic.count("SELECT count(*) FROM appointment") == 0


async def test_ids_of_another_organisation_do_not_exist(clinic: Clinic) -> None:
    other = await clinic.w.organisation("Autre")
    foreign: dict[str, Any] = {
        "patient_id": await clinic.w.patient(other),
        "reason_id": await clinic.w.reason(other, "consultation"),
        "site_id": await clinic.w.site(other, "ailleurs"),
    }
    for field, value in foreign.items():
        answer = await clinic.post("appointments", clinic.wish("09:00", **{field: value}))
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), field
    doctor = await clinic.w.practitioner(other)
    answer = await clinic.post("appointments", clinic.wish("09:00", practitioner_id=doctor))
    assert (answer.status_code, answer.json()["code"]) == (409, "SLOT_NOT_OPEN")


# --- overbooking --------------------------------------------------------------------------------------------------


async def test_overbooking_gives_back_only_what_nobody_uses(clinic: Clinic) -> None:
    """Scenario 8: a fever at 10:10 over the visit of 10:00; cancelling that one frees 10:00-10:10 only."""
    booked = await clinic.book("10:00", by=clinic.front)
    fever = await clinic.w.patient(clinic.org)
    over = await clinic.book("10:10", by=clinic.front, patient_id=fever, overbook_reason="fièvre")
    assert over["overbooked"] is True
    assert await clinic.free(clinic.ada) == "09:00-10:00 10:30-12:00 14:00-18:00"
    assert (await clinic.act(booked, "cancel")).status_code == 200
    assert await clinic.free(clinic.ada) == "09:00-10:10 10:30-12:00 14:00-18:00"
    third = await clinic.w.patient(clinic.org)
    blocked = await clinic.post("appointments", clinic.wish("10:00", patient_id=third))
    assert (blocked.status_code, blocked.json()["code"]) == (409, "SLOT_TAKEN")
    assert (await clinic.book("09:50", patient_id=third))["status"] == "booked"


async def test_overbooking_asks_for_the_right_a_reason_and_has_a_limit_per_half_day(clinic: Clinic) -> None:
    await clinic.book("09:00")
    patients = [await clinic.w.patient(clinic.org) for _ in range(5)]

    async def over(hour: str, patient: object, **fields: Any) -> tuple[int, str | None]:
        by = fields.pop("by", clinic.front)
        wish = clinic.wish(hour, patient_id=patient, **fields)
        answer = await clinic.post("appointments", wish, by=by)
        return answer.status_code, answer.json().get("code")

    assert await over("09:00", patients[0], overbook_reason="x", by=clinic.desk) == (403, "NOT_ALLOWED")
    assert await over("09:00", patients[0], overbook=True) == (422, "REASON_REQUIRED")
    assert await over("09:00", patients[0], overbook_reason="x") == (201, None)
    assert await over("09:05", patients[1], overbook_reason="x") == (201, None)
    assert await over("11:00", patients[2], overbook_reason="x") == (409, "OVERBOOK_LIMIT")
    assert await over("14:00", patients[3], overbook_reason="x") == (201, None)
    assert await over("12:30", patients[4], overbook_reason="x", practitioner_id=clinic.bob) == (409, "SLOT_NOT_OPEN")


async def test_a_practitioner_overbooks_only_his_own_times(clinic: Clinic) -> None:
    me = new_id()
    await clinic.w.connection.execute("UPDATE practitioner SET person_id = $2 WHERE id = $1", clinic.ada, me)
    doctor = people.practitioner(clinic.org, person=me)
    mine = await clinic.post("appointments", clinic.wish("09:00", overbook_reason="x"), by=doctor)
    assert mine.status_code == 201
    wish = clinic.wish("14:00", practitioner_id=clinic.bob, overbook_reason="x")
    theirs = await clinic.post("appointments", wish, by=doctor)
    assert (theirs.status_code, theirs.json()["code"]) == (403, "NOT_ALLOWED")


async def test_ten_overbookings_at_once_keep_the_limit(clinic: Clinic) -> None:
    patients = [await clinic.w.patient(clinic.org) for _ in range(10)]
    wishes = [clinic.wish("09:00", patient_id=each, overbook_reason="x") for each in patients]
    answers = await asyncio.gather(*(clinic.post("appointments", wish, by=clinic.front) for wish in wishes))
    assert sorted(a.status_code for a in answers) == [201] * 2 + [409] * 8


# --- online -------------------------------------------------------------------------------------------------------

IDENTITY = {"birth_family_name": "Durand", "birth_given_names": "Lou", "birth_date": "1990-05-06"}


async def test_online_a_person_books_by_a_proved_contact_and_is_known_the_next_time(clinic: Clinic) -> None:
    lou = people.patient("+33639980001")
    first = await clinic.book("09:00", by=lou, identity=IDENTITY)
    second = await clinic.book("10:00", by=lou, identity=IDENTITY)
    assert (first["channel"], first["messages"]) == ("online", ["sms"])
    assert first["patient_id"] == second["patient_id"]
    assert first["booked_by"] is None
    known = await clinic.book("11:00", by=lou, patient_id=first["patient_id"])
    assert known["patient_id"] == first["patient_id"]
    stranger = people.patient("+33639980002")
    refused = await clinic.post("appointments", clinic.wish("14:00", patient_id=first["patient_id"]), by=stranger)
    assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")


async def test_online_a_reason_has_a_number_of_live_appointments(clinic: Clinic) -> None:
    lou = people.patient("+33639980001")
    reason = await clinic.w.reason(clinic.org, "scarce", max_live=2)
    hours = ("09:00", "10:00", "11:00")
    answers = await asyncio.gather(
        *(clinic.post("appointments", clinic.wish(hour, reason_id=reason, identity=IDENTITY), by=lou) for hour in hours)
    )
    assert sorted(a.status_code for a in answers) == [201, 201, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"MAX_LIVE"}
    patient = next(a.json()["patient_id"] for a in answers if a.status_code == 201)
    assert (await clinic.book("15:00", reason_id=reason, patient_id=patient))["channel"] == "desk"


async def test_online_booking_can_be_closed_to_a_person_the_phone_never_is(clinic: Clinic) -> None:
    lou = people.patient("+33639980001")
    patient = (await clinic.book("09:00", by=lou, identity=IDENTITY))["patient_id"]
    await clinic.w.connection.execute("UPDATE organisation SET phone = '+33385347100'")
    await clinic.w.connection.execute("UPDATE patient SET online_blocked_until = now() + interval '1 month'")
    refused = await clinic.post("appointments", clinic.wish("10:00", patient_id=patient), by=lou)
    assert (refused.status_code, refused.json()["code"]) == (409, "ONLINE_BLOCKED")
    assert refused.json()["phone"] == "+33385347100"
    assert (await clinic.book("10:00", patient_id=patient))["status"] == "booked"


async def test_what_needs_confirmation_is_pending_online_and_booked_by_the_centre(clinic: Clinic) -> None:
    reason = await clinic.w.reason(clinic.org, "asked", needs_confirmation=True)
    lou = people.patient("+33639980001")
    asked = await clinic.book("09:00", by=lou, identity=IDENTITY, reason_id=reason)
    assert asked["status"] == "pending"
    assert (await clinic.book("10:00", reason_id=reason))["status"] == "booked"
    assert (await clinic.act(asked, "confirm")).status_code == 403
    confirmed = (await clinic.act(asked, "confirm", by=clinic.front)).json()
    assert (confirmed["status"], confirmed["version"], confirmed["messages"]) == ("booked", 2, ["sms"])


# --- several resources --------------------------------------------------------------------------------------------


async def test_a_visit_takes_its_room_and_its_nurse_or_nothing(clinic: Clinic) -> None:
    nurse = await clinic.doctor(profession="nurse")
    room = await clinic.w.room(clinic.org, clinic.site, "plaster")
    needs = [{"kind": "room", "tag": "plaster"}, {"kind": "practitioner", "profession": "nurse"}]
    reason = await clinic.w.reason(clinic.org, "plaster", needs=needs)
    booked = await clinic.book("09:00", reason_id=reason)
    owners = await clinic.w.connection.fetch("SELECT resource_id FROM busy")
    assert {row["resource_id"] for row in owners} == {clinic.ada, nurse, room}
    assert await clinic.free(nurse) == "09:20-12:00 14:00-18:00"
    other = await clinic.w.patient(clinic.org)
    wish = clinic.wish("09:00", reason_id=reason, practitioner_id=clinic.bob, patient_id=other)
    taken = await clinic.post("appointments", wish)
    assert (taken.status_code, taken.json()["code"]) == (409, "SLOT_TAKEN")
    assert await clinic.free(clinic.bob) == "09:00-12:00 14:00-18:00"
    assert (await clinic.act(booked, "cancel")).status_code == 200
    assert await clinic.free(nurse) == "09:00-12:00 14:00-18:00"


async def test_sixteen_callers_on_two_doctors_who_share_rooms_and_nurses_never_deadlock(clinic: Clinic) -> None:
    for _ in range(2):
        await clinic.doctor(profession="nurse")
        await clinic.w.room(clinic.org, clinic.site, "plaster")
    needs = [{"kind": "practitioner", "profession": "nurse"}, {"kind": "room", "tag": "plaster"}]
    reason = await clinic.w.reason(clinic.org, "plaster", needs=needs)
    patients = [await clinic.w.patient(clinic.org) for _ in range(16)]

    async def caller(place: int) -> list[int]:
        doctor = (clinic.ada, clinic.bob)[place % 2]
        statuses = []
        for turn in range(5):
            hour = f"{9 + turn // 3:02}:{turn % 3 * 20:02}"
            wish = clinic.wish(hour, reason_id=reason, practitioner_id=doctor, patient_id=patients[place])
            statuses.append((await clinic.post("appointments", wish)).status_code)
        return statuses

    answers = [status for each in await asyncio.gather(*(caller(n) for n in range(16))) for status in each]
    assert set(answers) == {201, 409}
    assert answers.count(201) == 10
    assert await clinic.count("SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()") == 0
