"""The one clock. `kit_now()` is its twin in SQL; both are moved by `MAILLAGE_CLOCK_OFFSET_S`."""

import os
from datetime import UTC, datetime, timedelta

_offset = timedelta(seconds=float(os.environ.get("MAILLAGE_CLOCK_OFFSET_S", "0") or 0))


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """How far this process's clock is moved from the machine's: zero outside tests and demonstrations."""
    return _offset


def set_offset(moved: timedelta) -> None:
    """Moves the clock of this process. For tests; the base follows for connections opened afterwards."""
    global _offset  # the clock is one per process by nature
    _offset = moved
