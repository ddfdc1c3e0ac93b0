"""W: what a person waits for at a screen. Chromium on a whole installation with its demonstration."""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from traceback import extract_tb
from typing import Any

from playwright.async_api import Browser, Error

from bench.audience import Audience
from bench.load import Void
from bench.report import Line, median
from bench.runs import Bench, say
from bench.screen import PAINTS, Seat, seat, worst
from contracts.telesecretariat import AgentChanged
from maillage import clock
from maillage.bus import Bus, Leaving
from maillage.ids import new_id
from tests.e2e.console.desk import Console, Person
from tests.e2e.console.installation import installed
from tests.e2e.web.browser import opened

DESKS = 200
EVENTS_PER_S = 40
MANY, BURST_PER_S, AT_ONCE = 20_000, 500, 20
LIMIT_S, END_S = 300.0, 20.0
"""Of one part; of what comes after the last."""
CLICKS = 5
KEYS = "consultation de suivi, renouvellement du traitement"
LAST = "section[aria-label='Dernier scan']"
SAID = f'document.querySelector("{LAST}")'
# A reader types with a few milliseconds between its keys.
READ = """for (const key of [...%s, 'Enter']) document.body.dispatchEvent(
  new KeyboardEvent('keydown', { key, code: '', bubbles: true, cancelable: true }))"""
HEARD, READY = b"event: telesecretariat.agent_changed", b"event: ready"
TELEPHONE = "/api/telesecretariat/v1"
READY_SCREEN = "document.querySelector('h1') && !document.querySelector('.skeleton')"
# What is read again after an event: the only requests of a screen at rest.
READS = "performance.getEntriesByType('resource').filter(e => e.name.includes('/api/') && !e.name.includes('stream'))"


@dataclass
class Town:
    """The installation, its people, the broker behind it, one browser."""

    console: Console
    bus: Bus
    browser: Browser

    @asynccontextmanager
    async def at(self, login: str, path: str) -> AsyncIterator[tuple[Seat, Person]]:
        """Somebody at a screen, with what she may do without it."""
        async with self.console.api(login) as person, seat(self.browser, await _cookies(person)) as seated:
            await seated.page.goto(f"{self.console.origin}/console{path}")
            await seated.page.locator("main h1").first.wait_for()
            yield seated, person

    async def told(self, organisation: Any, count: int = 1) -> None:
        """So many events of the floor, as the telesecretariat's relay sends them."""
        if not all(await self.bus.publish([_change(organisation) for _ in range(count)])):
            raise Void("the broker did not take an event")


def _change(organisation: Any) -> Leaving:
    changed = AgentChanged(
        agent_id=new_id(), presence="online", work_state="ready", reason=None, pending_state=None, call_id=None,
        version=1,
    )  # fmt: skip
    about = changed.agent_id
    return Leaving(1, new_id(), changed.TYPE, about, organisation, changed.model_dump_json(), None, clock.now())


def console(bench: Bench) -> Iterator[Line]:
    """The table of the console's speed: first load, switching, commit to pixel, keys and clicks among 200 desks at 40
    events a second, an agenda of all columns, scans, 20,000 events. Each part has its time; the others go on without
    one that hangs or fails. Refused: Void, which names those."""
    yield from _measured(bench, PARTS)


def alone(name: str) -> Callable[[Bench], Iterator[Line]]:
    """One part of it."""

    def measured(bench: Bench) -> Iterator[Line]:
        yield from _measured(bench, {name: PARTS[name]})

    return measured


def _measured(bench: Bench, parts: Mapping[str, "Part"]) -> Iterator[Line]:
    for name in ("appointments", "gateway"):
        bench.world.end("serve", name)  # nothing else runs meanwhile
    failed: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="maillage-bench-", ignore_cleanup_errors=True) as directory,
        installed(Path(directory), MAILLAGE_GATEWAY_STREAMS_PER_PERSON=str(DESKS)) as (url, accounts),
        asyncio.Runner() as runner,
    ):
        everything = AsyncExitStack()
        try:
            beside = (accounts.parent / "environment.json").read_text()
            town = runner.run(_built(everything, url, json.loads(accounts.read_text()), json.loads(beside)))
            for name, part in parts.items():
                say(f"{name}…")
                try:
                    yield from runner.run(_in_time(part(bench, town)))
                except (Void, Error, AssertionError) as reason:
                    failed.append(f"{name}: {str(reason).partition(chr(10))[0]}")
                    say(failed[-1])
        finally:
            runner.run(_ended(everything))
    if failed:
        raise Void("; ".join(failed))


