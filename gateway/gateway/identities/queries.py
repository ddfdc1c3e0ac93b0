"""SQL of expected identities and of what follows from them."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record

_EXPECTED = "e.id, e.system, e.value, e.role, e.organisation_id, e.active, e.source, e.used_at, e.version"


async def listed(tx: Tx, after: UUID | None, limit: int) -> list[Row]:
    """Expected identities of the reached organisations, by id."""
    return await tx.fetch(
        "SELECT " + _EXPECTED + " FROM expected_identity e WHERE $1::uuid IS NULL OR e.id > $1 ORDER BY e.id LIMIT $2",
        after,
        limit,
    )


async def one(tx: Tx, expected_id: UUID) -> Row | None:
    """One of a reached organisation, locked for the change to come."""
    return await tx.fetchrow(
        "SELECT " + _EXPECTED + " FROM expected_identity e WHERE e.id = $1 FOR UPDATE", expected_id
    )


async def add(tx: Tx, expected_id: UUID, system: str, value: str, role: str, organisation_id: UUID) -> Row | None:
    """A new one by an administrator; None when there is one for this role already."""
    return await tx.fetchrow(
        """INSERT INTO expected_identity AS e (id, system, value, role, organisation_id, source)
           VALUES ($1, $2, $3, $4, $5, 'admin') ON CONFLICT DO NOTHING RETURNING """ + _EXPECTED,
        expected_id, system, value, role, organisation_id,
    )  # fmt: skip


async def set_active(tx: Tx, expected_id: UUID, *, active: bool) -> Row:
    """Awaited, or no longer; awaited again it may be claimed again."""
    row = await tx.fetchrow(
        """UPDATE expected_identity e SET active = $2, version = version + 1,
                  used_at = CASE WHEN $2 AND NOT e.active THEN NULL ELSE e.used_at END
           WHERE id = $1 RETURNING """ + _EXPECTED,
        expected_id, active,
    )  # fmt: skip
    assert row is not None
    return row


async def put(
    tx: Tx, expected_id: UUID, system: str, value: str, role: str, organisation_id: UUID, source_id: UUID
) -> None:
    """Awaited by an event's word, which from now on speaks for it."""
    await tx.execute(
        """INSERT INTO expected_identity AS e (id, system, value, role, organisation_id, source, source_id)
           VALUES ($1, $2, $3, $4, $5, 'event', $6)
           ON CONFLICT (system, value, role, organisation_id) DO UPDATE SET
               active = true, source = 'event', source_id = excluded.source_id, version = e.version + 1,
               used_at = CASE WHEN e.active THEN e.used_at END""",
        expected_id, system, value, role, organisation_id, source_id,
    )  # fmt: skip


async def others_of(tx: Tx, source_id: UUID, keep: Sequence[tuple[str, str]]) -> list[UUID]:
    """The active ones of this source beside those to keep."""
    rows = await tx.fetch(
        """SELECT id FROM expected_identity WHERE source_id = $1 AND active
           AND (system, value) NOT IN (SELECT * FROM unnest($2::text[], $3::text[])) ORDER BY id FOR UPDATE""",
        source_id, [system for system, _ in keep], [value for _, value in keep],
    )  # fmt: skip
    return [row["id"] for row in rows]


async def end_claimed(tx: Tx, expected_id: UUID) -> list[Row]:
    """Ends the role that was given for this identity, unless another active one gives it too, or an administrator
    did."""
    return await tx.fetch(
        """UPDATE membership m SET valid = tstzrange(lower(m.valid), greatest($2::timestamptz, lower(m.valid)
               + interval '1 microsecond')), version = m.version + 1
           FROM expected_identity e
           WHERE e.id = $1 AND NOT e.active AND m.person_id = e.used_by AND m.organisation_id = e.organisation_id
             AND m.role = e.role AND m.source <> 'admin' AND m.valid @> $2::timestamptz
             AND NOT EXISTS (SELECT 1 FROM expected_identity x WHERE x.used_by = e.used_by AND x.active
                             AND x.role = e.role AND x.organisation_id = e.organisation_id)
           RETURNING m.id, m.person_id, m.organisation_id, m.role, lower(m.valid) AS valid_from,
                     upper(m.valid) AS valid_to""",
        expected_id, tx.now,
    )  # fmt: skip


async def sessions_under(tx: Tx, membership_id: UUID) -> list[str]:
    """The live sessions that work under a role."""
    rows = await tx.fetch("SELECT sid FROM session WHERE membership_id = $1 AND ended_at IS NULL", membership_id)
    return [row["sid"] for row in rows]


async def claimable(tx: Tx, identifiers: Sequence[tuple[str, str]]) -> list[Row]:
    """The active ones, of active organisations, that nobody has claimed yet, by what somebody has just proved."""
    return await tx.fetch(
        "SELECT " + _EXPECTED + """ FROM expected_identity e
           JOIN organisation o ON o.id = e.organisation_id AND o.active
           WHERE (e.system, e.value) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND e.active
             AND e.used_at IS NULL ORDER BY e.id FOR UPDATE OF e""",
        [system for system, _ in identifiers], [value for _, value in identifiers],
    )  # fmt: skip


async def claim(tx: Tx, expected_id: UUID, person_id: UUID) -> None:
    """This person it was."""
    await tx.execute(
        "UPDATE expected_identity SET used_by = $2, used_at = $3 WHERE id = $1", expected_id, person_id, tx.now
    )


async def give(
    tx: Tx, membership_id: UUID, person_id: UUID, organisation_id: UUID, role: str, source: str
) -> Row | None:
    """The role from now on; None when the person has it already."""
    return await tx.fetchrow(
        """INSERT INTO membership AS m (id, person_id, organisation_id, role, valid, source)
           VALUES ($1, $2, $3, $4, tstzrange($5, NULL), $6) ON CONFLICT DO NOTHING
           RETURNING m.id, m.person_id, m.organisation_id, m.role, lower(m.valid) AS valid_from,
                     upper(m.valid) AS valid_to""",
        membership_id, person_id, organisation_id, role, tx.now, source,
    )  # fmt: skip
