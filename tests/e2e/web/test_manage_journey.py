"""The link of a message, followed on a small phone without script: look, move, cancel."""

import asyncio
import re

import pytest

from tests.e2e.web.browser import phone
from tests.e2e.web.conftest import Town

pytestmark = pytest.mark.browser
MOBILE = "+33639980003"


async def test_the_link_of_the_sms_moves_and_cancels_after_the_birth_date(town: Town) -> None:
    clinic = town.clinic
    await clinic.w.connection.execute(
        """INSERT INTO contact (organisation_id, patient_id, kind, value, verified_at)
           VALUES ($1, $2, 'mobile', $3, now())""",
        clinic.org,
        clinic.pat,
        MOBILE,
    )
    await clinic.book("09:20")
    await asyncio.to_thread(town.mailbox.wait, MOBILE)
    text = next(message.body for message in town.mailbox.messages if message.to == MOBILE)
    link = re.search(r"/rdv/g/[\w-]+", text)
    assert link, text
    assert "Consultation" not in text
    async with phone(town.browser, town.url) as one:
        await one.open(link[0])
        assert "9 h 20" not in await one.looked()
        for label, value in (("Jour", "1"), ("Mois", "1"), ("Année", "1980")):
            await one.page.get_by_label(label, exact=True).fill(value)
        await one.page.get_by_role("button", name="Voir le rendez-vous").click()
        assert "9 h 20" in await one.looked()
        await one.page.get_by_role("link", name="Déplacer").click()
        assert "gardé jusqu'au nouveau" in await one.looked()
        await one.page.locator("button[name=creneau]").nth(3).click()
        assert "Déplacer le rendez-vous ?" in await one.looked()
        await one.page.get_by_role("button", name="Confirmer le nouvel horaire").click()
        assert "Votre rendez-vous est déplacé" in await one.looked()
        await one.page.get_by_role("link", name="Annuler", exact=True).click()
        await one.looked()
        await one.page.get_by_role("button", name="Annuler le rendez-vous").click()
        assert "Votre rendez-vous est annulé" in await one.looked()
    assert await clinic.w.connection.fetchval("SELECT status || ' ' || version FROM appointment") == "cancelled 3"
    assert await clinic.free(clinic.ada) == "09:00-12:00 14:00-18:00"


async def test_pages_for_everybody_and_refusals_are_inspected_too(town: Town) -> None:
    async with phone(town.browser, town.url) as one:
        for path in ("/rdv/infos", "/rdv/accessibilite", "/rdv/confidentialite", "/rdv/mes-rendez-vous"):
            await one.open(path)
            await one.looked()
        await one.open("/rdv/g/not-a-link")
        assert "Ce lien n'est plus valable" in await one.looked(status=404)
        await one.open("/rdv/creneaux")
        assert "Choisissez un motif." in await one.looked(status=422)
