"""Scans of a queue that find everything as it should be, done in a few statements for all of them.

What is to be refused, opened or told beside its own change is left to the act of one scan (`acts.py`), which is the
rule; what is done here leaves the same rows, entries and events.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.cooperation import RunStage
from cooperation.blocks.looking import Block, causes_of, expiry_of
from cooperation.custody import queries as custody
from cooperation.custody.moving import move_all, stays_of
from cooperation.custody.rows import Stay
from cooperation.runs.acts import not_announced, received, soaked
from cooperation.runs.changing import happen_to_all
from cooperation.runs.rows import InstrumentSet, Run
from cooperation.scans.acts import done, returned, stored
from cooperation.scans.answers import Answer
from cooperation.scans.bench import Bench, Scan, thing

Answers = list[Answer | None]
"""One for each scan; None: it is to be done by itself."""
ActOnAll = Callable[[Bench, Sequence[Scan]], Awaitable[Answers]]


@dataclass(frozen=True, slots=True)
class Ready:
    """What one scan is about, locked; `number`: its place among the scans."""

    number: int
    scan: Scan
    of: InstrumentSet
    run: Run
    stay: Stay
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Standing:
    """The place that a thing is in, directly."""

    kind: str
    site_id: UUID | None


async def receive(bench: Bench, scans: Sequence[Scan]) -> Answers:
    """Sets on their way that arrive at the plant's reception."""
    ready = await _ready(bench, scans, "returning")
    places = await _places(bench, ready)
    site = places[bench.station.place_id].site_id

    def announced(each: Ready) -> bool:
        at = places[each.stay.place_id]
        return at.kind == "crate" or at.site_id == site

    plain = [each for each in ready if not each.blocks and each.stay.place_id in places]
    changes = [(each.run, received(each.run, each.scan.at)) for each in plain]
    runs = await happen_to_all(bench.tx, changes, "run.received", [each.scan.at for each in plain])
    await _bring(bench, plain)
    await not_announced(bench.tx, [each.of for each in plain if not announced(each)])
    return _answers(scans, plain, [done(bench, run, "next_set") for run in runs])


async def came_back(bench: Bench, scans: Sequence[Scan]) -> Answers:
    """A theatre's returns, into the bath or out of it."""
    plain = [each for each in await _ready(bench, scans, "returning") if not each.blocks]
    await _bring(bench, plain)
    runs = {each.run.id: each.run for each in plain}
    changes: dict[str, list[tuple[Run, Run, datetime]]] = {}
    for each in plain:
        if (soaking := soaked(each.run, each.scan.at)) is not None:
            changes.setdefault(soaking[0], []).append((each.run, soaking[1], each.scan.at))
    for kind, of_kind in changes.items():
        pairs = [(before, after) for before, after, _ in of_kind]
        runs |= {run.id: run for run in await happen_to_all(bench.tx, pairs, kind, [at for *_, at in of_kind])}
    return _answers(scans, plain, [done(bench, runs[each.run.id], returned(runs[each.run.id])) for each in plain])


async def store(bench: Bench, scans: Sequence[Scan]) -> Answers:
    """Released packs, unblocked, out of no crate."""
    ready = await _ready(bench, scans, "released")
    places = await _places(bench, ready)

    def loose(each: Ready) -> bool:
        at = places.get(each.stay.place_id)
        return at is not None and at.kind != "crate"

    good = [each for each in ready if not each.blocks and not expiry_of(each.run, bench.day(each.scan.at))]
    plain = [each for each in good if loose(each)]
    await _bring(bench, plain)
    return _answers(scans, plain, [stored(bench, each.run) for each in plain])


TOGETHER: Final[Mapping[str, ActOnAll]] = {"return": came_back, "reception": receive, "store": store}
"""By the kind of the station; the scans of one call are of different sets."""


async def _ready(bench: Bench, scans: Sequence[Scan], stage: RunStage) -> list[Ready]:
    """Those whose run is at that stage and has not gone on since the scan, with what blocks it."""
    found = []
    for number, scan in enumerate(scans):
        known = bench.known(scan.code)
        if known is not None and known[1].stage == stage:
            found.append((number, scan, *known))
    stays = await stays_of(bench.tx, [of.id for _, _, of, _ in found])
    causes: dict[UUID, list[Block]] = {}
    for block in await causes_of(bench.tx, [run for *_, run in found]):
        causes.setdefault(block.subject_id, []).append(block)
    return [
        Ready(number, scan, of, run, stays[of.id], causes.get(run.id, []))
        for number, scan, of, run in found
        if of.id in stays and _fits(scan, run, stays[of.id])
    ]


def _fits(scan: Scan, run: Run, stay: Stay) -> bool:
    return not scan.late or max(run.stage_since, stay.since) <= scan.at


async def _places(bench: Bench, ready: Sequence[Ready]) -> dict[UUID, Standing]:
    """Where they are, and the station's place; without those out of reach."""
    wanted = {each.stay.place_id for each in ready} | {bench.station.place_id}
    rows = await bench.tx.fetch(custody.PLACES, list(wanted))
    return {row["id"]: Standing(row["kind"], row["site_id"]) for row in rows}


async def _bring(bench: Bench, plain: Sequence[Ready]) -> None:
    moves = [(thing(each.of), each.stay, each.scan.at) for each in plain]
    await move_all(bench.tx, moves, bench.station.place_id)


def _answers(scans: Sequence[Scan], plain: Sequence[Ready], answers: Sequence[Answer]) -> Answers:
    of_number = {each.number: answer for each, answer in zip(plain, answers, strict=True)}
    return [of_number.get(number) for number in range(len(scans))]
