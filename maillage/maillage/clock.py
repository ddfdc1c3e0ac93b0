"""The one clock. `kit_now()` is its twin in SQL.

`MAILLAGE_CLOCK_OFFSET_S` moves both. `MAILLAGE_CLOCK_RATE` makes them run faster than the machine's from the instant
`MAILLAGE_CLOCK_ORIGIN` (seconds since 1970) on: for demonstrations that show a day in minutes, never in production.
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta

_offset = timedelta(seconds=float(os.environ.get("MAILLAGE_CLOCK_OFFSET_S", "0") or 0))
_rate = float(os.environ.get("MAILLAGE_CLOCK_RATE", "1") or 1)
_origin = datetime.fromtimestamp(float(os.environ.get("MAILLAGE_CLOCK_ORIGIN", "0") or 0), UTC)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    if _rate == 1.0:
        return datetime.now(UTC) + _offset
    return _origin + (datetime.now(UTC) - _origin) * _rate + _offset


def offset() -> timedelta:
    """How far this process's clock is moved from the machine's: zero outside tests and demonstrations."""
    return _offset


def offset_s() -> float:
    """The same in seconds."""
    return _offset.total_seconds()


def rate() -> float:
    """How many seconds of this clock pass in one of the machine's: 1 outside demonstrations."""
    return _rate


def origin() -> datetime:
    """Since when this clock runs at its own rate."""
    return _origin


async def sleep(seconds: float) -> None:
    """Sleeps for so many seconds of this clock."""
    await asyncio.sleep(seconds / _rate)


def set_offset(moved: timedelta) -> None:
    """Moves the clock of this process. For tests; the base follows for connections opened afterwards."""
    global _offset  # the clock is one per process by nature
    _offset = moved


def set_rate(faster: float, since: datetime) -> None:
    """Makes the clock of this process run faster. For demonstrations; the base follows as for `set_offset`."""
    global _rate, _origin  # the clock is one per process by nature
    _rate, _origin = faster, since


def server_settings(offset_s: float) -> dict[str, str]:
    """What a connection to the base is told, so that `kit_now()` shows the same."""
    told = {"maillage.clock_offset": str(offset_s)}
    if _rate != 1.0:
        told |= {"maillage.clock_rate": str(_rate), "maillage.clock_origin": str(_origin.timestamp())}
    return told
