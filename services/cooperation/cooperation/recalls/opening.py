"""A recall opens, or widens: a line for each run ever in its scope, in one transaction with its blocks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from contracts.cooperation import RecallOpened
from cooperation.demand.allocating import release_allocation
from cooperation.members.parameters import staffed_group
from cooperation.recalls import queries
from cooperation.recalls.domain import STATES, Span, covered
from cooperation.recalls.errors import ScopeEmpty, ScopeNarrowed
from cooperation.recalls.reaching import Reached, counted, reach
from cooperation.recalls.rows import Recall, RecallLine
from cooperation.recalls.schemas import Extension, RecallCounts, RecallIn, Scope
from cooperation.recalls.signing import MANAGER, RELEASER, must_be
from cooperation.trace.recording import add, add_many, change
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import FieldError, NotFound, VersionStale, WrongState


async def preview(tx: Tx, body: RecallIn) -> RecallCounts:
    """What a recall of this scope would reach now; nothing is written. Refused: `SCOPE_EMPTY`, `ROLE_REQUIRED`."""
    must_be(tx, RELEASER, MANAGER)
    await staffed_group(tx)
    found = await reach(tx, body.scope, lock=False)
    if not found:
        raise ScopeEmpty(pointer="/scope")
    return counted(found)


async def open_recall(tx: Tx, body: RecallIn) -> RecallCounts:
    """Every run ever in the scope has its line from now on: packs are blocked, those kept for an operation are let go,
    each member is told of its own. Refused: `SCOPE_EMPTY`, `ROLE_REQUIRED`."""
    must_be(tx, RELEASER, MANAGER)
    of = await staffed_group(tx)
    found = await reach(tx, body.scope, lock=True)
    if not found:
        raise ScopeEmpty(pointer="/scope")
    recall = Recall(
        id=new_id(),
        organisation_id=of.id,
        created_at=tx.now,
        group_id=of.id,
        cause=body.cause,
        scope=body.scope.model_dump(mode="json"),
        opened_by=tx.principal.sub,
        opened_at=tx.now,
    )
    await add(tx, recall, "recall.opened", facts={"lines": len(found)})
    await _list(tx, recall, found)
    await tell(tx, recall)
    return counted(found).model_copy(update={"id": recall.id, "state": recall.state})


async def extend(tx: Tx, recall_id: UUID, body: Extension, if_match: int | None) -> RecallCounts:
    """A wider scope: lines are added, none goes. A signature given before it counts no more. Refused:
    `SCOPE_NARROWED`, `SCOPE_EMPTY`, `ROLE_REQUIRED`, `VERSION_STALE`, `WRONG_STATE` once closed."""
    must_be(tx, RELEASER, MANAGER)
    recall = await locked(tx, recall_id, if_match)
    _wider(Scope.model_validate(recall.scope), body.scope)
    listed = frozenset(row["subject_id"] for row in await tx.fetch(queries.LISTED, recall.id))
    found = await reach(tx, body.scope, beside=listed, lock=True)
    scope = body.scope.model_dump(mode="json")
    recall = await change(tx, recall, replace(recall, scope=scope), "recall.extended", facts={"lines": len(found)})
    await _list(tx, recall, found)
    await tell(tx, recall)
    return await counts_of(tx, recall)


async def locked(tx: Tx, recall_id: UUID, if_match: int | None = None) -> Recall:
    """An open recall that the caller may change. Refused: `NOT_FOUND`, `VERSION_STALE`, `WRONG_STATE` once closed."""
    row = await tx.fetchrow(queries.LOCK, recall_id)
    if row is None:
        raise NotFound
    recall = Recall.of(row)
    if if_match is not None and recall.version != if_match:
        raise VersionStale(version=recall.version)
    if recall.state != "open":
        raise WrongState(state=recall.state, allowed=[])
    return recall


async def tell(tx: Tx, recall: Recall) -> None:
    """Each organisation hears of its own lines."""
    by_owner: dict[UUID, Counter[str]] = {}
    for row in await tx.fetch(queries.COUNTS, recall.id):
        by_owner.setdefault(row["organisation_id"], Counter())[row["state"]] = row["lines"]
    rows = await tx.fetch(queries.OPERATIONS_OF, recall.id)
    operations = {row["organisation_id"]: row["operations"] for row in rows}
    for owner_id, states in sorted(by_owner.items()):
        tx.emit(
            RecallOpened(
                recall_id=recall.id,
                lines=states.total(),
                by_state={state: states[state] for state in STATES},
                operations=operations.get(owner_id, 0),
                at=tx.now,
            ),
            owner_id,
        )


async def counts_of(tx: Tx, recall: Recall) -> RecallCounts:
    """All lines within reach, counted."""
    rows = await tx.fetch(queries.COUNTS, recall.id)
    states: Counter[str] = Counter()
    for row in rows:
        states[row["state"]] += row["lines"]
    return RecallCounts(
        id=recall.id,
        state=recall.state,
        lines=states.total(),
        by_state={state: states[state] for state in STATES},
        operations=sum(row["operations"] for row in await tx.fetch(queries.OPERATIONS_OF, recall.id)),
        members=len({row["organisation_id"] for row in rows}),
    )


async def _list(tx: Tx, recall: Recall, found: Sequence[Reached]) -> None:
    """A line for each; what was aborted before any use is accounted for at once."""
    lines = [
        RecallLine(
            id=new_id(),
            organisation_id=each.owner_id,
            created_at=tx.now,
            group_id=recall.group_id,
            recall_id=recall.id,
            subject_kind="run" if each.kind == "run" else "order_line",
            subject_id=each.id,
            set_id=each.set_id,
            state=each.state,
            operation_ref=each.operation_ref,
            ended="aborted" if each.ended_at else None,
            ended_at=each.ended_at,
        )
        for each in found
    ]
    await add_many(tx, lines, "recall_line.opened")
    for each in found:
        if each.allocated:
            await release_allocation(tx, each.id, "blocked")


def _wider(present: Scope, wanted: Scope) -> None:
    missing = [
        f"/scope/{name}"
        for name in ("loads", "runs", "instruments", "models")
        if not set(getattr(present, name)) <= set(getattr(wanted, name))
    ]
    missing += ["/scope/lots"] if not set(present.lots) <= set(wanted.lots) else []
    spans = [Span(each.machine_id, each.since, each.until) for each in wanted.machines]
    if not all(covered(Span(each.machine_id, each.since, each.until), spans) for each in present.machines):
        missing.append("/scope/machines")
    if missing:
        words = ScopeNarrowed.detail
        raise ScopeNarrowed(errors=[FieldError(pointer, ScopeNarrowed.code, words) for pointer in missing])
