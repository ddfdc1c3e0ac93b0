"""Administration: somebody is invited, gets a second role, comes in, is suspended; the auditor reads it."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from maillage.ids import new_id
from tests.e2e.console.desk import Console
from tests.e2e.console.factors import accept, enrol, organisation

pytestmark = pytest.mark.browser


async def test_who_is_invited_comes_in_chooses_where_she_works_and_is_out_at_once_when_suspended(
    console: Console, installation: tuple[str, Path]
) -> None:
    own = await organisation(console, installation[1])
    mark = new_id().hex[-8:]
    async with console.visitor(f"/invitation#{own.invitation}") as admin:
        page = admin.page
        await accept(page, own.login)
        await page.get_by_role("navigation", name="Espaces").get_by_role("link", name="Administration").click()
        await expect(page.get_by_role("heading", level=1, name="Personnes")).to_be_visible()

        await page.get_by_role("button", name="Inviter une personne").click()
        await expect(page.get_by_label("Nom affiché")).to_be_focused()
        await page.get_by_label("Nom affiché").fill(f"Essai Accueil {mark}")
        await page.get_by_label("Identifiant").fill(f"essai.accueil.{mark}")
        await page.get_by_role("combobox", name="Rôle").select_option("front_desk")
        await page.get_by_role("button", name="Inviter", exact=True).click()
        # An act of administration asks for a second factor; who has none sets it up there, and the act goes on.
        await page.get_by_label("Code").fill("000000")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Protéger mon compte").click()
        await enrol(console.origin, page)
        link = await page.locator(".admin-code").inner_text()
        await admin.looked()
        await page.get_by_role("button", name="C'est transmis").click()

        await page.get_by_role("link", name=f"Essai Accueil {mark}").click()
        await page.get_by_role("button", name="Donner un rôle").click()
        await page.get_by_role("combobox", name="Rôle").select_option("manager")
        await page.get_by_role("dialog").get_by_role("button", name="Donner un rôle").click()
        await expect(page.get_by_role("row", name="responsable")).to_be_visible()
        await admin.looked()

        async with console.visitor(f"/invitation#{link.split('#')[1]}") as invited:
            desk = invited.page
            await accept(desk, f"essai.accueil.{mark}")
            await desk.get_by_role("button", name="accueil").click()
            await expect(desk.locator(".person")).to_contain_text(own.name)
            await expect(desk.get_by_text("En direct")).to_be_visible()

            await page.get_by_role("link", name="Toutes les personnes").click()
            await expect(page.get_by_role("row", name=f"Essai Accueil {mark}")).to_contain_text("Actif")
            await page.get_by_role("link", name=f"Essai Accueil {mark}").click()
            await page.get_by_role("button", name="Suspendre").click()
            await page.get_by_role("dialog").get_by_role("button", name="Suspendre").click()
            await expect(page.get_by_text("Suspendu", exact=True)).to_be_visible()
            await expect(desk.get_by_role("dialog", name="Session terminée")).to_be_visible()


async def test_the_auditor_reads_who_did_what_and_sees_that_nothing_was_changed(console: Console) -> None:
    async with console.signed_in("auditeur", "/admin") as screen:
        page = screen.page
        await expect(page.get_by_role("heading", level=1, name="Journal d'accès")).to_be_visible()
        await expect(page.get_by_role("row", name="signed_in").first).to_be_visible()
        await page.get_by_role("button", name="Vérifier les chaînes").click()
        await expect(page.get_by_text("gateway : Intacte")).to_be_visible()
        await page.get_by_role("button", name="Voir tout ce dossier").first.click()
        await expect(page.get_by_label("Dossier (identifiant)")).not_to_have_value("")
        await screen.looked()
        await page.get_by_role("link", name="Permissions").click()
        await page.get_by_label("Filtrer par permission ou rôle").fill("audit.read")
        await expect(page.get_by_role("row", name="gateway:audit.read")).to_contain_text("audit")
