"""I20 and I22 hold after ordinary use, and name exactly the row that breaks them."""

from collections.abc import Callable

import asyncpg

from maillage.doctor import Finding, check_invariants
from tests.harness.clinic import Clinic

INS = "290057101400123"


async def finding(clinic: Clinic, name: str) -> Finding:
    """What the doctor says of one invariant."""
    [found] = await check_invariants(clinic.running.database_url, "appointments", "appointments", [name])
    return found


async def test_an_ins_on_a_provisional_identity_is_found(clinic: Clinic, admin_of: Callable[[str], str]) -> None:
    await clinic.w.connection.execute("UPDATE patient SET identity_status = 'QUAL', ins = $1", INS)
    assert (await finding(clinic, "I20")).state == "ok"
    admin = await asyncpg.connect(admin_of(clinic.running.database_url))
    try:
        await admin.execute("ALTER TABLE patient DROP CONSTRAINT patient_check")
        await admin.execute("UPDATE patient SET identity_status = 'VALI'")
    finally:
        await admin.close()
    broken = await finding(clinic, "I20")
    assert (broken.state, broken.count) == ("BROKEN", 1)
    assert broken.first.startswith(str(clinic.pat))
    assert INS not in broken.first


async def test_one_ins_on_two_files_is_found(clinic: Clinic, admin_of: Callable[[str], str]) -> None:
    await clinic.w.patient(clinic.org, identity_status="QUAL", ins=INS)
    admin = await asyncpg.connect(admin_of(clinic.running.database_url))
    try:
        await admin.execute("DROP INDEX patient_ins")
        await admin.execute("UPDATE patient SET identity_status = 'QUAL', ins = $1", INS)
    finally:
        await admin.close()
    assert (await finding(clinic, "I20")).count == 1


async def test_a_message_that_left_after_the_cancellation_is_found(clinic: Clinic) -> None:
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980501')",
        clinic.org,
        clinic.pat,
    )
    booked = await clinic.book("09:20")
    await clinic.act(booked, "cancel", {})
    assert (await finding(clinic, "I22")).state == "ok"
    key = await clinic.w.connection.fetchval(
        """UPDATE message SET state = 'sent', claimed_at = now() + interval '1 minute'
           WHERE kind = 'confirmation' RETURNING id"""
    )
    broken = await finding(clinic, "I22")
    assert (broken.state, broken.count) == ("BROKEN", 1)
    assert broken.first.startswith(str(key))


async def test_a_second_message_of_the_same_version_is_found(clinic: Clinic, admin_of: Callable[[str], str]) -> None:
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980501')",
        clinic.org,
        clinic.pat,
    )
    await clinic.book("09:20")
    admin = await asyncpg.connect(admin_of(clinic.running.database_url))
    try:
        await admin.execute("DROP INDEX message_once")
        await admin.execute("CREATE TEMP TABLE twin AS SELECT * FROM message WHERE kind = 'confirmation'")
        await admin.execute("UPDATE twin SET id = uuidv7()")
        await admin.execute("INSERT INTO message SELECT * FROM twin")
    finally:
        await admin.close()
    assert (await finding(clinic, "I22")).count == 1
