"""Reading hand-overs and tours: staff of the group all of them, a member those at its own places."""

from uuid import UUID

from cooperation.members.keeping import after, paged, wire
from cooperation.transport import queries
from cooperation.transport.schemas import (
    HandedCrate,
    HandoverItem,
    HandoverOut,
    StopOut,
    TourItem,
    TourOut,
)
from maillage.database import Tx
from maillage.refusals import NotFound
from maillage.wire import Page


def own_places(tx: Tx) -> list[UUID] | None:
    """Whose places bound what the caller sees; None: everybody's. Who acts for a group sees its members' too, for its
    own places are at one end of all that moves."""
    orgs = tx.principal.orgs
    return None if orgs is None else sorted(orgs)


async def handover(tx: Tx, handover_id: UUID) -> HandoverOut:
    """One hand-over with its crates. Refused: `NOT_FOUND` for one between places of others."""
    row = await tx.fetchrow(queries.HANDOVER, handover_id)
    if row is None or not await tx.fetchval(queries.SEEN, own_places(tx), row["from_place_id"], row["to_place_id"]):
        raise NotFound
    given = [wire(HandedCrate, each) for each in await tx.fetch(queries.HANDED, handover_id)]
    return HandoverOut(**wire(HandoverItem, row).model_dump(), unattended=row["unattended"], crates=given)


async def handovers(
    tx: Tx, state: str | None, stop_id: UUID | None, limit: int, cursor: str | None
) -> Page[HandoverItem]:
    """The newest first."""
    rows = await tx.fetch(queries.HANDOVERS, own_places(tx), state, stop_id, after(cursor), limit + 1)
    return paged(HandoverItem, rows, limit)


async def tour(tx: Tx, tour_id: UUID) -> TourOut:
    """A tour with its stops. Refused: `NOT_FOUND`, also without a stop that the caller may see."""
    row = await tx.fetchrow(queries.TOUR, tour_id)
    if row is None:
        raise NotFound
    stops = [wire(StopOut, stop) for stop in await tx.fetch(queries.STOPS, tour_id, own_places(tx))]
    if not stops:
        raise NotFound
    return TourOut(**wire(TourItem, row).model_dump(), stops=stops)
