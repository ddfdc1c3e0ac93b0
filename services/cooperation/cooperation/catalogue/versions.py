"""Use cases of composition versions (recettes): drafts, and their adoption by the pharmacist."""

from dataclasses import replace
from typing import cast
from uuid import UUID

from asyncpg import Record

from cooperation.catalogue import queries
from cooperation.catalogue.errors import DraftExists, ExclusiveRequired, ProgrammeNotAllowed, VersionAdopted
from cooperation.catalogue.schemas import CompositionLineOut, VersionIn, VersionOut
from cooperation.members.collections import Making, referenced
from cooperation.members.keeping import after, page, present, wire
from cooperation.members.parameters import staffed_group
from cooperation.recalls.errors import RoleRequired
from cooperation.runs.errors import SingleUse
from cooperation.runs.rows import InstrumentSet
from cooperation.trace.recording import change_many
from maillage.database import Tx
from maillage.ids import new_id
from maillage.wire import Page

PHARMACIST = "sterilisation_releaser"


async def versions(tx: Tx, composition_id: UUID, given: str | None, limit: int) -> Page[VersionOut]:
    """Versions of one composition by id; none of what is out of reach."""
    rows = await tx.fetch(queries.VERSIONS, composition_id, after(given), limit + 1)
    return page(VersionOut, await _told(tx, rows), limit, rows[:limit][-1]["id"] if rows else None)


async def version(tx: Tx, version_id: UUID) -> VersionOut:
    """One version with its lines. Refused: `NOT_FOUND`."""
    return (await _told(tx, [present(await tx.fetchrow(queries.VERSION, version_id), None)]))[0]


async def add_version(tx: Tx, composition_id: UUID, body: VersionIn) -> VersionOut:
    """The draft of the next version. Refused: `NOT_FOUND`, `DRAFT_EXISTS`, `REFERENCE_UNKNOWN`."""
    composition = present(await tx.fetchrow(queries.LOCK_COMPOSITION, composition_id), None)
    draft = await tx.fetchval(queries.DRAFT, composition_id)
    if draft is not None:
        raise DraftExists(version_id=str(draft))
    await _known(tx, body)
    made, owner = new_id(), composition["organisation_id"]
    number = cast(int, await tx.fetchval(queries.NEXT, composition_id))
    await tx.execute(queries.ADD_VERSION, made, owner, composition_id, number, *_columns(body), tx.now)
    await _lines(tx, made, owner, body)
    tx.audit("composition_version.drafted", "composition_version", made, owner, no=number)
    return await version(tx, made)


async def change_version(tx: Tx, version_id: UUID, body: VersionIn, if_match: int | None) -> VersionOut:
    """The draft is replaced whole. Refused: `NOT_FOUND`, `VERSION_STALE`, `VERSION_ADOPTED`, `REFERENCE_UNKNOWN`."""
    row = _draft(present(await tx.fetchrow(queries.LOCK_VERSION, version_id), if_match))
    await _known(tx, body)
    await tx.execute(queries.FORGET_LINES, version_id)
    await tx.execute(queries.CHANGE_VERSION, version_id, *_columns(body))
    await _lines(tx, version_id, row["organisation_id"], body)
    tx.audit("composition_version.changed", "composition_version", version_id, row["organisation_id"])
    return await version(tx, version_id)


async def adopt(tx: Tx, version_id: UUID, if_match: int | None) -> VersionOut:
    """By the pharmacist: sets of the composition take it at their next run; the version before is superseded.
    Refused: `ROLE_REQUIRED`, `NOT_FOUND`, `VERSION_STALE`, `VERSION_ADOPTED`, `EXCLUSIVE_REQUIRED`, `SINGLE_USE`,
    `PROGRAMME_NOT_ALLOWED`."""
    if tx.principal.role != PHARMACIST or tx.principal.person_id is None:
        raise RoleRequired(roles=[PHARMACIST])
    await staffed_group(tx)
    row = present(await tx.fetchrow(queries.VERSION, version_id), if_match)
    await tx.fetchrow(queries.LOCK_COMPOSITION, row["composition_id"])  # two versions are adopted one after the other
    row = _draft(present(await tx.fetchrow(queries.LOCK_VERSION, version_id), if_match))
    await _adoptable(tx, row)
    await tx.execute(queries.SUPERSEDE, row["composition_id"])
    await tx.execute(queries.ADOPT, version_id, tx.principal.person_id, tx.now)
    sets = [InstrumentSet.of(each) for each in await tx.fetch(queries.LOCK_SETS, row["composition_id"])]
    changes = [(each, replace(each, composition_version_id=version_id)) for each in sets]
    await change_many(tx, changes, "set.composition_adopted", facts={"no": row["no"]})
    tx.audit("composition_version.adopted", "composition_version", version_id, row["organisation_id"], no=row["no"])
    return await version(tx, version_id)


async def _adoptable(tx: Tx, row: Record) -> None:
    lines = await tx.fetch(queries.LINES, [row["id"]])
    if row["prion_class"] == "high" and any(line["mode"] == "free" for line in lines):
        raise ExclusiveRequired
    models = await tx.fetch(queries.MODELS, [line["model_id"] for line in lines])
    if any(model["single_use"] for model in models):
        single = {model["id"] for model in models if model["single_use"]}
        raise SingleUse(line_ids=[str(line["id"]) for line in lines if line["model_id"] in single])
    group = await staffed_group(tx)
    for name, kinds in (("wash_programme", ["washing"]), ("programme", ["steam", "low_temperature"])):
        code = row[name]
        valid = await tx.fetchval(queries.VALID, group.id, code, kinds, tx.now)
        if not valid or any(code not in model["programmes_allowed"] for model in models):
            raise ProgrammeNotAllowed(pointer=f"/{name}", programme=code)


async def _known(tx: Tx, body: VersionIn) -> None:
    """Packagings and models are the group's, and alive."""
    making = Making(tx=tx, group=await staffed_group(tx), given={}, row=None)
    await referenced(making, "packaging", "packaging_ids", *body.packaging_ids)
    await referenced(making, "instrument_model", "lines", *(line.model_id for line in body.lines))


def _draft(row: Record) -> Record:
    if row["state"] != "draft":
        raise VersionAdopted(state=row["state"])
    return row


def _columns(body: VersionIn) -> tuple[object, ...]:
    return body.wash_programme, body.programme, body.packaging_ids, body.prion_class, body.uo_category


async def _lines(tx: Tx, version_id: UUID, owner: UUID, body: VersionIn) -> None:
    await tx.executemany(
        queries.ADD_LINE,
        [
            (new_id(), owner, version_id, at, line.model_id, line.quantity, line.mode, line.critical, line.photo_ref)
            for at, line in enumerate(body.lines, start=1)
        ],
    )


async def _told(tx: Tx, rows: list[Record]) -> list[VersionOut]:
    lines = await tx.fetch(queries.LINES, [row["id"] for row in rows])
    return [
        VersionOut.model_validate(
            {name: row[name] for name in VersionOut.model_fields if name != "lines"}
            | {"lines": [wire(CompositionLineOut, line) for line in lines if line["version_id"] == row["id"]]}
        )
        for row in rows
    ]
