"""A run of the bench: its world, its lengths, and the two sides of a ratio in turns."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import asyncpg
import httpx
import psutil

from bench import cpu, pgbench, queries, recording, requests, sessions
from bench.load import Measured, Void, in_turns, load
from bench.recording import Script
from bench.report import Sample
from bench.times import Visit
from bench.world import World, telesecretary

GATEWAY = "/api/appointments"
API_MOST = 4_000
"""Bookings a second that requests are prepared for."""
Side = Callable[[float], Sample]


def say(text: str) -> None:
    """For the person who waits; standard output is for the lines alone."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class Bench:
    """What ratios are measured with. `rounds` turns of `seconds` each, after `warm_s` of each side."""

    world: World
    rounds: int
    seconds: float
    warm_s: float
    raw: dict[str, object] = field(default_factory=dict)
    generator: list[float] = field(default_factory=list)

    def alternate(self, name: str, ours: Side, anchor: Side) -> tuple[list[Sample], list[Sample]]:
        """A-B-A-B, warmed up."""
        ours(self.warm_s)
        anchor(self.warm_s)
        pairs = [(ours(self.seconds), anchor(self.seconds)) for _ in range(self.rounds)]
        mine, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        self.raw[name] = {"ours": mine, "anchor": theirs}
        say(f"{name}: ours {[round(s.rate) for s in mine]}, anchor {[round(s.rate) for s in theirs]}")
        return mine, theirs

    @cached_property
    def script(self) -> Script:
        """One booking of the product, for pgbench."""
        return asyncio.run(recording.record(self.world.settings(), self.world.times, telesecretary()))

    @cached_property
    def unaudited(self) -> Script:
        """The same without the rows of the audit."""
        settings, times = self.world.settings(), self.world.times
        return asyncio.run(recording.record(settings, times, telesecretary(), audited=False))

    @cached_property
    def session(self) -> str:
        """The gateway and the service behind it run; the headers of a signed-in telesecretary."""
        world = self.world
        world.start("serve", "gateway")
        world.believe(httpx.get(f"{world.url('gateway')}/.well-known/jwks.json", trust_env=False).json())
        world.end("serve", "appointments")
        world.start("serve", "appointments")
        return sessions.sign_in(world)

    def visits(self, seconds: float) -> list[Visit]:
        """Enough times for a run."""
        times = self.world.times
        return [times.visit(number) for number in times.span(int(seconds * API_MOST))]

    def api(self, prepared: Sequence[bytes], service: str, seconds: float, connections: int) -> tuple[Sample, Measured]:
        """Sends them; CPU of every process of the world beside."""
        before = self.world.cpu()
        measured = load(self.world.url(service), prepared, connections=connections, seconds=seconds)
        used = cpu.between(before, self.world.cpu()) | {"generator": round(measured.generator_s, 4)}
        self.generator.append(measured.generator_share)
        done = sum(count for status, count in measured.statuses.items() if status < 300)
        return Sample(done, measured.seconds, used, measured.quantile(0.5), measured.quantile(0.99)), measured

    def booking(self, seconds: float, *, through_gateway: bool = False, connections: int = 8) -> Sample:
        """Bookings by the API, each of another time. Refused: Void when one of them was."""
        service = "gateway" if through_gateway else "appointments"
        headers = self.session if through_gateway else requests.direct_headers()
        prepared = requests.bookings(self.world, self.visits(seconds), headers, GATEWAY if through_gateway else "")
        sample, measured = self.api(prepared, service, seconds, connections)
        if set(measured.statuses) != {201}:
            raise Void(f"answers were {dict(measured.statuses)}")
        return sample

    def booking_in_turns(self, seconds: float) -> tuple[Sample, Sample]:
        """One caller books through the gateway, then directly, and so on. Refused: Void when a booking was."""
        sides = [
            (GATEWAY, self.world.url("gateway"), self.session),
            ("", self.world.url("appointments"), requests.direct_headers()),
        ]
        prepared = [
            (url, requests.bookings(self.world, self.visits(seconds), headers, prefix))
            for prefix, url, headers in sides
        ]
        through, direct = in_turns(prepared, seconds=seconds)
        if set(through.statuses) | set(direct.statuses) != {201}:
            raise Void(f"answers were {dict(through.statuses)}, {dict(direct.statuses)}")
        return _latencies(through), _latencies(direct)

    def anchor(self, script: Script, seconds: float, *, url: str = "", clients: int = 8) -> Sample:
        """The same by pgbench."""
        before = self.world.cpu()
        where = url or self.world.role_url("appointments")
        run = pgbench.run(where, script, self.world.times, clients=clients, seconds=seconds)
        used = cpu.between(before, self.world.cpu()) | {"pgbench": round(run.cpu_s, 4)}
        return Sample(run.transactions, run.seconds, used)

    def durability(self) -> dict[str, str]:
        """What the server says of itself, the broker's setting, and what both write to: on tmpfs fsync is free."""

        async def asked() -> dict[str, str]:
            connection = await asyncpg.connect(self.world.admin_url("appointments"))
            try:
                return {row["name"]: row["setting"] for row in await connection.fetch(queries.DURABILITY)}
            finally:
                await connection.close()

        return asyncio.run(asked()) | {"nats sync_interval": "always", "filesystem": _filesystem(self.world.path)}


def _latencies(measured: Measured) -> Sample:
    return Sample(measured.answers, measured.seconds, {}, measured.quantile(0.5), measured.quantile(0.99))


def _filesystem(path: Path) -> str:
    """The type of the file system that holds a path."""
    mounts = [mount for mount in psutil.disk_partitions(all=True) if path.is_relative_to(mount.mountpoint)]
    kind: str = max(mounts, key=lambda mount: len(mount.mountpoint)).fstype
    return kind
