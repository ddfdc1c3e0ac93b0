"""SQL of signing in and of sessions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from gateway.sessions.domain import Lives
from maillage.database import Tx

Row = asyncpg.Record

# All that a request needs to know of its session, in one statement; the door re-reads all it has resolved twice a
# second.
_RESOLVED = """
SELECT s.id_hash, s.sid, s.kind, s.person_id, s.contact_channel, s.contact_sealed, s.visitor_id, s.device_id, s.idle_s,
       CASE WHEN s.kind <> 'wall' THEN s.idle_until END AS idle_until, s.expires_at, s.auth_time, s.amr, s.acr,
       s.ended_at IS NULL AND (s.person_id IS NULL OR p.status = 'active')
           AND (s.device_id IS NULL OR v.valid @> kit_now()) AND (s.kind <> 'wall' OR w.id IS NOT NULL) AS live,
       m.id AS membership_id, coalesce(m.organisation_id, w.id) AS organisation_id,
       CASE WHEN w.id IS NOT NULL THEN 'wall_screen' ELSE m.role END AS role, d.delegations, a.assigned
FROM session s
LEFT JOIN person p ON p.id = s.person_id
LEFT JOIN (membership m JOIN organisation o ON o.id = m.organisation_id AND o.active)
       ON m.id = s.membership_id AND m.valid @> kit_now()
