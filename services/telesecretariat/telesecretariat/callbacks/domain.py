"""When a callback may be promised, and when it is tried again. Pure."""

from datetime import datetime, timedelta
from typing import Final

TRIES: Final = 3
RETRY_AFTER: Final = timedelta(minutes=5)
"""Who did not answer is not called again before (parameter)."""
LONGEST: Final = timedelta(hours=24)
"""A line that never closes still keeps its promise within a day."""
TASK_AFTER: Final = timedelta(minutes=30)
"""After the next opening: when somebody calls whom the line could not reach before it closed."""


def may_promise(from_s: int, told: bool, estimate_s: int | None, closes: datetime | None, now: datetime) -> bool:
    """Whether somebody waiting may leave the queue: it was offered to him or his estimated wait is `from_s` at least,
    and his turn comes before the line closes (`closes` None: never). Without an estimate nobody is signed in: nothing
    is promised, unless it was offered before."""
    long_wait = estimate_s is not None and estimate_s >= from_s
    return (told or long_wait) and (closes is None or now + timedelta(seconds=estimate_s or 0) < closes)
