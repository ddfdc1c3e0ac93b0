"""Chromium as a patient's phone: script switched off, narrow, and every page that it shows is inspected."""

import gzip
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    # Whoever lets a page hear a microphone gives it a tone of Chromium's own.
    "--use-fake-device-for-media-stream",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NARROW, WIDE = 320, 1280
BUDGET = 30_000
COLOURS = ("color-contrast", "link-in-text-block")
"""What another scheme and width may change of a page that was looked at whole."""
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def chromium() -> str | None:
    """The system's Chromium: `MAILLAGE_CHROMIUM`, or one on the path."""
    named = os.environ.get("MAILLAGE_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def needed_chromium() -> str:
    """The path of Chromium; without one the test is left out, in CI it fails."""
    found = chromium()
    if found is None and os.environ.get("CI"):
        pytest.fail("CI runs every browser test: install Chromium or name it in MAILLAGE_CHROMIUM")
    if found is None:
        pytest.skip("no Chromium on this machine: name one in MAILLAGE_CHROMIUM to run the browser tests")
    return found


@asynccontextmanager
async def opened() -> AsyncIterator[Browser]:
    """One Chromium, closed at the end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=needed_chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


class Phone:
    """One visitor's browser, script off. `looked` inspects the page that it shows."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        self.asked: list[Request] = []
        self.answers: list[Response] = []
        self.complaints: list[str] = []
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        self.asked.append(request)

    def _answered(self, answer: Response) -> None:
        self.answers.append(answer)

    def _heard(self, message: ConsoleMessage) -> None:
        # Chromium itself notes every 4xx page; those are asked for on purpose here.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    async def open(self, path: str) -> None:
        """Goes to an address."""
        await self.page.goto(self.origin + path)

    async def looked(self, *, status: int = 200) -> str:
        """Inspects the page now shown, and returns what its main part says."""
        page = self.page
        answer = next(a for a in reversed(self.answers) if a.request.is_navigation_request() and a.status != 303)
        assert answer.status == status, f"{page.url} answered {answer.status}"
        width = page.viewport_size["width"] if page.viewport_size else NARROW
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways"
        assert await violations_of_copy(page) == [], page.url
        assert {urlsplit(request.url).netloc for request in self.asked} == {urlsplit(self.origin).netloc}
        assert self.complaints == []
        return " ".join((await page.inner_text("main")).split())

    async def weighed(self) -> tuple[int, int]:
        """How many requests the last navigation made, and how many bytes after gzip -9."""
        start = max(n for n, a in enumerate(self.answers) if a.request.is_navigation_request())
        bodies = [await answer.body() for answer in self.answers[start:] if answer.status == 200]
        return len(self.answers) - start, sum(len(gzip.compress(body, 9)) for body in bodies)

    async def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def tab_to(self, name: str, *, most: int = 90) -> None:
        """Walks with Tab until the control whose name begins so has the focus; the focus is seen on every step."""
        for _ in range(most):
            await self.press("Tab")
            assert await self.page.evaluate(FOCUS_SEEN), f"the focus is hidden at {await self._focused()!r}"
            if (await self._focused()).startswith(name):
                return
        raise AssertionError(f"Tab never came to {name!r}")

    async def _focused(self) -> str:
        text: str = await self.page.evaluate(FOCUSED)
        return " ".join(text.split())


FOCUSED = """(() => {
  const e = document.activeElement;
  const label = e.labels && e.labels.length ? e.labels[0].innerText : e.innerText;
  return label || e.getAttribute('aria-label') || '';
})()"""
# WCAG 2.4.7 and 2.4.11: an outline, and not under something sticky.
FOCUS_SEEN = """(() => {
  const e = document.activeElement, row = e.closest('.choice') || e, r = row.getBoundingClientRect();
  const x = r.left + r.width / 2, y = r.top + Math.min(r.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  const outlined = [e, row].some(each => parseFloat(getComputedStyle(each).outlineWidth) >= 2);
  return outlined && !!top && (row.contains(top) || top.contains(row));
})()"""


async def violations(page: Page, *only: str) -> list[str]:
    """What axe-core finds wrong: rule, and where. The page must allow script, which its own policy still refuses it.
    `only`: these rules instead of all."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE)
    found = await page.evaluate(
        "runOnly => axe.run(document, {runOnly, resultTypes: ['violations']})"
        ".then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target.join(' ')).join(' | ')))",
        {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": list(RULES)},
    )
    return [str(each) for each in found]


async def violations_of_copy(page: Page) -> list[str]:
    """The same for a page without script: axe-core needs promises, so it inspects a copy where they work."""
    browser = page.context.browser
    assert browser is not None
    html, url = await page.content(), page.url
    context = await browser.new_context(viewport=page.viewport_size)
    try:
        copy = await context.new_page()
        await copy.route(url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        await copy.goto(url)
        return await violations(copy)
    finally:
        await context.close()


@asynccontextmanager
async def phone(browser: Browser, origin: str, width: int = NARROW) -> AsyncIterator[Phone]:
    """A new visitor."""
    context = await browser.new_context(
        viewport={"width": width, "height": 640}, java_script_enabled=False, locale="fr-FR", timezone_id="Europe/Paris"
    )
    try:
        yield Phone(await context.new_page(), origin)
    finally:
        await context.close()
