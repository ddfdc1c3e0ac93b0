"""What a call's lengths are, and where a caller stands. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MOST_HEAD_START_S: Final = 3_600
_COUNTED: Final = {"talking": "talk_s", "transferring": "talk_s", "held": "hold_s", "wrapping": "wrap_s"}


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds spent talking, on hold, and in wrap-up."""

    talk_s: float
    hold_s: float
    wrap_s: float


def lengthened(known: Lengths, state: str, since: datetime, at: datetime) -> Lengths:
    """The lengths once the call has been in `state` from `since` to `at`; a clock that went back adds nothing."""
    spent = max(0.0, (at - since).total_seconds())
    name = _COUNTED.get(state)
    return Lengths(
        known.talk_s + (spent if name == "talk_s" else 0.0),
        known.hold_s + (spent if name == "hold_s" else 0.0),
        known.wrap_s + (spent if name == "wrap_s" else 0.0),
    )


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Why somebody is served as if he had called earlier, and by how many seconds."""

    reason: str
    seconds: int


def priority_at(queued_at: datetime, head_starts: list[HeadStart]) -> datetime:
    """Where a caller stands: by this instant, then by id. Head starts count an hour at most."""
    return queued_at - timedelta(seconds=min(MOST_HEAD_START_S, sum(each.seconds for each in head_starts)))
