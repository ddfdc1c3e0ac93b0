"""Use cases of reports: one statement each, or four for agents; buckets without anything are shown too."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import asyncpg

from maillage.database import Tx
from maillage.principal import Principal
from maillage.refusals import NotAllowed, NotFound
from telesecretariat.reports import queries
from telesecretariat.reports.domain import MOST_BUCKETS, MOST_DAYS, WAITS_S, Bucket, Counts, Window, buckets, midnight
from telesecretariat.reports.errors import HoursInvalid, PeriodInvalid, PeriodTooLong, ZoneUnknown
from telesecretariat.reports.schemas import (
    AccessReport,
    AccessRow,
    Asked,
    CallsReport,
    CallsRow,
    WaitsReport,
    WaitsRow,
)

FEWEST: Final = 5
"""A published figure about fewer calls would tell of single persons."""
DEFAULT_THRESHOLD_S: Final = 20


@dataclass(frozen=True, slots=True)
class Period:
    """What was asked, understood."""

    begins: datetime
    ends: datetime
    zone: ZoneInfo
    window: Window
    cut: list[Bucket]
    lines: list[UUID]

    @property
    def starts(self) -> list[datetime]:
        """The first instant of each bucket."""
        return [each.begins for each in self.cut]

    @property
    def arrived(self) -> tuple[object, ...]:
        """What the statements over arrivals take, in their order."""
        window = self.window
        return (
            self.lines,
            self.begins,
            self.ends,
            self.zone.key,
            window.opens,
            window.closes,
            sorted(window.days),
        )


def refuse_persons(principal: Principal) -> None:
    """Who reads all of the territory reads aggregates, nobody's working time."""
    if principal.reach("report.read") == "t":
        raise NotAllowed


async def understood(tx: Tx, asked: Asked) -> Period:
    """The period. Refused: `PERIOD_INVALID`, `PERIOD_TOO_LONG`, `ZONE_UNKNOWN`, `HOURS_INVALID` 422, 404 for a line."""
    try:
        zone = ZoneInfo(asked.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneUnknown(pointer="?timezone") from None
    begins, ends = _instant(asked.from_, zone), _instant(asked.until, zone)
    if ends <= begins:
        raise PeriodInvalid(pointer="?until")
    if ends - begins > timedelta(days=MOST_DAYS, hours=1):
        raise PeriodTooLong(pointer="?until")
    if asked.day_end_time is not None and asked.day_end_time <= asked.day_start_time:
        raise HoursInvalid(pointer="?day_end_time")
    window = Window(asked.day_start_time, asked.day_end_time, frozenset(asked.week_days))
    cut = buckets(begins, ends, asked.interval, zone, window)
    if len(cut) > MOST_BUCKETS:
        raise PeriodTooLong(pointer="?interval")
    lines = [row["id"] for row in await tx.fetch(queries.LINES, asked.line_id)]
    if asked.line_id is not None and not lines:
        raise NotFound
    return Period(begins, ends, zone, window, cut, lines)


def _instant(value: datetime | date, zone: ZoneInfo) -> datetime:
    return value if isinstance(value, datetime) else midnight(value, zone)


async def calls(tx: Tx, asked: Asked, *, published: bool) -> CallsReport:
    """Calls by bucket of their arrival, and all together. `published`: buckets of fewer than five are left out."""
    period = await understood(tx, asked)
    threshold = asked.sl_threshold_s or await tx.fetchval(queries.THRESHOLD, period.lines) or DEFAULT_THRESHOLD_S
    assert isinstance(threshold, int)
    found = {
        row["place"]: row for row in await tx.fetch(queries.CALLS, *period.arrived, period.starts, float(threshold))
    }
    rows = [_calls_row(bucket, [found[place]] if place in found else []) for place, bucket in enumerate(period.cut)]
    rows = [row for row in rows if not published or row.received >= FEWEST]
    whole = Bucket(period.begins, period.ends)
    return CallsReport(sl_threshold_s=threshold, rows=rows, total=_calls_row(whole, list(found.values())))


_SUMMED: Final = (
    "received", "answered", "abandoned", "short_abandoned", "left_before_queue", "overflowed", "callback_requested",
    "closed", "refused", "failed", "in_progress", "in_time", "gone_in_time",
)  # fmt: skip


def _calls_row(bucket: Bucket, found: Sequence[asyncpg.Record]) -> CallsRow:
    n = {name: sum(row[name] for row in found) for name in _SUMMED}
    counts = Counts(
        n["answered"], n["abandoned"], n["short_abandoned"], n["overflowed"], n["callback_requested"], n["in_time"],
        n["gone_in_time"],
    )  # fmt: skip
    waited = sum(row["waited_s"] for row in found)
    return CallsRow(
        begins=bucket.begins,
        ends=bucket.ends,
        received=n["received"],
        answered=n["answered"],
        abandoned=n["abandoned"],
        short_abandoned=n["short_abandoned"],
        overflowed=n["overflowed"],
        callback_requested=n["callback_requested"],
        closed=n["closed"],
        refused=n["refused"],
        failed=n["failed"],
        left_before_queue=n["left_before_queue"],
        in_progress=n["in_progress"],
        offered=counts.offered,
        average_wait_s=waited / n["answered"] if n["answered"] else None,
        answered_rate=counts.answered_rate,
        sl_answered=counts.sl_answered,
        sl_with_abandons=counts.sl_with_abandons,
        sl_offered=counts.sl_offered,
    )


async def waits(tx: Tx, asked: Asked, *, published: bool) -> WaitsReport:
    """How long the answered and the abandoned waited, by bucket of arrival and band of waiting. `published`: as for
    calls."""
    period = await understood(tx, asked)
    bands = [float(each) for each in WAITS_S]
    rows = await tx.fetch(queries.WAITS, *period.arrived, period.starts, bands)
    return WaitsReport(
        rows=[
            WaitsRow(
                begins=period.cut[row["place"]].begins,
                ends=period.cut[row["place"]].ends,
                from_s=WAITS_S[row["band"]],
                to_s=WAITS_S[row["band"] + 1] if row["band"] + 1 < len(WAITS_S) else None,
                answered=row["answered"],
                abandoned=row["abandoned"],
            )
            for row in rows
            if not published or min(row["answered"] or FEWEST, row["abandoned"] or FEWEST) >= FEWEST
        ]
    )


async def access(tx: Tx, asked: Asked, *, published: bool) -> AccessReport:
    """The nine measures by weekday and hour. `published`: cells of fewer than five calls are hidden."""
    period = await understood(tx, asked)
    rows = [dict(row) for row in await tx.fetch(queries.ACCESS, *period.arrived)]
    return AccessReport(rows=[_access_row(row, published=published) for row in rows])


def _access_row(row: Mapping[str, int | float | None], *, published: bool) -> AccessRow:
    shown: dict[str, int | float | None] = defaultdict(lambda: None, row)
    if published:
        few = int(row["volume"] or 0) < FEWEST
        for name, value in row.items():
            if name not in ("week_day", "hour") and (few or (isinstance(value, int) and 0 < value < FEWEST)):
                shown[name] = None
        if shown["missed"] is None and shown["abandoned"] is None:
            shown["average_time_before_abandon_s"] = None
    return AccessRow.model_validate(dict(shown))
