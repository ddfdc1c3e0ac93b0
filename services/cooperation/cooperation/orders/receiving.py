"""Use cases of shared orders: received line by line, what came too warm decided by the pharmacist."""

from dataclasses import replace
from uuid import UUID

from cooperation.custody.moving import Subject, move, stay_of
from cooperation.issues.opening import Subject as About
from cooperation.issues.opening import open_issue
from cooperation.orders import domain, queries
from cooperation.orders.changing import Held, become, held, shown
from cooperation.orders.errors import LinesMissing, TemperatureMissing
from cooperation.orders.rows import Line
from cooperation.orders.schemas import Deciding, OrderOut, ReceivedLine, Receiving
from cooperation.recalls.errors import RoleRequired
from cooperation.trace.recording import change, change_many
from cooperation.transport import crates
from cooperation.transport.errors import CrateSealed
from cooperation.transport.finding import place, reached
from maillage.database import Tx
from maillage.refusals import Invalid, NotFound, WrongState

PHARMACIST = "sterilisation_releaser"


async def receive(tx: Tx, order_id: UUID, body: Receiving) -> OrderOut:
    """Each line counted where it arrives. Another number than prepared: accepted, with an issue; a temperature out of
    range blocks the line, with an issue. Refused: `WRONG_STATE`, `NOT_ALLOWED`, `LINES_MISSING`, `TEMPERATURE_MISSING`,
    `CRATE_SEALED`; `INVALID` without a place for goods out of crates, `NOT_FOUND` for a place that is not the
    caller's."""
    chosen = {crate.id: crate for crate in await crates.all_locked(tx, await _crates_of(tx, order_id))}
    found = await held(tx, order_id, "receive")
    given = {line.line_id: line for line in body.lines}
    _refuse_incomplete(found, body)
    if any(crate.seal is not None for crate in chosen.values()):
        raise CrateSealed
    after = [(line, _received(found, line, given[line.id])) for line in found.lines.values()]
    lines = await change_many(tx, after, "order_line.received")
    for line in lines:
        await _unpack(tx, line, body.place_id)
        await _report(tx, line)
    for crate in chosen.values():
        await crates.emptied(tx, crate, tx.now)
    return await become(tx, found.order, replace(found.order, state="received"), found.flow)


async def decide(tx: Tx, line_id: UUID, body: Deciding) -> OrderOut:
    """The pharmacist accepts or destroys a line that came too cold or too warm. Refused: `ROLE_REQUIRED`,
    `WRONG_STATE` for a line that is not blocked."""
    if tx.principal.role != PHARMACIST:
        raise RoleRequired(roles=[PHARMACIST])
    order_id = await tx.fetchval(queries.ORDER_OF_LINE, line_id)
    if not isinstance(order_id, UUID):
        raise NotFound
    await tx.fetchrow(queries.LOCK, order_id)
    row = await tx.fetchrow(queries.LOCK_LINE, line_id)
    assert row is not None
    line = Line.of(row)
    if not line.blocked:
        raise WrongState
    destroyed = body.outcome == "destroy"
    after = replace(line, blocked=False, received=0 if destroyed else line.received, decided_why=body.reason)
    await change(tx, line, after, "order_line.destroyed" if destroyed else "order_line.accepted")
    return await shown(tx, order_id)


async def _crates_of(tx: Tx, order_id: UUID) -> list[UUID]:
    row = await tx.fetchrow(queries.ORDER, order_id)
    if row is None:
        raise NotFound
    return list(row["crate_ids"])


def _refuse_incomplete(found: Held, body: Receiving) -> None:
    given = [line.line_id for line in body.lines]
    if len(given) != len(set(given)) or set(given) != set(found.lines):
        raise LinesMissing(line_ids=[str(line_id) for line_id in sorted(set(found.lines) ^ set(given))])
    ranged = found.flow["least_c"] is not None or found.flow["most_c"] is not None
    for number, line in enumerate(body.lines):
        if ranged and line.quantity and line.temperature_c is None:
            raise TemperatureMissing(pointer=f"/lines/{number}/temperature_c")


def _received(found: Held, line: Line, given: ReceivedLine) -> Line:
    blocked = given.temperature_c is not None and domain.out_of_range(
        given.temperature_c, found.flow["least_c"], found.flow["most_c"]
    )
    return replace(line, received=given.quantity, temperature_c=given.temperature_c, blocked=blocked)


async def _unpack(tx: Tx, line: Line, place_id: UUID | None) -> None:
    """Out of its crate, into the place named; what travelled without a crate has no place of its own."""
    if await stay_of(tx, line.id) is None:
        return
    if place_id is None:
        raise Invalid(pointer="/place_id")
    if not reached(tx, (await place(tx, place_id))["organisation_id"]):
        raise NotFound
    await move(tx, Subject("parcel", line.id, line.organisation_id, line.group_id), place_id, tx.now)


async def _report(tx: Tx, line: Line) -> None:
    about = About("order_line", line.id, line.organisation_id, line.group_id)
    if line.received != line.prepared:
        await open_issue(tx, about, "quantity_differs", "minor")
    if line.blocked:
        await open_issue(tx, about, "temperature_out_of_range", "major")
