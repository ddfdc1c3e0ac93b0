"""`GET /v1/audit` of every service: who did what to which record of the caller's organisations, when, from where.

The gateway asks all services and shows one list. Each row carries its link of the chain, so that a reader can check it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field, JsonValue

from maillage import audit, cursor
from maillage.database import Tx
from maillage.http import ActDep, operation
from maillage.wire import Instant, Page, Wire

ALL_TIMES: Final = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
_LAST_ID: Final = UUID(int=2**128 - 1)
_FILTER: Final = """
a.at >= $2 AND a.at < $3 AND a.at <= $4 AND (a.at, a.id) < ($4, $5)
AND ($6::text IS NULL OR a.actor = $6) AND ($7::text IS NULL OR a.record = $7) AND ($8::text IS NULL OR a.action = $8)
"""
_NEWEST: Final = "ORDER BY a.at DESC, a.id DESC LIMIT $9"
# Two statements, because one index serves each. Organisation by organisation, so that each is read from its newest.
BY_RECORD: Final = f"SELECT a.* FROM kit.audit a WHERE a.record_id = $1 AND {_FILTER} {_NEWEST}"
BY_TIME: Final = f"""
SELECT a.* FROM unnest($1::uuid[]) o (id)
CROSS JOIN LATERAL (SELECT * FROM kit.audit a WHERE a.organisation_id = o.id AND {_FILTER} {_NEWEST}) a {_NEWEST}
"""
# LIMIT makes each a look-up by key: else the planner reads the whole chain for a page of it.
SEALS: Final = """
SELECT s.audit_id, s.sequence, s.hash, p.hash AS previous FROM unnest($1::uuid[]) row (id)
CROSS JOIN LATERAL (SELECT * FROM kit.audit_seal s WHERE s.audit_id = row.id LIMIT 1) s
LEFT JOIN LATERAL (
    SELECT p.hash FROM kit.audit_seal p
    WHERE p.organisation_id = s.organisation_id AND p.sequence = s.sequence - 1 LIMIT 1
) p ON true
"""
ORGANISATIONS: Final = "SELECT DISTINCT organisation_id FROM kit.audit_seal"
LINKS: Final = "SELECT count(*) FROM kit.audit_seal"


class Filters(Wire):
    """Which rows of the audit; all of the caller's organisations without any. `from` is included, `to` is not."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    OF_TEXT = True

    since: Instant | None = Field(None, alias="from")
    until: Instant | None = Field(None, alias="to")
    actor: Annotated[str, Field(pattern=r"^([a-z]{1,20}:)?[A-Za-z0-9-]{1,64}$")] | None = Field(
        None, description="A person's id, or any caller as the audit writes it: person:, client:, contact:, system:."
    )
    record: UUID | None = None
    record_type: Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")] | None = None
    action: Annotated[str, Field(pattern=r"^[a-z_.]{1,80}$")] | None = None

    @property
    def sub(self) -> str | None:
        """The actor as it is written."""
        return self.actor if self.actor is None or ":" in self.actor else f"person:{self.actor}"


class Wanted(Filters):
    """One page of them."""

    cursor: Annotated[str, Field(max_length=200)] | None = None
    limit: int = Field(50, ge=1, le=500)


class Seal(Wire):
    """The row's link: `hash` is SHA-256 over `previous` and every field of the row (`maillage.audit.link`)."""

    sequence: int
    previous: str
    hash: str


class Entry(Wire):
    """One row of the audit. `facts` are identifiers and codes. `seal` is null until it is linked, for a second."""

    id: UUID
    organisation_id: UUID
    at: Instant
    actor: str
    role: str | None
    session: str | None
    ip: str | None
    request_id: str | None
    action: str
    record: str
    record_id: UUID
    facts: Mapping[str, JsonValue]
    seal: Seal | None


class Entries(Page[Entry]):
    """Rows of the audit, newest first."""


class BrokenLink(Wire):
    """The first place where the audit is not what was written."""

    organisation_id: UUID | None
    sequence: int
    audit_id: UUID
    why: str


class Verification(Wire):
    """Whether every chain of the caller's organisations holds; `links`: how many rows are chained."""

    intact: bool
    links: int
    broken: BrokenLink | None


async def entries(tx: Tx, wanted: Wanted) -> Entries:
    """One page."""
    after = cursor.decode(wanted.cursor, datetime, UUID)
    since, until = wanted.since or ALL_TIMES[0], wanted.until or ALL_TIMES[1]
    before, last = (after[0], after[1]) if after else (ALL_TIMES[1], _LAST_ID)
    rest = (since, until, before, last, wanted.sub, wanted.record_type, wanted.action, wanted.limit + 1)
    if wanted.record is not None:
        rows = await tx.fetch(BY_RECORD, wanted.record, *rest)
    else:
        rows = await tx.fetch(BY_TIME, await _organisations(tx), *rest)
    seals = {seal["audit_id"]: _seal(seal) for seal in await tx.fetch(SEALS, [row["id"] for row in rows])}
    items = [_entry(row, seals.get(row["id"])) for row in rows[: wanted.limit]]
    more = len(rows) > wanted.limit
    return Entries(items=items, next_cursor=cursor.encode(items[-1].at, items[-1].id) if more else None)


async def verification(tx: Tx) -> Verification:
    """Every link recomputed."""
    broken = await audit.verify(tx)
    links = await tx.fetchval(LINKS)
    assert isinstance(links, int)
    told = BrokenLink(
        organisation_id=broken.organisation_id, sequence=broken.sequence, audit_id=broken.audit_id, why=broken.why
    ) if broken else None  # fmt: skip
    return Verification(intact=broken is None, links=links, broken=told)


async def _organisations(tx: Tx) -> Sequence[UUID]:
    if tx.principal.orgs is not None:
        return sorted(tx.principal.orgs)
    return [row["organisation_id"] for row in await tx.fetch(ORGANISATIONS)]


def _seal(row: asyncpg.Record) -> Seal:
    return Seal(sequence=row["sequence"], previous=(row["previous"] or audit.START).hex(), hash=row["hash"].hex())


def _entry(row: asyncpg.Record, seal: Seal | None) -> Entry:
    values = {name: row[name] for name in Entry.model_fields if name not in ("facts", "seal")}
    return Entry(facts=_facts(row["facts"]), seal=seal, **values)


def _facts(text: str) -> Mapping[str, JsonValue]:
    """A row that somebody changed must still be shown: the chain tells what was done to it."""
    try:
        facts = json.loads(text)
    except ValueError:
        facts = None
    return facts if isinstance(facts, dict) else {"unreadable": True}


router = APIRouter(prefix="/v1", tags=["audit"])
_READ = operation("gateway:audit.read", klass="bulk")
_VERIFY = operation("gateway:audit.read", klass="bulk", timeout_s=120)


@router.get("/audit", response_model=Entries, openapi_extra=_READ)
async def read_audit(act: ActDep, wanted: Annotated[Wanted, Query()]) -> Response:
    """Who did what to which record of the caller's organisations, newest first. Refused: `CURSOR_INVALID` 422."""
    return await act.show(entries, wanted)


@router.get("/audit/verification", response_model=Verification, openapi_extra=_VERIFY)
async def verify_audit(act: ActDep) -> Response:
    """Recomputes the chains of the caller's organisations: intact, or the first place that is not what was written."""
    return await act.show(verification)
