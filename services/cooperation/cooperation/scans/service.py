"""Use cases of scans: a batch from one device at one station, each scan kept with its answer."""

import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from pydantic import JsonValue

from cooperation.codes.domain import Code, CodeRefused, keepable, read
from cooperation.codes.errors import refusal
from cooperation.issues.opening import Subject, open_issue
from cooperation.members.parameters import Group, Parameters
from cooperation.scans import domain, queries
from cooperation.scans.acts import ACTS
from cooperation.scans.answers import Answer, repeated, result
from cooperation.scans.bench import CHECKING, Bench, Scan, Station
from cooperation.scans.domain import NumberReused, Read, SequenceGap
from cooperation.scans.errors import ClockWrong, LateScan, NotYourSet, ScanGap, SeqReused, WrongStation
from cooperation.scans.schemas import ScanAnswers, ScanBatch, ScanIn
from cooperation.scans.together import TOGETHER, Answers
from cooperation.trace.recording import by_device, note_many
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import Refusal, WrongState
from maillage.words import Language

_LOG = logging.getLogger(__name__)
_LOOK_BACK: Final = 20
"""How many scans before the batch may be the first of a repeated one."""
NO_LONGER: Final = frozenset(
    {
        "WRONG_STAGE", "WRONG_STATE", "RUN_ALIVE", "NO_RUN", "NOT_RELEASED", "ALREADY_USED", "ALREADY_LOADED",
        "NO_OPEN_LOAD", "LOAD_STARTED", "LOAD_NOT_STARTED", "DECISION_FINAL", "NOT_IN_LOAD", "CRATE_SEALED",
        "WRONG_PLACE", "IN_ANOTHER_CRATE",
    }
)  # fmt: skip
"""Refusals that say that the thing is at another point of its circuit: a late scan refused so has been overtaken."""

Kept = dict[str, JsonValue]


@dataclass(slots=True)
class Round:
    """One batch while it is worked on. `answers`: by number, with the id under which each is kept."""

    device: asyncpg.Record
    offset_ms: int
    bench: Bench
    counted: dict[str, Read] = field(default_factory=dict)
    answers: dict[int, tuple[UUID, Kept]] = field(default_factory=dict)
    rows: list[Kept] = field(default_factory=list)


@dataclass(slots=True)
class Turn:
    """One new scan of a batch. `first`: the number of the scan that it repeats; `scan`: what to act on, else `answer`
    is known. `at`: when it was done, None by a clock that is not believed."""

    read: Read
    said: ScanIn
    at: datetime | None
    first: int | None = None
    scan: Scan | None = None
    answer: Answer | None = None

    @property
    def asked(self) -> Scan:
        """What to act on."""
        assert self.scan is not None
        return self.scan


async def take(tx: Tx, body: ScanBatch, language: Language) -> ScanAnswers:
    """Each new scan of the batch is done and kept, in sequence; one seen before has its first answer again. Refused as
    a whole, nothing applied: `WRONG_STATION`, `SCAN_GAP`, `SEQ_REUSED`."""
    round_ = await _begin(tx, body)
    sent = [Read(scan.seq, keepable(scan.code), scan.scanned_at) for scan in body.scans]
    new = await _new(tx, round_, sent)
    codes = {place: _read(body.scans[place].code) for place in new}
    await round_.bench.find(code for code in codes.values() if isinstance(code, Code))
    turns = [_turn(round_, sent[place], body.scans[place], codes[place]) for place in new]
    with by_device(body.device_id):
        await _act_on(round_, [turn for turn in turns if turn.answer is None and turn.first is None])
        for turn in turns:
            _keep(round_, turn)
        last = await _end(tx, round_)
    results = [result(scan.seq, *round_.answers[scan.seq], language) for scan in body.scans]
    return ScanAnswers(next_seq=last + 1, results=results)


