"""From what was scanned to the row: runs and crates by mark, label or id; whether a place is in the caller's hands."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from cooperation.codes.domain import Code, CodeRefused, read
from cooperation.codes.errors import UnknownCode, refusal
from cooperation.custody.moving import where
from cooperation.runs.changing import all_locked
from cooperation.runs.rows import Run
from cooperation.transport import queries
from cooperation.transport.crates import crate_by_tag
from maillage.database import Tx
from maillage.refusals import NotFound


async def runs_of(tx: Tx, codes: Sequence[str]) -> list[Run]:
    """The live runs behind marks of sets and labels of packs, locked in one order. Refused: `UNKNOWN_CODE` with the
    place in the list, what a code is refused for."""
    found = [await _run_id(tx, _read(text), f"/codes/{place}") for place, text in enumerate(codes)]
    return await all_locked(tx, found)


async def crate_ids(tx: Tx, codes: Sequence[str]) -> list[UUID]:
    """The crates behind marks or ids, each once. Refused: `UNKNOWN_CODE` with the place in the list."""
    found = [await crate_id(tx, text, f"/crates/{place}") for place, text in enumerate(codes)]
    return list(dict.fromkeys(found))


async def crate_id(tx: Tx, text: str, pointer: str) -> UUID:
    """The crate behind one mark or id."""
    try:
        return UUID(text)
    except ValueError:
        crate = await crate_by_tag(tx, _read(text).uri)
    if crate is None:
        raise UnknownCode(pointer=pointer)
    return crate.id


def reached(tx: Tx, organisation_id: UUID) -> bool:
    """Whether the caller acts for this organisation."""
    orgs = tx.principal.orgs
    return orgs is None or organisation_id in orgs


def ours(tx: Tx, owner_id: UUID) -> UUID:
    """Under which organisation the caller writes about a thing of `owner_id`: its own, or his."""
    if reached(tx, owner_id) or tx.principal.org is None:
        return owner_id
    return tx.principal.org


async def place(tx: Tx, place_id: UUID) -> Record:
    """A place of the group. Refused: `NOT_FOUND`."""
    row = await tx.fetchrow(queries.PLACE, place_id)
    if row is None:
        raise NotFound
    return row


async def refuse_far(tx: Tx, crate_id: UUID) -> None:
    """Refused: `NOT_FOUND` for a crate that stands at an organisation out of the caller's reach, or in its van."""
    stands = await where(tx, crate_id)
    owner = await tx.fetchval(queries.OWNER_OF_PLACE, stands[-1].id) if stands else None
    if not isinstance(owner, UUID) or not reached(tx, owner):
        raise NotFound


async def _run_id(tx: Tx, code: Code, pointer: str) -> UUID:
    if code.kind == "pack":
        found = await tx.fetchval(queries.RUN_OF_LABEL, code.key)
    else:
        found = await tx.fetchval(queries.RUN_OF_TAG, code.uri)
    if not isinstance(found, UUID):
        raise UnknownCode(pointer=pointer)
    return found


def _read(text: str) -> Code:
    try:
        return read(text)
    except CodeRefused as refused:
        raise refusal(refused) from None
