"""What a scan does, by the kind of its station: one act, one answer.

An act raises a refusal before it has changed anything of its own; whatever it changed is undone by who called.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal
from uuid import UUID

from pydantic import JsonValue

from cooperation.blocks.looking import refuse_blocked
from cooperation.custody.moving import Subject, move, where
from cooperation.loads.acts import alive, open_load_of, put_into, seen, take_out
from cooperation.loads.errors import AlreadyLoaded
from cooperation.recalls.securing import secure
from cooperation.runs import acts as runs
from cooperation.runs.changing import open_run
from cooperation.runs.errors import NotReleased, WrongStage
from cooperation.runs.rows import LIVE, InstrumentSet, Run
from cooperation.scans.answers import Answer, Next
from cooperation.scans.bench import Bench, Scan, thing
from cooperation.scans.checking import at_assembly, at_dock, at_theatre
from cooperation.scans.errors import LateScan, NothingInHand
from cooperation.transport import crates

Act = Callable[[Bench, Scan], Awaitable[Answer]]


async def came_back(bench: Bench, scan: Scan) -> Answer:
    """A theatre's return: the set's run is on its way to the plant, its soak begins or ends."""
    of = await bench.set_behind(scan.code)
    run = await bench.first_run(of)
    if run is None:
        run = await open_run(bench.tx, of, "returning", "run.opened", scan.at)
    await bench.must_fit(scan, run)
    run = await runs.came_back(bench.tx, run, bench.station.place_id, scan.at)
    return done(bench, run, returned(run))


def returned(run: Run) -> Next:
    """What is next after a return scan."""
    return "next_set" if run.soak_to else "soak"


async def receive(bench: Bench, scan: Scan) -> Answer:
    """The plant's reception: by the set's tag, or the label of a pack that was used or aborted."""
    of = await bench.set_behind(scan.code)
    run = await bench.first_run(of)
    if run is not None:
        await bench.must_fit(scan, run)
    run = await runs.receive(bench.tx, of, run, bench.station.place_id, scan.at)
    return done(bench, run, "next_set")


async def load(bench: Bench, scan: Scan) -> Answer:
    """Into the open load of the station's machine; inside already: done again. Out again only when the scan says so."""
    run, machine_id = await bench.run_behind(scan.code), bench.station.machine()
    if scan.late and run.stage_since > scan.at:
        raise LateScan(stage=run.stage)
    if scan.out:
        taken = await take_out(bench.tx, run, scan.at)
        return _loaded(run, "taken_out", taken.load_id)
    opened = await open_load_of(bench.tx, machine_id)
    try:
        await put_into(bench.tx, opened, run, scan.at)
    except AlreadyLoaded as loaded:
        if loaded.extra["load_id"] != str(opened.id):
            raise
    return _loaded(run, "next_run_or_start", opened.id)


async def unload(bench: Bench, scan: Scan) -> Answer:
    """Out of the steriliser: intact and dry, unless said now or before."""
    return await _seen(bench, scan, "intact", "dry")


async def unload_washer(bench: Bench, scan: Scan) -> Answer:
    """Out of the washer: clean, unless said now or before."""
    return await _seen(bench, scan, "clean")


async def _seen(bench: Bench, scan: Scan, *good: Literal["clean", "intact", "dry"]) -> Answer:
    run = await bench.run_behind(scan.code)
    if scan.late:
        before = await alive(bench.tx, run.id)
        if before is not None and before.seen_at is not None and before.seen_at > scan.at:
            raise LateScan(stage=run.stage)
    said = {name: getattr(scan, name) for name in good}
    looked = await seen(bench.tx, run, scan.at, **said, good=good)
    answer = _loaded(run, "next_pack", looked.load_id)
    answer.good = looked.clean is not False and looked.intact is not False and looked.dry is not False
    return answer


