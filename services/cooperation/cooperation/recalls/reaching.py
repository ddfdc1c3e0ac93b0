"""What a scope reaches, and what had become of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cooperation.recalls import queries
from cooperation.recalls.domain import STATES, State, state_of, state_of_order
from cooperation.recalls.errors import ScopeEmpty
from cooperation.recalls.schemas import RecallCounts, Scope
from cooperation.runs.changing import all_locked
from maillage.database import Tx
from maillage.refusals import FieldError


@dataclass(frozen=True, slots=True)
class Reached:
    """A run, or a line of an order, in the scope. `ended_at`: when a run ended that was never used."""

    kind: str
    id: UUID
    owner_id: UUID
    set_id: UUID | None
    state: State
    operation_ref: str | None = None
    ended_at: datetime | None = None
    allocated: bool = False


async def reach(tx: Tx, scope: Scope, *, beside: frozenset[UUID] = frozenset(), lock: bool) -> list[Reached]:
    """All that the scope reaches but `beside`; with `lock` nothing of it moves until the end of the transaction.
    Refused: `SCOPE_EMPTY` for a load that has not started or a run that is not there."""
    await _all_there(tx, "loads", scope.loads, queries.LOADS_STARTED)
    await _all_there(tx, "runs", scope.runs, queries.RUNS_KNOWN)
    ids = await _reached(tx, scope, beside)
    if lock:
        await all_locked(tx, ids)
        if scope.instruments or scope.machines:
            ids = await _reached_meanwhile(tx, scope, beside, ids)
    return [*await _runs(tx, ids), *await _lots(tx, scope, beside, lock)]


def counted(found: Sequence[Reached]) -> RecallCounts:
    """The counts of a preview."""
    states = Counter(each.state for each in found)
    return RecallCounts(
        id=None,
        state="preview",
        lines=len(found),
        by_state={state: states[state] for state in STATES},
        operations=len({(each.owner_id, each.operation_ref) for each in found if each.operation_ref}),
        members=len({each.owner_id for each in found}),
    )


async def _reached(tx: Tx, scope: Scope, beside: frozenset[UUID]) -> list[UUID]:
    rows = await tx.fetch(
        queries.REACHED,
        scope.loads,
        scope.runs,
        [span.machine_id for span in scope.machines],
        [span.since for span in scope.machines],
        [span.until for span in scope.machines],
        scope.instruments,
        scope.models,
    )
    return [row["run_id"] for row in rows if row["run_id"] not in beside]


async def _reached_meanwhile(tx: Tx, scope: Scope, beside: frozenset[UUID], before: Sequence[UUID]) -> list[UUID]:
    """With what was just being assembled of the instruments, or started on the machines: who does so has locked these,
    and is waited for."""
    await tx.fetch(queries.LOCK_MACHINES, [span.machine_id for span in scope.machines])
    await tx.fetch(queries.LOCK_INSTRUMENTS, scope.instruments)
    ids = await _reached(tx, scope, beside)
    await all_locked(tx, sorted(set(ids) - set(before)))
    return ids


async def _all_there(tx: Tx, name: str, ids: Sequence[UUID], sql: str) -> None:
    there = {row["id"] for row in await tx.fetch(sql, ids)} if ids else set()
    missing = [place for place, each in enumerate(ids) if each not in there]
    if missing:
        words = ScopeEmpty.detail
        raise ScopeEmpty(errors=[FieldError(f"/scope/{name}/{place}", ScopeEmpty.code, words) for place in missing])


async def _runs(tx: Tx, ids: Sequence[UUID]) -> list[Reached]:
    return [
        Reached(
            "run",
            row["id"],
            row["organisation_id"],
            row["set_id"],
            state_of(row["stage"], allocated=row["allocated"], in_transit=row["in_transit"]),
            row["operation_ref"],
            row["ended_at"] if row["stage"] == "aborted" else None,
            row["allocated"],
        )
        for row in await tx.fetch(queries.FACTS, ids)
    ]


async def _lots(tx: Tx, scope: Scope, beside: frozenset[UUID], lock: bool) -> list[Reached]:
    if not scope.lots:
        return []
    given = ([each.lot for each in scope.lots], [each.item_id for each in scope.lots])
    if lock:
        await tx.fetch(queries.LOCK_ORDER_LINES, [row["id"] for row in await tx.fetch(queries.LOTS, *given)])
    found = {row["id"]: row for row in await tx.fetch(queries.LOTS, *given) if row["id"] not in beside}
    return [
        Reached("order_line", row["id"], row["organisation_id"], None, state_of_order(row["state"]))
        for row in found.values()
    ]
