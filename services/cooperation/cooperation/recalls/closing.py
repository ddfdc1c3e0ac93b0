"""The end of a recall: every line accounted for, or nothing was wrong; a pharmacist and the infection-control team
sign."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from contracts.cooperation import RecallClosed
from cooperation.recalls import queries
from cooperation.recalls.errors import LinesOpen, RoleRequired
from cooperation.recalls.opening import locked
from cooperation.recalls.reading import recall_out
from cooperation.recalls.rows import Recall, RecallLine
from cooperation.recalls.schemas import Closing, RecallOut
from cooperation.recalls.signing import BOTH, HYGIENE, RELEASER, About, must_be, sign
from cooperation.runs.errors import ReasonRequired
from cooperation.trace.recording import change, change_many, note
from maillage.database import Tx
from maillage.refusals import NotFound

SHOWN = 100


async def close(tx: Tx, recall_id: UUID, body: Closing) -> RecallOut:
    """One signature; with the second, another person's, the recall is closed. Both are given under the same words
    (founded or not), on the lines as they are. Refused: `LINES_OPEN`, `SAME_PERSON`, `ROLE_REQUIRED` (also for a
    member's team, which sees its own part only), `REASON_REQUIRED` for `unfounded`, `WRONG_STATE` once closed."""
    must_be(tx, RELEASER, HYGIENE)
    recall, lines = await _all_of(tx, recall_id)
    left = [str(line.id) for line in lines if line.ended is None]
    if body.unfounded and body.reason is None:
        raise ReasonRequired(pointer="/reason")
    if left and not body.unfounded:
        raise LinesOpen(lines=[*left[:SHOWN]], left=len(left))
    act = "clear" if body.unfounded else "close"
    about = About("recall", recall.id, recall.group_id)
    complete = await sign(tx, about, act, BOTH, body.reason, since=max(line.created_at for line in lines))
    await note(tx, recall, "recall.signed", facts={"act": act, "role": tx.principal.role})
    if complete:
        recall = await _closed(tx, recall, lines, unfounded=body.unfounded)
    return await recall_out(tx, recall)


async def _all_of(tx: Tx, recall_id: UUID) -> tuple[Recall, list[RecallLine]]:
    """The recall and its lines, locked, for who reaches them all."""
    try:
        recall = await locked(tx, recall_id)
    except NotFound:
        if await tx.fetchrow(queries.VISIBLE, recall_id) is None:
            raise
        raise RoleRequired(roles=[HYGIENE]) from None
    return recall, [RecallLine.of(row) for row in await tx.fetch(queries.LOCK_LINES, recall.id)]


async def _closed(tx: Tx, recall: Recall, lines: Sequence[RecallLine], *, unfounded: bool) -> Recall:
    if unfounded:
        freed = [line for line in lines if line.ended not in ("acknowledged", "aborted")]
        pairs = [(line, replace(line, ended="cleared", ended_at=tx.now)) for line in freed]
        await change_many(tx, pairs, "recall_line.cleared")
    after = replace(recall, state="closed", unfounded=unfounded, closed_at=tx.now)
    after = await change(tx, recall, after, "recall.closed")
    for owner_id in sorted({line.organisation_id for line in lines}):
        tx.emit(RecallClosed(recall_id=recall.id, unfounded=unfounded, at=tx.now), owner_id)
    return after
