"""A doctor between two patients, on a phone: a message arrives by itself and is answered in one tap."""

import pytest
from playwright.async_api import expect

from maillage.ids import new_id
from tests.e2e.console.desk import Console, Person, Screen

pytestmark = pytest.mark.browser

PHONE = 360


async def _practitioner(person: Person) -> str:
    """The practitioner that the account of a demonstration's doctor is tied to."""
    me = person.session["person"]["id"]
    all_of_them = (await person.get("/api/appointments/v1/practitioners?limit=200"))["items"]
    return str(next(each["id"] for each in all_of_them if each["person"] and each["person"]["person_id"] == me))


async def _empty(doctor: Person) -> None:
    """Answers what earlier tests left, so that this message is the only one."""
    for each in (await doctor.get("/api/telesecretariat/v1/messages"))["items"]:
        if each["state"] in ("sent", "delivered", "read"):
            await doctor.post(f"/api/telesecretariat/v1/messages/{each['id']}/acknowledge", {"action": "no_action"})


async def test_a_message_is_acknowledged_in_one_tap(console: Console) -> None:
    words = f"Demande un renouvellement {new_id()}"
    async with (
        console.api("secretaire1") as desk,
        console.signed_in("medecin", "/practitioner", width=PHONE, height=780, has_touch=True) as screen,
    ):
        await _empty(screen.person)
        page = screen.page
        await expect(page.get_by_text("Aucun message en attente").last).to_be_visible()
        await screen.looked()
        message = {"practitioner_id": await _practitioner(screen.person), "urgency": "urgent", "body": words}
        sent = await desk.post("/api/telesecretariat/v1/messages", {**message, "send": True})
        await expect(page.get_by_text(words)).to_be_visible()
        await screen.looked()
        await page.get_by_role("button", name="Ordonnance prête").tap()
        await expect(page.get_by_text(words)).to_have_count(0)
        await expect(page.get_by_text("Aucun message en attente").last).to_be_visible()
        after = await desk.get(f"/api/telesecretariat/v1/messages/{sent['id']}")
        assert (after["state"], after["action"]) == ("acknowledged", "prescription_ready")


async def test_the_day_and_an_absence_of_ones_own(console: Console) -> None:
    async with console.signed_in("infirmier", "/practitioner/day", width=PHONE, height=780) as screen:
        page = screen.page
        await expect(page.get_by_role("heading", name="lundi 23 novembre")).to_be_visible()
        await expect(page.get_by_role("listitem").filter(has_text=" h ").first).to_be_visible()
        await screen.looked()
        await page.get_by_role("link", name="Mes absences").click()
        await _declare(screen, "2027-05-03")
        line = page.get_by_role("listitem").filter(has_text="lundi 3 mai")
        await expect(line).to_be_visible()
        await screen.looked()
        await line.get_by_role("button", name="Retirer l'absence").click()
        await expect(line).to_have_count(0)


async def _declare(screen: Screen, day: str) -> None:
    page = screen.page
    await page.get_by_label("Premier jour").fill(day)
    await page.get_by_label("Dernier jour").fill(day)
    await page.get_by_label("Heure de fin").fill("07:00")
    await page.get_by_role("button", name="Déclarer l'absence").click()
    await expect(page.get_by_text("La fin vient avant le début.")).to_be_visible()
    await page.get_by_label("Heure de fin").fill("18:00")
    await page.get_by_role("button", name="Déclarer l'absence").click()
    await expect(page.get_by_text("Absence enregistrée.")).to_be_visible()
