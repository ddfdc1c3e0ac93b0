"""When a callback may be promised, and when it is tried again. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TRIES: Final = 3
RETRY_AFTER: Final = timedelta(minutes=5)
"""Who did not answer is not called again before (parameter)."""
LONGEST: Final = timedelta(hours=24)
"""A line that never closes still keeps its promise within a day."""
TASK_AFTER: Final = timedelta(minutes=30)
"""After the next opening: when somebody calls whom the line could not reach before it closed."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A line's `callback_policy`: whether callers may leave the queue for one, and from which estimated wait on."""

    offered: bool = True
    from_wait_s: int = 180

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> "Policy":
        """From the line's row; what it does not say is as usual."""
        offered, from_wait_s = stored.get("offered", True), stored.get("from_wait_s", 180)
        return cls(offered is not False, from_wait_s if isinstance(from_wait_s, int) else 180)


def may_promise(policy: Policy, told: bool, estimate_s: int | None, closes: datetime | None, now: datetime) -> bool:
    """Whether somebody waiting may leave the queue: it was offered to him or his wait is long, and his turn comes
    before the line closes (`closes` None: never). Without an estimate nobody is signed in: nothing is promised, unless
    it was offered before."""
    long_wait = estimate_s is not None and estimate_s >= policy.from_wait_s
    in_time = closes is None or now + timedelta(seconds=estimate_s or 0) < closes
    return policy.offered and (told or long_wait) and in_time


def dialable(number: str) -> bool:
    """Whether a callback may go to this number: France and its overseas territories. Others may be toll fraud."""
    return number.startswith(("+33", "+262", "+508", "+590", "+594", "+596", "+687", "+689"))
