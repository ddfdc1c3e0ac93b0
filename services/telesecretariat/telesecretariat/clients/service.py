"""Use cases of contracts and assignments: who answers for whom, from when to when."""

from datetime import timedelta
from typing import cast
from uuid import UUID

import asyncpg
from asyncpg import Record

from contracts.telesecretariat import AssignmentChanged
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, TimeInvalid
from maillage.wire import Page
from telesecretariat.clients import queries
from telesecretariat.clients.errors import ContractOverlap, RecordingRefused, ReferenceUnknown
from telesecretariat.clients.parameters import Retention
from telesecretariat.clients.schemas import (
    AssignmentIn,
    AssignmentOut,
    AssignmentPatch,
    ClientIn,
    ClientOut,
    ClientPatch,
)
from telesecretariat.keeping import after, centre_of, merged, page, paged, present, wire


async def clients(tx: Tx, given: str | None, limit: int) -> Page[ClientOut]:
    """The contracts that the caller reaches, also past ones."""
    rows = await queries.clients(tx, after(given), limit + 1)
    shown = rows[:limit]
    return page(ClientOut, [_client(row) for row in rows], limit, shown[-1]["id"] if shown else None)


async def client(tx: Tx, client_id: UUID) -> ClientOut:
    """One contract."""
    return _client(await queries.client(tx, client_id))


async def add_client(tx: Tx, body: ClientIn) -> ClientOut:
    """A new contract of a centre within the caller's reach. Refused: `CONTRACT_OVERLAP`, `REFERENCE_UNKNOWN`."""
    if tx.principal.orgs is not None and body.organisation_id not in tx.principal.orgs:
        raise ReferenceUnknown(pointer="/organisation_id")
    if tx.principal.kind == "professional" and tx.principal.org not in (body.organisation_id, body.provider_id):
        raise ReferenceUnknown(pointer="/provider_id")
    try:
        made = await queries.add_client(tx, body)
    except asyncpg.ExclusionViolationError as wrong:
        raise ContractOverlap from wrong
    tx.audit("client.create", "client", made, body.organisation_id, provider_id=str(body.provider_id))
    return await client(tx, made)


async def change_client(tx: Tx, client_id: UUID, body: ClientPatch, if_match: int | None) -> ClientOut:
    """What changes of a contract. Refused: `VERSION_STALE`, `TIME_INVALID`, `RECORDING_REFUSED`."""
    old = present(await queries.client(tx, client_id, lock=True), if_match)
    ends = body.valid_to if "valid_to" in body.model_fields_set else old["valid_to"]
    if ends is not None and ends <= old["valid_from"]:
        raise TimeInvalid(pointer="/valid_to")
    if body.recording_declared and await queries.lines_that_do_not_tell(tx, client_id):
        raise RecordingRefused(pointer="/recording_declared")
    values = merged(old, body, queries.CLIENT_SET)
    try:
        await queries.change_client(tx, client_id, ends, values)
    except asyncpg.ExclusionViolationError as wrong:
        raise ContractOverlap from wrong
    tx.audit(
        "client.change", "client", client_id, old["organisation_id"], fields=",".join(sorted(body.model_fields_set))
    )
    return await client(tx, client_id)


def _client(row: Record | None) -> ClientOut:
    if row is None:
        raise NotFound
    fields = {name: row[name] for name in ClientOut.model_fields if name != "retention"}
    return ClientOut(**fields, retention=Retention.model_validate(row["retention"]))


async def assignments(
    tx: Tx, client_id: UUID | None, agent_id: UUID | None, given: str | None, limit: int
) -> Page[AssignmentOut]:
    """Who answers for whom, also past ones."""
    return paged(AssignmentOut, await queries.assignments(tx, client_id, agent_id, after(given), limit + 1), limit)


async def add_assignment(tx: Tx, body: AssignmentIn) -> AssignmentOut:
    """An agent answers for a client. Refused: `REFERENCE_UNKNOWN`, `CONTRACT_OVERLAP`, `TIME_INVALID`."""
    centre = await centre_of(tx, body.client_id)
    if not await queries.agent_known(tx, body.agent_id, body.client_id):
        raise ReferenceUnknown(pointer="/agent_id")
    begins = body.valid_from or tx.now
    if body.valid_to is not None and body.valid_to <= begins:
        raise TimeInvalid(pointer="/valid_to")
    during = asyncpg.Range(begins, body.valid_to)
    made = new_id()
    try:
        await queries.add_assignment(tx, centre, body.client_id, body.agent_id, during, made)
    except asyncpg.ExclusionViolationError as wrong:
        raise ContractOverlap from wrong
    return await _told(tx, made, "assignment.create")


async def change_assignment(tx: Tx, assignment_id: UUID, body: AssignmentPatch, if_match: int | None) -> AssignmentOut:
    """Ends an assignment, now at the earliest: what was seen was seen. Refused: `VERSION_STALE`; `TIME_INVALID` when it
    is over."""
    old = present(await queries.assignment(tx, assignment_id, lock=True), if_match)
    if old["valid_to"] is not None and old["valid_to"] <= tx.now:
        raise TimeInvalid(pointer="/valid_to")
    # One that has not begun is kept for an instant without length, so that it stays in the list.
    ends = max(body.valid_to, tx.now, old["valid_from"] + timedelta(microseconds=1))
    during = asyncpg.Range(old["valid_from"], ends)
    try:
        await queries.end_assignment(tx, assignment_id, during)
    except asyncpg.ExclusionViolationError as wrong:
        raise ContractOverlap from wrong
    return await _told(tx, assignment_id, "assignment.change")


async def _told(tx: Tx, assignment_id: UUID, action: str) -> AssignmentOut:
    """Audit and event of an assignment just written: the gateway shows live events by it."""
    row = cast(Record, await queries.assignment(tx, assignment_id))
    out = wire(AssignmentOut, row)
    tx.audit(action, "agent_assignment", out.id, row["organisation_id"], agent_id=str(out.agent_id))
    event = AssignmentChanged(
        assignment_id=out.id,
        agent_id=out.agent_id,
        client_id=out.client_id,
        valid_from=out.valid_from,
        valid_to=out.valid_to,
        version=out.version,
    )
    tx.emit(event, row["organisation_id"])
    return out
