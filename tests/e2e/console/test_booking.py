"""Patients and booking in the console: by keyboard, moved and cancelled, a time that somebody else has just got, a file
that two people change, two files of one person."""

import re
from datetime import date, timedelta
from random import SystemRandom
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.e2e.console.desk import Console, Person

pytestmark = pytest.mark.browser

API = "/api/appointments/v1"
CHANCE = SystemRandom()


def _name() -> str:
    """A family name that nobody else has."""
    return "Zy" + "".join(CHANCE.choices("abcdefghijklmnopqrstuvwxyz", k=9))


def _born() -> date:
    return date(1940, 1, 1) + timedelta(days=CHANCE.randrange(15_000))


async def _patient(person: Person, **given: Any) -> Any:
    """Somebody whom only this test knows."""
    file = {"birth_family_name": _name(), "birth_given_names": "Anne", "birth_date": _born().isoformat()}
    return await person.post(f"{API}/patients", file | given)


async def _reason(person: Person, code: str = "consultation") -> str:
    reasons = await person.get(f"{API}/visit-reasons")
    return str(next(each["id"] for each in reasons["items"] if each["code"] == code))


async def _slots(person: Person, reason: str, more: str = "") -> list[Any]:
    return list((await person.get(f"{API}/slots?reason={reason}&limit=40{more}"))["items"])


async def _booked(person: Person, patient: str, slot: Any, reason: str) -> Any:
    return await person.post(
        f"{API}/appointments",
        {
            "patient_id": patient,
            "reason_id": reason,
            "mode": slot["mode"],
            "site_id": slot["site_id"],
            "practitioner_id": slot["practitioners"][0],
            "start": slot["start"],
        },
    )


async def test_a_new_patient_is_booked_without_a_mouse(console: Console) -> None:
    name, born = _name(), _born()
    async with console.signed_in("secretaire1", "/patients") as screen:
        page = screen.page
        await expect(page.get_by_role("combobox", name="Chercher un patient")).to_be_focused()
        await page.keyboard.type(f"{name} {born:%d%m%Y}")
        await expect(page.get_by_text("Aucun résultat")).to_be_visible()
        await screen.press("Tab", "Enter")
        await expect(page.get_by_label("Nom de naissance")).to_have_value(name)
        await expect(page.get_by_label("Date de naissance")).to_have_value(f"{born:%d/%m/%Y}")
        await expect(page.get_by_label("Prénoms de naissance")).to_be_focused()
        await page.keyboard.type("Anne")
        await screen.press("Enter")
        await expect(page.get_by_role("button", name="Prendre rendez-vous")).to_be_focused()
        await screen.press("Enter")
        await expect(page.get_by_label("Motif du rendez-vous")).to_be_focused()
        await screen.press("Enter")
        await expect(page.locator("[data-time='1']")).to_be_focused()
        await screen.looked()
        await screen.press("3")
        await expect(page.get_by_role("button", name="Confirmer le rendez-vous")).to_be_focused()
        await expect(page.get_by_text("Créneau réservé jusqu'à").first).to_be_visible()
        await screen.press("Enter")
        await expect(page.get_by_text("Rendez-vous confirmé")).to_be_visible()
        await expect(page.get_by_text("Aucun message ne partira")).to_be_visible()
        await screen.looked()


async def test_an_appointment_is_moved_then_cancelled(console: Console) -> None:
    async with console.signed_in("secretaire1", "/account") as screen:
        person, page = screen.person, screen.page
        patient = await _patient(person, contacts=[{"kind": "mobile", "value": "06 39 98 79 01"}])
        reason = await _reason(person)
        slot = CHANCE.choice((await _slots(person, reason))[10:])
        made = await _booked(person, patient["id"], slot, reason)
        await screen.open(f"/patients/{patient['id']}")
        await page.get_by_role("button", name="Déplacer").click()
        dialog = page.get_by_role("dialog")
        await dialog.locator("[data-time]").first.click()
        await dialog.get_by_role("button", name="Confirmer le déplacement").click()
        await expect(page.get_by_text(re.compile("Rendez-vous déplacé au"))).to_be_visible()
        moved = await person.get(f"{API}/appointments/{made['id']}")
        assert moved["version"] == made["version"] + 1
        await page.get_by_role("button", name="Annuler le rendez-vous").click()
        await screen.looked()
        await dialog.get_by_label("Motif de l'annulation").fill("En déplacement")
        await dialog.get_by_role("button", name="Annuler le rendez-vous").click()
        await expect(page.get_by_text("Aucun rendez-vous à venir.")).to_be_visible()
        ended = await person.get(f"{API}/appointments/{made['id']}")
        assert (ended["status"], ended["cancel_reason"]) == ("cancelled", "Le patient : En déplacement")


