"""Use cases of tours made by hand: their stops, served or failed, and told late once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.cooperation import StopLate, TourChanged
from cooperation.members.errors import ReferenceUnknown
from cooperation.members.keeping import after, paged
from cooperation.members.parameters import Parameters
from cooperation.trace.recording import add, change
from cooperation.transport import queries
from cooperation.transport.errors import StopsOpen
from cooperation.transport.finding import reached
from cooperation.transport.rows import Stop
from cooperation.transport.schemas import Failure, TourIn, TourItem, TourOut
from cooperation.transport.seeing import own_places, tour
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.jobs import one_by_one
from maillage.principal import system
from maillage.refusals import NotFound, WrongState
from maillage.wire import Page

State = Literal["planned", "loading", "under_way", "done"]
_BEFORE: dict[State, tuple[State, ...]] = {
    "loading": ("planned",),
    "under_way": ("planned", "loading"),
    "done": ("under_way",),
}


async def plan(tx: Tx, body: TourIn) -> TourOut:
    """A tour and its stops. Refused: `REFERENCE_UNKNOWN` for the vehicle or a site of another group."""
    vehicle = await tx.fetchrow(queries.VEHICLE, body.vehicle_id)
    if vehicle is None or not reached(tx, vehicle["organisation_id"]):
        raise ReferenceUnknown(pointer="/vehicle_id")
    owner, group_id, tour_id = vehicle["organisation_id"], vehicle["group_id"], new_id()
    known = {row["id"] for row in await tx.fetch(queries.SITES, [stop.site_id for stop in body.stops], group_id)}
    for place, stop in enumerate(body.stops):
        if stop.site_id not in known:
            raise ReferenceUnknown(pointer=f"/stops/{place}/site_id")
    await tx.execute(queries.ADD_TOUR, tour_id, owner, group_id, body.vehicle_id, body.leaves_at, tx.now)
    for position, stop in enumerate(body.stops, start=1):
        row = Stop(
            id=new_id(), organisation_id=owner, created_at=tx.now, group_id=group_id, tour_id=tour_id,
            position=position, site_id=stop.site_id, promised_at=stop.promised_at,
        )  # fmt: skip
        await add(tx, row, "stop.planned")
    tx.audit("tour.plan", "tour", tour_id, owner, stops=len(body.stops))
    await _tell(tx, tour_id)
    return await tour(tx, tour_id)


async def go_on(tx: Tx, tour_id: UUID, state: State) -> TourOut:
    """`loading`, `under_way` (who says so drives it), `done`. Refused: `WRONG_STATE`, `STOPS_OPEN`."""
    row = await tx.fetchrow(queries.LOCK_TOUR, tour_id)
    if row is None or not reached(tx, row["organisation_id"]):
        raise NotFound
    if row["state"] not in _BEFORE[state]:
        raise WrongState(state=row["state"], allowed=list(_BEFORE[state]))
    still = await tx.fetch(queries.OPEN_STOPS, tour_id) if state == "done" else []
    if still:
        raise StopsOpen(stop_ids=[str(stop["id"]) for stop in still])
    driver = tx.principal.person_id if state == "under_way" else None
    await tx.execute(queries.SET_TOUR, tour_id, state, driver)
    tx.audit(f"tour.{state}", "tour", tour_id, row["organisation_id"])
    await _tell(tx, tour_id)
    return await tour(tx, tour_id)


async def serve(tx: Tx, stop_id: UUID) -> TourOut:
    """The stop was served. Refused: `WRONG_STATE`."""
    return await _settle(tx, stop_id, "served", None)


async def fail(tx: Tx, stop_id: UUID, body: Failure) -> TourOut:
    """The stop failed, and why. Refused: `WRONG_STATE`."""
    return await _settle(tx, stop_id, "failed", body.reason)


async def tours(
    tx: Tx, state: State | None, since: datetime | None, until: datetime | None, limit: int, cursor: str | None
) -> Page[TourItem]:
    """Tours that leave between two instants, the newest first."""
    rows = await tx.fetch(queries.TOURS, state, since, until, after(cursor), limit + 1, own_places(tx))
    return paged(TourItem, rows, limit)


async def tell_late(database: Database) -> None:
    """Each stop that is later behind its promise than the group allows is told, once."""
    least = Parameters().stop_late_min
    await one_by_one(database, _tell_late, await database.run(system("cooperation"), _late, least))


async def _late(tx: Tx, least: int) -> list[UUID]:
    return [row["id"] for row in await tx.fetch(queries.LATE, tx.now, least)]


async def _tell_late(tx: Tx, stop_id: UUID) -> None:
    row = await tx.fetchrow(queries.LOCK_STOP, stop_id)
    assert row is not None
    stop = Stop.of(row)
    if stop.late_told or stop.state != "expected":
        return
    await change(tx, stop, replace(stop, late_told=True), "stop.late")
    at = await tx.fetchrow(queries.STOP, stop_id)
    assert at is not None
    minutes = (tx.now - stop.promised_at) // timedelta(minutes=1)
    event = StopLate(stop_id=stop_id, tour_id=stop.tour_id, site_id=stop.site_id, minutes=minutes, at=tx.now)
    for owner in sorted({stop.organisation_id, at["at_organisation"]}):
        tx.emit(event, owner)


async def _settle(tx: Tx, stop_id: UUID, state: Literal["served", "failed"], reason: str | None) -> TourOut:
    row = await tx.fetchrow(queries.LOCK_STOP, stop_id)
    if row is None or not reached(tx, row["organisation_id"]):
        raise NotFound
    stop = Stop.of(row)
    if stop.state != "expected":
        raise WrongState(state=stop.state, allowed=["expected"])
    after_it = replace(stop, state=state, reason=reason, settled_at=tx.now)
    await change(tx, stop, after_it, f"stop.{state}")
    await _tell(tx, stop.tour_id)
    return await tour(tx, stop.tour_id)


async def _tell(tx: Tx, tour_id: UUID) -> None:
    """To the owner of the vehicle, and to each organisation at whose site it stops."""
    for row in await tx.fetch(queries.CONCERNED, tour_id):
        tx.emit(TourChanged(tour_id=tour_id, state=row["state"], at=tx.now), row["organisation_id"])
