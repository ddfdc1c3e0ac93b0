"""Use cases of runs that have no station: recomposition, abort, lists. The acts of stations are in `acts.py`."""

from uuid import UUID

from contracts.cooperation import RunStage
from cooperation.blocks.looking import refuse_held, refuse_recalled
from cooperation.custody.moving import where
from cooperation.loads.acts import alive, load_locked, take_out
from cooperation.members.keeping import after, paged, wire
from cooperation.runs import acts, queries
from cooperation.runs.assembling import assemble, soiled
from cooperation.runs.changing import locked, must_be
from cooperation.runs.errors import ReasonRequired
from cooperation.runs.rows import Run
from cooperation.runs.schemas import AbortIn, AssembleIn, RunOut
from maillage.database import Tx
from maillage.refusals import WrongState
from maillage.wire import Page


async def close_assembly(tx: Tx, run_id: UUID, body: AssembleIn) -> RunOut:
    """The recomposition is closed, or the set goes back to washing. Refused: see `assembling`."""
    run = await locked(tx, run_id)
    if body.soil:
        await soiled(tx, run, tx.now)
    else:
        await assemble(tx, run, body.counted, body.gaps, tx.now)
    return await short(tx, run_id)


async def abort(tx: Tx, run_id: UUID, body: AbortIn) -> RunOut:
    """The run ends, and the next opens: `received` at the plant, else `returning`. A member aborts what it has: used
    sets on their way back, released packs. Refused: `REASON_REQUIRED`, `WRONG_STAGE`, `ON_HOLD`;
    `RECALLED` for a lost one that a recall looks for."""
    if body.reason is None:
        raise ReasonRequired(pointer="/reason")
    run = await _to_abort(tx, run_id)
    if body.reason == "lost":
        await refuse_recalled(tx, [run])  # two persons write off what a recall looks for
    following: acts.Next | None = "received" if await _at_plant(tx, run.set_id) else "returning"
    await acts.abort(tx, run, body.reason, tx.now, next_stage=None if body.reason == "lost" else following)
    return await short(tx, run_id)


async def _to_abort(tx: Tx, run_id: UUID) -> Run:
    """The run, locked after the load that it is in, and out of that load when it has not started."""
    who, loaded = tx.principal, await alive(tx, run_id)
    plants = loaded is not None and (who.orgs is None or loaded.group_id in who.orgs)
    load = await load_locked(tx, loaded.load_id) if loaded is not None and plants else None
    run = await locked(tx, run_id)
    if loaded is None and await alive(tx, run_id) is not None:
        raise WrongState  # put into a load at this very moment
    if who.orgs is not None and run.group_id not in who.orgs:
        must_be(run, "returning", "released")  # what the plant has in hand is the plant's to abort
    await refuse_held(tx, [run])  # else the next run would be free of a hold on this one
    if load is not None and load.state == "open":
        await take_out(tx, run, tx.now)
    return run


async def short(tx: Tx, run_id: UUID) -> RunOut:
    """One run, without its file. Refused: `NOT_FOUND`."""
    return wire(RunOut, await tx.fetchrow(queries.RUN, run_id))


async def runs(
    tx: Tx, stage: RunStage | None, place_id: UUID | None, set_id: UUID | None, limit: int, given: str | None
) -> Page[RunOut]:
    """Runs within reach, the newest first. In a place are those in its crates too, and live ones only."""
    inside = None if place_id is None else await tx.fetchval(queries.INSIDE, place_id)
    rows = await tx.fetch(queries.LIST, stage, set_id, inside, after(given), limit + 1)
    return paged(RunOut, rows, limit)


async def _at_plant(tx: Tx, set_id: UUID) -> bool:
    site = next((place.id for place in await where(tx, set_id) if place.site_id is not None), None)
    return site is not None and await tx.fetchval(queries.SITE_KIND, site) == "plant"
