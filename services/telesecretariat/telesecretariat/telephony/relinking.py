"""An agent whose leg is gone is rung again, while the caller waits with music."""

from datetime import timedelta
from typing import Final, cast

from maillage.database import Tx
from telesecretariat.calls.changing import happen
from telesecretariat.calls.rows import Call
from telesecretariat.red_flags import service as red_flags
from telesecretariat.telephony import legs, queries
from telesecretariat.telephony.asking import ask

RELINK: Final = timedelta(seconds=15)
"""How long an agent whose leg was lost is rung again before her call goes back to the queue."""
RUNG_AGAIN: Final = 5
"""How often that is tried while a red flag is open."""


async def relink(tx: Tx, call: Call) -> Call:
    """The caller hears music while the agent is rung again. With a red flag open he stays with the 15, without music,
    and the call with its agent, whether she comes back or not."""
    assert call.agent_id is not None
    if await red_flags.is_open(tx, call):
        if cast(int, await tx.fetchval(queries.TIMES_LOST, call.id)) < RUNG_AGAIN:
            await legs.ring(tx, call, call.agent_id)
        return await happen(tx, call, "agent_leg_lost")
    if call.state == "transferring":
        await legs.drop_thirds(tx, call)
    await ask(tx, call, "hold_in_queue", line_id=str(call.line_id))
    await legs.ring(tx, call, call.agent_id)
    return await happen(tx, call, "agent_leg_lost", state="connecting", connect_deadline=tx.now + RELINK)
