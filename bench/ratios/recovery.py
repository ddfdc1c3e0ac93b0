"""R20: how long nobody can book after a kill -9, against the start of what was killed when nothing is wrong."""

import socket
import threading
import time
from collections.abc import Callable

import httpx

from bench import requests
from bench.load import Void, answered
from bench.report import Line
from bench.runs import GATEWAY, Bench, say

Way = tuple[Callable[[], None], Callable[[], None], Callable[[], None]]
"""How one of them is killed, started, stopped in order."""
LIMIT_S = 60.0
EVERY_S = 0.02


def after_a_kill(bench: Bench) -> list[Line]:
    """Each process that a booking passes through, three times; what is told is the worst of them."""
    world = bench.world
    world.start("serve", "appointments")
    _ = bench.session
    ways: dict[str, Way] = {
        "gateway": _serving(bench, "gateway"),
        "appointments": _serving(bench, "appointments"),
        "postgres": (world.kill_postgres, world.postgres.start, world.postgres.stop),
    }
    worst: dict[str, tuple[float, float]] = {}
    for name, (kill, start, stop) in ways.items():
        cold = [_cold(bench, start, stop) for _ in range(min(bench.rounds, 3))]
        took = [_until_booked(bench, kill, start) for _ in range(min(bench.rounds, 3))]
        bench.raw[f"R20 {name}"] = {"ours": took, "anchor": cold}
        worst[name] = max(took), sorted(cold)[len(cold) // 2]
        say(
            f"R20 {name}: {[round(each, 2) for each in took]} s after kill -9, cold {[round(each, 2) for each in cold]}"
        )
    slowest = max(worst, key=lambda name: worst[name][0] / worst[name][1])
    longest = max(worst, key=lambda name: worst[name][0])
    return [
        Line("R20", f"first 201 after kill -9 ({slowest}) / its cold start", *worst[slowest], "<=1.5", "s"),
        Line("R20b", f"first 201 after kill -9, worst ({longest}) / 5 s", worst[longest][0], 5.0, "<=1", "s"),
    ]


def _serving(bench: Bench, service: str) -> Way:
    world = bench.world
    return (
        lambda: world.kill("serve", service),
        lambda: world.start("serve", service),
        lambda: world.end("serve", service),
    )


def _cold(bench: Bench, start: Callable[[], None], stop: Callable[[], None]) -> float:
    """From its start to the first booking, after an orderly end."""
    stop()
    return _until_booked(bench, lambda: None, start)


def _until_booked(bench: Bench, kill: Callable[[], None], start: Callable[[], None]) -> float:
    """Kills, starts again at once as the supervisor does, and books from then on until somebody says 201."""
    found: list[float] = []
    over = threading.Event()
    asking = threading.Thread(target=_ask, args=(bench, found, over))
    kill()
    began = time.perf_counter()
    asking.start()
    try:
        start()
        asking.join(LIMIT_S)
    finally:
        over.set()
        asking.join()
    if not found:
        raise Void("nobody could book within a minute")
    return found[0] - began


def _ask(bench: Bench, found: list[float], over: threading.Event) -> None:
    world = bench.world
    address = world.url("gateway")
    while not over.is_set() and not found:
        visit = world.times.visit(world.times.span(1)[0])
        (request,) = requests.bookings(world, [visit], bench.session, GATEWAY)
        if _once(address, request) == 201:
            found.append(time.perf_counter())
        else:
            time.sleep(EVERY_S)


def _once(address: str, request: bytes) -> int | None:
    """The status, None without an answer."""
    url = httpx.URL(address)
    try:
        with socket.create_connection((url.host, url.port or 80), timeout=2) as connection:
            connection.sendall(request)
            buffer = bytearray()
            while (status := answered(buffer)) is None:
                piece = connection.recv(65_536)
                if not piece:
                    return None
                buffer += piece
            return status
    except OSError:
        return None
