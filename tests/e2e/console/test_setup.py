"""What a manager sets up in the console: reasons, schedules, instructions, hours; two people at one record."""

from itertools import count
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console, Screen

pytestmark = pytest.mark.browser
MANAGER = "responsable"
APPOINTMENTS, PHONE = "/api/appointments/v1", "/api/telesecretariat/v1"
_numbers = count(1)


def _word() -> str:
    """A name that no other test has."""
    from maillage.ids import new_id

    return f"{next(_numbers)}{str(new_id())[-6:]}"


async def _own_schedule(screen: Screen) -> dict[str, Any]:
    """A schedule of a practitioner whom nobody else has, without windows."""
    person = screen.person
    word = _word()
    site = (await person.get(f"{APPOINTMENTS}/sites"))["items"][0]
    given = {"family_name": f"Essai{word}", "given_name": "Camille", "profession": "physician", "specialty": "SM54"}
    doctor = await person.post(f"{APPOINTMENTS}/practitioners", given)
    pair = {"practitioner_id": doctor["id"], "site_id": site["id"]}
    made: dict[str, Any] = await person.post(f"{APPOINTMENTS}/schedules", pair)
    return made


async def test_a_visit_reason_is_made_and_can_be_booked(console: Console) -> None:
    async with console.signed_in(MANAGER, "/setup/reasons") as screen:
        page, word = screen.page, _word()
        await page.get_by_role("button", name="Ajouter un motif").click()
        await page.get_by_label("Nom pour l'équipe").fill(f"Bilan {word}")
        await page.get_by_label("Nom pour le patient", exact=False).first.fill(f"Bilan de santé {word}")
        await page.get_by_label("Code", exact=False).first.fill(f"bilan-{word}")
        await page.get_by_label("Minutes", exact=True).fill("25")
        await page.get_by_role("button", name="Enregistrer").click()
        row = page.get_by_role("row").filter(has_text=f"Bilan {word}")
        await expect(row).to_contain_text("25")
        await expect(page.get_by_role("link", name=f"Bilan {word}")).to_be_focused()
        await screen.looked()
        reasons = (await screen.person.get(f"{APPOINTMENTS}/visit-reasons?limit=100"))["items"]
        assert [each["modes"][0]["minutes"] for each in reasons if each["label"] == f"Bilan {word}"] == [25]


async def test_a_schedule_is_previewed_judged_and_saved(console: Console) -> None:
    async with console.signed_in(MANAGER, "/account") as screen:
        page = screen.page
        schedule = await _own_schedule(screen)
        await screen.open(f"/setup/schedules/{schedule['id']}")
        await page.get_by_role("button", name="Ajouter une plage").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Début").fill("14:00")
        await dialog.get_by_label("Fin", exact=False).first.fill("17:00")
        await dialog.get_by_role("checkbox", name="mercredi").check()
        await dialog.get_by_role("button", name="Reporter dans l'aperçu").click()
        await expect(page.get_by_text("16 plages ajoutées, 0 retirée sur 8 semaines.")).to_be_visible()
        await expect(page.get_by_text("Aucun rendez-vous ne tombe hors des plages.")).to_be_visible()
        await page.get_by_role("button", name="Enregistrer les plages").click()
        await expect(page.get_by_text("Plages enregistrées.")).to_be_visible()
        await screen.looked()
        stored = await screen.person.get(f"{APPOINTMENTS}/schedules/{schedule['id']}")
        (rule,) = stored["rules"]
        assert (rule["local_start"], rule["local_end"], rule["rrule"]) == ("14:00", "17:00", "FREQ=WEEKLY;BYDAY=MO,WE")


async def test_an_instruction_is_written_previewed_and_published_in_a_second_version(console: Console) -> None:
    async with console.signed_in(MANAGER, "/account") as screen:
        page, person, word = screen.page, screen.person, _word()
        site = {"code": f"essai-{word}", "name": f"Annexe {word}", "city": "Autun"}
        place = await person.post(f"{APPOINTMENTS}/sites", site)
        await screen.open("/setup/instructions")
        known = page.get_by_label("Site", exact=True).first
        await expect(known.locator(f"option[value='{place['id']}']")).to_be_attached(timeout=20_000)
        await known.select_option(place["id"])
        level = page.get_by_role("region", name="Site")
        await level.get_by_role("button", name="Écrire une consigne").click()
        for number, text in enumerate(("Première consigne.", "Seconde consigne."), 1):
            if number > 1:
                await level.get_by_role("button", name="Écrire une nouvelle version").click()
            await level.get_by_label("Texte", exact=False).first.fill(text)
            await level.get_by_role("button", name="Enregistrer le brouillon").click()
            await level.get_by_role("button", name="Publier…").click()
            dialog = page.get_by_role("dialog")
            await dialog.get_by_label("Praticien qui l'approuve").select_option(index=1)
            await dialog.get_by_role("button", name="Publier la consigne").click()
            await expect(dialog).to_be_hidden()
            await expect(level.get_by_role("article", name=f"Version {number}")).to_contain_text("En vigueur")
        await page.get_by_label("Le jour").fill("2026-11-25")
        await expect(page.get_by_role("region", name="Ce que lit la télésecrétaire")).to_contain_text(
            "Seconde consigne."
        )
        await level.get_by_role("button", name="Voir les différences").click()
        await expect(page.get_by_role("dialog")).to_contain_text("Retiré : Première consigne.")
        await screen.press("Escape")
        await screen.looked()


async def test_a_line_says_what_a_caller_hears_on_a_sunday(console: Console) -> None:
    async with console.signed_in(MANAGER, "/account") as screen:
        page = screen.page
        line = (await screen.person.get(f"{PHONE}/lines"))["items"][0]
        await screen.open(f"/setup/lines/{line['id']}")
        told = page.get_by_role("region", name="Ce qu'un appelant entend")
        await told.get_by_label("Date").fill("2026-11-29")
        await expect(told).to_contain_text(
            "Prochaine ouverture : lundi 30 novembre, 8 h 00.".replace(" h ", "\u00a0h\u00a0")
        )
        await expect(told).to_contain_text("composez le 15")
        await screen.looked()


async def test_two_people_at_one_site_lose_nothing(console: Console) -> None:
    async with console.signed_in(MANAGER, "/account") as screen:
        page, person, word = screen.page, screen.person, _word()
        given = {"code": f"deux-{word}", "name": f"Antenne {word}", "city": "Digoin"}
        site = await person.post(f"{APPOINTMENTS}/sites", given)
        await screen.open(f"/setup/sites/{site['id']}")
        access = page.get_by_label("Accès, pour le patient")
        await access.fill("Entrée par la cour.")
        other = given | {"city": "Chalon-sur-Saône", "access_note": "Sonnez deux fois."}
        await person.put(f"{APPOINTMENTS}/sites/{site['id']}", other, If_Match='"1"')
        await page.get_by_role("button", name="Enregistrer").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Sonnez deux fois.")
        await expect(dialog).to_contain_text("Entrée par la cour.")
        await dialog.get_by_role("button", name="Enregistrer ces choix").click()
        await expect(dialog).to_be_hidden()
        await expect(page.get_by_role("link", name=given["name"])).to_be_focused()
        now = await person.get(f"{APPOINTMENTS}/sites/{site['id']}")
        assert (now["access_note"], now["city"]) == ("Entrée par la cour.", "Chalon-sur-Saône")
        await screen.looked()
