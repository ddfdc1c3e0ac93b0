"""Days that are not like the others: one that differs from the windows, one on which a visiting specialist receives."""

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console
from tests.e2e.console.test_setup import MANAGER, _own_schedule

pytestmark = pytest.mark.browser


async def test_a_day_is_opened_after_its_trial_and_lifted(console: Console) -> None:
    async with console.signed_in(MANAGER, "/account") as screen:
        page = screen.page
        schedule = await _own_schedule(screen)
        await screen.open(f"/setup/schedules/{schedule['id']}")
        await page.get_by_role("button", name="Ajouter un jour différent").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Ce jour-là").select_option("add")
        await dialog.get_by_label("Jour (obligatoire)").fill("2026-12-05")
        await expect(dialog.get_by_role("status")).to_contain_text("Aucun rendez-vous ne tombe hors")
        await screen.looked()
        await dialog.get_by_role("button", name="Enregistrer ce jour").click()
        row = page.get_by_role("row").filter(has_text="samedi 5 décembre")
        await expect(row).to_contain_text("En plus")
        await row.get_by_role("button", name="Revenir aux plages").click()
        await expect(page.get_by_text("Aucun jour différent à venir.")).to_be_visible()
