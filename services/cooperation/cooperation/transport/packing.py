"""Use cases of crates: filling, emptying, sealing, opening, decontaminating, reading."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from cooperation.custody.moving import where
from cooperation.issues.opening import Subject, open_issue
from cooperation.members.errors import ReferenceUnknown
from cooperation.members.keeping import wire
from cooperation.runs.rows import Run
from cooperation.trace.recording import change
from cooperation.transport import crates, queries
from cooperation.transport.errors import CrateEmpty, CrateNotEmpty, CrateSealed, SealReused, WrongPlace
from cooperation.transport.finding import ours, reached, refuse_far, runs_of
from cooperation.transport.rows import Crate
from cooperation.transport.schemas import CrateContents, CrateState, Goods, GoodsOut, Held, Opening, SealIn
from maillage.database import Tx
from maillage.refusals import NotAllowed, NotFound, WrongState

One = Callable[[Crate, Run], Awaitable[Crate]]


async def put_in(tx: Tx, crate_id: UUID, body: Goods) -> CrateState:
    """Sets into a crate, all or none. Refused: see `crates.put_in`; `UNKNOWN_CODE`."""
    return await _each(tx, crate_id, body, lambda crate, run: crates.put_in(tx, crate, run, tx.now))


async def take_out(tx: Tx, crate_id: UUID, body: GoodsOut) -> CrateState:
    """Sets out of a crate, all or none. Refused: see `crates.take_out`; `UNKNOWN_CODE`."""
    return await _each(tx, crate_id, body, lambda crate, run: crates.take_out(tx, crate, run, body.place_id, tx.now))


async def seal(tx: Tx, crate_id: UUID, body: SealIn) -> CrateState:
    """The crate is closed under a number that was never used. Refused: `CRATE_SEALED`, `CRATE_EMPTY`, `SEAL_REUSED`,
    `ON_HOLD`, `RECALLED`, `REFERENCE_UNKNOWN`."""
    crate = await _at_hand(tx, crate_id)
    if crate.seal is not None:
        raise CrateSealed
    if not (await crates.holds(tx, [crate_id]))[crate_id]:
        raise CrateEmpty
    if not crate.quarantine:
        await crates.refuse_blocked_within(tx, [crate_id])
    await _destination(tx, crate, body.destination_site_id)
    if not await register(tx, crate, body.number):
        raise SealReused
    sealed = replace(crate, seal=body.number, destination_id=body.destination_site_id)
    return await _state(tx, await change(tx, crate, sealed, "crate.sealed"))


async def unseal(tx: Tx, crate_id: UUID, body: Opening) -> CrateState:
    """The seal is broken at arrival. Another number than recorded, or none: opened all the same, with an issue.
    Refused: `WRONG_STATE` when it has no seal, `WRONG_PLACE` in a vehicle."""
    crate = await _at_hand(tx, crate_id)
    if crate.seal is None:
        raise WrongState
    stands = await where(tx, crate_id)
    if stands[0].site_id is None:
        raise WrongPlace(place_id=str(stands[0].id))
    if body.number != crate.seal:
        await seal_differs(tx, crate)
    await tx.execute(queries.BREAK_SEAL, crate.group_id, crate.seal, tx.now)
    return await _state(tx, await change(tx, crate, replace(crate, seal=None), "crate.opened"))


async def decontaminate(tx: Tx, crate_id: UUID) -> CrateState:
    """The empty crate is clean again, by the staff of the group. Refused: `NOT_ALLOWED`, `CRATE_SEALED`,
    `CRATE_NOT_EMPTY`."""
    crate = await _at_hand(tx, crate_id)
    if not reached(tx, crate.organisation_id):
        raise NotAllowed
    if crate.seal is not None:
        raise CrateSealed
    if held := (await crates.holds(tx, [crate_id]))[crate_id]:
        raise CrateNotEmpty(holds=held)
    clean = replace(
        crate, load_state="empty", dirty_since=None, quarantine=False, destination_id=None, decontaminated_at=tx.now
    )
    return await _state(tx, await change(tx, crate, clean, "crate.decontaminated"))


async def contents(tx: Tx, crate_id: UUID) -> CrateContents:
    """What a crate holds: of the caller's own, all for the staff of the group. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.CRATE, crate_id)
    if row is None:
        raise NotFound
    state = await _state(tx, Crate.of(row))
    held = [wire(Held, each) for each in await tx.fetch(queries.CONTENTS, crate_id)]
    return CrateContents(**state.model_dump(), contents=held)


async def register(tx: Tx, crate: Crate, number: str) -> bool:
    """Keeps the number as used on this crate; False when it was used before."""
    values = (crate.group_id, number, ours(tx, crate.organisation_id), crate.id, tx.principal.sub, tx.now)
    return await tx.fetchval(queries.ADD_SEAL, *values) is not None


async def seal_differs(tx: Tx, crate: Crate) -> None:
    """An issue: the seal that was read is not the one that was put on."""
    about = Subject("crate", crate.id, ours(tx, crate.organisation_id), crate.group_id)
    await open_issue(tx, about, "seal_differs", "major")


async def _each(tx: Tx, crate_id: UUID, body: Goods, act: One) -> CrateState:
    await refuse_far(tx, crate_id)
    runs = await runs_of(tx, body.codes)
    crate = await crates.locked(tx, crate_id)
    for run in runs:
        crate = await act(crate, run)
    return await _state(tx, crate)


async def _at_hand(tx: Tx, crate_id: UUID) -> Crate:
    crate = await crates.locked(tx, crate_id)
    await refuse_far(tx, crate_id)
    return crate


async def _destination(tx: Tx, crate: Crate, site_id: UUID | None) -> None:
    site = None if site_id is None else await tx.fetchrow(queries.SITE, site_id)
    if site_id is not None and (site is None or site["group_id"] != crate.group_id):
        raise ReferenceUnknown(pointer="/destination_site_id")


async def _state(tx: Tx, crate: Crate) -> CrateState:
    stands = await where(tx, crate.id)
    shown = {name: getattr(crate, name) for name in CrateState.model_fields if hasattr(crate, name)}
    return CrateState(
        **shown,
        things=(await crates.holds(tx, [crate.id]))[crate.id],
        destination_site_id=crate.destination_id,
        place_id=stands[0].id if stands else None,
        place_name=stands[0].name if stands else None,
        site_id=stands[-1].site_id if stands else None,
    )
