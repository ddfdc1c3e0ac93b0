"""Scenario 15. Audit: 20 random packs, 20 complete files; one entry altered as superuser is named by the check.

Votes, the other half of the scenario, come with governance."""

import json
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from cooperation.trace.verifying import Findings, verify
from maillage.database import Tx
from maillage.ids import new_id
from tests.harness.acts import post
from tests.harness.cycles import Line, plateau, wash
from tests.harness.plant import Plant
from tests.integration.cooperation.test_scans import Json, Scanner

LOAD, LOADS, DRAWN = 12, 2, 20
ALTER = "ALTER TABLE trace_entry {} TRIGGER ALL"
STEPS = (
    "run.received", "run.wash_started", "run.washed", "run.assembled", "run.packed", "run.sterilisation_started",
    "run.released",
)  # fmt: skip
Runs = dict[UUID, str]


async def scanned(plant: Plant, station: str, tags: Sequence[str], first: int = 0, **said: object) -> None:
    """One batch of scans, each done; `first`: how many the device has sent before."""
    scanner = Scanner(plant, station, plant.operator(new_id()))
    scanner.seq = first
    answer = await scanner.send(*(scanner.read(tag, ago_s=0, **said) for tag in tags))
    assert {each["outcome"] for each in answer["results"]} == {"done"}, answer


async def released(plant: Plant) -> Runs:
    """Two washing loads and two steam loads, scanned in and out, of sets of five hospitals: runs with their marks."""
    line, pharmacist = Line(plant), plant.pharmacist(new_id())
    assert pharmacist.person_id is not None
    await plant.signatory(pharmacist.person_id)
    await plant.tests_of_day("steam")
    await plant.tests_of_day("washer")
    runs: Runs = {}
    for number in range(LOAD * LOADS):
        set_id = await plant.set(plant.members[number % 5])
        runs[await plant.run(set_id, "returning")] = await plant.tag_of(set_id)
    tags, halves = list(runs.values()), range(0, len(runs), LOAD)
    await scanned(plant, "reception", tags)
    for first in halves:
        half = tags[first : first + LOAD]
        load = await line.opened([], "washer", "wash")
        await scanned(plant, "washing", half, first)
        await cycle(line, load, "washer", wash())
        await scanned(plant, "wash_unloading", half, first)
        assert (await line.decide(load, plant.operator(new_id()))).status_code == 200
    await assembled(plant, runs)
    await scanned(plant, "packing", tags, packaging_id=str(plant.packagings["container"]))
    for first in halves:
        half = tags[first : first + LOAD]
        load = await line.opened([])
        await scanned(plant, "loading", half, first)
        await cycle(line, load, "steam", plateau())
        await scanned(plant, "unloading", half, first)
        await line.read(load)
        assert (await line.decide(load, pharmacist)).status_code == 200
    await scanned(plant, "store", tags)
    return runs


async def cycle(line: Line, load: UUID, machine: str, samples: list[list[Any]]) -> None:
    """It runs, and tells its record."""
    line.cycles += 1
    await line.act("POST", f"/loads/{load}/start", {"cycle_no": line.cycles})
    await line.recorded(load, samples, machine)


async def assembled(plant: Plant, runs: Runs) -> None:
    """Each counted in full."""
    async with plant.http(plant.operator(new_id())) as operator:
        for run_id in runs:
            version = (await plant.row("run", run_id))["composition_version_id"]
            counted = [
                {"line_id": str(line), "quantity": quantity}
                for line, quantity in zip(plant.lines[version], (1, 4, 2), strict=True)
            ]
            await post(operator, f"runs/{run_id}/assemble", counted=counted)


async def told_in_audit(plant: Plant) -> dict[str, str]:
    """The digest of each entry, as the chain of the audit has it."""
    rows = await plant.connection.fetch("""SELECT facts FROM kit.audit WHERE facts LIKE '{"entry":%'""")
    return {facts["entry"]: facts["sha256"] for facts in (json.loads(row["facts"]) for row in rows)}


async def digests(plant: Plant, run_id: UUID) -> dict[str, str]:
    """The digest of each entry, as the trace has it."""
    rows = await plant.connection.fetch("SELECT id, digest FROM trace_entry WHERE subject_id = $1", run_id)
    return {str(row["id"]): row["digest"].hex() for row in rows}


def complete(page: Json) -> None:
    """Nothing is missing: what was in it, both cycles with who answered for them, where it was all the time."""
    assert page["run"]["stage"] == "released"
    assert page["run"]["sterile_on"] < page["run"]["expires_on"]
    assert [(each["counted"], each["missing"]) for each in page["lines"]] == [(1, 0), (4, 0), (2, 0)]
    washed, sterilised = page["loads"]
    for load in (washed, sterilised):
        assert [record["verdict"] for record in load["records"]] == ["conform"]
        assert (load["state"], load["decision"]["outcome"]) == ("released", "release")
        assert load["decision"]["person_id"] not in (None, load["started_by"])
        assert load["decision"]["evidence_hash"]
        assert load["seen_at"] is not None
    assert washed["records"][0]["figures"]["a0_s"] >= 3000
    assert sterilised["records"][0]["figures"]["plateau_s"] >= 1080
    assert {each["kind"] for each in sterilised["tests"]} == {"leak", "bowie_dick"}
    assert [(each["kind"], each["result"]) for each in sterilised["controls"]] == [("integrator", "conform")]
    assert sterilised["decision"]["document_ref"] == "D1"
    stays = [each for each in page["stays"] if each["depth"] == 0]
    assert [each["place_kind"] for each in stays] == ["theatre", "reception", "store"]
    assert all(before["until"] == after["since"] for before, after in pairwise(stays))
    assert stays[-1]["until"] is None
    steps = [each for each in page["entries"] if each["kind"] in STEPS]
    assert [each["kind"] for each in steps] == list(STEPS)
    assert all(each["person_id"] for each in steps)


async def test_twenty_packs_have_twenty_complete_files(plant: Plant) -> None:
    runs = await released(plant)
    chance = random.Random(15)  # allow clock-ids-chance: a draw that can be made again
    drawn = chance.sample(list(runs), DRAWN)
    audited = await told_in_audit(plant)
    async with plant.http(plant.pharmacist()) as pharmacist:
        for run_id in drawn:
            page = (await pharmacist.get(f"/v1/runs/{run_id}")).json()
            complete(page)
            own = await digests(plant, run_id)
            assert own.keys() <= {each["id"] for each in page["entries"]}
            assert own.items() <= audited.items()
            assert {each["id"] for each in page["entries"]} <= audited.keys()

    found = await verified(plant)
    assert (found.entries, found.wrong) == (len(audited), [])
    victim = chance.choice(drawn)
    entry = chance.choice(sorted(await digests(plant, victim)))
    await plant.connection.execute(ALTER.format("DISABLE"))
    await plant.connection.execute(
        "UPDATE trace_entry SET occurred_at = occurred_at - interval '1 hour' WHERE id = $1", UUID(entry)
    )
    await plant.connection.execute(ALTER.format("ENABLE"))
    assert (await verified(plant)).wrong == [f"entry {entry} of {victim} was altered"]


async def verified(plant: Plant) -> Findings:
    """What `maillage cooperation verify` finds."""
    found: list[Findings] = []

    async def look(tx: Tx) -> None:
        found.append(await verify(tx))

    await plant.record(look)
    return found[0]
