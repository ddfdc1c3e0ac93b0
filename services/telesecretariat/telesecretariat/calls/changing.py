"""The one way in which a call changes: row, event of the call, and what others are told, in one transaction.

Lock order everywhere: the call, then agents by id.
"""

from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Final, TypedDict, Unpack
from uuid import UUID

from contracts.telesecretariat import CallArrived, CallChanged, CallCompleted, CallState
from maillage.database import Tx
from maillage.refusals import NotFound
from telesecretariat.calls import queries
from telesecretariat.calls.domain import Lengths, lengthened
from telesecretariat.calls.rows import TERMINAL, Call

_ADDED: Final = (
    "id", "organisation_id", "client_id", "line_id", "adapter_id", "direction", "observed", "arrived_at",
    "created_at", "about_call_id", *queries.MUTABLE,
)  # fmt: skip
assert {*_ADDED, "version"} == {field.name for field in fields(Call)}


class Columns(TypedDict, total=False):
    """Columns that may be set with a new state or without; lengths, versions, instants of passage are reckoned here."""

    handled_by: str
    provider_call_id: str | None
    number_sealed: bytes | None
    number_hash: bytes | None
    queued_at: datetime | None
    priority_at: datetime | None
    head_start: list[dict[str, object]]
    required_skills: list[str]
    preferred_skills: list[str]
    relax_at: datetime | None
    not_before: datetime | None
    pick: bool
    agent_id: UUID | None
    desk_id: UUID | None
    connect_deadline: datetime | None
    wrap_up_until: datetime | None
    short: bool
    returned: int
    estimate_s: int | None
    callback_offered: bool
    overflow_step: int
    repeat_caller: int
    caller_kind: str | None
    patient_id: UUID | None
    site_id: UUID | None
    practitioner_id: UUID | None
    motive: str | None
    note_sealed: bytes | None
    outcome: str | None
    outcome_by: str | None
    supervisor_told: bool
    transferred_to: str | None
    callback_id: UUID | None
    missing_since: datetime | None
    consulted_id: UUID | None


class Changes(Columns, total=False):
    """All columns that a change may set."""

    state: CallState
    ended_by: str | None


class Stale(Exception):
    """The call was changed by another since it was read without a lock: a mistake of ours."""


async def locked(tx: Tx, call_id: UUID) -> Call:
    """The call, locked until the end of the transaction. Refused: `NOT_FOUND`, also out of reach."""
    row = await tx.fetchrow(queries.LOCK, call_id)
    if row is None:
        raise NotFound
    return Call.of(row)


async def locked_of_provider(tx: Tx, adapter_id: str, provider_call_id: str) -> Call | None:
    """The call that the telephone system knows under this id, locked; None when we do not know it."""
    row = await tx.fetchrow(queries.LOCK_OF_PROVIDER, adapter_id, provider_call_id)
    return None if row is None else Call.of(row)


async def add(tx: Tx, call: Call, kind: str, facts: dict[str, object] | None = None) -> Call:
    """A new call, its first event, `call_arrived`."""
    values = asdict(call)
    await tx.execute(queries.ADD, *(values[name] for name in _ADDED), tx.now, kind, facts or {})
    tx.emit(
        CallArrived(
            call_id=call.id,
            client_id=call.client_id,
            line_id=call.line_id,
            before=None,
            state=call.state,
            cause=kind,
            agent_id=call.agent_id,
            priority_at=call.priority_at,
            version=1,
        ),
        call.organisation_id,
    )
    return call


async def happen(
    tx: Tx, call: Call, kind: str, facts: dict[str, object] | None = None, **changes: Unpack[Changes]
) -> Call:
    """Something happened to a locked call: `kind` is what, `facts` (codes and ids, no free text) stay in its timeline.

    Waiting and talking are measured here: `wait_s` at the first connection, the others each time a state is left.
    """
    after = replace(call, **changes)
    if after.state != call.state:
        if after.state != "transferring":
            after = replace(after, consulted_id=None)
        after = _passed(call, after, tx.now)
    await _write(tx, call, after, kind, facts or {})
    after = replace(after, version=call.version + 1)
    _tell(tx, call, after, kind)
    return after


def _passed(before: Call, after: Call, at: datetime) -> Call:
    known = Lengths(before.talk_s, before.hold_s, before.wrap_s)
    lengths = lengthened(known, before.state, before.state_since, at)
    answered_at, left_queue_at, ended_at, wait_s = after.answered_at, after.left_queue_at, after.ended_at, after.wait_s
    if after.state == "talking" and answered_at is None:
        answered_at = at
        wait_s = max(0.0, (at - (after.queued_at or after.arrived_at)).total_seconds())
    if before.state in ("waiting", "offered") and after.state not in ("waiting", "offered"):
        left_queue_at = at
    if after.state in TERMINAL:
        ended_at = ended_at or at
        if wait_s is None and after.queued_at is not None:
            wait_s = max(0.0, (at - after.queued_at).total_seconds())
    if after.state == "wrapping":
        ended_at = at
    return replace(
        after,
        state_since=at,
        talk_s=lengths.talk_s,
        hold_s=lengths.hold_s,
        wrap_s=lengths.wrap_s,
        answered_at=answered_at,
        left_queue_at=left_queue_at,
        ended_at=ended_at,
        wait_s=wait_s,
    )


async def _write(tx: Tx, before: Call, after: Call, kind: str, facts: dict[str, object]) -> None:
    values = (getattr(after, name) for name in queries.MUTABLE)
    version = await tx.fetchval(
        queries.CHANGE, before.id, before.version, *values, tx.now, kind, before.agent_id, facts
    )
    if version is None:
        raise Stale(str(before.id))


def _tell(tx: Tx, before: Call, after: Call, cause: str) -> None:
    tx.emit(
        CallChanged(
            call_id=after.id,
            client_id=after.client_id,
            line_id=after.line_id,
            before=before.state,
            state=after.state,
            cause=cause,
            agent_id=after.agent_id,
            priority_at=after.priority_at,
            version=after.version,
        ),
        after.organisation_id,
    )
    if after.state in TERMINAL and before.state not in TERMINAL:
        tx.emit(
            CallCompleted(
                call_id=after.id,
                client_id=after.client_id,
                line_id=after.line_id,
                state=after.state,
                outcome=after.outcome,
                agent_id=after.agent_id or before.agent_id,
                wait_s=after.wait_s,
                talk_s=after.talk_s,
                hold_s=after.hold_s,
                wrap_s=after.wrap_s,
                patient_id=after.patient_id,
                version=after.version,
            ),
            after.organisation_id,
        )
