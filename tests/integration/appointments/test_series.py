"""Series over HTTP: several visits in one act, each under the rules of a booking, or nothing."""

import asyncio
from datetime import timedelta
from uuid import UUID

from maillage.ids import new_id
from tests.harness import people
from tests.harness.clinic import Clinic, Json

MINE = "SELECT count(*) FROM appointment WHERE patient_id = $1"


def asked(clinic: Clinic, *hours: tuple[str, int], **fields: object) -> Json:
    """A series of patient Pat with doctor Ada at these hours of days ahead."""
    starts = {"starts": [clinic.at(hour, days) for hour, days in hours]} if hours else {}
    wish = {"patient_id": str(clinic.pat), "reason_id": str(clinic.reason), "site_id": str(clinic.site)}
    return {**wish, "practitioner_ids": [str(clinic.ada)], **starts, **fields}


def weekly(clinic: Clinic, count: int = 4, **fields: object) -> Json:
    """Four Tuesdays, or whatever day lies three days ahead."""
    return asked(clinic, start=clinic.at("09:00"), rrule=f"FREQ=WEEKLY;COUNT={count}", **fields)


async def made(clinic: Clinic, body: Json) -> Json:
    """A series that must succeed."""
    answer = await clinic.post("series", body)
    assert answer.status_code == 201, answer.text
    series: Json = answer.json()
    return series


def times(items: object, name: str = "start") -> list[str]:
    """The starts of what was created or refused."""
    assert isinstance(items, list)
    return [item[name] for item in items]


async def test_four_weeks_are_one_act_one_message_and_four_visits(clinic: Clinic) -> None:
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980001')",
        clinic.org,
        clinic.pat,
    )
    rehearsed = await clinic.post("series", weekly(clinic, dry_run=True))
    assert (rehearsed.status_code, rehearsed.json()["id"], len(rehearsed.json()["created"])) == (200, None, 4)
    for table in ("appointment", "series", "message", "kit.outbox WHERE type LIKE 'appointments.appointment%'"):
        assert await clinic.count(f"SELECT count(*) FROM {table}") == 0, table

    key = new_id().hex
    first = await clinic.post("series", weekly(clinic), key=key)
    again = await clinic.post("series", weekly(clinic), key=key)
    assert (first.status_code, again.json()) == (201, first.json())
    series = first.json()
    assert (times(series["created"]), series["refused"]) == ([clinic.at("09:00", 3 + 7 * n) for n in range(4)], [])
    assert series["messages"] == ["sms"]
    kinds = await clinic.w.connection.fetch("SELECT kind, count(*) AS n FROM message GROUP BY kind ORDER BY kind")
    assert {row["kind"] for row in kinds} == {"series", "reminder"}
    assert {row["n"] for row in kinds if row["kind"] == "series"} == {1}

    kept = (await clinic.get(f"series/{series['id']}")).json()
    assert times(kept["appointments"]) == times(series["created"])
    assert {visit["series_id"] for visit in kept["appointments"]} == {series["id"]}
    moved = await clinic.act(kept["appointments"][1], "move", {"start": clinic.at("15:00", 11)})
    assert (moved.status_code, moved.json()["series_id"]) == (200, series["id"])
    assert (await clinic.act(kept["appointments"][0], "cancel")).status_code == 200
    for _ in range(2):
        over = await clinic.post(f"series/{series['id']}/cancel", {"reason": "guérie"})
        assert [(visit["status"], visit["version"]) for visit in over.json()["appointments"]] == [
            ("cancelled", 2), ("cancelled", 3), ("cancelled", 2), ("cancelled", 2)
        ]  # fmt: skip
    assert await clinic.free(clinic.ada) == "09:00-12:00 14:00-18:00"
    events = "SELECT count(*) FROM kit.outbox WHERE type = 'appointments.appointment_cancelled.v1'"
    assert await clinic.count(events) == 4