async def alarm(tx: Tx, device_id: UUID, kind: str) -> None:
    """An issue on the device, unless one of that kind is open: two devices share its number, or it lost its count."""
    row = await tx.fetchrow(queries.DEVICE, device_id)
    if row is not None and not await tx.fetchval(queries.ALARMED, device_id, kind):
        about = Subject("device", device_id, row["organisation_id"], row["group_id"])
        await open_issue(tx, about, kind, "major")


async def _begin(tx: Tx, body: ScanBatch) -> Round:
    row = await tx.fetchrow(queries.LOCK_DEVICE, body.device_id, body.station_id)
    reach = tx.principal.orgs
    if row is None or (reach is not None and row["station_owner"] not in reach):
        raise WrongStation
    group = Group(
        row["group_id"], row["gs1_prefix"], ZoneInfo(row["time_zone"]), Parameters.model_validate(row["parameters"])
    )
    station = Station(row["station_id"], row["kind"], row["place_id"], row["machine_id"])
    offset = domain.offset_ms(body.sent_at, tx.now, row["clock_offset_ms"])
    # What one person has in hand is not in the hand of the next.
    held = dict(row["context"]) if row["context"].get("by") == tx.principal.sub else {}
    return Round(row, offset, Bench(tx, station, group, held | {"by": tx.principal.sub}))


async def _new(tx: Tx, round_: Round, sent: list[Read]) -> list[int]:
    """Places in the batch of the scans to do; answers and counted scans of before are known then."""
    last = int(round_.device["last_seq"])
    numbers = {scan.seq for scan in sent}
    rows = await tx.fetch(queries.KEPT, round_.device["id"], list(numbers), last - _LOOK_BACK)
    for row in rows:
        round_.answers[row["seq"]] = (row["id"], row["result"])
        if row["outcome"] != "repeated":
            round_.counted[row["code"]] = Read(row["seq"], row["code"], row["scanned_at"])
    try:
        return domain.fresh(last, sent, {row["seq"]: row["code"] for row in rows if row["seq"] in numbers})
    except NumberReused:
        raise SeqReused from None
    except SequenceGap as gap:
        raise ScanGap(expected_seq=gap.expected) from None


def _read(text: str) -> Code | CodeRefused:
    try:
        return read(text)
    except CodeRefused as refused:
        return refused


