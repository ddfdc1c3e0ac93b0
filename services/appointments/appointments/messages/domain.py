"""When a message is tried again, and who sees where it went. Pure."""

from datetime import timedelta

TRIES = 8
LOST_AFTER = timedelta(minutes=5)
"""Longer than a provider can take: what is still `sending` then was left by a crash."""

AGAIN_BY_HAND = frozenset({"sent", "delivered", "failed", "unknown"})
"""States from which a person may order a message to be sent again."""


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait when nothing was handed over: 15 s, doubled each time up to 30 min; None after eight tries."""
    if attempts >= TRIES:
        return None
    return min(timedelta(seconds=15 * 2 ** (attempts - 1)), timedelta(minutes=30))


def masked(recipient: str) -> str:
    """Enough to recognise a contact, not enough to use it: `+33…01`, `a…@example.org`."""
    name, at, host = recipient.partition("@")
    return f"{name[:1]}…@{host}" if at else f"{recipient[:3]}…{recipient[-2:]}"
