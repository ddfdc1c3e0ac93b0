"""What becomes of a lent set on the line, and who is told."""

from dataclasses import replace

from contracts.cooperation import LoanChanged, RunStageChanged
from cooperation.loans import queries
from cooperation.loans.rows import Loan
from cooperation.loans.service import become
from cooperation.runs.changing import happen, locked
from maillage.consumers import Envelope, on
from maillage.database import Tx


async def follow(tx: Tx, event: RunStageChanged, envelope: Envelope) -> None:
    """A lent set was washed: once more, until it was often enough. It is released: ready. It was used: so is the
    loan."""
    if event.stage not in ("washed", "released", "used"):
        return
    if await tx.fetchval(queries.LENT, event.set_id) is None:
        return
    run = await locked(tx, event.run_id)  # runs are locked before the rest
    row = await tx.fetchrow(queries.LOCK_OF_SET, event.set_id)
    if row is None:
        return
    loan = Loan.of(row)
    if event.stage == "washed" and loan.state == "counted_in" and run.stage == "washed":
        if run.washes < loan.washes_needed:
            facts = {"loan_id": loan.id, "washes": run.washes}
            await happen(tx, run, replace(run, stage="received"), "run.washed_again", tx.now, facts=facts)
    elif event.stage == "released" and loan.state == "counted_in":
        await become(tx, loan, replace(loan, state="ready"))
    elif event.stage == "used" and loan.state in ("counted_in", "ready"):
        await become(tx, loan, replace(loan, state="used"))


async def tell_other_party(tx: Tx, event: LoanChanged, envelope: Envelope) -> None:
    """Whoever acts tells his own side, for he reaches no further: the supplier when he announces, the hospital from
    then on. The other side is told here."""
    row = await tx.fetchrow(queries.LOAN, event.loan_id)
    if row is None:
        return
    loan, announcing = Loan.of(row), event.version == 1
    if envelope.organisation_id == loan.supplier_id and announcing and loan.announced:
        tx.emit(event, loan.organisation_id)
    elif envelope.organisation_id == loan.organisation_id and not (announcing and loan.announced):
        tx.emit(event, loan.supplier_id)


CONSUMERS = [on(RunStageChanged, follow), on(LoanChanged, tell_other_party)]
