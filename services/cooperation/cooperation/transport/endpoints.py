"""Transport over HTTP: crates, vehicles, hand-overs, tours."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.transport import handing, packing, seeing, tours, vehicles
from cooperation.transport.schemas import (
    CompartmentState,
    CrateContents,
    Crates,
    CrateState,
    Failure,
    Goods,
    GoodsOut,
    HandoverIn,
    HandoverItem,
    HandoverOut,
    HandoverTake,
    Opening,
    SealIn,
    TourIn,
    TourItem,
    TourOut,
    Unloading,
)
from maillage.http import ActDep, operation
from maillage.wire import Instant, Page

router = APIRouter(prefix="/v1", tags=["transport"])
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/crates/{crate_id}", response_model=CrateContents, openapi_extra=operation("set.read"))
async def show_crate(crate_id: UUID, act: ActDep) -> Response:
    """A crate, where it stands, and what it holds: a member sees what is its own; `things` counts all."""
    return await act.show(packing.contents, crate_id)


@router.post("/crates/{crate_id}/put_in", response_model=CrateState, openapi_extra=operation("transport.act"))
async def put_in_crate(crate_id: UUID, body: Goods, act: ActDep) -> Response:
    """Released packs, or returning sets, into an open crate of the same site; all or none. What is blocked goes only
    into a crate that stands in quarantine. Refused: `CRATE_SEALED`, `WRONG_PLACE`, `IN_ANOTHER_CRATE`,
    `NOT_RELEASED` (`stage`), `EXPIRED` on the day of use, `ON_HOLD`, `RECALLED`, `MIXED_CLEANLINESS`, `CRATE_DIRTY`,
    `INCOMPATIBLE_FLOWS` for a crate of another flow, `UNKNOWN_CODE`."""
    return await act.answer(packing.put_in, crate_id, body)


@router.post("/crates/{crate_id}/take_out", response_model=CrateState, openapi_extra=operation("transport.act"))
async def take_out_of_crate(crate_id: UUID, body: GoodsOut, act: ActDep) -> Response:
    """Out of an open crate, into a place of the site where it stands; what is blocked into quarantine only. Refused:
    `CRATE_SEALED`, `WRONG_PLACE`, `ON_HOLD`, `RECALLED`, `UNKNOWN_CODE`."""
    return await act.answer(packing.take_out, crate_id, body)


@router.post("/crates/{crate_id}/seal", response_model=CrateState, openapi_extra=operation("transport.act"))
async def seal_crate(crate_id: UUID, body: SealIn, act: ActDep) -> Response:
    """Closed under a number that was never used. Refused: `CRATE_EMPTY`, `SEAL_REUSED`, `CRATE_SEALED`, `ON_HOLD`,
    `RECALLED`, `REFERENCE_UNKNOWN`."""
    return await act.answer(packing.seal, crate_id, body)


@router.post("/crates/{crate_id}/unseal", response_model=CrateState, openapi_extra=operation("transport.act"))
async def unseal_crate(crate_id: UUID, body: Opening, act: ActDep) -> Response:
    """Opened at arrival; another number than recorded opens an issue. Refused: `WRONG_STATE` without a seal,
    `WRONG_PLACE` in a vehicle."""
    return await act.answer(packing.unseal, crate_id, body)


@router.post("/crates/{crate_id}/decontaminate", response_model=CrateState, openapi_extra=operation("transport.act"))
async def decontaminate_crate(crate_id: UUID, act: ActDep) -> Response:
    """By the staff of the group: the empty crate may hold clean goods again. Refused: `NOT_ALLOWED`, `CRATE_SEALED`,
    `CRATE_NOT_EMPTY` (`holds`)."""
    return await act.answer(packing.decontaminate, crate_id)


@router.post(
    "/compartments/{compartment_id}/load", response_model=CompartmentState, openapi_extra=operation("transport.act")
)
async def load_compartment(compartment_id: UUID, body: Crates, act: ActDep) -> Response:
    """Crates from the vehicle's own organisation. Refused: `CRATE_NOT_SEALED`, `COMPARTMENT_DIRTY`,
    `COMPARTMENT_FULL`, `MIXED_CLEANLINESS`, `INCOMPATIBLE_FLOWS`, `HANDOVER_NEEDED` from a member's place,
    `ALREADY_GIVEN`, `ON_HOLD`, `RECALLED`, `WRONG_PLACE`, `UNKNOWN_CODE`."""
    return await act.answer(vehicles.load, compartment_id, body)


@router.post(
    "/compartments/{compartment_id}/unload", response_model=CompartmentState, openapi_extra=operation("transport.act")
)
async def unload_compartment(compartment_id: UUID, body: Unloading, act: ActDep) -> Response:
    """Crates put down at a place of the vehicle's own organisation. After infectious waste nothing rides before
    disinfection. Refused: `WRONG_PLACE`, `HANDOVER_NEEDED` at a member's place, `ALREADY_GIVEN`, `MIXED_CLEANLINESS`,
    `ON_HOLD`, `RECALLED` unless it is a quarantine, `UNKNOWN_CODE`."""
    return await act.answer(vehicles.unload, compartment_id, body)


@router.post(
    "/compartments/{compartment_id}/disinfect",
    response_model=CompartmentState,
    openapi_extra=operation("transport.act"),
)
async def disinfect_compartment(compartment_id: UUID, act: ActDep) -> Response:
    """The empty compartment was disinfected. Refused: `COMPARTMENT_NOT_EMPTY` (`holds`)."""
    return await act.answer(vehicles.disinfect, compartment_id)


@router.get("/handovers", response_model=Page[HandoverItem], openapi_extra=operation("set.read"))
async def list_handovers(
    act: ActDep,
    state: Literal["given", "taken"] | None = None,
    stop_id: UUID | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Hand-overs, the newest first; a member sees those from or to its own places."""
    return await act.show(seeing.handovers, state, stop_id, limit, cursor)