async def test_a_time_taken_meanwhile_is_said_and_others_are_offered(console: Console) -> None:
    async with console.signed_in("secretaire1", "/account") as screen:
        person, page = screen.person, screen.page
        patient, other = await _patient(person), await _patient(person)
        reason = await _reason(person)
        slot = CHANCE.choice((await _slots(person, reason))[10:])
        await screen.open(f"/patients/{patient['id']}")
        await page.get_by_role("button", name="Prendre rendez-vous").click()
        await page.get_by_label("Motif du rendez-vous").press("Enter")
        await page.get_by_label("Praticien").select_option(slot["practitioners"][0])
        await expect(page.locator("[data-time]").first).to_be_visible()
        shown = await _slots(person, reason, f"&practitioner={slot['practitioners'][0]}")

        async def unanswered(_route: Route) -> None:
            """The list on the screen stays as old as it is."""

        await page.route("**/api/appointments/v1/slots?*", unanswered)
        await _booked(person, other["id"], shown[0], reason)
        await page.locator("[data-time='1']").click()
        await expect(page.get_by_text("Ce créneau vient d'être pris")).to_be_visible()
        await expect(page.get_by_text("Horaires les plus proches")).to_be_visible()
        await expect(page.locator("[data-time='1']")).to_be_focused()
        await screen.press("Enter")
        await expect(page.get_by_role("button", name="Confirmer le rendez-vous")).to_be_focused()
        await screen.press("Enter")
        await expect(page.get_by_text("Rendez-vous confirmé")).to_be_visible()


async def test_two_people_who_change_one_file_lose_nothing(console: Console) -> None:
    async with console.signed_in("secretaire1", "/account") as screen:
        person, page = screen.person, screen.page
        patient = await _patient(person)
        address = f"{API}/patients/{patient['id']}"
        await screen.open(f"/patients/{patient['id']}")
        await page.get_by_role("button", name="Modifier la fiche").click()
        await page.get_by_label("Nom utilisé", exact=True).fill("Martel")
        await person.patch(address, {"used_family_name": "Marteau", "sex": "female"})
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.get_by_text("Cette fiche a été modifiée pendant votre saisie.")).to_be_visible()
        await expect(page.get_by_role("radio", name=re.compile("Marteau"))).to_be_visible()
        await expect(page.get_by_label("Nom utilisé", exact=True)).to_have_value("Martel")
        await screen.looked()
        await page.get_by_role("button", name="Reprendre avec cette version").click()
        await page.get_by_role("button", name="Enregistrer").click()
        await expect(page.get_by_text("Fiche enregistrée")).to_be_visible()
        saved = await person.get(address)
        assert (saved["used_family_name"], saved["sex"]) == ("Martel", "female")


async def test_two_files_of_one_person_become_one_and_two_again(console: Console) -> None:
    async with console.signed_in("accueil", "/account") as screen:
        person, page = screen.person, screen.page
        first = await _patient(person)
        same = {name: first[name] for name in ("birth_family_name", "birth_date")}
        second = await _patient(person, **same, birth_given_names="Ana", not_same_as=[first["id"]])
        await screen.open(f"/patients/{first['id']}")
        await page.get_by_role("button", name="Fusionner avec une autre fiche").click()
        await page.keyboard.type(f"Ana {first['birth_family_name']}")
        await page.get_by_role("option", name=re.compile("Ana")).click()
        await expect(page.get_by_role("heading", name="Comparer deux fiches")).to_be_visible()
        await page.get_by_role("radio").first.check()
        await page.get_by_label("Pourquoi est-ce la même personne").fill("Même pièce d'identité")
        await screen.looked()
        await page.get_by_role("button", name="Fusionner les deux fiches").click()
        await page.get_by_role("button", name="Annuler la fusion").click()
        await expect(page.get_by_text("Annulée le")).to_be_visible()
        assert (await person.get(f"{API}/patients/{second['id']}"))["birth_given_names"] == "Ana"
