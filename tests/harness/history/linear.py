"""H4: the answers about one practitioner's day are those of some order of the requests.

The search of Wing and Gong with Lowe's memo: at each step one of the requests that may come next is done on a set of
taken times; a set of requests done that was met before with the same times is not tried again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.harness.history.calls import Call

AT_ONCE = 60
"""More requests that are all concurrent are not judged, which is said."""
Taken = frozenset[tuple[int, str]]
"""Times of the day that are taken, and by which request."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`found`: days that no order explains. `cut`: days that were too crowded to judge."""

    found: list[str]
    cut: list[str]


def linearizable(calls: Sequence[Call]) -> Verdict:
    """H4, one resource at a time. `book` {resource, start}, `cancel` {resource, booking}, `read` {resource, taken: the
    starts that were shown as taken}."""
    days = defaultdict(list)
    for call in calls:
        days[call.text("resource")].append(call)
    found, cut = [], []
    for resource, each in sorted(days.items()):
        for window in _windows(each):
            if _crowd(window) > AT_ONCE:
                cut.append(f"H4 not judged: more than {AT_ONCE} at once on {resource}")
                break
        else:
            if not _explained(each):
                found.append(f"H4 no order explains what was answered about {resource}")
    return Verdict(found, cut)


def _windows(calls: Sequence[Call]) -> Iterator[list[Call]]:
    """Requests that overlap, one after the other; those of unknown end belong to all that follow."""
    window: list[Call] = []
    until = 0
    for call in sorted(calls, key=lambda call: call.t0):
        if window and call.t0 > until:
            yield window
            window = [each for each in window if each.out == "info"]
        window.append(call)
        until = max(until, call.t1)
    if window:
        yield window


def _crowd(window: Sequence[Call]) -> int:
    return max(sum(1 for other in window if other.t0 <= call.t1 and call.t0 <= other.ends) for call in window)


def _explained(calls: Sequence[Call]) -> bool:
    """Depth first, without recursion: a state is which requests are done, and which times are then taken."""
    order = sorted(calls, key=lambda call: call.t0)
    certain = sum(1 << place for place, call in enumerate(order) if call.out != "info")
    start: tuple[int, Taken] = (0, frozenset())
    met, stack = {start}, [start]
    while stack:
        done, taken = stack.pop()
        if done & certain == certain:
            return True
        soonest = min(call.ends for place, call in enumerate(order) if not done >> place & 1)
        for place, call in enumerate(order):
            if done >> place & 1:
                continue
            if call.t0 > soonest:
                break  # another was over before this one, and all that follow, began
            after = _applied(call, taken)
            if after is not None:
                state = (done | 1 << place, after)
                if state not in met:
                    met.add(state)
                    stack.append(state)
    return False


def _applied(call: Call, taken: Taken) -> Taken | None:
    """The times taken after it; None if it cannot have been answered so. What nobody knows does what it can."""
    times = {start for start, _ in taken}
    if call.op == "book":
        free = call.number("start") not in times
        if call.out == "fail":
            return None if free else taken
        if call.out == "ok" and not free:
            return None
        return taken | {(call.number("start"), call.key)} if free else taken
    if call.op == "cancel":
        mine = {each for each in taken if each[1] == call.text("booking")}
        if call.out == "fail":
            return None if mine else taken
        return taken - mine if mine or call.out == "info" else None
    shown = call.args["taken"]
    assert isinstance(shown, list)
    return taken if call.out != "ok" or {int(start) for start in shown} == times else None