@router.post("/handovers", response_model=HandoverOut, status_code=201, openapi_extra=operation("transport.act"))
async def give_crates(body: HandoverIn, act: ActDep) -> Response:
    """One person gives crates. Left `unattended` they go into a locked place, with a reason, and are taken within the
    group's hours, else an issue opens. Refused: `NOT_FOUND` for a place out of reach, `WRONG_PLACE` (`crate_ids`),
    `ALREADY_GIVEN`, `CRATE_NOT_SEALED`, `MIXED_CLEANLINESS`, `ON_HOLD`, `RECALLED` unless to quarantine,
    `NOT_LOCKED`, `NO_CONTINUITY_PLAN` to a place outside, `REFERENCE_UNKNOWN`, `UNKNOWN_CODE`."""
    return await act.answer(handing.give, body, status=201)


@router.get("/handovers/{handover_id}", response_model=HandoverOut, openapi_extra=operation("set.read"))
async def show_handover(handover_id: UUID, act: ActDep) -> Response:
    """One hand-over with its crates and seals."""
    return await act.show(seeing.handover, handover_id)


@router.post("/handovers/{handover_id}/take", response_model=HandoverOut, openapi_extra=operation("transport.act"))
async def take_crates(handover_id: UUID, body: HandoverTake, act: ActDep) -> Response:
    """Another person takes them, each scanned with its seal, or missing with a reason. Another seal, a missing crate:
    accepted, with an issue. Refused: `SAME_PERSON`, `HANDOVER_INCOMPLETE` (`missing`, `unexpected`), `WRONG_STATE`,
    `ON_HOLD`, `RECALLED` (then name a `quarantine_place_id`); into a vehicle what loading refuses."""
    return await act.answer(handing.take, handover_id, body)


@router.get("/tours", response_model=Page[TourItem], openapi_extra=operation("set.read"))
async def list_tours(
    act: ActDep,
    state: tours.State | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Tours that leave between two instants, the newest first."""
    return await act.show(tours.tours, state, since, until, limit, cursor)


@router.post("/tours", response_model=TourOut, status_code=201, openapi_extra=operation("transport.act"))
async def plan_tour(body: TourIn, act: ActDep) -> Response:
    """A tour made by hand. Refused: `REFERENCE_UNKNOWN` for the vehicle or a site."""
    return await act.answer(tours.plan, body, status=201)


@router.get("/tours/{tour_id}", response_model=TourOut, openapi_extra=operation("set.read"))
async def show_tour(tour_id: UUID, act: ActDep) -> Response:
    """A tour with its stops; a member sees the stops at its own sites."""
    return await act.show(seeing.tour, tour_id)


@router.post("/tours/{tour_id}/load", response_model=TourOut, openapi_extra=operation("transport.act"))
async def begin_loading_tour(tour_id: UUID, act: ActDep) -> Response:
    """The vehicle is being loaded. Refused: `WRONG_STATE`."""
    return await act.answer(tours.go_on, tour_id, "loading")


@router.post("/tours/{tour_id}/start", response_model=TourOut, openapi_extra=operation("transport.act"))
async def start_tour(tour_id: UUID, act: ActDep) -> Response:
    """It leaves; the caller drives. Refused: `WRONG_STATE`."""
    return await act.answer(tours.go_on, tour_id, "under_way")


@router.post("/tours/{tour_id}/finish", response_model=TourOut, openapi_extra=operation("transport.act"))
async def finish_tour(tour_id: UUID, act: ActDep) -> Response:
    """It is back. Refused: `STOPS_OPEN` (`stop_ids`), `WRONG_STATE`."""
    return await act.answer(tours.go_on, tour_id, "done")


@router.post("/stops/{stop_id}/serve", response_model=TourOut, openapi_extra=operation("transport.act"))
async def serve_stop(stop_id: UUID, act: ActDep) -> Response:
    """The stop was served. Refused: `WRONG_STATE`."""
    return await act.answer(tours.serve, stop_id)


@router.post("/stops/{stop_id}/fail", response_model=TourOut, openapi_extra=operation("transport.act"))
async def fail_stop(stop_id: UUID, body: Failure, act: ActDep) -> Response:
    """The stop failed, and why. Refused: `WRONG_STATE`."""
    return await act.answer(tours.fail, stop_id, body)
