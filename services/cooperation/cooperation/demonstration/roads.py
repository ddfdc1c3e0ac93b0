"""Theatres and the van: dirty sets leave in sealed crates, packs come back, each crate by two persons."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Final
from uuid import UUID

from asyncpg import Record

from cooperation.demo import words
from cooperation.demo.loading import GROUP, HOSPITALS, known
from cooperation.demonstration import queries
from cooperation.demonstration.floor import AGENTS, DRIVER, NURSES, Floor
from cooperation.transport import handing, packing, vehicles
from cooperation.transport.schemas import (
    Crates,
    Goods,
    GoodsOut,
    HandoverIn,
    HandoverTake,
    Opening,
    SealIn,
    Taken,
    Unloading,
)
from cooperation.uses.schemas import UseIn
from cooperation.uses.service import record
from maillage import clock
from maillage.principal import Principal

IN_A_CRATE: Final = 10
CLEAN, DIRTY = known("compartment", "clean"), known("compartment", "dirty")
WAVES: Final = ((10, 40, 70), (300, 60, 50), (600, 60, 30))
"""Minutes from the beginning, how long it goes on, how many sets come out of the theatres."""
LEAVES: Final = (60, 390, 690)
"""Minutes from the beginning at which the van leaves the plant."""


class Roads:
    """All that happens outside the plant, and at its docks."""

    def __init__(self, floor: Floor, sets: Sequence[Record]) -> None:
        self.floor = floor
        self.sets = list(sets)
        floor.dice.shuffle(self.sets)
        self._seals, self._operations = count(1), count(1)

    def waves(self) -> list[tuple[float, Record]]:
        """When each set comes out of its theatre, in minutes from the beginning."""
        rest, out = iter(self.sets), []
        for begins, lasts, number in WAVES:
            for _, row in zip(range(number), rest, strict=False):
                out.append((begins + self.floor.dice.uniform(0, lasts), row))
        return out

    async def comes_out(self, after_min: float, row: Record) -> None:
        """Into the bath, and out of it: 15 to 30 minutes, sometimes an hour."""
        await self.floor.minutes(after_min)
        station = (row["organisation_id"], "return")
        who = NURSES[HOSPITALS.index(row["organisation_id"])]
        await self.floor.scan(who, station, [row["tag"]])
        soak = 15 + 15 * self.floor.dice.random() if self.floor.dice.random() < 0.93 else 60
        await self.floor.minutes(soak)
        await self.floor.scan(who, station, [row["tag"]])

    async def drive(self, after_min: float) -> None:
        """One trip: out with packs, round the five hospitals, back with what is dirty."""
        await self.floor.minutes(after_min - 15)
        crates = {member: await self._fill_clean(member) for member in HOSPITALS}
        await self.floor.minutes(15)
        for number, (member, hospital) in enumerate(zip(HOSPITALS, words.HOSPITALS, strict=True)):
            await self.floor.minutes(hospital.seconds / 120)
            await self._deliver(member, crates[member])
            await self._collect(member, number)
            await self.floor.minutes(10)
        await self.floor.minutes(30)
        await self._unload()

    async def _fill_clean(self, member: UUID) -> list[UUID]:
        """Released packs of one hospital, in crates that are clean, sealed, into the van."""
        rows = [r for r in await self.floor.rows(queries.AT_STAGE, "released", member) if r["place_id"] in _AT_PLANT]
        crates = []
        for start in range(0, len(rows), IN_A_CRATE):
            crate = await self._free_crate(_AT_PLANT)
            if crate is None:
                break
            codes = [crate["tag"], *(f"(00){row['label']}" for row in rows[start : start + IN_A_CRATE])]
            await self.floor.scan(AGENTS[3], (GROUP, "dispatch"), codes)
            if await self._seal(AGENTS[3], crate["id"], known("site", "1", member)):
                crates.append(crate["id"])
        if crates:
            await self.floor.do(DRIVER, vehicles.load, CLEAN, Crates(crates=[str(each) for each in crates]))
        return crates

    async def _seal(self, who: Principal, crate_id: UUID, to: UUID | None) -> bool:
        number = SealIn(number=f"SC-{next(self._seals):05d}", destination_site_id=to)
        return await self.floor.do(who, packing.seal, crate_id, number) is not None

    async def _free_crate(self, places: set[UUID] | frozenset[UUID]) -> Record | None:
        for place in places:
            for row in await self.floor.rows(queries.CRATES_AT, place):
                if row["held"] == 0 and row["seal"] is None and row["load_state"] != "dirty":
                    return row
        return None

    async def _deliver(self, member: UUID, crates: list[UUID]) -> None:
        nurse = NURSES[HOSPITALS.index(member)]
        if not crates or not await self._hand(DRIVER, nurse, crates, CLEAN, known("place", "dock", member)):
            return
        for crate_id in crates:
            held = await self.floor.do(nurse, packing.contents, crate_id)
            if held is None or await self.floor.do(nurse, packing.unseal, crate_id, Opening(number=held.seal)) is None:
                continue
            codes = [f"(00){each.label}" for each in held.contents if each.label]
            if codes:
                out = GoodsOut(codes=codes, place_id=known("place", "store", member))
                await self.floor.do(nurse, packing.take_out, crate_id, out)

    async def _collect(self, member: UUID, number: int) -> None:
        nurse, theatre = NURSES[number], known("place", "theatre", member)
        rows = [r for r in await self.floor.rows(queries.AT_STAGE, "returning", member) if r["soak_to"]]
        rows = [row for row in rows if row["place_id"] == theatre]
        full = []
        for start in range(0, len(rows), IN_A_CRATE):
            crate = await self._free_crate({known("place", "dock", member)})
            if crate is None:
                break
            goods = Goods(codes=[row["tag"] for row in rows[start : start + IN_A_CRATE]])
            await self.floor.do(nurse, packing.put_in, crate["id"], goods)
            if await self._seal(nurse, crate["id"], known("site", "1")):
                full.append(crate["id"])
        if full:
            await self._hand(nurse, DRIVER, full, known("place", "dock", member), DIRTY)

    async def _hand(self, gives: Principal, takes: Principal, crates: list[UUID], start: UUID, end: UUID) -> bool:
        codes = [str(each) for each in crates]
        given = await self.floor.do(gives, handing.give, HandoverIn(crates=codes, from_place_id=start, to_place_id=end))
        if given is None:
            return False
        taken = HandoverTake(crates=[Taken(code=str(each.crate_id), seal=each.seal_given) for each in given.crates])
        return await self.floor.do(takes, handing.take, given.id, taken) is not None

    async def _unload(self) -> None:
        """At the plant: crates down, opened, sets received one by one, crates and van cleaned."""
        aboard = await self.floor.rows(queries.CRATES_AT, DIRTY)
        if aboard:
            down = Unloading(crates=[str(row["id"]) for row in aboard], place_id=known("place", "reception"))
            await self.floor.do(DRIVER, vehicles.unload, DIRTY, down)
        for row in aboard:
            held = await self.floor.do(AGENTS[0], packing.contents, row["id"])
            await self.floor.do(AGENTS[0], packing.unseal, row["id"], Opening(number=row["seal"]))
            tags = [each.tag for each in held.contents if each.tag] if held else []
            if tags:
                await self.floor.scan(AGENTS[0], (GROUP, "reception"), tags)
            await self.floor.do(AGENTS[0], packing.decontaminate, row["id"])
        await self.floor.do(DRIVER, vehicles.disinfect, DIRTY)

    async def operate(self, number: int) -> None:
        """A theatre takes packs as it needs them, from eight to ten in the evening."""
        member, nurse = HOSPITALS[number], NURSES[number]
        while not self.floor.over:
            await self.floor.minutes(self.floor.dice.uniform(40, 110))
            store = known("place", "store", member)
            rows = [r for r in await self.floor.rows(queries.AT_STAGE, "released", member) if r["place_id"] == store]
            if not rows:
                continue
            reference = f"OP-{number + 1}-{next(self._operations):04d}"
            for row in rows[: self.floor.dice.randint(1, 3)]:
                await self.floor.scan(nurse, (member, "theatre"), [f"(00){row['label']}"])
                used = UseIn(
                    code=f"(00){row['label']}", operation_ref=reference, used_at=clock.now() - timedelta(seconds=1),
                    intact=self.floor.dice.random() > 0.01, place_id=known("place", "theatre", member),
                )  # fmt: skip
                await self.floor.do(nurse, record, used)


_AT_PLANT: Final = frozenset(known("place", kind) for kind in words.PLANT_PLACES)
