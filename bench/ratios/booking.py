"""R1, R2 and R19: one booking by the API against the same SQL without us, and against another house's figure."""

from bench.report import Line, cpu_us, rate
from bench.runs import Bench

PUBLISHED = 112.0
"""Mixed requests a second and vCPU that Medplum published in 2026."""


def booking_against_sql(bench: Bench) -> list[Line]:
    """Eight callers each. The API verifies token, body and key, books, audits, emits, and answers after COMMIT."""
    bench.world.start("serve", "appointments")
    script = bench.script
    ours, anchor = bench.alternate("R1", bench.booking, lambda seconds: bench.anchor(script, seconds))
    cpu = {"ours": cpu_us(ours), "anchor": cpu_us(anchor)}
    name = "booking via API / same SQL in pgbench, 8 connections"
    app, postgres = cpu["ours"]["appointments"], cpu["ours"]["postgres"]
    per_core = 1e6 / (app + postgres)
    return [
        Line("R1", name, rate(ours), rate(anchor), ">=0.40", "1/s", cpu),
        Line("R2", "CPU of the app / CPU of PostgreSQL per booking via API", app, postgres, "<=1.5", "us"),
        Line("R19", "bookings via API a core could do / 112 published", per_core, PUBLISHED, ">=5", "1/s"),
    ]
