"""Cycles as machines record them, and the way of a load from open to decided, for tests of the cooperation service.

line = Line(plant)
load = await line.sterilised(runs)            # loaded, started, recorded, seen, its integrator read: to decide
answer = await line.decide(load, plant.pharmacist(person), "release")
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from cooperation.loads.domain import saturation_pressure_kpa
from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness.plant import Plant

V1 = "/v1"
Samples = list[list[Any]]


def plateau(temp_c: float = 134.5, minutes: int = 18, *, every_s: int = 5, probes: int = 2) -> Samples:
    """So long at one temperature in saturated steam, with half a minute of rise before and of fall after."""
    steps = 30 // every_s
    rise = [temp_c - 10 + 9.5 * place / steps for place in range(steps)]
    temps = [*rise, *([temp_c] * (minutes * 60 // every_s + 1)), *reversed(rise)]
    return [[place * every_s, [temp] * probes, saturation_pressure_kpa(temp)] for place, temp in enumerate(temps)]


def dipped(samples: Samples, temp_c: float, at_min: int, seconds: int) -> Samples:
    """The same, colder for some seconds from that minute of the plateau on."""
    since = 30 + at_min * 60
    kpa = saturation_pressure_kpa(temp_c)
    return [
        [at, [temp_c] * len(probes), kpa] if since <= at < since + seconds else [at, probes, pressure]
        for at, probes, pressure in samples
    ]


def wash(temp_c: float = 90.0, seconds: int = 400) -> Samples:
    """A wash of A0 4,000, or as said."""
    return [[at, [temp_c, temp_c + 0.4], None] for at in range(seconds + 1)]


def record(cycle_no: int | None, samples: Samples | None = None, **fields: Any) -> dict[str, Any]:
    """The body of a record that has just ended, with a second recorder half a kelvin off."""
    samples = plateau() if samples is None else samples
    second = [[at, [probes[0] + 0.5]] for at, probes, _ in samples]
    began_at = clock.now() - timedelta(seconds=samples[-1][0])
    body = {"cycle_no": cycle_no, "began_at": began_at.isoformat(), "samples": samples, "second": {"samples": second}}
    return body | fields


class Line:
    """The plant's line, as its people and machines use it over HTTP. `operator` loads; `unloader` is somebody else."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.operator = plant.operator(new_id())
        self.cycles = 40

    async def call(self, caller: Principal, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """One request; the path without `/v1`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.plant.http(caller) as client:
            return await client.request(method, f"{V1}{path}", json=json, headers=named)

    async def act(self, method: str, path: str, json: Any = None, caller: Principal | None = None) -> dict[str, Any]:
        """One request that must be done; its answer."""
        answer = await self.call(caller or self.operator, method, path, json)
        assert answer.status_code < 300, (path, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    async def packed(self, count: int, owners: Sequence[UUID] | None = None) -> list[UUID]:
        """So many packed runs, of the members in turn."""
        owners = owners or self.plant.members
        return [
            await self.plant.run(await self.plant.set(owners[place % len(owners)]), "packed") for place in range(count)
        ]

    async def opened(self, runs: Sequence[UUID], machine: str = "steam", programme: str = "steam") -> UUID:
        """An open load with these runs in it."""
        body = {"machine_id": self.plant.machines[machine], "programme_id": self.plant.programmes[programme]}
        load = (await self.act("POST", "/loads", {name: str(value) for name, value in body.items()}))["id"]
        for run in runs:
            await self.act("POST", f"/loads/{load}/runs", {"run_id": str(run)})
        return UUID(load)

    async def started(
        self, runs: Sequence[UUID], machine: str = "steam", programme: str = "steam", *, tested: bool = False
    ) -> UUID:
        """A running load with these runs in it, on a machine whose tests of the day are made here, unless `tested`."""
        if not tested:
            await self.plant.tests_of_day(machine)
        load = await self.opened(runs, machine, programme)
        self.cycles += 1
        await self.act("POST", f"/loads/{load}/start", {"cycle_no": self.cycles})
        return load

    async def recorded(self, load: UUID, samples: Samples | None = None, machine: str = "steam") -> dict[str, Any]:
        """The machine tells its cycle."""
        cycle_no = (await self.plant.row("load", load))["cycle_no"]
        client = self.plant.machine_client(machine)
        return await self.act("POST", f"/loads/{load}/record", record(cycle_no, samples), client)

    async def looked_at(self, load: UUID, runs: Sequence[UUID], **saw: bool) -> None:
        """Each pack was seen: intact and dry, unless said."""
        for run in runs:
            await self.act("POST", f"/loads/{load}/runs/{run}/seen", saw or {"intact": True, "dry": True})

    async def read(self, load: UUID, result: str = "conform", kind: str = "integrator") -> dict[str, Any]:
        """A control was read."""
        return await self.act("POST", f"/loads/{load}/controls", {"kind": kind, "result": result})

    async def sterilised(self, runs: Sequence[UUID], samples: Samples | None = None) -> UUID:
        """A load with everything that a release asks for, but who signs."""
        load = await self.started(runs)
        await self.recorded(load, samples)
        await self.looked_at(load, runs)
        await self.read(load)
        return load

    async def washed(self, runs: Sequence[UUID], samples: Samples | None = None) -> UUID:
        """A washing load that is to be decided, each set seen clean."""
        load = await self.started(runs, "washer", "wash")
        await self.recorded(load, wash() if samples is None else samples, "washer")
        await self.looked_at(load, runs, clean=True)
        return load

    async def etag(self, load: UUID, caller: Principal | None = None) -> str:
        """The hash of the evidence, as the screen has it."""
        return (await self.call(caller or self.plant.pharmacist(), "GET", f"/loads/{load}")).headers["etag"]

    async def decide(
        self, load: UUID, caller: Principal, outcome: str = "release", *, etag: str | None = None, **body: Any
    ) -> httpx.Response:
        """A decision on what is shown at this instant, or on what was shown before."""
        shown = etag or await self.etag(load, caller)
        return await self.call(caller, "POST", f"/loads/{load}/decision", {"outcome": outcome, **body}, if_match=shown)


def instant(text: str) -> datetime:
    """An instant with its offset."""
    return datetime.fromisoformat(text)
