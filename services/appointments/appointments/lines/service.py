"""What the patient pages read of the telephone and of the duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from appointments.lines import queries
from appointments.lines.domain import Told
from maillage.database import Tx


@dataclass(frozen=True, slots=True)
class DutyNumber:
    """The number to call from an instant on, until the next one."""

    number: str
    since: datetime


async def lines(tx: Tx, organisation_id: UUID) -> Sequence[Told]:
    """What the lines of a centre last said; none where nobody tells."""
    rows = await tx.fetch(queries.LINES, organisation_id)
    return [Told(row["open"], row["until"], row["next_opening"]) for row in rows]


async def duty_numbers(tx: Tx) -> Sequence[DutyNumber]:
    """The number in force and those to come, in their order; none while no scheme was adopted."""
    rows = await tx.fetch(queries.DUTY_NUMBERS, tx.now)
    return [DutyNumber(row["patient_number"], row["effective_from"]) for row in rows]
