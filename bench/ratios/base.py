"""R13 and R14: what two promises cost the base. The same booking SQL, by pgbench on both sides."""

from bench.report import Line, cpu_us, rate
from bench.runs import Bench


def row_level_security(bench: Bench) -> list[Line]:
    """The service's role, whose rows are limited, against one that sees all."""
    script = bench.script
    ours, anchor = bench.alternate(
        "R13",
        lambda seconds: bench.anchor(script, seconds),
        lambda seconds: bench.anchor(script, seconds, url=bench.world.plain_role),
    )
    times = {"ours": cpu_us(ours), "anchor": cpu_us(anchor)}
    return [
        Line("R13", "booking SQL with row-level security / without", rate(ours), rate(anchor), ">=0.93", "1/s", times)
    ]


def audit(bench: Bench) -> list[Line]:
    """With the row of the audit against without it. The chain is sealed by the worker, after COMMIT: not in here."""
    with_, without = bench.script, bench.unaudited
    ours, anchor = bench.alternate(
        "R14", lambda seconds: bench.anchor(with_, seconds), lambda seconds: bench.anchor(without, seconds)
    )
    times = {"ours": cpu_us(ours), "anchor": cpu_us(anchor)}
    return [Line("R14", "booking SQL with audit / without", rate(ours), rate(anchor), ">=0.85", "1/s", times)]
