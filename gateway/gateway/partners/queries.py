"""SQL of partners' machines: clients, their keys, assertions and tokens."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from pydantic import JsonValue

from maillage.database import Tx

Row = asyncpg.Record

# All that a request needs to know of its token, in one statement, in the shape of a session's. A scope that was taken
# back from the client is gone from its tokens at once.
_RESOLVED = """
SELECT t.token_hash AS id_hash, 'partner' AS kind, t.client_id, t.x5t, t.issued_at, t.expires_at,
       ARRAY (SELECT unnest(t.scopes) INTERSECT SELECT unnest(c.scopes)) AS scopes,
       NULL::timestamptz AS idle_until, c.organisation_id, c.reach, c.bound_ids,
       c.status = 'active' AND o.active AS live, d.delegations
FROM access_token t
JOIN client c ON c.id = t.client_id
JOIN organisation o ON o.id = c.organisation_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('client', d.client_id, 'permissions', d.permissions) ORDER BY d.client_id) AS
    delegations
    FROM delegation d JOIN organisation client ON client.id = d.client_id AND client.active
    WHERE d.provider_id = c.organisation_id AND d.valid @> kit_now()
) d ON true
WHERE t.token_hash = ANY ($1::bytea[])
"""
_CLIENT = """
SELECT c.id, c.organisation_id, c.name, c.jwks, c.jwks_url, c.certificates, c.scopes, c.reach, c.bound_ids, c.status,
       c.created_at, c.last_used_at, c.last_refusal, c.last_refused_at, c.version,
       k.keys, k.read_at, k.tried_at, coalesce(d.requests, 0) AS requests_today
FROM client c
LEFT JOIN client_keys k ON k.client_id = c.id
LEFT JOIN client_day d ON d.client_id = c.id AND d.day = (kit_now() AT TIME ZONE 'Europe/Paris')::date
"""
_PROVING = """
SELECT c.id, c.organisation_id, c.jwks, c.jwks_url, c.certificates, c.scopes, c.version,
       c.status = 'active' AND o.active AS live, k.keys, k.read_at, k.tried_at
FROM client c
JOIN organisation o ON o.id = c.organisation_id
LEFT JOIN client_keys k ON k.client_id = c.id
WHERE c.id = $1
"""
BY_CERTIFICATE = "certificate"
"""In place of a key's thumbprint: the token is the certificate itself."""


async def resolved(tx: Tx, token_hashes: Sequence[bytes]) -> list[Row]:
    """What the door knows of these tokens."""
    return await tx.fetch(_RESOLVED, token_hashes)


async def proving(tx: Tx, client_id: UUID) -> Row | None:
    """What is needed to judge an assertion of a client."""
    return await tx.fetchrow(_PROVING, client_id)


async def clients(tx: Tx, after: UUID | None, limit: int) -> list[Row]:
    """Clients of the reached organisations, by id."""
    return await tx.fetch(_CLIENT + " WHERE $1::uuid IS NULL OR c.id > $1 ORDER BY c.id LIMIT $2", after, limit)


async def client(tx: Tx, client_id: UUID) -> Row | None:
    """One client of the reached organisations, locked for the change to come."""
    return await tx.fetchrow(_CLIENT + " WHERE c.id = $1 FOR UPDATE OF c", client_id)


async def add(
    tx: Tx,
    client_id: UUID,
    organisation_id: UUID,
    name: str,
    jwks: list[JsonValue] | None,
    jwks_url: str | None,
    certificates: Sequence[Mapping[str, str]],
    scopes: Sequence[str],
    reach: str,
    bound_ids: Sequence[str],
) -> None:
    """A new client, active."""
    await tx.execute(
        """INSERT INTO client (id, organisation_id, name, jwks, jwks_url, certificates, scopes, reach, bound_ids,
                               status, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $10)""",
        client_id, organisation_id, name, jwks, jwks_url, list(certificates), list(scopes), reach, list(bound_ids),
        tx.now,
    )  # fmt: skip


async def change(
    tx: Tx,
    client_id: UUID,
    name: str,
    jwks: list[JsonValue] | None,
    jwks_url: str | None,
    certificates: Sequence[Mapping[str, str]],
    scopes: Sequence[str],
    reach: str,
    bound_ids: Sequence[str],
) -> None:
    """All that may change of a client; keys read at a former address are forgotten."""
    await tx.execute(
        """WITH gone AS (
               DELETE FROM client_keys k USING client c
               WHERE k.client_id = $1 AND c.id = $1 AND c.jwks_url IS DISTINCT FROM $4)
           UPDATE client SET name = $2, jwks = $3, jwks_url = $4, certificates = $5, scopes = $6, reach = $7,
                             bound_ids = $8, version = version + 1
           WHERE id = $1""",
        client_id, name, jwks, jwks_url, list(certificates), list(scopes), reach, list(bound_ids),
    )  # fmt: skip


async def set_status(tx: Tx, client_id: UUID, status: str) -> None:
    """Suspended or active."""
    await tx.execute("UPDATE client SET status = $2, version = version + 1 WHERE id = $1", client_id, status)


