"""What the telesecretaries say of calls: a task closed, a call completed."""

from datetime import timedelta

from appointments.campaigns import items
from appointments.campaigns import queries as campaigns
from appointments.holds import service as holds
from appointments.needs import queries
from contracts.telesecretariat import CallCompleted, TaskClosed
from maillage.consumers import Envelope, on
from maillage.database import Tx

URGENT_UNDER = timedelta(hours=3)


async def task_closed(tx: Tx, event: TaskClosed, envelope: Envelope) -> None:
    """The need of the same id is met. Late, twice, or of a task written by hand: nothing happens.

    Who has called has to say what became of a campaign's visit by `resolve`, which settles the need. A task that is
    `done` while the visit is still to be settled (nobody was reached, or it was forgotten) is asked for again, until
    the visit; one that a supervisor cancelled is not: the board of the campaign still shows it.
    """
    found = await tx.fetchrow(queries.FIND, event.id)
    if found is None:
        return
    item = await tx.fetchrow(campaigns.ITEM_LOCKED, found["ref_id"])  # before its need, as everywhere
    if await tx.fetchrow(queries.CLOSE, event.id, "met", tx.now) is None:
        return
    unsettled = item is not None and item["state"] == "to_call" and item["start"] > tx.now
    if unsettled and event.state == "done":
        assert item is not None
        again = await items.call(tx, item, URGENT_UNDER)
        await tx.execute(campaigns.ASKED_AGAIN, item["id"], again)
        await items.touch(tx, item["campaign_id"])


async def call_completed(tx: Tx, event: CallCompleted, envelope: Envelope) -> None:
    """What was kept during the call and did not become an appointment is given back; the patient was in touch."""
    await holds.give_up_of_call(tx, event.call_id)
    if event.patient_id is not None:
        await tx.execute(queries.IN_TOUCH, event.patient_id, envelope.occurred_at)


consumers = [on(TaskClosed, task_closed), on(CallCompleted, call_completed)]
