"""Use cases of identity checks. They alone write an INS. The register is asked between two transactions."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg

from appointments.directory.parameters import DocumentKind, StoredParameters
from appointments.identity import domain, queries
from appointments.identity.errors import DocumentNotAccepted, InsNotFound, InsOnOtherFile, InsTraitsDiffer
from appointments.identity.insi import Found
from appointments.identity.schemas import CheckIn, CheckOut, IdentitySheet, Outcome
from appointments.patients import queries as patients
from appointments.patients.domain import may_show_ins
from appointments.patients.service import tell
from maillage import cursor
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound, Refusal, VersionStale, WrongState
from maillage.wire import Page

_OUTCOMES: dict[str, Outcome] = {
    InsTraitsDiffer.code: "traits_differ",
    InsNotFound.code: "not_found",
    InsOnOtherFile.code: "on_other_file",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the register is asked, null when it may not be asked, and the version of the file that asks."""

    traits: domain.Traits | None
    version: int


async def sheet(tx: Tx, patient_id: UUID, after: str | None = None, limit: int = 20) -> IdentitySheet:
    """Where the identity stands, with the checks that were made, newest first, one page. Each reading is audited."""
    row = await _row(tx, queries.SHEET, patient_id)
    last = cursor.decode(after, datetime, UUID) or (None, None)
    checks = await tx.fetch(queries.CHECKS, patient_id, *last, limit + 1)
    shown = checks[:limit]
    following = cursor.encode(shown[-1]["at"], shown[-1]["id"]) if len(checks) > limit else None
    ins_shown = may_show_ins(row["identity_status"], entitled=True)
    tx.audit("patient.identity", "patient", patient_id, row["organisation_id"], ins=ins_shown)
    return IdentitySheet(
        patient_id=patient_id,
        identity_status=row["identity_status"],
        doubtful=_doubtful(row),
        ins=row["ins"] if ins_shown else None,
        ins_oid=row["ins_oid"] if ins_shown else None,
        ins_at=row["ins_at"] if ins_shown else None,
        allowed=domain.allowed(row["identity_status"], doubtful=_doubtful(row)),
        documents=_documents(row),
        checks=Page[CheckOut](items=[CheckOut(**dict(check)) for check in shown], next_cursor=following),
        version=row["version"],
    )


async def document_seen(tx: Tx, patient_id: UUID, body: CheckIn, version: int | None) -> IdentitySheet:
    """PROV becomes VALI, RECUP becomes QUAL; a doubt is lifted. Refused: `DOCUMENT_NOT_ACCEPTED`, `WRONG_STATE`."""
    row = await _locked(tx, patient_id, version)
    if body.document not in _documents(row):
        raise DocumentNotAccepted(pointer="/document", accepted=list(_documents(row)))
    status = _next(row, "document")
    await tx.execute(queries.SEEN, patient_id, status)
    await _noted(tx, row, body, status)
    return await sheet(tx, patient_id)


async def doubted(tx: Tx, patient_id: UUID, body: CheckIn, version: int | None) -> IdentitySheet:
    """Back to PROV and doubtful; an INS stays in the history of the file only."""
    row = await _locked(tx, patient_id, version)
    await tx.execute(patients.KEEP_BEFORE, patient_id, tx.principal.sub, tx.now)
    await tx.execute(queries.DOUBTED, patient_id)
    await _noted(tx, row, body, _next(row, "doubt"))
    return await sheet(tx, patient_id)


async def to_ask(tx: Tx, patient_id: UUID) -> Asked:
    """The traits for the register; none when the INS is there already, or the identity doubtful."""
    row = await _row(tx, queries.SHEET, patient_id)
    may = domain.after(row["identity_status"], "ins", doubtful=_doubtful(row)) is not None
    return Asked(_traits(row) if may else None, row["version"])


