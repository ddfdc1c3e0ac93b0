"""SQL of signing in with another issuer."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record


async def add_flow(
    tx: Tx,
    state_hash: bytes,
    provider: str,
    browser_hash: bytes,
    nonce: str,
    verifier_sealed: bytes,
    return_to: str,
    step_up_sid: str | None,
    lives: timedelta,
) -> None:
    """A browser is sent to an issuer."""
    await tx.execute(
        """INSERT INTO oidc_flow (state_hash, provider, browser_hash, nonce, verifier_sealed, return_to, step_up_sid,
                                  created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8::timestamptz + $9::interval)""",
        state_hash, provider, browser_hash, nonce, verifier_sealed, return_to, step_up_sid, tx.now, lives,
    )  # fmt: skip


async def make_room(tx: Tx, browser_hash: bytes, keep: int) -> None:
    """Of one browser the newest stay."""
    await tx.execute(
        """DELETE FROM oidc_flow WHERE state_hash IN (
               SELECT state_hash FROM oidc_flow WHERE browser_hash = $1 ORDER BY created_at DESC OFFSET $2)""",
        browser_hash, keep,
    )  # fmt: skip


async def take_flow(tx: Tx, state_hash: bytes, browser_hash: bytes) -> Row | None:
    """The flow of this browser, which is used up by it; one of another browser stays."""
    return await tx.fetchrow(
        """DELETE FROM oidc_flow WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > $3
           RETURNING provider, nonce, verifier_sealed, return_to, step_up_sid, created_at""",
        state_hash, browser_hash, tx.now,
    )  # fmt: skip


async def forget(tx: Tx, most: int) -> None:
    """Flows that lapsed, and the oldest of too many."""
    await tx.execute("DELETE FROM oidc_flow WHERE expires_at <= $1", tx.now)
    await tx.execute(
        """DELETE FROM oidc_flow WHERE created_at <= (
               SELECT created_at FROM oidc_flow ORDER BY created_at DESC OFFSET $1 LIMIT 1)""",
        most,
    )


async def person_of(tx: Tx, issuer: str, subject: str) -> Row | None:
    """The person who is known by this name there."""
    return await tx.fetchrow(
        """SELECT p.id, p.status FROM identity i JOIN person p ON p.id = i.person_id
           WHERE i.issuer = $1 AND i.subject = $2 FOR UPDATE OF p""",
        issuer, subject,
    )  # fmt: skip


async def person_by_rpps(tx: Tx, rpps: str) -> Row | None:
    """The person of an open account with this number."""
    return await tx.fetchrow("SELECT id, status FROM person WHERE rpps = $1 AND status <> 'closed' FOR UPDATE", rpps)


async def remember(tx: Tx, issuer: str, subject: str, person_id: UUID) -> bool:
    """The person is known by this name there from now on; returns whether that is new."""
    value = await tx.fetchval(
        """INSERT INTO identity AS i (issuer, subject, person_id, last_sign_in_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (issuer, subject) DO UPDATE SET last_sign_in_at = excluded.last_sign_in_at
           RETURNING xmax = 0""",
        issuer, subject, person_id, tx.now,
    )  # fmt: skip
    return bool(value)


async def organisations_at(tx: Tx, system: str, numbers: Sequence[str]) -> list[Row]:
    """(number, organisation) of the active organisations that have one of these numbers."""
    return await tx.fetch(
        """SELECT n.value ->> 'value' AS number, o.id FROM organisation o
           CROSS JOIN LATERAL jsonb_array_elements(o.identifiers) n
           WHERE o.active AND lower(n.value ->> 'system') = $1 AND n.value ->> 'value' = ANY ($2::text[])""",
        system, list(numbers),
    )  # fmt: skip


async def set_places(tx: Tx, id_hash: bytes, organisations: Sequence[UUID], unknown: Sequence[dict[str, str]]) -> None:
    """Where the issuer says that the person works: what can be chosen comes first, what cannot is told."""
    await tx.execute(
        "UPDATE session SET site_orgs = $2, unknown_sites = $3 WHERE id_hash = $1",
        id_hash, list(organisations), list(unknown),
    )  # fmt: skip