async def _built(
    everything: AsyncExitStack, url: str, people: list[dict[str, str]], environment: dict[str, str]
) -> Town:
    bus = Bus(environment["MAILLAGE_NATS_URL"], "saone-et-loire", "bench")
    await bus.open()
    everything.push_async_callback(bus.close)
    browser = await everything.enter_async_context(opened())
    return Town(Console(url, {each["login"]: each["password"] for each in people}, browser), bus, browser)


async def _in_time(lines: Awaitable[list[Line]]) -> list[Line]:
    try:
        async with asyncio.timeout(LIMIT_S):
            return await lines
    except TimeoutError as late:
        raise Void(f"not done after {LIMIT_S:.0f} s: {_where(late)}") from None


def _where(late: TimeoutError) -> str:
    """The line of this file that waited."""
    waited = late.__cause__ or late
    own = [each for each in extract_tb(waited.__traceback__) if each.filename == __file__ and each.name != "_in_time"]
    return f"{own[-1].name} waits in line {own[-1].lineno}: {own[-1].line}" if own else "it is not known where"


async def _ended(everything: AsyncExitStack) -> None:
    """A browser that does not close is left to the end of this process."""
    try:
        async with asyncio.timeout(END_S):
            await everything.aclose()
    except TimeoutError:
        say(f"the browser or the broker's connection did not end within {END_S:.0f} s")


async def _cookies(person: Person) -> list[dict[str, object]]:
    return [dict(each) for each in (await person.request.storage_state())["cookies"]]


async def first_load(bench: Bench, town: Town) -> list[Line]:
    """From the address to a desk that can be taken, with nothing kept, on a slow machine and a slow line."""
    took = []
    for _ in range(bench.rounds):
        async with town.console.api("secretaire1") as person, seat(town.browser, await _cookies(person)) as desk:
            await desk.slow()
            await desk.page.goto(f"{town.console.origin}/console/desk", wait_until="commit")
            await desk.page.get_by_role("button", name="Prendre mon poste").wait_for()
            took.append(float(await desk.page.evaluate("performance.now()")))
    bench.raw["W1"] = took
    return [Line("W1", "first load to a usable desk, slow machine and line / 3 s", median(took), 3000.0, "<=1", "ms")]


async def patient_page(bench: Bench, town: Town) -> list[Line]:
    """The first page of online booking, as above."""
    paints, moves = [], []
    for _ in range(bench.rounds):
        async with seat(town.browser, viewport={"width": 360, "height": 640}) as phone:
            await phone.slow()
            await phone.page.goto(f"{town.console.origin}/rdv", wait_until="load")
            await phone.page.evaluate(PAINTS)
            await asyncio.sleep(0.5)
            paints.append(float(await phone.page.evaluate("window.painted")))
            moves.append(float(await phone.page.evaluate("window.moved")))
    bench.raw["W2"] = {"painted": paints, "moved": moves}
    return [
        Line("W2", "patients' first page, largest paint / 1.5 s", median(paints), 1500.0, "<=1", "ms"),
        Line("W2b", "the same, movement of what was there / 0.02", median(moves), 0.02, "<=1", "shift"),
    ]


async def switches(bench: Bench, town: Town) -> list[Line]:
    """From one area to another that was opened before: until its heading is there and nothing loads."""
    took = []
    async with town.at("superviseur", "/patients") as (desk, _):
        await desk.page.locator("nav a[href^='/console/agenda']").wait_for()
        for path in [*("/console/agenda", "/console/patients") * (bench.rounds + 1)]:
            act = f"document.querySelector('nav a[href^=\"{path}\"]').click()"
            there = f"location.pathname.startsWith('{path}') && {READY_SCREEN}"
            took.append(await desk.until(act, there))
            await asyncio.sleep(0.5)
    bench.raw["W3"] = took
    return [Line("W3", "area opened again / 400 ms", median(took[2:]), 400.0, "<=1", "ms")]


FLOOR_S = 1.2
"""A floor is read at most once a second, however much happens: the next act comes when it may be read again."""


