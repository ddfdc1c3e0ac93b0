"""Days that are not like the others: one that differs from the windows, one on which a visiting specialist receives."""

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console
from tests.e2e.console.test_setup import APPOINTMENTS, MANAGER, _own_schedule, _word

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


async def test_a_visiting_specialist_receives_on_two_days_and_one_is_given_up(console: Console) -> None:
    async with console.signed_in(MANAGER, "/account") as screen:
        page, word = screen.page, _word()
        name = f"Essai{word}"
        given = {"family_name": name, "given_name": "Camille", "profession": "physician", "external": True}
        await screen.person.post(f"{APPOINTMENTS}/practitioners", given | {"specialty": "SM15"})
        await screen.open("/setup/sessions")
        await page.get_by_role("button", name="Ajouter des vacations").click()
        dialog = page.get_by_role("dialog")
        who = dialog.get_by_label("Praticien")
        await who.select_option(value=await who.locator("option", has_text=name).get_attribute("value"))
        await dialog.get_by_label("Site (obligatoire)").select_option(index=1)
        for day in ("2026-12-12", "2026-12-19"):
            await dialog.get_by_label("Jour", exact=True).fill(day)
            await screen.press("Enter")
        await dialog.get_by_role("button", name="Enregistrer").click()
        rows = page.get_by_role("row").filter(has_text=name.upper())
        await expect(rows).to_have_count(2)
        await rows.first.get_by_role("button", name="Annuler").click()
        await dialog.get_by_role("button", name="Annuler cette vacation").click()
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("samedi 19 décembre")
        await screen.looked()
