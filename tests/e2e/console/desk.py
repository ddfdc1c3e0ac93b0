"""One person at one screen of the console, and the API with the same person's rights for what a test prepares."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import APIRequestContext, APIResponse, Browser, BrowserContext, ConsoleMessage, Page, Request

from maillage.ids import new_id
from tests.e2e.web.browser import FOCUS_SEEN, violations

WIDE, NARROW = 1280, 320
CALM: Final = {"reduced_motion": "reduce"}
"""A colour on its way to another is neither: contrasts are those of things at rest."""

AT_REST: Final = """async () => {
  await document.fonts.ready;
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const size = () => [document.documentElement.scrollWidth, document.documentElement.scrollHeight,
    document.querySelectorAll('*').length, document.querySelectorAll('.skeleton').length].join();
  for (let still = 0, seen = '', ends = performance.now() + 5000; still < 6 && performance.now() < ends;) {
    await frame();
    const now = size();
    still = now === seen && !document.querySelector('.skeleton') ? still + 1 : 0;
    seen = now;
  }
}"""


@dataclass
class Person:
    """A session: its cookies live in a browser's context, its token goes with each command."""

    origin: str
    request: APIRequestContext
    session: dict[str, Any] = field(default_factory=dict)

    async def enter(self, login: str, password: str) -> None:
        """Signs in, as the console does."""
        await self._read()
        answer = await self.post("/auth/password", {"login": login, "password": password})
        assert answer["next"] == "done", answer
        await self._read()

    async def _read(self) -> None:
        self.session = await (await self.request.get(f"{self.origin}/auth/session")).json()

    def _headers(self) -> dict[str, str]:
        context = self.session.get("context")
        headers = {
            "Origin": self.origin,
            "X-CSRF-Token": self.session.get("csrf_token", ""),
            "Idempotency-Key": str(new_id()),
            "Accept-Language": "fr",
        }
        return headers | ({"Maillage-Context": context["membership_id"]} if context else {})

    async def send(self, method: str, path: str, data: object = None, **headers: str) -> APIResponse:
        """One request with this person's rights; `path` below the origin."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.request.fetch(
            self.origin + path, method=method, data=data, headers=self._headers() | named, fail_on_status_code=False
        )

    async def get(self, path: str) -> Any:
        """What an address answers; it must be a success."""
        return await self._good(await self.send("GET", path))

    async def post(self, path: str, data: object = None, **headers: str) -> Any:
        """An act; it must succeed. `If_Match="…"` adds a header."""
        return await self._good(await self.send("POST", path, data, **headers))

    async def put(self, path: str, data: object = None, **headers: str) -> Any:
        """The same with PUT."""
        return await self._good(await self.send("PUT", path, data, **headers))

    async def patch(self, path: str, data: object = None, **headers: str) -> Any:
        """The same with PATCH."""
        return await self._good(await self.send("PATCH", path, data, **headers))

    async def delete(self, path: str, **headers: str) -> Any:
        """The same with DELETE."""
        return await self._good(await self.send("DELETE", path, None, **headers))

    @staticmethod
    async def _good(answer: APIResponse) -> Any:
        assert answer.ok, f"{answer.url} answered {answer.status}: {(await answer.text())[:600]}"
        text = await answer.text()
        return await answer.json() if text else None


@dataclass
class Screen:
    """A page of the console in front of somebody. `complaints`: what the browser's own console says is wrong."""

    page: Page
    person: Person
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        # Chromium itself notes every refusal and every connection that a test cuts; those are asked for on purpose.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if request.url.startswith("http"):
            self.hosts.add(urlsplit(request.url).netloc)

    async def open(self, path: str) -> None:
        """Goes to an address of the console."""
        await self.page.goto(f"{self.person.origin}/console{path}")

    async def go(self, path: str) -> None:
        """The same without loading the app again, as a link of its own does; nothing open yet: it is opened."""
        if urlsplit(self.page.url).netloc != urlsplit(self.person.origin).netloc:
            await self.open(path)
        else:
            await self.page.evaluate("to => history.pushState(null, '', to)", f"/console{path}")

    async def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def at_rest(self, *, patience: float | None = None) -> None:
        """Waits until nothing loads, moves or changes its size: what somebody sees who looks. `patience` in ms."""
        await self.page.locator(".skeleton").first.wait_for(state="detached", timeout=patience)
        await self.page.evaluate(AT_REST)

    async def looked(self, *excused: str, only: Sequence[str] = ()) -> None:
        """The screen as it is now: no accessibility fault, no sideways scroll, one h1, focus seen, no complaint, no
        other host. `excused`: axe's rules that a screen is excused from, with the reason where they are named; `only`:
        these rules alone."""
        page = self.page
        found = [each for each in await violations(page, *only) if each.partition(" ")[0] not in excused]
        assert not found, f"{page.url}: {found}"
        assert await page.locator("h1").count() == 1, page.url
        width = page.viewport_size["width"] if page.viewport_size else WIDE
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways"
        focused = await page.evaluate("document.activeElement && document.activeElement !== document.body")
        if focused and await page.evaluate("document.activeElement.matches(':focus-visible')"):
            assert await page.evaluate(FOCUS_SEEN), f"{page.url}: the focus is hidden"
        self.fine()

    def fine(self) -> None:
        """No error in the browser's console, no request to another host."""
        assert self.complaints == []
        assert self.hosts <= {urlsplit(self.person.origin).netloc}, self.hosts


@dataclass(frozen=True)
class Console:
    """The installation, its people, a browser."""

    origin: str
    passwords: dict[str, str]
    browser: Browser

    @asynccontextmanager
    async def _context(self, **options: Any) -> AsyncIterator[BrowserContext]:
        context = await self.browser.new_context(**options)
        context.set_default_timeout(15_000)
        try:
            yield context
        finally:
            await context.close()

    @asynccontextmanager
    async def api(self, login: str) -> AsyncIterator[Person]:
        """A person without a screen."""
        async with self._context() as context:
            person = Person(self.origin, context.request)
            await person.enter(login, self.passwords[login])
            yield person

    @asynccontextmanager
    async def signed_in(
        self,
        login: str,
        path: str | None = "/",
        *,
        width: int = WIDE,
        height: int = 800,
        dark: bool = False,
        **options: Any,
    ) -> AsyncIterator[Screen]:
        """The console in front of somebody who has signed in; no `path`: nothing is open yet. `options`: of the
        browser's context (`timezone_id=…`)."""
        scheme = "dark" if dark else "light"
        frame = {"viewport": {"width": width, "height": height}, "locale": "fr-FR", "timezone_id": "Europe/Paris"}
        async with self._context(**{**frame, "color_scheme": scheme, **CALM, **options}) as context:
            person = Person(self.origin, context.request)
            await person.enter(login, self.passwords[login])
            screen = Screen(await context.new_page(), person)
            if path is not None:
                await screen.open(path)
            yield screen

    @asynccontextmanager
    async def visitor(
        self, path: str = "/", *, width: int = WIDE, height: int = 800, **options: Any
    ) -> AsyncIterator[Screen]:
        """The console in front of somebody who has not."""
        given = {"locale": "fr-FR", "timezone_id": "Europe/Paris", **CALM, **options}
        async with self._context(viewport={"width": width, "height": height}, **given) as context:
            screen = Screen(await context.new_page(), Person(self.origin, context.request))
            await screen.open(path)
            yield screen
