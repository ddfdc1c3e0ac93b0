"""The one way in which a traced row changes: row, entry, and the entry's digest in the audit, in one transaction.

    run = await add(tx, Run(...), "run.opened")
    run = await change(tx, run, replace(run, stage="received"), "run.received", at=scanned_at, facts={"soak_min": 20})

Facts are identifiers, codes and measures: never a name, a phone number or a word about a patient.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

from pydantic import JsonValue

from cooperation.trace import queries
from cooperation.trace.rows import Traced, as_json, patch
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import WrongState

R = TypeVar("R", bound=Traced)
Facts = Mapping[str, object]
Instants = datetime | Sequence[datetime] | None
_device: ContextVar[UUID | None] = ContextVar("device", default=None)


@contextmanager
def by_device(device_id: UUID) -> Iterator[None]:
    """Entries written within say that this device did it."""
    token = _device.set(device_id)
    try:
        yield
    finally:
        _device.reset(token)


async def add(
    tx: Tx, row: R, kind: str, *, at: datetime | None = None, facts: Facts | None = None, corrects: UUID | None = None
) -> R:
    """A new row with its first entry. `at`: when it was done, else now."""
    values = _entry(tx, kind, None, row, at, facts, corrects)
    columns = row.columns()
    await tx.execute(queries.adding(row.TABLE, columns), *values, *(getattr(row, name) for name in columns))
    return row


async def change(
    tx: Tx,
    before: R,
    after: R,
    kind: str,
    *,
    at: datetime | None = None,
    facts: Facts | None = None,
    corrects: UUID | None = None,
) -> R:
    """The row as it is after; its version is one more. Refused: `WRONG_STATE` when another changed it since it was
    read (read it with a lock)."""
    after = replace(after, version=before.version + 1)
    values = _entry(tx, kind, before, after, at, facts, corrects)
    columns = tuple(name for name in after.columns() if getattr(before, name) != getattr(after, name))
    changed = (getattr(after, name) for name in columns)
    sql = queries.changing(after.TABLE, columns)
    if await tx.fetchval(sql, *values, before.version, *changed) is None:
        raise WrongState
    return after


async def succeed(
    tx: Tx, before: R, ended: R, new: R, *, ended_as: str, began_as: str, at: datetime | None = None
) -> R:
    """A row ends and the next one of its kind begins, in one statement: `change` and `add`, and refused as `change`."""
    ended = replace(ended, version=before.version + 1)
    changed = tuple(name for name in ended.columns() if getattr(before, name) != getattr(ended, name))
    values = [
        *_entry(tx, ended_as, before, ended, at, None, None),
        before.version,
        *(getattr(ended, name) for name in changed),
        *(getattr(new, name) for name in new.columns()),
        *_entry(tx, began_as, None, new, at, None, None),
    ]
    if await tx.fetchval(queries.succeeding(new.TABLE, changed, new.columns()), *values) is None:
        raise WrongState
    return new


async def add_many(tx: Tx, rows: Sequence[R], kind: str, *, at: Instants = None, facts: Facts | None = None) -> list[R]:
    """As `add` for each of the rows, which are of one table, in one statement. `at`: one for all, or one of each."""
    if not rows:
        return []
    entries = [_entry(tx, kind, None, row, done, facts, None) for row, done in zip(rows, _each(at, rows), strict=True)]
    columns = rows[0].columns()
    await tx.execute(queries.adding_many(rows[0].TABLE, columns), *_varying(entries), _whole(rows))
    return list(rows)


async def change_many(
    tx: Tx, changes: Sequence[tuple[R, R]], kind: str, *, at: Instants = None, facts: Facts | None = None
) -> list[R]:
    """As `change` for each `(before, after)`, which are of one table and locked, in one statement. Refused:
    `WRONG_STATE` when another changed one of them since it was read; none is changed then."""
    if not changes:
        return []
    rows = [replace(after, version=before.version + 1) for before, after in changes]
    entries = [
        _entry(tx, kind, before, row, done, facts, None)
        for (before, _), row, done in zip(changes, rows, _each(at, rows), strict=True)
    ]
    columns = tuple(
        name
        for name in rows[0].columns()
        if any(getattr(before, name) != getattr(after, name) for (before, _), after in zip(changes, rows, strict=True))
    )
    sql = queries.changing_many(rows[0].TABLE, columns)
    if len(await tx.fetch(sql, *_varying(entries), _whole(rows))) != len(rows):
        raise WrongState
    return rows


async def note(tx: Tx, row: Traced, kind: str, *, at: datetime | None = None, facts: Facts | None = None) -> None:
    """An entry about a row that stays as it is: a check, a reading, a file seen."""
    await tx.execute(queries.NOTING, *_entry(tx, kind, row, row, at, facts, None))


async def note_many(tx: Tx, notes: Sequence[tuple[Traced, str, datetime, Facts]]) -> None:
    """As `note` for each `(row, kind, at, facts)`, in one round trip."""
    await tx.executemany(
        queries.NOTING, [_entry(tx, kind, row, row, at, facts, None) for row, kind, at, facts in notes]
    )


def _entry(
    tx: Tx,
    kind: str,
    before: Traced | None,
    after: Traced,
    at: datetime | None,
    facts: Facts | None,
    corrects: UUID | None,
) -> tuple[object, ...]:
    who, entry_id = tx.principal, new_id()
    owner = after.organisation_id
    if who.orgs is not None and owner not in who.orgs:
        # A crate is the group's, whoever carries it: who does not reach the group writes into his own chain.
        assert who.org is not None
        owner = who.org
    data: dict[str, JsonValue] = {"row": patch(before, after), "facts": as_json(dict(facts or {}))}
    entry = (
        entry_id, owner, kind, after.KIND, after.id, after.version, at or tx.now, tx.now, who.sub, who.person_id,
        who.role, _device.get(), data, corrects,
    )  # fmt: skip
    digest = digest_of(entry)
    tx.audit(kind, after.KIND, after.id, owner, entry=str(entry_id), sha256=digest.hex())
    return (*entry, digest)


def _each(at: Instants, rows: Sequence[Traced]) -> Sequence[datetime | None]:
    return at if isinstance(at, Sequence) else [at] * len(rows)


def _varying(entries: Sequence[tuple[object, ...]]) -> list[object]:
    """Entries of one act as the values of one statement: lists of what differs, single values of what does not."""
    by_column = list(zip(*entries, strict=True))
    texts = [json.dumps(data) for data in by_column[queries.DATA]]
    return [
        texts if place == queries.DATA else list(values) if place in queries.VARYING else values[0]
        for place, values in enumerate(by_column)
    ]


def _whole(rows: Sequence[Traced]) -> list[dict[str, JsonValue]]:
    return [patch(None, row) for row in rows]


_canonical: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def digest_of(entry: Sequence[object]) -> bytes:
    """SHA-256 over an entry's columns from `id` to `corrects` as one JSON array: instants in UTC, identifiers as text,
    keys in order, no space."""
    return hashlib.sha256(_canonical([_plain(value) for value in entry]).encode()).digest()


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
