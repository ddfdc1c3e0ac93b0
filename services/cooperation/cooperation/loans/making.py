"""A lent set enters the plant: its composition from what was counted, its set, its first run."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cooperation.loans import queries
from cooperation.loans.domain import quantities
from cooperation.loans.rows import Loan
from cooperation.loans.schemas import LoanCount
from cooperation.members.errors import ReferenceUnknown
from cooperation.runs.changing import open_run
from cooperation.runs.rows import InstrumentSet
from cooperation.sets.service import put
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Invalid


@dataclass(frozen=True, slots=True)
class Programmes:
    """How it is washed and sterilised, by code."""

    washing: str
    sterilising: str


async def make_set(tx: Tx, loan: Loan, body: LoanCount, ifu_ref: str) -> InstrumentSet:
    """A temporary set of what is there, `received` at the plant. Refused: `REFERENCE_UNKNOWN` for a programme or place,
    `TAG_TAKEN`, `INVALID` without a mark or when nothing was counted."""
    there = quantities([line.model_dump() for line in body.lines])
    if body.tag is None or not there:
        raise Invalid(pointer="/tag" if body.tag is None else "/lines")
    programmes = await _programmes(tx, loan, body)
    place_id = body.place_id or await tx.fetchval(queries.PLACE_AT_PLANT, loan.group_id, "reception")
    if not isinstance(place_id, UUID):
        raise ReferenceUnknown(pointer="/place_id")
    models = await _models(tx, loan, there, programmes, ifu_ref)
    composition_id, version_id = await _composition(tx, loan, there, models, programmes)
    made = InstrumentSet(
        id=new_id(),
        organisation_id=loan.organisation_id,
        created_at=tx.now,
        group_id=loan.group_id,
        name=f"Prêt {loan.reference}",
        tag=body.tag,
        composition_id=composition_id,
        composition_version_id=version_id,
        temporary=True,
    )
    await put(tx, made, place_id)
    await open_run(tx, made, "received", "run.received", tx.now, facts={"loan_id": loan.id})
    return made


async def _programmes(tx: Tx, loan: Loan, body: LoanCount) -> Programmes:
    rows = await tx.fetch(queries.PROGRAMMES, loan.group_id, tx.now, body.wash_programme, body.programme)
    by_kind = {("washing" if row["kind"] == "washing" else "other"): row["code"] for row in rows}
    if "washing" not in by_kind:
        raise ReferenceUnknown(pointer="/wash_programme")
    if "other" not in by_kind:
        raise ReferenceUnknown(pointer="/programme")
    return Programmes(by_kind["washing"], by_kind["other"])


async def _models(
    tx: Tx, loan: Loan, there: Mapping[str, int], programmes: Programmes, ifu_ref: str
) -> dict[str, UUID]:
    """The model of each reference: the plant's own row for this supplier's article, made when it is new."""
    alias = {reference: f"{loan.supplier_id.hex[-8:]}/{reference}" for reference in there}
    allowed = [programmes.washing, programmes.sterilising]
    known = {row["alias"]: row["id"] for row in await tx.fetch(queries.MODELS, loan.group_id, list(alias.values()))}
    await tx.execute(queries.ALLOW, list(known.values()), allowed)
    for name in alias.values():
        if name not in known:
            known[name] = new_id()
            await tx.execute(queries.ADD_MODEL, known[name], loan.group_id, name, allowed, ifu_ref, tx.now)
            tx.audit("instrument_model.add", "instrument_model", known[name], loan.group_id, loan=str(loan.id))
    return {reference: known[name] for reference, name in alias.items()}


async def _composition(
    tx: Tx, loan: Loan, there: Mapping[str, int], models: Mapping[str, UUID], programmes: Programmes
) -> tuple[UUID, UUID]:
    composition_id, version_id, owner_id = new_id(), new_id(), loan.organisation_id
    code = f"PRET-{loan.id.hex[-12:]}"
    packagings = [row["id"] for row in await tx.fetch(queries.PACKAGINGS, loan.group_id)]
    if not packagings:
        raise ReferenceUnknown(pointer="/tag")
    await tx.execute(
        queries.ADD_COMPOSITION, composition_id, owner_id, loan.group_id, code, f"Prêt {loan.reference}", tx.now
    )
    await tx.execute(
        queries.ADD_VERSION, version_id, owner_id, composition_id, programmes.washing, programmes.sterilising,
        packagings, tx.now,
    )  # fmt: skip
    for position, (reference, quantity) in enumerate(sorted(there.items()), start=1):
        await tx.execute(queries.ADD_LINE, new_id(), owner_id, version_id, position, models[reference], quantity)
    await tx.execute(queries.ADOPT, version_id, tx.principal.person_id, tx.now)
    tx.audit("composition.adopt", "composition_version", version_id, owner_id, loan=str(loan.id))
    return composition_id, version_id
