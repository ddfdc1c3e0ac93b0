"""Finding a set and its file; a recall is seen before it freezes; a hold is placed and signed away."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console

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


async def test_a_recall_that_reaches_nothing_is_not_opened(console: Console) -> None:
    """The act waits for the preview, and the preview says why there is none."""
    async with console.signed_in("coordination", "/recalls/new") as screen:
        page = screen.page
        await page.get_by_label(re.compile("^Motif")).fill("Essai : modèle jamais passé en charge")
        models = page.get_by_label("Ajouter un modèle d'instrument")
        await expect(models.locator("option").nth(1)).to_be_attached()
        await models.select_option(index=1)
        await expect(page.get_by_text("Voyez d'abord ce que le rappel touche.")).to_be_visible()
        await page.get_by_role("button", name="Voir ce que le rappel touche").click()
        await expect(page.locator(".strip[role=alert]").or_(page.get_by_text("Ce rappel touche"))).to_be_visible()
        await screen.looked()
