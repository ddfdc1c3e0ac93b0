"""Use cases of a programme file: stored, or rehearsed in a transaction that is never committed."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from cooperation.demand import queries
from cooperation.demand.errors import OperationDone, ProgrammeRefused
from cooperation.demand.importing import Fault, Hospital, Programme, read
from cooperation.demand.reckoning import reckon
from cooperation.demand.schemas import LineFault, ProgrammeImportOut
from cooperation.demand.service import Planned, Stored, known_compositions, named, store
from cooperation.members.errors import ReferenceUnknown
from cooperation.members.parameters import own_group
from maillage.database import Tx
from maillage.refusals import refusal_of
from maillage.words import Language, Words

SENTENCES = {
    "ENCODING": Words("Enregistrez le fichier en « CSV UTF-8 ».", "Save the file as “CSV UTF-8”."),
    "QUOTES": Words("Un guillemet n'est pas fermé.", "A quotation mark is not closed."),
    "TOO_MANY_LINES": Words("Au plus 5 000 lignes : partagez le fichier.", "At most 5,000 lines: split the file."),
    "TOO_MANY_ITEMS": Words("Au plus 50 compositions par intervention.", "At most 50 compositions for one operation."),
    "COLUMN_MISSING": Words("Cette colonne est obligatoire.", "This column is required."),
    "COLUMN_UNKNOWN": Words("Le titre de cette colonne est inconnu.", "The title of this column is unknown."),
    "CELL_UNREADABLE": Words("Cette cellule n'a pas la forme attendue.", "This cell does not have the form expected."),
    "LINES_DIFFER": Words(
        "Les lignes d'une même intervention doivent avoir mêmes site, salle, date et heure.",
        "The lines of one operation must have the same site, theatre, date and time.",
    ),
    "LINE_TWICE": Words("Cette composition est déjà citée.", "This composition is named already."),
    "OPERATION_DONE": OperationDone.detail,
}


class Rehearsed(Exception):
    """Ends a dry run: nothing is committed."""

    def __init__(self, out: ProgrammeImportOut) -> None:
        super().__init__()
        self.out = out


async def import_programme(tx: Tx, data: bytes, language: Language) -> ProgrammeImportOut:
    """Every operation of the file, or none. Refused: `IMPORT_REFUSED` with every faulty line."""
    out = await _import(tx, data, language, dry_run=False)
    if out.faults:
        raise ProgrammeRefused(lines=[fault.model_dump() for fault in out.faults])
    return out


async def rehearse_programme(tx: Tx, data: bytes, language: Language) -> ProgrammeImportOut:
    """Does it all, then raises `Rehearsed`, which rolls it back."""
    raise Rehearsed(await _import(tx, data, language, dry_run=True))


async def _import(tx: Tx, data: bytes, language: Language, *, dry_run: bool) -> ProgrammeImportOut:
    about = await own_group(tx)
    orgs = tx.principal.orgs
    sites = await tx.fetch(queries.HOSPITAL_SITES, about.id, None if orgs is None else list(orgs))
    owners = {row["id"]: row["organisation_id"] for row in sites}
    by_name = {str(row["id"]): row["id"] for row in sites} | {row["gln"]: row["id"] for row in sites if row["gln"]}
    programme = read(data, Hospital(about.zone, by_name, sites[0]["id"] if len(sites) == 1 else None))
    touched = sorted({owners[body.site_id] for _, body in programme.operations.values()})
    counts: Counter[Stored] = Counter()
    for owner_id in touched:
        await tx.execute(queries.ALONE, owner_id)
        counts += await _store_of(tx, owner_id, about.id, programme, owners)
    if not programme.faults and not dry_run:
        for owner_id in touched:
            await reckon(tx, owner_id, about.id)
    return _out(programme, counts, language, dry_run=dry_run)


async def _store_of(
    tx: Tx, owner_id: UUID, group_id: UUID, programme: Programme, owners: Mapping[UUID, UUID]
) -> "Counter[Stored]":
    """Stores the operations of one hospital; what is refused is a fault of its line."""
    own = {ref: each for ref, each in sorted(programme.operations.items()) if owners[each[1].site_id] == owner_id}
    names = {item.composition for _, body in own.values() for item in body.items}
    known = await known_compositions(tx, owner_id, sorted(names))
    counts: Counter[Stored] = Counter()
    for ref, (lines, body) in own.items():
        try:
            counts[await store(tx, Planned(owner_id, group_id, ref, body, named(known, body.items)))] += 1
        except (ReferenceUnknown, OperationDone) as refused:
            place = refused.errors[0].pointer.split("/")[2] if refused.errors else "0"
            column = "composition" if refused.errors else "operation_ref"
            programme.faults.append(Fault(lines[int(place)], column, refused.code))
    return counts


def _out(programme: Programme, counts: "Counter[Stored]", language: Language, *, dry_run: bool) -> ProgrammeImportOut:
    return ProgrammeImportOut(
        dry_run=dry_run,
        lines=programme.lines,
        operations=len(programme.operations),
        created=counts["created"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        faults=[
            LineFault(line=each.line, column=each.column, code=each.code, detail=_sentence(each.code).in_(language))
            for each in sorted(programme.faults, key=lambda fault: (fault.line, fault.column or ""))
        ],
    )


def _sentence(code: str) -> Words:
    refusal = refusal_of(code)
    return SENTENCES.get(code) or (refusal.detail if refusal else ProgrammeRefused.detail)
