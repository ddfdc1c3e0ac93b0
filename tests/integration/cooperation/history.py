"""Histories: acts of all stations in random order, right and wrong, on the real base. Beside the rows stands a model of
what must be true; it knows only what was asked and what was answered. The acts are in `history_acts.py`.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from contracts.cooperation import RunStageChanged
from cooperation.recalls.following import follow
from maillage.doctor import invariants
from maillage.principal import system
from maillage.refusals import Refusal
from tests.integration.cooperation.histories import World

T = TypeVar("T")
SETS, CRATES = 6, 2
RULES = [(each.name, each.sql) for each in invariants("cooperation")]
Act = Callable[["History", int, int, bool], Awaitable[None]]
ACTS: dict[str, tuple[int, Act]] = {}


class Broken(AssertionError):
    """Something was possible that must not be."""


def act(weight: int) -> Callable[[Act], Act]:
    def kept(of: Act) -> Act:
        ACTS[of.__name__] = (weight, of)
        return of

    return kept


class Model:
    """What must be true, from what was asked and answered alone."""

    def __init__(self) -> None:
        self.inside: dict[UUID, set[UUID]] = {}
        self.frozen: dict[UUID, set[UUID]] = {}
        self.conform: dict[UUID, bool] = {}
        self.indicator: dict[UUID, str] = {}
        self.seen: dict[tuple[UUID, UUID], bool] = {}
        self._said: dict[tuple[UUID, UUID], list[bool]] = {}
        self.released: set[UUID] = set()
        self.dates: dict[UUID, tuple[object, object]] = {}
        self.recalls: dict[UUID, set[UUID]] = {}
        self.holds: dict[UUID, tuple[str, UUID]] = {}
        self.signed: dict[tuple[UUID, str], set[UUID]] = {}

    def see(self, load_id: UUID, run_id: UUID, *, good: bool) -> None:
        """What was said of a pack last counts."""
        self._said.setdefault((load_id, run_id), []).append(good)
        self.seen[load_id, run_id] = good

    def unsee(self, load_id: UUID, run_id: UUID) -> None:
        """What was said last is taken back: what was said before counts again."""
        before = self._said[load_id, run_id]
        before.pop()
        if before:
            self.seen[load_id, run_id] = before[-1]
        else:
            del self.seen[load_id, run_id]

    def blocks(self, run_id: UUID, set_id: UUID) -> set[str]:
        """What forbids to use the run."""
        found = {kind for kind, held in self.holds.values() if held == set_id}
        return found | ({"recall"} if any(run_id in lines for lines in self.recalls.values()) else set())


class History(RuleBasedStateMachine):
    """One plant, from its first set on. `opened` makes its base; `counts` tells what was tried and refused."""

    opened: ClassVar[Callable[[], Awaitable[World]]]
    runner: ClassVar[asyncio.Runner]
    counts: ClassVar[Counter[str]] = Counter()
    checked_every: ClassVar[int] = 1

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.told = 0
        self.seq = 0
        self.world = self.wait(type(self).opened())

    def wait(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    @rule(chosen=st.data(), a=st.integers(0, SETS - 1), b=st.integers(0, 5), flag=st.booleans())
    def step(self, chosen: st.DataObject, a: int, b: int, flag: bool) -> None:
        acts = sorted(ACTS.items(), key=lambda known: -known[1][0])
        weighted = [name for name, (weight, _) in acts for _ in range(weight)]
        self.wait(self.once(chosen.draw(st.sampled_from(weighted), label="act"), a, b, flag))

    async def once(self, name: str, a: int, b: int, flag: bool) -> None:
        """One act; a refusal is a fine answer, whatever it is."""
        self.counts["steps"] += 1
        try:
            await ACTS[name][1](self, a, b, flag)
        except Refusal as refusal:
            self.counts[f"{name} {refusal.code}"] += 1
            return
        self.counts[f"{name} done"] += 1
        await self.consume()
        if self.counts["steps"] % self.checked_every == 0:
            await self.check()

    async def consume(self) -> None:
        """The service's own events, as its worker takes them."""
        sql = "SELECT sequence, payload FROM kit.outbox WHERE sequence > $1 AND type = $2 ORDER BY sequence"
        for row in await self.world.rows(sql, self.told, RunStageChanged.TYPE):
            self.told = row["sequence"]
            event = RunStageChanged.model_validate_json(row["payload"])
            if event.stage in ("used", "aborted"):
                await self.world.do(system("cooperation"), follow, event, None)  # type: ignore[arg-type]

    # --- what must be true ------------------------------------------------------------------------------------------

    async def check(self) -> None:
        """C1, C2, C4, C5, C8, C11, after each act that was done."""
        model = self.model
        lives: Counter[UUID] = Counter()
        for run in await self.world.rows("SELECT * FROM run"):
            lives[run["set_id"]] += run["ended_at"] is None
            dates, released = (run["sterile_on"], run["expires_on"]), run["id"] in model.released
            must((run["released_at"] is not None) == released, "C1: released otherwise than decided")
            if run["id"] in model.dates:
                must(model.dates[run["id"]] == dates, "C8: a date has moved")
            elif released:
                model.dates[run["id"]] = dates
            else:
                must(dates == (None, None), "C8: a date before the release")
        must(all(count <= 1 for count in lives.values()), "C5: two live runs of a set")
        inside: dict[UUID, set[UUID]] = {}
        for row in await self.world.rows("SELECT load_id, run_id FROM load_run WHERE removed_at IS NULL"):
            inside.setdefault(row["load_id"], set()).add(row["run_id"])
        for load, members in model.frozen.items():
            must(inside.get(load) == members, "C2: a started load holds other packs")
        stays = await self.world.rows("SELECT subject_id FROM custody WHERE until IS NULL")
        here = Counter(stay["subject_id"] for stay in stays)
        must(all(here[thing] == 1 for thing in (*self.world.sets, *self.world.crates)), "C4: not in one place")

    def teardown(self) -> None:
        self.wait(self._end())

    async def _end(self) -> None:
        """Every invariant of the service, on what the history has left."""
        try:
            await self.check()
            for name, sql in RULES:
                rows = await self.world.rows(sql)
                must(not rows, f"{name}: {[tuple(row) for row in rows[:3]]}")
        finally:
            await self.world.close()

    # --- who and what -----------------------------------------------------------------------------------------------

    async def run_of(self, a: int, *stages: str) -> UUID:
        """The live run of that set, at whatever stage; a Refusal of nothing to do when there is none."""
        found = await self.world.live(self.world.sets[a])
        if found is None or (stages and found["stage"] not in stages):
            raise NothingToDo
        run_id: UUID = found["id"]
        return run_id

    async def some_load(self, b: int) -> UUID:
        """One of the newest loads, of whatever machine and state."""
        found = await self.world.rows("SELECT id FROM load ORDER BY id DESC LIMIT 4")
        if not found:
            raise NothingToDo
        load_id: UUID = found[b % len(found)]["id"]
        return load_id

    async def some(self, table: str, b: int) -> Any:
        found = await self.world.rows(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 4")
        if not found:
            raise NothingToDo
        return found[b % len(found)]


class NothingToDo(Refusal):
    """The act has no object in this history."""

    code, status = "NOTHING_TO_DO", 409


def must(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)
