"""Who may act on a call: the agent who answers it, and supervisors."""

from typing import Literal

from maillage.database import Tx
from telesecretariat.calls.reading.errors import NotYourCall
from telesecretariat.calls.rows import Call


def acting(tx: Tx, call: Call) -> Literal["agent", "supervisor"]:
    """As whom the caller acts on it. Refused: `NOT_YOUR_CALL` 403."""
    if call.agent_id is not None and call.agent_id == tx.principal.person_id:
        return "agent"
    if tx.principal.reach("floor.supervise") is not None:
        return "supervisor"
    raise NotYourCall
