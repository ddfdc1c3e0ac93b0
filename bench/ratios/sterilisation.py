"""K1, K3, K4: scans, recalls and files of the cooperation, beside a short past and a long one (cooperation.md, 9)."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

import asyncpg
import httpx

from bench import ids, requests
from bench import sterilisation_rows as rows
from bench.load import Void, load
from bench.report import Line
from bench.runs import Bench, say
from cooperation.codes.domain import check_digit
from gateway.permissions import held
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import mint

SERVICE = "cooperation"
GROUP, MEMBER = ids.uid(9, 1), ids.uid(9, 2)
ENTRIES_OF_A_RUN = 30
SHORT, LONG = 500_000, 5_000_000
"""Entries of the trace."""
AT_ONCE = 20_000
PER_SECOND, DEVICES = 50, 25
BATCH = 100


def scans_recalls_files(bench: Bench) -> list[Line]:
    """K1b: 25 devices that scan twice a second. K1c: a hundred scans in one request, by one scan. K3: opening a recall
    of a load of fourteen, beside 0.5 and 5 million entries. K4: files, at the end."""
    world = bench.world
    lines: list[Line] = []
    asyncio.run(_plant(bench))
    world.start("serve", SERVICE)
    lines += _scans(bench)
    _past(bench, 0, SHORT // ENTRIES_OF_A_RUN)
    short = _recalls(bench, first=10)
    _past(bench, SHORT // ENTRIES_OF_A_RUN + 14, LONG // ENTRIES_OF_A_RUN)
    long = _recalls(bench, first=30)
    lines += [
        Line("K3", "recall of a load of 14, 5 million entries / 0.5 million", long, short, "<=1.5", "ms"),
        Line("K3b", "recall of a load of 14 at 5 million entries / 200 ms", long, 200.0, "<=1", "ms"),
        *_files(bench),
    ]
    world.end("serve", SERVICE)
    return lines


def _labels() -> list[str]:
    bodies = [f"0{9521234:07d}{number:09d}" for number in range(1, 65)]
    return [f"{body}{check_digit(body)}" for body in bodies]


async def _plant(bench: Bench) -> None:
    connection = await _connected(bench)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(rows.GROUP, GROUP)
        await connection.execute(rows.REFERENCE, GROUP, MEMBER, ids.HEAD)
        await connection.execute(rows.GOOD, GROUP, MEMBER, ids.HEAD, _labels())
        await connection.execute(rows.STAYS, GROUP, MEMBER, ids.HEAD)
    finally:
        await connection.close()


def _past(bench: Bench, first: int, last: int) -> None:
    """Runs of these numbers, with their loads, uses and entries."""
    say(f"K: planting {(last - first) * ENTRIES_OF_A_RUN:,} entries")

    async def plant() -> None:
        connection = await _connected(bench)
        try:
            await connection.execute("SET session_replication_role = replica")
            for start in range(first, last, AT_ONCE):
                for sql in rows.PAST:
                    await connection.execute(sql, GROUP, MEMBER, ids.HEAD, start, min(start + AT_ONCE, last) - 1)
            await connection.execute("VACUUM (ANALYZE)")
        finally:
            await connection.close()

    asyncio.run(plant())


async def _connected(bench: Bench) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(bench.world.admin_url(SERVICE), command_timeout=600)


def _who(role: str, *orgs: object) -> str:
    caller = Principal(
        sub=f"person:{new_id()}", kind="professional", role=role, org=orgs[0], orgs=frozenset(orgs),  # type: ignore[arg-type]
        perms=held(role, SERVICE), sid="bench", ip="127.0.0.1", csrf="x", acr=2, amr=("badge", "pin"),
        auth_time=int(time.time()),
    )  # fmt: skip
    return f"Authorization: Bearer {mint(caller, SERVICE)}\r\n"


def _batch(device: int, first: int, count: int) -> dict[str, object]:
    labels, now = _labels(), datetime.now(UTC).isoformat()
    return {
        "device_id": str(ids.uid(2, device)),
        "station_id": str(ids.uid(1, 3)),
        "scans": [
            {"seq": first + n, "code": f"(00){labels[(first + n) % 64]}", "scanned_at": now} for n in range(count)
        ],
    }


def _scans(bench: Bench) -> list[Line]:
    head, seconds = _who("theatre_agent", MEMBER), max(bench.seconds, 3.0) * 3
    turns = int(seconds * PER_SECOND / DEVICES) + 2
    asked = [
        requests.post("/v1/scans", head, _batch(1 + n % DEVICES, 1 + n // DEVICES, 1), f"scan-{n}")
        for n in range(DEVICES * turns)
    ]
    address = bench.world.url(SERVICE)
    measured = load(address, asked, connections=DEVICES, seconds=seconds, pause_s=DEVICES / PER_SECOND)
    if set(measured.statuses) != {200}:
        raise Void(f"answers were {dict(measured.statuses)}")
    one = _times(address, head, lambda turn: _batch(40, 1 + turn, 1), "/v1/scans", 60)
    hundred = _times(address, head, lambda turn: _batch(41, 1 + turn * BATCH, BATCH), "/v1/scans", 20)
    p99 = measured.quantile(0.99)
    bench.raw |= {"K1b": {"p50": measured.quantile(0.5), "p99": p99, "answers": measured.answers}}
    return [
        Line(
            "K1b", f"p99 of a scan at {PER_SECOND} a second, {DEVICES} devices / 50 ms", p99 or 0.0, 50.0, "<=1", "ms"
        ),
        Line("K1c", "a batch of 100 scans / one scan", hundred, one, "<=15", "ms"),
    ]


def _times(address: str, head: str, body: Callable[[int], object], path: str, turns: int) -> float:
    """Median of so many requests one after the other, in milliseconds."""
    name, _, value = head.strip().partition(": ")
    spent = []
    with httpx.Client(base_url=address, headers={name: value}, trust_env=False, timeout=60) as client:
        for turn in range(turns):
            prepared, began = body(turn), time.perf_counter()
            answer = client.post(path, json=prepared) if prepared is not None else client.get(path)
            spent.append((time.perf_counter() - began) * 1000)
            if answer.status_code not in (200, 201):
                raise Void(f"{path} was answered {answer.status_code}: {answer.text[:200]}")
    return median(spent)


def _recalls(bench: Bench, first: int) -> float:
    """Opening: every line, its state, its operation, what is blocked and told. Each of another load."""
    head = _who("sterilisation_releaser", GROUP, MEMBER)

    def wanted(turn: int) -> object:
        return {"cause": "intégrateur relu", "scope": {"loads": [str(ids.uid(5, first + turn))]}, "preview": False}

    return _times(bench.world.url(SERVICE), head, wanted, "/v1/recalls", 15)


def _files(bench: Bench) -> list[Line]:
    head, address = _who("sterilisation_releaser", GROUP, MEMBER), bench.world.url(SERVICE)
    run, of, loaded = ids.uid(4, 700), ids.uid(3, 701), ids.uid(5, 50)

    def took(path: str) -> float:
        return _times(address, head, lambda _: None, path, 20)

    return [
        Line("K4a", "whole file of a run / 50 ms", took(f"/v1/runs/{run}"), 50.0, "<=1", "ms"),
        Line("K4b", "whole file of a load / 50 ms", took(f"/v1/loads/{loaded}/file"), 50.0, "<=1", "ms"),
        Line("K4c", "whole file of a set of 167 runs / 100 ms", took(f"/v1/sets/{of}/file"), 100.0, "<=1", "ms"),
    ]
