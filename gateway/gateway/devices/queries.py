"""SQL of devices."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record

_DEVICE = (
    "d.id, d.kind, d.organisation_id, d.label, lower(d.valid) AS valid_from, upper(d.valid) AS valid_to,"
    " d.token_hash IS NOT NULL AS enrolled, d.last_seen_at, d.version"
)


async def of_organisation(tx: Tx, after: UUID | None, limit: int) -> list[Row]:
    """Posts and screens of the reached organisations, by id."""
    return await tx.fetch(
        "SELECT " + _DEVICE + " FROM device d WHERE d.kind <> 'known' AND ($1::uuid IS NULL OR d.id > $1)"
        " ORDER BY d.id LIMIT $2",
        after, limit,
    )  # fmt: skip


async def one(tx: Tx, device_id: UUID) -> Row | None:
    """One post or screen of a reached organisation, locked for the change to come."""
    return await tx.fetchrow(
        "SELECT " + _DEVICE + " FROM device d WHERE d.id = $1 AND d.kind <> 'known' FOR UPDATE", device_id
    )


async def add(
    tx: Tx,
    device_id: UUID,
    kind: str,
    organisation_id: UUID,
    label: str,
    valid_to: datetime,
    code_hash: bytes,
    code_expires_at: datetime,
) -> Row:
    """A post or screen that waits for its code."""
    row = await tx.fetchrow(
        """INSERT INTO device AS d (id, kind, organisation_id, label, code_hash, code_expires_at, enrolled_by, valid)
           VALUES ($1, $2, $3, $4, $5, $6, $7, tstzrange($8, $9)) RETURNING """ + _DEVICE,
        device_id, kind, organisation_id, label, code_hash, code_expires_at, tx.principal.person_id, tx.now, valid_to,
    )  # fmt: skip
    assert row is not None
    return row


async def change(tx: Tx, device_id: UUID, label: str, valid_to: datetime) -> Row:
    """Another label, another end; a screen's session lives as long as the screen."""
    await tx.execute(
        """UPDATE session SET expires_at = $2, idle_until = $2
           WHERE device_id = $1 AND kind = 'wall' AND ended_at IS NULL""",
        device_id, valid_to,
    )  # fmt: skip
    row = await tx.fetchrow(
        """UPDATE device d SET label = $2, valid = tstzrange(lower(valid), $3), version = version + 1,
               code_hash = CASE WHEN $3 > $4 THEN code_hash END,
               code_expires_at = CASE WHEN $3 > $4 THEN code_expires_at END
           WHERE id = $1 RETURNING """ + _DEVICE,
        device_id, label, valid_to, tx.now,
    )  # fmt: skip
    assert row is not None
    return row


async def set_code(tx: Tx, device_id: UUID, code_hash: bytes, code_expires_at: datetime) -> Row:
    """A new code; the one before no longer works. What is enrolled stays so until the new one is typed."""
    row = await tx.fetchrow(
        "UPDATE device d SET code_hash = $2, code_expires_at = $3, version = version + 1 WHERE id = $1 RETURNING "
        + _DEVICE,
        device_id, code_hash, code_expires_at,
    )  # fmt: skip
    assert row is not None
    return row


async def enrol(tx: Tx, code_hash: bytes, token_hash: bytes) -> Row | None:
    """The device of this code, known by this token from now on; None when the code is used, old or unknown."""
    return await tx.fetchrow(
        """UPDATE device d SET token_hash = $2, code_hash = NULL, code_expires_at = NULL, last_seen_at = $3,
               version = d.version + 1
           FROM organisation o
           WHERE d.code_hash = $1 AND d.code_expires_at > $3 AND d.valid @> $3::timestamptz
             AND o.id = d.organisation_id AND o.active
           RETURNING o.name AS organisation_name, """ + _DEVICE,
        code_hash, token_hash, tx.now,
    )  # fmt: skip


async def add_wall_session(tx: Tx, id_hash: bytes, sid: str, device_id: UUID, until: datetime) -> None:
    """The session of a screen: nobody's, without idle end."""
    await tx.execute(
        """INSERT INTO session (id_hash, sid, kind, device_id, created_at, idle_until, expires_at, auth_time, amr, acr,
                                ip)
           VALUES ($1, $2, 'wall', $3, $4, $5, $5, $4, '{device}', 1, $6::text::inet)""",
        id_hash, sid, device_id, tx.now, until, tx.principal.ip,
    )  # fmt: skip


