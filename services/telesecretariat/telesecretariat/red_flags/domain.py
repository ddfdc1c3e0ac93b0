"""Whom the emergency key rings, and in what a red flag may end. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal

State = Literal["opened", "dialling", "three_way", "handed_over", "closed"]
Outcome = Literal[
    "handed_to_15", "caller_already_with_15", "practitioner_took_over", "line_lost_15_informed", "caller_refused"
]

FICTION: Final = "simulated-regulator"
"""Who answers where nothing real may be rung: no telephone number, so that no telephone system can dial it."""
UNANSWERED: Final = timedelta(seconds=20)
"""How long one target rings before the next is dialled (parameter)."""
ALL_FAILED: Final = timedelta(seconds=5)
"""How long we wait before dialling all of them again, when each has refused at once."""


def target(targets: Sequence[str], attempt: int, *, real: bool) -> str:
    """Who is dialled at this attempt (from 0): each in turn, again and again; never a real number unless `real`."""
    if not real:
        return FICTION
    return targets[attempt % len(targets)] if targets else "15"


def all_tried(targets: Sequence[str], attempt: int) -> bool:
    """Whether this attempt was the last of a round."""
    return (attempt + 1) % max(1, len(targets)) == 0
