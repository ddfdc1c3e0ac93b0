"""The audit's hash chain: sealed after commit, one chain per organisation, verifiable by anyone who can read the rows.

Audit rows are written in the business transaction. The sealer links them afterwards, in the order of transaction ids,
as soon as
no older transaction can still commit; so no booking waits for another's link, and the window without a link is about
a second.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from maillage.database import Tx

LOCK = 0x5345414C
# Asked once, used by both statements below: each has a snapshot of its own, and what was committed between them would
# lie below the new horizon without a link.
XMIN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"
UNSEALED = """
SELECT a.* FROM kit.audit a, kit.audit_horizon h
WHERE a.xid >= h.xid AND a.xid < $1::text::xid8
ORDER BY a.xid, a.id
"""
HEADS = """
SELECT DISTINCT ON (organisation_id) organisation_id, sequence, hash FROM kit.audit_seal
WHERE organisation_id = ANY($1::uuid[]) ORDER BY organisation_id, sequence DESC
"""
SEAL = """
INSERT INTO kit.audit_seal (organisation_id, sequence, audit_id, hash)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bytea[])
"""
ADVANCE = """
UPDATE kit.audit_horizon SET xid = $1::text::xid8 WHERE xid < $1::text::xid8
"""
CHAIN = """
SELECT s.organisation_id AS chain, s.sequence, s.hash, s.audit_id, a.*
FROM kit.audit_seal s LEFT JOIN kit.audit a ON a.id = s.audit_id
WHERE (s.organisation_id, s.sequence) > ($1, $2)
ORDER BY s.organisation_id, s.sequence LIMIT $3
"""
STRAYS = """
SELECT a.id FROM kit.audit a, kit.audit_horizon h
WHERE a.xid < h.xid AND NOT EXISTS (SELECT FROM kit.audit_seal s WHERE s.audit_id = a.id) ORDER BY a.id LIMIT 1
"""
START = b"\0" * 32
AT_ONCE = 500
"""Links read at a time: others are served between."""
_FIELDS = (
    "id",
    "organisation_id",
    "at",
    "actor",
    "role",
    "session",
    "ip",
    "request_id",
    "action",
    "record",
    "record_id",
    "facts",
)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the audit is not what was written."""

    organisation_id: UUID | None
    sequence: int
    audit_id: UUID
    why: str


def link(previous: bytes, row: "asyncpg.Record | Mapping[str, object]") -> bytes:
    """SHA-256 over the previous link and every field of the row, each with its length, so that no two rows read the
    same.
    """
    digest = hashlib.sha256(previous)
    for name in _FIELDS:
        value = row[name]
        text = b"" if value is None else str(value.isoformat() if isinstance(value, datetime) else value).encode()
        digest.update(f"{name}:{'-' if value is None else len(text)}:".encode() + text)
    return digest.digest()


async def seal(tx: Tx) -> int:
    """Links what has been committed since the last time; returns how many rows. Run by one worker at a time."""
    if not await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
        return 0
    horizon = await tx.fetchval(XMIN)
    rows = await tx.fetch(UNSEALED, horizon)
    if rows:
        heads = {
            r["organisation_id"]: (r["sequence"], r["hash"])
            for r in await tx.fetch(HEADS, list({r["organisation_id"] for r in rows}))
        }
        links: list[tuple[UUID, int, UUID, bytes]] = []
        for row in rows:
            sequence, previous = heads.get(row["organisation_id"], (0, START))
            heads[row["organisation_id"]] = (sequence + 1, link(previous, row))
            links.append((row["organisation_id"], sequence + 1, row["id"], heads[row["organisation_id"]][1]))
        await tx.execute(SEAL, *([entry[column] for entry in links] for column in range(4)))
    await tx.execute(ADVANCE, horizon)
    return len(rows)


async def _chain(tx: Tx) -> AsyncIterator[asyncpg.Record]:
    chain, sequence = UUID(int=0), -1
    while rows := await tx.fetch(CHAIN, chain, sequence, AT_ONCE):
        for row in rows:
            yield row
        chain, sequence = rows[-1]["chain"], rows[-1]["sequence"]


async def verify(tx: Tx) -> Broken | None:
    """Recomputes every chain that the caller reaches.

    None when all holds, else the first row that was changed, removed or slipped in."""
    heads: dict[UUID, tuple[int, bytes]] = {}
    async for row in _chain(tx):
        chain: UUID = row["chain"]
        sequence, previous = heads.get(chain, (0, START))
        if row["sequence"] != sequence + 1:
            return Broken(chain, sequence + 1, row["audit_id"], "a link is missing")
        if row["id"] is None:
            return Broken(chain, row["sequence"], row["audit_id"], "the row is gone")
        if link(previous, row) != row["hash"]:
            return Broken(chain, row["sequence"], row["audit_id"], "the row was changed")
        heads[chain] = (row["sequence"], row["hash"])
    stray = await tx.fetchval(STRAYS)
    return Broken(None, 0, stray, "a row was added outside the chain") if isinstance(stray, UUID) else None
