"""SQL of organisations."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def organisations(tx: Tx, only: UUID | None, after: UUID | None, limit: int) -> list[Row]:
    """Organisations by id, or only that one."""
    return await tx.fetch(
        """SELECT id, kind, name, territory, active, identifiers, version FROM organisation
           WHERE ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3""",
        only, after, limit,
    )  # fmt: skip


async def organisation(tx: Tx, organisation_id: UUID) -> Row | None:
    """One reached organisation, locked for the change to come."""
    return await tx.fetchrow(
        "SELECT id, kind, name, territory, active, identifiers, version FROM organisation WHERE id = $1 FOR UPDATE",
        organisation_id,
    )


async def kind_of(tx: Tx, organisation_id: UUID) -> str | None:
    """The kind of an open organisation."""
    kind = await tx.fetchval("SELECT kind FROM organisation WHERE id = $1 AND active", organisation_id)
    return str(kind) if kind is not None else None


async def put_organisation(
    tx: Tx,
    organisation_id: UUID,
    kind: str,
    name: str,
    territory: str,
    identifiers: Sequence[dict[str, str]],
    *,
    active: bool,
) -> Row:
    """An organisation, new or changed."""
    row = await tx.fetchrow(
        """INSERT INTO organisation AS o (id, kind, name, territory, identifiers, active) VALUES ($1, $2, $3, $4, $5,
           $6)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, identifiers = excluded.identifiers, active =
           excluded.active,
               version = o.version + 1
           RETURNING id, kind, name, territory, active, identifiers, version""",
        organisation_id, kind, name, territory, list(identifiers), active,
    )  # fmt: skip
    assert row is not None
    return row


async def operated(tx: Tx) -> bool:
    """Whether there is an operator. Who asks holds the lock on it until the end of the transaction."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('the first operator', 5))")
    return bool(await tx.fetchval("SELECT EXISTS (SELECT FROM organisation WHERE kind = 'operator')"))


async def first_taken(tx: Tx, systems: Sequence[str], values: Sequence[str], own: UUID) -> int | None:
    """The place of the first of these numbers that another organisation has; None when all are free. Who asks holds
    the lock on numbers until the end of the transaction."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('organisation numbers', 3))")
    place = await tx.fetchval(
        """SELECT min(w.place) - 1 FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (system, value, place)
           JOIN organisation o ON o.id <> $3
               AND o.identifiers @> jsonb_build_array(jsonb_build_object('system', w.system, 'value', w.value))""",
        list(systems), list(values), own,
    )  # fmt: skip
    return int(str(place)) if place is not None else None


async def end_sessions(tx: Tx, organisation_id: UUID) -> list[Row]:
    """Ends the sessions that work in an organisation, its screens' too; returns what ended."""
    return await tx.fetch(
        """UPDATE session s SET ended_at = $2, end_reason = 'suspended'
           WHERE s.ended_at IS NULL
             AND (s.membership_id IN (SELECT id FROM membership WHERE organisation_id = $1)
                  OR s.device_id IN (SELECT id FROM device WHERE organisation_id = $1))
           RETURNING s.sid, s.person_id, $1::uuid AS organisation_id""",
        organisation_id, tx.now,
    )  # fmt: skip
