"""The desk of a telesecretary, by keyboard: a call from offer to end, a message, the 15, a reload, two seats."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from maillage.ids import new_id
from telesecretariat.simulation.dice import throwing
from telesecretariat.simulation.domain import PROFILES, caller
from tests.e2e.console.desk import Console, Person, Screen
from tests.e2e.console.installation import BEGINS

pytestmark = pytest.mark.browser

TELEPHONE = "/api/telesecretariat/v1"
APPOINTMENTS = "/api/appointments/v1"
ADDRESS = "12 rue des Tanneurs, Autun"
NAME = "O'Shea-עמית بن عبد الله"
WORDS = "Fièvre depuis hier, demande un avis avant midi."


async def line(console: Console) -> str:
    """The simulated line of the demonstration."""
    async with console.api("responsable") as manager:
        return str((await manager.get(f"{TELEPHONE}/lines"))["items"][0]["id"])


HASTE = 5
"""So many times sooner a simulated telephone, colleague or regulator picks up; the caller's time passes as fast."""


def talkative() -> int:
    """The seed of a caller who shows a number and has time: nobody hangs up while a journey is being walked."""
    while True:
        seed = new_id().int % 1_000_000
        who = caller(throwing(seed), 0, BEGINS, PROFILES["patient"])
        if who.number is not None and who.talk_s > HASTE * 150 and not who.redials_s:
            return seed


async def ring(floor: Person, line_id: str) -> dict[str, Any]:
    """A caller, who is patient; the call as the supervisor reads it. Who waits already is as good."""
    if (found := await waiting(floor, line_id)) is None:
        one = {"line_id": line_id, "calls": 1, "seed": talkative(), "profile": "patient", "speed": HASTE}
        made = await floor.post(f"{TELEPHONE}/telephony/simulations", one)
        while found is None:
            found = await waiting(floor, line_id)
        await floor.delete(f"{TELEPHONE}/telephony/simulations/{made['id']}")
    return found


async def waiting(floor: Person, line_id: str) -> dict[str, Any] | None:
    """Who waits on the line."""
    found = (await floor.get(f"{TELEPHONE}/calls?line_id={line_id}&state=waiting&limit=200"))["items"]
    return dict(await floor.get(f"{TELEPHONE}/calls/{found[-1]['id']}")) if found else None


async def known(floor: Person, number: str) -> str:
    """A patient with this number, who has been given an appointment before; her name."""
    some = new_id()
    family = f"Deskova {str(some)[-6:].translate(str.maketrans('0123456789', 'abcdefghij'))}"
    site = (await floor.get(f"{APPOINTMENTS}/sites"))["items"][0]["id"]
    made = await floor.post(
        f"{APPOINTMENTS}/patients",
        {
            "birth_family_name": family,
            "birth_given_names": "Léa",
            # Nobody is taken for another of these patients, who may have been given the same number.
            "birth_date": (date(1930, 1, 1) + timedelta(days=some.int % 20_000)).isoformat(),
            "contacts": [{"kind": "mobile" if number[3] in "67" else "landline", "value": number}],
            "site_id": site,
        },
    )
    slots = (await floor.get(f"{APPOINTMENTS}/slots?reason=consultation&limit=40"))["items"]
    slot, reasons = slots[-1], (await floor.get(f"{APPOINTMENTS}/visit-reasons?limit=100"))["items"]
    reason = next(each["id"] for each in reasons if each["code"] == "consultation")
    hold = await floor.post(
        f"{APPOINTMENTS}/holds",
        {
            "reason_id": reason,
            "practitioner_id": slot["practitioners"][0],
            **{name: slot[name] for name in ("site_id", "start", "mode")},
        },
    )
    await floor.post(f"{APPOINTMENTS}/appointments", {"hold_id": hold["id"], "patient_id": made["id"]})
    return family


async def take_post(screen: Screen) -> None:
    """Post and telephone, then ready: Enter after each."""
    await screen.page.get_by_role("button", name="Prendre mon poste").click()
    await screen.page.get_by_label("Numéro ou nom du téléphone").fill("poste-1")
    await screen.press("Enter")
    await screen.page.get_by_role("button", name="Me rendre disponible").click()


@asynccontextmanager
async def answered(console: Console, login: str = "secretaire1") -> AsyncIterator[tuple[Screen, dict[str, Any], str]]:
    """A telesecretary with a caller on the line, whose number a patient is known by. The post is left clean."""
    line_id = await line(console)
    async with console.api("superviseur") as floor, console.signed_in(login, "/desk", width=1440) as screen:
        call = await ring(floor, line_id)
        name = await known(floor, call["number"])
        await take_post(screen)
        await expect(screen.page.get_by_role("button", name="Répondre")).to_be_visible()
        await screen.press("F2")
        await expect(screen.page.get_by_role("button", name="Raccrocher")).to_be_visible()
        yield screen, call, name
        await leave(screen)


