"""Every screen of the console once, narrow and wide, light and dark: nothing that axe-core finds, no sideways scroll,
one heading, no complaint of the browser, no other host."""

import pytest

from tests.e2e.console.desk import NARROW, WIDE, Console
from tests.e2e.console.screens import EXCUSED, SCREENS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "dark"), [(NARROW, False), (WIDE, True)])
async def test_no_screen_has_a_fault_that_a_machine_can_see(console: Console, width: int, dark: bool) -> None:
    found = {}
    for login in dict.fromkeys(login for login, _ in SCREENS):
        async with console.signed_in(login, "/account", width=width, dark=dark) as screen:
            for path in [each for who, each in SCREENS if who == login]:
                await screen.open(path)
                await screen.page.locator("h1").first.wait_for(state="attached")
                await screen.page.locator(".skeleton").first.wait_for(state="detached")
                try:
                    await screen.looked(*EXCUSED.get(path, ()))
                except AssertionError as fault:
                    found[login + path] = str(fault)[:400]
                    screen.complaints.clear()
    assert found == {}
