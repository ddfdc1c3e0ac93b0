"""Use cases of shared orders: made ready, with lots and in crates; checked by another person."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from asyncpg import Record

from cooperation.custody.moving import Subject, move, where
from cooperation.orders.changing import Held, become, held, shown
from cooperation.orders.errors import LinesMissing, LotMissing, SamePersonChecks
from cooperation.orders.rows import Line
from cooperation.orders.schemas import OrderOut, Preparing
from cooperation.trace.recording import change, change_many
from cooperation.transport import crates
from cooperation.transport import queries as places
from cooperation.transport.errors import WrongPlace
from cooperation.transport.finding import crate_id
from cooperation.transport.rows import Crate
from maillage.database import Tx


async def prepare(tx: Tx, order_id: UUID, body: Preparing) -> OrderOut:
    """Each line made ready. A flow with a double check stays `accepted` until another person checks; until then it may
    be prepared again. Refused: `WRONG_STATE`, `NOT_ALLOWED`, `LINES_MISSING`, `LOT_MISSING`, and what a crate refuses:
    `CRATE_SEALED`, `CRATE_DIRTY`, `MIXED_CLEANLINESS`, `INCOMPATIBLE_FLOWS`, `UNKNOWN_CODE`."""
    wanted = {
        line.line_id: await crate_id(tx, line.crate, f"/lines/{number}/crate")
        for number, line in enumerate(body.lines)
        if line.crate is not None
    }
    chosen = {crate.id: crate for crate in await crates.all_locked(tx, sorted(set(wanted.values())))}
    found = await held(tx, order_id, "prepare")
    given = {line.line_id: line for line in body.lines}
    _refuse_other_lines(found, [line.line_id for line in body.lines])
    for number, each in enumerate(body.lines):
        if found.flow["lots"] and each.quantity and each.lot is None:
            raise LotMissing(pointer=f"/lines/{number}/lot")
    after = [
        (line, replace(line, prepared=given[line.id].quantity, lot=given[line.id].lot)) for line in found.lines.values()
    ]
    lines = await change_many(tx, after, "order_line.prepared")
    await _crate(tx, found.flow, lines, wanted, chosen)
    state = "accepted" if found.flow["double_check"] else "prepared"
    order = replace(found.order, prepared_by=tx.principal.sub, checked_by=None, crate_ids=sorted(chosen))
    if state == "prepared":
        return await become(tx, found.order, replace(order, state="prepared"), found.flow)
    await change(tx, found.order, order, "order.made_ready")
    return await shown(tx, order_id)


async def check(tx: Tx, order_id: UUID) -> OrderOut:
    """Another person than who prepared has checked items, lots and quantities. Refused: `SAME_PERSON`, `WRONG_STATE`,
    `NOT_ALLOWED`, `LINES_MISSING` when nothing is prepared."""
    found = await held(tx, order_id, "check")
    if found.order.prepared_by is None:
        raise LinesMissing(line_ids=[str(line_id) for line_id in found.lines])
    if found.order.prepared_by == tx.principal.sub:
        raise SamePersonChecks
    after = replace(found.order, state="prepared", checked_by=tx.principal.sub)
    return await become(tx, found.order, after, found.flow)


def _refuse_other_lines(found: Held, given: Sequence[UUID]) -> None:
    """Refused: `LINES_MISSING` unless each line is there once."""
    if len(given) != len(set(given)) or set(given) != set(found.lines):
        raise LinesMissing(line_ids=[str(line_id) for line_id in sorted(set(found.lines) ^ set(given))])


async def _crate(
    tx: Tx, flow: Record, lines: Sequence[Line], wanted: dict[UUID, UUID], chosen: dict[UUID, Crate]
) -> None:
    """Lines go into their crates as parcels, all of a crate after one look at it."""
    for crate in chosen.values():
        await _refuse_elsewhere(tx, flow, lines[0], crate)
    for line in lines:
        if line.id not in wanted:
            await _left_out(tx, line)
        else:
            crate = chosen[wanted[line.id]]
            chosen[crate.id] = await crates.fill(tx, crate, flow["cleanliness"], flow["code"], tx.now)
            await move(tx, Subject("parcel", line.id, line.organisation_id, line.group_id), crate.id, tx.now)


async def _refuse_elsewhere(tx: Tx, flow: Record, line: Line, crate: Crate) -> None:
    """The crate is filled where the goods are: at the group, or at the member for a flow from it."""
    side = line.group_id if flow["direction"] == "to_member" else line.organisation_id
    stands = await where(tx, crate.id)
    owner = await tx.fetchval(places.OWNER_OF_PLACE, stands[0].id) if stands else None
    if owner != side or stands[0].site_id is None:
        raise WrongPlace(crate_ids=[str(crate.id)])


async def _left_out(tx: Tx, line: Line) -> None:
    """Prepared again, without the crate that it was in: it stays in the room."""
    stands = await where(tx, line.id)
    if stands and stands[0].kind == "crate":
        await move(tx, Subject("parcel", line.id, line.organisation_id, line.group_id), stands[-1].id, tx.now)
