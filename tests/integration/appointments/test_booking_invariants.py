"""The invariants of bookings hold after a varied history, and each names the one row that is planted against it."""

from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest

from maillage.doctor import check_invariants
from tests.harness import people
from tests.harness.clinic import Clinic

MINE = ("I1", "I6", "I7", "appointments.2", "appointments.7", "appointments.10")
ALL = (*MINE, "I2", "I11")
Admin = Callable[[str], str]

PLANTS = {
    "I1": (
        "ALTER TABLE busy DROP CONSTRAINT one_at_a_time",
        """INSERT INTO busy (organisation_id, resource_id, during, appointment_id)
           SELECT organisation_id, resource_id, during,
               appointment_id FROM busy WHERE appointment_id IS NOT NULL LIMIT 1""",
    ),
    "I6": (
        "ALTER TABLE appointment DROP CONSTRAINT patient_in_one_place",
        "UPDATE appointment SET patient_id = (SELECT patient_id FROM appointment WHERE status = 'booked' LIMIT 1)"
        ", during = (SELECT during FROM appointment WHERE status = 'booked' LIMIT 1) WHERE status <> 'booked'",
        "UPDATE appointment SET status = 'pending' WHERE status = 'cancelled'",
    ),
    "I7": ("UPDATE hold SET expires_at = closed_at - interval '1 millisecond' WHERE state = 'confirmed'",),
    "appointments.2": ("DELETE FROM busy WHERE appointment_id = (SELECT id FROM appointment WHERE overbooked)",),
    "appointments.7": ("DELETE FROM appointment_change WHERE event = 'cancel'",),
    "appointments.10": ("UPDATE organisation SET settings = '{\"overbook_limit\": 0}'",),
}


async def history(clinic: Clinic) -> None:
    """Bookings, a move, a cancellation, an overbooking, a hold that lives and one that was confirmed."""
    booked = await clinic.book("09:00")
    await clinic.act(booked, "move", {"start": clinic.at("09:10")})
    other = await clinic.book("10:00", patient_id=await clinic.w.patient(clinic.org))
    await clinic.act(other, "cancel")
    over = await clinic.w.patient(clinic.org)
    await clinic.book("09:20", by=clinic.front, patient_id=over, overbook_reason="fièvre")
    held = await clinic.post("holds", clinic.slot("11:00"))
    third = await clinic.w.patient(clinic.org)
    answer = await clinic.post("appointments", {"hold_id": held.json()["id"], "patient_id": str(third)})
    assert answer.status_code == 201
    await clinic.post("holds", clinic.slot("11:20"), by=people.visitor())


async def test_after_a_varied_history_every_invariant_holds(clinic: Clinic) -> None:
    await history(clinic)
    findings = await check_invariants(clinic.running.database_url, "appointments", "appointments", ALL)
    assert {f.name: (f.state, f.first) for f in findings} == dict.fromkeys(ALL, ("ok", ""))


@pytest.mark.parametrize("name", MINE)
async def test_a_planted_row_is_named(clinic: Clinic, admin_of: Admin, name: str) -> None:
    await history(clinic)
    connection = await asyncpg.connect(admin_of(clinic.running.database_url))
    try:
        for statement in PLANTS[name]:
            await connection.execute(statement)
    finally:
        await connection.close()
    (finding,) = await check_invariants(clinic.running.database_url, "appointments", "appointments", [name])
    assert (finding.state, finding.count) == ("BROKEN", 1), finding.first


async def test_a_hold_that_outlives_its_deadline_is_named(clinic: Clinic) -> None:
    await clinic.post("holds", clinic.slot("09:00"))
    late = clinic.moment("09:00", 0) - timedelta(days=1)
    await clinic.w.connection.execute("UPDATE hold SET expires_at = $1", late)
    await clinic.w.connection.execute("UPDATE busy SET expires_at = $1", late)
    (finding,) = await check_invariants(clinic.running.database_url, "appointments", "appointments", ["I7"])
    assert (finding.state, finding.count) == ("BROKEN", 1)
