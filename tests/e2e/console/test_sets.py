"""Finding a set and its file; a recall is seen before it freezes; a hold is placed and signed away."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console
from tests.e2e.console.test_release import V1, washed

pytestmark = pytest.mark.browser


async def test_a_set_is_found_and_its_mark_is_drawn(console: Console) -> None:
    """By its name and its owner's, with the keyboard; its own mark needs no pack."""
    async with console.signed_in("agent1", "/sets") as screen:
        page = screen.page
        field = page.get_by_role("combobox", name=re.compile("Boîte, étiquette"))
        await field.fill("cataracte 1 langres")
        await expect(page.get_by_role("option").first).to_be_visible()
        await screen.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Boîte Cataracte 1")
        await page.get_by_role("button", name="Étiquettes").click()
        await page.get_by_role("button", name="Préparer l'étiquette").click()
        await expect(page.get_by_role("img", name="Étiquette de Cataracte 1")).to_be_visible()
        await screen.looked()


async def test_a_recall_is_seen_before_it_freezes(console: Console) -> None:
    """What reaches nothing is refused in a sentence; what reaches a set is previewed, opened, and held open until each
    line has ended."""
    async with console.api("agent2") as loader, console.signed_in("pharmacien", "/account") as screen:
        page = screen.page
        load, run = await washed(loader, "112", "washer-1")
        await screen.open("/recalls/new")
        await page.get_by_label(re.compile("^Motif")).fill("Sonde de lavage douteuse")
        day = page.get_by_label("Au", exact=True)
        await page.get_by_label("Du", exact=True).fill("2020-01-06")
        await day.fill("2020-01-06")
        await page.get_by_role("button", name="Ajouter", exact=True).click()
        await expect(page.get_by_text("Voyez d'abord ce que le rappel touche.")).to_be_visible()
        await page.get_by_role("button", name="Voir ce que le rappel touche").click()
        await expect(page.locator(".strip[role=alert]")).to_contain_text("Ce périmètre ne touche aucun set.")
        await expect(page.get_by_role("button", name="Ouvrir ce rappel maintenant")).to_have_attribute(
            "aria-disabled", "true"
        )

        await page.get_by_role("button", name=re.compile("^Retirer ")).click()
        await page.get_by_label("Ajouter une charge").select_option(value=load)
        await page.get_by_role("button", name="Voir ce que le rappel touche").click()
        await expect(page.get_by_text("1 boîte, 1 hôpital")).to_be_visible()
        await screen.looked()
        await page.get_by_role("button", name="Ouvrir ce rappel maintenant").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Rappel")
        await expect(page.get_by_text("1 ligne, 0 réglée")).to_be_visible()
        close = page.get_by_role("button", name="Signer la clôture")
        await expect(close).to_have_attribute("aria-disabled", "true")
        await expect(page.get_by_text("Il reste 1 ligne à régler.")).to_be_visible()
        await loader.post(f"{V1}/runs/{run}/abort", {"reason": "recalled"})
        await expect(page.get_by_text("1 ligne, 1 réglée")).to_be_visible()
        await expect(close).not_to_have_attribute("aria-disabled", "true")
