"""The agenda at a desk: the day, a booking, the same move by keys and by dialog, an absence and whom it touches."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.e2e.console.desk import Console, Person

pytestmark = pytest.mark.browser
API = "/api/appointments/v1"
MONDAY = date(2026, 11, 23)


async def somebody(person: Person) -> dict[str, Any]:
    """A patient of this test alone."""
    words = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))
    found: dict[str, Any] = await person.post(
        f"{API}/patients",
        {
            "birth_family_name": f"Essai{words[:12]}",
            "birth_given_names": f"Camille{words[12:20]}",
            "birth_date": "1971-03-04",
            "sex": "female",
            "contacts": [{"kind": "email", "value": f"{words[:16]}@example.org"}],
        },
    )
    return found


async def free_day(person: Person, needed: int, begin: int) -> tuple[str, str, list[dict[str, Any]]]:
    """A day and a doctor with free consultations, from so many days on: what other tests use lies elsewhere."""
    for ahead in range(begin, begin + 12):
        day = (MONDAY + timedelta(days=ahead)).isoformat()
        agenda = await person.get(f"{API}/agenda?day={day}")
        free: dict[str, list[dict[str, Any]]] = {}
        for opening in agenda["openings"]:
            if opening["kind"] == "clinic" and "on_site" in opening["modes"]:
                for run in opening["free"]:
                    free.setdefault(opening["practitioner_id"], []).append({**run, "site_id": opening["site_id"]})
        physicians = await person.get(f"{API}/practitioners?profession=physician")
        for who in physicians["items"]:
            times = await person.get(
                f"{API}/slots?reason=consultation&practitioner={who['id']}"
                f"&from={day}T00:00:00Z&to={day}T22:00:00Z&limit=40"
            )
            if len(times["items"]) >= needed and who["id"] in free:
                return day, who["id"], times["items"]
    raise AssertionError("no doctor of the demonstration has so much time")


async def booked(person: Person, patient: dict[str, Any], who: str, slot: dict[str, Any]) -> dict[str, Any]:
    """A consultation at a free time."""
    reasons = await person.get(f"{API}/visit-reasons")
    reason = next(each["id"] for each in reasons["items"] if each["code"] == "consultation")
    wish = {
        "patient_id": patient["id"],
        "reason_id": reason,
        "practitioner_id": who,
        "site_id": slot["site_id"],
        "start": slot["start"],
    }
    made: dict[str, Any] = await person.post(f"{API}/appointments", wish)
    return made


def hour(instant: str) -> str:
    """« 9 h 20 » as the console writes it; the API's instants here carry the offset of Paris."""
    return f"{int(instant[11:13])}\u00a0h\u00a0{instant[14:16]}"


def block(page: Page, words: str) -> Any:
    """A block of the grid by what it says."""
    return page.locator(".agenda-block").filter(has_text=words)


async def dragged(page: Page, visit: Any, minutes: int) -> None:
    """Taken by the mouse and put down so many minutes later."""
    await visit.evaluate("each => each.scrollIntoView({ block: 'center' })")
    place = await visit.bounding_box()
    assert place is not None
    x, y = place["x"] + 30, place["y"] + 6
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y + minutes / 20 * 34, steps=3)
    await page.mouse.up()


async def test_a_day_is_seen_and_a_free_time_booked(console: Console) -> None:
    async with console.signed_in("accueil", "/agenda/day") as screen:
        page = screen.page
        await expect(page.get_by_role("heading", level=1)).to_contain_text("lundi 23 novembre")
        await expect(page.locator(".agenda-block").first).to_be_visible()
        patient = await somebody(screen.person)
        day, who, times = await free_day(screen.person, 3, 8)
        await screen.open(f"/agenda/day/{day}?practitioner={who}")
        free = block(page, hour(times[0]["start"])).filter(has_text="libre").first
        await free.focus()
        await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("combobox").first.fill(patient["birth_family_name"])
        await expect(dialog.get_by_role("option")).to_have_count(1)
        await page.keyboard.press("Enter")
        await dialog.get_by_label("Motif").select_option(label="Consultation (20\u00a0min)")
        await dialog.get_by_role("button", name="Confirmer le rendez-vous").click()
        await expect(block(page, patient["birth_family_name"])).to_be_visible()
        screen.fine()