async def retrieved(tx: Tx, patient_id: UUID, body: CheckIn, version: int, found: Found | None) -> IdentitySheet:
    """PROV becomes RECUP, VALI becomes QUAL, and what our file lacked is filled in.

    Refused: `WRONG_STATE`, `INS_NOT_FOUND`, `INS_TRAITS_DIFFER`, `INS_ON_OTHER_FILE`, `VERSION_STALE` when the file is
    no longer the `version` for which the register was asked.
    """
    row = await _locked(tx, patient_id, version)
    status = _next(row, "ins")
    if found is None:
        raise InsNotFound
    traits = domain.differing(_traits(row), found.traits)
    if traits:
        raise InsTraitsDiffer(traits=list(traits))
    await _nobody_else_has(tx, row, found.ins)
    theirs = found.traits
    args = (status, found.ins, found.oid, tx.now, theirs.sex, theirs.birth_place_insee)
    await tx.execute(queries.RETRIEVED, patient_id, *args)
    await _noted(tx, row, body, status)
    return await sheet(tx, patient_id)


async def _nobody_else_has(tx: Tx, row: asyncpg.Record, ins: str) -> None:
    await tx.execute(queries.INS_IN_TURN, row["organisation_id"], ins)
    other = await tx.fetchval(queries.WITH_INS, row["organisation_id"], ins, row["id"])
    if other is not None:
        raise InsOnOtherFile(patient_id=str(other))


async def note_refused(tx: Tx, patient_id: UUID, body: CheckIn, refused: Refusal) -> None:
    """What the register answered stays in the sheet, though the refusal undid all else; one INS on two files is a pair
    for those who merge.
    """
    row = await _row(tx, queries.SHEET, patient_id)
    outcome = _OUTCOMES[refused.code]
    await _write(tx, row, body, outcome)
    other = refused.extra.get("patient_id")
    if other is not None:
        await tx.execute(queries.SAME_INS, patient_id, UUID(str(other)), row["organisation_id"], tx.now)
    tx.audit("identity.ins", "patient", patient_id, row["organisation_id"], outcome=outcome)


async def _noted(tx: Tx, row: asyncpg.Record, body: CheckIn, status: domain.Status) -> None:
    await _write(tx, row, body, "accepted")
    facts = {"document": body.document, "identity_status": status}
    tx.audit(f"identity.{body.act}", "patient", row["id"], row["organisation_id"], **facts)
    tell(tx, row)


async def _write(tx: Tx, row: asyncpg.Record, body: CheckIn, outcome: Outcome) -> None:
    await tx.execute(
        queries.NOTE,
        new_id(),
        row["organisation_id"],
        row["id"],
        body.act,
        body.document,
        outcome,
        tx.principal.sub,
        tx.now,
    )


async def _row(tx: Tx, sql: str, patient_id: UUID) -> asyncpg.Record:
    """The file, for people of the centre: whatever a partner's machine holds, it neither reads nor writes an INS."""
    if tx.principal.kind != "professional":
        raise NotAllowed
    row = await tx.fetchrow(sql, patient_id)
    if row is None:
        raise NotFound
    return row


async def _locked(tx: Tx, patient_id: UUID, version: int | None) -> asyncpg.Record:
    row = await _row(tx, queries.LOCKED, patient_id)
    if version is not None and version != row["version"]:
        raise VersionStale(version=row["version"])
    return row


def _next(row: asyncpg.Record, check: domain.Check) -> domain.Status:
    status, doubtful = cast(domain.Status, row["identity_status"]), _doubtful(row)
    following = domain.after(status, check, doubtful=doubtful)
    if following is None:
        raise WrongState(state=status, allowed=list(domain.allowed(status, doubtful=doubtful)))
    return following


def _doubtful(row: asyncpg.Record) -> bool:
    return "doubtful" in row["flags"]


def _documents(row: asyncpg.Record) -> list[DocumentKind]:
    return list(StoredParameters.model_validate(row["settings"]).identity_documents)


def _traits(row: asyncpg.Record) -> domain.Traits:
    return domain.Traits(*(row[name] for name in domain.Traits.__dataclass_fields__))
