"""What a scan is done with: the station, what it has in hand, and the things behind the codes of a batch."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from cooperation.blocks.looking import Block, causes_of, expiry_of
from cooperation.codes.domain import Code
from cooperation.codes.errors import UnknownCode
from cooperation.custody.moving import Subject, stay_of
from cooperation.members.parameters import Group
from cooperation.runs.changing import live_of_set
from cooperation.runs.rows import Instrument, InstrumentSet, Run
from cooperation.scans import queries
from cooperation.scans.errors import CodeNotExpected, LateScan, NoRun, NotYourSet, StationIncomplete
from cooperation.trace.recording import Facts
from cooperation.trace.rows import Traced
from cooperation.transport.rows import Crate
from maillage.database import Tx
from maillage.refusals import NotFound, WrongState

LOADING: Final = frozenset({"washing", "loading", "wash_unloading", "unloading"})
"""Where a load is locked before its runs."""
CHECKING: Final = frozenset({"theatre", "assembly", "dock"})
"""Where a scan looks and changes nothing: there is nothing to undo."""


@dataclass(frozen=True, slots=True)
class Station:
    """Where the device is enrolled; its kind is the verb."""

    id: UUID
    kind: str
    place_id: UUID
    machine_id: UUID | None

    def machine(self) -> UUID:
        """The machine it stands at. Refused: `STATION_INCOMPLETE`."""
        if self.machine_id is None:
            raise StationIncomplete
        return self.machine_id


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan to act on: its code, when it was done, and what was said with it. `late`: so long ago that other things
    may have happened since."""

    code: Code
    at: datetime
    late: bool
    intact: bool | None = None
    dry: bool | None = None
    clean: bool | None = None
    packaging_id: UUID | None = None
    out: bool = False


