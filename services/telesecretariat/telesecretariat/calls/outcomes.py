"""What came of a call: a word of the centre's list, or what a booking made during the call says."""

from typing import Final

from maillage.database import Tx
from telesecretariat.calls import queries
from telesecretariat.calls.errors import UnknownOutcome
from telesecretariat.calls.rows import Call

UNCLASSIFIED: Final = "unclassified"
"""Nobody said: the supervisor's list. No agent may choose it."""
BOOKINGS: Final = frozenset({"booked", "moved", "cancelled"})
ALWAYS: Final = BOOKINGS | {"message", "transferred", "callback", "information", "not_reached", "emergency", "other"}
"""Known everywhere, whatever a centre adds in its catalogue."""


async def checked(tx: Tx, call: Call, outcome: str) -> str:
    """The same word. Refused: `UNKNOWN_OUTCOME` when it is none of the centre's."""
    if outcome in ALWAYS:
        return outcome
    if outcome != UNCLASSIFIED and await tx.fetchval(queries.IS_OUTCOME, call.organisation_id, outcome):
        return outcome
    raise UnknownOutcome(pointer="/outcome")


async def of_bookings(tx: Tx, call: Call) -> str | None:
    """What the appointments service told of this call: booked, moved or cancelled; None without a booking."""
    found = await tx.fetchval(queries.BOOKED, call.id)
    return found if isinstance(found, str) else None