async def test_a_time_that_cannot_be_had_is_skipped_fails_all_or_becomes_the_nearest(clinic: Clinic) -> None:
    for hour in ("09:00", "09:20"):
        await clinic.book(hour, 10, patient_id=await clinic.w.patient(clinic.org))
    body = weekly(clinic, 3)
    skipped = (await clinic.post("series", body | {"dry_run": True})).json()
    assert times(skipped["created"]) == [clinic.at("09:00"), clinic.at("09:00", 17)]
    assert [(item["start"], item["code"]) for item in skipped["refused"]] == [(clinic.at("09:00", 10), "SLOT_TAKEN")]
    assert skipped["refused"][0]["alternatives"][0]["start"] == clinic.at("09:40", 10)

    failed = await clinic.post("series", body | {"on_conflict": "fail"})
    assert (failed.status_code, failed.json()["code"]) == (409, "SERIES_CONFLICT")
    assert failed.json()["refused"] == skipped["refused"]
    assert await clinic.count(MINE, clinic.pat) == 0

    near = await made(clinic, body | {"on_conflict": "nearest"})
    assert times(near["created"], "wanted") == [clinic.at("09:00", n) for n in (3, 10, 17)]
    assert times(near["created"]) == [clinic.at("09:00"), clinic.at("09:40", 10), clinic.at("09:00", 17)]

    # Ada's whole day goes: a colleague the same day comes before Ada the day after, none of both before nobody.
    away: Json = {"practitioner_id": str(clinic.ada), "start": clinic.at("00:00", 24), "end": clinic.at("00:00", 25)}
    assert (await clinic.post("absences", away, by=people.manager(clinic.org))).status_code == 201
    one = asked(clinic, ("09:00", 24), on_conflict="nearest", dry_run=True)
    got = (await clinic.post("series", one)).json()["created"]
    assert [(visit["start"], visit["practitioner_id"]) for visit in got] == [(clinic.at("09:00", 24), str(clinic.bob))]
    for doctor in (clinic.ada, clinic.bob):
        for n in (23, 24):
            closed = away | {
                "practitioner_id": str(doctor),
                "start": clinic.at("00:00", n),
                "end": clinic.at("00:00", n + 1),
            }
            assert (await clinic.post("absences", closed, by=people.manager(clinic.org))).status_code == 201
    got = (await clinic.post("series", one)).json()["created"]
    assert [(visit["start"], visit["practitioner_id"]) for visit in got] == [(clinic.at("09:00", 25), str(clinic.ada))]
    either = asked(
        clinic,
        ("09:00", 10),
        practitioner_ids=[str(clinic.ada), str(clinic.bob)],
        patient_id=str(await clinic.w.patient(clinic.org)),
    )
    assert (await made(clinic, either))["created"][0]["practitioner_id"] == str(clinic.bob)  # type: ignore[index]


