"""What a batch of scans is before anything is done: their order, their times, what counts once. Pure.

A scanner numbers what it reads from 1 without a hole. What it could not send it keeps and sends again, so the same
number may come more than once; it means the same scan each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

ONCE_WITHIN: Final = timedelta(seconds=2)
"""The same code on the same device within this time is one scan: a trigger held too long."""


OLDEST: Final = timedelta(days=31)
"""No scanner keeps what it could not send for longer: its clock stood elsewhere when it read that."""


class SequenceGap(ValueError):
    """Scans before these have not arrived; `expected` is the first number that is missing."""

    def __init__(self, expected: int) -> None:
        super().__init__(expected)
        self.expected = expected


class NumberReused(ValueError):
    """One number, two codes: a device that has lost its count, or two that share an identity."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a device read: its own number, text and time."""

    seq: int
    code: str
    scanned_at: datetime


def fresh(last_seq: int, sent: Sequence[Read], kept: Mapping[int, str]) -> list[int]:
    """Positions in `sent` of the scans not seen yet, in sequence. `kept`: codes already stored under the numbers of
    this batch. Raises NumberReused, else SequenceGap."""
    codes = dict(kept)
    new: list[int] = []
    for place in sorted(range(len(sent)), key=lambda each: sent[each].seq):
        scan = sent[place]
        known = codes.setdefault(scan.seq, scan.code)
        if known != scan.code:
            raise NumberReused
        if scan.seq > last_seq and (not new or sent[new[-1]].seq != scan.seq):
            new.append(place)
    for expected, place in enumerate(new, start=last_seq + 1):
        if sent[place].seq != expected:
            raise SequenceGap(expected)
    return new


def offset_ms(sent_at: datetime | None, received_at: datetime, known: int) -> int:
    """What is to be added to the device's clock: measured when the batch says its own time of sending, else as known
    from before."""
    return known if sent_at is None else round((received_at - sent_at) / timedelta(milliseconds=1))


def occurred_at(scanned_at: datetime, offset: int, received_at: datetime, most_h: float) -> datetime | None:
    """When it was scanned, by the server's clock, never in the future; None when the device's clock is further off
    than is believed."""
    most = timedelta(hours=most_h)
    if abs(timedelta(milliseconds=offset)) > most:
        return None
    corrected = scanned_at + timedelta(milliseconds=offset)
    if corrected - received_at > most or received_at - corrected > OLDEST:
        return None
    return min(corrected, received_at)


def repeats(scan: Read, counted: Read) -> bool:
    """Whether it is the last counted scan of its code again: at most two seconds apart by the device's own clock."""
    return scan.code == counted.code and abs(scan.scanned_at - counted.scanned_at) <= ONCE_WITHIN
