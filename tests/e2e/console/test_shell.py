"""The frame: search by keyboard, a lock that keeps what is typed, one stream for all tabs, keys of one's own."""

import re

import pytest
from playwright.async_api import Request, expect

from tests.e2e.console.desk import Console

pytestmark = pytest.mark.browser


async def test_a_patient_is_found_and_opened_by_the_keyboard_alone(console: Console) -> None:
    async with console.signed_in("accueil", "/account") as screen:
        page = screen.page
        found = await screen.person.get("/api/appointments/v1/patients?q=margaux&limit=1")
        patient = found["items"][0]
        year, month, day = patient["birth_date"].split("-")
        await page.get_by_role("button", name="Rechercher").wait_for()
        await screen.press("Control+k")
        field = page.get_by_role("combobox")
        await expect(field).to_be_focused()
        await page.keyboard.type(f"{patient['birth_family_name']} {day}/{month}/{year}")
        await expect(page.get_by_role("option").filter(has_text=patient["display_name"]).first).to_be_visible()
        await screen.looked()
        await screen.press("Enter")
        await expect(page).to_have_url(re.compile(f"/console/patients/{patient['id']}"))
        assert patient["birth_family_name"] not in await page.title()
        assert patient["birth_family_name"] not in await page.evaluate(
            "JSON.stringify({...localStorage, ...sessionStorage})"
        )


async def test_a_session_that_ends_locks_the_page_and_keeps_what_was_typed(console: Console) -> None:
    async with console.signed_in("responsable", "/account") as screen:
        page = screen.page
        await expect(page.get_by_text("En direct")).to_be_visible()
        typed = page.get_by_label("Nouveau mot de passe")
        await typed.fill("des mots à moitié écrits")
        await screen.person.delete("/auth/session")
        lock = page.get_by_role("dialog", name="Session terminée")
        await lock.get_by_label("Identifiant").fill("responsable")
        await lock.get_by_label("Mot de passe").fill(console.passwords["responsable"])
        await screen.looked()
        await screen.press("Enter")
        await expect(lock).to_be_hidden()
        await expect(typed).to_have_value("des mots à moitié écrits")


async def test_tabs_share_one_stream_and_the_language_is_kept(console: Console) -> None:
    async with console.signed_in("responsable", "/account") as screen:
        streams: list[str] = []

        def asked(request: Request) -> None:
            if "/api/stream" in request.url:
                streams.append(request.url)

        page = screen.page
        await expect(page.get_by_text("En direct")).to_be_visible()
        page.context.on("request", asked)
        second = await page.context.new_page()
        await second.goto(page.url)
        await expect(second.get_by_text("En direct")).to_be_visible()
        assert streams == []

        await second.locator(".person").click()
        await second.get_by_label("Langue").select_option("en")
        await expect(second.get_by_role("heading", level=1, name="My account")).to_be_visible()
        await second.reload()
        await expect(second.get_by_role("heading", level=1, name="My account")).to_be_visible()
        await expect(second.locator("html")).to_have_attribute("lang", "en")


async def test_keys_can_be_given_another_and_letters_switched_off(console: Console) -> None:
    async with console.signed_in("medecin", "/account") as screen:
        page = screen.page
        await page.get_by_role("button", name="Aide et raccourcis").wait_for()
        await screen.press("Shift+?")
        await expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
        change = page.get_by_role("button", name="Changer la touche : Rechercher")
        await change.click()
        await screen.press("F5")
        await expect(page.get_by_role("alert").filter(has_text="prise")).to_be_visible()
        await screen.press("F6")
        await expect(page.get_by_role("button", name="Rétablir la touche : Rechercher")).to_be_visible()
        await page.get_by_label("Utiliser les touches d'une seule lettre").uncheck()
        await screen.looked()
        await screen.press("Escape", "Shift+?")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await screen.press("F6")
        await expect(page.get_by_role("dialog", name="Rechercher partout")).to_be_visible()


async def test_the_statement_is_reached_without_an_account(console: Console) -> None:
    async with console.visitor("/", width=320) as screen:
        page = screen.page
        await expect(page.get_by_label("Identifiant")).to_be_focused()
        await screen.looked()
        await page.get_by_role("link", name="Accessibilité").click()
        await expect(page.get_by_text("Défenseur des droits").first).to_be_visible()
        await screen.looked()
        await screen.open("/device")
        await page.get_by_label("Code d'enregistrement").fill("AAAA-AAAA")
        await page.get_by_role("button", name="Enregistrer l'appareil").click()
        await expect(page.get_by_role("alert")).to_contain_text("Demandez un nouveau code")