async def test_each_visit_obeys_the_rules_of_its_reason(clinic: Clinic) -> None:
    gap = await clinic.w.reason(
        clinic.org, "bilan", min_gap_days=7, max_ahead_days=30, min_notice_minutes=48 * 60, max_age=46
    )
    born = clinic.day(40).replace(year=clinic.day(40).year - 47).isoformat()
    young = await clinic.w.patient(clinic.org, born=born)
    hours = [("09:00", day) for day in (1, 3, 5, 10, 35, 50)]
    body = asked(clinic, *hours, reason_id=str(gap), patient_id=str(young))
    series = await made(clinic, body)
    assert times(series["created"]) == [clinic.at("09:00", 3), clinic.at("09:00", 10)]
    refused = series["refused"]
    assert isinstance(refused, list)
    assert [(item["start"], item["code"]) for item in refused] == [
        (clinic.at("09:00", 1), "NOTICE_TOO_SHORT"),
        (clinic.at("09:00", 5), "GAP_TOO_SHORT"),
        (clinic.at("09:00", 35), "TOO_FAR_AHEAD"),
        (clinic.at("09:00", 50), "AGE_NOT_ALLOWED"),
    ]
    busy = await clinic.post("series", asked(clinic, ("09:10", 3), patient_id=str(young), practitioner_ids=[]))
    assert (busy.status_code, busy.json()["refused"][0]["code"]) == (409, "PATIENT_BUSY")

    nurse = await clinic.doctor(profession="nurse")
    protocol: Json = {
        "title": "Pansements",
        "reference": "PC-071-2025",
        "first_day": clinic.day(-10).isoformat(),
        "last_day": clinic.day(6).isoformat(),
        "physicians": [{"practitioner_id": str(clinic.ada)}],
        "nurses": [{"practitioner_id": str(nurse), "trained_on": clinic.day(-9).isoformat()}],
    }
    signed = await clinic.post("protocols", protocol, by=people.manager(clinic.org))
    care = await clinic.w.reason(clinic.org, "soin", professions=["nurse"], protocol_id=UUID(signed.json()["id"]))
    care_body = asked(clinic, ("10:00", 5), ("10:00", 7), reason_id=str(care), practitioner_ids=[])
    delegated = await made(clinic, care_body)
    assert (times(delegated["created"]), times(delegated["refused"])) == (
        [clinic.at("10:00", 5)],
        [clinic.at("10:00", 7)],
    )
    visits = (await clinic.get(f"series/{delegated['id']}")).json()["appointments"]
    assert [visit["delegating_physician_id"] for visit in visits] == [str(clinic.ada)]


async def test_what_no_series_can_be(clinic: Clinic) -> None:
    off_grid = clinic.moment("09:00") + timedelta(minutes=2)
    rule = {"start": clinic.at("09:00")}
    for fields, code, pointer in (
        (rule | {"rrule": "FREQ=WEEKLY"}, "RRULE_UNSUPPORTED", "/rrule"),
        (rule | {"rrule": "FREQ=SECONDLY;COUNT=3"}, "RRULE_UNSUPPORTED", "/rrule"),
        (rule | {"rrule": "FREQ=DAILY;COUNT=53"}, "RRULE_UNSUPPORTED", "/rrule"),
        (rule | {"rrule": "FREQ=WEEKLY;UNTIL=20990101"}, "RRULE_UNSUPPORTED", "/rrule"),
        ({"starts": [clinic.at("09:00", n) for n in range(1, 54)]}, "INVALID", "/starts"),
        ({"starts": [clinic.at("09:00"), off_grid.isoformat()]}, "TIME_INVALID", "/starts/1"),
        ({"starts": [clinic.at("09:00", -3)]}, "TIME_INVALID", "/starts/0"),
        ({"starts": ["2027-03-28T02:30:00+01:00"]}, "TIME_INVALID", "/starts/0"),
        ({"start": clinic.at("09:00", -3), "rrule": "FREQ=WEEKLY;COUNT=3"}, "TIME_INVALID", "/start"),
        ({"starts": [clinic.at("09:00")] * 2}, "INVALID", None),
        (rule, "INVALID", None),
        ({}, "INVALID", None),
        (rule | {"rrule": "FREQ=WEEKLY;COUNT=2", "starts": [clinic.at("09:00")]}, "INVALID", None),
        ({"starts": [clinic.at("09:00")], "audience": "public"}, "FIELD_NOT_ALLOWED", "/audience"),
    ):
        answer = await clinic.post("series", asked(clinic, **fields))
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        assert pointer is None or answer.json()["errors"][0]["pointer"] == pointer

    skipped_hour = {"start": "2027-03-14T02:30:00+01:00", "rrule": "FREQ=WEEKLY;COUNT=3", "dry_run": True}
    night = (await clinic.post("series", asked(clinic, **skipped_hour))).json()
    assert [item["code"] for item in night["refused"]] == ["SLOT_NOT_OPEN", "SLOT_NOT_OPEN", "TIME_INVALID"]
    nothing = await clinic.post("series", asked(clinic, ("20:00", 3)))
    assert (nothing.status_code, nothing.json()["code"]) == (409, "SERIES_CONFLICT")

    one = asked(clinic, ("09:00", 3))
    for name in ("patient_id", "reason_id", "site_id"):
        assert (await clinic.post("series", one | {name: str(new_id())})).status_code == 404
    elsewhere = people.front_desk(await clinic.w.organisation("Autre"))
    assert (await clinic.post("series", one, by=elsewhere)).status_code == 404
    assert (await clinic.post("series", one, by=people.patient("+33639980001"))).status_code == 403
    assert (await clinic.post("series", one, by=people.visitor())).status_code == 403
    series = await made(clinic, one)
    for by, status in ((elsewhere, 404), (people.patient("+33639980001"), 404), (clinic.front, 200)):
        assert (await clinic.get(f"series/{series['id']}", by=by)).status_code == status
    for by in (elsewhere, people.patient("+33639980001")):
        assert (await clinic.post(f"series/{series['id']}/cancel", by=by)).status_code == 404
    assert (await clinic.get(f"series/{new_id()}")).status_code == 404


