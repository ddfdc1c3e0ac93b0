"""A lent set leaves the plant for its supplier: its run ends, the set is retired, and is outside."""

from dataclasses import replace
from uuid import UUID

from cooperation.blocks.looking import blocks_of_things, refuse_held
from cooperation.custody.moving import Subject, move
from cooperation.loans import queries
from cooperation.loans.rows import Loan
from cooperation.runs.acts import abort
from cooperation.runs.changing import live_of_set, must_be
from cooperation.runs.sets import set_of
from cooperation.trace.recording import change
from maillage.database import Tx


async def leave(tx: Tx, loan: Loan) -> None:
    """Refused: `ON_HOLD`: what is sequestered goes nowhere; `WRONG_STAGE` while it is in a machine."""
    assert loan.set_id is not None
    run = await live_of_set(tx, loan.set_id)
    for block in await blocks_of_things(tx, [loan.set_id]):
        raise block.refusal()
    if run is not None:
        await refuse_held(tx, [run])
        must_be(run, "returning", "received", "washed", "assembled", "packed", "released")
        await abort(tx, run, "loan_returned", tx.now, next_stage=None)
    of = await set_of(tx, loan.set_id)
    await change(tx, of, replace(of, status="retired"), "set.retired", facts={"loan_id": loan.id})
    outside = await tx.fetchval(queries.PLACE_AT_PLANT, loan.group_id, "outside")
    if isinstance(outside, UUID):
        await move(tx, Subject("set", of.id, of.organisation_id, of.group_id), outside, tx.now)