def _turn(round_: Round, read_: Read, said: ScanIn, code: Code | CodeRefused) -> Turn:
    """What is to be done about one scan; the answer, when it is known without acting."""
    tx, parameters = round_.bench.tx, round_.bench.group.parameters
    at = domain.occurred_at(said.scanned_at, round_.offset_ms, tx.now, parameters.clock_wrong_h)
    turn = Turn(read_, said, at)
    first = round_.counted.get(read_.code)
    if first is not None and domain.repeats(read_, first):
        turn.first = first.seq
        return turn
    round_.counted[read_.code] = read_
    if isinstance(code, CodeRefused):
        turn.answer = Answer(outcome="refused", refusal=refusal(code))
    elif at is None:
        turn.answer = Answer(outcome="refused", refusal=ClockWrong(offset_s=round_.offset_ms // 1000))
    else:
        late = tx.now - at > timedelta(minutes=parameters.late_scan_min)
        turn.scan = Scan(code, at, late, said.intact, said.dry, said.clean, said.packaging_id, said.out)
    return turn


async def _act_on(round_: Round, turns: Sequence[Turn]) -> None:
    """Each is done, in sequence; at some stations those of different sets together, as far as nothing is special."""
    for wave in _waves(round_.bench, turns):
        answers = await _together(round_, [turn.asked for turn in wave])
        for turn, answer in zip(wave, answers, strict=True):
            turn.answer = answer or await _act(round_, turn.asked)


def _waves(bench: Bench, turns: Sequence[Turn]) -> list[list[Turn]]:
    """All of them; where sets do not touch each other, first each set's first scan, then each one's second."""
    if bench.station.kind not in TOGETHER:
        return [list(turns)]
    waves: list[list[Turn]] = []
    seen: Counter[UUID] = Counter()
    for turn in turns:
        set_id = bench.set_id_of(turn.asked.code)
        number = seen[set_id] if set_id is not None else 0
        if set_id is not None:
            seen[set_id] += 1
        if number == len(waves):
            waves.append([])
        waves[number].append(turn)
    return waves


async def _together(round_: Round, scans: Sequence[Scan]) -> Answers:
    """Undone whole when one of them is refused: each is done by itself then."""
    bench = round_.bench
    if len(scans) > 1 and bench.station.kind in TOGETHER:
        with suppress(Refusal, asyncpg.IntegrityConstraintViolationError, asyncpg.RaiseError):
            async with bench.tx.attempt():
                return await TOGETHER[bench.station.kind](bench, scans)
    return [None] * len(scans)


def _keep(round_: Round, turn: Turn) -> None:
    """The row that keeps a scan with its answer."""
    if turn.first is not None:
        kept = repeated(round_.answers[turn.first][1])
    else:
        assert turn.answer is not None
        kept = turn.answer.kept()
    scan_id = new_id()
    round_.answers[turn.read.seq] = (scan_id, kept)
    round_.rows.append(_row(turn.read, turn.said, scan_id, kept, turn.at or round_.bench.tx.now))


async def _act(round_: Round, scan: Scan) -> Answer:
    """The station's act, undone whole when it is refused."""
    bench = round_.bench
    hand = dict(bench.hand)
    try:
        async with nullcontext() if bench.station.kind in CHECKING else bench.tx.attempt():
            return await ACTS[bench.station.kind](bench, scan)
    except Refusal as refused:
        why = refused
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.RaiseError) as broken:
        # A rule of the base that no guard had named: the scan is kept and settled by a person, the device goes on.
        _LOG.exception("a scan broke a rule of the base", extra={"station": bench.station.kind}, exc_info=broken)
        why = WrongState()
    bench.hand = hand
    if isinstance(why, NotYourSet):
        await _tell_foreign(round_)
    if scan.late and why.code in NO_LONGER:
        late = LateScan(refused_for=why.code)
        late.extra |= why.extra
        why = late
    return Answer(outcome="late" if isinstance(why, LateScan) else "refused", refusal=why)


async def _tell_foreign(round_: Round) -> None:
    """Somebody else's set is here: an issue for this hospital and the plant. Whose it is is not told."""
    device = round_.device
    about = Subject("device", device["id"], device["organisation_id"], device["group_id"])
    await open_issue(round_.bench.tx, about, "not_your_set", "major")


def _row(read_: Read, said: ScanIn, scan_id: UUID, kept: Kept, at: datetime) -> Kept:
    """A scan as `queries.KEEP` reads it."""
    subject = kept.get("subject")
    kind, id_ = (subject["kind"], subject["id"]) if isinstance(subject, dict) else (None, None)
    return {
        "seq": read_.seq, "id": str(scan_id), "code": read_.code, "scanned_at": said.scanned_at.isoformat(),
        "occurred_at": at.isoformat(), "outcome": kept["outcome"], "refused_for": kept.get("code"),
        "subject_kind": kind, "subject_id": id_, "result": kept,
    }  # fmt: skip


async def _end(tx: Tx, round_: Round) -> int:
    """Keeps the scans and where the device stands; the last number."""
    device, bench = round_.device, round_.bench
    if bench.notes:
        await note_many(tx, bench.notes)
    last = max([int(device["last_seq"]), *(int(str(row["seq"])) for row in round_.rows)])
    owner = (device["organisation_id"], device["group_id"], device["station_id"], tx.principal.sub, tx.now)
    await tx.execute(queries.KEEP, device["id"], last, round_.offset_ms, bench.hand, round_.rows, *owner)
    return last
