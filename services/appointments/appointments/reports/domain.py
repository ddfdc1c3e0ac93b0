"""What reports count by, and what they do not show. Pure."""

from typing import Final, Literal

MOST_DAYS: Final = 400
FEWEST: Final = 5
"""A figure about fewer patients who came for a sensitive reason would tell of single persons."""
THIRD: Final = 3
"""The third next free time, not the next: one that has just been cancelled says nothing of the wait."""

ActivityGroup = Literal["practitioner", "site", "week", "month", "weekday", "mode", "channel", "reason"]
MissedGroup = Literal["practitioner", "site", "week", "month", "weekday", "channel", "reason", "lead", "reminder"]
AccessGroup = Literal["reason", "window"]


def share(part: int, whole: int) -> float | None:
    """Between 0 and 1; None of nothing."""
    return round(part / whole, 4) if whole else None


def hidden(*, sensitive: bool, patients: int) -> bool:
    """Whether a row would tell of single persons."""
    return sensitive and patients < FEWEST
