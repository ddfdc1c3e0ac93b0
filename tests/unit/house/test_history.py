"""The checker of histories: each planted contradiction is found by its check alone, and what a correct platform answers
is never called wrong. A checker that always cries is no checker."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.history import (
    Booked,
    Call,
    Out,
    acknowledged,
    effects_once,
    justified,
    leases,
    linearizable,
    overlaps,
    read,
    replays,
    streams,
    write,
)
from tests.harness.history.calls import Value
from tests.harness.history.logs import RESYNC, Applied, Told

MINUTES = 20
Judged = Callable[[], list[str]]


def book(
    key: str, t0: int, t1: int, *, out: Out = "ok", start: int = 0, status: int | None = None, body: str = ""
) -> Call:
    told = {"ok": 201, "fail": 409, "info": None}[out]
    args: dict[str, Value] = {"resource": "doctor", "start": start, "end": start + MINUTES}
    return Call(0, "book", key, t0, t1, out, status or told, body, args)


def cancel(booking: str, t0: int, t1: int, out: Out = "ok") -> Call:
    return Call(0, "cancel", f"cancel-{booking}", t0, t1, out, 200, "", {"booking": booking, "resource": "doctor"})


def shown(t0: int, t1: int, *taken: int) -> Call:
    return Call(
        1, "read", f"read-{t0}", t0, t1, "ok", 200, "", {"resource": "doctor", "taken": [str(t) for t in taken]}
    )


def lease(op: str, owner: str, t0: int, until: int = 0, out: Out = "ok", thing: str = "call") -> Call:
    return Call(0, op, f"{op}-{owner}-{t0}", t0, t0 + 1, out, 200, "", {"thing": thing, "owner": owner, "until": until})


def row(key: str, start: int = 0, end: int | None = None) -> Booked:
    return Booked(key, "doctor", start, start + MINUTES if end is None else end)


ONCE = [Told("e1", "a", 1), Told("e2", "a", 2)]
PLANTED: dict[str, tuple[str, Judged]] = {
    "double booking": ("H2 overlap", lambda: overlaps([row("a"), row("b")])),
    "overlap by one second": ("H2 overlap", lambda: overlaps([row("a", 0, 1201), row("b", 1200, 2400)])),
    "overlap with one before the last": (
        "H2 overlap",
        lambda: overlaps([row("a", 0, 90), row("b", 1, 2), row("c", 80, 99)]),
    ),
    "lost acknowledgement": ("H1 lost", lambda: acknowledged([book("a", 0, 1)], [])),
    "phantom row": ("H1 phantom", lambda: acknowledged([], [row("a")])),
    "refused and yet there": ("H1 phantom", lambda: acknowledged([book("a", 0, 1, out="fail")], [row("a")])),
    "cancel that came back": ("H1 came back", lambda: acknowledged([book("a", 0, 1), cancel("a", 2, 3)], [row("a")])),
    "unjustified 409": ("H3 unjustified", lambda: justified([book("a", 5, 6, out="fail"), book("b", 7, 8)])),
    "409 after the cancel": (
        "H3 unjustified",
        lambda: justified([book("a", 0, 1), cancel("a", 2, 3), book("b", 4, 5, out="fail")]),
    ),
    "stale read after an acknowledged write": ("H4", lambda: linearizable([book("a", 0, 1), shown(2, 3)]).found),
    "read of what was refused": ("H4", lambda: linearizable([book("a", 0, 1, out="fail"), shown(2, 3, 0)]).found),
    "two acknowledged for one time": ("H4", lambda: linearizable([book("a", 0, 9), book("b", 1, 8)]).found),
    "effect twice": (
        "H5 twice",
        lambda: effects_once(ONCE, [Applied("c", e) for e in ("e1", "e1", "e2")], ["c"]),
    ),
    "event out of order": (
        "H5 out of order",
        lambda: effects_once(ONCE, [Applied("c", e) for e in ("e2", "e1")], ["c"]),
    ),
    "version hole": (
        "H5 hole",
        lambda: effects_once([Told("e1", "a", 1), Told("e3", "a", 3)], [Applied("c", e) for e in ("e1", "e3")], ["c"]),
    ),
    "event that never came": ("H5 lost", lambda: effects_once(ONCE, [Applied("c", "e1")], ["c"])),
    "effect without cause": (
        "H5 without cause",
        lambda: effects_once(ONCE, [Applied("c", e) for e in ("e1", "e2", "e9")], ["c"]),
    ),
    "two owners of a call": ("H6 two owners", lambda: leases([lease("claim", "x", 0), lease("claim", "y", 5)])),
    "completion after a lost lease": (
        "H6 too late",
        lambda: leases([lease("claim", "x", 0, until=10), lease("complete", "x", 20)]),
    ),
    "completion of another's call": ("H6 not his", lambda: leases([lease("claim", "x", 0), lease("complete", "y", 5)])),
    "confirmed after its time": (
        "H6 too late",
        lambda: leases([lease("claim", "v", 0, 600, thing="hold"), lease("complete", "v", 601, thing="hold")]),
    ),
    "replay with another body": ("H7", lambda: replays([book("a", 0, 1, body="x"), book("a", 2, 3, body="y")])),
    "replay with another status": ("H7", lambda: replays([book("a", 0, 1), book("a", 2, 3, out="fail")])),
    "stream gap": ("H8 s missed", lambda: streams(["1", "2", "3"], {"s": ["1", "3"]})),
    "stream repeat": ("H8 s heard 2 again", lambda: streams(["1", "2", "3"], {"s": ["1", "2", "2", "3"]})),
    "stream that ends early": ("H8 s missed the end", lambda: streams(["1", "2"], {"s": ["1"]})),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_contradiction_is_found_by_its_check(planted: str) -> None:
    named, judged = PLANTED[planted]
    found = judged()
    assert found
    assert all(each.startswith(named) for each in found)


GOOD: dict[str, Judged] = {
    "one after the other": lambda: overlaps([row("a", 0, 1200), row("b", 1200, 2400)]),
    "another doctor at the same time": lambda: overlaps([row("a"), Booked("b", "other", 0, MINUTES)]),
    "unknown and there": lambda: acknowledged([book("a", 0, 1, out="info")], [row("a")]),
    "unknown and not there": lambda: acknowledged([book("a", 0, 1, out="info")], []),
    "refused, then taken with the same key": lambda: acknowledged(
        [book("a", 0, 1, out="fail"), book("a", 2, 3)], [row("a")]
    ),
    "perhaps cancelled": lambda: acknowledged([book("a", 0, 1), cancel("a", 2, 3, "info")], []),
    "refused by one who was later given up": lambda: justified(
        [book("a", 0, 9), book("b", 3, 4, out="fail"), cancel("a", 10, 11)]
    ),
    "refused by one that nobody knows of": lambda: justified(
        [book("a", 0, 1, out="info"), book("b", 9, 10, out="fail")]
    ),
    "refused while the cancel ran": lambda: justified(
        [book("a", 0, 1), cancel("a", 2, 9), book("b", 4, 5, out="fail")]
    ),
    "read beside a write, either way": lambda: linearizable([book("a", 0, 9), shown(1, 2), shown(3, 4, 0)]).found,
    "unknown that comes to light late": lambda: (
        linearizable([book("a", 0, 1, out="info"), shown(2, 3), shown(4, 5, 0), book("b", 6, 7, out="fail")]).found
    ),
    "given up, then another's": lambda: (
        linearizable(
            [book("a", 0, 1), book("b", 2, 3, out="fail"), cancel("a", 4, 5), book("b2", 6, 7), shown(8, 9, 0)]
        ).found
    ),
    "delivered twice, applied once": lambda: effects_once(ONCE, [Applied("c", "e1"), Applied("c", "e2")], ["c"]),
    "renewed, then completed": lambda: leases(
        [lease("claim", "x", 0, until=10), lease("renew", "x", 8, until=30), lease("complete", "x", 20)]
    ),
    "lost, then another's": lambda: leases(
        [lease("claim", "x", 0, until=10), lease("claim", "y", 15, until=40), lease("complete", "y", 20)]
    ),
    "given back, then another's": lambda: leases(
        [lease("claim", "x", 0), lease("release", "x", 5), lease("claim", "y", 8), lease("complete", "y", 9)]
    ),
    "the same answer again": lambda: replays([book("a", 0, 1, body="x"), book("a", 2, 3, body="x")]),
    "while the first still runs": lambda: replays(
        [book("a", 0, 9, body="x"), book("a", 2, 3, out="fail", body="in use")]
    ),
    "unknown, then answered": lambda: replays([book("a", 0, 1, out="info"), book("a", 2, 3, body="x")]),
    "read again after a gap": lambda: streams(["1", "2", "3", "4"], {"s": ["1", RESYNC, "4"]}),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_may_be_answered_so_is_not_called_wrong(name: str) -> None:
    assert GOOD[name]() == []


def test_too_many_at_once_are_said_not_judged() -> None:
    verdict = linearizable([book(f"b{n}", 0, 100, out="fail" if n else "ok") for n in range(61)])
    assert verdict.found == []
    assert len(verdict.cut) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_every_history_of_a_correct_store_holds(seed: int) -> None:
    calls, base = _of_a_correct_store(random.Random(seed))
    assert acknowledged(calls, base) + overlaps(base) + justified(calls) + linearizable(calls).found == []


def _of_a_correct_store(chance: random.Random) -> tuple[list[Call], list[Booked]]:
    """Clients whose requests overlap; each takes effect at one moment between its two ends, or, when the answer is
    lost, perhaps never."""
    taken: dict[int, str] = {}
    calls: list[Call] = []
    for moment in range(0, 400, 10):
        t0, t1 = moment - chance.randrange(25), moment + chance.randrange(25)
        start, lost, happens = chance.randrange(4) * MINUTES, chance.random() < 0.15, chance.random() < 0.5
        act = chance.choice(["book", "book", "cancel", "read"])
        if act == "read":
            calls.append(shown(t0, t1, *sorted(taken)))
        elif act == "book":
            free = start not in taken
            if free and (not lost or happens):
                taken[start] = f"b{moment}"
            calls.append(book(f"b{moment}", t0, t1, start=start, out="info" if lost else "ok" if free else "fail"))
        elif start in taken:
            key = taken[start]
            if not lost or happens:
                del taken[start]
            calls.append(cancel(key, t0, t1, "info" if lost else "ok"))
    return calls, [row(key, start) for start, key in taken.items()]


def test_a_history_is_kept_as_lines(tmp_path: Path) -> None:
    calls = [book("a", 0, 1), cancel("a", 2, 3), shown(4, 5)]
    write(tmp_path / "client.jsonl", calls)
    assert read(tmp_path / "client.jsonl") == calls
