"""Use case of unscheduled care: tell what has changed."""

from datetime import timedelta

from appointments.unscheduled import queries
from contracts.appointments import SnpChanged
from maillage.database import Tx

AHEAD_DAYS = 8
"""A caller of the 15 is placed within 72 h; a week shows whoever organises the duty what is coming."""
USUAL_MINUTES = 20


async def tell(tx: Tx) -> int:
    """Counts the half-days of the coming week and emits `snp_changed` for those that differ from what was last told.

    A timed use case, beside the bookings and not in them: a booking does not wait for a count of its site.
    """
    # allow day-of-a-place: yesterday is counted too, for an hour after midnight
    today = tx.now.date()
    rows = await tx.fetch(queries.COUNT, today, today + timedelta(days=AHEAD_DAYS), USUAL_MINUTES)
    for row in rows:
        fields = dict(row)
        tx.emit(SnpChanged(**fields), fields["organisation_id"])
    return len(rows)
