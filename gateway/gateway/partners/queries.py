"""SQL of partners' machines: clients, their keys, assertions and tokens."""

from collections.abc import Sequence

import asyncpg

from maillage.database import Tx

Row = asyncpg.Record

# All that a request needs to know of its token, in one statement, in the shape of a session's.
_RESOLVED = """
SELECT t.token_hash AS id_hash, 'partner' AS kind, t.client_id, t.scopes, t.x5t, t.issued_at, t.expires_at,
       NULL::timestamptz AS idle_until, c.organisation_id, c.reach, c.bound_ids,
       c.status = 'active' AND o.active AS live, d.delegations
FROM access_token t
JOIN client c ON c.id = t.client_id
JOIN organisation o ON o.id = c.organisation_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('client', d.client_id, 'permissions', d.permissions) ORDER BY d.client_id) AS
    delegations
    FROM delegation d WHERE d.provider_id = c.organisation_id AND d.valid @> kit_now()
) d ON true
WHERE t.token_hash = ANY ($1::bytea[])
"""


async def resolved(tx: Tx, token_hashes: Sequence[bytes]) -> list[Row]:
    """What the door knows of these tokens."""
    return await tx.fetch(_RESOLVED, token_hashes)
