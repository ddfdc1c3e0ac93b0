"""R12: what it costs to tell a thousand screens."""

import asyncio
import time
from datetime import timedelta

import asyncpg
import uvloop

from bench import cpu, ids, queries
from bench.audience import Audience, Publish
from bench.load import BUSY, Void, one_core
from bench.report import Line, Sample, cpu_us, median
from bench.runs import Bench
from contracts.appointments import AppointmentBooked
from maillage import clock
from maillage.bus import Bus, Leaving
from maillage.ids import new_id

SCREENS = 1_000
EACH = 3
"""Streams that one person may have."""
SIZE = 757
"""Bytes of an event about an appointment."""
MARK, READY = b"event: appointments.appointment_booked", b"event: ready"


def to_screens(bench: Bench) -> list[Line]:
    """One event after the other to 1,000 screens of 334 persons, from the broker; against a server of twenty lines that
    writes what it is sent to 1,000 connections."""
    world = bench.world
    assert bench.session  # the gateway runs, and the organisations are planted
    bare = world.helper("broadcast")
    with one_core(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_plant(world.admin_url("gateway")))
        screens, anchor = Audience(MARK), Audience(MARK)
        bus = Bus(world.nats.url, "bench", "bench")
        runner.run(bus.open())
        before = world.memory("gateway")
        runner.run(screens.enter(world.url("gateway"), _asking(), READY))
        per_screen = (world.memory("gateway") - before) / SCREENS / 1024
        runner.run(anchor.enter(bare, [b"GET /listen HTTP/1.1\r\n\r\n"] * SCREENS, b""))
        frame, told = runner.run(_frame(bare))

        def side(audience: Audience, publish: Publish, process: str, seconds: float) -> Sample:
            return _heard(bench, runner, audience, publish, process, seconds)

        async def publish() -> None:
            if not all(await bus.publish([_event()])):
                raise Void("the broker did not take an event")

        async def broadcast() -> None:
            told.write(frame)

        ours, theirs = bench.alternate(
            "R12",
            lambda seconds: side(screens, publish, "gateway", seconds),
            lambda seconds: side(anchor, broadcast, "broadcast", seconds),
        )
        screens.leave()
        anchor.leave()
        told.abort()
        runner.run(bus.close())
    return _lines(ours, theirs, per_screen)


def _heard(
    bench: Bench, runner: asyncio.Runner, audience: Audience, publish: Publish, process: str, seconds: float
) -> Sample:
    """One turn of one side."""
    used, began, own = bench.world.cpu(), time.perf_counter(), time.process_time()
    events = runner.run(audience.hear(publish, seconds))
    took, busy = time.perf_counter() - began, time.process_time() - own
    if busy / took > BUSY:
        raise Void(f"the generator used {busy / took:.0%} of its core")
    bench.generator.append(busy / took)
    process_s = cpu.between(used, bench.world.cpu())[process]
    late = sorted(audience.latencies)[int(len(audience.latencies) * 0.99)] * 1000
    return Sample(events * SCREENS, took, {process: process_s}, p99=late)


def _lines(ours: list[Sample], theirs: list[Sample], per_screen: float) -> list[Line]:
    used = {"ours": cpu_us(ours), "anchor": cpu_us(theirs)}
    mine, bare = (median([s.operations / sum(s.cpu.values()) for s in side]) for side in (ours, theirs))
    p99 = median([sample.p99 for sample in ours if sample.p99 is not None])
    name = "events told to 1,000 screens per CPU second / bare broadcast of the same bytes"
    return [
        Line("R12", name, mine, bare, ">=0.5", "1/s of CPU", used),
        Line("R12b", "one event, published -> at all of 1,000 screens, p99 / 300 ms", p99, 300.0, "<=1", "ms"),
        Line("R12c", "memory of the gateway per screen / 40 KB", per_screen, 40.0, "<=1", "KB"),
    ]


def _asking() -> list[bytes]:
    head = "GET /api/stream HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nCookie: session=screen-{}\r\n\r\n"
    return [head.format(number // EACH).encode() for number in range(SCREENS)]


async def _plant(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        people = -(-SCREENS // EACH)
        first = (ids.STAFF * ids.KIND, ids.POST * ids.KIND)
        await connection.execute(queries.SCREENS, ids.FIRM, people, ids.HEAD, *first, "screen-")
    finally:
        await connection.close()


def _event() -> Leaving:
    start = clock.now() + timedelta(days=1)
    booked = AppointmentBooked(
        appointment_id=new_id(), version=1, patient_id=new_id(), practitioner_id=new_id(), rpps=None,
        site_id=new_id(), site_finess=None, start=start, end=start + timedelta(minutes=20), mode="on_site",
        unscheduled=False, status="booked", channel="phone", call_id=None, partner_id=None,
    )  # fmt: skip
    payload, about = booked.model_dump_json(), booked.appointment_id
    return Leaving(1, new_id(), booked.TYPE, about, ids.CENTRE, payload, None, clock.now())


async def _frame(bare: str) -> tuple[bytes, asyncio.Transport]:
    """Bytes as long as ours, and the connection that has them told."""
    frame = MARK + b" " * (SIZE - len(MARK))
    host, _, port = bare.removeprefix("http://").rpartition(":")
    loop = asyncio.get_running_loop()
    told, _ = await loop.create_connection(asyncio.Protocol, host, int(port))
    return frame, told
