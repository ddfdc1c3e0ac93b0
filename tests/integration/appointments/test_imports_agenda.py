"""Imports of absences, patients and visits over HTTP: all or nothing, the same again changes nothing."""

from typing import Any

import httpx
import pytest_asyncio

from appointments.demo import ids as demo
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness import people
from tests.harness.clinic import Clinic

RPPS, OTHER = demo.rpps(1), demo.rpps(2)
ABSENCES = "imports?kind=absences"


@pytest_asyncio.fixture
async def numbered(clinic: Clinic) -> Clinic:
    """The clinic; its doctors have their numbers."""
    for doctor, rpps in ((clinic.ada, RPPS), (clinic.bob, OTHER)):
        await clinic.w.connection.execute("UPDATE practitioner SET rpps = $2 WHERE id = $1", doctor, rpps)
    return clinic


async def _send(
    clinic: Clinic, path: str, data: str | bytes, by: Principal | None = None, kind: str = "text/csv"
) -> httpx.Response:
    async with clinic.running.client(by or people.manager(clinic.org)) as client:
        content = data if isinstance(data, bytes) else data.encode()
        return await client.post(f"/v1/{path}", content=content, headers={"content-type": kind})


async def _changes(clinic: Clinic, path: str, data: str | bytes, **sent: Any) -> dict[str, int]:
    answer = await _send(clinic, path, data, **sent)
    assert answer.status_code == 201, answer.text
    changes: dict[str, int] = answer.json()["changes"]
    return {name: count for name, count in changes.items() if count}


async def _faults(clinic: Clinic, path: str, data: str | bytes, **sent: Any) -> list[tuple[int, str | None, str]]:
    answer = await _send(clinic, path, data, **sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "IMPORT_REFUSED"), answer.text
    return [(each["line"], each["column"], each["code"]) for each in answer.json()["lines"]]


async def test_absences_of_a_table_close_time_and_follow_the_file(numbered: Clinic) -> None:
    clinic = numbered
    await clinic.book("09:00")
    day = clinic.day(3)
    head = "rpps;debut;fin;type;reference\n"
    first = f"{RPPS};{day:%d/%m/%Y};;congés;1\n{OTHER};{day:%d/%m/%Y} 9h;{day} 10:30;formation;2\n"
    dry = await _send(clinic, f"{ABSENCES}&dry_run=true", head + first)
    assert (dry.json()["state"], dry.json()["changes"]["conflicts"]) == ("checked", 1)
    assert await clinic.free(clinic.ada) == "09:20-12:00 14:00-18:00"

    assert await _changes(clinic, ABSENCES, (head + first).encode("cp1252")) == {"created": 2, "conflicts": 1}
    assert (await clinic.free(clinic.ada), await clinic.free(clinic.bob)) == ("", "10:30-12:00 14:00-18:00")
    assert await _changes(clinic, ABSENCES, head + first) == {"unchanged": 2}
    later = first.replace(f"{day} 10:30", f"{day} 11:00")
    assert await _changes(clinic, ABSENCES, head + later) == {"changed": 1, "unchanged": 1}
    assert await clinic.free(clinic.bob) == "11:00-12:00 14:00-18:00"
    only = head + later.splitlines()[1] + "\n" + f"{RPPS};{clinic.day(5)};{clinic.day(6)};autre;3\n"
    assert await _changes(clinic, f"{ABSENCES}&replace=true", only) == {"created": 1, "unchanged": 1, "removed": 1}
    assert await clinic.free(clinic.ada) == "09:20-12:00 14:00-18:00"
    flagged = await clinic.get("appointments", by=clinic.front, day=day.isoformat(), conflict=True)
    assert flagged.json()["items"] == []

    wrong = f"{RPPS};demain;;;4\n00000000000;{day};;;5\n{RPPS};{day};{clinic.day(2)};;6\n{RPPS};{day};;plage;7\n"
    assert await _faults(clinic, ABSENCES, head + wrong) == [
        (2, "debut", "TIME_INVALID"),
        (2, "fin", "TIME_INVALID"),
        (3, "rpps", "REFERENCE_UNKNOWN"),
        (4, "fin", "TIME_INVALID"),
        (5, "type", "INVALID"),
    ]
    assert await clinic.count("SELECT count(*)::int FROM absence") == 2


