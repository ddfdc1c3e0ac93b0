"""Chromium before the console, and what it tells of time: the browser's own clock and its own records."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, CDPSession, Page

from bench.load import Void

PATIENCE_MS = 30_000
SLOW_CPU = 4
"""A phone or an old desk against this machine."""
SLOW_NET = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
"""1.6 Mbit/s down, 0.75 up, 150 ms."""

# Every press and click with the time until the frame that shows it was painted (Event Timing, in steps of 8 ms).
RECORD = """() => {
  window.presses = [];
  new PerformanceObserver(list => {
    for (const each of list.getEntries())
      if (each.name === 'keydown' || each.name === 'click') window.presses.push([each.name, each.duration]);
  }).observe({ type: 'event', durationThreshold: 16, buffered: false });
}"""
# Largest paint and movement of what was already there, as a visitor sees them.
PAINTS = """() => {
  window.painted = 0; window.moved = 0;
  new PerformanceObserver(l => l.getEntries().forEach(e => { window.painted = e.startTime; }))
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) window.moved += e.value; }))
    .observe({ type: 'layout-shift', buffered: true });
}"""
# From an act to the frame in which something is there: looked at frame by frame, so that a late frame counts.
UNTIL = """() => new Promise((done, late) => {
  const began = performance.now();
  %s;
  const look = () => {
    if (%s) done(performance.now() - began);
    else if (performance.now() - began > 20000) late(new Error('it never came'));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


@dataclass(frozen=True)
class Seat:
    """A page, and the protocol behind it."""

    page: Page
    tools: CDPSession

    async def until(self, act: str, there: str) -> float:
        """Milliseconds from `act` (a statement) to the first frame in which `there` (an expression) is true."""
        return float(await self.page.evaluate(UNTIL % (act, there)))

    async def record(self) -> None:
        """From here on presses and clicks are noted."""
        await self.page.evaluate(RECORD)

    async def presses(self, kind: str, made: int) -> list[float]:
        """Milliseconds from each `keydown` or `click` to the next paint, of so many that were made; the browser does
        not tell those under 16 ms: they count as 16."""
        await asyncio.sleep(1)  # it tells them when it has time
        found: list[tuple[str, float]] = await self.page.evaluate("window.presses.splice(0)")
        told = [duration for name, duration in found if name == kind]
        return told + [16.0] * max(0, made - len(told))

    async def heap(self) -> float:
        """MB in use after a collection."""
        await self.tools.send("HeapProfiler.collectGarbage")
        used = await self.tools.send("Runtime.getHeapUsage")
        return float(used["usedSize"]) / 1e6

    async def slow(self) -> None:
        """From here on a slow machine on a slow line, with nothing kept from before."""
        await self.tools.send("Network.enable")
        await self.tools.send("Network.clearBrowserCache")
        await self.tools.send("Network.emulateNetworkConditions", SLOW_NET)
        await self.tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})


@asynccontextmanager
async def seat(browser: Browser, cookies: Sequence[dict[str, object]] = (), **options: object) -> AsyncIterator[Seat]:
    """A new window; `cookies`: those of a session."""
    given = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": {"width": 1280, "height": 800}, **options}
    context: BrowserContext = await browser.new_context(**given)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    try:
        await context.add_cookies(cookies)  # type: ignore[arg-type]
        page = await context.new_page()
        yield Seat(page, await context.new_cdp_session(page))
    finally:
        await context.close()


def worst(values: Sequence[float], share: float, least: int) -> float:
    """A quantile. Refused: Void with fewer values than say something."""
    if len(values) < least:
        raise Void(f"only {len(values)} of {least} were seen")
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
