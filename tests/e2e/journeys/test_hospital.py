"""A hospital's software, written from the how-to alone, and the plant it depends on, through the front door: programme,
promises, release, use, a shared order, a recall by webhook. The example program runs as it is.

The rows of the design's table of misuse that are about rights are refused on the way, to the wrong person and to the
wrong organisation.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from cooperation.demo.loading import known
from maillage import clock
from maillage.children import free_port
from maillage.testing import soon
from tests.harness.front import Front
from tests.harness.machine import CLIENTS, registered
from tests.harness.place import ok, refused
from tests.harness.sterilising import BOURBONNE, COOPERATION, LANGRES, Sterilising

CLIENT = Path(__file__).parents[3] / "docs" / "examples" / "hospital" / "client.py"
SCOPES = [
    "cooperation:set.read",
    "cooperation:programme.write",
    "cooperation:use.write",
    "cooperation:order.write",
    "cooperation:recall.act",
    "gateway:subscription.write",
]
FOLLOWED = ("run_stage_changed", "load_decided", "recall_opened", "recall_line_ended", "order_changed")
SUBSCRIPTIONS = "/api/gateway/v1/subscriptions"
OPERATION = "BLOC-2026-0412"
USED, KEPT, OF_CHAUMONT, OF_PHARMACIST = "051", "058", "001", "065"
"""Sets of the demonstration, one composition: three of Langres, one of Chaumont."""


@pytest_asyncio.fixture(scope="session")
async def plant(door: Front) -> AsyncIterator[Sterilising]:
    """The demonstration's plant beside the platform of all journeys."""
    with door.cluster.started(("serve", "cooperation"), ("work", "cooperation")):
        yield await Sterilising(door).build()


