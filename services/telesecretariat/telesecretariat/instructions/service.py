"""Use cases of writing instructions: places for them, drafts, publication, withdrawal, who has read what."""

from datetime import datetime
from uuid import UUID

import asyncpg

from contracts.telesecretariat import InstructionPublished, InstructionWithdrawn
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, TimeInvalid, VersionStale, WrongState
from telesecretariat.instructions import domain, queries
from telesecretariat.instructions.errors import InstructionExists, ScopeUnknown, ValidityOverlap, VersionPublished
from telesecretariat.instructions.rows import instruction_out, version_out
from telesecretariat.instructions.schemas import (
    Differences,
    InstructionIn,
    InstructionOut,
    Instructions,
    LineDifference,
    PublishIn,
    Reading,
    Readings,
    VersionIn,
    VersionOut,
)
from telesecretariat.instructions.validating import locked_instruction, may_write, validator


async def instructions(tx: Tx, client_id: UUID | None, scope: str | None, scope_id: UUID | None) -> Instructions:
    """Those in reach that match, with drafts and versions that are or will be valid."""
    rows = await tx.fetch(queries.INSTRUCTIONS, client_id, scope, scope_id)
    versions: dict[UUID, list[VersionOut]] = {row["id"]: [] for row in rows}
    for row in await tx.fetch(queries.LIVING_VERSIONS, list(versions), tx.now):
        versions[row["instruction_id"]].append(version_out(row))
    return Instructions(items=[instruction_out(row, versions[row["id"]]) for row in rows])


