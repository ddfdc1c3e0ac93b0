"""A hospital asks for a set urgently and is answered; it orders from a shared service and receives."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console

pytestmark = pytest.mark.browser
COOPERATION = "/api/cooperation/v1"


async def test_an_urgent_request_is_asked_and_answered(console: Console) -> None:
    """The theatre asks; the coordination sees it on its board and declines with a reason; the theatre reads it."""
    why = "Essai : demande pour la salle 4"
    async with console.signed_in("bloc", "/hospital") as theatre, console.signed_in("coordination", "/board") as group:
        page = theatre.page
        await page.get_by_role("button", name="Demander une boîte en urgence").click()
        await expect(page.get_by_label("Site").locator("option").first).to_be_attached()
        await page.get_by_label(re.compile("^Motif")).fill(why)
        await page.get_by_role("button", name="Envoyer la demande").click()
        await expect(page.get_by_role("row", name=re.compile(why))).to_be_visible()
        board = group.page
        row = board.get_by_role("row", name=re.compile(why))
        await row.get_by_role("button", name="Décider").click()
        await board.get_by_label("Raison").fill("Aucune boîte prête ce soir")
        await board.get_by_role("button", name="Refuser la demande").click()
        told = page.get_by_role("row", name=re.compile(why))
        await expect(told).to_contain_text("Aucune boîte prête ce soir")
        await theatre.looked()


async def test_an_order_is_made_and_received(console: Console) -> None:
    """Made and sent on the screen; accepted, prepared and sent off by the group; received on the screen."""
    async with (
        console.signed_in("bloc", "/hospital/orders") as screen,
        console.api("coordination") as group,
        console.api("bloc") as theatre,
    ):
        page = screen.page
        known = {each["id"] for each in (await theatre.get(f"{COOPERATION}/orders?limit=100"))["items"]}
        await page.get_by_role("button", name="Faire une commande").click()
        flow = page.get_by_role("dialog").get_by_label("Service")
        await expect(flow.locator("option[value=laundry]")).to_be_attached()
        await flow.select_option("laundry")
        await page.get_by_role("dialog").get_by_role("spinbutton").first.fill("12")
        await page.get_by_role("button", name="Envoyer la commande").click()
        await expect(page.get_by_text("La commande est envoyée.")).to_be_visible()
        rows = (await theatre.get(f"{COOPERATION}/orders?limit=100"))["items"]
        (made,) = [each["id"] for each in rows if each["id"] not in known]
        order = await group.post(f"{COOPERATION}/orders/{made}/accept")
        lines = [{"line_id": each["id"], "quantity": each["ordered"]} for each in order["lines"]]
        await group.post(f"{COOPERATION}/orders/{made}/prepare", {"lines": lines})
        await group.post(f"{COOPERATION}/orders/{made}/dispatch")
        await page.get_by_role("button", name="Réceptionner").first.click()
        await page.get_by_role("button", name="Confirmer la réception").click()
        await expect(page.get_by_text("La réception est enregistrée.")).to_be_visible()
        await screen.looked()