async def put_subjects(tx: Tx, client_id: UUID, subjects: Sequence[tuple[str, str, str]]) -> int:
    """The certificates that prove this client alone, in place of those before; how many were free for it."""
    await tx.execute("DELETE FROM client_subject WHERE client_id = $1", client_id)
    issuers, names, units = zip(*sorted(set(subjects)), strict=True) if subjects else ((), (), ())
    rows = await tx.fetch(
        """INSERT INTO client_subject (issuer, cn, ou, client_id)
           SELECT w.issuer, w.cn, w.ou, $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS w (issuer, cn, ou)
           ON CONFLICT DO NOTHING RETURNING issuer""",
        list(issuers), list(names), list(units), client_id,
    )  # fmt: skip
    return len(rows)


async def of_certificate(tx: Tx, subjects: Sequence[tuple[str, str, str]]) -> list[Row]:
    """The open clients that are registered under one of these names of a certificate."""
    issuers, names, units = zip(*subjects, strict=True)
    return await tx.fetch(
        """SELECT DISTINCT c.id, c.organisation_id, c.scopes, c.version FROM client_subject s
           JOIN client c ON c.id = s.client_id AND c.status = 'active'
           JOIN organisation o ON o.id = c.organisation_id AND o.active
           WHERE (s.issuer, s.cn, s.ou) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))""",
        list(issuers), list(names), list(units),
    )  # fmt: skip


async def try_now(tx: Tx, client_id: UUID, once_in: timedelta) -> bool:
    """Whether the address of keys is to be asked by this caller: nobody else has within the time."""
    return bool(
        await tx.fetchval(
            """INSERT INTO client_keys AS k (client_id, tried_at) VALUES ($1, $2)
               ON CONFLICT (client_id) DO UPDATE SET tried_at = excluded.tried_at
               WHERE k.tried_at <= excluded.tried_at - $3::interval RETURNING true""",
            client_id, tx.now, once_in,
        )
    )  # fmt: skip


async def keep_keys(tx: Tx, client_id: UUID, url: str, keys: list[JsonValue]) -> None:
    """What the address says now, unless another one was registered meanwhile."""
    await tx.execute(
        """UPDATE client_keys k SET keys = $3, read_at = $4 FROM client c
           WHERE k.client_id = $1 AND c.id = $1 AND c.jwks_url = $2""",
        client_id, url, keys, tx.now,
    )  # fmt: skip


async def use_once(tx: Tx, client_id: UUID, jti: str, expires_at: datetime) -> bool:
    """Whether this assertion comes for the first time (invariant G5); who brings it at the same time waits."""
    return bool(
        await tx.fetchval(
            "INSERT INTO assertion (client_id, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
            " RETURNING true",
            client_id, jti, expires_at,
        )
    )  # fmt: skip


async def used(tx: Tx, client_id: UUID, version: int) -> bool:
    """Notes the use of a client; False when it was changed or suspended since it was judged."""
    return bool(
        await tx.fetchval(
            """UPDATE client c SET last_used_at = $3 FROM organisation o
               WHERE c.id = $1 AND c.version = $2 AND c.status = 'active' AND o.id = c.organisation_id AND o.active
               RETURNING true""",
            client_id, version, tx.now,
        )
    )  # fmt: skip


async def add_token(
    tx: Tx,
    token_hash: bytes,
    client_id: UUID,
    scopes: Sequence[str],
    x5t: str | None,
    key_print: str,
    expires_at: datetime,
) -> None:
    """A token, known by its hash."""
    await tx.execute(
        """INSERT INTO access_token (token_hash, client_id, scopes, x5t, key_print, issued_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (token_hash) DO UPDATE SET client_id = excluded.client_id, scopes = excluded.scopes,
               issued_at = excluded.issued_at, expires_at = excluded.expires_at""",
        token_hash, client_id, list(scopes), x5t, key_print, tx.now, expires_at,
    )  # fmt: skip


async def end_token(tx: Tx, token_hash: bytes, client_id: UUID) -> bool:
    """Ends one token of this client; False when it has no such token."""
    return bool(
        await tx.fetchval(
            "DELETE FROM access_token WHERE token_hash = $1 AND client_id = $2 RETURNING true", token_hash, client_id
        )
    )


async def end_tokens(tx: Tx, client_id: UUID) -> None:
    """Ends all tokens of a client."""
    await tx.execute("DELETE FROM access_token WHERE client_id = $1", client_id)


async def end_tokens_but(tx: Tx, client_id: UUID, key_prints: Sequence[str]) -> None:
    """Ends the tokens that were proved by another key than these."""
    await tx.execute(
        "DELETE FROM access_token WHERE client_id = $1 AND key_print <> ALL ($2::text[])", client_id, list(key_prints)
    )


async def end_bound_tokens(tx: Tx, client_id: UUID) -> None:
    """Ends the tokens that are, or are bound to, a certificate."""
    await tx.execute("DELETE FROM access_token WHERE client_id = $1 AND x5t IS NOT NULL", client_id)


async def note_refusal(tx: Tx, client_id: UUID, code: str) -> Row | None:
    """Keeps why an assertion was refused; the client, if there is one."""
    return await tx.fetchrow(
        "UPDATE client SET last_refusal = $2, last_refused_at = $3 WHERE id = $1 RETURNING organisation_id",
        client_id, code, tx.now,
    )  # fmt: skip


async def forget(tx: Tx) -> None:
    """Assertions and tokens that ended: an assertion a while later, so that no clock makes it new again."""
    await tx.execute("DELETE FROM assertion WHERE expires_at < $1::timestamptz - interval '1 hour'", tx.now)
    await tx.execute("DELETE FROM access_token WHERE expires_at < $1", tx.now)
