"""Taking an entry back: a new entry restores the row, or sets what it should have said. Nothing is erased."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final, cast
from uuid import UUID

from cooperation.loads.acts import load_locked
from cooperation.loads.rows import LoadRun
from cooperation.members.parameters import own_group
from cooperation.runs.changing import restore
from cooperation.runs.rows import Content, Run
from cooperation.trace import queries, reading
from cooperation.trace.errors import CorrectionNotYours, LaterEntries, NotCorrectable
from cooperation.trace.recording import Facts, change
from cooperation.trace.rows import Traced
from cooperation.trace.schemas import Correction, TraceEntry, Values
from maillage.database import Tx
from maillage.refusals import Invalid, NotFound, TimeInvalid

CORRECTABLE: Final[Mapping[str, frozenset[str]]] = {
    "run.soak_began": frozenset({"soak_from"}),
    "run.soak_ended": frozenset({"soak_to"}),
    "run.received": frozenset({"soak_to"}),
    "run.packed": frozenset(),
    "content.used": frozenset({"used"}),
    "load_run.seen": frozenset({"intact", "dry", "clean"}),
}
"""What a person does alone and nothing hangs on yet, with the columns that may be given anew. All else stays: records,
decisions, signatures, and acts that open or end other rows (a use, an abort, a hand-over)."""
_ROWS: Final[Mapping[str, type[Traced]]] = {kind.KIND: kind for kind in (Run, Content, LoadRun)}


async def correct(tx: Tx, entry_id: UUID, body: Correction) -> TraceEntry:
    """The entry is corrected by a new one, which is the answer. Refused: `NOT_FOUND`, `NOT_CORRECTABLE`,
    403 `CORRECTION_NOT_YOURS`, `LATER_ENTRIES`, 422 for values that the entry does not have."""
    entry = await reading.entry(tx, entry_id)
    if entry.kind not in CORRECTABLE or entry.subject_version == 1:
        raise NotCorrectable
    await _may(tx, entry)
    row = await _locked(tx, entry)
    await _last_of_all(tx, entry)
    after = await _as_before(tx, entry, row) if body.kind == "did_not_occur" else _with(tx, entry, row, body.values)
    facts = {"kind": body.kind, "reason": body.reason, "entry": entry.kind}
    await _write(tx, row, after, facts, entry.id)
    return await reading.last(tx, entry.subject_id)


async def _may(tx: Tx, entry: TraceEntry) -> None:
    minutes = (await own_group(tx)).parameters.correction_min
    mine = entry.actor == tx.principal.sub and tx.now - entry.recorded_at <= timedelta(minutes=minutes)
    if not mine and tx.principal.role != "gcs_manager":
        raise CorrectionNotYours(minutes=minutes)


async def _locked(tx: Tx, entry: TraceEntry) -> Traced:
    kind = _ROWS[entry.subject_kind]
    if kind is LoadRun:  # who decides on the load has seen what is in it, until he has decided
        load_id = await tx.fetchval(queries.LOAD_OF, entry.subject_id)
        await load_locked(tx, cast(UUID, load_id))
    row = await tx.fetchrow(queries.locking(kind.TABLE), entry.subject_id)
    if row is None:
        raise NotFound
    return kind.of(row)


async def _last_of_all(tx: Tx, entry: TraceEntry) -> None:
    """Nothing was done to the subject since, nor with it: a pack put into a load is in that load's entries."""
    later = await tx.fetchval(queries.NEXT_OF_SUBJECT, entry.subject_id, entry.seq)
    if later is not None:
        raise LaterEntries(entry_id=str(later))
    if entry.subject_kind == "run" and await tx.fetchval(queries.IN_A_LOAD, entry.subject_id):
        raise LaterEntries


async def _as_before(tx: Tx, entry: TraceEntry, row: Traced) -> Traced:
    earlier = await tx.fetchrow(queries.before(row.TABLE), entry.subject_id, entry.seq)
    assert earlier is not None
    return type(row).of(earlier)


def _with(tx: Tx, entry: TraceEntry, row: Traced, values: Values | None) -> Traced:
    given = {} if values is None else values.model_dump(exclude_unset=True)
    if not given or not CORRECTABLE[entry.kind].issuperset(given):
        raise Invalid(pointer="/values")
    changed = replace(row, **given)
    if isinstance(changed, Run):
        _in_order(tx, changed)
    return changed


def _in_order(tx: Tx, run: Run) -> None:
    instants = [at for at in (run.soak_from, run.soak_to) if at is not None]
    if instants != sorted(instants) or any(at > tx.now for at in instants):
        raise TimeInvalid(pointer="/values")


async def _write(tx: Tx, row: Traced, after: Traced, facts: Facts, corrects: UUID) -> None:
    kind = f"{row.KIND}.corrected"
    if isinstance(row, Run) and isinstance(after, Run):
        await restore(tx, row, after, kind, facts=facts, corrects=corrects)
    else:
        await change(tx, row, after, kind, facts=facts, corrects=corrects)
