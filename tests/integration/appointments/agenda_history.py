"""Histories of an agenda: acts of everybody in random order, right and wrong, on the real base; the clock goes on and
the worker comes late. Beside the rows stands a model of what must be true. The acts are in `agenda_acts*.py`.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from appointments.availability import service as availability
from appointments.campaigns.answering import give_up_waiting
from appointments.holds import service as holds
from appointments.rest.service import apply_owed
from appointments.waiting.service import expire_entries, expire_offers
from maillage.database import Tx
from maillage.doctor import invariants
from maillage.refusals import Refusal
from tests.integration.appointments.agenda_histories import Centre
from tests.integration.appointments.agenda_provider import must
from tests.integration.appointments.agenda_truths import CONFLICTS, IN_REST, RESTS, STANDS, TRUTHS

T = TypeVar("T")
RULES = [(each.name, each.sql) for each in invariants("appointments")]


@dataclass(frozen=True)
class Pick:
    """What chance gives an act: `a` a person, `b` a day or one of the newest rows, `c` an hour, `flag` this or that."""

    a: int
    b: int
    c: int
    flag: bool


Act = Callable[["History", Pick], Awaitable[None]]
ACTS: dict[str, tuple[int, Act]] = {}


class NothingToDo(Refusal):
    """The act has no object in this history."""

    code, status = "NOTHING_TO_DO", 409


class Undone(Exception):
    """Ends a look that must leave nothing."""


def act(weight: int) -> Callable[[Act], Act]:
    """How often, compared to the others."""

    def kept(of: Act) -> Act:
        ACTS[of.__name__] = (weight, of)
        return of

    return kept


@dataclass
class Rest:
    """What was said last of a rest window."""

    revision: int
    withdrawn: bool
    number: str
    start: datetime
    end: datetime


class Model:
    """What must be true, from what was asked and answered alone."""

    def __init__(self) -> None:
        self.seen: dict[UUID, tuple[int, object]] = {}
        self.rests: dict[UUID, Rest] = {}
        self.merges: dict[UUID, dict[str, dict[UUID, UUID]]] = {}

    def told(self, window: UUID, said: Rest) -> None:
        """The highest revision counts; of one revision, the withdrawal."""
        known = self.rests.get(window)
        if known is None or (known.revision, known.withdrawn) < (said.revision, said.withdrawn):
            self.rests[window] = said


class History(RuleBasedStateMachine):
    """One centre, from its first day on. `opened` makes its base; `counts` tells what was tried and refused."""

    opened: ClassVar[Callable[[], Awaitable[Centre]]]
    runner: ClassVar[asyncio.Runner]
    counts: ClassVar[Counter[str]] = Counter()
    checked_every: ClassVar[int] = 1
    without: ClassVar[frozenset[str]] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.since = 0
        self.rests_told = 0
        self.steps: list[tuple[str, int, int, int, bool]] = []
        self.behind = False
        self.centre = self.wait(type(self).opened())

    def wait(self, work: Awaitable[T]) -> T:
        """In the one loop of all histories."""

        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    @rule(
        chosen=st.data(), a=st.integers(0, 5), b=st.integers(0, 11), c=st.integers(0, 11), flag=st.booleans()
    )  # fmt: skip
    def step(self, chosen: st.DataObject, a: int, b: int, c: int, flag: bool) -> None:
        """Any act."""
        name = chosen.draw(st.sampled_from(weighted(self.without)), label="act")
        self.wait(self.once(name, a, b, c, flag))

    async def once(self, name: str, a: int, b: int, c: int, flag: bool) -> None:
        """One act; a refusal is a fine answer, whatever it is."""
        self.counts["steps"] += 1
        self.steps.append((name, a, b, c, flag))
        self.since += 1
        try:
            await ACTS[name][1](self, Pick(a, b, c, flag))
            self.counts[f"{name} done"] += 1
            if self.since >= self.checked_every and not self.behind:  # before the worker has come, less is promised
                self.since = 0
                await self.check()
        except Refusal as refusal:
            self.counts[f"{name} {refusal.code}"] += 1
        except Exception as broken:
            broken.add_note(f"STEPS = {self.steps}")
            raise

    async def work(self) -> None:
        """The worker's rounds, but for messages."""
        database, system = self.centre.database, self.centre.staff.system
        await self.centre.do(system, holds.lapse)
        for job in (expire_offers, give_up_waiting, expire_entries, apply_owed):
            await job(database)
        self.behind = False

    # --- what must be true ------------------------------------------------------------------------------------------

    async def check(self) -> None:
        """Every invariant of the service, what has no SQL there, and the model."""
        centre = self.centre
        for name, sql in RULES + list(TRUTHS.items()):
            rows = await centre.rows(sql)
            must(not rows, f"{name}: {[tuple(row) for row in rows[:3]]}")
        for row in await centre.rows(STANDS):
            version, state = row["version"], tuple(row)[2:5]
            before, was = self.model.seen.get(row["id"], (0, None))
            must(version >= before, "7: a version went back")
            must(version > before or was == state, f"7: changed without a version: {was} to {state}")
            self.model.seen[row["id"]] = (version, state)
        await self._conflicts()
        await self._rests()

    async def _conflicts(self) -> None:
        """A new look at all visits to come finds what is stored."""

        async def look(tx: Tx) -> None:
            before = await tx.fetch(CONFLICTS)
            await availability.flag_conflicts(tx, tx.now, tx.now + timedelta(days=400))
            after = await tx.fetch(CONFLICTS)
            wrong = [(tuple(one), tuple(two)) for one, two in zip(before, after, strict=True) if one != two]
            must(not wrong, f"3: flagged otherwise than it is: {wrong[:3]}")
            raise Undone

        with suppress(Undone):
            await self.centre.do(self.centre.staff.system, look)

    async def _rests(self) -> None:
        """What the model owes is closed, and nothing else for a rest; no visit that is not flagged lies in it."""
        centre = self.centre
        owed = {
            (centre.doctors[centre.rpps.index(r.number)], r.start, r.end)
            for r in self.model.rests.values()
            if not r.withdrawn
        }
        closed = {(row["practitioner_id"], row["start"], row["end"]) for row in await centre.rows(RESTS)}
        must(owed == closed, f"11: rests owed {owed - closed}, closed {closed - owed}")
        for who, start, end in sorted(owed):
            must(not await centre.rows(IN_REST, who, start, end), "11: a visit in a rest")

    def teardown(self) -> None:
        """Once more, at the end."""
        self.wait(self._end())

    async def _end(self) -> None:
        try:
            await self.work()
            await self.check()
        except Exception as broken:
            broken.add_note(f"STEPS = {self.steps}")
            raise
        finally:
            await self.centre.close()

    # --- who and what -----------------------------------------------------------------------------------------------

    async def person(self, p: Pick) -> UUID:
        """A patient, mostly a living one."""
        who = self.centre.patients[p.a]
        if p.c == 10:
            return who
        living: UUID = (await self.centre.rows("SELECT living_patient($1) AS id", who))[0]["id"]
        return living

    async def some(self, table: str, b: int, where: str = "true", of: int = 6) -> Any:
        """One of the newest rows."""
        found = await self.centre.rows(f"SELECT * FROM {table} WHERE {where} ORDER BY id DESC LIMIT {of}")
        if not found:
            raise NothingToDo
        return found[b % len(found)]


@cache
def weighted(without: frozenset[str]) -> list[str]:
    """The names of all acts but these, each as often as it weighs."""
    acts = sorted(ACTS.items(), key=lambda known: (-known[1][0], known[0]))
    return [name for name, (weight, _) in acts if name not in without for _ in range(weight)]
