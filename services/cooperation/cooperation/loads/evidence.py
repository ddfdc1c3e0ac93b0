"""What a release rests on: each item is ok, missing or failed, and nothing is assumed. Pure.

The hash of the facts is the load's ETag: what is signed is what was seen. Who signs is no part of it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

Kind = Literal["washing", "steam", "low_temperature"]
State = Literal["ok", "missing", "failed"]
ItemName = Literal[
    "machine_in_service", "tests_of_day", "programme_valid", "record_present", "verdict_conform",
    "second_recorder_agrees", "indicator_read", "packs_seen", "no_open_issue", "signatory_in_scope",
]  # fmt: skip
Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]

CLOCKS_APART: Final = timedelta(minutes=10)
"""So far the clocks of a machine and of a scanner may differ: a pack scanned out earlier before the cycle's end than
this was not seen after it."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What was seen of one run of the load when it came out; None: nobody looked. `dated`: its packaging is known, so
    that its last day is."""

    run_id: str
    intact: bool | None
    dry: bool | None
    clean: bool | None
    seen_at: datetime | None
    dated: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known of a load. `record`: id of the one that counts. `tests`, `controls`: the last result of each
    kind; `tests` is None for a load whose start kept none. `issues`: those not closed."""

    kind: Kind
    load_id: str
    cycle_no: int | None
    machine_state: str | None
    tests: Mapping[str, str] | None
    tests_wanted: tuple[str, ...]
    programme_id: str
    programme_valid: bool | None
    record: str | None
    verdict: str | None
    failings: tuple[str, ...]
    second_agrees: bool | None
    controls: Mapping[str, tuple[str, str]]
    controls_wanted: tuple[str, ...]
    packs: tuple[Pack, ...]
    issues: tuple[str, ...]
    cycle_ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `done` of `of`: packs; `codes`: what is missing or failed."""

    name: ItemName
    state: State
    done: int | None = None
    of: int | None = None
    codes: tuple[str, ...] = ()


def items(known: Known) -> tuple[Item, ...]:
    """Every item but who signs. A wash has no second recorder, and its indicators are those that were read."""
    found = [
        _state("machine_in_service", None if known.machine_state is None else known.machine_state == "in_service"),
        _results("tests_of_day", known.tests_wanted, known.tests),
        _state("programme_valid", known.programme_valid),
        _state("record_present", None if known.record is None else True),
        _state("verdict_conform", None if known.verdict is None else known.verdict == "conform", known.failings),
    ]
    if known.kind != "washing":
        found.append(_state("second_recorder_agrees", known.second_agrees))
    controls = {kind: result for kind, (result, _) in known.controls.items()}
    found.append(_results("indicator_read", known.controls_wanted, controls))
    found.append(_packs(known))
    found.append(_state("no_open_issue", not known.issues))
    return tuple(found)


def seen(pack: Pack, kind: Kind, cycle_ended_at: datetime | None) -> bool:
    """Whether somebody looked at it after the cycle: clean or not for a wash, else intact and dry or not."""
    if pack.seen_at is None or cycle_ended_at is None or pack.seen_at < cycle_ended_at - CLOCKS_APART:
        return False
    if kind == "washing":
        return pack.clean is not None
    return pack.intact is not None and pack.dry is not None and pack.dated


def hash_of(known: Known) -> str:
    """SHA-256 of all facts, in hexadecimal; the same facts have the same hash."""
    facts: dict[str, Json] = {
        "load": known.load_id,
        "cycle_no": known.cycle_no,
        "machine": known.machine_state,
        "tests": None if known.tests is None else dict(known.tests),
        "tests_wanted": known.tests_wanted,
        "programme": [known.programme_id, known.programme_valid],
        "record": [known.record, known.verdict, known.second_agrees],
        "controls": {kind: [*result] for kind, result in known.controls.items()},
        "controls_wanted": known.controls_wanted,
        "packs": [_fact(each) for each in known.packs],
        "issues": known.issues,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _fact(pack: Pack) -> Json:
    looked = None if pack.seen_at is None else pack.seen_at.astimezone(UTC).isoformat()
    return [pack.run_id, pack.intact, pack.dry, pack.clean, looked, pack.dated]


def _state(name: ItemName, good: bool | None, codes: tuple[str, ...] = ()) -> Item:
    if good is None:
        return Item(name, "missing")
    return Item(name, "ok") if good else Item(name, "failed", codes=codes)


def _results(name: ItemName, wanted: tuple[str, ...], last: Mapping[str, str] | None) -> Item:
    """What failed, wanted or not, weighs more than what is missing."""
    failed = tuple(sorted(kind for kind, result in (last or {}).items() if result != "conform"))
    if failed:
        return Item(name, "failed", codes=failed)
    if last is None:
        return Item(name, "missing", codes=wanted)
    missing = tuple(kind for kind in wanted if kind not in last)
    return Item(name, "missing", codes=missing) if missing else Item(name, "ok")


def _packs(known: Known) -> Item:
    done = sum(seen(pack, known.kind, known.cycle_ended_at) for pack in known.packs)
    return Item("packs_seen", "ok" if done == len(known.packs) else "missing", done, len(known.packs))
