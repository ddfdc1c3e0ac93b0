"""What becomes of recalled packs after the recall opened: used all the same, or aborted."""

from dataclasses import replace

from contracts.cooperation import RunStageChanged
from cooperation.recalls import queries
from cooperation.recalls.lines import end
from cooperation.recalls.opening import tell
from cooperation.recalls.rows import Recall, RecallLine
from cooperation.trace.recording import change
from maillage.consumers import Envelope, on
from maillage.database import Tx


async def follow(tx: Tx, event: RunStageChanged, envelope: Envelope) -> None:
    """A recalled pack that is used (on a signed override, or by a scan that came late) has an intervention to follow:
    its line is `used`, and open again. One that is aborted is accounted for."""
    if event.stage not in ("used", "aborted"):
        return
    for row in await tx.fetch(queries.LOCK_OF, event.run_id):
        line = RecallLine.of(row)
        if event.stage == "used" and line.state != "used":
            await _used(tx, line, event)
        elif event.stage == "aborted" and line.ended is None:
            await end(tx, line, "aborted", event.at)


async def _used(tx: Tx, line: RecallLine, event: RunStageChanged) -> None:
    """A closed recall stays closed; its line says what happened."""
    row = await tx.fetchrow(queries.VISIBLE, line.recall_id)
    assert row is not None
    recall = Recall.of(row)
    after = replace(line, state="used", operation_ref=await _operation(tx, event))
    if recall.state == "open":
        after = replace(after, ended=None, ended_at=None)
    await change(tx, line, after, "recall_line.used", at=event.at)
    if recall.state == "open":
        await tell(tx, recall)


async def _operation(tx: Tx, event: RunStageChanged) -> str | None:
    found = await tx.fetchval(queries.USED_IN, event.run_id)
    return found if isinstance(found, str) else None


CONSUMERS = [on(RunStageChanged, follow)]
