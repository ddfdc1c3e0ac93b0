"""Use cases of loans: announced by a supplier, counted in and out by the plant."""

from dataclasses import replace
from uuid import UUID

import asyncpg

from contracts.cooperation import LoanChanged
from cooperation.issues.opening import Subject as About
from cooperation.issues.opening import open_issue
from cooperation.loans import queries
from cooperation.loans.domain import differs, missing
from cooperation.loans.errors import IfuMissing, LoanKnown
from cooperation.loans.leaving import leave
from cooperation.loans.making import make_set
from cooperation.loans.rows import Loan, LoanState
from cooperation.loans.schemas import CountedLine, LentOut, LoanClose, LoanCount, LoanIn, LoanOut
from cooperation.members.errors import ReferenceUnknown
from cooperation.members.keeping import after
from cooperation.members.parameters import group
from cooperation.recalls.errors import RoleRequired
from cooperation.trace.recording import add, change
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, WrongState
from maillage.wire import Page

SUPPLIER = "supplier"
COUNTS_OUT: tuple[LoanState, ...] = ("counted_in", "ready", "used", "counted_out")


async def announce(tx: Tx, body: LoanIn) -> LoanOut:
    """A loan on its way, told by its supplier; or one that came without a word, entered by the plant with an issue.
    Refused: `REFERENCE_UNKNOWN`, `ROLE_REQUIRED` for a hospital and whoever else lends nothing, `LOAN_KNOWN`."""
    site = await tx.fetchrow(queries.SITE, body.site_id)
    if site is None:
        raise ReferenceUnknown(pointer="/site_id")
    own_group, org = await tx.fetchval(queries.GROUP_OF, tx.principal.org), tx.principal.org
    at_plant = own_group is not None and own_group == org
    supplies = own_group is None and (tx.principal.role == SUPPLIER or tx.principal.kind == "partner")
    if not (at_plant or supplies):
        raise RoleRequired(roles=[SUPPLIER, "sterilisation_agent"])
    supplier_id = body.supplier_id if at_plant else org
    if supplier_id is None or (not at_plant and body.supplier_id not in (None, org)):
        raise ReferenceUnknown(pointer="/supplier_id")
    if at_plant and site["group_id"] != org:
        raise ReferenceUnknown(pointer="/site_id")
    loan = Loan(
        id=new_id(),
        organisation_id=site["organisation_id"],
        created_at=tx.now,
        group_id=site["group_id"],
        supplier_id=supplier_id,
        reference=body.reference,
        site_id=body.site_id,
        operation_ref=body.operation_ref,
        due_on=body.due_on,
        announced=not at_plant,
        ifu_ref=body.ifu_ref,
        lines=[line.model_dump() for line in body.lines],
    )
    try:
        await add(tx, loan, "loan.announced")
    except asyncpg.UniqueViolationError as twice:
        raise LoanKnown from twice
    if at_plant:
        await _issue(tx, loan, "loan_unannounced")
    tell(tx, loan, loan.organisation_id if at_plant else supplier_id)
    return out(loan)


async def count(tx: Tx, loan_id: UUID, body: LoanCount) -> LoanOut:
    """What the plant counts, when it comes and when it goes. Another count than announced is accepted, with an issue on
    the supplier. Refused: `NOT_FOUND`, `ROLE_REQUIRED` for who is not of the plant, `WRONG_STATE`, `IFU_MISSING`, and
    as a set is made or leaves."""
    row = await tx.fetchrow(queries.LOCK, loan_id)
    if row is None:
        raise NotFound
    loan = Loan.of(row)
    if tx.principal.org != loan.group_id:
        raise RoleRequired(roles=["sterilisation_agent"])
    return out(await (_count_in if body.direction == "in" else _count_out)(tx, loan, body))


async def close(tx: Tx, loan_id: UUID, body: LoanClose) -> LoanOut:
    """The manager ends a loan whose counts differ: what is missing is settled with the supplier elsewhere. Refused:
    `NOT_FOUND`, `ROLE_REQUIRED`, `WRONG_STATE`."""
    row = await tx.fetchrow(queries.LOCK, loan_id)
    if row is None:
        raise NotFound
    loan = Loan.of(row)
    if tx.principal.role != "gcs_manager":
        raise RoleRequired(roles=["gcs_manager"])
    if loan.state != "counted_out":
        raise WrongState(state=loan.state, allowed=["counted_out"])
    await _issue(tx, loan, "loan_closed_short", words=body.reason)
    await leave(tx, loan)
    return out(await become(tx, loan, replace(loan, state="closed")))


