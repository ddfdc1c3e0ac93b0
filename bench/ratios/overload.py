"""R16: three times more callers than can be served. Those who are served must be as many as before."""

from bench import open_loop, requests
from bench.load import Void
from bench.report import Line, Sample, cpu_us, median, rate
from bench.runs import GATEWAY, Bench, say

TIMES = 3.0
MANY = 64
REFUSED = {429, 503}


def overload(bench: Bench) -> list[Line]:
    """Bookings through the gateway: as fast as 64 callers can, then by the clock at three times that rate."""
    world = bench.world
    world.start("serve", "appointments")
    refused: list[float] = []
    peak = [0.0]

    def most(seconds: float) -> Sample:
        sample = bench.booking(seconds, through_gateway=True, connections=MANY)
        peak[0] = max(peak[0], sample.rate)
        return sample

    def flooded(seconds: float) -> Sample:
        per_second = (peak[0] or most(seconds).rate) * TIMES
        visits = [world.times.visit(number) for number in world.times.span(int(per_second * seconds) + 1)]
        prepared = requests.bookings(world, visits, bench.session, GATEWAY)
        before = world.cpu()
        measured = open_loop.arrivals(world.url("gateway"), prepared, rate=per_second, seconds=seconds)
        used = {name: after - before.get(name, 0.0) for name, after in world.cpu().items()}
        if not set(measured.statuses) <= {201, *REFUSED}:
            raise Void(f"answers were {dict(measured.statuses)}")
        say(f"R16: {per_second:.0f}/s asked, {dict(measured.statuses)}")
        refused.append(sum(measured.statuses[status] for status in REFUSED) / measured.answers)
        return Sample(measured.statuses[201], measured.seconds, used, measured.quantile(0.5), measured.quantile(0.99))

    theirs, mine = bench.alternate("R16", most, flooded)
    cpu = {"ours": cpu_us(mine), "anchor": cpu_us(theirs)}
    bench.raw["R16 refused"] = [round(share, 3) for share in refused]
    said = f"booked at {TIMES:.0f} times the peak / at the peak ({median(refused):.0%} refused)"
    return [Line("R16", said, rate(mine), rate(theirs), ">=0.9", "1/s", cpu)]