LEFT JOIN device v ON v.id = s.device_id
LEFT JOIN organisation w ON w.id = v.organisation_id AND v.kind = 'wall' AND s.kind = 'wall' AND w.active
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('client', d.client_id, 'permissions', d.permissions) ORDER BY d.client_id) AS
    delegations
    FROM delegation d JOIN organisation c ON c.id = d.client_id AND c.active
    WHERE d.provider_id = coalesce(m.organisation_id, w.id) AND d.valid @> kit_now()
) d ON true
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT a.client_id ORDER BY a.client_id) AS assigned
    FROM assignment a WHERE m.role = 'telesecretary' AND a.agent_id = s.person_id AND a.valid @> kit_now()
) a ON true
WHERE s.id_hash = ANY ($1::bytea[])
"""


# What a password may not be made of: the person's own name, and those of the places of work.
_NAMES = """array[p.display_name] || array(
    SELECT o.name FROM membership m JOIN organisation o ON o.id = m.organisation_id
    WHERE m.person_id = p.id AND m.valid @> kit_now()) AS names"""


async def resolved(tx: Tx, id_hashes: Sequence[bytes]) -> list[Row]:
    """What the door knows of these sessions."""
    return await tx.fetch(_RESOLVED, id_hashes)


async def touch(tx: Tx, id_hashes: Sequence[bytes], professional: timedelta, patient: timedelta) -> None:
    """Sessions that were used live on, never beyond their absolute end."""
    await tx.execute(
        """UPDATE session SET idle_until = least(expires_at, kit_now() + coalesce(make_interval(secs => idle_s),
               CASE kind WHEN 'patient' THEN $3::interval ELSE $2::interval END))
           WHERE id_hash = ANY ($1::bytea[]) AND ended_at IS NULL AND idle_until > kit_now()""",
        id_hashes, professional, patient,
    )  # fmt: skip


async def attempt(tx: Tx, login_key: str, code_hmac: bytes) -> Row:
    """Person, hash and factors of a login if there is one: always exactly one row."""
    row = await tx.fetchrow(
        """SELECT p.id AS person_id, p.status, w.hash, t.confirmed_at IS NOT NULL AS second_factor,
                  upper(a.valid) AS access_until, a.organisation_id AS access_org
           FROM (SELECT 1) one
           LEFT JOIN person p ON p.login_key = $1
           LEFT JOIN password w ON w.person_id = p.id
           LEFT JOIN totp t ON t.person_id = p.id
           LEFT JOIN temporary_access a ON a.person_id = p.id AND a.code_hash = $2 AND a.valid @> $3::timestamptz
               AND a.ended_at IS NULL""",
        login_key, code_hmac, tx.now,
    )  # fmt: skip
    assert row is not None
    return row


async def locked_until(tx: Tx, login_hash: bytes, device_id: UUID | None) -> datetime | None:
    """The lock of a login on one known device, or on all others."""
    value = await tx.fetchval(
        "SELECT locked_until FROM sign_in_guard WHERE login_hash = $1 AND device_id IS NOT DISTINCT FROM $2",
        login_hash, device_id,
    )  # fmt: skip
    assert value is None or isinstance(value, datetime)
    return value


async def count_failure(tx: Tx, login_hash: bytes, device_id: UUID | None, forgotten_after: timedelta) -> int:
    """Failures of this login so far, this one included; those of long ago are forgotten."""
    value = await tx.fetchval(
        """INSERT INTO sign_in_guard AS g (login_hash, device_id, failures, changed_at) VALUES ($1, $2, 1, $3)
           ON CONFLICT (login_hash, device_id) DO UPDATE SET
               failures = CASE WHEN g.changed_at < $3::timestamptz - $4::interval THEN 1 ELSE g.failures + 1 END,
               changed_at = $3
           RETURNING failures""",
        login_hash, device_id, tx.now, forgotten_after,
    )  # fmt: skip
    assert isinstance(value, int)
    return value


async def lock(tx: Tx, login_hash: bytes, device_id: UUID | None, until: datetime) -> None:
    """Nothing is read for this login until then."""
    await tx.execute(
        "UPDATE sign_in_guard SET locked_until = $3 WHERE login_hash = $1 AND device_id IS NOT DISTINCT FROM $2",
        login_hash, device_id, until,
    )  # fmt: skip


async def forgive(tx: Tx, login_hash: bytes, device_id: UUID | None) -> None:
    """A complete proof clears the count."""
    await tx.execute(
        "DELETE FROM sign_in_guard WHERE login_hash = $1 AND device_id IS NOT DISTINCT FROM $2", login_hash, device_id
    )


async def lock_person(tx: Tx, person_id: UUID) -> str | None:
    """The state of a person, who stays in it until this transaction ends."""
    value = await tx.fetchval("SELECT status FROM person WHERE id = $1 FOR UPDATE", person_id)
    assert value is None or isinstance(value, str)
    return value


async def contexts(tx: Tx, person_id: UUID, only_org: UUID | None = None) -> list[Row]:
    """The memberships a person may work under now, perhaps of one organisation alone."""
    return await tx.fetch(
        """SELECT m.id, m.organisation_id, o.name, o.kind, m.role
           FROM membership m JOIN organisation o ON o.id = m.organisation_id
           WHERE m.person_id = $1 AND m.valid @> kit_now() AND o.active AND ($2::uuid IS NULL OR o.id = $2)
           ORDER BY o.name, m.role, m.id""",
        person_id, only_org,
    )  # fmt: skip


async def add_professional(
    tx: Tx,
    id_hash: bytes,
    sid: str,
    person_id: UUID,
    membership_id: UUID | None,
    own_idle: timedelta | None,
    lives: Lives,
    amr: Sequence[str],
    *,
    acr: int,
    until: datetime | None = None,
    device_id: UUID | None = None,
    only_org: UUID | None = None,
) -> None:
    """A session of a person who has just proved who they are; `until`: it ends then at the latest."""
    await tx.execute(
        """INSERT INTO session (id_hash, sid, kind, person_id, membership_id, created_at, idle_until, expires_at,
                                auth_time, amr, acr, ip, device_id, only_org, idle_s)
           VALUES ($1, $2, 'professional', $3, $4, $5, least($11, $5::timestamptz + $6::interval),
                   least($11, $5::timestamptz + $7::interval), $5, $8, $9, $10::text::inet, $12, $13, $14)""",
        id_hash, sid, person_id, membership_id, tx.now, own_idle or lives.idle, lives.absolute, list(amr), acr,
        tx.principal.ip, until, device_id, only_org, own_idle and int(own_idle.total_seconds()),
    )  # fmt: skip


async def renew(tx: Tx, sid: str, amr: Sequence[str]) -> None:
    """Two factors are proved now, by these methods beside those before."""
    await tx.execute(
        """UPDATE session SET auth_time = $2, acr = 2,
                              amr = amr || (SELECT coalesce(array_agg(m), '{}') FROM unnest($3::text[]) m
                                            WHERE m <> ALL (amr))
           WHERE sid = $1 AND ended_at IS NULL""",
        sid, tx.now, list(amr),
    )  # fmt: skip


async def add_patient(
    tx: Tx,
    id_hash: bytes,
    sid: str,
    channel: str,
    contact_sealed: bytes,
    visitor_id: str,
    idle: timedelta,
    absolute: timedelta,
) -> None:
    """A session of a visitor who has just proved a contact."""
    await tx.execute(
        """INSERT INTO session (id_hash, sid, kind, contact_channel, contact_sealed, visitor_id, created_at,
           idle_until, expires_at,
                                auth_time, amr, acr, ip)
           VALUES ($1, $2, 'patient', $3, $4, $5, $6, $6::timestamptz + $7::interval, $6::timestamptz + $8::interval,
           $6, '{otp}', 1, $9::text::inet)""",
        id_hash, sid, channel, contact_sealed, visitor_id, tx.now, idle, absolute, tx.principal.ip,
    )  # fmt: skip


async def signed_in(tx: Tx, person_id: UUID) -> None:
    """Keeps the last sign-in, for the administrator's list."""
    await tx.execute("UPDATE person SET last_sign_in_at = $2 WHERE id = $1", person_id, tx.now)


