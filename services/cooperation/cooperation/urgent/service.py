"""Use cases of urgent requests: asked by a hospital, promised or declined by the group's manager."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from contracts.cooperation import PromiseChanged, UrgentRequestChanged
from cooperation.demand.running import reckon_for
from cooperation.demand.service import known_compositions, owner_of
from cooperation.members.errors import ReferenceUnknown
from cooperation.members.keeping import after
from cooperation.recalls.errors import RoleRequired
from cooperation.runs.errors import ReasonRequired
from cooperation.trace.recording import add, change
from cooperation.urgent import queries
from cooperation.urgent.errors import PromiseImpossible
from cooperation.urgent.proposing import Proposal, propose
from cooperation.urgent.rows import UrgentRequest, UrgentState
from cooperation.urgent.schemas import Delayed, UrgentDecision, UrgentIn, UrgentOut
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, TimeInvalid, WrongState
from maillage.wire import Page

DECIDES = "gcs_manager"


class Rehearsed(Exception):
    """Ends a dry run: nothing is committed."""

    def __init__(self, out: UrgentOut) -> None:
        super().__init__()
        self.out = out


async def rehearse(tx: Tx, body: UrgentIn) -> None:
    """What would be proposed, and whom it would pass over. Does it all, then raises `Rehearsed`, which rolls it back;
    refused as asking is."""
    raise Rehearsed(await ask(tx, body))


async def ask(tx: Tx, body: UrgentIn) -> UrgentOut:
    """Asks, and is told what could be promised. Refused: `REFERENCE_UNKNOWN`, `TIME_INVALID` for a time that is past,
    `PATIENT_DATA_SUSPECTED`."""
    owner_id, group_id = await owner_of(tx, body.site_id)
    composition = (await known_compositions(tx, owner_id, [body.composition])).get(body.composition)
    if composition is None:
        raise ReferenceUnknown(pointer="/composition")
    if body.needed_at <= tx.now:
        raise TimeInvalid(pointer="/needed_at")
    request = UrgentRequest(
        id=new_id(),
        organisation_id=owner_id,
        created_at=tx.now,
        group_id=group_id,
        composition_id=composition,
        site_id=body.site_id,
        operation_ref=body.operation_ref,
        reason=body.reason,
        needed_at=body.needed_at,
        delayed=[],
        asked_by=tx.principal.sub,
    )
    proposal = await propose(tx, request)
    if proposal is not None:
        request = replace(request, run_id=proposal.run.id, p50=proposal.p50, p90=proposal.p90)
    await add(tx, request, "urgent_request.asked")
    _tell(tx, request)
    return await _out(tx, request)


async def decide(tx: Tx, request_id: UUID, body: UrgentDecision) -> UrgentOut:
    """The manager promises or declines. What is promised is reckoned at this instant: by p90, or by p50 where he signs
    for it. Refused: `ROLE_REQUIRED`, `WRONG_STATE`, `PROMISE_IMPOSSIBLE`, `REASON_REQUIRED` for declining."""
    if tx.principal.role != DECIDES:
        raise RoleRequired(roles=[DECIDES])
    row = await tx.fetchrow(queries.LOCK, request_id)
    if row is None:
        raise NotFound
    request = UrgentRequest.of(row)
    if request.state != "asked":
        raise WrongState(state=request.state, allowed=[])
    if body.outcome == "declined":
        if not body.why:
            raise ReasonRequired(pointer="/why")
        decided = replace(request, state="declined", settled_at=tx.now)
    else:
        proposal = await propose(tx, request, body.run_id)
        by = _by(request, proposal, sign_p50=body.sign_p50)
        assert proposal is not None
        decided = replace(
            request, state="promised", run_id=proposal.run.id, p50=proposal.p50, p90=proposal.p90, promised_at=by,
            delayed=proposal.delayed,
        )  # fmt: skip
    decided = replace(decided, decided_by=tx.principal.sub, decided_why=body.why)
    decided = await settle(tx, request, decided, facts={"signed_p50": body.sign_p50})
    await reckon_for(tx, decided.organisation_id)
    return await _out(tx, decided)


async def request_file(tx: Tx, request_id: UUID) -> UrgentOut:
    """One request; while it is asked, with the proposal of this instant. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.REQUEST, request_id)
    if row is None:
        raise NotFound
    return await _out(tx, UrgentRequest.of(row))


async def requests(tx: Tx, state: UrgentState | None, given: str | None, limit: int) -> Page[UrgentOut]:
    """Requests, the oldest first, with the proposal as it was when they were asked."""
    rows = await tx.fetch(queries.LIST, state, after(given), limit + 1)
    found = [UrgentRequest.of(row) for row in rows[:limit]]
    more = cursor.encode(found[-1].id) if len(rows) > limit else None
    return Page[UrgentOut](items=await wires(tx, found), next_cursor=more)


async def wires(tx: Tx, found: list[UrgentRequest]) -> list[UrgentOut]:
    """Requests as they travel."""
    seen = await _seen(tx, found)
    return [_wire(request, seen) for request in found]


async def settle(
    tx: Tx, before: UrgentRequest, request: UrgentRequest, *, at: datetime | None = None,
    facts: dict[str, object] | None = None,
) -> UrgentRequest:  # fmt: skip
    """A request goes on to another state; both its own event and that of its promise are told."""
    request = await change(tx, before, request, f"urgent_request.{request.state}", at=at, facts=facts)
    _tell(tx, request)
    if request.run_id is not None and request.state != "asked":
        tx.emit(
            PromiseChanged(
                run_id=request.run_id,
                request_id=request.id,
                state=request.state,
                p50=request.p50,
                p90=request.p90,
                promised_at=request.promised_at,
                at=tx.now,
            ),
            request.organisation_id,
        )
    return request


def _by(request: UrgentRequest, proposal: Proposal | None, *, sign_p50: bool) -> datetime:
    """Refused: `PROMISE_IMPOSSIBLE`."""
    if proposal is None:
        raise PromiseImpossible(p50=None, p90=None)
    if proposal.p90 <= request.needed_at:
        return proposal.p90
    if sign_p50 and proposal.p50 <= request.needed_at:
        return proposal.p50
    raise PromiseImpossible(p50=proposal.p50.isoformat(), p90=proposal.p90.isoformat())


def _tell(tx: Tx, request: UrgentRequest) -> None:
    tx.emit(
        UrgentRequestChanged(
            request_id=request.id,
            composition_id=request.composition_id,
            state=request.state,
            promised_at=request.promised_at,
            at=tx.now,
        ),
        request.organisation_id,
    )


async def _out(tx: Tx, request: UrgentRequest) -> UrgentOut:
    if request.state == "asked":
        proposal = await propose(tx, request)
        if proposal is not None:
            request = replace(
                request, run_id=proposal.run.id, p50=proposal.p50, p90=proposal.p90, delayed=proposal.delayed
            )
    return _wire(request, await _seen(tx, [request]))


async def _seen(tx: Tx, requests: list[UrgentRequest]) -> frozenset[UUID]:
    """Of the sets passed over, those that the caller reaches."""
    ids = [UUID(str(each["run_id"])) for request in requests for each in request.delayed]
    return frozenset(row["id"] for row in await tx.fetch(queries.VISIBLE_RUNS, ids)) if ids else frozenset()


def _wire(request: UrgentRequest, seen: frozenset[UUID]) -> UrgentOut:
    own = {name: getattr(request, name) for name in UrgentOut.model_fields if name != "delayed"}
    delayed = [Delayed.model_validate(each) for each in request.delayed]
    return UrgentOut(**own, delayed=[each for each in delayed if each.run_id in seen])