async def loan_file(tx: Tx, loan_id: UUID) -> LoanOut:
    """One loan. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.LOAN, loan_id)
    if row is None:
        raise NotFound
    return out(Loan.of(row))


async def loans(tx: Tx, state: LoanState | None, given: str | None, limit: int) -> Page[LoanOut]:
    """Loans, the oldest first; a supplier's own, whichever hospital they are for."""
    rows = await tx.fetch(queries.LIST, state, after(given), limit + 1)
    found = [Loan.of(row) for row in rows[:limit]]
    more = cursor.encode(found[-1].id) if len(rows) > limit else None
    return Page[LoanOut](items=[out(loan) for loan in found], next_cursor=more)


async def _count_in(tx: Tx, loan: Loan, body: LoanCount) -> Loan:
    if loan.state != "announced":
        raise WrongState(state=loan.state, allowed=["announced"])
    ifu_ref = body.ifu_ref or loan.ifu_ref
    if ifu_ref is None:
        raise IfuMissing
    counted: list[dict[str, object]] = [line.model_dump() for line in body.lines]
    made = await make_set(tx, loan, body, ifu_ref)
    if differs(loan.lines, counted):
        await _issue(tx, loan, "loan_short" if missing(loan.lines, counted) else "loan_differs")
    washes = (await group(tx, loan.group_id)).parameters.loan_washes
    there = replace(loan, state="counted_in", counted_in=counted, set_id=made.id, ifu_ref=ifu_ref, washes_needed=washes)
    return await become(tx, loan, there)


async def _count_out(tx: Tx, loan: Loan, body: LoanCount) -> Loan:
    if loan.state not in COUNTS_OUT:
        raise WrongState(state=loan.state, allowed=[*COUNTS_OUT])
    counted: list[dict[str, object]] = [line.model_dump() for line in body.lines]
    assert loan.counted_in is not None
    if differs(loan.counted_in, counted):
        await _issue(tx, loan, "loan_out_differs")
        return await become(tx, loan, replace(loan, state="counted_out", counted_out=counted))
    await leave(tx, loan)
    loan = await become(tx, loan, replace(loan, state="counted_out", counted_out=counted))
    return await become(tx, loan, replace(loan, state="closed"))


async def become(tx: Tx, before: Loan, loan: Loan) -> Loan:
    """A loan goes on; its hospital is told, and by `following` its supplier."""
    loan = await change(tx, before, loan, f"loan.{loan.state}")
    tell(tx, loan, loan.organisation_id)
    return loan


def tell(tx: Tx, loan: Loan, organisation_id: UUID) -> None:
    """The event of a loan as it stands, to one party."""
    tx.emit(
        LoanChanged(loan_id=loan.id, supplier_id=loan.supplier_id, state=loan.state, at=tx.now, version=loan.version),
        organisation_id,
    )


async def _issue(tx: Tx, loan: Loan, kind: str, words: str | None = None) -> None:
    about = About("loan", loan.id, loan.organisation_id, loan.group_id)
    await open_issue(tx, about, kind, "major", words=words)


def out(loan: Loan) -> LoanOut:
    """As it travels."""
    own = {
        name: getattr(loan, name)
        for name in LoanOut.model_fields
        if name not in ("lines", "counted_in", "counted_out", "missing_in", "missing_out")
    }
    return LoanOut(
        **own,
        lines=[LentOut.model_validate(line) for line in loan.lines],
        counted_in=_counted(loan.counted_in),
        counted_out=_counted(loan.counted_out),
        missing_in=missing(loan.lines, loan.counted_in) if loan.counted_in is not None else {},
        missing_out=missing(loan.counted_in or [], loan.counted_out) if loan.counted_out is not None else {},
    )


def _counted(lines: list[dict[str, object]] | None) -> list[CountedLine] | None:
    return None if lines is None else [CountedLine.model_validate(line) for line in lines]
