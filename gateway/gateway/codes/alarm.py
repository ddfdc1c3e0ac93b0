"""The alarm of the budget: a metric that alerts look at, and one line of log a minute that names nobody."""

import time
from collections.abc import Callable
from typing import Final, Literal

import structlog
from prometheus_client import Counter

log = structlog.get_logger()
PAUSED: Final = Counter(
    "maillage_codes_paused_total", "Codes by phone that were refused to protect the budget", ["cause", "channel"]
)
SAID_AGAIN_S: Final = 60.0
_said: dict[str, float] = {}


def paused(cause: Literal["budget", "block"], channel: str, monotonic: Callable[[], float] = time.monotonic) -> None:
    """A code was refused: the budget of the territory is spent, or a block of numbers is drained."""
    PAUSED.labels(cause, channel).inc()
    at = monotonic()
    if at - _said.get(cause, -SAID_AGAIN_S) >= SAID_AGAIN_S:
        _said[cause] = at
        log.warning("codes by phone are paused", cause=cause)