async def test_a_doctors_calendar_closes_his_time_and_nobody_learns_why(numbered: Clinic) -> None:
    clinic, me = numbered, new_id()
    await clinic.w.connection.execute("UPDATE practitioner SET person_id = $1 WHERE id = $2", me, clinic.ada)
    ada = people.practitioner(clinic.org, person=me)
    day, start = clinic.day(3), clinic.moment("09:00")
    event = (
        "BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:=cmd() Chimio\r\nDTSTART;TZID=Europe/Paris:{at}\r\n"
        "DURATION:PT1H\r\n{more}END:VEVENT\r\n"
    )
    weekly = event.format(uid="w", at=start.strftime("%Y%m%dT%H%M%S"), more="RRULE:FREQ=WEEKLY\r\n")
    once = event.format(uid="o", at=f"{day:%Y%m%d}T150000", more="")

    def file(*events: str) -> str:
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n"

    sent: dict[str, Any] = {"kind": "text/calendar", "by": ada}
    path = f"{ABSENCES}&replace=true&practitioner={clinic.ada}"
    changes = await _changes(clinic, path, file(weekly, once), **sent)
    assert changes["created"] in (53, 54)
    assert await clinic.free(clinic.ada) == "10:00-12:00 14:00-15:00 16:00-18:00"
    assert await clinic.free(clinic.ada, 10) == "10:00-12:00 14:00-18:00"
    assert set(await _changes(clinic, path, file(weekly, once), **sent)) == {"unchanged"}
    assert (await _changes(clinic, path, file(weekly), **sent))["removed"] == 1
    assert await clinic.free(clinic.ada) == "10:00-12:00 14:00-18:00"
    rows = await clinic.w.connection.fetch("SELECT DISTINCT kind, source FROM absence")
    assert [tuple(row) for row in rows] == [("other", "import")]
    for table in ("absence", "import", "kit.outbox", "kit.audit"):
        assert await clinic.count(f"SELECT count(*)::int FROM {table} t WHERE t::text ILIKE '%chimio%'") == 0

    bob = f"{ABSENCES}&practitioner={clinic.bob}"
    assert [code for _, _, code in await _faults(clinic, bob, file(once), **sent)] == ["NOT_ALLOWED"]
    assert (await _send(clinic, ABSENCES, file(once), **sent)).status_code == 422
    elsewhere = people.manager(await clinic.w.organisation("Autre"))
    unknown = await _faults(clinic, path, file(once), kind="text/calendar", by=elsewhere)
    assert unknown == [(1, None, "REFERENCE_UNKNOWN")]
    endless = once.replace("DURATION", "RRULE:FREQ=SECONDLY\r\nDURATION")
    assert await _faults(clinic, path, file(weekly, endless), **sent) == [(10, None, "RRULE_UNSUPPORTED")]
    assert await _faults(clinic, path, "BEGIN:VEVENT", **sent) == [(1, None, "CALENDAR_UNREADABLE")]
    large = await _send(clinic, path, b"BEGIN:VEVENT\n" * 2001, **sent)
    assert (large.status_code, large.json()["code"]) == (413, "IMPORT_TOO_LARGE")
    assert (await _send(clinic, path, file(once), kind="text/calendar", by=people.visitor())).status_code == 403


HEAD = "nom_naissance;prenoms;naissance;sexe;mobile;courriel;medecin_referent;vu_le;interprete;autre_personne\n"


