"""What happens to sets, machines, recalls and holds, as needs and promises hear it."""

from contracts.cooperation import (
    HoldEnded,
    HoldPlaced,
    MachineStateChanged,
    RecallClosed,
    RecallLineEnded,
    RecallOpened,
    RunStageChanged,
)
from cooperation.demand.observing import end_operation, observe
from cooperation.demand.running import soon
from maillage.consumers import Envelope, on
from maillage.database import Tx


async def stage_changed(tx: Tx, event: RunStageChanged, envelope: Envelope) -> None:
    """A run went on: how long the stage took is kept, an operation that has used all its packs is done, needs and
    promises are reckoned again."""
    await observe(tx, event)
    if event.stage == "used":
        await end_operation(tx, event.run_id)
    await soon(tx, envelope.organisation_id)


async def again(
    tx: Tx,
    event: RecallOpened | RecallLineEnded | RecallClosed | HoldPlaced | HoldEnded | MachineStateChanged,
    envelope: Envelope,
) -> None:
    """Packs were blocked or freed, or a machine is out or back: of one hospital, or of the group and so of each."""
    await soon(tx, envelope.organisation_id)


CONSUMERS = [
    on(RunStageChanged, stage_changed),
    on(RecallOpened, again),
    on(RecallLineEnded, again),
    on(RecallClosed, again),
    on(HoldPlaced, again),
    on(HoldEnded, again),
    on(MachineStateChanged, again),
]
