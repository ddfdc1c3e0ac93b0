"""Rules of working time where agendas change, and the report of hours: who may, what is refused, what is possible."""

import asyncio
import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest_asyncio

from maillage.ids import new_id
from tests.harness import people
from tests.harness.clinic import Clinic

Json = dict[str, Any]
REPORT = "reports/contract-hours"


def opening(start: str, end: str, days: str = "MO,TU,WE,TH,FR", **fields: object) -> Json:
    """A weekly window, also on public holidays."""
    head = {"first_date": "2026-01-01", "rrule": f"FREQ=WEEKLY;BYDAY={days}", "on_holidays": True}
    return {**head, "local_start": start, "local_end": end, **fields}


class Agenda:
    """One doctor of the centre under contract, her agenda and the manager."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic, self.manager, self.person = clinic, people.manager(clinic.org), new_id()
        self.doctor = self.schedule = UUID(int=0)

    async def build(self, **fields: object) -> "Agenda":
        self.doctor = await self.clinic.w.practitioner(self.clinic.org, person_id=self.person, **fields)  # type: ignore[arg-type]
        self.schedule = await self.clinic.w.schedule(self.doctor, self.clinic.site)
        await self.contract("territorial")
        return self

    async def contract(self, pack: str, who: UUID | None = None) -> None:
        connection = self.clinic.w.connection
        await connection.execute("DELETE FROM contract WHERE practitioner_id = $1", who or self.doctor)
        await connection.execute(
            """INSERT INTO contract (organisation_id, practitioner_id, weekly_minutes, rule_pack, during)
               VALUES ($1, $2, 2100, $3, '[2020-01-01,)')""",
            self.clinic.org, who or self.doctor, pack,
        )  # fmt: skip

    async def put(self, *rules: Json, by: Any = None, query: str = "", **fields: object) -> tuple[int, Json]:
        path = f"schedules/{self.schedule}/rules{query}"
        answer = await self.clinic.put(path, {"rules": list(rules), **fields}, by=by or self.manager)
        return answer.status_code, answer.json()

    async def report(self, by: Any = None, **params: str) -> tuple[int, Json]:
        monday = self.monday()
        asked = {"from": monday.isoformat(), "to": (monday + timedelta(days=6)).isoformat(), **params}
        answer = await self.clinic.get(REPORT, by=by or self.manager, **asked)
        return answer.status_code, answer.json()

    def monday(self) -> Any:
        """Of the next whole week."""
        day = self.clinic.day(7)
        return day - timedelta(days=day.weekday())


@pytest_asyncio.fixture
async def agenda(clinic: Clinic) -> Agenda:
    return await Agenda(clinic).build()


USUAL = opening("09:00", "16:00")
LONG = opening("08:00", "18:30")


async def test_a_dry_run_shows_what_would_be_refused_and_a_manager_may_allow_it(agenda: Agenda) -> None:
    status, tried = await agenda.put(LONG, query="?dry_run=true")
    assert (status, tried["dry_run"], tried["warnings"][-1]["code"]) == (200, True, "WORKING_TIME_RULE")
    assert {each["rule"] for each in tried["breaches"]} == {"DAILY_HOURS", "WEEKLY_HOURS"}
    assert len(tried["breaches"]) == 50
    status, refused = await agenda.put(LONG)
    assert (status, refused["code"], refused["value"], refused["limit"]) == (409, "WORKING_TIME_RULE", 630, 600)
    assert refused["breaches"][0]["rule"] == refused["rule"] == "DAILY_HOURS"
    assert (len(refused["breaches"]), refused["count"] > 150) == (10, True)
    async with agenda.clinic.running.client(agenda.manager) as client:
        path = f"/v1/schedules/{agenda.schedule}/rules"
        english = await client.put(path, json={"rules": [LONG]}, headers={"Accept-Language": "en"})
    assert english.json()["detail"].startswith("More than 10 h of work in the day. Change the hours")

    reason = {"override_reason": "Remplacement d'un confrère absent"}
    own = people.practitioner(agenda.clinic.org, agenda.person)
    also_manager = people.manager(agenda.clinic.org, agenda.person)
    for who in (own, also_manager, people.front_desk(agenda.clinic.org)):
        assert (await agenda.put(LONG, by=who, **reason))[1]["code"] == "NOT_ALLOWED"
    assert await agenda.clinic.count("SELECT count(*)::int FROM working_time_override") == 0
    status, kept = await agenda.put(LONG, **reason)
    assert (status, kept["warnings"][-1]["code"]) == (200, "WORKING_TIME_RULE")

    # Audited without the words; the words are with the override, once for each breach.
    audit = await agenda.clinic.w.connection.fetch(
        "SELECT facts::text AS facts, actor FROM kit.audit WHERE action = 'working_time.override'"
    )
    assert [row["actor"] for row in audit] == [agenda.manager.sub]
    assert "DAILY_HOURS" in audit[0]["facts"]
    assert "confrère" not in audit[0]["facts"]
    overrides = "SELECT count(*)::int FROM working_time_override WHERE reason = $1"
    assert await agenda.clinic.count(overrides, reason["override_reason"]) == refused["count"]


async def test_only_what_a_change_brings_or_makes_worse_refuses_it(agenda: Agenda) -> None:
    """An agenda that breaks a rule elsewhere can still be changed, and mended step by step."""
    usual, until = opening("09:00", "16:00", "MO,WE,TH,FR"), ["18:30", "18:30", "18:15", "18:30"]
    reasons: tuple[dict[str, str], ...] = ({"override_reason": "Accord du directeur"}, {}, {}, {})
    answers = [
        await agenda.put(usual, opening("08:00", end, "TU"), **more) for end, more in zip(until, reasons, strict=True)
    ]
    assert [status for status, _ in answers] == [200, 200, 200, 409]
    assert (answers[3][1]["rule"], answers[3][1]["value"]) == ("DAILY_HOURS", 630)

    second = await agenda.clinic.w.site(agenda.clinic.org, "digoin")
    wish: Json = {"practitioner_id": str(agenda.doctor), "site_id": str(second)}
    made = (await agenda.clinic.post("schedules", wish, by=agenda.manager)).json()
    path = f"schedules/{made['id']}/rules"
    evening = await agenda.clinic.put(path, {"rules": [opening("20:00", "21:30", "WE")]}, by=agenda.manager)
    assert (evening.status_code, evening.json()["rule"], evening.json()["value"]) == (409, "AMPLITUDE", 750)
    weekend = await agenda.clinic.put(path, {"rules": [opening("09:00", "12:00", "SA")]}, by=agenda.manager)
    assert (weekend.status_code, weekend.json()["breaches"]) == (200, [])


async def test_no_rule_holds_for_liberal_external_or_contractless_people(agenda: Agenda) -> None:
    assert (await agenda.put(LONG))[0] == 409
    await agenda.contract("liberal")
    assert (await agenda.put(LONG))[0] == 200
    await agenda.contract("territorial")
    status, report = await agenda.report(practitioner=str(agenda.doctor))
    assert (status, {each["rule"] for each in report["rows"][0]["breaches"]} >= {"DAILY_HOURS"}) == (200, True)
    update = "UPDATE practitioner SET external = true WHERE id = $1"
    await agenda.clinic.w.connection.execute(update, agenda.doctor)
    assert (await agenda.report(practitioner=str(agenda.doctor)))[1]["rows"][0]["breaches"] == []
    assert (await agenda.put(opening("07:00", "20:00")))[0] == 200
    await agenda.clinic.w.connection.execute("DELETE FROM contract WHERE practitioner_id = $1", agenda.doctor)
    assert (await agenda.put(opening("06:00", "20:00")))[0] == 200


async def test_closed_time_is_no_work_and_an_exception_taken_back_is_judged(agenda: Agenda) -> None:
    clinic, monday = agenda.clinic, agenda.monday()
    assert (await agenda.put(USUAL, opening("20:00", "01:00", "FR", kind="home_round")))[1][
        "code"
    ] == "WORKING_TIME_RULE"
    late = opening("13:00", "16:00", "FR")
    week = (opening("09:00", "16:00", "MO,TU,WE,TH"), late, opening("20:00", "01:00", "FR", kind="home_round"))
    assert (await agenda.put(*week))[0] == 200
    friday, saturday = monday + timedelta(days=4), monday + timedelta(days=5)
    exceptions = f"schedules/{agenda.schedule}/exceptions"
    morning: Json = {
        "local_date": saturday.isoformat(),
        "action": "add",
        "opening": {"local_start": "08:00", "local_end": "12:00"},
    }
    assert (await clinic.post(exceptions, morning, by=agenda.manager)).json()["rule"] == "REST"
    off = await clinic.post(exceptions, {"local_date": friday.isoformat(), "action": "remove"}, by=agenda.manager)
    assert off.status_code == 201, off.text
    assert (await clinic.post(exceptions, morning, by=agenda.manager)).status_code == 201
    back = await clinic.delete(f"{exceptions}/{off.json()['id']}", by=agenda.manager)
    assert (back.status_code, back.json()["rule"], back.json()["local_date"]) == (409, "REST", saturday.isoformat())

    away: Json = {"practitioner_id": str(agenda.doctor), "kind": "leave"}
    span: Json = {"start": f"{saturday}T06:00:00+01:00", "end": f"{saturday}T23:00:00+01:00"}
    assert (await clinic.post("absences", away | span, by=agenda.manager)).status_code == 201
    assert (await clinic.delete(f"{exceptions}/{off.json()['id']}", by=agenda.manager)).status_code == 204
    (row,) = (await agenda.report(practitioner=str(agenda.doctor)))[1]["rows"]
    assert (row["planned_minutes"], row["absent_minutes"], row["worked_minutes"]) == (2400, 240, 2160)
    assert (row["difference_minutes"], row["breaches"]) == (300, [])


async def test_who_reads_the_report_and_what_it_refuses(agenda: Agenda) -> None:
    clinic = agenda.clinic
    await agenda.put(LONG, override_reason="Accord du directeur")
    await agenda.contract("territorial", clinic.ada)
    status, everybody = await agenda.report()
    assert (status, len(everybody["rows"])) == (200, 3)
    mine = next(each for each in everybody["rows"] if each["practitioner_id"] == str(agenda.doctor))
    assert {each["reason"] for each in mine["breaches"]} == {"Accord du directeur"}
    ada = next(each for each in everybody["rows"] if each["practitioner_id"] == str(clinic.ada))
    assert [(each["rule"], each["overridden"], each["reason"]) for each in ada["breaches"]] == [
        ("WEEKLY_HOURS", False, None),
        ("WEEKLY_REST", False, None),
    ]

    herself = people.practitioner(clinic.org, agenda.person)
    own = (await agenda.report(herself))[1]["rows"]
    assert [each["practitioner_id"] for each in own] == [str(agenda.doctor)]
    assert {(each["overridden"], each["reason"]) for each in own[0]["breaches"]} == {(True, None)}
    assert (await agenda.report(herself, practitioner=str(clinic.ada)))[0] == 404
    stranger = people.manager(await clinic.w.organisation("Autre"))
    assert (await agenda.report(stranger))[1] == {"rows": []}
    assert (await agenda.report(stranger, practitioner=str(agenda.doctor)))[0] == 404
    for who in (clinic.desk, clinic.front, people.nurse(clinic.org)):
        assert (await agenda.report(who))[0] == 403

    for asked, code, pointer in (
        ({"from": "2026-01-01", "to": "2027-02-05"}, "RANGE_TOO_WIDE", "?to"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "PERIOD_INVALID", "?to"),
        ({"from": "2026-02-30", "to": "2026-03-01"}, "TIME_INVALID", "?from"),
        ({"group": "year"}, "INVALID", "?group"),
    ):
        status, problem = await agenda.report(**asked)
        found = [(error["pointer"], error["code"]) for error in problem["errors"]]
        assert (status, found) == (422, [(pointer, code)]), problem
    assert (await agenda.report(**{"from": "2026-01-01", "to": "2027-02-04", "group": "month"}))[0] == 200


async def test_a_table_program_reads_it(agenda: Agenda) -> None:
    clinic = agenda.clinic
    await agenda.put(opening("09:00", "15:00"), override_reason="sans objet")
    await clinic.w.connection.execute("UPDATE practitioner SET display_name = '=cmd()' WHERE id = $1", agenda.doctor)
    monday = agenda.monday()
    async with clinic.running.client(agenda.manager) as client:
        answer = await client.get(
            f"/v1/{REPORT}",
            params={"from": str(monday), "to": str(monday + timedelta(days=6)), "practitioner": str(agenda.doctor)},
            headers={"Accept": "text/csv"},
        )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert row["professionnel"] == "'=cmd()"
    assert (row["prévu"], row["contrat (min)"], row["écart au contrat"], row["gardes"]) == ("1800", "2100", "-300", "")


async def test_two_changes_of_one_agenda_at_once_are_judged_one_after_the_other(agenda: Agenda) -> None:
    """A Friday night at one site, a Saturday morning at the other: each alone is lawful, both are not."""
    clinic, monday = agenda.clinic, agenda.monday()
    second = await clinic.w.site(clinic.org, "digoin")
    other = await clinic.w.schedule(agenda.doctor, second)
    night = {"kind": "home_round", "local_start": "20:00", "local_end": "01:00"}
    wishes: tuple[tuple[UUID, Json], ...] = (
        (agenda.schedule, {"local_date": str(monday + timedelta(days=4)), "action": "add", "opening": night}),
        (other, {"local_date": str(monday + timedelta(days=5)), "action": "add",
                 "opening": {"local_start": "08:00", "local_end": "12:00"}}),
    )  # fmt: skip
    answers = await asyncio.gather(
        *(clinic.post(f"schedules/{schedule}/exceptions", body, by=agenda.manager) for schedule, body in wishes)
    )
    assert sorted(each.status_code for each in answers) == [201, 409], [each.text for each in answers]