async def test_the_people_of_the_old_software_come_once(numbered: Clinic) -> None:
    clinic = numbered
    await clinic.w.connection.execute(
        """UPDATE patient SET birth_family_name = 'Le Goff', birth_given_names = 'Anne', birth_date = '1950-02-01'
           WHERE id = $1""",
        clinic.pat,
    )
    lines = (
        f"Vermasson;Zélie Marie;01/03/1990;F;06 39 98 00 11;zelie@example.org;{RPPS};2026-01-31;oui;\n"
        "Jumeau;Léa;02/03/2019;F;;;;;;\nJumeau;Léo;02/03/2019;H;;;;;;\n"
        "=cmd();O'Brien;1970-01-01;;;;;;;\n"
    )
    assert await _changes(clinic, "imports?kind=patients", HEAD + lines) == {"created": 4}
    assert await _changes(clinic, "imports?kind=patients", HEAD + lines) == {"unchanged": 4}
    row = await clinic.w.connection.fetchrow(
        """SELECT p.*, c.value, c.verified_at FROM patient p JOIN contact c ON c.patient_id = p.id AND c.kind = 'mobile'
           WHERE birth_family_name = 'Vermasson'"""
    )
    assert row is not None
    assert (row["identity_status"], row["flags"], row["sex"]) == ("PROV", ["interpreter"], "female")
    assert (row["referring_practitioner_id"], row["value"]) == (clinic.ada, "+33639980011")
    assert (row["first_seen_at"].date().isoformat(), row["verified_at"]) == ("2026-01-31", None)
    found = await clinic.get("patients", by=clinic.front, q="vermasson")
    assert [item["birth_date"] for item in found.json()["items"]] == ["1990-03-01"]

    wrong = (
        "LEGOFF;Anne;1950-02-01;;;;;;;\nLe Gof;Anne;1950-02-01;;;;;;;\nLe Gof;Anna;1950-02-01;;;;;;;oui\n"
        "Autre;Un;1960-01-01;;letters;;;;;\nDouble;Un;1960-01-01;;;;;;;\nDOUBLE;Un;1960-01-01;;;;;;;\n"
        "Tard;Un;2999-01-01;;;;;;;\nNul;Un;1960-01-01;Z;;pas;999;;;\n"
    )
    assert await _faults(clinic, "imports?kind=patients", HEAD + wrong) == [
        (3, "nom_naissance", "DUPLICATE_SUSPECTED"),
        (5, "mobile", "PHONE_INVALID"),
        (7, "nom_naissance", "LINE_TWICE"),
        (8, "naissance", "TIME_INVALID"),
        (9, "courriel", "TEXT_INVALID"),
        (9, "medecin_referent", "REFERENCE_UNKNOWN"),
        (9, "sexe", "INVALID"),
    ]
    assert await clinic.count("SELECT count(*)::int FROM patient") == 5
    many = HEAD + "".join(f"A{n};B;1960-01-01;;;;;;;\n" for n in range(20_001))
    assert (await _send(clinic, "imports?kind=patients", many)).status_code == 413
    assert (await _send(clinic, "imports?kind=patients", HEAD + lines, by=clinic.front)).status_code == 403


async def test_visits_to_come_are_booked_as_any_and_told_to_nobody(numbered: Clinic) -> None:
    clinic = numbered
    people_ = "nom_naissance;prenoms;naissance;mobile\nMartin;Ana;01/03/1990;0639980012\nMartin;Eva;01/03/1991;\n"
    assert await _changes(clinic, "imports?kind=patients", people_) == {"created": 2}
    day = clinic.day(3)
    head = "nom_naissance;prenoms;naissance;rpps;site;motif;debut\n"

    def line(given: str, at: str, rpps: str = RPPS) -> str:
        year = {"Ana": 1990, "Eva": 1991}[given]
        return f"MARTIN;{given};01/03/{year};{rpps};autun;consultation;{day:%d/%m/%Y} {at}\n"

    first = line("Ana", "9h") + line("Eva", "9h20")
    assert await _changes(clinic, "imports?kind=appointments", head + first) == {"created": 2}
    assert await _changes(clinic, "imports?kind=appointments", head + first) == {"unchanged": 2}
    assert await clinic.free(clinic.ada) == "09:40-12:00 14:00-18:00"
    assert await clinic.count("SELECT count(*)::int FROM message WHERE state = 'planned'") == 0
    booked = await clinic.w.connection.fetchrow(
        "SELECT audience, status, lower(during) AS start FROM appointment LIMIT 1"
    )
    assert booked is not None
    assert (booked["audience"], booked["status"]) == ("secretariat", "booked")

    wrong = (
        line("Ana", "9h20") + line("Ana", "9h", OTHER) + line("Eva", "13h") + line("Eva", "10h03")
        + line("Ana", "10h").replace("Ana", "Ada") + line("Ana", "10h").replace("autun", "macon")
        + line("Ana", "11h")
    )  # fmt: skip
    assert await _faults(clinic, "imports?kind=appointments", head + wrong) == [
        (2, "debut", "SLOT_TAKEN"),
        (3, "debut", "PATIENT_BUSY"),
        (4, "debut", "SLOT_NOT_OPEN"),
        (5, "debut", "TIME_INVALID"),
        (6, "nom_naissance", "PATIENT_UNKNOWN"),
        (7, "site", "REFERENCE_UNKNOWN"),
    ]
    assert await clinic.count("SELECT count(*)::int FROM appointment") == 2
    assert await clinic.free(clinic.ada) == "09:40-12:00 14:00-18:00"
    told = await _changes(clinic, "imports?kind=appointments&tell=reminders", head + line("Ana", "11h", OTHER))
    assert told == {"created": 1}
    kinds = await clinic.w.connection.fetch("SELECT DISTINCT kind FROM message WHERE state = 'planned'")
    assert {row["kind"] for row in kinds} <= {"reminder"}
