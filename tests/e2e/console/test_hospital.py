"""A hospital asks for a set urgently and is answered; it plans its operations by hand and by file."""

import re

import pytest
from playwright.async_api import FilePayload, expect

from tests.e2e.console.desk import Console

pytestmark = pytest.mark.browser
COOPERATION = "/api/cooperation/v1"


async def test_an_urgent_request_is_asked_and_answered(console: Console) -> None:
    """The theatre asks; the coordination sees it on its board and declines with a reason; the theatre reads it."""
    why = "Essai : demande pour la salle 4"
    async with console.signed_in("bloc", "/hospital") as theatre, console.signed_in("coordination", "/board") as group:
        page = theatre.page
        await page.get_by_role("button", name="Demander une boîte en urgence").click()
        # What would come is told before anything is asked.
        foreseen = page.get_by_role("region", name="Promesse prévue avant envoi")
        await expect(foreseen).to_contain_text(re.compile("boîte"))
        assert why not in {
            each["reason"] for each in (await theatre.person.get(f"{COOPERATION}/urgent_requests"))["items"]
        }
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


async def test_operations_are_planned_by_hand_and_by_file(console: Console) -> None:
    """One operation is added and withdrawn; a file is first rehearsed, its faulty line named, then imported."""
    async with console.signed_in("bloc", "/hospital/operations?day=2026-11-26") as screen:
        page = screen.page
        await page.get_by_role("button", name="Ajouter une intervention").click()
        await page.get_by_label(re.compile("^Référence de l'intervention")).last.fill("ESSAI-MAIN")
        await page.get_by_label(re.compile("^Salle")).fill("Salle 4")
        await page.get_by_label("Composition").select_option("HERNIE")
        await page.get_by_role("button", name="Ajouter au programme").click()
        made = page.get_by_role("article", name="Intervention ESSAI-MAIN")
        await expect(made).to_contain_text("1 × Hernie")
        await page.get_by_role("button", name="Importer le programme").click()
        title = "intervention;salle;date;heure;composition;quantite"
        good = "ESSAI-FICHIER;Salle 1;26/11/2026;08:30;HERNIE;1"
        file = page.get_by_label("Fichier du programme")
        await file.set_input_files(_csv(title, good, "ESSAI-FAUX;Salle 1;26/11/2026;08:30;INCONNUE;1"))
        await expect(page.get_by_role("row", name=re.compile("composition"))).to_be_visible()
        await expect(page.get_by_role("button", name="Importer ces interventions")).to_have_attribute(
            "aria-disabled", "true"
        )
        await screen.looked()
        await file.set_input_files(_csv(title, good))
        await page.get_by_role("button", name="Importer ces interventions").click()
        await expect(page.get_by_role("article", name="Intervention ESSAI-FICHIER")).to_be_visible()
        await made.get_by_role("button", name="Retirer du programme").click()
        await page.get_by_role("dialog").get_by_role("button", name="Retirer du programme").click()
        await expect(made).to_have_count(0)
        await screen.person.delete(f"{COOPERATION}/operations/ESSAI-FICHIER")
        await screen.looked()


def _csv(*lines: str) -> FilePayload:
    return {"name": "programme.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
