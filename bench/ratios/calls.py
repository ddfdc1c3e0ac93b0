"""R11: an agent takes the next call."""

import asyncio
import json
import re

import asyncpg
import httpx

from bench import cpu, ids, queries, requests
from bench.load import Void, load
from bench.ratios import desks
from bench.recording import Script
from bench.report import Line, Sample, cpu_us, median, rate
from bench.runs import Bench
from bench.world import World
from gateway.permissions import held
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import mint
from telesecretariat.dispatch.queries import NEXT
from telesecretariat.vault import Vault

AGENTS = 50
MOST = 4_000
"""More calls taken a second than any machine of today allows: so many wait for each second."""
PAUSE_S = 2.0
"""Fifty agents who take a call every other second: eighty times the busiest hour of fifty who also talk."""
SERVICE = "telesecretariat"
ASIDE = 1_000
"""Their ids follow those of the people of R12."""
FIRST = ids.STAFF * ids.KIND + ASIDE


def take_next(bench: Bench) -> list[Line]:
    """Eight agents at a time take the call that waits first; against the statement that gives it to one of them."""
    world = bench.world
    assert bench.session  # the gateway runs, and the organisations are planted
    world.end("serve", SERVICE)
    world.start("serve", SERVICE)
    floor = _Floor(world)
    asyncio.run(floor.plant())
    # First, while as many wait as will be taken: thousands in the queue are the load of R11 alone.
    paced = [_taken(bench, floor, bench.seconds, connections=AGENTS, pause_s=PAUSE_S) for _ in range(bench.rounds)]
    ours, anchor = bench.alternate(
        "R11", lambda seconds: _taken(bench, floor, seconds), lambda seconds: _anchor(bench, floor, seconds)
    )
    p99 = median([sample.p99 for sample in paced if sample.p99 is not None])
    through = [_taken(bench, floor, bench.seconds, gateway=True) for _ in range(bench.rounds)]
    bench.raw |= {"R11b": paced, "R11d": through}
    times = {"ours": cpu_us(ours), "anchor": cpu_us(anchor)}
    return [
        Line("R11", "next call via API / its SKIP LOCKED statement in pgbench", rate(ours), rate(anchor), ">=0.30",
             "1/s", times),
        Line("R11b", f"p99 of 50 agents who pause {PAUSE_S:.0f} s / 20 ms", p99, 20.0, "<=1", "ms"),
        Line("R11c", "deadlocks in the log of the base / none", world.deadlocks(), 0.0, "<=0", "count"),
        Line("R11d", "next call through the gateway / direct", rate(through), rate(ours), ">=0.6", "1/s"),
        *desks.told(bench, ids.uid(ids.STAFF, ASIDE), _token(0)),
    ]  # fmt: skip


