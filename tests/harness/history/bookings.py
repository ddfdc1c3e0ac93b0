"""H1 to H3: bookings that were acknowledged are there, none overlap, each refusal had its reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.harness.history.calls import FOR_EVER, Booked, Call

BOOK, CANCEL = "book", "cancel"


def acknowledged(calls: Sequence[Call], base: Iterable[Booked]) -> list[str]:
    """H1. `book` {resource, start, end}, `cancel` {booking: key of the book}: what was told to be booked is in the
    base, what was told to be cancelled is not, and nothing is there that nobody asked for."""
    there = {row.key for row in base}
    booked = {call.key: call for call in calls if call.op == BOOK}
    told, perhaps = _cancelled(calls, "ok"), _cancelled(calls, "info")
    found = [
        f"H1 lost: {key} was acknowledged" for key, call in booked.items() if _missing(call, there, told | perhaps)
    ]
    found += [f"H1 came back: {key} was cancelled" for key in sorted(told & there)]
    for key in sorted(there):
        if key not in booked:
            found.append(f"H1 phantom: nobody asked for {key}")
        elif all(call.out == "fail" for call in calls if call.op == BOOK and call.key == key):
            found.append(f"H1 phantom: {key} was refused")
    return found


def _cancelled(calls: Sequence[Call], out: str) -> set[str]:
    return {call.text("booking") for call in calls if call.op == CANCEL and call.out == out}


def _missing(call: Call, there: set[str], cancelled: set[str]) -> bool:
    return call.out == "ok" and call.key not in there and call.key not in cancelled


def overlaps(base: Iterable[Booked]) -> list[str]:
    """H2: of two live bookings of one resource neither begins before the other ends."""
    rows = defaultdict(list)
    for row in base:
        rows[row.resource].append(row)
    found = []
    for each in rows.values():
        last: Booked | None = None
        for row in sorted(each, key=lambda row: (row.start, row.end)):
            if last is not None and row.start < last.end:
                found.append(f"H2 overlap: {last.key} and {row.key} of {row.resource}")
            if last is None or row.end > last.end:
                last = row
    return found


@dataclass(frozen=True, slots=True)
class _Life:
    """A booking, and the longest time in which it may have been live: from its request to the end of its cancel."""

    call: Call
    until: int

    def reaches(self, refused: Call) -> bool:
        """It may have been live while the refused one was judged, on the same resource, at the same time."""
        mine, other = self.call, refused
        return (
            mine.key != other.key
            and mine.text("resource") == other.text("resource")
            and mine.number("start") < other.number("end")
            and other.number("start") < mine.number("end")
            and mine.t0 <= other.t1
            and other.t0 <= self.until
        )


def justified(calls: Sequence[Call]) -> list[str]:
    """H3: each `book` or `hold` that was refused because the time is taken (409) met one that took it, or may have. A
    `hold` says `expires`, and takes its time until then or until it is given back (`cancel`)."""
    lives = defaultdict(list)
    for life in _lives(calls):
        lives[life.call.text("resource")].append(life)
    return [
        f"H3 unjustified: {call.key} was refused and nothing took {call.text('resource')}"
        for call in calls
        if call.op in (BOOK, "hold") and call.status == 409
        if not any(life.reaches(call) for life in lives[call.text("resource")])
    ]


def _lives(calls: Sequence[Call]) -> Iterator[_Life]:
    ends = {call.text("booking"): call.ends for call in calls if call.op == CANCEL and call.out == "ok"}
    for call in calls:
        if call.op in (BOOK, "hold") and call.out != "fail":
            expires = call.number("expires") if "expires" in call.args else FOR_EVER
            yield _Life(call, min(ends.get(call.key, FOR_EVER), expires))
