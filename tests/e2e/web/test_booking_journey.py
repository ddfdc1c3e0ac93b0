"""A patient books on a small phone without script, through the door; every page on the way is inspected."""

import pytest

from tests.e2e.web.browser import BUDGET, Phone, phone
from tests.e2e.web.conftest import Town

pytestmark = pytest.mark.browser
MOBILE, TYPED = "+33639980001", "06 39 98 00 01"
LATE = (
    "UPDATE hold SET expires_at = now() - interval '3 minutes'",
    "UPDATE busy SET expires_at = now() - interval '3 minutes' WHERE hold_id IS NOT NULL",
)


async def to_times(one: Phone, town: Town) -> None:
    """Screens 1 and 2, as far as the first free time three days ahead at Autun."""
    await one.open("/rdv")
    await one.page.get_by_label("Consultation").check()
    await one.page.get_by_label("Autun", exact=False).check()
    await one.page.get_by_role("button", name="Voir les horaires").click()
    await one.page.locator(".filters summary").click()
    await one.page.get_by_label("À partir du").fill(town.clinic.day().isoformat())
    await one.page.get_by_role("button", name="Voir ces horaires").click()


async def prove(one: Phone, town: Town) -> None:
    """The contact and its code, typed with spaces."""
    await one.page.get_by_label("Numéro de mobile").fill(TYPED)
    await one.page.get_by_role("button", name="Recevoir le code par SMS").click()
    code = await town.code(MOBILE)
    await one.page.locator("#code").fill(f"{code[:3]} {code[3:]}")


async def fill_who(one: Phone) -> None:
    """Who comes."""
    for label, value in (("Prénom", "Camille"), ("Nom de naissance", "Vaudremont")):
        await one.page.get_by_label(label).fill(value)
    for label, value in (("Jour", "27"), ("Mois", "3"), ("Année", "1984")):
        await one.page.get_by_label(label, exact=True).fill(value)


async def test_a_whole_booking_with_a_code_by_sms_at_320_pixels_without_script(town: Town) -> None:
    async with phone(town.browser, town.url) as one:
        await one.open("/rdv")
        assert "Pour quel motif ?" in await one.looked()
        requests, weight = await one.weighed()
        assert requests <= 4
        assert weight <= BUDGET
        await to_times(one, town)
        assert "Premier horaire libre" in await one.looked()
        assert (await one.weighed())[1] <= BUDGET
        await one.page.get_by_role("button", name="Choisir cet horaire").click()
        assert "Comment vous joindre ?" in await one.looked()
        await prove(one, town)
        await one.looked()
        await one.page.get_by_role("button", name="Continuer").click()
        assert "Qui vient au rendez-vous ?" in await one.looked()
        await fill_who(one)
        await one.page.get_by_role("button", name="Garder 10 minutes de plus").first.click()
        assert await one.page.get_by_label("Prénom").input_value() == "Camille"
        await one.page.get_by_role("button", name="Confirmer le rendez-vous").click()
        assert "Votre rendez-vous est confirmé" in await one.looked()
        assert one.page.url == f"{town.url}/rdv/confirme"
        await one.page.reload()
        assert "Votre rendez-vous est confirmé" in await one.looked()
    assert await town.clinic.count("SELECT count(*) FROM appointment WHERE channel = 'online'") == 1


async def test_the_same_booking_by_the_keyboard_alone(town: Town) -> None:
    async with phone(town.browser, town.url) as one:
        await one.open("/rdv")
        await one.tab_to("Aller au contenu")
        await one.press("Enter")
        await one.tab_to("Consultation")
        await one.press("Space")
        await one.tab_to("Voir les horaires")
        await one.press("Enter")
        await one.page.wait_for_url("**/rdv/creneaux**")
        await one.tab_to("Choisir cet horaire")
        await one.press("Enter")
        await one.page.wait_for_url("**/rdv/identite**")
        await one.tab_to("Numéro de mobile")
        await one.page.keyboard.type(TYPED)
        await one.press("Enter")
        await one.page.wait_for_url("**/auth/codes/**")
        code = await town.code(MOBILE)
        await one.tab_to("Code à")
        await one.page.keyboard.type(code)
        await one.press("Enter")
        await one.page.wait_for_url("**/rdv/identite**")
        for label, typed in (("Prénom", "Camille"), ("Nom de naissance", "Vaudremont"), ("Jour", "27")):
            await one.tab_to(label)
            await one.page.keyboard.type(typed)
        for label, typed in (("Mois", "3"), ("Année", "1984")):
            await one.tab_to(label)
            await one.page.keyboard.type(typed)
        await one.tab_to("Confirmer le rendez-vous")
        await one.press("Enter")
        await one.page.wait_for_url("**/rdv/confirme**")
        assert "Votre rendez-vous est confirmé" in await one.looked()


async def test_a_time_taken_by_phone_meanwhile_and_a_deadline_that_passed_cost_no_word(town: Town) -> None:
    clinic = town.clinic
    async with phone(town.browser, town.url) as one:
        await to_times(one, town)
        for doctor in (clinic.ada, clinic.bob):
            await clinic.book("09:00", practitioner_id=doctor, patient_id=str(await clinic.w.patient(clinic.org)))
        await one.page.get_by_role("button", name="Choisir cet horaire").click()
        assert "Cet horaire vient d'être pris" in await one.looked(status=409)
        await one.page.get_by_role("button", name="9 h 20").first.click()
        await prove(one, town)
        await one.page.get_by_role("button", name="Continuer").click()
        await fill_who(one)
        for late in LATE:
            await clinic.w.connection.execute(late)
        await one.page.get_by_role("button", name="Confirmer le rendez-vous").click()
        assert "Votre rendez-vous est confirmé" in await one.looked()


async def test_the_last_two_minutes_are_announced_and_a_wrong_field_gets_the_focus(town: Town) -> None:
    async with phone(town.browser, town.url) as one:
        await to_times(one, town)
        await one.page.get_by_role("button", name="Choisir cet horaire").click()
        strip = one.page.get_by_text("Il reste moins de 2 minutes")
        assert not await strip.is_visible()
        await town.clinic.w.connection.execute("UPDATE hold SET expires_at = now() + interval '100 seconds'")
        await one.page.reload()
        await strip.wait_for(state="visible")
        await one.looked()
        await prove(one, town)
        await one.page.get_by_role("button", name="Continuer").click()
        await fill_who(one)
        await one.page.get_by_label("Jour", exact=True).fill("32")
        await one.page.get_by_role("button", name="Confirmer le rendez-vous").click()
        assert "Cette date n'existe pas." in await one.looked(status=422)
        assert await one.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        await one.page.get_by_role("link", name="Cette date n'existe pas.").click()
        assert one.page.url.endswith("#naissance")
