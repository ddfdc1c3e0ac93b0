"""Every screen of the console: narrow in light, then wide in dark, as it stands. Nothing that axe-core finds, no
sideways scroll, one heading, no complaint of the browser, no other host.

A screen is opened once and turned round where it is: what somebody does with her window. Several people are looked at
side by side, each signed in once; a fault names who, where, and how wide."""

import asyncio

import pytest
from playwright.async_api import Error

from tests.e2e.console.desk import NARROW, WIDE, Console, Screen
from tests.e2e.console.screens import EXCUSED, SCREENS, address

pytestmark = pytest.mark.browser
AT_ONCE = 3
HEIGHT = 800


async def _faults(screen: Screen, login: str, path: str) -> dict[str, str]:
    found = {}
    try:
        await screen.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        await screen.page.emulate_media(color_scheme="light")
        await screen.open(await address(screen.person, path))
        await screen.page.locator("h1").first.wait_for(state="attached")
    except (AssertionError, Error) as fault:
        return {f"{login} {path}": str(fault)[:600]}
    for width, scheme in ((NARROW, "light"), (WIDE, "dark")):
        try:
            if width == WIDE:
                await screen.page.set_viewport_size({"width": width, "height": HEIGHT})
                await screen.page.emulate_media(color_scheme="dark")
            await screen.at_rest()
            await screen.looked(*EXCUSED.get(path, ()))
        except (AssertionError, Error) as fault:
            found[f"{login} {path} {width} {scheme}"] = str(fault)[:600]
            screen.complaints.clear()
    return found


async def test_no_screen_has_a_fault_that_a_machine_can_see(console: Console) -> None:
    turn = asyncio.Semaphore(AT_ONCE)
    found: dict[str, str] = {}

    async def walk(login: str) -> None:
        async with turn, console.signed_in(login, None, width=NARROW) as screen:
            for path in [each for who, each in SCREENS if who == login]:
                found.update(await _faults(screen, login, path))

    # The longest walks first: the last to end is then a short one.
    logins = [login for login, _ in SCREENS]
    await asyncio.gather(*(walk(login) for login in sorted(set(logins), key=lambda who: -logins.count(who))))
    assert not found, "\n".join(f"{where}: {fault}" for where, fault in sorted(found.items()))