async def test_keys_and_dialog_move_alike_whatever_the_machines_zone(console: Console) -> None:
    async with console.signed_in("accueil", timezone_id="America/Martinique") as screen:
        page, person = screen.page, screen.person
        patient = await somebody(person)
        day, who, times = await free_day(person, 4, 22)
        made = await booked(person, patient, who, times[0])
        sent: list[tuple[str, str]] = []
        page.on("request", lambda r: sent.append((r.method, r.url)) if r.url.endswith("/move") else None)

        await screen.open(f"/agenda/day/{day}?practitioner={who}")
        visit = block(page, patient["birth_family_name"])
        await expect(visit).to_contain_text(hour(made["start"]))
        await visit.focus()
        minutes = (int(times[1]["start"][11:13]) - int(made["start"][11:13])) * 60
        minutes += int(times[1]["start"][14:16]) - int(made["start"][14:16])
        dialog = page.get_by_role("dialog")
        await dragged(page, visit, minutes)
        await expect(dialog).to_contain_text(f"{hour(times[1]['start'])}")
        await dialog.get_by_role("button", name="Fermer").first.click()
        await visit.focus()
        await screen.press("d", *["ArrowDown"] * (minutes // 5))
        said = page.locator("p[aria-live=assertive]")
        await expect(said).to_contain_text(f"{hour(times[1]['start'])}, Dr")
        await expect(said).to_contain_text("libre")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog").get_by_role("button", name="Confirmer")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(block(page, patient["birth_family_name"])).to_contain_text(hour(times[1]["start"]))

        await screen.open(f"/agenda/day/{day}?practitioner={who}&view=list")
        row = page.get_by_role("row").filter(has_text=patient["birth_family_name"])
        await row.get_by_role("button", name="Déplacer").click()
        dialog = page.get_by_role("dialog")
        await dialog.locator("[data-time]").first.click()
        await dialog.get_by_role("button", name="Confirmer").click()
        await expect(dialog).to_be_hidden()
        assert len(sent) == 2
        assert sent[0] == sent[1]
        now = await person.get(f"{API}/appointments/{made['id']}/history")
        assert [each["event"] for each in now["items"]] == ["book", "move", "move"]
        assert datetime.fromisoformat(now["items"][1]["start"]) == datetime.fromisoformat(times[1]["start"])
        assert {each["practitioner_id"] for each in now["items"]} == {who}
        screen.fine()


async def test_an_absence_says_whom_it_touches_and_the_sum_holds(console: Console) -> None:
    async with console.signed_in("accueil") as screen:
        page, person = screen.page, screen.person
        day, who, times = await free_day(person, 4, 40)
        for slot in times[:2]:
            await booked(person, await somebody(person), who, slot)
        agenda = await person.get(f"{API}/agenda?day={day}&practitioner={who}")
        count = len([each for each in agenda["visits"] if each["status"] in ("booked", "pending")])

        await screen.open("/agenda/absences")
        await page.get_by_role("button", name="Déclarer une absence").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Praticien").select_option(value=who)
        await dialog.get_by_label("Début").first.fill(day)
        await dialog.get_by_label("Fin").first.fill(day)
        await expect(dialog.get_by_role("status")).to_contain_text(f"{count} rendez-vous sont touchés")
        await dialog.get_by_role("button", name="Enregistrer l'absence").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Déplacer les rendez-vous")
        await expect(page.locator(".agenda-sum")).to_contain_text(f"= {count}")
        await screen.looked()
        campaign = page.url

        await page.get_by_role("link", name="Retour aux absences").click()
        await expect(page.get_by_role("link", name="Reprendre").first).to_be_visible()
        await page.goto(campaign)
        await page.get_by_role("button", name="Prendre l'autre horaire").first.click()
        await expect(page.locator(".agenda-sum")).to_contain_text("1 déplacés")
        await expect(page.locator(".agenda-sum")).to_contain_text(f"= {count}")
        screen.fine()


async def test_the_front_desk_notes_an_arrival_in_one_press(console: Console) -> None:
    async with console.signed_in("accueil") as screen:
        page, person = screen.page, screen.person
        agenda = await person.get(f"{API}/agenda?day={MONDAY.isoformat()}")
        visit = next(
            each
            for each in agenda["visits"]
            if each["status"] == "booked" and not each["walk_in"] and each["mode"] == "on_site"
        )
        await screen.open(f"/agenda/reception?site={visit['site_id']}")
        await page.get_by_role("button", name=f"Noter l'arrivée de {visit['patient_name']}").first.click()
        arrived = page.get_by_role("region", name="Arrivés")
        await expect(arrived.get_by_text(visit["patient_name"])).to_be_visible()
        await screen.looked()
