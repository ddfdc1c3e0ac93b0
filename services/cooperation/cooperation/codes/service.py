"""Use cases of codes: what stands behind one."""

from uuid import UUID

from cooperation.blocks.looking import Block, blocks_of, blocks_of_things
from cooperation.codes import queries
from cooperation.codes.domain import Code, CodeRefused, read
from cooperation.codes.errors import UnknownCode, refusal
from cooperation.codes.schemas import CodeOut, PlaceOut
from cooperation.custody.moving import where
from cooperation.members.parameters import group
from cooperation.runs.rows import InstrumentSet, Run
from cooperation.scans.schemas import BlockOut
from maillage.database import Tx


async def look_up(tx: Tx, text: str) -> CodeOut:
    """The object that was read, where it is, and what forbids to touch it. Refused: `UNKNOWN_CODE`, also for what is
    another's; 422 with the code of `codes/errors.py` when it could not be read."""
    try:
        code = read(text)
    except CodeRefused as refused:
        raise refusal(refused) from None
    if code.kind == "pack":
        row = await tx.fetchrow(queries.RUN, code.key)
        if row is not None:
            return await _pack(tx, code, Run.of(row))
    elif (row := await tx.fetchrow(queries.SET, code.uri)) is not None:
        return await _set(tx, code, InstrumentSet.of(row))
    elif code.kind != "badge":
        return await _other(tx, code)
    raise UnknownCode


async def _pack(tx: Tx, code: Code, run: Run) -> CodeOut:
    """Where the pack is, while its run lives; once it ended, its set is elsewhere on its next turn."""
    place = await _where(tx, run.set_id) if run.live else []
    return await _of_run(tx, run, CodeOut(
        kind="run", id=run.id, uri=code.uri, owner_id=run.organisation_id, set_id=run.set_id, place=place,
    ))  # fmt: skip


async def _set(tx: Tx, code: Code, of: InstrumentSet) -> CodeOut:
    row = await tx.fetchrow(queries.LIVE, of.id)
    found = CodeOut(
        kind="set", id=of.id, uri=code.uri, owner_id=of.organisation_id, set_id=of.id, place=await _where(tx, of.id)
    )
    if row is not None:
        return await _of_run(tx, Run.of(row), found)
    return found.model_copy(update={"blocks": told(await blocks_of_things(tx, [of.id]))})


async def _of_run(tx: Tx, run: Run, found: CodeOut) -> CodeOut:
    today = (await group(tx, run.group_id)).day(tx.now)
    blocks = told(await blocks_of(tx, [run], today))
    days = {"sterile_on": run.sterile_on, "expires_on": run.expires_on}
    return found.model_copy(update={"run_id": run.id, "stage": run.stage, "blocks": blocks} | days)


async def _other(tx: Tx, code: Code) -> CodeOut:
    of_place = code.key if code.kind == "station_place" else None
    row = await tx.fetchrow(queries.OTHER, code.uri, of_place)
    if row is None:
        raise UnknownCode
    place = [] if row["kind"] == "place" else await _where(tx, row["id"])
    blocks = told(await blocks_of_things(tx, [row["id"]]))
    who = row["organisation_id"]
    return CodeOut(kind=row["kind"], id=row["id"], uri=code.uri, owner_id=who, place=place, blocks=blocks)


async def _where(tx: Tx, thing_id: UUID) -> list[PlaceOut]:
    return [PlaceOut(id=at.id, kind=at.kind, name=at.name, site_id=at.site_id) for at in await where(tx, thing_id)]


def told(blocks: list[Block]) -> list[BlockOut]:
    """Blocks as they are told."""
    return [BlockOut(code=block.code, kind=block.kind, cause_id=block.cause_id) for block in blocks]
