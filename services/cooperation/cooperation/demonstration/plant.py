"""The people and machines of the plant: they wash, recompose, pack, sterilise and sign, as what waits asks them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from cooperation.demo.loading import GROUP, known
from cooperation.demonstration import curves, queries
from cooperation.demonstration.floor import AGENTS, MACHINES, Floor, pharmacist, sent
from cooperation.loads import controls, deciding, service
from cooperation.loads.schemas import ControlIn, DecisionIn, LoadIn, LoadOut, StartIn
from cooperation.machines.schemas import TestDone
from cooperation.machines.service import record_test
from cooperation.records.service import record_load
from cooperation.runs.schemas import AssembleIn, CountedIn, GapIn
from cooperation.runs.service import close_assembly
from maillage import clock

LOADER, ACCEPTOR, RECOMPOSER, PACKER = AGENTS
POLL_MIN: Final = 3.0
FULL_ENOUGH: Final = 0.6
PATIENCE_MIN: Final = 20.0
"""A washer or steriliser waits so long for more, then starts with what there is."""
GARBLED: Final = "à&é\"'(-è"


@dataclass(frozen=True, slots=True)
class Line:
    """One machine and its two stations: where it is filled and where it is emptied."""

    machine: str
    stage: str
    filled_at: str
    emptied_at: str
    capacity: int


WASHERS: Final = tuple(
    Line(f"washer-{n}", "received", f"washing washer-{n}", f"wash_unloading washer-{n}", 12) for n in (1, 2, 3)
)
STERILISERS: Final = (
    *(Line(f"steam-{n}", "packed", f"loading steam-{n}", f"unloading steam-{n}", 18) for n in (1, 2, 3)),
    Line("low-temperature-1", "packed", "loading low-temperature-1", "unloading low-temperature-1", 8),
)


class Plant:
    """`taken`: runs that somebody has in hand, so that two do not reach for one."""

    def __init__(self, floor: Floor, programmes: Sequence[Record]) -> None:
        self.floor = floor
        self.programmes = {row["code"]: row for row in programmes}
        self.taken: set[UUID] = set()
        self.cycles: dict[str, int] = defaultdict(int)
        self.opened: dict[str, LoadOut] = {}

    async def open_day(self) -> None:
        """The tests of the day. One steriliser's Bowie-Dick fails first, and is repeated."""
        for line in STERILISERS:
            if "low" in line.machine:
                continue
            machine = known("machine", line.machine)
            await self.floor.do(ACCEPTOR, record_test, machine, TestDone(kind="leak", result="conform"))
            if line.machine == "steam-2":
                await self.floor.do(ACCEPTOR, record_test, machine, TestDone(kind="bowie_dick", result="failed"))
            await self.floor.do(ACCEPTOR, record_test, machine, TestDone(kind="bowie_dick", result="conform"))
        for number in (1, 2):
            sealer = known("machine", f"sealer-{number}")
            await self.floor.do(ACCEPTOR, record_test, sealer, TestDone(kind="seal", result="conform"))

    async def run_machine(self, line: Line) -> None:
        """Fills, starts, waits, empties, has it accepted; a steriliser's load waits for the pharmacist."""
        while not self.floor.over:
            chosen = await self._chosen(line)
            if chosen:
                await self._cycle(line, chosen)
            else:
                await self.floor.minutes(POLL_MIN)

    async def _chosen(self, line: Line) -> list[Record]:
        """Runs of one programme: the most that wait for the same, once there are enough or they have waited long."""
        kind = "washing" if line.stage == "received" else "low_temperature" if "low" in line.machine else "steam"
        column = "wash_programme" if kind == "washing" else "programme"
        waiting: dict[str, list[Record]] = defaultdict(list)
        for row in await self.floor.rows(queries.AT_STAGE, line.stage, None):
            if row["id"] not in self.taken and self.programmes[row[column]]["kind"] == kind:
                waiting[row[column]].append(row)
        if not waiting:
            return []
        most = max(waiting.values(), key=len)
        oldest = min(row["stage_since"] for row in most)
        if len(most) < line.capacity * FULL_ENOUGH and clock.now() - oldest < timedelta(minutes=PATIENCE_MIN):
            return []
        chosen = most[: line.capacity]
        self.taken.update(row["id"] for row in chosen)
        return chosen

    async def _cycle(self, line: Line, chosen: list[Record]) -> None:
        washing = line.stage == "received"
        programme = self.programmes[chosen[0]["wash_programme" if washing else "programme"]]
        wanted = LoadIn(machine_id=known("machine", line.machine), programme_id=programme["id"])
        opened = self.opened.pop(line.machine, None) or await self.floor.do(LOADER, service.open_load, wanted)
        if opened is not None:
            await self._fill(line, chosen)
            self.cycles[line.machine] += 1
            number = self.cycles[line.machine]
            if await self.floor.do(LOADER, service.start, opened.id, StartIn(cycle_no=number)) is not None:
                await self._mistake(line, opened.id)
                await self._run(line, opened, programme, number)
                await self._empty(line, chosen, opened, washing=washing)
            else:
                self.opened[line.machine] = opened
                await self.floor.minutes(POLL_MIN)
        self.taken.difference_update(row["id"] for row in chosen)

    async def _fill(self, line: Line, chosen: list[Record]) -> None:
        codes = [code_of(row) for row in chosen]
        if self.floor.dice.random() < 0.2:
            codes.insert(1, GARBLED)  # a scanner whose keyboard was set back
        await self.floor.scan(LOADER, (GROUP, line.filled_at), codes)

    async def _mistake(self, line: Line, load_id: UUID) -> None:
        """Somebody finds a forgotten set and scans it into the running load: refused, it goes into the next."""
        waiting = [r for r in await self.floor.rows(queries.AT_STAGE, line.stage, None) if r["id"] not in self.taken]
        if waiting and self.floor.dice.random() < 0.15:
            await self.floor.scan(LOADER, (GROUP, line.filled_at), [code_of(waiting[0])])

    async def _run(self, line: Line, opened: LoadOut, programme: Record, number: int) -> None:
        began = clock.now() + timedelta(minutes=3)
        dice, kind = self.floor.dice, programme["kind"]
        if kind == "washing":
            samples = curves.wash(programme["a0_min"], dice, "cold" if dice.random() < 0.04 else None)
        elif kind == "steam":
            fault: curves.Fault | None = "dip" if dice.random() < 0.05 else None
            samples = curves.steam(programme["temp_c"], programme["plateau_s"], dice, fault)
        else:
            samples = curves.low(programme["temp_c"], programme["plateau_s"], dice)
        await self.floor.minutes(programme["expected_min"])
        await self.floor.do(MACHINES, record_load, opened.id, sent(number, began, samples, second=kind != "washing"))

    async def _empty(self, line: Line, chosen: list[Record], opened: LoadOut, *, washing: bool) -> None:
        """Every pack is scanned out. A wash is accepted by another agent; a steriliser's indicator is read, or
        forgotten for a while, which the release notices."""
        for row in chosen:
            bad = self.floor.dice.random() < 0.02
            said: dict[str, object] = {"clean": not bad} if washing else {"intact": not bad, "dry": True}
            await self.floor.scan(ACCEPTOR, (GROUP, line.emptied_at), [code_of(row)], **said)
        if washing:
            await self._accept(opened.id)
            return
        if self.floor.dice.random() < 0.15:
            await self.floor.minutes(25)
        await self.floor.do(ACCEPTOR, controls.read_control, opened.id, ControlIn(kind="integrator", result="conform"))

    async def _accept(self, load_id: UUID) -> None:
        load = await self.floor.do(ACCEPTOR, service.show, load_id)
        if load is not None:
            await self._decide(load, washing=True)

    async def _decide(self, load: LoadOut, *, washing: bool) -> None:
        conform = not any(item.item == "verdict_conform" and item.state == "failed" for item in load.evidence or ())
        wanted = DecisionIn(outcome="release") if conform else DecisionIn(outcome="reject", reason="Cycle non conforme")
        who = ACCEPTOR if washing and conform else pharmacist()
        await self.floor.do(who, deciding.decide, load.id, wanted, load.evidence_hash)

    async def sign(self) -> None:
        """The pharmacist looks at what waits, every ten minutes."""
        while not self.floor.over:
            for row in await self.floor.rows(queries.TO_DECIDE):
                if row["kind"] != "washing":
                    load = await self.floor.do(pharmacist(), service.show, row["id"])
                    if load is not None:
                        await self._decide(load, washing=False)
            await self.floor.minutes(10)

    async def recompose(self) -> None:
        """One table: the oldest washed set, line by line, then packed."""
        while not self.floor.over:
            rows = [r for r in await self.floor.rows(queries.AT_STAGE, "washed", None) if r["id"] not in self.taken]
            if not rows:
                await self.floor.minutes(POLL_MIN)
                continue
            row = rows[0]
            self.taken.add(row["id"])
            await self._recompose(row)
            self.taken.discard(row["id"])

    async def _recompose(self, row: Record) -> None:
        await self.floor.scan(RECOMPOSER, (GROUP, "assembly"), [row["tag"]])
        await self.floor.minutes(self.floor.dice.uniform(5, 14))
        body = await self._counted(row)
        done = await self.floor.do(RECOMPOSER, close_assembly, row["id"], body)
        if done is None:  # the critical one that was missing is found
            done = await self.floor.do(RECOMPOSER, close_assembly, row["id"], await self._counted(row, whole=True))
        if done is not None and done.stage == "assembled":
            await self.floor.minutes(2)
            sealer = self.floor.dice.choice((1, 2))
            station = (GROUP, f"packing sealer-{sealer}")
            await self.floor.scan(PACKER, station, [row["tag"]], packaging_id=row["packaging_ids"][0])

    async def _counted(self, row: Record, *, whole: bool = False) -> AssembleIn:
        dice, gaps, counted = self.floor.dice, [], []
        if not whole and dice.random() < 0.02:
            return AssembleIn(soil=True)
        version = row["composition_version_id"]
        marked: dict[UUID, list[str]] = defaultdict(list)
        for one in await self.floor.rows(queries.INSTRUMENTS, row["set_id"], version):
            marked[one["line_id"]].append(one["code"])
        for line in await self.floor.rows(queries.LINES, version):
            there = line["quantity"]
            if not whole and line["mode"] == "free" and dice.random() < 0.01:
                there -= 1
                gaps.append(GapIn(line_id=line["id"], missing=1, reason="missing"))
            codes = marked[line["id"]] if line["mode"] == "exclusive" else []
            counted.append(CountedIn(line_id=line["id"], quantity=there, instruments=codes[:there]))
        return AssembleIn(counted=counted, gaps=gaps)


def code_of(row: Record) -> str:
    """What is scanned: the label of a pack, else the set's own mark."""
    return f"(00){row['label']}" if row["label"] else str(row["tag"])