async def leave(screen: Screen) -> None:
    """Whatever is left of the call is ended, and the post left, so that the next test finds nobody."""
    page = screen.page
    await page.locator(".calls-menu summary").click()
    await page.get_by_role("button", name="Quitter mon poste").click()
    await expect(page.get_by_role("button", name="Prendre mon poste")).to_be_visible()


async def digit_of(page: Page, name: str) -> str:
    """The key that stands before this candidate: a number may belong to others too."""
    return await page.get_by_role("button", name=name).locator("kbd").inner_text()


async def finish(page: Page, outcome: str) -> None:
    """Hangs up and says what came of it."""
    await page.keyboard.press("F9")
    await page.get_by_label("Issue de l'appel").select_option(label=outcome)
    await acknowledge(page)
    await page.keyboard.press("F9")
    await expect(page.get_by_label("Issue de l'appel")).to_have_count(0)


async def acknowledge(page: Page) -> None:
    """The instruction, where it is new to her."""
    await expect(page.get_by_role("heading", name="Consigne")).to_be_visible()
    button = page.get_by_role("region", name="Consigne").get_by_role("button", name="J'ai lu la consigne")
    if await button.count():
        await button.click()
        await expect(button).to_have_count(0)


async def test_a_known_patient_is_booked_in_at_most_five_presses(console: Console) -> None:
    """Candidate, as usual, first time, booked; then the call is written up. Loaded again before the last press, the
    page has the time that is kept, and what was typed with it."""
    async with answered(console) as (screen, _, name):
        page = screen.page
        await expect(page.get_by_role("button", name=name)).to_be_visible()
        presses = [await digit_of(page, name), "r", "Enter", "Enter"]
        await screen.press(presses[0])
        await expect(page.get_by_role("region", name=name)).to_be_visible()
        await screen.press(presses[1])
        await expect(page.locator("[data-time]").first).to_be_focused()
        await screen.press(presses[2])
        await expect(page.get_by_role("button", name="Confirmer")).to_be_focused()
        kept = await page.locator(".booking-held .when").inner_text()
        note = page.get_by_label("Note pour l'équipe")
        await note.fill(WORDS)
        await page.reload()
        await expect(page.get_by_role("button", name="Confirmer")).to_be_focused()
        assert await page.locator(".booking-held .when").inner_text() == kept
        await expect(note).to_have_value(WORDS)
        await screen.press(presses[3])
        await expect(page.get_by_text("Rendez-vous confirmé").first).to_be_visible()
        assert len(presses) <= 5
        await screen.looked()
        await finish(page, "Rendez-vous pris")


async def test_what_is_typed_survives_a_reload_and_becomes_a_message(console: Console) -> None:
    """A message is being written: the page is loaded again, another area is opened; it is sent as it was typed."""
    async with answered(console) as (screen, call, _):
        page = screen.page
        await expect(page.get_by_role("textbox", name="Note de l'appel")).to_be_visible()
        await page.get_by_role("textbox", name="Note de l'appel").fill("Rappelle ce soir")
        await page.get_by_role("button", name="Nouveau patient").click()
        await page.get_by_label("Nom de naissance").fill(NAME)
        await page.get_by_role("button", name="Message").click()
        form = page.get_by_role("region", name="Message", exact=True)
        await form.get_by_label("Message").fill(WORDS)
        await page.reload()
        await expect(form.get_by_label("Message")).to_have_value(WORDS)
        await expect(page.get_by_role("textbox", name="Note de l'appel")).to_have_value("Rappelle ce soir")
        await expect(page.get_by_role("button", name="Raccrocher")).to_be_visible()
        await page.get_by_role("link", name="Patients").click()
        await expect(page.get_by_role("button", name="Raccrocher")).to_be_visible()
        await page.get_by_role("link", name="Poste").click()
        await form.get_by_label("Pour").select_option(index=1)
        await expect(form.get_by_label("Message")).to_have_value(WORDS)
        await form.get_by_role("button", name="Envoyer le message").click()
        await expect(form.get_by_role("region", name="Messages de cet appel").get_by_role("listitem")).to_have_count(1)
        await page.get_by_role("button", name="Nouveau patient").click()
        await expect(page.get_by_label("Nom de naissance")).to_have_value(NAME)
        await screen.looked()
        await finish(page, "Message transmis")
        kept = await page.evaluate("Object.keys(sessionStorage).filter((key) => key.includes('draft'))")
        assert [key for key in kept if call["id"] in key] == []


