"""What is not kept for ever goes, and only that: rows planted on both sides of each border."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from appointments.retention import service
from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from tests.harness.clinic import Clinic

DAY = timedelta(days=1)


async def _clean(clinic: Clinic) -> dict[str, int]:
    database = Database(clinic.running.settings)
    await database.open()
    try:
        return await service.clean(database)
    finally:
        await database.close()


async def _hold(clinic: Clinic, hour: str, state: str, closed: datetime) -> UUID:
    """A hold over the API, then as it was long ago."""
    held = await clinic.post("holds", clinic.slot(hour))
    assert held.status_code == 201, held.text
    hold_id = UUID(held.json()["id"])
    if state == "released":
        await clinic.delete(f"holds/{hold_id}")
        await clinic.w.connection.execute("UPDATE hold SET closed_at = $2 WHERE id = $1", hold_id, closed)
    return hold_id


async def _message(clinic: Clinic, appointment: UUID, version: int, state: str, at: datetime) -> None:
    await clinic.w.connection.execute(
        """INSERT INTO message (organisation_id, appointment_id, version, kind, channel, recipient, due_at, state,
                                sent_at, created_at)
           VALUES ($1, $2, $3, 'confirmation', 'sms', '+33639980077', $4, $5, $4, $4)""",
        clinic.org,
        appointment,
        version,
        at,
        state,
    )


async def test_holds_contacts_links_and_receipts_go_after_their_time(clinic: Clinic) -> None:
    now, c = clock.now(), clinic.w.connection
    old, young = await _hold(clinic, "09:00", "released", now - 11 * DAY), None
    young = await _hold(clinic, "09:20", "released", now - 9 * DAY)
    live = await _hold(clinic, "09:40", "held", now)
    settings = {"keep_holds_days": 10, "keep_messages_days": 40}
    await c.execute(
        "UPDATE organisation SET settings = $2::text::jsonb WHERE id = $1", clinic.org, str(settings).replace("'", '"')
    )

    past = await clinic.w.booking(
        clinic.schedules[clinic.ada], clinic.pat, clinic.reason, clinic.moment("09:00", -3), status="fulfilled"
    )
    coming = UUID(str((await clinic.book("11:00"))["id"]))
    await c.execute("DELETE FROM message")
    for version, (state, days) in enumerate([("sent", 41), ("failed", 41), ("planned", 41), ("sent", 39)], start=1):
        await _message(clinic, past, version, state, now - days * DAY)
    await c.execute("DELETE FROM manage_link")
    for visit in (past, coming):
        # Both are past what was first thought: a move took the second one on.
        await c.execute(
            """INSERT INTO manage_link (token_hash, organisation_id, appointment_id, expires_at, created_at)
               VALUES ($1, $2, $3, $4, $4)""",
            visit.bytes,
            clinic.org,
            visit,
            now - DAY,
        )
    for name, days in (("old", 91), ("young", 89)):
        await c.execute(
            """INSERT INTO message_receipt (provider, receipt_id, provider_ref, state, at, received_at)
               VALUES ('test', $1, $1, 'delivered', $2, $2)""",
            name,
            now - days * DAY,
        )

    removed = await _clean(clinic)
    assert removed == {"holds": 1, "contacts_of_messages": 2, "links": 1, "receipts": 1, "identities": 0}
    assert {row["id"] for row in await c.fetch("SELECT id FROM hold")} == {young, live} != {old}
    kept = await c.fetch("SELECT version, recipient <> '' AS kept FROM message ORDER BY version")
    assert [row["kept"] for row in kept] == [False, False, True, True]
    assert [row["appointment_id"] for row in await c.fetch("SELECT appointment_id FROM manage_link")] == [coming]
    assert await c.fetchval("SELECT receipt_id FROM message_receipt") == "young"
    facts = await c.fetch("SELECT action, facts FROM kit.audit WHERE action LIKE 'retention.%' ORDER BY action")
    assert [row["action"] for row in facts] == [f"retention.{n}" for n in ("contacts_of_messages", "holds", "links")]
    assert '"removed": 2' in facts[0]["facts"].replace('":2', '": 2')
    assert not any((await _clean(clinic)).values()), "a second night finds nothing"


async def test_only_people_who_never_came_and_are_tied_to_nothing_are_erased(clinic: Clinic) -> None:
    now, c = clock.now(), clinic.w.connection
    long_ago = now - 25 * 31 * DAY

    async def person(**fields: object) -> UUID:
        known: dict[str, Any] = {"created_at": long_ago, **fields}
        return await clinic.w.patient(clinic.org, "Ancien", **known)

    gone = await person()
    seen = await person(first_seen_at=long_ago)
    checked = await person(identity_status="VALI")
    recent = await person(created_at=now - 20 * 30 * DAY)
    booked, parent, child, waits = await person(), await person(), await person(), await person()
    called, asked = await person(last_contact_at=now - DAY), await person()
    into = await person()
    merged = await person(merged_into_id=into)
    await clinic.w.booking(
        clinic.schedules[clinic.ada], booked, clinic.reason, clinic.moment("09:00", -2), status="cancelled"
    )
    await c.execute("UPDATE appointment SET requester = $1::text::jsonb", f'{{"patient_id": "{asked}"}}')
    await c.execute(
        "INSERT INTO relation (patient_id, other_patient_id, organisation_id, kind) VALUES ($1, $2, $3, 'parent')",
        child,
        parent,
        clinic.org,
    )
    await c.execute(
        """INSERT INTO waiting_entry (id, organisation_id, patient_id, reason_id, modes, from_date, to_date, audience,
                                      created_by, created_at, changed_at)
           VALUES ($1, $2, $3, $4, '{on_site}', $5, $5, 'secretariat', 'system:test', $6, $6)""",
        new_id(),
        clinic.org,
        waits,
        clinic.reason,
        clinic.day(3),
        now,
    )
    await c.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980078')",
        clinic.org,
        gone,
    )
    await c.execute(
        "INSERT INTO not_same_person (first_id, second_id, organisation_id, by, at) VALUES ($1, $2, $3, 'x', $4)",
        min(gone, seen),
        max(gone, seen),
        clinic.org,
        now,
    )
    assert (await _clean(clinic))["identities"] == 1
    left = {row["id"] for row in await c.fetch("SELECT id FROM patient WHERE birth_family_name = 'Ancien'")}
    assert left == {seen, checked, recent, booked, parent, child, waits, into, merged, called, asked}
    assert await clinic.count("SELECT count(*)::int FROM patient_word WHERE patient_id = $1", gone) == 0
    assert await clinic.count("SELECT count(*)::int FROM contact WHERE patient_id = $1", gone) == 0
    audit = await c.fetch("SELECT record_id, facts FROM kit.audit WHERE action = 'patient.erase'")
    assert [row["record_id"] for row in audit] == [gone]
    assert "Ancien" not in str(audit[0]["facts"])
