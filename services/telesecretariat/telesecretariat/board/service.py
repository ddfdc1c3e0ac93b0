"""The use case of the floor: agents, queues, levels and what is late, read after the place in the stream that it is
told with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from maillage.database import Tx
from maillage.position import as_of
from telesecretariat.board import queries
from telesecretariat.board.schemas import (
    AdapterDownItem,
    AgentItem,
    Board,
    CallbacksItem,
    LevelsItem,
    LineItem,
    MessageLevel,
    RedFlagItem,
    UnclassifiedItem,
)
from telesecretariat.calls.domain import estimated_wait_s
from telesecretariat.desk.schemas import MessageLine, TaskLine
from telesecretariat.lines.domain import opening
from telesecretariat.lines.rows import calendar
from telesecretariat.reports.domain import Counts

HALF_AN_HOUR: Final = timedelta(minutes=30)
LONGEST_CALL: Final = timedelta(hours=1)
LATE_CALLBACK: Final = timedelta(minutes=30)
"""Who was promised a call waits no longer than that (parameter)."""
UNCLASSIFIED_FOR: Final = timedelta(days=15)
"""As long as a call without an outcome makes its caller a repeat caller."""


async def board(tx: Tx) -> Board:
    """The floor that the caller watches. An event told after `as_of` may be in it already, none is missing."""
    place, now = await as_of(tx), tx.now
    agents = [AgentItem.model_validate(dict(row)) for row in await tx.fetch(queries.AGENTS, now)]
    half = now - HALF_AN_HOUR
    lines = await tx.fetch(queries.LINES, now, half, half - LONGEST_CALL)
    late = await tx.fetchrow(queries.LATE, now, now - LATE_CALLBACK, now - UNCLASSIFIED_FOR)
    assert late is not None
    return Board(
        as_of=place,
        at=now,
        agents=agents,
        lines=[_line(row, agents, now) for row in lines],
        red_flags=[RedFlagItem.model_validate(each) for each in late["red_flags"]],
        adapters_down=[AdapterDownItem.model_validate(each) for each in late["adapters_down"]],
        message_levels=[MessageLevel.model_validate(each) for each in late["message_levels"]],
        late_messages=[MessageLine.model_validate(each) for each in late["messages"]],
        callbacks=[CallbacksItem.model_validate(each) for each in late["callbacks"]],
        late_tasks=[TaskLine.model_validate(each) for each in late["tasks"]],
        unclassified=[UnclassifiedItem.model_validate(each) for each in late["unclassified"]],
    )


def _line(row: asyncpg.Record, agents: Sequence[AgentItem], now: datetime) -> LineItem:
    hours, since = opening(calendar(row), now), row["waits_since"]
    needed = set(row["required_skills"])
    capable = [
        each
        for each in agents
        if each.presence == "online" and row["client_id"] in each.client_ids and needed <= set(each.skills)
    ]
    return LineItem(
        id=row["id"],
        client_id=row["client_id"],
        name=row["name"],
        mode=row["mode"],
        open=hours.open,
        reason=hours.cause,
        until=hours.until,
        waiting=row["waiting"],
        waits_since=since,
        longest_wait_s=0 if since is None else max(0, round((now - since).total_seconds())),
        estimate_s=estimated_wait_s(row["ahead"] + 1, row["handling_s"], len(capable)),
        agents=len(capable),
        ready=sum(each.work_state == "ready" for each in capable),
        sl_threshold_s=row["sl_threshold_s"],
        sl_goal=row["sl_goal"],
        received=row["received"],
        day=_levels(row, "day"),
        half_hour=_levels(row, "half_hour"),
    )


def _levels(row: asyncpg.Record, period: str) -> LevelsItem:
    counts = Counts(
        **{
            name: row[f"{period}_{name}"]
            for name in (
                "answered", "abandoned", "short_abandoned", "overflowed", "callback_requested", "in_time",
                "gone_in_time",
            )
        }
    )  # fmt: skip
    return LevelsItem(
        offered=counts.offered,
        answered=counts.answered,
        abandoned=counts.abandoned,
        short_abandoned=counts.short_abandoned,
        answered_rate=counts.answered_rate,
        sl_answered=counts.sl_answered,
        sl_with_abandons=counts.sl_with_abandons,
        sl_offered=counts.sl_offered,
    )
