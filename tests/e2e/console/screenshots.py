"""`make screenshots`, the console's part: every screen of `screens.py` at three widths, light and dark, and the main
ones in the states that a good day does not show, into .maillage/screens with a sheet for each; the few that the README
shows into docs/screens. Whoever changes a screen opens them.

`--only screens,empty,print` and `--who medecin` draw a part, `--into` elsewhere: the README's are left as they are."""

import argparse
import asyncio
import contextlib
import json
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Error, Route

from tests.e2e.console.desk import Console, Screen
from tests.e2e.console.installation import ROOT, installed
from tests.e2e.console.screens import SCREENS, address
from tests.e2e.web.browser import opened

SIZES: Final = ((1440, 900), (1024, 768), (390, 844))
EVERY: Final = ROOT / ".maillage" / "screens"
SHOWN: Final = {
    ("secretaire1", "/agenda"): "console-agenda.png",
    ("secretaire1", "/patients/{patient}"): "console-patient.png",
    ("medecin", "/practitioner/day"): "console-day.png",
    ("superviseur", "/supervision/wall"): "console-wall.png",
    ("responsable", "/setup/reasons"): "console-setup.png",
}
SHOWN_AS: Final = (1024, "light")
MAIN: Final = (
    ("secretaire1", "/desk"),
    ("secretaire1", "/agenda"),
    ("secretaire1", "/patients/{patient}"),
    ("medecin", "/practitioner"),
    ("superviseur", "/supervision"),
    ("superviseur", "/supervision/reports"),
    ("pharmacien", "/release"),
    ("agent1", "/sets/{set}"),
    ("bloc", "/hospital"),
    ("responsable", "/setup/schedules"),
    ("administrateur", "/admin/persons"),
)

Answer = Callable[[Route], Awaitable[None]]


async def _refused(route: Route, status: int, code: str, detail: str) -> None:
    problem = {"type": "about:blank", "code": code, "status": status, "title": "", "detail": detail}
    await route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(problem))


async def _forbidden(route: Route) -> None:
    await _refused(route, 403, "NOT_ALLOWED", "Votre rôle ne permet pas cette action.")


async def _failed(route: Route) -> None:
    await _refused(route, 500, "INTERNAL", "Le service ne répond pas.")


async def _empty(route: Route) -> None:
    answer = await route.fetch()
    if not answer.ok or "json" not in answer.headers.get("content-type", ""):
        await route.fulfill(response=answer)
        return
    given = await answer.json()
    if isinstance(given, dict):
        given = {name: [] if isinstance(each, list) else each for name, each in given.items()}
    await route.fulfill(response=answer, json=given)


async def _silent(route: Route) -> None:
    await route.abort()


async def _waiting(route: Route) -> None:
    await asyncio.sleep(30)
    await route.abort()


