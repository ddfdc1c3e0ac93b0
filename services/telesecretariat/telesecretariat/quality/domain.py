"""What a review comes to, what may happen to it next, and which month is drawn. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

State = Literal["drawn", "scored", "shared", "commented", "final"]
WHOLE: Final = 100
PER_AGENT: Final = 4
"""Calls of an agent that are reviewed in a month (parameter)."""
COMMENT_WITHIN: Final = timedelta(days=14)
"""How long an agent may take to answer before a review can be ended without her (parameter)."""
NEXT: Final[Mapping[State, tuple[str, ...]]] = {
    "drawn": ("score",),
    "scored": ("score", "share"),
    "shared": ("comment",),
    "commented": ("finish",),
    "final": (),
}
_LAST_DAY: Final = 3
_CLOCK: Final = ZoneInfo("Europe/Paris")


def total(weights: Mapping[str, int], scores: Mapping[str, int]) -> float:
    """0 to 100: each score (0 to 100) by the weight of its criterion; weights sum to 100."""
    return sum(weight * scores[code] for code, weight in weights.items()) / WHOLE


def month_to_draw(now: datetime) -> date | None:
    """The month before, from noon of the 1st (over by then on each line of the country) to the 3rd; else None."""
    local = (now - timedelta(hours=12)).astimezone(_CLOCK).date()
    return (local.replace(day=1) - timedelta(days=1)).replace(day=1) if local.day <= _LAST_DAY else None
