"""Visits outside: residents of a care home are booked behind each other, their order is changed, the sheet printed."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console, Person
from tests.e2e.console.test_agenda import API, somebody
from tests.e2e.console.test_setup import MANAGER, _word

pytestmark = pytest.mark.browser
DAY = "2026-12-01"


async def going_out(manager: Person) -> dict[str, Any]:
    """A doctor of this test alone, out in the afternoon of that day."""
    site = (await manager.get(f"{API}/sites"))["items"][0]
    given = {"family_name": f"Essai{_word()}", "given_name": "Camille", "profession": "physician", "specialty": "SM54"}
    doctor: dict[str, Any] = await manager.post(f"{API}/practitioners", given)
    schedule = await manager.post(f"{API}/schedules", {"practitioner_id": doctor["id"], "site_id": site["id"]})
    opening = {"kind": "home_round", "local_start": "14:00", "local_end": "18:00", "modes": ["home", "care_home"]}
    day = {"local_date": DAY, "action": "add", "opening": opening}
    version = f'"{schedule["version"]}"'
    await manager.post(f"{API}/schedules/{schedule['id']}/exceptions", day, If_Match=version)
    return doctor


async def test_a_round_is_made_put_in_order_and_printed(console: Console) -> None:
    async with console.api(MANAGER) as manager, console.signed_in("accueil", "/account") as screen:
        page, doctor = screen.page, await going_out(manager)
        residents = [await somebody(screen.person) for _ in range(2)]
        await screen.open(f"/agenda/rounds/{doctor['id']}/{DAY}")
        await page.get_by_role("button", name="Ajouter une liste d'EHPAD").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("EHPAD").select_option(index=1)
        await dialog.get_by_label("Motif").select_option(label="Visite à domicile")
        for resident in residents:
            await dialog.get_by_role("combobox").last.fill(resident["birth_family_name"])
            found = dialog.get_by_role("listbox").get_by_role("option")
            await expect(found).to_have_count(1)
            await expect(found).to_contain_text(resident["birth_family_name"])
            await screen.press("Enter")
            await expect(dialog.get_by_role("listitem").filter(has_text=resident["birth_family_name"])).to_be_visible()
        await dialog.get_by_role("button", name="Prendre ces 2 visites").click()
        stops = page.get_by_role("list", name="Ordre de passage").get_by_role("listitem")
        await expect(stops.first).to_contain_text(residents[0]["birth_family_name"])

        await stops.last.get_by_role("button", name="Monter la visite").press("Enter")
        await expect(stops.first).to_contain_text(residents[1]["birth_family_name"])
        await page.get_by_role("button", name="Enregistrer cet ordre").click()
        await expect(page.get_by_text("Nouvel ordre enregistré")).to_be_visible()
        await screen.looked()
        kept = await screen.person.get(f"{API}/rounds?practitioner={doctor['id']}&day={DAY}")
        assert [stop["patient_id"] for stop in kept["stops"]] == [each["id"] for each in reversed(residents)]

        await page.evaluate("window.print = () => { document.title = 'printed'; }")
        await page.get_by_role("button", name="Imprimer la tournée").click()
        await expect(page).to_have_title("printed")
        await page.emulate_media(media="print")
        await expect(stops.first).to_be_visible()
        await expect(page.get_by_role("button", name="Imprimer la tournée")).to_be_hidden()