async def pack(bench: Bench, scan: Scan) -> Answer:
    """Packed, with the packaging said or the only one that fits; the station's machine is the sealer."""
    run = await bench.run_behind(scan.code)
    await bench.must_fit(scan, run)
    run = await runs.pack(bench.tx, run, scan.packaging_id, bench.station.machine_id, scan.at)
    answer = done(bench, run, "label_pack")
    answer.details["label"] = run.label
    return answer


async def store(bench: Bench, scan: Scan) -> Answer:
    """A released pack, unblocked, into the station's place."""
    of = await bench.set_behind(scan.code)
    run = await bench.run_behind(scan.code)
    if run.stage != "released":
        raise NotReleased(stage=run.stage)
    await bench.must_fit(scan, run)
    await refuse_blocked(bench.tx, [run], bench.day(scan.at))
    await _bring(bench, of, run, scan)
    return stored(bench, run)


def stored(bench: Bench, run: Run) -> Answer:
    """The answer to a pack that is in its store."""
    answer = done(bench, run, "next_into_store")
    answer.days["expires_on"] = run.expires_on
    return answer


async def dispatch(bench: Bench, scan: Scan) -> Answer:
    """A crate is taken in hand; what is scanned after it goes into it."""
    if scan.code.uri in bench.crates:
        crate = bench.crates[scan.code.uri]
        bench.hand["crate_id"] = str(crate.id)
        return Answer(outcome="checked", kind="crate", id=crate.id, expect="fill_crate")
    run = await bench.run_behind(scan.code)
    held = bench.hand.get("crate_id")
    if not isinstance(held, str):
        raise NothingInHand(first="crate")
    await bench.must_fit(scan, run)
    crate = await crates.locked(bench.tx, UUID(held))
    await crates.put_in(bench.tx, crate, run, scan.at)
    answer = done(bench, run, "next_into_crate")
    answer.details["crate_id"] = held
    return answer


async def quarantine(bench: Bench, scan: Scan) -> Answer:
    """Into quarantine, whatever blocks it; a recall that waits for it learns it. An instrument goes there alone."""
    if (instrument := bench.instruments.get(scan.code.uri)) is not None:
        alone = Subject("instrument", instrument.id, instrument.organisation_id, instrument.group_id)
        await move(bench.tx, alone, bench.station.place_id, scan.at)
        return Answer(outcome="done", kind="instrument", id=instrument.id, expect="stays_in_quarantine")
    of = await bench.set_behind(scan.code)
    run = await bench.run_behind(scan.code)
    if not run.live:
        raise WrongStage(stage=run.stage, allowed=[*sorted(LIVE)])
    await bench.must_fit(scan, run)
    await _bring(bench, of, run, scan)
    secured = await secure(bench.tx, run, scan.at)
    return done(bench, run, "secured" if secured else "stays_in_quarantine")


async def _bring(bench: Bench, of: InstrumentSet, run: Run, scan: Scan) -> None:
    """Into the station's place, out of the crate that it came in."""
    here = await where(bench.tx, of.id)
    if here and here[0].kind == "crate":
        crate = await crates.locked(bench.tx, here[0].id)
        await crates.take_out(bench.tx, crate, run, bench.station.place_id, scan.at)
    else:
        await move(bench.tx, thing(of), bench.station.place_id, scan.at)


def _loaded(run: Run, expect: Next, load_id: UUID) -> Answer:
    details: dict[str, JsonValue] = {"load_id": str(load_id)}
    return Answer(outcome="done", kind="run", id=run.id, stage=run.stage, expect=expect, details=details)


def done(bench: Bench, run: Run, expect: Next) -> Answer:
    """The answer to an act that has changed a run."""
    bench.changed(run.set_id, run)
    return Answer(outcome="done", kind="run", id=run.id, stage=run.stage, expect=expect)


ACTS: Final[Mapping[str, Act]] = {
    "return": came_back,
    "reception": receive,
    "washing": load,
    "wash_unloading": unload_washer,
    "assembly": at_assembly,
    "packing": pack,
    "loading": load,
    "unloading": unload,
    "store": store,
    "dispatch": dispatch,
    "dock": at_dock,
    "theatre": at_theatre,
    "quarantine": quarantine,
}
