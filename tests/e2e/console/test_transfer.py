"""A caller goes from one telesecretary to another, who hears first what it is about."""

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console, Screen
from tests.e2e.console.test_desk import answered, finish, leave, take_post

pytestmark = pytest.mark.browser

NOTE = "Veut avancer sa visite, part demain."


async def test_a_colleague_hears_first_what_it_is_about_and_then_has_the_call(console: Console) -> None:
    """F7, Enter: the colleague answers while the caller waits; taken back by F4; asked again, F9 gives her the call
    with the note that was typed a moment before."""
    async with console.signed_in("secretaire2", "/desk") as second, answered(console) as (first, _, _name):
        await take_post(second)
        page, other = first.page, second.page
        await expect(other.locator(".calls-state").get_by_text("Disponible")).to_be_visible()
        await page.get_by_role("textbox", name="Note de l'appel").fill(NOTE)
        await _asks(first)
        await expect(other.get_by_role("alert").filter(has_text=NOTE)).to_be_visible()
        await second.looked()
        await expect(page.get_by_text("L'appelant attend")).to_be_visible()
        await first.looked()
        await first.press("F4")
        await expect(page.get_by_role("button", name="Transférer")).to_be_visible()
        await expect(other.get_by_text(NOTE)).to_have_count(0)

        await page.get_by_role("textbox", name="Note de l'appel").press_sequentially(" Merci.")
        await _asks(first)
        await expect(page.get_by_text("L'appelant attend")).to_be_visible()
        await first.press("F9")
        await expect(page.get_by_text("L'appel est passé à")).to_be_visible()
        await expect(page.get_by_text("Disponible").first).to_be_visible()
        await expect(other.get_by_role("button", name="Raccrocher")).to_be_visible()
        await expect(other.get_by_role("textbox", name="Note de l'appel")).to_have_value(f"{NOTE} Merci.")
        await finish(other, "Renseignement donné")
        await leave(second)


async def _asks(screen: Screen) -> None:
    """The first colleague who is ready, spoken with before."""
    await screen.page.get_by_role("button", name="Transférer").press("F7")
    chosen = screen.page.get_by_label("Vers")
    await expect(chosen).to_be_focused()
    await chosen.select_option(index=0)
    await screen.press("Enter")
    await expect(screen.page.get_by_role("dialog")).to_have_count(0)
