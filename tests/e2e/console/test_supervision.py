"""A supervisor's floor follows what happens; what she does reaches the seats; reports, staffing and the wall."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Route, expect

from maillage.ids import new_id
from tests.e2e.console.desk import Console, Person

pytestmark = pytest.mark.browser

AGENTS = "/api/telesecretariat/v1/agents/me"


@asynccontextmanager
async def _seated(console: Console, login: str) -> AsyncIterator[Person]:
    """A telesecretary at her desk, signed out at the end."""
    async with console.api(login) as agent:
        desk = {"desk_id": str(new_id()), "device": {"kind": "phone", "address": "201"}, "take_over": True}
        await agent.post(f"{AGENTS}/session", desk)
        try:
            yield agent
        finally:
            await agent.send("DELETE", f"{AGENTS}/session")


async def test_the_floor_follows_a_seat_and_forces_a_pause(console: Console) -> None:
    async with (
        _seated(console, "secretaire2") as agent,
        console.signed_in("superviseur", "/supervision/floor", width=1440, height=900) as screen,
    ):
        page = screen.page
        seat = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="poste 2", exact=True))
        await expect(seat.get_by_text("En pause")).to_be_visible()
        await agent.put(f"{AGENTS}/state", {"work_state": "ready"})
        await expect(seat.get_by_text("Libre")).to_be_visible()
        await seat.get_by_role("button", name="Mettre en pause").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Motif").select_option("rest")
        await dialog.get_by_role("button", name="Mettre en pause").click()
        await expect(dialog).to_have_count(0)
        await expect(seat.get_by_text("En pause")).to_be_visible()
        await screen.looked()
        refused = await agent.send("PUT", f"{AGENTS}/state", {"work_state": "ready"})
        assert (await refused.json())["code"] == "STATE_FORCED"
        await seat.get_by_role("button", name="Rendre disponible").click()
        await page.get_by_role("dialog").get_by_role("button", name="Rendre disponible").click()
        await expect(seat.get_by_text("Libre")).to_be_visible()


def _rows(at: range) -> list[dict[str, Any]]:
    counted = {"answered": 9, "abandoned": 2, "short_abandoned": 1, "overflowed": 0, "callback_requested": 1}
    none = {"closed": 0, "refused": 0, "failed": 0, "left_before_queue": 0, "in_progress": 0}
    levels = {"average_wait_s": 24, "answered_rate": 0.75, "sl_answered": 0.8, "sl_with_abandons": 0.7}
    return [
        {
            "begins": f"2026-11-23T{hour:02d}:00:00+01:00",
            "ends": f"2026-11-23T{hour + 1:02d}:00:00+01:00",
            "received": 12,
            "offered": 12,
            "sl_offered": 0.65,
            **counted,
            **none,
            **levels,
        }
        for hour in at
    ]


async def test_a_report_is_a_chart_and_the_same_table(console: Console) -> None:
    async def calls(route: Route) -> None:
        rows = _rows(range(8, 12))
        await route.fulfill(json={"sl_threshold_s": 20, "rows": rows, "total": rows[0]})

    async with console.signed_in("superviseur", "/", width=1280) as screen:
        page = screen.page
        await page.route("**/reports/calls?*", calls)  # a demonstration that has just begun has had no call
        await screen.open("/supervision/reports")
        chart = page.get_by_role("figure", name="Devenir des appels présentés")
        await expect(chart.get_by_role("img")).to_be_visible()
        await chart.get_by_role("button", name="Voir le tableau").click()
        await expect(chart.get_by_role("row", name="9 h 00 9 2 0 1")).to_be_visible()
        async with page.expect_download() as saved:
            await chart.get_by_role("button", name="Télécharger (CSV)").click()
        assert (await saved.value).suggested_filename.endswith(".csv")
        await expect(page.get_by_role("figure", name="Niveaux de service").locator("canvas")).to_be_visible()
        await screen.looked()


async def test_staffing_says_how_many_seats_and_simulates_them(console: Console) -> None:
    async with console.signed_in("superviseur", "/supervision/staffing", width=1280) as screen:
        page = screen.page
        await page.get_by_label("Jour", exact=True).fill("2027-02-09")
        await page.get_by_label("Appels attendus dans la journée").fill("630")
        await page.get_by_role("button", name="Calculer les effectifs").click()
        await expect(page.get_by_role("figure", name="Postes nécessaires")).to_be_visible()
        nine = page.get_by_label("9 h 00", exact=True)
        assert int(await nine.input_value()) >= 4
        await nine.fill("2")
        await page.get_by_role("button", name="Simuler cette journée").click()
        await expect(page.get_by_role("row").filter(has_text="Toute la journée")).to_be_visible()
        await screen.looked()


async def test_the_wall_is_read_from_afar(console: Console) -> None:
    async with console.signed_in("superviseur", "/supervision/wall", width=1920, height=1080) as screen:
        page = screen.page
        await expect(page.get_by_role("heading", name="En attente")).to_be_visible()
        for name in ("sl_answered", "sl_with_abandons", "sl_offered"):
            await expect(page.get_by_text(name, exact=True)).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollHeight") <= 1080
        await screen.looked()