@dataclass(slots=True)
class Bench:
    """One batch at one station. `hand`: what the device holds from one scan to the next (a crate, a set). Sets and runs
    are read once for the batch; a run that an act has changed is read again."""

    tx: Tx
    station: Station
    group: Group
    hand: dict[str, JsonValue]
    sets: dict[str, InstrumentSet] = field(default_factory=dict)
    by_id: dict[UUID, InstrumentSet] = field(default_factory=dict)
    labelled: dict[str, Run] = field(default_factory=dict)
    live: dict[UUID, Run] = field(default_factory=dict)
    instruments: dict[str, Instrument] = field(default_factory=dict)
    crates: dict[str, Crate] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    causes: list[Block] = field(default_factory=list)
    models: dict[str, frozenset[UUID]] = field(default_factory=dict)
    notes: list[tuple[Traced, str, datetime, Facts]] = field(default_factory=list)

    async def find(self, codes: Iterable[Code]) -> None:
        """Reads what is behind the codes. Where no load is concerned the runs are locked, in their one order."""
        known = list(codes)
        marks = sorted({code.uri for code in known if code.kind in ("set", "instrument", "item")})
        labels = sorted({code.key for code in known if code.kind == "pack"})
        if not marks and not labels:
            return
        locking = self.station.kind not in LOADING
        runs = await self.tx.fetch(queries.LOCK_RUNS if locking else queries.RUNS, marks, labels)
        for run in map(Run.of, runs):
            self._know(run)
        if self.station.kind in CHECKING and runs:
            self.causes = await causes_of(self.tx, [*self.labelled.values(), *self.live.values()])
        if self.station.kind == "theatre" and not marks and len(self.labelled) == len(labels):
            return
        sets = await self.tx.fetch(queries.SETS, marks, [run.set_id for run in self.labelled.values()])
        for of in map(InstrumentSet.of, sets):
            self.sets[of.tag] = self.by_id[of.id] = of
        if rest := [mark for mark in marks if mark not in self.sets]:
            found = await self.tx.fetch(queries.INSTRUMENTS, rest)
            self.instruments = {each.code: each for each in map(Instrument.of, found)}
            found = await self.tx.fetch(queries.CRATES, rest)
            self.crates = {each.tag: each for each in map(Crate.of, found)}
        missing = [mark for mark in rest if mark not in self.instruments and mark not in self.crates]
        missing += [label for label in labels if label not in self.labelled]
        if missing:
            self.foreign = frozenset(row["mark"] for row in await self.tx.fetch(queries.FOREIGN, missing))

    def _know(self, run: Run) -> None:
        if run.label is not None:
            self.labelled[run.label] = run
        if run.live:
            self.live[run.set_id] = run

    def set_id_of(self, code: Code) -> UUID | None:
        """The set of a tag or of a labelled pack, when it is known."""
        if code.kind == "pack":
            return self.labelled[code.key].set_id if code.key in self.labelled else None
        return self.sets[code.uri].id if code.uri in self.sets else None

    def known(self, code: Code) -> tuple[InstrumentSet, Run] | None:
        """The set behind the code and its live run, as they are known without looking again."""
        of = self.by_id.get(set_id) if (set_id := self.set_id_of(code)) is not None else None
        run = self.live.get(of.id) if of is not None else None
        return None if of is None or run is None else (of, run)

    async def set_behind(self, code: Code) -> InstrumentSet:
        """The set of a tag, or that a labelled pack holds. Refused: `CODE_NOT_EXPECTED`, `NOT_YOUR_SET`,
        `UNKNOWN_CODE`."""
        if code.kind == "pack":
            return await self._set_of((await self.run_behind(code)).set_id)
        if code.uri in self.sets:
            return self.sets[code.uri]
        raise self.absent(code, "set", "pack")

    async def run_behind(self, code: Code) -> Run:
        """The run of a pack's label, ended or not; of a set's tag its live one, locked. Refused as `set_behind`, and
        `NO_RUN`."""
        if code.kind == "pack":
            if code.key not in self.labelled:
                raise self.absent(code, "set", "pack")
            labelled = self.labelled[code.key]
            return self.live.get(labelled.set_id, labelled) if labelled.live else labelled
        run = await self.live_run(await self.set_behind(code))
        if run is None:
            raise NoRun
        return run

    async def live_run(self, of: InstrumentSet) -> Run | None:
        """The set's live run, as it is now: what another device changed while this one waited is seen."""
        known = self.live.get(of.id)
        if known is not None:
            return known
        if self.station.kind in LOADING:
            row = await self.tx.fetchrow(queries.LIVE_OF_SET, of.id)
            run = None if row is None else Run.of(row)
        else:
            run = await live_of_set(self.tx, of.id)
        if run is not None:
            self._know(run)
        return run

    async def first_run(self, of: InstrumentSet) -> Run | None:
        """As `live_run`; when there is none the set is locked, so that one device alone opens it. Refused:
        `WRONG_STATE` for a set that was retired."""
        run = await self.live_run(of)
        if run is None:
            row = await self.tx.fetchrow(queries.LOCK_SET, of.id)
            run = await self.live_run(of)
            if run is None and row is not None and row["status"] != "in_service":
                raise WrongState(state=row["status"], allowed=["in_service"])
        return run

    def changed(self, set_id: UUID, run: Run) -> None:
        """Says that an act has changed the set's run."""
        self.live.pop(set_id, None)
        self._know(run)

    def absent(self, code: Code, *expected: str) -> CodeNotExpected | NotYourSet | UnknownCode:
        """Why there is nothing of those kinds behind the code."""
        mark = code.key if code.kind == "pack" else code.uri
        if mark in self.foreign:
            return NotYourSet()
        elsewhere = mark in self.sets or mark in self.instruments or mark in self.crates or mark in self.labelled
        if elsewhere or code.kind not in ("set", "instrument", "item", "pack"):
            return CodeNotExpected(expected=list(expected))
        return UnknownCode()

    async def must_fit(self, scan: Scan, run: Run) -> None:
        """A late scan acts on nothing that has gone on since. Refused: `LATE_SCAN`."""
        if not scan.late:
            return
        stay = await stay_of(self.tx, run.set_id)
        if run.stage_since > scan.at or (stay is not None and stay.since > scan.at):
            raise LateScan(stage=run.stage)

    def blocks(self, run: Run, at: datetime) -> list[Block]:
        """What forbids to touch the run of a code of this batch on that day, the worst first."""
        expired = expiry_of(run, self.day(at))
        return [*(block for block in self.causes if block.subject_id == run.id), *([expired] if expired else [])]

    def note(self, row: Traced, kind: str, at: datetime, **facts: object) -> None:
        """An entry of the trace about what was looked at; written at the end of the batch."""
        self.notes.append((row, kind, at, facts))

    def day(self, at: datetime) -> date:
        """The group's local day."""
        return self.group.day(at)

    async def _set_of(self, set_id: UUID) -> InstrumentSet:
        if set_id not in self.by_id:
            raise NotFound
        return self.by_id[set_id]


def thing(of: InstrumentSet) -> Subject:
    """A set as what moves."""
    return Subject("set", of.id, of.organisation_id, of.group_id)
