"""Use cases of the set-up of lines."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from asyncpg import Record

from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound
from maillage.wire import Page
from telesecretariat.clients.errors import ReferenceUnknown
from telesecretariat.keeping import after, centre_of, merged, paged, present, wire
from telesecretariat.lines import queries
from telesecretariat.lines.errors import LineHasCalls, NumberInUse
from telesecretariat.lines.parameters import OverflowRule
from telesecretariat.lines.schemas import LineIn, LineOut, LinePatch
from telesecretariat.telephony.capable import dialable

_FIXED_UNDER_CALLS = ("number", "adapter_id", "mode", "active")


async def lines(tx: Tx, given: str | None, limit: int) -> Page[LineOut]:
    """The lines that the caller reaches, also those switched off."""
    return paged(LineOut, await queries.lines(tx, after(given), limit + 1), limit)


async def line(tx: Tx, line_id: UUID) -> LineOut:
    """One line, with its parameters."""
    return wire(LineOut, await queries.line(tx, line_id))


async def add_line(tx: Tx, body: LineIn) -> LineOut:
    """A new line of a client. Refused: `NUMBER_IN_USE`, `NUMBER_NOT_ALLOWED`, `REFERENCE_UNKNOWN`."""
    centre = await centre_of(tx, body.client_id)
    _dialled(body.overflow_rules)
    await _usable(tx, centre, body.calendar_id, body.adapter_id)
    given = body.model_dump(mode="json") | {"active": True}
    # Parameters are stored where they differ from their defaults.
    for name in ("head_starts", "callback_policy"):
        given[name] = getattr(body, name).model_dump(mode="json", exclude_defaults=True)
    try:
        row = await queries.add(tx, new_id(), centre, body.client_id, [given[name] for name in queries.SET])
    except asyncpg.UniqueViolationError as wrong:
        raise NumberInUse(pointer="/number") from wrong
    return await _noted(tx, row, "line.create")


async def change_line(tx: Tx, line_id: UUID, body: LinePatch, if_match: int | None) -> LineOut:
    """What changes of a line. Refused: `VERSION_STALE`, `LINE_HAS_CALLS`, `NUMBER_IN_USE`, `REFERENCE_UNKNOWN`."""
    old = present(await queries.line(tx, line_id, lock=True), if_match)
    _dialled(body.overflow_rules or ())
    if any(getattr(body, name) not in (None, old[name]) for name in _FIXED_UNDER_CALLS):
        calls = await queries.live_calls(tx, line_id)
        if isinstance(calls, int) and calls > 0:
            raise LineHasCalls(calls=calls)
    if body.calendar_id is not None or body.adapter_id not in (None, old["adapter_id"]):
        adapter = body.adapter_id if body.adapter_id != old["adapter_id"] else None
        await _usable(tx, old["organisation_id"], body.calendar_id or old["calendar_id"], adapter)
    try:
        row = await queries.change(tx, line_id, merged(old, body, queries.SET))
    except asyncpg.UniqueViolationError as wrong:
        raise NumberInUse(pointer="/number") from wrong
    return await _noted(tx, row, "line.change")


def _dialled(rules: Sequence[OverflowRule]) -> None:
    """Where callers are sent is no premium number either. Refused: `NUMBER_NOT_ALLOWED`."""
    for place, rule in enumerate(rules):
        if rule.to is not None:
            dialable(rule.to, pointer=f"/overflow_rules/{place}/to")


async def _usable(tx: Tx, organisation_id: UUID, calendar_id: UUID, adapter_id: str | None) -> None:
    """A telephone system that is kept as it is may be the provider's, beyond the centre's own reach."""
    found = await queries.usable(tx, organisation_id, calendar_id, adapter_id or "")
    assert found is not None
    if not found["calendar"]:
        raise ReferenceUnknown(pointer="/calendar_id")
    if adapter_id is not None and not found["adapter"]:
        raise ReferenceUnknown(pointer="/adapter_id")


async def _noted(tx: Tx, row: Record | None, action: str) -> LineOut:
    if row is None:
        raise NotFound
    out = wire(LineOut, row)
    if sectors := list(dict.fromkeys(out.duty_sectors)):
        await queries.ask_duty(tx, out.organisation_id, sectors, [new_id() for _ in sectors])
    tx.audit(action, "line", out.id, out.organisation_id, version=out.version, active=out.active)
    return out