class _Floor:
    """One line that agents pick from, in the service's own base."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.vault = Vault(world.gateway_key.encode())
        self.turn = 0

    async def plant(self) -> None:
        await self._execute(queries.HANGS_UP)
        rings = self.vault.seal(json.dumps({"agent_id": str(new_id()), "device_kind": "phone"}))
        places = (ids.CLIENT, ids.CALENDAR, ids.LINE)
        await self._execute(queries.FLOOR, ids.CENTRE, ids.FIRM, *places, AGENTS, ids.HEAD, FIRST, rings)
        sessions = (ids.FIRM, AGENTS, ids.HEAD, FIRST, ids.POST * ids.KIND + ASIDE, "agent-")
        await self._execute(queries.SCREENS, *sessions, service="gateway")

    async def wait(self, calls: int) -> None:
        """At least so many calls wait."""
        missing = calls - await self.waiting()
        if missing > 0:
            number = self.vault.seal("+33639980001")
            await self._execute(queries.CALLS, ids.CENTRE, ids.CLIENT, ids.LINE, missing, number)

    async def waiting(self) -> int:
        connection = await asyncpg.connect(self.world.admin_url(SERVICE))
        try:
            found: int = await connection.fetchval(queries.STILL_WAITING)
        finally:
            await connection.close()
        return found

    async def _execute(self, sql: str, *args: object, service: str = SERVICE) -> None:
        connection = await asyncpg.connect(self.world.admin_url(service))
        try:
            await connection.execute(sql, *args)
            await connection.execute("VACUUM (ANALYZE)")
        finally:
            await connection.close()

    def asking(self, count: int, *, gateway: bool) -> list[bytes]:
        """So many requests, by one agent after the other; each with a key of its own."""
        self.turn += 1
        heads = [self._signed_in(n) if gateway else _token(n) for n in range(AGENTS)]
        path = f"/api/{SERVICE}/v1/calls/next" if gateway else "/v1/calls/next"
        return [requests.post(path, heads[n % AGENTS], {}, f"next-{self.turn}-{n}") for n in range(count)]

    def _signed_in(self, number: int) -> str:
        cookie = {"Cookie": f"session=agent-{number}"}
        answer = httpx.get(f"{self.world.url('gateway')}/auth/session", headers=cookie, trust_env=False)
        token = answer.raise_for_status().json()["csrf_token"]
        return f"Cookie: session=agent-{number}\r\nX-CSRF-Token: {token}\r\n"


def _token(number: int) -> str:
    return f"Authorization: Bearer {mint(_agent(number), SERVICE)}\r\n"


def _agent(number: int) -> Principal:
    return Principal(
        sub=f"person:{ids.uid(ids.STAFF, ASIDE + number)}",
        kind="professional",
        role="telesecretary",
        org=ids.FIRM,
        orgs=frozenset({ids.CENTRE, ids.FIRM}),
        perms=held("telesecretary", SERVICE),
        sid=f"bench-{number}",
        ip="127.0.0.1",
        csrf="csrf-of-bench",
        acr=1,
        amr=("pwd",),
    )


def _taken(
    bench: Bench, floor: _Floor, seconds: float, *, connections: int = 8, pause_s: float = 0.0, gateway: bool = False
) -> Sample:
    """By the API. Refused: Void when somebody found nobody waiting, or was refused."""
    count = int(connections * (seconds / pause_s + 1)) if pause_s else int(seconds * MOST)
    asyncio.run(floor.wait(count))
    prepared = floor.asking(count, gateway=gateway)
    before = bench.world.cpu()
    address = bench.world.url("gateway" if gateway else SERVICE)
    measured = load(address, prepared, connections=connections, seconds=seconds, pause_s=pause_s)
    used = cpu.between(before, bench.world.cpu())
    bench.generator.append(measured.generator_share)
    if set(measured.statuses) != {200}:
        raise Void(f"answers were {dict(measured.statuses)}")
    return Sample(measured.answers, measured.seconds, used, measured.quantile(0.5), measured.quantile(0.99))


def _anchor(bench: Bench, floor: _Floor, seconds: float) -> Sample:
    """By pgbench. Refused: Void when it counts turns in which nobody took a call."""
    asyncio.run(floor.wait(int(seconds * MOST * 2)))
    before = asyncio.run(floor.waiting())
    sample = bench.anchor(_script(), seconds, url=bench.world.role_url(SERVICE))
    taken = before - asyncio.run(floor.waiting())
    if taken < sample.operations * 0.99:
        raise Void(f"{sample.operations} turns took {taken} calls")
    return sample


def _script() -> Script:
    """The product's statement for one agent per client, under the row-level security of a telesecretary."""
    agent = f"('{ids.HEAD}' || (:agent)::text)::uuid"
    said = (
        agent,
        "now()",
        "uuidv7()",
        "uuidv7()",
        "now() + interval '20 s'",
        "now() + interval '30 s'",
        "current_date",
    )
    reached = f"'{ids.CENTRE},{ids.FIRM}'", f"{agent}::text", f"'{ids.FIRM}'"
    lines = [
        rf"\set agent {FIRST} + :client_id",
        r"\startpipeline",
        "BEGIN;",
        f"{_with(queries.REACH, reached)};",
        r"\endpipeline",
        f"{_with(NEXT, said)};",
        "COMMIT;",
    ]
    return Script("\n".join(lines) + "\n")


def _with(sql: str, said: tuple[str, ...]) -> str:
    return re.sub(r"\$(\d+)", lambda match: said[int(match[1]) - 1], sql).strip()
