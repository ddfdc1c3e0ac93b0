"""The telephone side of the set-up: red flags that a doctor signs, announcements, known numbers, telephone systems; and
the messages that went to patients."""

import pytest
from playwright.async_api import expect

from maillage.ids import new_id
from tests.e2e.console.desk import Console

pytestmark = pytest.mark.browser
MANAGER, DOCTOR = "responsable", "medecin"
APPOINTMENTS, PHONE = "/api/appointments/v1", "/api/telesecretariat/v1"


async def test_a_list_of_red_flags_is_written_by_the_centre_and_signed_by_a_doctor(console: Console) -> None:
    sign = f"Malaise {new_id().hex[-6:]}"
    async with console.signed_in(MANAGER, "/setup/red-flags") as screen:
        page = screen.page
        await page.get_by_role("button", name="Écrire une nouvelle version").click()
        await page.get_by_role("button", name="Ajouter un signe").click()
        await page.get_by_label("Signe", exact=True).last.fill(sign)
        await page.get_by_label("Code", exact=True).last.fill("Malaise !")
        await page.get_by_label("Questions (une par ligne)").last.fill("Depuis quand ?\n\nEst-il conscient ?")
        await page.get_by_role("button", name="Enregistrer la version").click()
        code = page.get_by_label("Code", exact=True).last
        await expect(code).to_have_attribute("aria-invalid", "true")
        await code.fill(f"malaise_{new_id().hex[-6:]}")
        await page.get_by_role("button", name="Enregistrer la version").click()
        draft = page.get_by_role("article").filter(has_text=sign)
        await expect(draft).to_contain_text("Brouillon")
        await expect(draft).to_contain_text("Un médecin la signe depuis son propre compte.")
        await screen.looked()
    async with console.signed_in(DOCTOR, "/setup/red-flags") as screen:
        page = screen.page
        draft = page.get_by_role("article").filter(has_text=sign)
        await draft.get_by_role("button", name="Relire et signer…").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("heading", name="Ajouté")).to_be_visible()
        await expect(dialog).to_contain_text("Est-il conscient ?")
        await dialog.get_by_role("checkbox", name="J'ai relu").check()
        await screen.looked()
        await dialog.get_by_role("button", name="Signer et mettre en vigueur").click()
        await expect(draft).to_contain_text("En vigueur")
        await expect(draft).to_contain_text("Signée par")


async def test_a_telephone_system_is_registered_its_secret_told_once_and_a_number_becomes_known(
    console: Console,
) -> None:
    mark = new_id().hex[-6:]
    async with console.signed_in(MANAGER, "/setup/adapters/new") as screen:
        page = screen.page
        await page.get_by_label("Nom", exact=False).first.fill(f"standard-{mark}")
        await page.get_by_label("Adresses acceptées", exact=False).fill("pas une adresse")
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.get_by_label("Adresses acceptées", exact=False)).to_have_attribute("aria-invalid", "true")
        await page.get_by_label("Adresses acceptées", exact=False).fill("")
        await page.get_by_role("button", name="Enregistrer").click()
        state = page.get_by_role("region", name="État")
        await expect(state).to_contain_text(f"/telephony/standard-{mark}/events")
        await state.get_by_role("button", name="Créer le secret de signature").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Créer le secret de signature").click()
        await expect(dialog.get_by_text("whsec_")).to_be_visible()
        await screen.looked()
        await dialog.get_by_role("button", name="Je l'ai enregistré").click()
        await expect(state.get_by_role("button", name="Changer le secret de signature")).to_be_visible()

        await screen.open("/setup/known-numbers/new")
        await page.get_by_label("Numéro", exact=False).first.fill("0639980155")
        await page.get_by_label("Libellé").fill(f"Pharmacie {mark}")
        await page.get_by_role("button", name="Enregistrer").click()
        known = page.get_by_role("link", name=f"Pharmacie {mark}")
        await expect(known).to_be_focused()
        await screen.looked()
        await known.click()
        await page.get_by_role("button", name="Retirer ce numéro").click()
        await page.get_by_role("dialog").get_by_role("button", name="Retirer ce numéro").click()
        await expect(known).to_be_hidden()


async def test_an_announcement_is_worded_anew_and_a_line_says_it(console: Console) -> None:
    text = f"Merci de patienter {new_id().hex[-6:]}."
    async with console.signed_in(MANAGER, "/setup/announcements") as screen:
        page, person = screen.page, screen.person
        await page.get_by_role("link", name="Attente").first.click()
        said = page.get_by_label("Texte français").first
        before = await said.input_value()
        await said.fill(text)
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.get_by_role("row").filter(has_text=text)).to_be_visible()
        (row,) = [
            each for each in (await person.get(f"{PHONE}/announcements"))["items"] if each["parts"][0]["text"] == text
        ]
        parts = [row["parts"][0] | {"text": before}, *row["parts"][1:]]
        kept = [{name: value for name, value in part.items() if value is not None} for part in parts]
        await person.patch(f"{PHONE}/announcements/{row['id']}", {"parts": kept}, If_Match=f'"{row["version"]}"')
        await screen.open("/setup/agents")
        await expect(page.get_by_role("heading", name="Affectations à ce centre")).to_be_visible()
        await expect(page.get_by_role("row", name="Poste du télésecrétariat").first).to_be_visible()
        await screen.looked()
        await screen.open("/setup/messages")
        await page.get_by_label("État").select_option("failed")
        await expect(page.locator("table, .empty").first).to_be_visible()
        await screen.looked()
