"""SQL of second factors and of sign-ins that wait for one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def add_pending(
    tx: Tx, id_hash: bytes, person_id: UUID, device_id: UUID | None, lives: timedelta, *, enrol: bool
) -> None:
    """The first half of a sign-in is done in this browser."""
    await tx.execute(
        """INSERT INTO sign_in (id_hash, person_id, enrol, device_id, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $5::timestamptz + $6::interval)""",
        id_hash, person_id, enrol, device_id, tx.now, lives,
    )  # fmt: skip


async def pending(tx: Tx, id_hash: bytes, *, enrol: bool) -> Row | None:
    """A sign-in that waits, held until this transaction ends: of two answers at once one is read after the other."""
    return await tx.fetchrow(
        """SELECT s.person_id, s.device_id, s.failures, p.login, p.login_key
           FROM sign_in s JOIN person p ON p.id = s.person_id
           WHERE s.id_hash = $1 AND s.enrol = $2 AND s.expires_at > $3 AND p.status IN ('active', 'invited')
           FOR UPDATE OF s""",
        id_hash, enrol, tx.now,
    )  # fmt: skip


async def count_pending_failure(tx: Tx, id_hash: bytes) -> None:
    """One more wrong code in this sign-in."""
    await tx.execute("UPDATE sign_in SET failures = failures + 1 WHERE id_hash = $1", id_hash)


async def end_pending(tx: Tx, id_hash: bytes) -> None:
    """A sign-in is complete, or was tried too often."""
    await tx.execute("DELETE FROM sign_in WHERE id_hash = $1", id_hash)


async def drop_pending(tx: Tx, person_id: UUID) -> None:
    """What was begun with a password that counts no more."""
    await tx.execute("DELETE FROM sign_in WHERE person_id = $1", person_id)


async def totp(tx: Tx, person_id: UUID) -> Row | None:
    """The authenticator that counts, and the one that is being enrolled."""
    return await tx.fetchrow(
        "SELECT secret_sealed, last_step, confirmed_at, new_sealed, new_at FROM totp WHERE person_id = $1", person_id
    )


async def use_step(tx: Tx, person_id: UUID, step: int) -> bool:
    """Marks a step as used; False when somebody used it, or a later one, at the same time."""
    done = await tx.execute(
        "UPDATE totp SET last_step = $2 WHERE person_id = $1 AND last_step < $2 AND secret_sealed IS NOT NULL",
        person_id, step,
    )  # fmt: skip
    return done == "UPDATE 1"


async def put_new(tx: Tx, person_id: UUID, sealed: bytes) -> None:
    """An authenticator to be confirmed; the one that counts stays."""
    await tx.execute(
        """INSERT INTO totp (person_id, new_sealed, new_at) VALUES ($1, $2, $3)
           ON CONFLICT (person_id) DO UPDATE SET new_sealed = excluded.new_sealed, new_at = excluded.new_at""",
        person_id, sealed, tx.now,
    )  # fmt: skip


async def confirm(tx: Tx, person_id: UUID, sealed: bytes, step: int) -> bool:
    """The new authenticator counts, the old one no longer; False when it was confirmed or replaced at the same time."""
    done = await tx.execute(
        """UPDATE totp SET secret_sealed = new_sealed, confirmed_at = $4, last_step = $3,
                           new_sealed = NULL, new_at = NULL
           WHERE person_id = $1 AND new_sealed = $2""",
        person_id, sealed, step, tx.now,
    )  # fmt: skip
    return done == "UPDATE 1"


async def put_recovery_codes(tx: Tx, person_id: UUID, hmacs: Sequence[bytes]) -> None:
    """These instead of those before."""
    await tx.execute("DELETE FROM recovery_code WHERE person_id = $1", person_id)
    await tx.execute(
        "INSERT INTO recovery_code (person_id, code_hmac) SELECT $1, * FROM unnest($2::bytea[])", person_id, list(hmacs)
    )


async def use_recovery_code(tx: Tx, person_id: UUID, hmac: bytes) -> bool:
    """A code works once."""
    done = await tx.execute(
        "UPDATE recovery_code SET used_at = $3 WHERE person_id = $1 AND code_hmac = $2 AND used_at IS NULL",
        person_id, hmac, tx.now,
    )  # fmt: skip
    return done == "UPDATE 1"


async def remove(tx: Tx, person_id: UUID) -> None:
    """Nothing stands beside the password any more; sign-ins that wait for it end."""
    for statement in (
        "DELETE FROM totp WHERE person_id = $1",
        "DELETE FROM recovery_code WHERE person_id = $1",
        "DELETE FROM sign_in WHERE person_id = $1",
    ):
        await tx.execute(statement, person_id)


async def overview(tx: Tx, person_id: UUID) -> Row:
    """What a person has."""
    row = await tx.fetchrow(
        """SELECT (SELECT changed_at FROM password WHERE person_id = $1) AS password_changed_at,
                  (SELECT confirmed_at FROM totp WHERE person_id = $1) AS totp_since,
                  (SELECT count(*)::int FROM recovery_code WHERE person_id = $1 AND used_at IS NULL)
                      AS recovery_codes_left""",
        person_id,
    )
    assert row is not None
    return row


async def give_access(
    tx: Tx,
    access_id: UUID,
    person_id: UUID,
    organisation_id: UUID,
    code_hash: bytes,
    lasts: timedelta,
    given_by: UUID,
) -> datetime:
    """A temporary access from now on; returns when it ends."""
    value = await tx.fetchval(
        """INSERT INTO temporary_access (id, person_id, organisation_id, code_hash, valid, given_by)
           VALUES ($1, $2, $3, $4, tstzrange($5, $5::timestamptz + $6::interval), $7) RETURNING upper(valid)""",
        access_id, person_id, organisation_id, code_hash, tx.now, lasts, given_by,
    )  # fmt: skip
    assert isinstance(value, datetime)
    return value


async def end_access(tx: Tx, person_id: UUID) -> list[Row]:
    """Open temporary accesses of a person end now."""
    return await tx.fetch(
        "UPDATE temporary_access SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL"
        " RETURNING id, person_id, organisation_id",
        person_id, tx.now,
    )  # fmt: skip


async def lapsed_access(tx: Tx, limit: int) -> list[Row]:
    """Temporary accesses whose time is over, marked as ended; the organisation is that of whoever gave them."""
    return await tx.fetch(
        """UPDATE temporary_access a SET ended_at = $1
           WHERE id IN (SELECT id FROM temporary_access WHERE ended_at IS NULL AND upper(valid) <= $1
                        ORDER BY upper(valid) LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING a.id, a.person_id, a.organisation_id""",
        tx.now, limit,
    )  # fmt: skip


async def forget(tx: Tx) -> None:
    """Sign-ins that nobody finished; the audit keeps what happened."""
    await tx.execute("DELETE FROM sign_in WHERE expires_at < $1", tx.now)
    await tx.execute("DELETE FROM temporary_access WHERE upper(valid) < $1::timestamptz - interval '30 days'", tx.now)
