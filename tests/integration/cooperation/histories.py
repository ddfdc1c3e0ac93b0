"""The plant's acts without HTTP: the real use cases on a real base, in any order that somebody thinks of.

`World` does them one by one; `History` (in `test_histories.py`) does them at random and knows what must be true.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

import asyncpg

from cooperation.custody.moving import Subject, move
from cooperation.holds import service as holds
from cooperation.holds.schemas import HoldIn, SignIn
from cooperation.loads import acts, controls, deciding
from cooperation.loads import service as loads
from cooperation.loads.schemas import ControlIn, DecisionIn, LoadIn, StartIn
from cooperation.main import service
from cooperation.recalls import closing, opening, settling
from cooperation.recalls.schemas import Acknowledgement, Closing, RecallIn
from cooperation.recalls.securing import secure
from cooperation.records.schemas import RecordIn
from cooperation.records.sending import Sent
from cooperation.records.service import record_load
from cooperation.runs import acts as runs
from cooperation.runs.changing import live_of_set, locked
from cooperation.runs.schemas import AbortIn, AssembleIn
from cooperation.runs.service import abort, close_assembly
from cooperation.runs.sets import set_of
from cooperation.trace import correcting
from cooperation.trace.schemas import Correction
from cooperation.transport import crates, handing, packing
from cooperation.transport.schemas import HandoverIn, HandoverTake, Opening, SealIn
from cooperation.uses import service as uses
from cooperation.uses.schemas import UseIn
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import Running
from tests.harness.cycles import plateau, record
from tests.harness.plant import Plant

P = ParamSpec("P")
R = TypeVar("R")
WASH = [[at, [90.0, 90.4], None] for at in range(0, 405, 5)]
GOOD, BAD = plateau(every_s=5), plateau(every_s=5, minutes=17)


@dataclass
class People:
    """Who acts; each is one person for all of a history."""

    operator: Principal
    unloader: Principal
    pharmacist: Principal
    delegate: Principal
    manager: Principal
    hygiene: Principal
    theatre: Principal
    other_theatre: Principal
    clinician: Principal
    driver: Principal
    machine: Principal
    washer: Principal


@dataclass
class World:
    """One plant with some sets of two members, crates, and everybody who acts on them."""

    plant: Plant
    database: Database
    people: People
    sets: list[UUID] = field(default_factory=list)
    crates: list[UUID] = field(default_factory=list)
    serial: int = 0

    @classmethod
    async def open(cls, admin_url: str, url: str, sets: int = 6, crates: int = 2) -> "World":
        settings = service.settings(postgres_url=url, pool_size=2)
        plant = await Plant.on(admin_url, cast(Running, SimpleNamespace(settings=settings)))
        database = Database(settings)
        await database.open()
        who = People(
            plant.operator(new_id()), plant.operator(new_id()), plant.pharmacist(new_id()), plant.pharmacist(new_id()),
            plant.manager(new_id()), plant.at_plant("hygiene", new_id()), plant.theatre(0, new_id()),
            plant.theatre(1, new_id()), plant.at_member("clinician", 0, new_id()), plant.driver(new_id()),
            plant.machine_client("steam"), plant.machine_client("washer"),
        )  # fmt: skip
        world = cls(plant, database, who)
        assert who.pharmacist.person_id is not None
        await plant.signatory(who.pharmacist.person_id)
        await plant.tests_of_day("steam")
        await plant.tests_of_day("sealer", "seal")
        for number in range(sets):
            world.sets.append(await plant.set(plant.members[1 if number % 4 == 3 else 0]))
            await plant.run(world.sets[-1], "returning")
        for _ in range(crates):
            world.crates.append(await plant.crate(plant.place("dock")))
        return world

    async def close(self) -> None:
        await self.database.close()
        await self.plant.connection.close()

    async def do(
        self, who: Principal, use_case: Callable[Concatenate[Tx, P], Awaitable[R]], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        return await self.database.run(who, use_case, *args, **kwargs)

    # --- what is so -------------------------------------------------------------------------------------------------

    async def rows(self, sql: str, *args: object) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = await self.plant.connection.fetch(sql, *args)
        return found

    async def live(self, set_id: UUID) -> asyncpg.Record | None:
        """The run that the set is in."""
        found = await self.rows("SELECT * FROM run WHERE set_id = $1 AND stage NOT IN ('used', 'aborted')", set_id)
        return found[0] if found else None

    async def load_of(self, machine: str, *states: str) -> UUID | None:
        """The newest load of that machine in one of these states."""
        sql = "SELECT id FROM load WHERE machine_id = $1 AND state = ANY ($2) ORDER BY id DESC LIMIT 1"
        found = await self.rows(sql, self.plant.machines[machine], list(states))
        return found[0]["id"] if found else None

    # --- acts of the stations ----------------------------------------------------------------------------------------

    async def come_back(self, set_id: UUID) -> None:
        async def act(tx: Tx) -> None:
            run = await live_of_set(tx, set_id)
            if run is not None:
                await runs.came_back(tx, run, self.plant.place("theatre", run.organisation_id), tx.now)

        await self.do(self.people.operator, act)

    async def receive(self, set_id: UUID) -> None:
        async def act(tx: Tx) -> None:
            run = await live_of_set(tx, set_id)
            await runs.receive(tx, await set_of(tx, set_id), run, self.plant.place("reception"), tx.now)

        await self.do(self.people.operator, act)

    async def open_load(self, machine: str) -> None:
        programme = {"washer": "wash", "steam": "steam"}[machine]
        wanted = LoadIn(machine_id=self.plant.machines[machine], programme_id=self.plant.programmes[programme])
        await self.do(self.people.operator, loads.open_load, wanted)

    async def put_in(self, set_id: UUID, machine: str) -> UUID | None:
        """The load that the set's run went into."""

        async def act(tx: Tx) -> UUID | None:
            found = await acts.open_load_of(tx, self.plant.machines[machine])
            run = await live_of_set(tx, set_id)
            return None if run is None else (await acts.put_into(tx, found, run, tx.now)).load_id

        return await self.do(self.people.operator, act)

    async def take_out(self, set_id: UUID) -> None:
        async def act(tx: Tx) -> None:
            run = await live_of_set(tx, set_id)
            if run is not None:
                await acts.take_out(tx, run, tx.now)

        await self.do(self.people.operator, act)

    async def start(self, load_id: UUID) -> None:
        self.serial += 1
        await self.do(self.people.operator, loads.start, load_id, StartIn(cycle_no=self.serial))

    async def record(self, load_id: UUID, *, good: bool, cycle_off: int = 0) -> str:
        """The verdict."""
        row = await self.plant.row("load", load_id)
        washing = row["kind"] == "washing"
        samples = (WASH if good else WASH[:2]) if washing else (GOOD if good else BAD)
        told = RecordIn.model_validate(record((row["cycle_no"] or 1) + cycle_off, samples))
        who = self.people.washer if washing else self.people.machine
        sent = Sent(told.model_dump_json().encode(), told=told)
        return (await self.do(who, record_load, load_id, sent)).verdict

    async def see(self, set_id: UUID, *, good: bool) -> None:
        async def act(tx: Tx) -> None:
            run = await live_of_set(tx, set_id)
            if run is None:
                return
            if run.stage in ("received", "washing"):
                await acts.seen(tx, run, tx.now, clean=good)
            else:
                await acts.seen(tx, run, tx.now, intact=good, dry=True)

        await self.do(self.people.unloader, act)

    async def control(self, load_id: UUID, result: str) -> None:
        reading = ControlIn.model_validate({"kind": "integrator", "result": result})
        await self.do(self.people.unloader, controls.read_control, load_id, reading)

    async def decide(self, load_id: UUID, who: Principal, outcome: str) -> None:
        seen = (await self.do(self.people.pharmacist, loads.show, load_id)).evidence_hash
        wanted = DecisionIn.model_validate({"outcome": outcome, "reason": "x" if outcome == "reject" else None})
        await self.do(who, deciding.decide, load_id, wanted, seen)

    async def assemble(self, run_id: UUID, *, missing: int | None = None, soil: bool = False) -> None:
        """All counted; `missing`: the line of which one is missing, by name."""
        version = (await self.plant.row("run", run_id))["composition_version_id"]
        counted, gaps = [], []
        for place, (line, quantity) in enumerate(zip(self.plant.lines[version], (1, 4, 2), strict=True)):
            short = 1 if place == missing else 0
            counted.append({"line_id": str(line), "quantity": quantity - short})
            gaps += [{"line_id": str(line), "missing": 1, "reason": "missing"}] if short else []
        body = AssembleIn.model_validate({"counted": counted, "gaps": gaps, "soil": soil})
        await self.do(self.people.operator, close_assembly, run_id, body)

    async def pack(self, run_id: UUID) -> None:
        async def act(tx: Tx) -> None:
            await runs.pack(tx, await locked(tx, run_id), self.plant.packagings["container"], None, tx.now)

        await self.do(self.people.operator, act)

    async def abort(self, run_id: UUID, reason: str) -> None:
        await self.do(self.people.operator, abort, run_id, AbortIn.model_validate({"reason": reason}))

    async def use(self, run_id: UUID, who: Principal, *, override: bool = False, intact: bool = True) -> None:
        self.serial += 1
        body: dict[str, Any] = {
            "code": await self.plant.label_of(run_id), "operation_ref": f"OP-{self.serial}", "intact": intact,
            "used_at": clock.now().isoformat(), "override": {"reason": "urgence vitale"} if override else None,
        }  # fmt: skip
        await self.do(who, uses.record, UseIn.model_validate(body))

    # --- safety ------------------------------------------------------------------------------------------------------

    async def recall(self, load_id: UUID) -> UUID:
        body = RecallIn.model_validate({"cause": "essai", "scope": {"loads": [str(load_id)]}})
        made = await self.do(self.people.pharmacist, opening.open_recall, body)
        assert made.id is not None
        return made.id

    async def quarantine(self, set_id: UUID) -> None:
        async def act(tx: Tx) -> None:
            run = await live_of_set(tx, set_id)
            if run is not None:
                thing = Subject("set", set_id, run.organisation_id, run.group_id)
                await move(tx, thing, self.plant.place("quarantine"), tx.now)
                await secure(tx, run, tx.now)

        await self.do(self.people.operator, act)

    async def acknowledge(self, line_id: UUID, member: UUID) -> None:
        who = self.plant.at_member("hygiene", member)
        await self.do(who, settling.acknowledge, line_id, Acknowledgement())

    async def close_recall(self, recall_id: UUID, who: Principal) -> str:
        return (await self.do(who, closing.close, recall_id, Closing())).state

    async def hold(self, kind: str, set_id: UUID) -> UUID:
        subjects = [{"kind": "set", "id": str(set_id)}]
        body = HoldIn.model_validate({"kind": kind, "cause": "essai", "subjects": subjects})
        return (await self.do(self.people.pharmacist, holds.place, body)).id

    async def sign(self, hold_id: UUID, who: Principal, outcome: str) -> str:
        body = SignIn.model_validate({"outcome": outcome, "reason": "essai"})
        return (await self.do(who, holds.end, hold_id, body)).state

    # --- the road ----------------------------------------------------------------------------------------------------

    async def crate(self, run_id: UUID, crate_id: UUID) -> None:
        async def act(tx: Tx) -> None:
            run = await locked(tx, run_id)
            await crates.put_in(tx, await crates.locked(tx, crate_id), run, tx.now)

        await self.do(self.people.driver, act)

    async def uncrate(self, run_id: UUID, crate_id: UUID, place_id: UUID) -> None:
        async def act(tx: Tx) -> None:
            run = await locked(tx, run_id)
            await crates.take_out(tx, await crates.locked(tx, crate_id), run, place_id, tx.now)

        await self.do(self.people.driver, act)

    async def seal(self, crate_id: UUID) -> None:
        self.serial += 1
        await self.do(self.people.driver, packing.seal, crate_id, SealIn(number=f"S{self.serial}"))

    async def unseal(self, crate_id: UUID) -> None:
        await self.do(self.people.driver, packing.unseal, crate_id, Opening())

    async def decontaminate(self, crate_id: UUID) -> None:
        await self.do(self.people.driver, packing.decontaminate, crate_id)

    async def give(self, crate_id: UUID, start: UUID, end: UUID) -> UUID:
        body = HandoverIn(crates=[str(crate_id)], from_place_id=start, to_place_id=end)
        return (await self.do(self.people.driver, handing.give, body)).id

    async def take(self, handover_id: UUID, crate_id: UUID, who: Principal) -> None:
        body = HandoverTake.model_validate({"crates": [{"code": str(crate_id)}]})
        await self.do(who, handing.take, handover_id, body)

    async def correct(self, entry_id: UUID) -> None:
        body = Correction.model_validate({"kind": "did_not_occur", "reason": "wrong_set_scanned"})
        await self.do(self.people.manager, correcting.correct, entry_id, body)

    # --- further -----------------------------------------------------------------------------------------------------

    async def sterilised(self, *sets: UUID) -> UUID:
        """From wherever they are at the plant to released, all in one load."""
        for set_id in sets:
            await self.to_packed(set_id)
        await self.open_load("steam")
        for set_id in sets:
            await self.put_in(set_id, "steam")
        load = await self.load_of("steam", "open")
        assert load is not None
        await self.start(load)
        await self.record(load, good=True)
        for set_id in sets:
            await self.see(set_id, good=True)
        await self.control(load, "conform")
        await self.decide(load, self.people.pharmacist, "release")
        return load

    async def to_packed(self, set_id: UUID) -> None:
        """Received, washed, assembled, packed."""
        await self.receive(set_id)
        await self.open_load("washer")
        load = await self.put_in(set_id, "washer")
        assert load is not None
        await self.start(load)
        await self.record(load, good=True)
        await self.see(set_id, good=True)
        await self.decide(load, self.people.operator, "release")
        run = await self.live(set_id)
        assert run is not None
        await self.assemble(run["id"])
        await self.pack(run["id"])
