"""A bot hands a call to a person: what it had learned stays with the call."""

from maillage.database import Tx
from telesecretariat.calls.changing import Changes, happen, locked_of_provider
from telesecretariat.calls.domain import HeadStart, priority_at
from telesecretariat.calls.rows import Call
from telesecretariat.telephony import queries as facts
from telesecretariat.telephony.webhooks import queries
from telesecretariat.telephony.webhooks.schemas import TelephonyEvent

RED_FLAG = HeadStart("red_flag", 600)


async def take_over(tx: Tx, adapter_id: str, fact_id: str, event: TelephonyEvent) -> None:
    """Once per event. A red flag puts the call before others; a motive is kept if the centre has it in its list."""
    assert event.call_id is not None
    call = await locked_of_provider(tx, adapter_id, event.call_id)
    told = f"{fact_id}:handover"
    if call is None or not call.live:
        return
    if (
        await tx.fetchval(facts.KEEP_FACT, adapter_id, told, event.call_id, event.at or tx.now, tx.now, event.event)
        is None
    ):
        return
    motive = await tx.fetchval(queries.MOTIVE, call.organisation_id, event.motive or "")
    changes = Changes(handled_by="human")
    if isinstance(motive, str):
        changes["motive"] = motive
    if event.red_flag:
        changes |= _sooner(call)
    known: dict[str, object] = {"red_flag": event.red_flag, "transcript_ref": event.transcript_ref}
    await happen(tx, call, "bot_handover", known, **changes)


def _sooner(call: Call) -> Changes:
    had = [each for each in call.head_start if each["reason"] != RED_FLAG.reason]
    starts = [*had, {"reason": RED_FLAG.reason, "seconds": RED_FLAG.seconds}]
    if call.queued_at is None:
        return Changes(head_start=starts)
    given = [HeadStart(str(each["reason"]), int(str(each["seconds"]))) for each in starts]
    return Changes(head_start=starts, priority_at=priority_at(call.queued_at, given))
