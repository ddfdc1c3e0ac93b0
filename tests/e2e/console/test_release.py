"""The release desk: while an item of the evidence lacks, the button names it; a signature asks for a fresh factor."""

from datetime import datetime, timedelta
from uuid import uuid5

import pytest
from playwright.async_api import expect

from cooperation.demo.loading import GROUP, known, mark
from tests.e2e.console.desk import Console, Person
from tests.harness.cycles import wash

pytestmark = pytest.mark.browser
V1 = "/api/cooperation/v1"


async def washed(loader: Person, serial: str, machine: str) -> tuple[str, str]:
    """A load with one set whose cycle is recorded, and nobody has looked at the set yet: load and run."""
    post = known("station", "reception")
    device = str(uuid5(post, "device"))
    seq = (await loader.get(f"{V1}/devices/{device}"))["last_seq"] + 1
    now = loader.session["now"]
    scan = {"seq": seq, "code": mark(12, serial), "scanned_at": now}
    answer = await loader.post(f"{V1}/scans", {"device_id": device, "station_id": str(post), "scans": [scan]})
    run = answer["results"][0]["subject"]["id"]
    body = {"machine_id": str(known("machine", machine)), "programme_id": str(known("programme", "wash-a0-3000"))}
    load = (await loader.post(f"{V1}/loads", body))["id"]
    await loader.post(f"{V1}/loads/{load}/runs", {"run_id": run})
    await loader.post(f"{V1}/loads/{load}/start", {"cycle_no": 903})
    samples = wash()
    began = (await loader.get(f"{V1}/loads/{load}"))["started_at"]
    witness = str(uuid5(GROUP, "person:agent1"))
    cycle = {"cycle_no": 903, "began_at": earlier(began), "samples": samples, "witness": witness}
    await loader.post(f"{V1}/loads/{load}/record", cycle)
    return load, run


def earlier(instant: str) -> str:
    """Ten minutes before: the cycle has just ended."""
    return (datetime.fromisoformat(instant) - timedelta(minutes=10)).isoformat()


async def test_what_lacks_is_named_and_then_may_be_signed(console: Console) -> None:
    async with console.api("agent2") as loader, console.signed_in("pharmacien", "/account") as screen:
        load, run = await washed(loader, "110", "washer-2")
        page = screen.page
        await screen.open(f"/release/{load}")
        release = page.get_by_role("button", name="Libérer le chargement")
        await expect(release).to_have_attribute("aria-disabled", "true")
        await expect(page.get_by_text("Impossible : boîtes vues à la sortie manque.")).to_be_visible()
        await expect(page.locator("[data-item=packs_seen]")).to_contain_text("0 sur 1")
        await screen.looked()
        await loader.post(f"{V1}/loads/{load}/runs/{run}/seen", {"clean": True})
        await page.get_by_role("button", name="Relire les preuves").click()
        await expect(release).not_to_have_attribute("aria-disabled", "true")
        await release.click()
        await expect(page.get_by_role("dialog")).to_contain_text("Confirmez que c'est vous")