async def commit_to_pixel(bench: Bench, town: Town) -> list[Line]:
    """An agent's act is answered; the supervisor's floor shows it. Both by the clock of this machine."""
    late = []
    async with town.at("superviseur", "/supervision") as (floor, _), town.console.api("secretaire2") as agent:
        await _takes_post(agent)
        await floor.page.locator("table").first.wait_for()
        for wish in [*(("not_ready", "Pause"), ("ready", "Disponible")) * (5 * bench.rounds)]:
            seen = asyncio.create_task(floor.page.evaluate(CHANGED))
            await asyncio.sleep(0.05)
            answer = {"work_state": wish[0]} | ({"reason": "pause"} if wish[0] == "not_ready" else {})
            await agent.put(f"{TELEPHONE}/agents/me/state", answer)
            done = time.time() * 1000
            late.append(max(0.0, float(await seen) - done))
            await asyncio.sleep(FLOOR_S)
        await agent.delete(f"{TELEPHONE}/agents/me/session")
    bench.raw["W4"] = late
    return [Line("W4", "commit to pixel, p95 / 300 ms", worst(late, 0.95, 10), 300.0, "<=1", "ms")]


CHANGED = """() => new Promise(done => {
  const table = document.querySelector('table');
  const said = () => [...table.querySelectorAll('.badge, [data-state]')].map(e => e.textContent).join('|');
  const before = said();
  const look = () => said() !== before ? done(Date.now()) : requestAnimationFrame(look);
  requestAnimationFrame(look);
})"""


async def _takes_post(agent: Person) -> None:
    asked = {"desk_id": str(new_id()), "device": {"kind": "phone", "address": "poste-9"}, "take_over": True}
    await agent.post(f"{TELEPHONE}/agents/me/session", asked)
    await agent.put(f"{TELEPHONE}/agents/me/state", {"work_state": "ready"})


async def keys_and_clicks(bench: Bench, town: Town) -> list[Line]:
    """Typing in a search and opening it, while 200 desks listen and 40 events a second concern what is shown."""
    pressed: list[float] = []
    clicked: list[float] = []
    async with town.at("superviseur", "/supervision") as (desk, person):
        audience = Audience(HEARD)
        cookie = "; ".join(f"{each['name']}={each['value']}" for each in await _cookies(person))
        head = f"GET /api/stream HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\n\r\n"
        await audience.enter(town.console.origin, [head.encode()] * (DESKS - 1), READY)
        organisation = person.session["context"]["organisation_id"]
        async with _crowd(lambda: town.told(organisation), EVENTS_PER_S):
            await desk.record()
            for _ in range(bench.rounds):
                for _ in range(CLICKS):
                    await desk.page.locator(".tool-name").click()
                    await _closed(desk)
                clicked += await desk.presses("click", CLICKS)
                await desk.page.keyboard.press("Control+k")
                await desk.page.get_by_role("dialog").get_by_role("combobox").wait_for()
                await desk.presses("keydown", 0)
                await desk.page.keyboard.type(KEYS, delay=60)
                pressed += await desk.presses("keydown", len(KEYS))
                await _closed(desk)
        audience.leave()
    bench.raw["W5"] = {"keys": pressed, "clicks": clicked}
    return [
        Line("W5", "key to next paint beside 200 desks, p95 / 100 ms", worst(pressed, 0.95, 5), 100.0, "<=1", "ms"),
        Line("W5b", "click to next paint, the same, p95 / 100 ms", worst(clicked, 0.95, 5), 100.0, "<=1", "ms"),
    ]


async def _closed(desk: Seat) -> None:
    """The search, which is open or about to be."""
    search = desk.page.get_by_role("dialog")
    await search.get_by_role("combobox").wait_for()
    while await search.count():
        await desk.page.keyboard.press("Escape")
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _crowd(publish: Callable[[], Awaitable[None]], rate: float) -> AsyncIterator[None]:
    """So many a second, by the clock, until the block ends."""

    async def told() -> None:
        began = time.perf_counter()
        for number in cycle((1,)):
            await publish()
            began += number / rate
            await asyncio.sleep(max(0.0, began - time.perf_counter()))

    running = asyncio.create_task(told())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


BLOCKS = "document.querySelectorAll('.agenda-block').length"


