"""A hospital's administrator and the software that connects: registering asks for a fresh second factor."""

import json

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console

pytestmark = pytest.mark.browser


async def test_registering_software_asks_for_a_proof_and_keeps_what_was_typed(console: Console) -> None:
    """A file that is no key set is told at its field; a good one leads to the question of the shell."""
    async with console.signed_in("partenaires", "/connection") as screen:
        page = screen.page
        await page.get_by_role("button", name="Enregistrer un logiciel").first.click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Nom").fill("Logiciel de bloc")
        await dialog.get_by_label("Clés publiques").select_option("file")
        chosen = dialog.get_by_label("Fichier JSON des clés publiques")
        await chosen.set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": b"no keys"})
        await dialog.get_by_label("cooperation:set.read").check()
        await dialog.get_by_role("button", name="Enregistrer un logiciel").click()
        await expect(dialog.get_by_text("n'est pas un jeu de clés")).to_be_visible()
        keys = json.dumps({"keys": []}).encode()
        await chosen.set_input_files({"name": "b.json", "mimeType": "application/json", "buffer": keys})
        await dialog.get_by_role("button", name="Enregistrer un logiciel").click()
        await expect(page.get_by_role("dialog")).to_have_count(2)
        await screen.press("Escape")
        await expect(dialog.get_by_label("Nom")).to_have_value("Logiciel de bloc")
        screen.fine()
