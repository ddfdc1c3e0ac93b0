"""Use cases of red flags: one act opens and dials, and the call cannot be left until it has an outcome.

Everything happens under the lock of the call. What others of the service need of red flags is here too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg

from contracts.telesecretariat import RedFlagOpened
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, WrongState
from telesecretariat.calls.access import acting
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.errors import CallNotTalking
from telesecretariat.calls.rows import Call
from telesecretariat.red_flags import domain, queries
from telesecretariat.red_flags.errors import RedFlagOpen
from telesecretariat.red_flags.schemas import OpenRedFlags, RedFlagItemOut, RedFlagOut
from telesecretariat.red_flags.shown import shown
from telesecretariat.settings import TelesecretariatSettings
from telesecretariat.telephony import legs
from telesecretariat.telephony.asking import ask
from telesecretariat.telephony.port import Fact

SPEAKING = ("talking", "held", "transferring")


@dataclass(frozen=True, slots=True)
class Means:
    """What the 15 can be dialled with. `real`: a real number may be dialled; `by_hand`: nothing dials from here."""

    targets: list[str]
    set_id: UUID | None
    real: bool
    by_hand: bool


async def means(tx: Tx, call: Call) -> Means:
    """How the 15 is reached from this call. A telephone system that is not simulated never gets the fiction: where real
    emergency calls are off, the agent is told to dial by hand.
    """
    row = await tx.fetchrow(queries.MEANS, call.id, tx.now)
    assert row is not None
    allowed, simulated = cast(TelesecretariatSettings, tx.settings).emergency_calls, row["kind"] == "simulated"
    by_hand = call.observed or not row["dials"] or not (allowed or simulated)
    real = allowed and not simulated
    return Means(row["emergency_targets"], row["set_id"], real, by_hand)


async def open_red_flag(tx: Tx, call_id: UUID) -> RedFlagOut:
    """Opens and dials. Pressed again: the same. Refused: `CALL_NOT_TALKING` when nobody is on the line."""
    call = await locked(tx, call_id)
    acting(tx, call)
    row = await tx.fetchrow(queries.OPEN_OF_CALL, call.id)
    if row is None:
        row = await _open(tx, call)
    else:
        tx.audit("red_flag.read", "red_flag", row["id"], row["organisation_id"])
    return await shown(tx, row)


async def _open(tx: Tx, call: Call) -> asyncpg.Record:
    if call.state not in SPEAKING:
        raise CallNotTalking(state=call.state)
    how, agent_id = await means(tx, call), tx.principal.person_id
    row = await tx.fetchrow(
        queries.ADD, new_id(), call.organisation_id, call.client_id, call.id, agent_id, how.set_id, tx.now
    )
    assert row is not None
    await _back_together(tx, call)
    facts: dict[str, object] = {"red_flag_id": str(row["id"])}
    call = await happen(tx, call, "red_flag_opened", facts, state="talking", connect_deadline=None)
    if not how.by_hand:
        row = await _dial(tx, call, row, how, 0)
    tx.emit(
        RedFlagOpened(
            red_flag_id=row["id"],
            call_id=call.id,
            client_id=call.client_id,
            code=None,
            outcome=None,
            version=row["version"],
        ),
        call.organisation_id,
    )
    tx.audit("red_flag.open", "red_flag", row["id"], call.organisation_id, by_hand=how.by_hand)
    return row


async def _back_together(tx: Tx, call: Call) -> None:
    """Caller and agent hear one another: no music, and nobody else who was being called."""
    if call.state == "held":
        await ask(tx, call, "resume")
    elif call.state == "transferring":
        await legs.drop_thirds(tx, call)
        if call.consulted_id is not None:
            await ask(tx, call, "resume")
        elif call.agent_id is not None and await legs.agent_left(tx, call):
            await ask(tx, call, "resume")
            await legs.ring(tx, call, call.agent_id)


async def _dial(tx: Tx, call: Call, row: asyncpg.Record, how: Means, attempt: int) -> asyncpg.Record:
    to = domain.target(how.targets, attempt, real=how.real)
    command_id = await ask(tx, call, "dial_third", to=to, purpose="emergency")
    dialled = await tx.fetchrow(queries.DIALLED, row["id"], f"t-{command_id}", attempt, tx.now + domain.UNANSWERED)
    assert dialled is not None
    return dialled


async def dial_again(tx: Tx, red_flag_id: UUID) -> RedFlagOut:
    """The agent wants the 15 rung once more: nobody answered, or the regulator was lost. Refused: `WRONG_STATE` while
    it rings or somebody is there, and where it is dialled by hand.
    """
    call, row = await locked_red_flag(tx, red_flag_id)
    acting(tx, call)
    how = await means(tx, call)
    if row["leg"] is not None or row["state"] in ("handed_over", "closed") or how.by_hand:
        raise WrongState(state=row["state"], allowed=["close"])
    row = await _redial(tx, call, row, how)
    tx.audit("red_flag.dial", "red_flag", row["id"], call.organisation_id, attempt=row["target"])
    return await shown(tx, row)


async def _redial(tx: Tx, call: Call, row: asyncpg.Record, how: Means) -> asyncpg.Record:
    if row["leg"] is not None:
        await ask(tx, call, "hang_up", leg=row["leg"])
    attempt = row["target"] + 1
    call = await happen(tx, call, "red_flag_dialled", {"attempt": attempt})
    return await _dial(tx, call, row, how, attempt)


async def dial_due(tx: Tx) -> None:
    """Job: who has not answered in time is followed by the next target of the line."""
    for due in await tx.fetch(queries.DUE, tx.now):
        call = await locked(tx, due["id"])
        row = await tx.fetchrow(queries.OPEN_OF_CALL, call.id)
        if row is not None and row["state"] == "dialling":
            await _redial(tx, call, row, await means(tx, call))


async def locked_red_flag(tx: Tx, red_flag_id: UUID) -> tuple[Call, asyncpg.Record]:
    """The call, locked, and its red flag. Refused: `NOT_FOUND`, also out of reach."""
    call_id = await tx.fetchval(queries.CALL_OF, red_flag_id)
    if not isinstance(call_id, UUID):
        raise NotFound
    call = await locked(tx, call_id)
    row = await tx.fetchrow(queries.RED_FLAG, red_flag_id)
    assert row is not None
    return call, row


async def read(tx: Tx, red_flag_id: UUID) -> RedFlagOut:
    """One red flag with its words; audited."""
    row = await tx.fetchrow(queries.RED_FLAG, red_flag_id)
    if row is None:
        raise NotFound
    tx.audit("red_flag.read", "red_flag", red_flag_id, row["organisation_id"])
    return await shown(tx, row)


async def all_open(tx: Tx) -> OpenRedFlags:
    """Those of all clients in reach, for who watches over the floor; a wall screen does not show which sign it was."""
    hidden = {} if tx.principal.reach("floor.supervise") is not None else {"code": None}
    return OpenRedFlags(items=[RedFlagItemOut(**(dict(row) | hidden)) for row in await tx.fetch(queries.ALL_OPEN)])


# --- what the rest of the service asks -------------------------------------------------------------------------------


async def is_open(tx: Tx, call: Call) -> bool:
    """Whether a red flag of the call still wants its outcome."""
    return await tx.fetchrow(queries.OPEN_OF_CALL, call.id) is not None


async def refuse_if_open(tx: Tx, call: Call) -> None:
    """Before a hang-up by the agent, a transfer, a completion. Refused: `RED_FLAG_OPEN` 409."""
    row = await tx.fetchrow(queries.OPEN_OF_CALL, call.id)
    if row is not None:
        raise RedFlagOpen(red_flag_id=str(row["id"]))


async def since(tx: Tx, number_hash: bytes | None, since: datetime, organisation_id: UUID | None = None) -> bool:
    """Whether a red flag was opened for a caller with this number since then, of the organisation if one is named."""
    if number_hash is None:
        return False
    return bool(await tx.fetchval(queries.SINCE, number_hash, since, organisation_id))


async def on_third_leg(tx: Tx, call: Call, fact: Fact) -> None:
    """A leg of purpose `emergency` was answered, failed or was put down. `call` is locked and changes here: do not use
    it afterwards. An earlier target that answers late is as good as the one that rings now.
    """
    row = await tx.fetchrow(queries.OPEN_OF_CALL, call.id)
    leg = fact.details.get("leg")
    if row is None or not isinstance(leg, str):
        return
    if fact.kind == "leg_answered":
        await _answered(tx, call, row, leg)
    elif fact.kind in ("leg_failed", "ended") and leg == row["leg"]:
        await _lost(tx, call, row)


async def _answered(tx: Tx, call: Call, row: asyncpg.Record, leg: str) -> None:
    if row["state"] != "dialling":
        if leg != row["leg"]:
            await ask(tx, call, "hang_up", leg=leg)
        return
    if row["leg"] is not None and row["leg"] != leg:
        await ask(tx, call, "hang_up", leg=row["leg"])
    await tx.execute(queries.ANSWERED, row["id"], leg, tx.now)
    await happen(tx, call, "red_flag_three_way", {"red_flag_id": str(row["id"])})


async def _lost(tx: Tx, call: Call, row: asyncpg.Record) -> None:
    """The next target at once; once all have refused, all again after a pause. A regulator who has answered is not rung
    by ourselves again: the agent sees it and decides.
    """
    if row["state"] != "dialling":
        await tx.execute(queries.LEG_LOST, row["id"])
        await happen(tx, call, "red_flag_leg_lost", {"red_flag_id": str(row["id"])})
        return
    how = await means(tx, call)
    if domain.all_tried(how.targets, row["target"]):
        await tx.execute(queries.WAIT, row["id"], tx.now + domain.ALL_FAILED)
        await happen(tx, call, "red_flag_unanswered", {"attempt": row["target"]})
        return
    without_leg = await tx.fetchrow(queries.LEG_LOST, row["id"])
    assert without_leg is not None
    await _redial(tx, call, without_leg, how)


async def on_caller_lost(tx: Tx, call: Call) -> bool:
    """The caller's leg ended. True: a red flag is open and not handed over, so the agent stays on the line with the 15
    to give number and address; the call must not end by itself.
    """
    row = await tx.fetchrow(queries.OPEN_OF_CALL, call.id)
    return row is not None and row["state"] != "handed_over"
