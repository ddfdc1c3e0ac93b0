"""Recalls, their lines and the interventions they reach, as the caller sees them: a member its own part."""

from typing import Literal
from uuid import UUID

from asyncpg import Record

from contracts.cooperation import LineState
from cooperation.members import keeping
from cooperation.recalls import queries
from cooperation.recalls.opening import counts_of
from cooperation.recalls.rows import Recall, RecallLine
from cooperation.recalls.schemas import (
    LineOut,
    MemberLines,
    OperationOut,
    PlaceOut,
    RecallItem,
    RecallOut,
    Scope,
    SignatureOut,
)
from maillage.database import Tx
from maillage.refusals import NotFound
from maillage.wire import Page


async def recalls(tx: Tx, state: Literal["open", "closed"] | None, cursor: str | None, limit: int) -> Page[RecallItem]:
    """Recalls with a line within reach, the newest first."""
    rows = await tx.fetch(queries.LIST, state, keeping.after(cursor), limit + 1)
    return keeping.paged(RecallItem, rows, limit)


async def recall(tx: Tx, recall_id: UUID) -> RecallOut:
    """One recall. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.VISIBLE, recall_id)
    if row is None:
        raise NotFound
    return await recall_out(tx, Recall.of(row))


async def recall_out(tx: Tx, of: Recall) -> RecallOut:
    """A recall with its counts and signatures."""
    counts = await counts_of(tx, of)
    by_owner: dict[UUID, tuple[int, int]] = {}
    for row in await tx.fetch(queries.COUNTS, of.id):
        lines, left = by_owner.get(row["organisation_id"], (0, 0))
        by_owner[row["organisation_id"]] = (lines + row["lines"], left + row["left"])
    names = {row["id"]: row["name"] for row in await tx.fetch(queries.MEMBER_NAMES, list(by_owner))}
    reaches_all = tx.principal.orgs is None or of.organisation_id in tx.principal.orgs
    return RecallOut(
        **counts.model_dump(),
        cause=of.cause,
        scope=Scope.model_validate(of.scope) if reaches_all else None,
        unfounded=of.unfounded,
        opened_at=of.opened_at,
        closed_at=of.closed_at,
        left=sum(left for _, left in by_owner.values()),
        by_member=[
            MemberLines(organisation_id=owner, name=names.get(owner, ""), lines=lines, left=left)
            for owner, (lines, left) in sorted(by_owner.items())
        ],
        signatures=await signatures(tx, of.id),
        version=of.version,
    )


async def signatures(tx: Tx, about_id: UUID) -> list[SignatureOut]:
    """Who signed, in order."""
    return [SignatureOut(**row) for row in await tx.fetch(queries.SIGNATURES, [about_id])]


async def lines(
    tx: Tx,
    recall_id: UUID,
    organisation_id: UUID | None,
    place_id: UUID | None,
    state: LineState | None,
    is_open: bool | None,
    cursor: str | None,
    limit: int,
) -> Page[LineOut]:
    """Lines within reach, each with where the pack is. Refused: `NOT_FOUND`."""
    if await tx.fetchrow(queries.VISIBLE, recall_id) is None:
        raise NotFound
    after = keeping.after(cursor)
    rows = await tx.fetch(queries.LINES, recall_id, organisation_id, place_id, state, is_open, after, None, limit + 1)
    return keeping.page(LineOut, [_line(row) for row in rows], limit, rows[:limit][-1]["id"] if rows else None)


async def line_out(tx: Tx, of: RecallLine) -> LineOut:
    """One line as it is now."""
    row = await tx.fetchrow(queries.LINES, None, None, None, None, None, None, of.id, 1)
    assert row is not None
    return _line(row)


async def operations(tx: Tx, recall_id: UUID) -> Page[OperationOut]:
    """Every intervention that a recalled pack was used in, the earliest first. Refused: `NOT_FOUND`."""
    if await tx.fetchrow(queries.VISIBLE, recall_id) is None:
        raise NotFound
    return Page(items=[OperationOut(**row) for row in await tx.fetch(queries.OPERATIONS, recall_id)])


def _line(row: Record) -> LineOut:
    plain = {name: row[name] for name in LineOut.model_fields if name != "place"}
    return LineOut(**plain, place=place_out(row["ids"], row["names"], row["kind"], row["site_id"]))


def place_out(ids: list[UUID] | None, names: list[str], kind: str, site_id: UUID | None) -> PlaceOut | None:
    """Where a thing is, from the inside out; None for what is nowhere."""
    return PlaceOut(place_id=ids[0], kind=kind, names=names, site_id=site_id) if ids else None