async def read(tx: Tx, instruction_id: UUID) -> InstructionOut:
    """One instruction with every version it ever had. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.INSTRUCTION, instruction_id)
    if row is None:
        raise NotFound
    return instruction_out(row, [version_out(each) for each in await tx.fetch(queries.ALL_VERSIONS, [instruction_id])])


async def create(tx: Tx, body: InstructionIn) -> InstructionOut:
    """A place for instructions. Refused: `SCOPE_UNKNOWN`, `NOT_YOUR_SCOPE`, `INSTRUCTION_EXISTS`."""
    organisation_id = await _known_scope(tx, body)
    await may_write(tx, organisation_id, body.scope, body.scope_id)
    instruction_id, scope = new_id(), (body.client_id, body.scope, body.scope_id, body.motive)
    windows = [window.model_dump(mode="json") for window in body.windows]
    added = await tx.fetchval(queries.ADD, instruction_id, organisation_id, *scope, body.channel, windows, tx.now)
    if added is None:
        raise InstructionExists(instruction_id=str(await tx.fetchval(queries.SAME, *scope)))
    tx.audit("instruction.create", "instruction", instruction_id, organisation_id, scope=body.scope)
    return await read(tx, instruction_id)


async def _known_scope(tx: Tx, body: InstructionIn) -> UUID:
    site = body.scope_id if body.scope == "site" else None
    practitioner = body.scope_id if body.scope == "practitioner" else None
    known = await tx.fetchrow(queries.KNOWN, body.client_id, site, practitioner, body.motive)
    if known is None:
        raise NotFound
    if not (known["site"] and known["practitioner"]) or (body.scope == "client" and body.scope_id != body.client_id):
        raise ScopeUnknown(pointer="/scope_id")
    if not known["motive"]:
        raise ScopeUnknown(pointer="/motive")
    organisation_id: UUID = known["organisation_id"]
    return organisation_id


async def draft(tx: Tx, instruction_id: UUID, body: VersionIn) -> VersionOut:
    """A new draft. Refused: `NOT_YOUR_SCOPE`, `TIME_INVALID` when it would end before it begins."""
    place = await locked_instruction(tx, instruction_id)
    await may_write(tx, place["organisation_id"], place["scope"], place["scope_id"])
    version_id, author = new_id(), tx.principal.person_id
    begins, ends = _validity(body.valid_from or tx.now, body.valid_to)
    await tx.execute(queries.ADD_VERSION, version_id, instruction_id, *_content(body), begins, ends, author, tx.now)
    tx.audit("instruction.draft", "instruction_version", version_id, place["organisation_id"])
    return await _version(tx, instruction_id, version_id)


async def change(tx: Tx, instruction_id: UUID, version_id: UUID, body: VersionIn, version: int | None) -> VersionOut:
    """Changes the fields sent of a draft. Refused: `VERSION_PUBLISHED` 409, `VERSION_STALE` 412, `NOT_YOUR_SCOPE`."""
    place = await locked_instruction(tx, instruction_id)
    await may_write(tx, place["organisation_id"], place["scope"], place["scope_id"])
    known = await _version(tx, instruction_id, version_id)
    if version is not None and version != known.version:
        raise VersionStale(version=known.version, headers={"ETag": f'"{known.version}"'})
    if known.state != "draft":
        raise VersionPublished
    after = VersionIn.model_validate(
        {name: getattr(body if name in body.model_fields_set else known, name) for name in VersionIn.model_fields},
        from_attributes=True,
    )
    begins, ends = _validity(after.valid_from or tx.now, after.valid_to)
    await tx.execute(queries.CHANGE_DRAFT, version_id, *_content(after), begins, ends)
    fields = " ".join(sorted(body.model_fields_set))
    tx.audit("instruction.write", "instruction_version", version_id, place["organisation_id"], fields=fields)
    return await _version(tx, instruction_id, version_id)


def _content(body: VersionIn) -> tuple[object, ...]:
    contacts, absence = body.urgent_contacts, body.absence
    return (
        body.text,
        None if body.allowed is None else list(body.allowed),
        list(body.forbidden),
        None if contacts is None else [contact.model_dump() for contact in contacts],
        None if absence is None else absence.model_dump(mode="json"),
    )


def _validity(begins: datetime, ends: datetime | None) -> tuple[datetime, datetime | None]:
    if ends is not None and ends <= begins:
        raise TimeInvalid(pointer="/valid_to")
    return begins, ends


async def publish(tx: Tx, instruction_id: UUID, version_id: UUID, body: PublishIn) -> VersionOut:
    """Puts a draft into force, at the earliest now; its words never change again.

    Refused: `NOT_VALIDATOR` 403, `VERSION_PUBLISHED`, `VALIDITY_OVERLAP` 409 (also when two publish at once),
    `TIME_INVALID` when it would have ended already.
    """
    place = await locked_instruction(tx, instruction_id)
    by = await validator(tx, place, body.validator_id)
    known = await _version(tx, instruction_id, version_id)
    if known.state != "draft":
        raise VersionPublished
    begins, _ = _validity(max(known.valid_from, tx.now), known.valid_to)
    if body.ends_previous:
        await tx.execute(queries.END_PREVIOUS, instruction_id, begins)
    try:
        await tx.execute(queries.PUBLISH, version_id, by, tx.now, begins)
    except asyncpg.ExclusionViolationError as wrong:
        raise ValidityOverlap from wrong
    published = await _version(tx, instruction_id, version_id)
    tx.emit(_event(InstructionPublished, place, published), place["organisation_id"])
    tx.audit("instruction.publish", "instruction_version", version_id, place["organisation_id"], validator=str(by))
    return published


async def withdraw(tx: Tx, instruction_id: UUID, version_id: UUID) -> VersionOut:
    """Takes a version out of force now; again: the same. Refused: `NOT_YOUR_SCOPE`, `WRONG_STATE` for a draft."""
    place = await locked_instruction(tx, instruction_id)
    await may_write(tx, place["organisation_id"], place["scope"], place["scope_id"])
    known = await _version(tx, instruction_id, version_id)
    if known.state == "draft":
        raise WrongState(state="draft", allowed=["publish"])
    if known.state == "withdrawn":
        return known
    await tx.execute(queries.WITHDRAW, version_id, tx.now)
    tx.emit(_event(InstructionWithdrawn, place, known), place["organisation_id"])
    tx.audit("instruction.withdraw", "instruction_version", version_id, place["organisation_id"])
    return await _version(tx, instruction_id, version_id)


def _event(kind: type[InstructionPublished], place: asyncpg.Record, version: VersionOut) -> InstructionPublished:
    return kind(
        version_id=version.id,
        instruction_id=version.instruction_id,
        client_id=place["client_id"],
        scope=place["scope"],
        scope_id=place["scope_id"],
        valid_from=version.valid_from,
        valid_to=version.valid_to,
    )


async def _version(tx: Tx, instruction_id: UUID, version_id: UUID) -> VersionOut:
    row = await tx.fetchrow(queries.VERSION, version_id, instruction_id)
    if row is None:
        raise NotFound
    return version_out(row)


async def differences(tx: Tx, instruction_id: UUID, before: int, after: int) -> Differences:
    """Two versions by their numbers, side by side. Refused: `NOT_FOUND`."""
    rows = [await tx.fetchrow(queries.VERSION_OF_NUMBER, instruction_id, number) for number in (before, after)]
    old, new = (version_out(row) for row in rows if row is not None) if None not in rows else (None, None)
    if old is None or new is None:
        raise NotFound
    changed = [name for name in domain.FIELDS if getattr(old, name) != getattr(new, name)]
    lines = [LineDifference(sign=sign, line=line) for sign, line in domain.line_differences(old.text, new.text)]
    return Differences(before=old, after=new, fields=changed, text=lines)


async def readings(tx: Tx, instruction_id: UUID, version_id: UUID) -> Readings:
    """The agents assigned to the client now, and when each acknowledged this version; those who have not come first."""
    place = await tx.fetchrow(queries.INSTRUCTION, instruction_id)
    if place is None:
        raise NotFound
    await _version(tx, instruction_id, version_id)
    rows = await tx.fetch(queries.READINGS, version_id, place["client_id"], tx.now)
    return Readings(items=[Reading(**row) for row in rows])
