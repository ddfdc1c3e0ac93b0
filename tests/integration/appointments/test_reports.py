"""Reports over HTTP: counted on planted visits, as JSON and CSV, each reader within his reach."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness import days, people
from tests.harness.clinic import Clinic


async def _report(clinic: Clinic, name: str, by: Principal, **asked: Any) -> Any:
    span = {"from": clinic.day(-30).isoformat(), "to": clinic.day(30).isoformat()}
    answer = await clinic.get(f"reports/{name}", by=by, **{**span, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _visit(clinic: Clinic, doctor: UUID, hour: str, days: int, **fields: Any) -> UUID:
    """One planted visit, of somebody else each time unless told otherwise."""
    patient = fields.pop("patient", None) or await clinic.w.patient(clinic.org)
    reason = fields.pop("reason", clinic.reason)
    start = clinic.moment(hour, days)
    fields = {"created_at": start - timedelta(days=5), **fields}
    return await clinic.w.booking(clinic.schedules[doctor], patient, reason, start, **fields)


async def _plant(clinic: Clinic) -> UUID:
    """Ada: two kept (one walked in, seen for the first time), one missed, one cancelled late. Bob: one to come."""
    new = await clinic.w.patient(clinic.org, first_seen_at=clinic.moment("09:00", -2))
    await _visit(clinic, clinic.ada, "09:00", -2, status="fulfilled", patient=new, walk_in=True, channel="desk")
    quick = await clinic.w.reason(clinic.org, "rapide", unscheduled=True)
    soon = {"created_at": clinic.moment("08:00", -2), "channel": "sas"}
    await _visit(clinic, clinic.ada, "09:20", -2, status="fulfilled", reason=quick, **soon)
    missed = await _visit(clinic, clinic.ada, "09:40", -2, status="noshow", excused=True, channel="online")
    await _visit(clinic, clinic.ada, "10:00", -2, status="cancelled", late=True)
    await _visit(clinic, clinic.ada, "10:20", -2, status="entered-in-error")
    await _visit(clinic, clinic.bob, "09:00", 3)
    await clinic.w.connection.execute(
        """INSERT INTO message (organisation_id, appointment_id, patient_id, version, kind, number, channel, recipient,
                                due_at, state, created_at)
           SELECT organisation_id, id, patient_id, 1, 'reminder', 2, 'sms', '+33639980001', created_at, 'delivered',
                  created_at FROM appointment WHERE id = $1""",
        missed,
    )
    return quick


async def test_a_manager_reads_what_became_of_the_visits(clinic: Clinic) -> None:
    quick = await _plant(clinic)
    manager = people.manager(clinic.org)
    rows = {row["key"]: row for row in (await _report(clinic, "activity", manager))["rows"]}
    ada = rows[str(clinic.ada)]
    assert ada["label"].startswith("Camille")
    counted = ("visits", "fulfilled", "noshow", "cancelled", "late", "booked", "unscheduled", "walk_ins", "sas")
    assert [ada[name] for name in counted] == [4, 2, 1, 1, 1, 0, 1, 1, 1]
    assert (ada["first_visits"], ada["unscheduled_share"]) == (1, round(1 / 3, 4))
    assert (rows[str(clinic.bob)]["visits"], rows[str(clinic.bob)]["booked"]) == (1, 1)
    for group in ("site", "week", "month", "weekday", "mode", "channel", "reason"):
        found = (await _report(clinic, "activity", manager, group=group))["rows"]
        assert sum(row["visits"] for row in found) == 5, group
    only = await _report(clinic, "activity", manager, practitioner=str(clinic.bob))
    assert [row["key"] for row in only["rows"]] == [str(clinic.bob)]

    report = await _report(clinic, "missed", manager, group="reminder")
    assert report["freed"] == {"freed": 0, "retaken": 0, "share": None}
    by = {row["key"]: (row["due"], row["missed"], row["excused"], row["late"]) for row in report["rows"]}
    assert by == {"reminded": (1, 1, 1, 0), "not_reminded": (2, 0, 0, 1)}
    leads = (await _report(clinic, "missed", manager, group="lead"))["rows"]
    assert {row["key"]: row["missed_share"] for row in leads} == {"0": 0.0, "3-7": 0.5}

    access = await _report(clinic, "access", manager)
    row = next(each for each in access["rows"] if each["key"] == str(quick))
    assert (row["seen"], row["within_48h_share"], row["waiting"]) == (1, 1.0, 0)
    assert 0 <= row["third_next_days"] <= 1.5
    [window] = access["windows"]
    # Both doctors open seven hours on each of 31 days planted from today on; one visit of 20 min is to come.
    assert window["key"] == "clinic"
    assert window["opened_minutes"] % 840 == 0
    assert window["used_minutes"] == 20


async def test_few_patients_of_a_sensitive_reason_are_not_counted_out(clinic: Clinic) -> None:
    manager = people.manager(clinic.org)
    quiet = await clinic.w.reason(clinic.org, "discret", sensitive=True)
    for number in range(4):
        await _visit(clinic, clinic.ada, f"1{number}:00", -2, status="fulfilled", reason=quiet)
    [row] = (await _report(clinic, "activity", manager, group="reason"))["rows"]
    assert (row["few"], row["visits"], row["label"]) == (True, None, "discret")
    access = next(r for r in (await _report(clinic, "access", manager))["rows"] if r["key"] == str(quiet))
    assert (access["few"], access["seen"]) == (True, None)
    await _visit(clinic, clinic.ada, "15:00", -2, status="fulfilled", reason=quiet)
    [row] = (await _report(clinic, "activity", manager, group="reason"))["rows"]
    assert (row["few"], row["visits"]) == (False, 5)


async def test_a_table_program_reads_the_report_and_reckons_nothing(clinic: Clinic) -> None:
    await _visit(clinic, clinic.ada, "09:00", -2, status="fulfilled")
    await clinic.w.connection.execute("UPDATE practitioner SET display_name = '=cmd()' WHERE id = $1", clinic.ada)
    span = {"from": clinic.day(-30).isoformat(), "to": clinic.day(0).isoformat()}
    async with clinic.running.client(people.manager(clinic.org)) as client:
        answer = await client.get("/v1/reports/activity", params=span, headers={"Accept": "text/csv"})
        english = {"Accept": "text/csv", "Accept-Language": "en"}
        other = await client.get("/v1/reports/missed", params=span, headers=english)
        access = await client.get("/v1/reports/access", params=span | {"group": "window"}, headers=english)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\ufeff".encode())
    [title, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert title[:4] == ["clé", "intitulé", "rendez-vous", "à venir ou à clore"]
    assert row[:3] == [str(clinic.ada), "'=cmd()", "1"]
    assert other.content.decode("utf-8-sig").splitlines()[0].startswith("key;label;due;missed")
    assert access.content.decode("utf-8-sig").splitlines()[0].startswith("key;label;site;minutes opened")


async def test_who_may_read_what_and_over_which_days(clinic: Clinic) -> None:
    me = new_id()
    await clinic.w.connection.execute("UPDATE practitioner SET person_id = $1 WHERE id = $2", me, clinic.ada)
    await _plant(clinic)
    ada, stranger = people.practitioner(clinic.org, person=me), people.practitioner(clinic.org)
    elsewhere = people.manager(await clinic.w.organisation("Autre"))
    assert [r["key"] for r in (await _report(clinic, "activity", ada))["rows"]] == [str(clinic.ada)]
    assert (await _report(clinic, "activity", ada, practitioner=str(clinic.bob)))["rows"] == []
    access = await _report(clinic, "access", ada)
    assert access["windows"][0]["used_minutes"] == 0, "Bob's visit is not hers"
    today = days.today().isoformat()
    for name in ("activity", "missed", "access"):
        assert (await _report(clinic, name, stranger)).get("rows") == []
        assert (await _report(clinic, name, elsewhere)).get("rows") == []
        day = {"from": today, "to": today}
        for who in (clinic.desk, clinic.front, people.nurse(clinic.org), people.visitor()):
            assert (await clinic.get(f"reports/{name}", by=who, **day)).status_code == 403
        refused = await clinic.get(f"reports/{name}", by=elsewhere, **day, site=str(clinic.site))
        assert refused.status_code == 404
        manager = people.manager(clinic.org)
        wide = await clinic.get(f"reports/{name}", by=manager, **{"from": "2025-01-01", "to": "2026-02-05"})
        assert (wide.status_code, wide.json()["code"]) == (422, "RANGE_TOO_WIDE")
        back = await clinic.get(f"reports/{name}", by=manager, **{"from": "2026-02-05", "to": "2026-02-04"})
        assert (back.status_code, back.json()["code"]) == (422, "PERIOD_INVALID")
        odd = await clinic.get(f"reports/{name}", by=manager, **{"from": "20260230", "to": today})
        assert (odd.status_code, odd.json()["code"]) == (422, "TIME_INVALID")
