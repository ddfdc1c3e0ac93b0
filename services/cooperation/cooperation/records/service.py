"""Use cases of cycle records: one counts for a load, all are kept; the verdict is the server's."""

from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from cooperation.copies.people import holds_role
from cooperation.loads import domain as verdicts
from cooperation.loads.acts import load_locked
from cooperation.loads.queries import LOAD
from cooperation.loads.rows import Load
from cooperation.machines.rows import Machine
from cooperation.machines.service import machine
from cooperation.members.parameters import group
from cooperation.records import domain, queries
from cooperation.records.errors import (
    RecordExists,
    RecordInFuture,
    RecordInvalid,
    RecordMismatch,
    SamePerson,
    WitnessRequired,
)
from cooperation.records.schemas import CurveOut, FiguresOut, Point, RecordOut
from cooperation.records.sending import Sent, Source, kept
from cooperation.trace.recording import change, note
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound

CLOCKS_APART: Final = timedelta(minutes=10)
"""So far the clocks of a machine and of the base may differ: a cycle that ended earlier before the start of the load is
not the load's."""
PLANT: Final = ("sterilisation_agent", "sterilisation_releaser", "gcs_manager")


async def record_load(tx: Tx, load_id: UUID, sent: Sent) -> RecordOut:
    """The record of a load: judged by the programme that the load ran. Refused: `NOT_FOUND`, `WITNESS_REQUIRED`,
    `SAME_PERSON`, `RECORD_MISMATCH`, `RECORD_EXISTS`, `RECORD_INVALID`, `RECORD_IN_FUTURE`."""
    load = await load_locked(tx, load_id)
    of = await machine(tx, load.machine_id, lock=True)
    await _must_be_witnessed(tx, of, sent)
    await _must_be_its_own(tx, load, of, sent)
    programme = await tx.fetchrow(queries.PROGRAMME, load.programme_id)
    assert programme is not None
    curve, second = sent.curves()
    judged = _judge(curve, programme)
    ended_at = sent.cycle.began_at + timedelta(seconds=curve[-1].at_s)
    if max(ended_at, sent.cycle.began_at) > tx.now:
        raise RecordInFuture
    if load.started_at is None or ended_at < load.started_at - CLOCKS_APART:
        raise RecordMismatch
    if load.cycle_no is None and sent.cycle.began_at < load.started_at - CLOCKS_APART:
        raise RecordMismatch  # no number says that it is this load's: one that began before is the last load's
    bound = (await group(tx, load.group_id)).parameters.second_recorder_k
    agrees = None if second is None else domain.agrees(curve, second, judged.figures, bound, programme["max_gap_s"])
    made = await _write(tx, load, sent, judged, ended_at, agrees)
    facts = {
        "record_id": made.id, "sha256": made.sha256, "source": made.source, "verdict": made.verdict,
        "failings": made.failings, "witness": made.witness,
    }  # fmt: skip
    recorded = replace(load, state="to_decide", cycle_no=sent.cycle_no, cycle_ended_at=ended_at)
    await change(tx, load, recorded, "load.recorded", at=ended_at, facts=facts)
    if of.last_cycle_no is None or of.last_cycle_no < sent.cycle_no:
        await change(tx, of, replace(of, last_cycle_no=sent.cycle_no), "machine.cycle_recorded", at=ended_at)
    return made


async def record_of_machine(tx: Tx, machine_id: UUID, sent: Sent) -> RecordOut:
    """As `record_load`, for a connector that knows only its machine and the cycle's number. Refused besides:
    `RECORD_MISMATCH` when no load of this machine waits for it."""
    of = await machine(tx, machine_id)
    await _must_be_witnessed(tx, of, sent)
    load_id = await tx.fetchval(queries.LOAD_OF_CYCLE, machine_id, sent.cycle_no)
    if not isinstance(load_id, UUID):
        raise RecordMismatch
    return await record_load(tx, load_id, sent)


async def keep_refused(tx: Tx, load_id: UUID | None, machine_id: UUID | None, sent: Sent, code: str) -> None:
    """What was refused is kept, and the trace says why it does not count: once for the same bytes and reason."""
    load: Load | None = None
    if load_id is not None:
        row = await tx.fetchrow(LOAD, load_id)
        if row is None:
            return
        load = Load.of(row)
        machine_id = load.machine_id
    assert machine_id is not None
    of = await machine(tx, machine_id)
    kept_id = await tx.fetchval(
        queries.KEEP_REFUSED, new_id(), of.organisation_id, load_id, of.id, sent.cycle_no,
        await _source(tx, of.id, sent), code, sent.packed, sent.sha256, sent.layout, tx.principal.sub, sent.witness,
        tx.now,
    )  # fmt: skip
    if isinstance(kept_id, UUID):
        facts = {"record_id": kept_id, "sha256": sent.sha256.hex(), "code": code}
        if load is not None:
            await note(tx, load, "load.record_refused", facts=facts)
        else:
            await note(tx, of, "machine.record_refused", facts=facts)


