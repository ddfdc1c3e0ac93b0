"""Use cases of hand-overs: who leaves says what is left and signs it; who comes reads it and says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from contracts.telesecretariat import HandoverAcknowledged, HandoverSigned
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, WrongState
from maillage.wire import Page, Wire
from telesecretariat.handovers import queries
from telesecretariat.handovers.errors import HandoverNotSigned, HandoverOfOther, HandoverOwn
from telesecretariat.handovers.schemas import HandoverIn, HandoverItem, HandoverOut, HandoverState, Left
from telesecretariat.vault import vault

_LEFT = TypeAdapter(list[Left])


class _Kept(Wire):
    """What is sealed of a hand-over."""

    items: Sequence[Left]
    remarks: Sequence[str]


async def begin(tx: Tx, body: HandoverIn) -> HandoverOut:
    """A draft with all that is left of the client. Refused: `NOT_FOUND` for a client out of reach."""
    organisation_id = cast(UUID | None, await tx.fetchval(queries.CLIENT, body.client_id))
    if organisation_id is None:
        raise NotFound
    kept = _Kept(items=await _left(tx, body.client_id), remarks=body.remarks)
    row = await tx.fetchrow(
        queries.ADD,
        new_id(),
        organisation_id,
        body.client_id,
        tx.principal.person_id,
        body.to_id,
        vault(tx).seal(kept.model_dump_json()),
        tx.now,
    )
    assert row is not None
    tx.audit("handover.begin", "handover", row["id"], organisation_id)
    return _out(tx, row)


async def _left(tx: Tx, client_id: UUID) -> list[Left]:
    return _LEFT.validate_python([dict(row) for row in await tx.fetch(queries.LEFT, client_id)])


async def handovers(
    tx: Tx, client_id: UUID | None, state: HandoverState | None, limit: int, after: str | None
) -> Page[HandoverItem]:
    """Hand-overs, newest first."""
    last = cursor.decode(after, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.LIST, client_id, state, *last, limit + 1)
    page = rows[:limit]
    following = cursor.encode(page[-1]["created_at"], page[-1]["id"]) if len(rows) > limit else None
    return Page(items=[HandoverItem.model_validate(_facts(row)) for row in page], next_cursor=following)


async def handover(tx: Tx, handover_id: UUID) -> HandoverOut:
    """One hand-over; audited. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.HANDOVER, handover_id)
    if row is None:
        raise NotFound
    tx.audit("handover.read", "handover", handover_id, row["organisation_id"])
    return await _present(tx, row)


async def sign(tx: Tx, handover_id: UUID) -> HandoverOut:
    """Who leaves answers for it: what is left is taken once more and kept as it is now. Refused: `HANDOVER_OF_OTHER`,
    `WRONG_STATE` once signed."""
    row = await _locked(tx, handover_id)
    if row["from_id"] != tx.principal.person_id:
        raise HandoverOfOther
    if row["state"] != "draft":
        raise WrongState(state=row["state"], allowed=["acknowledge"] if row["state"] == "signed" else [])
    kept = _Kept(items=await _left(tx, row["client_id"]), remarks=_kept(tx, row).remarks)
    after = await tx.fetchrow(queries.SIGN, handover_id, vault(tx).seal(kept.model_dump_json()), tx.now)
    assert after is not None
    _tell(tx, HandoverSigned, after)
    tx.audit("handover.sign", "handover", handover_id, row["organisation_id"], items=len(kept.items))
    return _out(tx, after)


async def acknowledge(tx: Tx, handover_id: UUID) -> HandoverOut:
    """Another person has read it and takes over, also when somebody else was named. Refused: `HANDOVER_NOT_SIGNED`,
    `HANDOVER_OWN`, `WRONG_STATE` again."""
    row = await _locked(tx, handover_id)
    if row["state"] == "draft":
        raise HandoverNotSigned
    if row["from_id"] == tx.principal.person_id:
        raise HandoverOwn
    if row["state"] != "signed":
        raise WrongState(state=row["state"], allowed=[])
    after = await tx.fetchrow(queries.ACKNOWLEDGE, handover_id, tx.principal.person_id, tx.now)
    assert after is not None
    _tell(tx, HandoverAcknowledged, after)
    tx.audit("handover.acknowledge", "handover", handover_id, row["organisation_id"])
    return _out(tx, after)


async def _locked(tx: Tx, handover_id: UUID) -> asyncpg.Record:
    row = await tx.fetchrow(queries.LOCK, handover_id)
    if row is None:
        raise NotFound
    return row


def _tell(tx: Tx, kind: type[HandoverSigned], row: asyncpg.Record) -> None:
    tx.emit(
        kind(
            handover_id=row["id"],
            client_id=row["client_id"],
            from_id=row["from_id"],
            to_id=row["to_id"],
            version=row["version"],
        ),
        row["organisation_id"],
    )


def _kept(tx: Tx, row: asyncpg.Record) -> _Kept:
    return _Kept.model_validate_json(vault(tx).open(row["items_sealed"]) or "")


async def _present(tx: Tx, row: asyncpg.Record) -> HandoverOut:
    """A draft shows what is left now."""
    out = _out(tx, row)
    return out.model_copy(update={"items": await _left(tx, row["client_id"])}) if row["state"] == "draft" else out


def _facts(row: asyncpg.Record) -> dict[str, object]:
    return {name: row[name] for name in HandoverItem.model_fields}


def _out(tx: Tx, row: asyncpg.Record) -> HandoverOut:
    kept = _kept(tx, row)
    return HandoverOut.model_validate(_facts(row) | {"items": kept.items, "remarks": kept.remarks})
