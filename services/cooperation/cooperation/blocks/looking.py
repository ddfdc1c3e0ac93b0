"""What forbids to touch runs, sets, instruments, order lines, at this instant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from cooperation.blocks import queries
from cooperation.runs.errors import Expired, OnHold, Recalled
from cooperation.runs.rows import Run
from maillage.database import Tx
from maillage.refusals import Refusal

Kind = Literal["prion", "quality", "owner", "recall", "expired"]


@dataclass(frozen=True, slots=True)
class Block:
    """`cause_id`: the hold or recall; None for an expiry."""

    subject_id: UUID
    kind: Kind
    code: Literal["ON_HOLD", "RECALLED", "EXPIRED"]
    cause_id: UUID | None
    on: date | None = None

    def refusal(self) -> Refusal:
        """The answer that says so."""
        if self.code == "EXPIRED":
            return Expired(expires_on=str(self.on))
        cause = str(self.cause_id)
        return Recalled(recall_id=cause) if self.code == "RECALLED" else OnHold(hold_id=cause)


async def blocks_of(tx: Tx, runs: Sequence[Run], today: date) -> list[Block]:
    """Of runs: their own recalls and holds, those of their sets and instruments, and their expiry on that local day.
    Holds first, prion before all: the worst is told."""
    found = await _found(tx, [run.id for run in runs], [])
    found += filter(None, (expiry_of(run, today) for run in runs))
    return sorted(found, key=_gravity)


async def causes_of(tx: Tx, runs: Sequence[Run]) -> list[Block]:
    """As `blocks_of`, for scans of many days: without expiry."""
    return sorted(await _found(tx, [run.id for run in runs], []), key=_gravity)


def expiry_of(run: Run, today: date) -> Block | None:
    """The block of a released pack whose last day is past."""
    if run.stage != "released" or run.expires_on is None or run.expires_on >= today:
        return None
    return Block(run.id, "expired", "EXPIRED", None, run.expires_on)


async def blocks_of_things(tx: Tx, ids: Iterable[UUID]) -> list[Block]:
    """Of sets, instruments or order lines themselves."""
    return sorted(await _found(tx, [], list(ids)), key=_gravity)


async def refuse_blocked(tx: Tx, runs: Sequence[Run], today: date) -> None:
    """Refused: `ON_HOLD`, `RECALLED`, `EXPIRED` when any of the runs is blocked."""
    found = await blocks_of(tx, runs, today)
    if found:
        raise found[0].refusal()


async def refuse_held(tx: Tx, runs: Sequence[Run]) -> None:
    """Refused: `ON_HOLD` only. Reprocessing what was recalled or has expired is how it becomes good again."""
    for block in await causes_of(tx, runs):
        if block.code == "ON_HOLD":
            raise block.refusal()


async def refuse_recalled(tx: Tx, runs: Sequence[Run]) -> None:
    """Refused: `RECALLED` while a recall waits for one of the runs."""
    row = await tx.fetchrow(queries.AWAITED, [run.id for run in runs])
    if row is not None:
        raise Recalled(recall_id=str(row["recall_id"]))


def _gravity(block: Block) -> tuple[int, str]:
    return (["prion", "quality", "owner", "recall", "expired"].index(block.kind), str(block.subject_id))


async def _found(tx: Tx, runs: list[UUID], things: list[UUID]) -> list[Block]:
    rows = await tx.fetch(queries.BLOCKS, runs, things)
    return [Block(row["subject_id"], row["kind"], row["code"], row["cause_id"]) for row in rows]
