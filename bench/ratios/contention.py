"""R7: sixteen callers who want the same two doctors."""

from bench import requests
from bench.load import Void
from bench.report import Line, Sample, cpu_us, median, rate
from bench.runs import Bench
from bench.times import SLOT_S, SLOTS, Visit
from bench.world import DOCTORS

CALLERS = 16


def many_want_few(bench: Bench) -> list[Line]:
    """Every time is asked for by two callers at once: one has it, the other is told other times.

    Bookings are counted, not answers.
    """
    world = bench.world
    world.start("serve", "appointments")
    before, aside = world.deadlocks(), iter(range(world.times.doctors, DOCTORS, 2))

    def contended(seconds: float) -> Sample:
        first = next(aside)
        visits = [_visit(bench, first, n) for n in range(world.times.days * SLOTS * 4)]
        prepared = requests.bookings(world, visits, requests.direct_headers())
        sample, measured = bench.api(prepared, "appointments", seconds, CALLERS)
        if not set(measured.statuses) <= {201, 409}:
            raise Void(f"answers were {dict(measured.statuses)}")
        return sample

    ours, anchor = bench.alternate("R7", contended, lambda seconds: bench.booking(seconds, connections=CALLERS))
    times = {"ours": cpu_us(ours), "anchor": cpu_us(anchor)}
    p99 = median([sample.p99 for sample in ours if sample.p99 is not None])
    return [
        Line("R7", "16 callers on 2 doctors / on many, bookings", rate(ours), rate(anchor), ">=0.25", "1/s", times),
        Line("R7b", "p99 of 16 callers on 2 doctors / 50 ms", p99, 50.0, "<=1", "ms"),
        Line("R7c", "deadlocks in the log of the base / none", world.deadlocks() - before, 0.0, "<=0", "count"),
    ]


def _visit(bench: Bench, first: int, n: int) -> Visit:
    """Numbers 4k and 4k + 1 want one time of the first doctor, 4k + 2 and 4k + 3 the same time of the second.

    Each round asks for other patients at that time: one who was booked in an earlier round would be expected elsewhere.
    """
    time = n // 4
    start = bench.world.times.midnight + time // SLOTS * 86400 + time % SLOTS * SLOT_S
    number = bench.world.times.span(1)[0]
    patient = (n + first * 487) % bench.world.times.patients
    return Visit(number, first + n // 2 % 2, patient, start)