class Software:
    """The example program, run for one command after the other, and the events that it hears meanwhile."""

    def __init__(self, directory: Path) -> None:
        self.settings = {"PATH": os.environ["PATH"], "MAILLAGE_KEY": str(directory / "key.json")}
        self.heard: list[dict[str, Any]] = []

    async def run(self, *command: str) -> Any:
        """What one command of the program prints; it must succeed."""
        process = await self._start(*command)
        out, err = await process.communicate()
        assert process.returncode == 0, (command, out.decode(), err.decode())
        return json.loads(out)

    async def _start(self, *command: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        line = [sys.executable, str(CLIENT), *command]
        return await asyncio.create_subprocess_exec(*line, stdout=pipe, stderr=pipe, env=self.settings, limit=2**20)

    @asynccontextmanager
    async def listening(self, port: int, secret: str) -> AsyncIterator[None]:
        """`listen`, until the end of the block."""
        process = await self._start("listen", str(port), secret)

        async def hear() -> None:
            assert process.stdout is not None
            async for line in process.stdout:
                self.heard.append(json.loads(line))

        async def ready() -> bool:
            with socket.socket() as tried:
                return tried.connect_ex(("127.0.0.1", port)) == 0

        hearing = asyncio.create_task(hear())
        try:
            await soon(ready, seconds=30)
            yield
        finally:
            process.kill()
            await hearing
            await process.wait()

    async def hears(self, type_: str, **found: object) -> dict[str, Any]:
        """The event of this type behind which this was read; waits for it."""

        def here() -> list[dict[str, Any]]:
            heard = [each for each in self.heard if each["type"] == f"cooperation.{type_}.v1"]
            return [each for each in heard if found.items() <= (each["found"].get("run") or each["found"]).items()]

        async def arrived() -> bool:
            return bool(here())

        await soon(arrived, seconds=30)
        return here()[-1]


async def test_a_hospital_follows_its_sets_orders_and_hears_of_a_recall(plant: Sterilising, tmp_path: Path) -> None:
    """Section 7's wrong persons and organisations are met where they would be; everybody else's day goes on."""
    software, site = Software(tmp_path), str(known("site", "1", LANGRES))
    await _introduce(plant, software)
    assert site in [each["id"] for each in await software.run("sites")]
    starts_at = (clock.now() + timedelta(days=3)).isoformat()
    planned = await software.run("operation", site, OPERATION, starts_at, "Salle 2", "PETITE", "1")
    assert [need["state"] for need in planned["needs"]] == ["short"]
    made = await software.run("subscribe", f"http://127.0.0.1:{(port := free_port())}/hooks")
    async with software.listening(port, made["secret"]), _stranger(plant) as (stranger, events):
        assert (await software.run("ping", made["id"]))["state"] == "active"
        runs = await _processed(plant, software, site)
        load = await plant.sterilised([runs[USED], runs[KEPT], runs[OF_CHAUMONT]], "steam-1")
        await _only_the_pharmacist_signs(plant, load, runs)
        await _use(plant, software, runs, stranger)
        await _order(plant, software, site)
        recall_id = await _recalled(plant, load)
        await _told_of_its_own_part(software, recall_id)
        await _nothing_for_strangers(plant, stranger, recall_id, runs)
        await _hears_of_itself_only(stranger, events)
        await _emergency(plant, runs)


async def _introduce(plant: Sterilising, software: Software) -> None:
    """The program makes its key; the hospital's administrator, a second factor just proved, registers its half."""
    public = await software.run("new-key", software.settings["MAILLAGE_KEY"])
    await plant.second_factor("partenaires")
    wanted = {"name": "Logiciel de bloc (démonstration)", "scopes": SCOPES, "jwks": public}
    made = await ok(plant.people["partenaires"].post(CLIENTS, json=wanted), 201)
    software.settings |= {"MAILLAGE_URL": plant.door.url, "MAILLAGE_CLIENT_ID": str(made["id"])}


@asynccontextmanager
async def _stranger(plant: Sterilising) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """Another hospital's machine with the same scopes, and where it reads its events by cursor."""
    await plant.second_factor("foreign")
    machine = await registered(plant.people["foreign"], plant.door.url, scopes=SCOPES)
    wanted = {"mode": "pull", "types": [f"cooperation.{each}.v1" for each in FOLLOWED]}
    async with machine.client(await machine.token()) as client:
        made = await ok(client.post(SUBSCRIPTIONS, json=wanted), 201)
        yield client, f"{SUBSCRIPTIONS}/{made['id']}/events"


async def _processed(plant: Sterilising, software: Software, site: str) -> dict[str, str]:
    """Received, promised, washed, packed; their runs by set."""
    serials = [USED, KEPT, OF_CHAUMONT, OF_PHARMACIST]
    runs = dict(zip(serials, await plant.received(serials), strict=True))
    promised = {each["run_id"]: each["p90"] for each in await software.run("promises", site)}
    assert set(promised) == {runs[serial] for serial in (USED, KEPT, OF_PHARMACIST)}, "its own, and nobody else's"
    assert all(clock.now() < datetime.fromisoformat(p90) for p90 in promised.values())
    await plant.second_factor("agent1")
    await plant.packed(list(runs.values()), serials)
    for machine in ("steam-1", "steam-2"):
        await plant.tested(machine)
    return runs


async def _only_the_pharmacist_signs(plant: Sterilising, load: str, runs: dict[str, str]) -> None:
    """An operator, the pharmacist without proof, with a verdict of his own, for what he loaded himself; then he."""
    await refused(plant.sign("agent1", load), 403, "NOT_SIGNATORY")
    await refused(plant.sign("pharmacien", load), 403, "STEP_UP_REQUIRED")
    await plant.second_factor("pharmacien")
    claimed = {"outcome": "release", "verdict": "conform"}
    problem = await refused(plant.sign("pharmacien", load, claimed), 422, "FIELD_NOT_ALLOWED")
    assert [each["pointer"] for each in problem["errors"]] == ["/verdict"]  # type: ignore[attr-defined]
    own = await plant.started("pharmacien", [runs[OF_PHARMACIST]], "steam-2", "steam-134-18")
    await refused(plant.sign("pharmacien", own), 409, "SELF_RELEASE")
    await refused(plant.sign("bloc", load), 403, "NOT_ALLOWED")
    await plant.decide("pharmacien", load)


async def _use(plant: Sterilising, software: Software, runs: dict[str, str], stranger: httpx.AsyncClient) -> None:
    """The hospital hears of the release; its need is covered; the pack is good, and used once."""
    told = await software.hears("run_stage_changed", id=runs[USED], stage="released")
    assert set(told["data"]) == {"id", "organisation_id", "sequence", "href"}
    assert told["data"]["organisation_id"] == str(LANGRES)
    await software.hears("need_changed", operation_ref=OPERATION, state="covered")
    code = f"]d200{told['found']['run']['label']}"
    assert (await software.run("pack", code))["stage"] == "released"
    await refused(stranger.get(f"{COOPERATION}/codes", params={"read": code}), 404, "UNKNOWN_CODE")
    used = await software.run("use", code, OPERATION)
    assert (used["run_id"], used["operation_ref"]) == (runs[USED], OPERATION)
    again = {"code": code, "operation_ref": "BLOC-2", "used_at": clock.now().isoformat(), "intact": True}
    await refused(plant.people["bloc"].post(f"{COOPERATION}/uses", json=again), 409, "ALREADY_USED")


async def _order(plant: Sterilising, software: Software, site: str) -> None:
    """Laundry: asked by the hospital, accepted and prepared by the group, received."""
    day = (clock.now() + timedelta(days=4)).date().isoformat()
    sent = await software.run("order", site, "laundry", day, "laundry-1", "40")
    path = f"/orders/{sent['id']}"
    await plant.act("coordination", f"{path}/accept")
    await plant.act("agent1", f"{path}/prepare", {"lines": [{"line_id": sent["lines"][0]["id"], "quantity": 38}]})
    await plant.act("agent1", f"{path}/dispatch")
    await software.hears("order_changed", id=sent["id"], state="in_transit")
    assert [line["received"] for line in (await software.run("receive", sent["id"]))["lines"]] == [38]


async def _recalled(plant: Sterilising, load: str) -> str:
    """The integrator is read again as failed; the pharmacist recalls the load. The recall's id."""
    again = {"kind": "integrator", "result": "failed"}
    assert (await plant.act("agent2", f"/loads/{load}/controls", again, 201))["recall_needed"] is True
    wanted = {"cause": "Intégrateur relu non conforme", "scope": {"loads": [load]}}
    await refused(plant.people["agent2"].post(f"{COOPERATION}/recalls", json=wanted), 403, "NOT_ALLOWED")
    opened = await plant.act("pharmacien", "/recalls", wanted, 201)
    assert (opened["lines"], opened["operations"], opened["members"]) == (3, 1, 2)
    return str(opened["id"])


async def _told_of_its_own_part(software: Software, recall_id: str) -> None:
    """Two of the three lines; one operation, which is then acknowledged."""
    told = await software.hears("recall_opened", id=recall_id)
    assert set(told["data"]) == {"id", "organisation_id", "sequence", "href"}
    assert (told["found"]["lines"], told["found"]["left"], told["found"]["scope"]) == (2, 2, None)
    found = await software.run("recall", recall_id)
    assert {line["organisation_id"] for line in found["lines"]} == {str(LANGRES)}
    assert [each["operation_ref"] for each in found["operations"]] == [OPERATION]
    (line,) = (line["id"] for line in found["lines"] if line["state"] == "used")
    assert (await software.run("acknowledge", line))["ended"] == "acknowledged"


async def _nothing_for_strangers(
    plant: Sterilising, stranger: httpx.AsyncClient, recall_id: str, runs: dict[str, str]
) -> None:
    """404 for everything."""
    lines = await ok(plant.people["pharmacien"].get(f"{COOPERATION}/recalls/{recall_id}/lines"))
    line = lines["items"][0]["id"]  # type: ignore[index]
    for path in (f"recalls/{recall_id}", f"recalls/{recall_id}/lines", f"runs/{runs[KEPT]}"):
        await refused(stranger.get(f"{COOPERATION}/{path}"), 404, "NOT_FOUND")
    await refused(stranger.post(f"{COOPERATION}/recall_lines/{line}/acknowledge", json={}), 404, "NOT_FOUND")
    of_chaumont = f"{COOPERATION}/runs/{runs[OF_CHAUMONT]}"
    await refused(plant.people["bloc"].get(of_chaumont), 404, "NOT_FOUND")


async def _hears_of_itself_only(stranger: httpx.AsyncClient, events: str) -> None:
    """Its own order comes after all of it, and is the only event that it has."""
    lines = [{"item": "laundry-1", "quantity": 1}]
    day = (clock.now() + timedelta(days=4)).date().isoformat()
    wanted = {"flow": "laundry", "site_id": str(known("site", "1", BOURBONNE)), "wanted_on": day, "lines": lines}
    order = await ok(stranger.post(f"{COOPERATION}/orders", json=wanted), 201)
    heard: list[str] = []

    async def arrived() -> bool:
        heard[:] = [each["data"]["id"] for each in (await ok(stranger.get(events)))["items"]]  # type: ignore[attr-defined]
        return bool(heard)

    await soon(arrived, seconds=30)
    assert heard == [order["id"]]


async def _emergency(plant: Sterilising, runs: dict[str, str]) -> None:
    """A recalled pack: nobody but a clinician takes it, with a reason."""
    run = (await ok(plant.people["bloc"].get(f"{COOPERATION}/runs/{runs[KEPT]}")))["run"]
    wanted = {
        "code": f"]d200{run['label']}",  # type: ignore[index]
        "operation_ref": "BLOC-2026-0413",
        "used_at": clock.now().isoformat(),
        "intact": True,
    }
    await refused(plant.people["bloc"].post(f"{COOPERATION}/uses", json=wanted), 409, "RECALLED")
    wanted["override"] = {"reason": "Hémorragie, aucune autre boîte"}
    await refused(plant.people["bloc"].post(f"{COOPERATION}/uses", json=wanted), 403, "NOT_ALLOWED")
    taken = await plant.act("clinician", "/uses", wanted, 201)
    assert taken["overridden"] is True
