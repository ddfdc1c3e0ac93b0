"""The report over agents: their time by state, cut at the borders of buckets; what they answered and missed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg

from maillage.database import Tx
from telesecretariat.reports import queries
from telesecretariat.reports.domain import Bucket, sliced
from telesecretariat.reports.schemas import AgentRow, AgentsReport, Asked
from telesecretariat.reports.service import Period, understood

_HANDLED: Final = {"talking": "talk", "transferring": "talk", "held": "hold", "wrapping": "wrap"}


@dataclass(slots=True)
class _Cell:
    """One agent in one bucket, while it is summed up."""

    states: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    reasons: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    handled: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    answered: int = 0
    missed: int = 0


async def agents(tx: Tx, asked: Asked) -> AgentsReport:
    """One row per bucket and agent who was signed in. Presence is whole; talk, hold, wrap-up, answers and missed offers
    are those on the lines asked for."""
    period = await understood(tx, asked)
    first, last = period.begins, period.ends
    presence = await tx.fetch(queries.PRESENCE, first, last, tx.now)
    handling = await tx.fetch(queries.HANDLING, first, last, tx.now, period.lines)
    cells: dict[tuple[int, UUID], _Cell] = defaultdict(_Cell)
    _add_presence(cells, presence, period.cut)
    for row in handling:
        for piece in sliced(row["begins"], row["ends"], period.cut):
            cells[piece.place, row["agent_id"]].handled[_HANDLED[row["state"]]] += piece.seconds
    await _add_counts(tx, cells, period)
    labels = {row["agent_id"]: row["label"] for row in presence}
    chosen = sorted((key for key in cells if key[1] in labels), key=lambda key: (key[0], labels[key[1]], key[1]))
    return AgentsReport(
        rows=[_row(period.cut[place], agent, labels[agent], cells[place, agent]) for place, agent in chosen]
    )


def _add_presence(
    cells: dict[tuple[int, UUID], _Cell], presence: Sequence[asyncpg.Record], cut: Sequence[Bucket]
) -> None:
    for row in presence:
        for piece in sliced(row["begins"], row["ends"], cut):
            cell = cells[piece.place, row["agent_id"]]
            cell.states[row["work_state"]] += piece.seconds
            if row["work_state"] == "not_ready":
                cell.reasons[row["reason"] or "none"] += piece.seconds


async def _add_counts(tx: Tx, cells: dict[tuple[int, UUID], _Cell], period: Period) -> None:
    for row in await tx.fetch(queries.ANSWERED, period.starts, period.lines, period.begins, period.ends):
        cells[row["place"], row["agent_id"]].answered += row["answered"]
    for row in await tx.fetch(queries.MISSED, period.starts, period.lines, period.begins, period.ends):
        cells[row["place"], row["agent_id"]].missed += row["missed"]


def _row(bucket: Bucket, agent_id: UUID, label: str, cell: _Cell) -> AgentRow:
    signed_in = sum(cell.states.values())
    available = signed_in - cell.states["not_ready"]
    busy = sum(cell.handled.values())
    return AgentRow(
        begins=bucket.begins,
        ends=bucket.ends,
        agent_id=agent_id,
        label=label,
        signed_in_s=signed_in,
        ready_s=cell.states["ready"],
        offered_s=cell.states["offered"],
        on_call_s=cell.states["on_call"],
        wrap_up_s=cell.states["wrap_up"],
        not_ready_s=dict(cell.reasons),
        talk_s=cell.handled["talk"],
        hold_s=cell.handled["hold"],
        wrap_s=cell.handled["wrap"],
        answered=cell.answered,
        missed_offers=cell.missed,
        occupancy=busy / available if available > 0 else None,
    )
