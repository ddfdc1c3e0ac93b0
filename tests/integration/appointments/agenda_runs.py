"""Running histories of an agenda: random ones, scripted ones, long ones.

`python -m tests.integration.appointments.agenda_runs --steps 20000` runs long ones on a server of its own and counts.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from maillage.embedded import Postgres
from maillage.migrate import create_databases, database_url, ddl, migrate, place_of, service_url
from tests.integration.appointments import agenda_acts, agenda_acts_time  # noqa: F401  (they make themselves known)
from tests.integration.appointments.agenda_histories import Centre
from tests.integration.appointments.agenda_history import History

Step = tuple[str, int, int, int, bool]


def run(
    opened: Callable[[], Awaitable[Centre]],
    *,
    steps: int,
    examples: int,
    checked_every: int = 1,
    without: frozenset[str] = frozenset(),
    **more: Any,
) -> Counter[str]:
    """So many histories of so many steps; what was tried, done and refused. Raises `Broken` with the history."""
    rules = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], **more,
    )  # fmt: skip
    with asyncio.Runner() as runner:
        own = {"opened": staticmethod(opened), "runner": runner, "counts": Counter(), "checked_every": checked_every,
               "without": without}  # fmt: skip
        machine: type[History] = type("History", (History,), own)
        run_state_machine_as_test(machine, settings=rules)
        return machine.counts


def script(opened: Callable[[], Awaitable[Centre]], *steps: Step) -> Counter[str]:
    """These acts in this order, as a history would do them; what was done and refused."""
    with asyncio.Runner() as runner:
        own = {"opened": staticmethod(opened), "runner": runner, "counts": Counter()}
        machine: History = type("History", (History,), own)()
        try:
            for step in steps:
                machine.wait(machine.once(*step))
        finally:
            machine.wait(machine.centre.close())
        return machine.counts


def main() -> None:
    """Prints what was done and refused, by act; fails with the history that broke something."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=250, help="steps of one history")
    parser.add_argument("--checked-every", type=int, default=10, help="steps from one look at everything to the next")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        server = Postgres(Path(directory), "histories", durable=False)
        server.start()
        try:
            _long(server.url, options.steps, options.each, options.checked_every)
        finally:
            server.stop()


def _long(admin: str, steps: int, each: int, checked_every: int) -> None:
    places = iter(range(1, 1_000_000))

    async def template() -> None:
        await create_databases(admin, ["appointments"], lambda _role: "histories")
        await migrate(admin, "appointments", "appointments")

    async def opened() -> Centre:
        place = place_of("appointments", database=f"h{next(places)}")
        connection = await asyncpg.connect(admin)
        await ddl(connection, "CREATE DATABASE %I TEMPLATE %I OWNER %I", place.database, "appointments", place.owner)
        await ddl(connection, "GRANT CONNECT ON DATABASE %I TO %I", place.database, place.login)
        await connection.close()
        return await Centre.open(database_url(admin, place.database), service_url(admin, place, "histories"))

    asyncio.run(template())
    counts: Counter[str] = Counter()
    per = max(1, min(40, steps // each))
    began = time.monotonic()
    while counts["steps"] < steps:
        counts += run(opened, steps=each, examples=per, checked_every=checked_every)
        seconds = time.monotonic() - began
        done = sum(n for name, n in counts.items() if name.endswith(" done"))
        print(f"{counts['steps']} steps, {done} done, {seconds:.0f} s", flush=True)
    for name, number in sorted(counts.items()):
        print(f"{number:8} {name}")


if __name__ == "__main__":
    main()
