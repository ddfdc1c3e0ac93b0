"""An appointment as iCalendar over HTTP: for whom, in which state, and with what left out."""

from typing import Any
from uuid import UUID

from icalendar import Calendar

from appointments.links import service as links
from maillage.database import Database
from maillage.ids import hash_token, new_id, new_token
from maillage.principal import Principal
from tests.harness import people
from tests.harness.clinic import Clinic


async def fetch(clinic: Clinic, appointment: dict[str, Any], by: Principal | None = None) -> Any:
    """The one event of the file."""
    answer = await clinic.get(f"appointments/{appointment['id']}.ics", by=by)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert "no-store" in answer.headers["cache-control"]
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    return event


async def test_a_booking_is_a_calendar_entry_without_its_reason(clinic: Clinic) -> None:
    await clinic.w.connection.execute("UPDATE visit_reason SET public_label = 'Delicat', sensitive = true")
    booked = await clinic.book("09:20", note="Delicat")
    event = await fetch(clinic, booked)
    assert (event["UID"], event["SEQUENCE"]) == (f"{booked['id']}@127.0.0.1", 0)
    assert event["DTSTART"].dt == clinic.moment("09:20")
    assert event["DTEND"].dt == clinic.moment("09:40")
    assert event["SUMMARY"] == "Rendez-vous, Autun"
    text = event.to_ical().decode()
    for secret in ("Delicat", "consultation", "Essai", "Camille"):
        assert secret.lower() not in text.lower()


async def test_the_entry_keeps_its_uid_through_a_move_and_a_cancellation(clinic: Clinic) -> None:
    booked = await clinic.book("09:20")
    await clinic.act(booked, "move", {"start": clinic.at("10:40")})
    event = await fetch(clinic, booked)
    assert (event["SEQUENCE"], event["STATUS"], event["DTSTART"].dt) == (1, "CONFIRMED", clinic.moment("10:40"))
    await clinic.act(booked, "cancel", {})
    event = await fetch(clinic, booked)
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CANCELLED")


async def test_the_entry_is_its_patients_and_his_centres_only(clinic: Clinic) -> None:
    """Proved contact: yes. Link opened by the birth date: yes. Anybody else: the same 404 as for a random id."""
    booked = await clinic.book("09:20")
    path = f"appointments/{booked['id']}.ics"
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980401')",
        clinic.org,
        clinic.pat,
    )
    await fetch(clinic, booked, by=people.patient("+33639980401"))
    strangers = [people.patient("+33639980402"), people.front_desk(await clinic.w.organisation("Other"))]
    for who in strangers:
        assert (await clinic.get(path, by=who)).status_code == 404
    for wrong in (f"appointments/{new_id()}.ics", "appointments/x.ics"):
        assert (await clinic.get(wrong)).status_code == 404
    token, guest = new_token(), people.patient("+33639980403")
    await clinic.w.connection.execute(
        "INSERT INTO manage_link VALUES ($1, $2, $3, 0, '{}', now() + interval '9 days', now())",
        hash_token(token),
        clinic.org,
        UUID(str(booked["id"])),
    )
    database = Database(clinic.running.settings)
    await database.open()
    try:
        born = await clinic.w.connection.fetchval("SELECT birth_date FROM patient WHERE id = $1", clinic.pat)
        assert (await clinic.get(path, by=guest)).status_code == 404
        await database.run(guest, links.answer, token, born)
    finally:
        await database.close()
    await fetch(clinic, booked, by=guest)
