"""Scenario 2. Loop: used in Bourbonne 2 March 11:20, soaked 11:25-11:45, received 13:05, cycle ends 18:02, released
18:20, delivered 3 March 06:40; one page shows each step, person, machine, the curve. Container, 180 days: sterile on
2 March, expires on 29 August 2026."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness.acts import post
from tests.harness.cycles import Line, plateau, record, wash
from tests.harness.plant import Plant
from tests.integration.cooperation.conftest import Clockwork
from tests.integration.cooperation.test_scans import Json, Scanner

PARIS = ZoneInfo("Europe/Paris")
BOURBONNE = 2


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


def shown(text: str) -> str:
    """An instant of the page, by the clock on the wall."""
    return datetime.fromisoformat(text).astimezone(PARIS).strftime("%d %H:%M")


@dataclass
class Loop:
    """One set of Bourbonne, and everybody who has it in hand, each under his own badge."""

    plant: Plant
    set_id: UUID
    run_id: UUID
    tag: str
    line: Line
    nurse: Principal
    driver: Principal
    packer: Principal
    releaser: Principal
    made: dict[str, UUID] = field(default_factory=dict)

    async def used_and_soaked(self) -> None:
        """Used at 11:20, into the bath at 11:25, out of it at 11:45: told in one go, from a theatre without network."""
        theatre = await self.plant.station("return", self.plant.members[BOURBONNE], "theatre")
        scanner = Scanner(self.plant, "return", self.nurse, theatre)
        scanner.device = await self.plant.connection.fetchval("SELECT id FROM device WHERE station_id = $1", theatre)
        use = {
            "code": await self.plant.label_of(self.run_id), "operation_ref": "OP-1", "used_at": at(11, 20).isoformat(),
            "intact": True,
        }  # fmt: skip
        async with self.plant.http(self.nurse) as nurse:
            self.run_id = UUID((await post(nurse, "uses", 201, **use))["next_run_id"])
        into, out = (scanner.read(self.tag, scanned_at=at(11, minute).isoformat()) for minute in (25, 45))
        assert done(await scanner.send(into, out)) == ["into the soak, then next set", "next set"]

    async def carried(self, cleanliness: str, giver: Principal, start: UUID, seal: str) -> None:
        """A crate, sealed; given, and taken by the driver."""
        van, crate = await self.plant.van(), self.made[f"{cleanliness} crate"]
        self.made[f"{cleanliness} van"] = van[cleanliness]
        async with self.plant.http(giver) as gives:
            await post(gives, f"crates/{crate}/seal", number=seal)
        await self.handed(cleanliness, giver, start, van[cleanliness], self.driver, seal)

    async def handed(
        self, cleanliness: str, giver: Principal, start: UUID, end: UUID, taker: Principal, seal: str, **done: str
    ) -> None:
        """Two persons, two scans of the crate."""
        crate = self.made[f"{cleanliness} crate"]
        async with self.plant.http(giver) as gives, self.plant.http(taker) as takes:
            way = {"from_place_id": str(start), "to_place_id": str(end), "crates": [str(crate)]}
            given = await post(gives, "handovers", 201, **way, **done)
            await post(takes, f"handovers/{given['id']}/take", crates=[{"code": str(crate), "seal": seal}], **done)

    async def received(self) -> None:
        """The van is unloaded at the plant; the set is scanned at 13:05 and goes into a washer."""
        reception = self.plant.place("reception")
        way = (self.driver, self.made["dirty van"], reception, self.line.operator)
        await self.handed("dirty", *way, "S1", at=at(13, 2).isoformat())
        async with self.plant.http(self.line.operator) as operator:
            await post(operator, f"crates/{self.made['dirty crate']}/unseal", number="S1")
        scanner = Scanner(self.plant, "reception", self.line.operator)
        assert done(await scanner.send(scanner.read(self.tag, scanned_at=at(13, 5).isoformat()))) == ["next set"]
        self.made["wash"] = await self.line.started([self.run_id], "washer", "wash")

    async def washed(self) -> None:
        """The washer has told its cycle; the set is seen clean, somebody else decides."""
        load, washer = self.made["wash"], self.plant.machine_client("washer")
        began = (at(13, 30) - timedelta(seconds=400)).isoformat()
        cycle_no = self.line.cycles
        await self.line.act("POST", f"/loads/{load}/record", record(cycle_no, wash(), began_at=began), washer)
        await self.line.looked_at(load, [self.run_id], clean=True)
        assert (await self.line.decide(load, self.packer)).status_code == 200

    async def packed(self) -> None:
        """Recomposed in full, packed in a container, into the steriliser, which starts."""
        version = self.plant.compositions[self.plant.members[BOURBONNE]][1]
        lines = zip(self.plant.lines[version], (1, 4, 2), strict=True)
        counted = [{"line_id": str(line), "quantity": quantity} for line, quantity in lines]
        await self.line.act("POST", f"/runs/{self.run_id}/assemble", {"counted": counted}, self.packer)
        container = str(self.plant.packagings["container"])
        packed = await Scanner(self.plant, "packing", self.packer).scan(self.tag, ago_s=0, packaging_id=container)
        assert packed["stage"] == "packed", packed
        self.made["steam"] = await self.line.started([self.run_id], tested=True)

    async def released(self) -> None:
        """Unloaded, its integrator read, released by the pharmacist; scanned into a crate for Bourbonne."""
        load, samples = self.made["steam"], plateau()
        began = (at(18, 2) - timedelta(seconds=samples[-1][0])).isoformat()
        body = record(self.line.cycles, samples, began_at=began)
        await self.line.act("POST", f"/loads/{load}/record", body, self.plant.machine_client("steam"))
        await self.line.looked_at(load, [self.run_id])
        await self.line.read(load)
        answer = await self.line.decide(load, self.releaser)
        assert answer.status_code == 200, answer.text
        dispatch = Scanner(self.plant, "dispatch", self.packer)
        crate, pack = await self.plant.crate_tag(self.made["clean crate"]), await self.plant.label_of(self.run_id)
        assert (await dispatch.scan(crate, ago_s=0))["outcome"] == "checked"
        assert (await dispatch.scan(pack, ago_s=0))["outcome"] == "done"
        await self.carried("clean", self.packer, self.plant.place("dock"), "S2")

    async def delivered(self) -> None:
        """Taken by the nurse at the dock of Bourbonne, opened, stored."""
        owner, crate = self.plant.members[BOURBONNE], self.made["clean crate"]
        dock, store = self.plant.place("dock", owner), self.plant.place("store", owner)
        await self.handed("clean", self.driver, self.made["clean van"], dock, self.nurse, "S2")
        async with self.plant.http(self.nurse) as nurse:
            await post(nurse, f"crates/{crate}/unseal", number="S2")
            label = await self.plant.label_of(self.run_id)
            await post(nurse, f"crates/{crate}/take_out", codes=[label], place_id=str(store))

    async def page(self) -> Json:
        """The run on one page, as the pharmacist prints it."""
        async with self.plant.http(self.releaser) as pharmacist:
            found: Json = (await pharmacist.get(f"/v1/runs/{self.run_id}")).json()
        return found


def done(answer: Json) -> list[str]:
    assert {each["outcome"] for each in answer["results"]} == {"done"}, answer
    return [each["expect"] for each in answer["results"]]


async def begun(plant: Plant) -> Loop:
    """Early that Monday: the tests of the day are made, a pack of Bourbonne lies in its theatre."""
    releaser, owner = plant.pharmacist(new_id()), plant.members[BOURBONNE]
    assert releaser.person_id is not None
    await plant.signatory(releaser.person_id)
    await plant.tests_of_day("steam")
    set_id = await plant.set(owner)
    run_id = await plant.run(set_id, "released")
    loop = Loop(
        plant, set_id, run_id, await plant.tag_of(set_id), Line(plant), plant.theatre(BOURBONNE, new_id()),
        plant.driver(new_id()), plant.operator(new_id()), releaser,
    )  # fmt: skip
    loop.made["dirty crate"] = await plant.crate(plant.place("theatre", owner))
    loop.made["clean crate"] = await plant.crate(plant.place("dock"))
    return loop


async def test_a_loop_is_one_page(clockwork: Clockwork) -> None:
    async with await clockwork.plant_at(at(6, 20)) as plant:
        loop = await begun(plant)
        theatre = plant.place("theatre", plant.members[BOURBONNE])
        clockwork.move(plant, at(11, 46))
        await loop.used_and_soaked()
        async with plant.http(loop.nurse) as nurse:
            await post(nurse, f"crates/{loop.made['dirty crate']}/put_in", codes=[loop.tag])
        await loop.carried("dirty", loop.nurse, theatre, "S1")
        clockwork.move(plant, at(13, 5))
        await loop.received()
        clockwork.move(plant, at(13, 40))
        await loop.washed()
        clockwork.move(plant, at(17, 40))
        await loop.packed()
        clockwork.move(plant, at(18, 20))
        loop.releaser = renewed(plant, loop.releaser)
        await loop.released()
        clockwork.move(plant, at(6, 40, day=3))
        await loop.delivered()
        page = await loop.page()
    run = page["run"]
    assert (run["stage"], run["sterile_on"], run["expires_on"]) == ("released", "2026-03-02", "2026-08-29")
    assert date.fromisoformat(run["expires_on"]) - date.fromisoformat(run["sterile_on"]) == timedelta(days=180)
    assert (shown(run["soak_from"]), shown(run["soak_to"])) == ("02 11:25", "02 11:45")
    assert (run["place_id"], run["place_kind"]) == (str(plant.place("store", plant.members[BOURBONNE])), "store")
    steps_are(loop, page)
    loads_are(loop, page)
    stays_are(loop, page)
    assert [(each["counted"], each["missing"]) for each in page["lines"]] == [(1, 0), (4, 0), (2, 0)]
    assert (page["blocks"], page["recalls"], page["issues"]) == ([], [], [])


def renewed(plant: Plant, who: Principal) -> Principal:
    """The same pharmacist, with badge and PIN shown now."""
    return plant.pharmacist(who.person_id)


def steps_are(loop: Loop, page: Json) -> None:
    """Each step with its time, who did it, and where his device stood."""
    operator, packer, nurse, releaser = loop.line.operator, loop.packer, loop.nurse, loop.releaser
    expected = [
        ("run.opened", "02 11:20", nurse, None),
        ("run.soak_began", "02 11:25", nurse, "return"),
        ("run.soak_ended", "02 11:45", nurse, "return"),
        ("run.received", "02 13:05", operator, "reception"),
        ("run.wash_started", "02 13:05", operator, None),
        ("run.washed", "02 13:40", packer, None),
        ("run.assembled", "02 17:40", packer, None),
        ("run.packed", "02 17:40", packer, "packing"),
        ("run.sterilisation_started", "02 17:40", operator, None),
        ("run.released", "02 18:20", releaser, None),
    ]
    told = [
        (each["kind"], shown(each["occurred_at"]), each["person_id"], each["role"], each["station"])
        for each in page["entries"]
        if each["subject_kind"] == "run" and each["kind"] in {kind for kind, *_ in expected}
    ]
    assert told == [
        (kind, when, str(who.person_id), who.role, station) for kind, when, who, station in expected
    ]  # fmt: skip


def loads_are(loop: Loop, page: Json) -> None:
    """The washer's and the steriliser's cycle: machine, programme, figures, controls, decision."""
    washed, sterilised = page["loads"]
    assert [(each["load_id"], each["machine_name"]) for each in page["loads"]] == [
        (str(loop.made["wash"]), "washer"), (str(loop.made["steam"]), "steam"),
    ]  # fmt: skip
    assert (washed["clean"], shown(washed["cycle_ended_at"]), told(washed)["a0_s"]) == (True, "02 13:30", 4000.0)
    assert (sterilised["intact"], sterilised["dry"]) == (True, True)
    assert shown(sterilised["cycle_ended_at"]) == "02 18:02"
    assert (sterilised["temp_c"], sterilised["plateau_s"]) == (134.0, 1080)
    assert told(sterilised)["plateau_s"] >= 1080
    assert told(sterilised)["f0_min"] > 350.97
    assert {(each["kind"], each["result"]) for each in sterilised["tests"]} == {
        ("leak", "conform"), ("bowie_dick", "conform")
    }  # fmt: skip
    assert [(each["kind"], each["result"]) for each in sterilised["controls"]] == [("integrator", "conform")]
    decision = sterilised["decision"]
    assert (decision["outcome"], shown(decision["decided_at"])) == ("release", "02 18:20")
    assert (decision["person_id"], decision["document_ref"]) == (str(loop.releaser.person_id), "D1")


def told(load: Json) -> dict[str, Any]:
    """The figures of a load's one record, which is conform."""
    (only,) = load["records"]
    assert only["verdict"] == "conform"
    figures: dict[str, Any] = only["figures"]
    return figures


def stays_are(loop: Loop, page: Json) -> None:
    """Where the set was, without a hole, and by whose hands its crates went."""
    own = [each for each in page["stays"] if each["depth"] == 0]
    assert all(before["until"] == after["since"] for before, after in pairwise(own))
    assert [(each["place_kind"], shown(each["since"])) for each in own] == [
        ("theatre", "02 06:20"), ("crate", "02 11:46"), ("reception", "02 13:05"), ("crate", "02 18:20"),
        ("store", "03 06:40"),
    ]  # fmt: skip
    road = [
        (each["place_kind"], shown(each["since"]), each["given_by"], each["taken_by"])
        for each in page["stays"]
        if each["handover_id"] is not None
    ]
    assert road == [
        ("compartment", "02 11:46", loop.nurse.sub, loop.driver.sub),
        ("reception", "02 13:02", loop.driver.sub, loop.line.operator.sub),
        ("compartment", "02 18:20", loop.packer.sub, loop.driver.sub),
        ("dock", "03 06:40", loop.driver.sub, loop.nurse.sub),
    ]
