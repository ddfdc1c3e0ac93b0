"""Stations: a scanner that types, answers one by one, a network that goes away, and what stops the screen."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid5

import pytest
from playwright.async_api import Page, expect

from cooperation.demo.loading import GROUP, HOSPITALS, known, mark
from tests.e2e.console.desk import Console, Person, Screen

pytestmark = pytest.mark.browser
V1 = "/api/cooperation/v1"
LAST = "section[aria-label='Dernier scan']"
# A reader types with a few milliseconds between its keys, whatever has the focus.
BURST = """async code => {
  for (const key of [...code, 'Enter']) {
    const target = document.activeElement ?? document.body;
    const init = { key, code: '', bubbles: true, cancelable: true };
    if (target.dispatchEvent(new KeyboardEvent('keydown', init)) && key.length === 1 && target.setRangeText) {
      target.setRangeText(key, target.selectionStart, target.selectionEnd, 'end');
      target.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
}"""


async def read(page: Page, *codes: str) -> None:
    """Codes read by the scanner of the post, one after the other."""
    for code in codes:
        await page.evaluate(BURST, code)


async def answered(screen: Screen, word: str) -> None:
    """What the last scan says, in large."""
    await expect(screen.page.locator(LAST)).to_contain_text(word)


async def at(screen: Screen, post: str, owner: Any = GROUP) -> None:
    """Opens a post of the demonstration and waits until it reads."""
    await screen.open(f"/station/{known('station', post, owner)}")
    await expect(screen.page.locator(LAST)).to_contain_text("Prêt")


async def stages(person: Person, serials: Sequence[str]) -> list[str]:
    """The stage of each set's live run."""
    found = []
    for serial in serials:
        runs = await person.get(f"{V1}/runs?set_id={known('set', serial)}&limit=1")
        found.append(runs["items"][0]["stage"])
    return found


async def test_sets_go_through_reception_and_into_the_washer_by_scans_alone(console: Console) -> None:
    async with console.signed_in("agent1", "/account") as screen:
        page = screen.page
        await at(screen, "reception")
        await read(page, mark(12, "101"))
        await answered(screen, "FAIT")
        await read(page, "(8003)09521234000129NOBODY")
        await answered(screen, "REFUSÉ")
        await read(page, "à&é\"'(-è_")
        await expect(page.locator(LAST)).to_have_attribute("data-code", "CODE_GARBLED")
        # Two in one second are two results, and the same trigger held too long is one.
        await read(page, mark(12, "102"), mark(12, "102"))
        await answered(screen, "DÉJÀ LU")
        await expect(page.locator(".station-recent li").first).to_contain_text("FAIT")
        assert await stages(screen.person, ["101", "102"]) == ["received", "received"]
        await screen.looked()

        await at(screen, "washing washer-3")
        await expect(page.get_by_role("button", name="Ouvrir un chargement")).to_be_visible()
        await page.get_by_role("button", name="Lavage A0 3000").click()
        await read(page, "CMD:VALIDER")
        number = page.get_by_label("Numéro de cycle")
        await number.fill("71")
        await number.focus()
        await read(page, mark(12, "101"))
        await answered(screen, "FAIT")
        await expect(number).to_have_value("71")
        await expect(page.locator(".station-content li")).to_have_count(1)
        await screen.looked()
        await read(page, "TERMINER")
        await expect(page.get_by_text("Cycle en cours").first).to_be_visible()
        assert await stages(screen.person, ["101", "102"]) == ["washing", "received"]


async def test_a_cut_loses_no_scan_and_ends_as_on_line(console: Console) -> None:
    serials = [f"{number:03d}" for number in range(55, 75)]
    owner = HOSPITALS[1]
    async with console.signed_in("bloc", "/account") as screen:
        await at(screen, "return", owner)
        page, context = screen.page, screen.page.context
        await read(page, mark(12, serials[0]))
        await answered(screen, "FAIT")
        await context.set_offline(True)
        await read(page, *[mark(12, serial) for serial in serials[1:]])
        await expect(page.get_by_text("19 scans en attente")).to_be_visible()
        await answered(screen, "ENREGISTRÉ")
        await page.close()

        await context.set_offline(False)
        again = Screen(await context.new_page(), screen.person)
        await at(again, "return", owner)
        await expect(again.page.get_by_text("Aucun scan en attente")).to_be_visible()
        assert set(await stages(screen.person, serials)) == {"returning"}
        device = uuid5(known("station", "return", owner), "device")
        assert (await screen.person.get(f"{V1}/devices/{device}"))["last_seq"] >= len(serials)
        again.fine()


async def test_a_held_set_covers_the_screen_until_it_is_set_apart(console: Console) -> None:
    tag, owner = mark(12, "083"), HOSPITALS[1]
    async with console.signed_in("bloc", "/account") as screen, console.api("pharmacien") as pharmacist:
        page = screen.page
        await at(screen, "return", owner)
        await read(page, tag)
        await answered(screen, "FAIT")
        held = {
            "kind": "quality",
            "cause": "Soudure douteuse",
            "subjects": [{"kind": "set", "id": str(known("set", "083"))}],
        }
        hold = await pharmacist.post(f"{V1}/holds", held)
        await at(screen, "theatre", owner)
        await read(page, tag)
        stop = page.get_by_role("alertdialog")
        await expect(stop).to_contain_text("Boîte bloquée")
        await screen.looked()
        await screen.press("Escape", "Escape")
        await read(page, mark(12, "084"), "VALIDER")
        await expect(stop).to_be_visible()
        await read(page, "QUARANTAINE")
        await expect(stop).to_be_hidden()

        # With the network away the list that the post keeps says the same.
        await page.context.set_offline(True)
        await read(page, "]d2" + re.sub(r".*/8003/", "8003", tag))
        await expect(stop).to_be_visible()
        await page.get_by_role("button", name="Je ne l'utilise pas").click()
        second = page.get_by_role("button", name="Je l'ai isolée")
        await expect(second).to_be_visible()
        await expect(stop).to_be_visible()
        await read(page, "QUARANTAINE")
        await expect(stop).to_be_hidden()
        await page.context.set_offline(False)
        await expect(page.get_by_text("Aucun scan en attente")).to_be_visible()
        await pharmacist.post(f"{V1}/holds/{hold['id']}/sign", {"outcome": "lifted", "reason": "Vérifiée"})


async def test_a_code_of_another_hospital_is_its_own_refusal(console: Console) -> None:
    async with console.signed_in("bloc", "/account") as screen:
        await at(screen, "return", HOSPITALS[1])
        await read(screen.page, mark(12, "001"))
        await expect(screen.page.locator(LAST)).to_have_attribute("data-code", "NOT_YOUR_SET")
        await screen.looked()
