"""Scans that look and change nothing: a theatre's, the assembly's, a dock's."""

from datetime import datetime
from uuid import UUID

from cooperation.blocks.looking import Block
from cooperation.runs.errors import ForeignInstrument, NotReleased
from cooperation.runs.rows import Instrument, Run
from cooperation.scans import queries
from cooperation.scans.answers import Answer
from cooperation.scans.bench import Bench, Scan
from cooperation.scans.errors import NothingInHand
from cooperation.uses.errors import AlreadyUsed
from maillage.refusals import Refusal


async def at_theatre(bench: Bench, scan: Scan) -> Answer:
    """Is this pack good? Nothing is used by looking. Of a pack used before, the day of that use is told and no more."""
    run = await bench.run_behind(scan.code)
    blocks = [] if run.stage == "used" else bench.blocks(run, scan.at)
    why = _not_good(bench, run, blocks)
    bench.note(run, "run.checked", scan.at, good=why is None, code=why.code if why else None)
    answer = Answer(outcome="checked", kind="run", id=run.id, stage=run.stage, refusal=why, good=why is None)
    answer.blocks = blocks
    answer.expect = "may_use" if answer.good else "do_not_use"
    if run.stage == "used":
        answer.days = {"used_on": bench.day(_ended(run))}
    else:
        answer.days = {"sterile_on": run.sterile_on, "expires_on": run.expires_on}
    return answer


def _not_good(bench: Bench, run: Run, blocks: list[Block]) -> Refusal | None:
    if run.stage == "used":
        return AlreadyUsed(used_on=bench.day(_ended(run)).isoformat())
    if blocks:
        return blocks[0].refusal()
    return None if run.stage == "released" else NotReleased(stage=run.stage)


def _ended(run: Run) -> datetime:
    assert run.ended_at is not None
    return run.ended_at


async def at_assembly(bench: Bench, scan: Scan) -> Answer:
    """A set is taken in hand, with what to count; an instrument scanned after it belongs to it or not."""
    if scan.code.uri in bench.instruments:
        return await _belongs(bench, bench.instruments[scan.code.uri], scan)
    run = await bench.run_behind(scan.code)
    bench.hand["run_id"], bench.hand["set_id"] = str(run.id), str(run.set_id)
    bench.hand["version_id"] = str(run.composition_version_id)
    blocks = bench.blocks(run, scan.at)
    answer = Answer(outcome="checked", kind="run", id=run.id, stage=run.stage, blocks=blocks)
    answer.good = run.stage == "washed" and not blocks
    answer.expect = "count" if answer.good else "see_stage"
    answer.refusal = blocks[0].refusal() if blocks else None
    answer.count = [
        {
            "line_id": str(line["id"]), "model_id": str(line["model_id"]), "alias": line["alias"],
            "quantity": line["quantity"], "exclusive": line["mode"] == "exclusive", "critical": line["critical"],
        }
        for line in await bench.tx.fetch(queries.LINES, run.composition_version_id)
    ]  # fmt: skip
    return answer


async def _belongs(bench: Bench, instrument: Instrument, scan: Scan) -> Answer:
    set_id, run_id = bench.hand.get("set_id"), bench.hand.get("run_id")
    if set_id is None:
        raise NothingInHand(first="set")
    if instrument.set_id is not None and str(instrument.set_id) != set_id:
        raise ForeignInstrument(why="other_set")
    if instrument.status != "in_service":
        raise ForeignInstrument(why="not_in_service")
    if instrument.model_id not in await _models(bench, str(bench.hand["version_id"])):
        raise ForeignInstrument(why="other_model")
    bench.note(instrument, "instrument.checked", scan.at, run_id=run_id)
    return Answer(outcome="checked", kind="instrument", id=instrument.id, expect="next_instrument", good=True)


async def _models(bench: Bench, version_id: str) -> frozenset[UUID]:
    """Models that a composition lists; read once for the batch."""
    if version_id not in bench.models:
        rows = await bench.tx.fetch(queries.MODELS, version_id)
        bench.models[version_id] = frozenset(row["model_id"] for row in rows)
    return bench.models[version_id]


async def at_dock(bench: Bench, scan: Scan) -> Answer:
    """The hand-over that waits for this crate. The seal is not told: who takes the crate reads it."""
    crate = bench.crates.get(scan.code.uri)
    if crate is None:
        raise bench.absent(scan.code, "crate")
    orgs = bench.tx.principal.orgs
    row = await bench.tx.fetchrow(queries.OPEN_HANDOVER, crate.id, None if orgs is None else list(orgs))
    answer = Answer(outcome="checked", kind="crate", id=crate.id, good=row is not None)
    answer.expect = "take_crates" if row is not None else "no_handover"
    if row is not None:
        answer.details = {"handover_id": str(row["id"]), "to_place_id": str(row["to_place_id"])}
    return answer
