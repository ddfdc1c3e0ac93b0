"""When a message leaves, when it is tried again, what a receipt makes of it, and who sees where it went. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Channel = Literal["sms", "voice", "email"]
State = Literal["planned", "sending", "sent", "delivered", "failed", "unknown", "dropped"]
Said = Literal["sent", "delivered", "failed"]

TRIES: Final = 8
LOST_AFTER: Final = timedelta(minutes=5)
"""Longer than a provider can take: what is still `sending` then was left by a crash."""
LAST_MOMENT: Final = timedelta(hours=1)
"""A change told so short before the visit, or later, comes too late: then it is told in quiet hours too."""
CALL_WITHIN: Final = timedelta(hours=48)
"""A change of a visit that near is told by a person when no message gets through."""

AGAIN_BY_HAND: Final = frozenset({"sent", "delivered", "failed", "unknown"})
"""States from which a person may order a message to be sent again."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """`days_before` the local day of the visit, at `local_time`."""

    channel: Channel
    days_before: int
    local_time: time


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Parameters of a centre: its reminders; from when until when, local time, no telephone rings or buzzes."""

    reminders: Sequence[Reminder]
    quiet_from: time = time(20)
    quiet_to: time = time(8)


def after_quiet(moment: datetime, zone: str, rhythm: Rhythm) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies (UTC). They may cross midnight; equal limits:
    there are none.
    """
    local = moment.astimezone(ZoneInfo(zone))
    wall, day = local.time(), local.date()
    first, last = rhythm.quiet_from, rhythm.quiet_to
    if first < last:
        quiet = first <= wall < last
    else:
        quiet = first != last and (wall >= first or wall < last)
        day += timedelta(days=1) if wall >= first else timedelta()
    if not quiet:
        return moment
    return max(moment, datetime.combine(day, last, ZoneInfo(zone)).astimezone(UTC))


def reminders_of(start: datetime, zone: str, rhythm: Rhythm, now: datetime) -> Iterator[tuple[Channel, int, datetime]]:
    """Channel, days before and due instant (UTC) of each reminder of a visit that is still to come.

    None for an instant already past, nor for one that quiet hours would move behind the start. The wall time is that
    of the day of the reminder, on both sides of a clock change.
    """
    day = start.astimezone(ZoneInfo(zone)).date()
    for each in rhythm.reminders:
        wall = datetime.combine(day - timedelta(days=each.days_before), each.local_time, ZoneInfo(zone))
        due = wall.astimezone(UTC)
        if each.channel != "email":
            due = after_quiet(due, zone, rhythm)
        if now < due < start:
            yield each.channel, each.days_before, due


def due_when_spoken(now: datetime, zone: str, rhythm: Rhythm, *, before: datetime | None = None) -> datetime:
    """When an SMS or a call that nobody awaits may go: now, or after the quiet hours.

    `before`: the start of the visit of which it tells a change; what would come less than an hour before goes now.
    """
    due = after_quiet(now, zone, rhythm)
    return now if before is not None and due > before - LAST_MOMENT else due


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait when nothing was handed over: 15 s, doubled each time up to 30 min; None after eight tries."""
    if attempts >= TRIES:
        return None
    return min(timedelta(seconds=15 * 2 ** (attempts - 1)), timedelta(minutes=30))


def attempt_of(resent: int, attempts: int) -> int:
    """The number of an attempt over the whole life of a message: with its id, our reference at the provider."""
    return resent * TRIES + attempts


# What a receipt makes of a message. What is not here changes nothing: `delivered` is the last word, `sent` comes late.
_AFTER: Final[dict[State, dict[Said, State]]] = {
    "unknown": {"sent": "sent", "delivered": "delivered", "failed": "failed"},
    "sent": {"delivered": "delivered", "failed": "failed"},
    "failed": {"delivered": "delivered"},
}


def after_receipt(state: State, said: Said) -> State | None:
    """The state after a receipt, None when it changes nothing. Whatever the order, the same receipts end the same."""
    return _AFTER.get(state, {}).get(said)


def masked(recipient: str) -> str:
    """Enough to recognise a contact, not enough to use it: `+33…01`, `a…@example.org`."""
    name, at, host = recipient.partition("@")
    return f"{name[:1]}…@{host}" if at else f"{recipient[:3]}…{recipient[-2:]}"