async def test_danger_of_life_has_no_way_out_but_its_outcome(console: Console) -> None:
    """F8 dials at once, and what is typed with the next key is the address; Esc does nothing; it ends when the 15 has
    taken over, or is said how else."""
    async with answered(console) as (screen, _, _name):
        page = screen.page
        await screen.press("F8")
        await page.keyboard.type(ADDRESS)
        red = page.get_by_role("alertdialog", name="Urgence vitale")
        await screen.press("Escape", "Escape", "Escape")
        await expect(red.get_by_text(ADDRESS, exact=True)).to_be_visible()
        await expect(red.get_by_text("Le 15 est en ligne")).to_be_visible()
        await expect(red.get_by_role("button", name="Rappeler le 15")).to_have_count(0)
        await screen.looked()
        await red.get_by_role("button", name="Terminer l'urgence").click()
        await expect(red.get_by_text("Choisissez l'issue de l'urgence")).to_be_visible()
        await red.get_by_role("button", name="Laisser l'appelant avec le 15").click()
        await expect(red).to_have_count(0)
        await expect(page.get_by_label("Issue de l'appel")).to_have_value("emergency")
        await acknowledge(page)
        await screen.press("F9")
        await expect(page.get_by_label("Issue de l'appel")).to_have_count(0)


async def test_one_call_has_one_winner_and_the_other_stays_ready(console: Console) -> None:
    """It rings here, the supervisor gives it to another who answers; whoever answers a moment later, before her screen
    has heard of it, reads who has it, and is ready."""
    line_id = await line(console)
    async with (
        console.api("superviseur") as floor,
        console.signed_in("secretaire1", "/desk") as winner,
        console.signed_in("secretaire2", "/desk") as loser,
    ):
        call = await ring(floor, line_id)
        await take_post(loser)
        await expect(loser.page.get_by_role("button", name="Répondre")).to_be_visible()
        await take_post(winner)
        await expect(winner.page.locator(".calls-state").get_by_text("Disponible")).to_be_visible()
        # The moment in which it still rings there: what that screen reads next is kept back.
        seen = asyncio.Event()

        async def later(route: Route) -> None:
            await seen.wait()
            await route.continue_()

        await loser.page.route("**/telesecretariat/v1/desk", later)
        to = {"agent_id": winner.person.session["person"]["id"]}
        await floor.post(f"{TELEPHONE}/calls/{call['id']}/assign", to)
        await expect(winner.page.get_by_role("button", name="Répondre")).to_be_visible()
        await winner.press("F2")
        await expect(winner.page.get_by_role("button", name="Raccrocher")).to_be_visible()
        await loser.press("F2")
        await expect(loser.page.get_by_role("alert").filter(has_text="Appel déjà pris par poste")).to_be_visible()
        seen.set()
        await expect(loser.page.get_by_role("button", name="Répondre")).to_have_count(0)
        await expect(loser.page.locator(".calls-state").get_by_text("Disponible")).to_be_visible()
        await finish(winner.page, "Renseignement donné")
        await leave(loser)
        await leave(winner)


async def test_a_burst_of_calls_moves_nothing_under_a_typing_hand(console: Console) -> None:
    """Thirty callers ring, wait and hang up while a message is written: caret and text stay, the queue is right."""
    async with answered(console) as (screen, call, _), console.api("superviseur") as floor:
        page = screen.page
        await screen.press("m")
        form = page.get_by_role("region", name="Message", exact=True)
        text = form.get_by_label("Message")
        await form.get_by_label("Pour").select_option(index=1)
        await text.fill(WORDS)
        await text.press("Home")
        many = {"line_id": call["line_id"], "calls": 30, "seed": 7, "profile": "ordinary", "speed": 60}
        made = await floor.post(f"{TELEPHONE}/telephony/simulations", many)
        queue = page.get_by_role("region", name="File d'attente")
        await expect(queue.get_by_role("listitem").first).to_be_visible()
        for letter in "Urgent. ":
            await page.keyboard.type(letter)
            await expect(text).to_be_focused()
        await expect(text).to_have_value(f"Urgent. {WORDS}")
        await floor.delete(f"{TELEPHONE}/telephony/simulations/{made['id']}")
        await expect(queue.get_by_text("Aucun appel en attente.")).to_be_visible(timeout=60_000)
        await expect(text).to_be_focused()
        await form.get_by_role("button", name="Envoyer le message").click()
        await expect(form.get_by_role("region", name="Messages de cet appel").get_by_role("listitem")).to_have_count(1)
        await finish(page, "Message transmis")


async def test_a_second_window_reads_until_it_takes_the_post_over(console: Console) -> None:
    """One post, two windows: the second says where it is, takes it; the first then only reads."""
    async with console.signed_in("secretaire2", "/desk") as first:
        await take_post(first)
        async with console.signed_in("secretaire2", "/desk") as second:
            await second.page.get_by_role("button", name="Reprendre ici").click()
            await expect(second.page.locator(".calls-menu summary")).to_be_visible()
            await expect(first.page.get_by_role("button", name="Reprendre ici")).to_be_visible()
            await leave(second)
