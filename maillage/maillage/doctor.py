"""`maillage doctor`: is everything in order, and do the data contradict themselves?

An invariant is one SQL file, `<package>/invariants/i07_hold_ttl.sql`, the kit's own in `maillage/invariants`. Its first
line is a comment that says what must hold; its rows `(key, detail)` are the offenders, none = it holds. All are read in
one REPEATABLE READ, read-only transaction that sees all organisations.
"""

import asyncio
import importlib.util
import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import asyncpg
import nats

from maillage.installation import service_environment, services
from maillage.migrate import head

_SLOW_RELAY_S = 30
_BROKER_S = 3
State = Literal["ok", "BROKEN", "NOT CHECKED"]

_RELAY = """
SELECT count(*) AS waiting, coalesce(extract(epoch FROM kit_now() - min(occurred_at)), 0)::float8 AS age
FROM kit.outbox WHERE published_at IS NULL
"""
_DEAD = "SELECT count(*) FROM kit.dead_letter WHERE requeued_at IS NULL"
_REVISION = "SELECT version_num FROM public.alembic_version"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `count` offenders, `first` of them; the time it took."""

    service: str
    name: str
    sentence: str
    state: State
    count: int = 0
    first: str = ""
    milliseconds: int = 0

    def line(self) -> str:
        """`I7 ok 0 12ms`, `I7 BROKEN 3 (first: …)`."""
        head_ = f"{self.service:<16} {self.name:<18} {self.state}"
        if self.state == "ok":
            return f"{head_} {self.count} {self.milliseconds}ms"
        return f"{head_} {self.count} (first: {self.first}) {self.sentence}"


@dataclass(frozen=True)
class Invariant:
    """One SQL file. `name` is I7 for `i07_….sql`, `appointments.2` for `appointments_02_….sql`."""

    name: str
    sentence: str
    sql: str


def invariants(package: str) -> Iterator[Invariant]:
    """The invariants of a package, by name of file."""
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    for file in sorted(Path(places[0], "invariants").glob("*.sql")) if places else []:
        text = file.read_text(encoding="utf-8")
        sentence = text.partition("\n")[0].removeprefix("--").strip()
        yield Invariant(_name(file.stem), sentence, text)


def _name(stem: str) -> str:
    known = re.match(r"([a-z]+?)_?0*(\d+)(?:_|$)", stem)
    if known is None:
        return stem
    return f"I{known[2]}" if known[1] == "i" else f"{known[1]}.{known[2]}"


async def check_invariants(url: str, service: str, package: str, only: Sequence[str] = ()) -> list[Finding]:
    """Run the kit's and the service's invariants on one database, all on one snapshot. Nothing is written."""
    chosen = [each for each in (*invariants("maillage"), *invariants(package)) if not only or each.name in only]
    try:
        connection = await asyncpg.connect(url, server_settings={"maillage.orgs": "*", "statement_timeout": "60s"})
    except (OSError, asyncpg.PostgresError) as error:
        why = type(error).__name__
        return [Finding(service, each.name, each.sentence, "NOT CHECKED", first=why) for each in chosen]
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return [await _check(connection, service, each) for each in chosen]
    finally:
        await connection.close()


async def _check(connection: "asyncpg.Connection[Any]", service: str, invariant: Invariant) -> Finding:
    began = time.monotonic()
    try:
        async with connection.transaction():
            rows = await connection.fetch(invariant.sql)
    except asyncpg.PostgresError as error:
        return Finding(service, invariant.name, invariant.sentence, "NOT CHECKED", first=type(error).__name__)
    took = round((time.monotonic() - began) * 1000)
    first = f"{rows[0]['key']}: {rows[0]['detail']}" if rows else ""
    state: State = "BROKEN" if rows else "ok"
    return Finding(service, invariant.name, invariant.sentence, state, len(rows), first, took)


async def check_service(url: str, service: str, package: str) -> list[Finding]:
    """Database reached and at the newest revision, events leaving, no dead letter."""
    try:
        connection = await asyncpg.connect(url, server_settings={"maillage.orgs": "*", "statement_timeout": "60s"})
    except (OSError, asyncpg.PostgresError) as error:
        return [Finding(service, "database", "the database answers", "BROKEN", 1, type(error).__name__)]
    try:
        revision = await connection.fetchval(_REVISION)
        relay = await connection.fetchrow(_RELAY)
        dead = int(await connection.fetchval(_DEAD))
    finally:
        await connection.close()
    waiting, age = (int(relay["waiting"]), float(relay["age"])) if relay else (0, 0.0)
    old = revision != head(package)
    return [
        _finding(service, "database", "the database is at the newest revision", old, 1, f"is at {revision}"),
        _finding(
            service, "relay", "events leave in 30 s", age > _SLOW_RELAY_S, waiting, f"the oldest waits {age:.0f} s"
        ),
        _finding(service, "dead letters", "no event was given up", bool(dead), dead, "maillage dead-letters list"),
    ]


def _finding(service: str, name: str, sentence: str, wrong: bool, count: int, first: str) -> Finding:
    return Finding(service, name, sentence, "BROKEN" if wrong else "ok", count if wrong else 0, first if wrong else "")


async def check_broker(url: str) -> Finding:
    """The broker answers and keeps streams."""

    async def quiet(_error: Exception) -> None:
        """The answer is in the finding."""

    try:
        async with asyncio.timeout(_BROKER_S):  # the client itself would try for two minutes
            client = await nats.connect(url, allow_reconnect=False, error_cb=quiet)
        try:
            await client.jetstream().account_info()
        finally:
            await client.close()
    except (OSError, TimeoutError, nats.errors.Error) as error:
        return Finding("broker", "jetstream", "the broker answers", "BROKEN", 1, type(error).__name__)
    return Finding("broker", "jetstream", "the broker answers", "ok")


async def _examine(only: Sequence[str], *, data_only: bool) -> list[Finding]:
    findings: list[Finding] = []
    for name, package in services().items():
        url = service_environment(name, "POSTGRES_URL")
        if not data_only:
            findings += await check_service(url, name, package)
        findings += await check_invariants(url, name, package, only)
    if not data_only:
        findings.append(await check_broker(os.environ.get("MAILLAGE_NATS_URL", "nats://127.0.0.1:4222")))
    return findings


def doctor(only: Sequence[str], *, invariants_only: bool, as_json: bool) -> tuple[int, str]:
    """Exit status (0 fine, 1 something is broken, 2 something could not be checked) and what to print."""
    findings = asyncio.run(_examine(only, data_only=invariants_only or bool(only)))
    states = {finding.state for finding in findings}
    status = 1 if "BROKEN" in states else 2 if "NOT CHECKED" in states or not findings else 0
    if as_json:
        return status, json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)
    return status, "\n".join(finding.line() for finding in findings)
