"""When a delivery is tried again, and what its failure is called. Pure."""

from datetime import timedelta
from typing import Final

RETRIES_S: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before each new try; after the last one a delivery is parked (Standard Webhooks 1.0.0, delivery attempts)."""
SPREAD: Final = 0.2
KEPT: Final = timedelta(days=30)
DEAD_AFTER: Final = timedelta(hours=24)
"""Without one success for so long, an endpoint is disabled."""
AT_ONCE: Final = 4
"""Sends under way to one endpoint."""
AT_ONCE_ALL: Final = 64
SLOW_S: Final = 2.0
"""An endpoint that took longer, or failed, gets one at a time until it is well again: it costs the others nothing."""
GONE: Final = 410


def wait_s(tries: int, chance: float) -> float | None:
    """Seconds until the next try after `tries` have failed, spread by 20 %; None: no try is left. `chance` is 0..1."""
    if tries > len(RETRIES_S):
        return None
    return RETRIES_S[tries - 1] * (1 - SPREAD + 2 * SPREAD * chance)


def failure_of(status: int) -> str | None:
    """The word for an answer; None for 2xx. A redirect is a failure: it is not followed."""
    if 200 <= status < 300:
        return None
    return "REDIRECTED" if 300 <= status < 400 else "GONE" if status == GONE else "ANSWER_STATUS"
