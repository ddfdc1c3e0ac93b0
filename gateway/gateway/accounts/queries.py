"""SQL of persons and memberships."""

from datetime import datetime
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record

_PERSON = """p.id, p.login, p.display_name, p.email, p.phone, p.rpps, p.language, p.status, p.epoch, p.last_sign_in_at,
    p.version"""
_MEMBERSHIP = (
    "m.id, m.person_id, m.organisation_id, m.role, lower(m.valid) AS valid_from, upper(m.valid) AS valid_to, m.version"
)
# An administrator sees the persons who have, had or will have a role in an organisation he reaches.
_REACHED = "EXISTS (SELECT 1 FROM membership m WHERE m.person_id = p.id)"


async def persons(tx: Tx, after: UUID | None, limit: int) -> list[Row]:
    """Persons of the reached organisations, by id."""
    return await tx.fetch(
        "SELECT " + _PERSON + " FROM person p WHERE " + _REACHED
        + " AND ($1::uuid IS NULL OR p.id > $1) ORDER BY p.id LIMIT $2",
        after, limit,
    )  # fmt: skip


async def person(tx: Tx, person_id: UUID) -> Row | None:
    """One person of the reached organisations, locked for the change to come."""
    return await tx.fetchrow(
        "SELECT " + _PERSON + " FROM person p WHERE p.id = $1 AND " + _REACHED + " FOR UPDATE OF p", person_id
    )


async def add_person(
    tx: Tx,
    person_id: UUID,
    login: str,
    login_key: str,
    display_name: str,
    email: str | None,
    phone: str | None,
    rpps: str | None,
    status: str,
    language: str = "fr",
) -> Row | None:
    """A new person; None when the login is taken, by anyone."""
    return await tx.fetchrow(
        """INSERT INTO person AS p (id, login, login_key, display_name, email, phone, rpps, status, language)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (login_key) DO NOTHING RETURNING """ + _PERSON,
        person_id, login, login_key, display_name, email, phone, rpps, status, language,
    )  # fmt: skip


async def rpps_taken(tx: Tx, rpps: str, but: UUID | None) -> bool:
    """Whether another open account has this RPPS."""
    return bool(
        await tx.fetchval(
            "SELECT EXISTS (SELECT 1 FROM person WHERE rpps = $1 AND status <> 'closed' AND id IS DISTINCT FROM $2)",
            rpps,
            but,
        )
    )


async def change_person(
    tx: Tx,
    person_id: UUID,
    display_name: str,
    email: str | None,
    phone: str | None,
    rpps: str | None,
    language: str,
) -> Row:
    """Names, addresses and language of a person."""
    row = await tx.fetchrow(
        """UPDATE person p SET display_name = $2, email = $3, phone = $4, rpps = $5, language = $6,
                               version = version + 1
           WHERE id = $1 RETURNING """ + _PERSON,
        person_id, display_name, email, phone, rpps, language,
    )  # fmt: skip
    assert row is not None
    return row


async def works_elsewhere(tx: Tx, person_id: UUID, organisation_id: UUID) -> bool:
    """Whether a person has a role now or later in another organisation; asked over all organisations."""
    return bool(
        await tx.fetchval(
            """SELECT EXISTS (SELECT 1 FROM membership WHERE person_id = $1 AND organisation_id <> $2
                              AND (upper_inf(valid) OR upper(valid) > kit_now()))""",
            person_id,
            organisation_id,
        )
    )


async def set_status(tx: Tx, person_id: UUID, status: str, *, epoch_step: int) -> Row:
    """Another state; a higher epoch makes everything that was given before worthless."""
    row = await tx.fetchrow(
        "UPDATE person p SET status = $2, epoch = epoch + $3, version = version + 1 WHERE id = $1 RETURNING " + _PERSON,
        person_id, status, epoch_step,
    )  # fmt: skip
    assert row is not None
    return row


async def add_invitation(tx: Tx, token_hash: bytes, person_id: UUID, expires_at: datetime) -> None:
    """A new invitation; older ones of the person no longer work."""
    await tx.execute("UPDATE invitation SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL", person_id, tx.now)
    await tx.execute(
        "INSERT INTO invitation (token_hash, person_id, expires_at) VALUES ($1, $2, $3)",
        token_hash,
        person_id,
        expires_at,
    )


async def memberships(tx: Tx, after: UUID | None, limit: int) -> list[Row]:
    """Memberships of the reached organisations, by id."""
    return await tx.fetch(
        "SELECT " + _MEMBERSHIP + " FROM membership m WHERE $1::uuid IS NULL OR m.id > $1 ORDER BY m.id LIMIT $2",
        after,
        limit,
    )


async def add_membership(
    tx: Tx,
    membership_id: UUID,
    person_id: UUID,
    organisation_id: UUID,
    role: str,
    valid_from: datetime,
    valid_to: datetime | None,
) -> Row | None:
    """A role; None when the person already has it at some of that time."""
    return await tx.fetchrow(
        """INSERT INTO membership AS m (id, person_id, organisation_id, role, valid, source)
           VALUES ($1, $2, $3, $4, tstzrange($5, $6), 'admin') ON CONFLICT DO NOTHING RETURNING """ + _MEMBERSHIP,
        membership_id, person_id, organisation_id, role, valid_from, valid_to,
    )  # fmt: skip


async def membership(tx: Tx, membership_id: UUID) -> Row | None:
    """One membership of a reached organisation, locked for the change to come."""
    return await tx.fetchrow("SELECT " + _MEMBERSHIP + " FROM membership m WHERE m.id = $1 FOR UPDATE", membership_id)


async def end_membership(tx: Tx, membership_id: UUID, valid_to: datetime) -> Row:
    """The role ends then; sessions that work under it have no context from that instant on."""
    row = await tx.fetchrow(
        "UPDATE membership m SET valid = tstzrange(lower(valid), $2), version = version + 1 WHERE id = $1 RETURNING "
        + _MEMBERSHIP,
        membership_id, valid_to,
    )  # fmt: skip
    assert row is not None
    return row