async def curve_of_load(tx: Tx, load_id: UUID) -> CurveOut:
    """The record that counts, with its curve. Refused: `NOT_FOUND` without one."""
    row = await tx.fetchrow(queries.RECORD, load_id)
    if row is None:
        raise NotFound
    found = await tx.fetchrow(LOAD, load_id)
    assert found is not None
    programme = await tx.fetchrow(queries.PROGRAMME, found["programme_id"])
    assert programme is not None
    curve, second = kept(row["curve"], row["layout"]).curves()
    return CurveOut(
        record=_out(row),
        samples=_points(curve),
        second=None if second is None else _points(second),
        temp_c=programme["temp_c"],
        band_k=programme["band_k"],
        plateau_s=programme["plateau_s"],
    )


async def _must_be_witnessed(tx: Tx, of: Machine, sent: Sent) -> None:
    """A person records with a second one, of the plant."""
    if tx.principal.kind != "professional":
        return
    if sent.witness is None:
        raise WitnessRequired(pointer="/witness")
    if sent.witness == tx.principal.person_id:
        raise SamePerson
    if not await holds_role(tx, sent.witness, of.organisation_id, PLANT):
        raise WitnessRequired(pointer="/witness")


async def _must_be_its_own(tx: Tx, load: Load, of: Machine, sent: Sent) -> None:
    """The record of this load's own cycle: the number that it was started with, or one that the machine has not had."""
    there = await tx.fetchval(queries.COUNTS, load.id)
    if there is not None:
        raise RecordExists(record_id=str(there))
    if load.state not in ("running", "to_decide"):
        raise RecordMismatch
    if load.cycle_no is not None:
        if load.cycle_no != sent.cycle_no:
            raise RecordMismatch
        return
    old = of.last_cycle_no is not None and sent.cycle_no <= of.last_cycle_no
    if old or await tx.fetchval(queries.CYCLE_TAKEN, of.id, sent.cycle_no, load.id):
        raise RecordMismatch


def _judge(curve: list[verdicts.Sample], programme: Record) -> verdicts.Judgement:
    names = [field.name for field in fields(verdicts.Programme)]
    try:
        return verdicts.judge(curve, verdicts.Programme(**{name: programme[name] for name in names}))
    except verdicts.CurveInvalid as wrong:
        raise RecordInvalid from wrong


async def _write(
    tx: Tx, load: Load, sent: Sent, judged: verdicts.Judgement, ended_at: datetime, agrees: bool | None
) -> RecordOut:
    made = RecordOut(
        id=new_id(), load_id=load.id, machine_id=load.machine_id, cycle_no=sent.cycle_no,
        source=await _source(tx, load.machine_id, sent), sha256=sent.sha256.hex(), began_at=sent.cycle.began_at,
        ended_at=ended_at, verdict=judged.verdict,
        failings=[*judged.failings], figures=FiguresOut(**asdict(judged.figures)), second_agrees=agrees,
        recorded_by=tx.principal.sub, witness=sent.witness, created_at=tx.now,
    )  # fmt: skip
    await tx.execute(
        queries.ADD, made.id, load.organisation_id, load.id, load.machine_id, made.cycle_no, made.source, sent.packed,
        sent.sha256, sent.layout, made.began_at, ended_at, made.verdict, made.failings, made.figures.model_dump(),
        agrees, made.recorded_by, made.witness, tx.now,
    )  # fmt: skip
    return made


async def _source(tx: Tx, machine_id: UUID, sent: Sent) -> Source:
    """Under a continuity plan the provider's machine stands at the provider's site; what was recorded there is its."""
    if await tx.fetchval(queries.AT_PROVIDER, machine_id):
        return "provider"
    if sent.file is not None:
        return "file"
    return "machine" if tx.principal.kind == "partner" else "hand"


def _out(row: Record) -> RecordOut:
    figures = FiguresOut.model_validate(row["figures"])
    names = set(RecordOut.model_fields) - {"sha256", "figures"}
    return RecordOut(**{name: row[name] for name in names}, sha256=row["sha256_hex"], figures=figures)


def _points(curve: list[verdicts.Sample]) -> list[Point]:
    return [Point(at_s=each.at_s, probes_c=list(each.probes_c), pressure_kpa=each.pressure_kpa) for each in curve]
