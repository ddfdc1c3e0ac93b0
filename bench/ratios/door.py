"""R3 and R4: what the gateway costs."""

from bench import cpu, ids, requests
from bench.load import Void, load
from bench.report import Line, Sample, cpu_us, median, rate
from bench.runs import GATEWAY, Bench, say


def through_the_gateway(bench: Bench) -> list[Line]:
    """A telesecretary's session against her internal token.

    The added median is that of one caller alone: of eight, it would be the time they wait for one another. He books
    through the gateway and directly by turns: what a shared machine loses from one second to the next is more than the
    gateway adds, and hits both alike.
    """
    bench.world.start("serve", "appointments")
    direct = bench.booking

    def ours(seconds: float) -> Sample:
        return bench.booking(seconds, through_gateway=True)

    mine, theirs = bench.alternate("R4", ours, direct)
    added = _added(bench)
    times = {"ours": cpu_us(mine), "anchor": cpu_us(theirs)}
    return [
        Line(
            "R4", "booking through the gateway / direct, 8 connections", rate(mine), rate(theirs), ">=0.6", "1/s", times
        ),
        Line("R4b", "median added by the gateway, one caller / 1 ms", added, 1.0, "<=1", "ms"),
    ]


def _added(bench: Bench) -> float:
    """Milliseconds between the medians of both ways."""
    bench.booking_in_turns(bench.warm_s)
    rounds = [bench.booking_in_turns(bench.seconds) for _ in range(bench.rounds)]
    bench.raw["R4b"] = {"ours": [ours for ours, _ in rounds], "anchor": [theirs for _, theirs in rounds]}
    added = [a.p50 - b.p50 for a, b in rounds if a.p50 is not None and b.p50 is not None]
    say(f"R4b: added {[round(each, 2) for each in added]} ms")
    return median(added)


def lightest_get(bench: Bench) -> list[Line]:
    """CPU of the gateway for a proxied read with a session, against FastAPI that says hello."""
    bench.world.start("serve", "appointments")
    path = f"{GATEWAY}/v1/sites/{ids.uid(ids.SITE, 0)}"
    many = int(10_000 * max(bench.seconds, bench.warm_s))
    read = [requests.get(path, bench.session)] * many
    hello = bench.world.helper("hello")
    asked = [requests.get("/hello", "")] * many

    def side(prepared: list[bytes], address: str, process: str, seconds: float) -> Sample:
        before = bench.world.cpu()
        measured = load(address, prepared, connections=4, seconds=seconds)
        if set(measured.statuses) != {200}:
            raise Void(f"answers were {dict(measured.statuses)}")
        used = cpu.between(before, bench.world.cpu())
        return Sample(
            measured.answers,
            measured.seconds,
            {process: used[process]},
            measured.quantile(0.5),
            measured.quantile(0.99),
        )

    gateway = bench.world.url("gateway")
    ours, anchor = bench.alternate(
        "R3",
        lambda seconds: side(read, gateway, "gateway", seconds),
        lambda seconds: side(asked, hello, "hello", seconds),
    )
    times = cpu_us(ours)["gateway"], cpu_us(anchor)["hello"]
    return [Line("R3", "lightest GET with a session, CPU of the gateway / FastAPI hello", *times, "<=2.5", "us")]
