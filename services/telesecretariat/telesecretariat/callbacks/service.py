"""Use cases of callbacks. Somebody who asks for one keeps his place in the queue: a call without a caller's leg waits
there in his stead; at its turn an agent is rung first, then the number is dialled.

Lock order: the call that waits, then the callback.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import UUID

import asyncpg

from contracts.telesecretariat import CallbackClosed, CallbackOpened, CallState
from maillage import cursor
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.refusals import Invalid, NotFound, WrongState
from maillage.wire import Page
from telesecretariat.agents import service as agents
from telesecretariat.callbacks import domain, queries
from telesecretariat.callbacks.errors import CallbackExists, CallbackNotOffered
from telesecretariat.callbacks.schemas import CallbackIn, CallbackItem, CallbackOut, CallbackState
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.creating import new_call
from telesecretariat.calls.deadlines import each_due
from telesecretariat.calls.ending import end
from telesecretariat.calls.rows import TERMINAL, Call
from telesecretariat.lines.domain import opening
from telesecretariat.lines.service import Line, line
from telesecretariat.tasks.service import open_task
from telesecretariat.telephony.capable import dialable
from telesecretariat.vault import vault

Outcome = Literal["done", "missed", "cancelled", "expired"]
# How the waiting call ends with its callback; a call that was made ends by itself.
_ENDS: dict[Outcome, CallState] = {"missed": "failed", "cancelled": "closed", "expired": "closed"}


@dataclass(frozen=True, slots=True)
class _Promise:
    """What was promised to whom: his number, his place, and what is known of him."""

    origin: Literal["queue", "agent"]
    number: str
    priority_at: datetime
    queued_at: datetime
    head_start: list[dict[str, object]]
    call_id: UUID | None
    patient_id: UUID | None


async def ask(tx: Tx, body: CallbackIn) -> CallbackOut:
    """By an agent, or for somebody who waits. Refused: `CALLBACK_EXISTS`, `CALLBACK_NOT_OFFERED`,
    `NUMBER_NOT_ALLOWED`, `INVALID` without a number to call."""
    if body.line_id is None:
        if body.call_id is None:
            raise Invalid(pointer="/call_id")
        made = await ask_from_queue(tx, await locked(tx, body.call_id), body.number)
    else:
        made = await _promised_by_agent(tx, body.line_id, body)
    row = await _row(tx, made)
    tx.audit("callback.open", "callback", made, row["organisation_id"], origin=row["origin"])
    return _out(tx, row)


async def ask_from_queue(tx: Tx, call: Call, number: str | None = None) -> UUID:
    """Who waits in the queue leaves it and keeps his place; his locked call ends `callback_requested`. The id of the
    callback; asked again about the same call, the same. Refused: `CALLBACK_EXISTS`, `CALLBACK_NOT_OFFERED`, `INVALID`
    when his number is withheld and no other is given."""
    if call.state == "callback_requested":
        return cast(UUID, await tx.fetchval(queries.OF_CALL, call.id))
    if call.state not in ("waiting", "offered") or call.direction != "inbound" or call.observed:
        raise CallbackNotOffered
    on = await line(tx, call.line_id)
    now, policy = opening(on.calendar, tx.now), on.callback_policy
    promised = domain.may_promise(policy.from_s, call.callback_offered, call.estimate_s, now.until, tx.now)
    if not (policy.offered and now.open and promised):
        raise CallbackNotOffered
    number = number or vault(tx).open(call.number_sealed)
    if number is None:
        raise Invalid(pointer="/number")
    queued_at, priority_at = call.queued_at or tx.now, call.priority_at or tx.now
    promise = _Promise("queue", number, priority_at, queued_at, call.head_start, call.id, call.patient_id)
    made = await _open(tx, on, promise)
    await end(tx, call, "callback_requested", "callback_requested", "system", callback_id=made)
    return made


async def _promised_by_agent(tx: Tx, line_id: UUID, body: CallbackIn) -> UUID:
    if body.number is None:
        raise Invalid(pointer="/number")
    on = await line(tx, line_id)
    if not opening(on.calendar, tx.now).open:
        raise CallbackNotOffered
    if body.call_id is not None and (await locked(tx, body.call_id)).client_id != on.client_id:
        raise NotFound
    promise = _Promise("agent", body.number, tx.now, tx.now, [], body.call_id, body.patient_id)
    return await _open(tx, on, promise)


async def _open(tx: Tx, on: Line, promise: _Promise) -> UUID:
    """The callback and the call that waits for it. At most one per line and number, however many ask at once."""
    dialable(promise.number, pointer="/number")
    row = await _added(tx, on, promise)
    waits = await new_call(
        tx,
        on,
        "callback",
        promise.number,
        state="waiting",
        kind="callback_opened",
        about_call_id=promise.call_id,
        queued_at=promise.queued_at,
        priority_at=promise.priority_at,
        head_start=promise.head_start,
        relax_at=tx.now + timedelta(seconds=on.relax_after_s),
        patient_id=promise.patient_id,
        callback_id=row["id"],
    )
    await tx.execute(queries.WAITS_AS, row["id"], waits.id)
    _tell_opened(tx, row)
    made: UUID = row["id"]
    return made


async def _added(tx: Tx, on: Line, promise: _Promise) -> asyncpg.Record:
    hashed, closes = vault(tx).hash(promise.number), opening(on.calendar, tx.now).until
    row = await tx.fetchrow(
        queries.ADD,
        new_id(),
        on.organisation_id,
        on.client_id,
        on.id,
        promise.origin,
        vault(tx).seal(promise.number),
        hashed,
        promise.patient_id,
        promise.call_id,
        promise.priority_at,
        tx.now,
        min(closes, tx.now + domain.LONGEST) if closes else tx.now + domain.LONGEST,
        tx.principal.person_id if promise.origin == "agent" else None,
    )
    if row is None:
        known = await tx.fetchrow(queries.OPEN_OF, on.id, hashed)
        raise CallbackExists(callback_id=str(known["id"]) if known else None)
    return row


async def dialling(tx: Tx, call: Call) -> None:
    """The agent of this locked callback call has answered: the number is being dialled."""
    if call.callback_id is not None and call.direction == "callback":
        await tx.execute(queries.DIALLING, call.callback_id, call.agent_id)


async def reached(tx: Tx, call: Call) -> None:
    """The number of this locked callback call answered: the promise is kept."""
    if call.callback_id is not None and call.direction == "callback":
        await _closed(tx, call.callback_id, "done", attempt=True)


async def not_reached(tx: Tx, call: Call) -> Call:
    """The number of this locked callback call did not answer. It waits at its old place, not before five minutes have
    passed; after three tries, or when the line has closed meanwhile, the call ends and a task opens. Its agent is free
    again either way."""
    row = await tx.fetchrow(queries.LOCK, call.callback_id)
    if row is None or row["state"] not in ("open", "dialling"):
        return call
    attempts = row["attempts"] + 1
    if attempts >= domain.TRIES:
        return await _give_up(tx, call, row, "missed", attempts)
    if row["expires_at"] <= tx.now:
        return await _give_up(tx, call, row, "expired", attempts)
    later = tx.now + domain.RETRY_AFTER
    await tx.execute(queries.AGAIN, row["id"], attempts, later)
    after = await happen(
        tx,
        call,
        "callback_not_reached",
        {"attempt": attempts},
        state="waiting",
        agent_id=None,
        desk_id=None,
        connect_deadline=None,
        provider_call_id=None,
        not_before=later,
    )
    if call.agent_id is not None:
        await agents.release(tx, call.agent_id, call.id, to="free")
    return after


async def _give_up(tx: Tx, call: Call, row: asyncpg.Record, outcome: Literal["missed", "expired"], tries: int) -> Call:
    await _owed(tx, row, outcome, attempt=tries > row["attempts"])
    return await end(tx, call, _ENDS[outcome], f"callback_{outcome}", "system")


async def _owed(tx: Tx, row: asyncpg.Record, outcome: Literal["missed", "expired"], *, attempt: bool) -> None:
    """A task says that this person is still owed a call."""
    await _closed(tx, row["id"], outcome, attempt=attempt)
    on = await line(tx, row["line_id"])
    await open_task(
        tx,
        "callback_missed",
        row["organisation_id"],
        row["client_id"],
        _task_due(on, tx.now),
        subject_id=row["id"],
        patient_id=row["patient_id"],
        call_id=row["call_id"],
    )


def _task_due(on: Line, now: datetime) -> datetime:
    """Half an hour from now while the line is open, else half an hour after it next opens."""
    then = opening(on.calendar, now + domain.TASK_AFTER)
    begins = now if then.open else then.next_opening or now
    return begins + domain.TASK_AFTER


async def served(tx: Tx, line_id: UUID, number_hash: bytes | None) -> None:
    """Somebody of this number is served on another call: what was promised to him is cancelled, unless an agent is
    dialling it at this moment."""
    if number_hash is None:
        return
    known = await tx.fetchrow(queries.OPEN_OF, line_id, number_hash)
    if known is not None:
        await _drop(tx, known, "cancelled")


async def cancel(tx: Tx, callback_id: UUID) -> CallbackOut:
    """Nobody is to be called. Refused: `WRONG_STATE` while it is dialled or over."""
    row = await _row(tx, callback_id)
    if row["state"] != "open" or not await _drop(tx, row, "cancelled"):
        raise WrongState(state=row["state"], allowed=[])
    tx.audit("callback.cancel", "callback", callback_id, row["organisation_id"])
    return _out(tx, await _row(tx, callback_id))


async def expire(database: Database) -> None:
    """At closing: who was not called yet becomes a task of the next opening. A timed job, each in its transaction."""
    await each_due(database, queries.DUE, _expired)


async def _expired(tx: Tx, callback_id: UUID) -> None:
    await _drop(tx, await _row(tx, callback_id), "expired")


async def mend(database: Database) -> None:
    """Callbacks whose call went another way than by being answered or not: its telephone system lost it, a supervisor
    took it back. No number is ever barred from another callback by one that nobody makes. A timed job."""
    await each_due(database, queries.ASTRAY, _mended)


async def _mended(tx: Tx, callback_id: UUID) -> None:
    known = await _row(tx, callback_id)
    call = await locked(tx, known["live_call_id"])
    row = await tx.fetchrow(queries.LOCK, callback_id)
    if row is None or row["state"] not in ("open", "dialling"):
        return
    if call.state in TERMINAL and call.answered_at is not None:
        await _closed(tx, callback_id, "done", attempt=True)
    elif call.state in TERMINAL:
        await _owed(tx, row, "missed", attempt=False)
    elif call.state in ("waiting", "offered"):
        await tx.execute(queries.AGAIN, callback_id, row["attempts"], tx.now)


async def _drop(tx: Tx, known: asyncpg.Record, outcome: Literal["cancelled", "expired"]) -> bool:
    """Ends an open callback and the call that waits for it; False when an agent has taken it up or it is over."""
    call = await locked(tx, known["live_call_id"])
    row = await tx.fetchrow(queries.LOCK, known["id"])
    if row is None or row["state"] != "open" or call.state not in ("waiting", "offered"):
        return False
    if outcome == "expired":
        await _give_up(tx, call, row, "expired", row["attempts"])
        return True
    await _closed(tx, row["id"], outcome, attempt=False)
    await end(tx, call, _ENDS[outcome], f"callback_{outcome}", "system")
    return True


async def _closed(tx: Tx, callback_id: UUID, outcome: Outcome, *, attempt: bool) -> None:
    row = await tx.fetchrow(queries.CLOSE, callback_id, outcome, int(attempt), tx.now)
    if row is None:
        return
    tx.emit(
        CallbackClosed(
            callback_id=row["id"],
            client_id=row["client_id"],
            line_id=row["line_id"],
            call_id=row["call_id"],
            outcome=outcome,
            version=row["version"],
        ),
        row["organisation_id"],
    )


def _tell_opened(tx: Tx, row: asyncpg.Record) -> None:
    tx.emit(
        CallbackOpened(
            callback_id=row["id"],
            client_id=row["client_id"],
            line_id=row["line_id"],
            call_id=row["call_id"],
            due_at=row["expires_at"],
            version=row["version"],
        ),
        row["organisation_id"],
    )


async def callbacks(
    tx: Tx, state: CallbackState | None, line_id: UUID | None, client_id: UUID | None, limit: int, after: str | None
) -> Page[CallbackItem]:
    """Who waits to be called (or callbacks of another state), in their order."""
    last = cursor.decode(after, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.LIST, state, line_id, client_id, *last, limit + 1)
    page = rows[:limit]
    following = cursor.encode(page[-1]["priority_at"], page[-1]["id"]) if len(rows) > limit else None
    return Page(items=[CallbackItem.model_validate(_facts(row)) for row in page], next_cursor=following)


async def callback(tx: Tx, callback_id: UUID) -> CallbackOut:
    """One callback with its number; audited. Refused: `NOT_FOUND`."""
    row = await _row(tx, callback_id)
    tx.audit("callback.read", "callback", callback_id, row["organisation_id"])
    return _out(tx, row)


async def _row(tx: Tx, callback_id: UUID) -> asyncpg.Record:
    row = await tx.fetchrow(queries.CALLBACK, callback_id)
    if row is None:
        raise NotFound
    return row


def _facts(row: asyncpg.Record) -> dict[str, object]:
    return {name: row[name] for name in CallbackItem.model_fields}


def _out(tx: Tx, row: asyncpg.Record) -> CallbackOut:
    return CallbackOut.model_validate(_facts(row) | {"number": vault(tx).open(row["number_sealed"])})