async def one(tx: Tx, sid: str) -> Row | None:
    """A live session by its public name."""
    return await tx.fetchrow(
        """SELECT s.sid, s.kind, s.person_id, s.membership_id, s.idle_until, s.expires_at, s.acr, s.auth_time,
                  s.unknown_sites, s.site_orgs, s.only_org, p.display_name, p.login
           FROM session s LEFT JOIN person p ON p.id = s.person_id WHERE s.sid = $1 AND s.ended_at IS NULL""",
        sid,
    )


async def of_person(tx: Tx, person_id: UUID) -> list[Row]:
    """The live sessions of a person, newest first."""
    return await tx.fetch(
        """SELECT s.sid, s.created_at, s.idle_until, s.expires_at, s.auth_time, host(s.ip) AS ip, s.amr, s.acr,
                  s.device_id, d.label AS device
           FROM session s LEFT JOIN device d ON d.id = s.device_id
           WHERE s.person_id = $1 AND s.ended_at IS NULL AND s.idle_until > kit_now() AND s.expires_at > kit_now()
           ORDER BY s.created_at DESC""",
        person_id,
    )


async def move(tx: Tx, sid: str, id_hash: bytes, new_sid: str, membership_id: UUID) -> None:
    """Same session, other context, new secret and name."""
    await tx.execute(
        "UPDATE session SET id_hash = $2, sid = $3, membership_id = $4 WHERE sid = $1 AND ended_at IS NULL",
        sid, id_hash, new_sid, membership_id,
    )  # fmt: skip


async def end(
    tx: Tx, reason: str, *, sid: str | None = None, person_id: UUID | None = None, but_sid: str | None = None
) -> list[Row]:
    """Ends one session, or all of a person but one; returns what ended."""
    return await tx.fetch(
        """UPDATE session s SET ended_at = $2, end_reason = $1
           WHERE ended_at IS NULL AND (s.sid = $3 OR s.person_id = $4) AND s.sid IS DISTINCT FROM $5
           RETURNING s.sid, s.person_id, s.membership_id,
                     (SELECT m.organisation_id FROM membership m WHERE m.id = s.membership_id) AS organisation_id""",
        reason, tx.now, sid, person_id, but_sid,
    )  # fmt: skip


async def lapsed(tx: Tx, limit: int) -> list[Row]:
    """Ends the professionals' sessions whose time is over; returns them so that others hear of it."""
    return await tx.fetch(
        """UPDATE session s SET ended_at = $1, end_reason = CASE WHEN expires_at <= $1 THEN 'expired' ELSE 'idle' END
           WHERE id_hash IN (SELECT id_hash FROM session WHERE ended_at IS NULL AND least(idle_until, expires_at) <= $1
                             LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING s.sid, s.person_id, s.membership_id, s.end_reason,
                     (SELECT m.organisation_id FROM membership m WHERE m.id = s.membership_id) AS organisation_id""",
        tx.now, limit,
    )  # fmt: skip


async def set_password(tx: Tx, person_id: UUID, hashed: str) -> None:
    """The person's password, new or changed."""
    await tx.execute(
        """INSERT INTO password (person_id, hash, changed_at) VALUES ($1, $2, $3)
           ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at""",
        person_id, hashed, tx.now,
    )  # fmt: skip


async def password_of(tx: Tx, person_id: UUID) -> Row | None:
    """Hash, login and names of a person with a password."""
    return await tx.fetchrow(
        "SELECT w.hash, p.login, " + _NAMES + """, t.confirmed_at IS NOT NULL AS second_factor
           FROM password w JOIN person p ON p.id = w.person_id LEFT JOIN totp t ON t.person_id = p.id
           WHERE p.id = $1""",
        person_id,
    )  # fmt: skip


async def invitation(tx: Tx, token_hash: bytes) -> Row | None:
    """The invited person behind an unused invitation younger than its end."""
    return await tx.fetchrow(
        "SELECT i.person_id, p.login, p.status, " + _NAMES + """, t.confirmed_at IS NOT NULL AS second_factor
           FROM invitation i JOIN person p ON p.id = i.person_id LEFT JOIN totp t ON t.person_id = p.id
           WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 FOR UPDATE OF i""",
        token_hash, tx.now,
    )  # fmt: skip


async def use_invitations(tx: Tx, person_id: UUID) -> None:
    """All open invitations of a person are used at once."""
    await tx.execute("UPDATE invitation SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL", person_id, tx.now)


async def forget(tx: Tx) -> None:
    """Removes sessions that ended a month ago, old counts of failures and old invitations; the audit keeps what
    happened."""
    await tx.execute("DELETE FROM session WHERE expires_at < $1::timestamptz - interval '30 days'", tx.now)
    await tx.execute("DELETE FROM sign_in_guard WHERE changed_at < $1::timestamptz - interval '2 days'", tx.now)
    await tx.execute("DELETE FROM invitation WHERE expires_at < $1::timestamptz - interval '30 days'", tx.now)
