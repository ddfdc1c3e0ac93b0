"""Who calls again because nothing came of the earlier calls, and what must come of this one.

A doctor answers for how his telephone is organised: seven calls in fifteen days, each with a message promised and no
conduct given, were held against one (judgment of 15 October 2013, MACSF).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from maillage.database import Tx
from telesecretariat.calls.rows import Call
from telesecretariat.repeats import queries
from telesecretariat.repeats.errors import RepeatCallerUnresolved

WITHIN: Final = timedelta(days=15)
REPEAT_FROM: Final = 3
"""So many earlier calls without an answer make a repeat caller (parameter)."""
BOOKED: Final = frozenset({"booked", "moved"})
"""Outcomes that say that there is an appointment, also where it is kept elsewhere than in the appointments service."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is owed to a caller: how many earlier calls nothing came of, and whether a message is past its deadline."""

    calls: int
    overdue: bool

    @property
    def repeat(self) -> bool:
        """Whether the rule makes this a repeat caller."""
        return self.overdue or self.calls >= REPEAT_FROM


async def standing(tx: Tx, call: Call) -> Standing:
    """The standing of the number of this call, and of its patient once linked, in its centre. The call itself is not
    counted; a withheld number has no earlier calls."""
    if call.number_hash is None and call.patient_id is None:
        return Standing(0, overdue=False)
    row = await tx.fetchrow(
        queries.STANDING, call.organisation_id, call.number_hash, call.patient_id, tx.now - WITHIN, call.id, tx.now
    )
    assert row is not None
    return Standing(row["calls"], row["overdue"])


async def unresolved(tx: Tx, call: Call) -> int:
    """Earlier calls that nothing came of; from `REPEAT_FROM` on it is a repeat caller. A message past its deadline
    makes one by itself: never less than `REPEAT_FROM` then."""
    found = await standing(tx, call)
    return max(found.calls, REPEAT_FROM) if found.overdue else found.calls


async def refuse_unresolved(tx: Tx, call: Call) -> None:
    """Asked before an agent finishes a call. Refused: `REPEAT_CALLER_UNRESOLVED` for a repeat caller whose call had no
    appointment, urgent message, live transfer, 15, nor a supervisor told."""
    if call.supervisor_told or call.transferred_to is not None or call.outcome in BOOKED:
        return
    if max(call.repeat_caller, await unresolved(tx, call)) < REPEAT_FROM:
        return
    if not await tx.fetchval(queries.SETTLED, call.id):
        raise RepeatCallerUnresolved