READS: Final = "**/api/*/v1/**"
"""What a screen reads; its stream stays."""
STATES: Final[dict[str, tuple[dict[str, Any], str, Answer | None]]] = {
    "empty": ({}, READS, _empty),
    "error": ({}, READS, _failed),
    "forbidden": ({}, READS, _forbidden),
    "loading": ({}, READS, _waiting),
    "stale": ({}, "**/api/stream*", _silent),
    "english": ({}, "", None),
    "forced": ({"forced_colors": "active"}, "", None),
    # What a window of 1280 px shows at 200 %.
    "zoom": ({"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}, "", None),
    "print": ({}, "", None),
}


async def _settled(screen: Screen, path: str, patience: float = 5_000) -> None:
    await screen.open(path)
    await screen.page.locator("h1").first.wait_for(state="attached")
    with contextlib.suppress(Error):  # a screen that still waits is drawn as it is: its picture should say so
        await screen.at_rest(patience=patience)


@dataclass(frozen=True)
class Asked:
    """What to draw, and where to."""

    into: Path
    only: tuple[str, ...]
    who: str | None
    shown: bool

    def of(self, screens: tuple[tuple[str, str], ...]) -> list[tuple[str, list[str]]]:
        """Each person with her screens."""
        people = dict.fromkeys(login for login, _ in screens if self.who in (None, login))
        return [(person, [path for login, path in screens if login == person]) for person in people]


async def _screens(console: Console, asked: Asked) -> None:
    for login, paths in asked.of(SCREENS):
        async with console.signed_in(login, None) as screen:
            for path in paths:
                try:
                    await _drawn(screen, login, path, asked)
                except Error as fault:  # one that does not open is for test_screens.py to judge
                    print(f"not drawn: {login} {path}: {str(fault)[:200]}")


async def _drawn(screen: Screen, login: str, path: str, asked: Asked) -> None:
    """One screen, opened once and turned round: three widths, light and dark."""
    await _settled(screen, await address(screen.person, path))
    for width, height in SIZES:
        await screen.page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            await screen.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            with contextlib.suppress(Error):
                await screen.at_rest(patience=5_000)
            await screen.page.screenshot(path=asked.into / f"console-{width}-{scheme}-{_name(login, path)}.png")
            if (width, scheme) == SHOWN_AS and (login, path) in SHOWN and asked.shown:
                await screen.page.screenshot(path=ROOT / "docs" / "screens" / SHOWN[(login, path)])


async def _states(console: Console, asked: Asked) -> None:
    for state in STATES:
        if state not in asked.only:
            continue
        for login, paths in asked.of(MAIN):
            async with console.signed_in(login, None, **STATES[state][0]) as screen:
                if state == "english":
                    await screen.page.add_init_script("localStorage.setItem('maillage.language', 'en')")
                for path in paths:
                    try:
                        await _state(screen, state, await address(screen.person, path))
                        name = f"console-{state}-{_name(login, path)}.png"
                        await screen.page.screenshot(path=asked.into / name, full_page=state == "print")
                    except Error as fault:
                        print(f"not drawn: {state} {login} {path}: {str(fault)[:200]}")


async def _state(screen: Screen, state: str, named: str) -> None:
    _, where, answer = STATES[state]
    if answer:
        await screen.page.route(where, answer)
    # What failed is asked for again before the screen says so.
    await _settled(screen, named, 30_000 if state == "error" else 5_000)
    if state == "print":
        await screen.page.emulate_media(media="print")
    if state == "stale":
        with contextlib.suppress(Error):  # the strip speaks when nothing has come for 20 s
            await screen.page.locator(".notices .strip").wait_for(timeout=30_000)


def _name(login: str, path: str) -> str:
    return login + "".join(letter if letter.isalnum() else "-" for letter in path)


def _sheets(into: Path) -> None:
    """One page with all pictures of a width and scheme, or of a state."""
    kinds = [f"{width}-{scheme}" for width, _ in SIZES for scheme in ("light", "dark")] + list(STATES)
    for kind in kinds:
        figures = "".join(
            f'<figure><img src="{each.name}" width="480"><figcaption>{each.stem}</figcaption></figure>'
            for each in sorted(into.glob(f"console-{kind}-*.png"))
        )
        style = "body{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}"
        (into / f"console-{kind}.html").write_text(f"<!DOCTYPE html><style>{style}</style>{figures}")


async def main(url: str, passwords: dict[str, str], asked: Asked) -> None:
    """The pictures of one installation."""
    for directory in (asked.into, ROOT / "docs" / "screens"):
        directory.mkdir(parents=True, exist_ok=True)
    async with opened() as browser:
        console = Console(url, passwords, browser)
        if "screens" in asked.only:
            await _screens(console, asked)
        await _states(console, asked)
    _sheets(asked.into)


def _asked() -> Asked:
    parser = argparse.ArgumentParser(description="Pictures of the console's screens")
    parser.add_argument("--only", help="a part: screens, " + ", ".join(STATES))
    parser.add_argument("--who", help="one login of the demonstration")
    parser.add_argument("--into", type=Path, default=EVERY)
    given = parser.parse_args()
    only = tuple(given.only.split(",")) if given.only else ("screens", *STATES)
    return Asked(given.into, only, given.who, shown=not (given.only or given.who) and given.into == EVERY)


if __name__ == "__main__":
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="maillage-screens-") as directory, installed(Path(directory)) as running:
        rows = json.loads(running[1].read_text())
        asyncio.run(main(running[0], {row["login"]: row["password"] for row in rows}, asked))
