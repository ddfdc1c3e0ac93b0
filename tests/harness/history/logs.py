"""H5, H7, H8: events once and in order, the same answer to the same key, streams without gap or repeat."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.harness.history.calls import Call

RESYNC = "resync"


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the outbox: its id, the record it is about, that record's version."""

    event: str
    about: str
    version: int


@dataclass(frozen=True, slots=True)
class Applied:
    """A consumer's effect, in the order of its commits."""

    consumer: str
    event: str


def effects_once(told: Sequence[Told], applied: Sequence[Applied], consumers: Iterable[str]) -> list[str]:
    """H5: versions of a record run from 1 without a hole; each consumer has each event once, and none before the one
    that came before it."""
    found = []
    versions = defaultdict(list)
    for each_told in told:
        versions[each_told.about].append(each_told.version)
    for about, each in sorted(versions.items()):
        if sorted(each) != list(range(1, len(each) + 1)):
            found.append(f"H5 hole: versions of {about} are {sorted(each)}")
    known = {each_told.event: each_told for each_told in told}
    for consumer in consumers:
        seen: dict[str, int] = {}
        last: dict[str, int] = defaultdict(int)
        for effect in applied:
            if effect.consumer != consumer:
                continue
            if (event := known.get(effect.event)) is None:
                found.append(f"H5 without cause: {consumer} applied {effect.event}")
                continue
            seen[event.event] = seen.get(event.event, 0) + 1
            if seen[event.event] > 1:
                found.append(f"H5 twice: {consumer} applied {event.event}")
            elif event.version < last[event.about]:
                found.append(f"H5 out of order: {consumer} applied version {event.version} of {event.about} late")
            last[event.about] = max(last[event.about], event.version)
        found += [f"H5 lost: {consumer} never applied {event.event}" for event in told if event.event not in seen]
    return found


def replays(calls: Sequence[Call]) -> list[str]:
    """H7: of the requests with one key by one client, all that were answered with a result say the same. A refusal
    because another still runs (409 `KEY_IN_USE`, body "in use") is no result."""
    answers: dict[tuple[int, str], dict[tuple[int | None, str], str]] = defaultdict(dict)
    for call in calls:
        if call.out != "info" and call.body != "in use":
            answers[call.proc, call.key].setdefault((call.status, call.body), call.op)
    return [
        f"H7 two answers to {key}: {sorted(str(status) for status, _ in each)}"
        for (_, key), each in sorted(answers.items())
        if len(each) > 1
    ]


def streams(expected: Sequence[str], heard: Mapping[str, Sequence[str]]) -> list[str]:
    """H8: every screen heard all events that concern it, in their order, or was told once to read again: what comes
    after a `resync` follows from any later place. `expected`: ids in the order of the broker."""
    place = {event: number for number, event in enumerate(expected)}
    found = []
    for client, log in sorted(heard.items()):
        at = -1
        free = False
        for event in log:
            if event == RESYNC:
                free = True
                continue
            here = place.get(event)
            if here is None:
                found.append(f"H8 {client} heard {event}, which was never told")
            elif here <= at:
                found.append(f"H8 {client} heard {event} again")
            elif here > at + 1 and not free:
                found.append(f"H8 {client} missed {expected[at + 1]}")
            at = max(at, here if here is not None else at)
            free = False if here is not None else free
        if at < len(expected) - 1 and not free:
            found.append(f"H8 {client} missed the end")
    return found