async def end_sessions(tx: Tx, device_id: UUID, reason: str, person_id: UUID | None = None) -> list[Row]:
    """Ends the sessions of a device, or those of one person on it; returns what ended."""
    return await tx.fetch(
        """UPDATE session s SET ended_at = $2, end_reason = $3
           WHERE s.device_id = $1 AND s.ended_at IS NULL AND ($4::uuid IS NULL OR s.person_id = $4)
           RETURNING s.sid, s.person_id,
                     (SELECT m.organisation_id FROM membership m WHERE m.id = s.membership_id) AS organisation_id""",
        device_id, tx.now, reason, person_id,
    )  # fmt: skip


async def known(tx: Tx, token_hash: bytes, login_key: str) -> UUID | None:
    """The device of this token that is known as one of this login's owner."""
    value = await tx.fetchval(
        """SELECT d.id FROM device d JOIN person p ON p.id = d.person_id
           WHERE d.token_hash = $1 AND p.login_key = $2 AND d.kind = 'known' AND d.valid @> kit_now()""",
        token_hash, login_key,
    )  # fmt: skip
    assert value is None or isinstance(value, UUID)
    return value


async def kinds(tx: Tx, token_hash: bytes) -> Sequence[str]:
    """What a browser with this token is, to anybody."""
    rows = await tx.fetch("SELECT d.kind FROM device d WHERE d.token_hash = $1 AND d.valid @> kit_now()", token_hash)
    return [row["kind"] for row in rows]


async def remember(
    tx: Tx, device_id: UUID, id_hash: bytes, token_hash: bytes, label: str | None, lives: timedelta
) -> None:
    """The browser of a session that was just opened is one of its person's own."""
    await tx.execute(
        """INSERT INTO device AS d (id, kind, person_id, label, token_hash, valid, last_seen_at)
           SELECT $1, 'known', s.person_id, $4, $3, tstzrange($5, $5::timestamptz + $6::interval), $5
           FROM session s WHERE s.id_hash = $2 AND s.person_id IS NOT NULL
           ON CONFLICT (token_hash, person_id) WHERE token_hash IS NOT NULL DO UPDATE SET
               valid = tstzrange(lower(d.valid), upper(excluded.valid)), last_seen_at = excluded.last_seen_at,
               label = coalesce(excluded.label, d.label)""",
        device_id, id_hash, token_hash, label, tx.now, lives,
    )  # fmt: skip


async def of_person(tx: Tx, person_id: UUID, token_hash: bytes) -> list[Row]:
    """The known devices of a person, the last used first."""
    return await tx.fetch(
        """SELECT d.id, d.label, coalesce(d.token_hash = $2, false) AS current, lower(d.valid) AS valid_from,
                  upper(d.valid) AS valid_to, d.last_seen_at
           FROM device d WHERE d.person_id = $1 AND d.valid @> kit_now() ORDER BY d.last_seen_at DESC, d.id""",
        person_id, token_hash,
    )  # fmt: skip


async def forget_known(tx: Tx, device_id: UUID, person_id: UUID) -> bool:
    """A known device ends: it is one of the many again. Whether it was the person's."""
    done = await tx.fetchval(
        """UPDATE device SET valid = tstzrange(lower(valid), $3), token_hash = NULL, version = version + 1
           WHERE id = $1 AND person_id = $2 AND valid @> $3::timestamptz AND lower(valid) < $3 RETURNING true""",
        device_id, person_id, tx.now,
    )  # fmt: skip
    return bool(done)


async def post(tx: Tx, token_hash: bytes) -> Row | None:
    """The shared post of this token, of an open organisation."""
    return await tx.fetchrow(
        """UPDATE device d SET last_seen_at = $2 FROM organisation o
           WHERE d.token_hash = $1 AND d.kind = 'shared_post' AND d.valid @> $2::timestamptz
             AND o.id = d.organisation_id AND o.active
           RETURNING d.id, d.organisation_id""",
        token_hash, tx.now,
    )  # fmt: skip


async def of_wall(tx: Tx, sid: str) -> Row | None:
    """The screen behind a session."""
    return await tx.fetchrow(
        """SELECT d.id, d.label, d.organisation_id, o.name AS organisation_name
           FROM session s JOIN device d ON d.id = s.device_id AND d.kind = 'wall'
           JOIN organisation o ON o.id = d.organisation_id WHERE s.sid = $1 AND s.ended_at IS NULL""",
        sid,
    )


async def forget(tx: Tx) -> None:
    """Known devices that ended, unless a session that is still kept was opened there."""
    await tx.execute(
        """DELETE FROM device d WHERE d.kind = 'known' AND upper(d.valid) < $1
           AND NOT EXISTS (SELECT FROM session s WHERE s.device_id = d.id)""",
        tx.now,
    )