async def all_columns(bench: Bench, town: Town) -> list[Line]:
    """The agenda of a day with all practitioners, from the press on "next day" to its last block."""
    took, sizes = [], []
    async with town.at("accueil", "/agenda/day/2026-11-24") as (desk, _):
        await desk.page.locator(".agenda-block").first.wait_for()
        for _ in range(bench.rounds):
            day = await desk.page.locator(".agenda-grid").get_attribute("data-day")
            drawn = await desk.until(
                "document.querySelector('button[aria-label=\"Jour suivant\"]').click()",
                f"![{json.dumps(day)}, undefined].includes(document.querySelector('.agenda-grid')?.dataset.day)"
                f" && {BLOCKS} > 20",
            )
            took.append(drawn)
            sizes.append(await desk.page.evaluate(BLOCKS))
            await asyncio.sleep(0.5)
    bench.raw["W6"] = {"took": took, "blocks": sizes}
    name = f"a day of the agenda with {max(sizes)} blocks / 400 ms"
    return [Line("W6", name, median(took), 400.0, "<=1", "ms")]


async def scans(bench: Bench, town: Town) -> list[Line]:
    """Codes read at the reception, by turns one that nobody knows and one that is garbled: from the reader's last key
    to the screen's first word, and to what the server says."""
    said: list[float] = []
    answered: list[float] = []
    before = ""
    async with town.console.api("agent1") as agent:
        stations = (await agent.get("/api/cooperation/v1/stations?limit=100"))["items"]
    post = next(each["id"] for each in stations if each["kind"] == "reception")
    async with town.at("agent1", f"/station/{post}") as (station, _):
        await station.page.locator(LAST).filter(has_text="Prêt").wait_for()
        for code in ["(8003)09521234000129NOBODY", "à&é\"'(-è_"] * (2 * bench.rounds):
            act = READ % json.dumps(code)
            local, told = (
                f"{SAID}.dataset.code !== {before!r}",
                f"![undefined, {before!r}].includes({SAID}.dataset.code)",
            )
            if len(said) <= len(answered):
                said.append(await station.until(act, local))
                await station.until("0", told)
            else:
                answered.append(await station.until(act, told))
            before = str(await station.page.evaluate(f"{SAID}.dataset.code"))
    bench.raw["W8"] = {"said": said, "answered": answered}
    return [
        Line("W8", "scan to the screen's first word, p95 / 100 ms", worst(said, 0.95, 4), 100.0, "<=1", "ms"),
        Line("W8b", "scan to the server's answer, p95 / 500 ms", worst(answered, 0.95, 4), 500.0, "<=1", "ms"),
    ]


async def many_events(bench: Bench, town: Town) -> list[Line]:
    """20,000 events at 500 a second, which concern what is shown: reads a second of the screen, and its memory after
    the first tenth and at the end."""
    async with town.at("superviseur", "/supervision") as (desk, person):
        organisation = person.session["context"]["organisation_id"]
        await desk.page.evaluate("performance.setResourceTimingBufferSize(100000)")
        first = await _fed(town, organisation, MANY // 10)
        before = await desk.heap()
        read = int(await desk.page.evaluate(f"{READS}.length"))
        seconds = await _fed(town, organisation, MANY - MANY // 10)
        reads = (int(await desk.page.evaluate(f"{READS}.length")) - read) / seconds
        after = await desk.heap()
    bench.raw["W7"] = {"first_s": first, "seconds": seconds, "before": before, "after": after}
    return [
        Line("W7", "memory of a screen after 20,000 events / after 2,000", after, before, "<=1.2", "MB"),
        Line("W7b", "its reads a second meanwhile / 10", reads, 10.0, "<=1", "1/s"),
    ]


async def _fed(town: Town, organisation: Any, count: int) -> float:
    """So many events by the clock; the seconds it took."""
    began = time.perf_counter()
    for number in range(0, count, AT_ONCE):
        await town.told(organisation, AT_ONCE)
        await asyncio.sleep(max(0.0, began + number / BURST_PER_S - time.perf_counter()))
    return time.perf_counter() - began


Part = Callable[[Bench, Town], Awaitable[list[Line]]]
PARTS: Mapping[str, Part] = {
    "W1": first_load,
    "W2": patient_page,
    "W3": switches,
    "W4": commit_to_pixel,
    "W5": keys_and_clicks,
    "W6": all_columns,
    "W8": scans,
    "W7": many_events,
}
ALONE: Mapping[str, Callable[[Bench], Iterator[Line]]] = {name: alone(name) for name in PARTS}
"""Each by its own name; on an installation that runs already when MAILLAGE_CONSOLE_URL names one."""
