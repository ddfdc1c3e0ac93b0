"""The whole life of an order between two people: the hospital that asks, the group that prepares."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console

pytestmark = pytest.mark.browser


async def test_an_order_lives_on_both_sides(console: Console) -> None:
    """Sent by the theatre, accepted, prepared and dispatched by the group, received short, closed: each sees the
    other's act without asking."""
    async with console.signed_in("bloc", "/hospital/orders") as theatre, console.signed_in("coordination") as group:
        page, board = theatre.page, group.page
        await page.get_by_role("button", name="Faire une commande").click()
        flow = page.get_by_role("dialog").get_by_label("Service")
        await expect(flow.locator("option[value=laundry]")).to_be_attached()
        await flow.select_option("laundry")
        await page.get_by_role("dialog").get_by_role("spinbutton").first.fill("12")
        await page.get_by_role("button", name="Envoyer la commande").click()
        await expect(page.get_by_text("La commande est envoyée.")).to_be_visible()
        await expect(page).to_have_url(re.compile(r"/hospital/orders/[0-9a-f-]{36}$"))
        order = page.url.rsplit("/", 1)[-1]
        await group.open(f"/board/orders/{order}")
        await board.get_by_role("button", name="Accepter la commande").click()
        await expect(page.locator("[aria-current=step]")).to_have_text("Acceptée")
        await board.get_by_role("button", name="Préparer la commande").click()
        await board.get_by_role("button", name="Enregistrer la préparation").click()
        await board.get_by_role("button", name="Expédier la commande").click()
        await page.get_by_role("button", name="Réceptionner la commande").click()
        await page.get_by_role("dialog").get_by_role("spinbutton").first.fill("11")
        await page.get_by_role("button", name="Confirmer la réception").click()
        await expect(page.get_by_text("Écart", exact=True)).to_be_visible()
        await theatre.looked()
        await expect(board.locator("[aria-current=step]")).to_have_text("Reçue")
        await board.get_by_role("button", name="Clore la commande").click()
        await expect(page.locator("[aria-current=step]")).to_have_text("Close")
        await group.looked()


async def test_a_declined_order_says_why(console: Console) -> None:
    """The reason is the group's; the hospital reads it on the order."""
    why = "Plus de gants avant jeudi"
    async with console.signed_in("bloc", "/hospital/orders") as theatre, console.signed_in("coordination") as group:
        page = theatre.page
        await page.get_by_role("button", name="Faire une commande").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_label("Service").locator("option[value=purchasing]")).to_be_attached()
        await dialog.get_by_label("Service").select_option("purchasing")
        await dialog.get_by_role("button", name="Envoyer la commande").click()
        await expect(dialog.get_by_role("alert")).to_have_text("Indiquez au moins une quantité.")
        await dialog.get_by_role("spinbutton").first.fill("3")
        await dialog.get_by_role("button", name="Envoyer la commande").click()
        await expect(page.get_by_text("La commande est envoyée.")).to_be_visible()
        await expect(page).to_have_url(re.compile(r"/hospital/orders/[0-9a-f-]{36}$"))
        await group.open(f"/board/orders/{page.url.rsplit('/', 1)[-1]}")
        await group.page.get_by_role("button", name="Refuser la commande").click()
        await group.page.get_by_label(re.compile("^Motif du refus")).fill(why)
        await group.page.get_by_role("dialog").get_by_role("button", name="Refuser la commande").click()
        await expect(page.get_by_text(why)).to_be_visible()
