"""Unscheduled care is told by half-day: what is offered, what is booked, and only when it has changed."""

import json

from appointments.unscheduled.service import tell
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from tests.harness.appointments_world import rule
from tests.harness.clinic import Clinic, Json


async def _told(clinic: Clinic) -> list[tuple[str, int, int, int]]:
    """Runs the timed use case; what it told of the day of the test: half, offered, booked, version."""
    before = await clinic.count("SELECT coalesce(max(sequence), 0)::int FROM kit.outbox")
    database = Database(clinic.running.settings)
    await database.open()
    try:
        await database.run(system("appointments"), tell)
    finally:
        await database.close()
    rows = await clinic.w.connection.fetch(
        "SELECT payload FROM kit.outbox WHERE sequence > $1 AND type = 'appointments.snp_changed.v1' ORDER BY sequence",
        before,
    )
    day = clinic.day(3).isoformat()
    events = [json.loads(row["payload"]) for row in rows]
    return [(e["half"], e["offered"], e["booked"], e["version"]) for e in events if e["date"] == day]


async def test_a_half_day_is_told_when_it_changes_and_only_then(clinic: Clinic) -> None:
    doctor = await clinic.doctor(rule("14:00", "16:00", kind="unscheduled", step_minutes=20))
    reason = await clinic.w.reason(clinic.org, f"rapide-{new_id().hex[-6:]}", unscheduled=True)
    assert await _told(clinic) == [("afternoon", 6, 0, 1)]
    assert await _told(clinic) == []
    wish: Json = clinic.wish("14:20", practitioner_id=doctor, reason_id=reason)
    booked = await clinic.post("appointments", wish)
    assert booked.status_code == 201, booked.text
    assert await _told(clinic) == [("afternoon", 6, 1, 2)]
    await clinic.act(booked.json(), "cancel")
    assert await _told(clinic) == [("afternoon", 6, 0, 3)]


async def test_a_window_that_is_gone_is_told_as_nothing(clinic: Clinic) -> None:
    doctor = await clinic.doctor(rule("09:00", "10:00", kind="unscheduled", step_minutes=20))
    assert await _told(clinic) == [("morning", 3, 0, 1)]
    await clinic.w.connection.execute("DELETE FROM availability WHERE practitioner_id = $1", doctor)
    assert await _told(clinic) == [("morning", 0, 0, 2)]