async def test_a_partner_has_its_own_series_and_no_others(clinic: Clinic) -> None:
    """An EHPAD books four visits of a resident: its own, under what is open to partners."""
    home, other = people.partner(new_id(), clinic.org), people.partner(new_id(), clinic.org)
    closed = await clinic.w.reason(clinic.org, "interne", bookable_by=["secretariat"])
    assert (await clinic.post("series", weekly(clinic) | {"reason_id": str(closed)}, by=home)).status_code == 404
    foreign = await clinic.w.patient(await clinic.w.organisation("Autre"))
    assert (await clinic.post("series", weekly(clinic) | {"patient_id": str(foreign)}, by=home)).status_code == 404
    answer = await clinic.post("series", weekly(clinic), by=home)
    assert answer.status_code == 201, answer.text
    path, visits = f"series/{answer.json()['id']}", [each["appointment_id"] for each in answer.json()["created"]]
    rows = await clinic.w.connection.fetch("SELECT DISTINCT audience, channel, booked_by, partner_id FROM appointment")
    assert [tuple(row) for row in rows] == [("partner", "partner", home.sub, home.org)]
    for by, status in ((home, 200), (clinic.front, 200), (other, 404), (people.regulator(new_id()), 404)):
        assert (await clinic.get(path, by=by)).status_code == status
        assert (await clinic.get(f"appointments/{visits[0]}", by=by)).status_code == status
    await clinic.book("10:00", 4)  # of the same resident, by the centre
    assert (await clinic.post(f"{path}/cancel", by=other)).status_code == 404
    over = await clinic.post(f"{path}/cancel", by=home)
    assert [each["status"] for each in over.json()["appointments"]] == ["cancelled"] * 4
    assert await clinic.count("SELECT count(*) FROM appointment WHERE status = 'booked'") == 1


async def test_series_that_cross_are_all_made_and_nothing_is_taken_twice(clinic: Clinic) -> None:
    """Each wants the others' times, in other orders and with a way out: no deadlock, no time twice."""
    hours = [(hour, day) for day in (3, 4, 5) for hour in ("09:00", "09:20", "09:40")]
    doctors = [str(clinic.ada), str(clinic.bob)]
    wishes = []
    for n in range(5):
        who = await clinic.w.patient(clinic.org)
        order = hours[n:] + hours[:n] if n % 2 else list(reversed(hours))
        preferred = doctors if n % 2 else doctors[::-1]
        wishes.append(asked(clinic, *order, patient_id=str(who), practitioner_ids=preferred, on_conflict="nearest"))
    answers = await asyncio.gather(*(clinic.post("series", wish) for wish in wishes))
    assert [answer.status_code for answer in answers] == [201] * 5, [answer.text[:200] for answer in answers]
    assert [len(answer.json()["created"]) for answer in answers] == [9] * 5
    assert await clinic.count("SELECT count(DISTINCT (practitioner_id, during)) FROM appointment") == 45
    assert await clinic.count("SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()") == 0
