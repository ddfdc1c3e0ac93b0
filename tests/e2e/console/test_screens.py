"""Every screen of the console: narrow in light, then wide in dark, as it stands. Nothing that axe-core finds, no
sideways scroll, one heading, no complaint of the browser, no other host.

A screen is opened once and turned round where it is: what somebody does with her window. Its parts are then the same,
so that only colours are judged again. Several people are looked at side by side, each signed in once and going from
screen to screen in the app that she has open; a fault names who, where, and how wide."""

import asyncio

import pytest
from playwright.async_api import Error

from tests.e2e.console.desk import NARROW, WIDE, Console, Screen
from tests.e2e.console.screens import ALIKE, EXCUSED, SCREENS, address
from tests.e2e.web.browser import COLOURS

pytestmark = pytest.mark.browser
AT_ONCE = 4
WALK = 6
TURNED = tuple(each for each in SCREENS if each[1] not in ALIKE)
HEIGHT = 800


async def _faults(screen: Screen, login: str, path: str) -> dict[str, str]:
    found = {}
    try:
        await screen.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        await screen.page.emulate_media(color_scheme="light")
        await screen.go(await address(screen.person, path))
        await screen.page.locator("h1").first.wait_for(state="attached")
    except (AssertionError, Error) as fault:
        return {f"{login} {path}": str(fault)[:600]}
    for width, scheme in ((NARROW, "light"), (WIDE, "dark")):
        try:
            if width == WIDE:
                await screen.page.set_viewport_size({"width": width, "height": HEIGHT})
                await screen.page.emulate_media(color_scheme="dark")
            await screen.at_rest()
            await screen.looked(*EXCUSED.get(path, ()), only=COLOURS if width == WIDE else ())
        except (AssertionError, Error) as fault:
            found[f"{login} {path} {width} {scheme}"] = str(fault)[:600]
            screen.complaints.clear()
    return found


@pytest.mark.timeout(300)
async def test_no_screen_has_a_fault_that_a_machine_can_see(console: Console) -> None:
    turn = asyncio.Semaphore(AT_ONCE)
    found: dict[str, str] = {}

    async def walk(login: str, paths: list[str]) -> None:
        async with turn, console.signed_in(login, None, width=NARROW) as screen:
            for path in paths:
                found.update(await _faults(screen, login, path))

    walks = []
    for login in dict.fromkeys(login for login, _ in TURNED):
        paths = [each for who, each in TURNED if who == login]
        walks += [walk(login, paths[first : first + WALK]) for first in range(0, len(paths), WALK)]
    await asyncio.gather(*walks)
    assert not found, "\n".join(f"{where}: {fault}" for where, fault in sorted(found.items()))
