"""Cycle records: judged by the server, kept whatever they are, by machine, by two persons, or as a file."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from maillage import clock
from maillage.ids import new_id
from tests.harness.cycles import Line, plateau, record
from tests.harness.plant import Plant

pytestmark = pytest.mark.gated
"""Every request goes in by the gateway: the rows of bad input are shown there."""


async def kept(plant: Plant) -> list[tuple[str | None, bool]]:
    """Why each record does not count, in the order in which they came; None for the one that does."""
    rows = await plant.connection.fetch("SELECT refused_for, load_id FROM cycle_record ORDER BY created_at, id")
    return [(row["refused_for"], row["load_id"] is not None) for row in rows]


async def test_what_is_wrong_with_a_record_is_said_and_kept(plant: Plant) -> None:
    line, connector = Line(plant), plant.machine_client("steam")
    load = await line.started(await line.packed(1))
    path, good = f"/loads/{load}/record", record(line.cycles)

    async def send(body: dict[str, Any], to: str = path) -> tuple[int, str]:
        # `json` of httpx refuses NaN; a machine may not.
        async with plant.http(connector) as client:
            answer = await client.post(
                f"/v1{to}", content=json.dumps(body), headers={"content-type": "application/json"}
            )
        return answer.status_code, str(answer.json().get("code"))

    def spoilt(place: int, sample: object) -> dict[str, Any]:
        return good | {"samples": [*good["samples"][:place], sample, *good["samples"][place + 1 :]]}

    assert await send(spoilt(9, [45, [float("nan"), 134.5], 300.0])) == (422, "RECORD_INVALID")
    assert await send(spoilt(9, [45, [134.5, 134.5], float("inf")])) == (422, "RECORD_INVALID")
    assert await send(spoilt(9, [45, [None, 134.5], 300.0])) == (422, "RECORD_INVALID")
    assert await send(spoilt(9, [45, ["134.5", 134.5], 300.0])) == (422, "RECORD_INVALID")
    assert await send(spoilt(9, [30, [134.5, 134.5], 300.0])) == (422, "RECORD_INVALID")
    assert await send(spoilt(9, [45, [134.5], 300.0])) == (422, "RECORD_INVALID")
    assert await send(good | {"samples": []}) == (422, "RECORD_INVALID")
    second = {"samples": [[5, [134.0]], [0, [134.0]]]}
    assert await send(good | {"second": second}) == (422, "RECORD_INVALID")
    began = (clock.now() - timedelta(minutes=2)).isoformat()
    assert await send(good | {"began_at": began}) == (409, "RECORD_IN_FUTURE")
    early = (clock.now() - timedelta(hours=26)).isoformat()
    assert await send(good | {"began_at": early}) == (409, "RECORD_MISMATCH")
    assert await send(good | {"cycle_no": 9}) == (409, "RECORD_MISMATCH")
    assert await send(good | {"cycle_no": 9}, f"/machines/{plant.machines['steam']}/records") == (
        409,
        "RECORD_MISMATCH",
    )
    # No verdict from outside, nothing that is not known.
    assert await send(good | {"verdict": "conform"}) == (422, "FIELD_NOT_ALLOWED")
    refused = await kept(plant)
    assert refused == [
        *[("RECORD_INVALID", True)] * 8,
        ("RECORD_IN_FUTURE", True),
        ("RECORD_MISMATCH", True),
        ("RECORD_MISMATCH", True),
        ("RECORD_MISMATCH", False),
    ]
    assert (await plant.row("load", load))["state"] == "running"
    # The right one counts; a second one is kept, once for the same bytes.
    assert (await send(good))[0] == 201
    for _ in range(2):
        assert await send(good) == (409, "RECORD_EXISTS")
    assert (await kept(plant))[len(refused) :] == [(None, True), ("RECORD_EXISTS", True)]
    notes = "SELECT count(*) FROM trace_entry WHERE kind IN ('load.record_refused', 'machine.record_refused')"
    assert await plant.connection.fetchval(notes) == len(refused) + 1
    shown = (await line.call(plant.theatre(0), "GET", path)).json()
    assert len(shown["samples"]) == len(good["samples"])
    assert shown["samples"][9]["probes_c"] == good["samples"][9][1]
    assert (shown["record"]["verdict"], shown["temp_c"], shown["record"]["source"]) == ("conform", 134.0, "machine")
    assert shown["record"]["figures"]["plateau_s"] == 1080


async def test_a_record_by_hand_takes_two(plant: Plant) -> None:
    line, witness = Line(plant), new_id()
    load = await line.started(await line.packed(1))
    path, body = f"/loads/{load}/record", record(line.cycles)

    async def code(named: UUID | None) -> tuple[int, str]:
        answer = await line.call(line.operator, "POST", path, body | {"witness": str(named) if named else None})
        return answer.status_code, str(answer.json().get("code"))

    assert await code(None) == (422, "WITNESS_REQUIRED")
    assert await code(witness) == (422, "WITNESS_REQUIRED")
    assert await code(line.operator.person_id) == (409, "SAME_PERSON")
    await plant.insert("membership_ref", {
        "membership_id": new_id(), "organisation_id": plant.group, "person_id": witness, "role": "sterilisation_agent",
        "valid_from": clock.now() - timedelta(days=1), "valid_to": None, "sequence": 1,
    })  # fmt: skip
    made = await line.act("POST", path, body | {"witness": str(witness)})
    assert (made["source"], made["witness"], made["verdict"]) == ("hand", str(witness), "conform")
    # A connector of another machine, a theatre, a stranger.
    for caller, status in (
        (plant.machine_client("washer"), 404),
        (plant.theatre(), 403),
        (plant.stranger("sterilisation_agent"), 404),
    ):
        assert (await line.call(caller, "POST", path, body)).status_code == status


async def ran_for(plant: Plant, load: UUID, minutes: int) -> None:
    """The load was started so long ago."""
    earlier = "UPDATE load SET started_at = started_at - $2::int * interval '1 minute' WHERE id = $1"
    await plant.connection.execute(earlier, load, minutes)


async def test_a_machine_that_knows_its_cycle_only_and_writes_files(plant: Plant) -> None:
    """A load started without number takes the machine's next; the file is read as the layout says."""
    line, connector = Line(plant), plant.machine_client("steam")
    await plant.tests_of_day()
    runs = await line.packed(2)
    load = await line.opened(runs[:1])
    await line.act("POST", f"/loads/{load}/start", {})
    await ran_for(plant, load, minutes=25)
    path = f"/machines/{plant.machines['steam']}"
    made = await line.act("POST", f"{path}/records", record(77), connector)
    assert (UUID(made["load_id"]), made["cycle_no"], made["verdict"]) == (load, 77, "conform")
    load = await line.opened(runs[1:])
    await line.act("POST", f"/loads/{load}/start", {})
    await ran_for(plant, load, minutes=25)
    answer = await line.call(connector, "POST", f"{path}/records", record(77))
    assert answer.json()["code"] == "RECORD_EXISTS"
    answer = await line.call(connector, "POST", f"{path}/records", record(12))
    assert answer.json()["code"] == "RECORD_MISMATCH"
    samples = plateau()
    began = clock.now() - timedelta(seconds=samples[-1][0] + 60)
    query = (
        "cycle_no=78&skip=1&time=Heure&probes=T1&probes=T2&pressure=P&pressure_unit=mbar&second=R1&encoding=cp1252"
        "&time_format=%25d/%25m/%25Y+%25H:%25M:%25S&zone=UTC"
    )
    headers = {"content-type": "text/csv"}
    async with plant.http(connector) as client:
        for content, named, expected in (
            (file(began, samples), {"content-type": "text/plain"}, 415),
            (file(began, samples).replace(b"134,5", b"NaN", 1), headers, 422),
            (file(began, samples).replace(b";134,5", b";", 1), headers, 422),
            (b"x" * (5 * 1024 * 1024 + 1), headers, 413),
            (file(began, samples), headers, 201),
        ):
            answer = await client.post(f"/v1{path}/record_files?{query}", content=content, headers=named)
            assert answer.status_code == expected, answer.text
    told = answer.json()
    assert (UUID(told["load_id"]), told["source"], told["verdict"], told["second_agrees"]) == (
        load,
        "file",
        "conform",
        True,
    )
    assert datetime.fromisoformat(told["began_at"]) == began.replace(microsecond=0)
    curve = (await line.call(line.operator, "GET", f"/loads/{load}/record")).json()
    assert curve["samples"][0]["pressure_kpa"] > 200
    assert len(curve["second"]) == len(samples)
    bad = await line.call(connector, "POST", f"{path}/record_files?cycle_no=79&verdict=conform")
    assert bad.status_code == 422


def file(began: datetime, samples: list[list[Any]]) -> bytes:
    """What a steriliser's software writes: a line of its own, then a head, then one line per sample."""
    lines = ["Stérilisateur 2", "Heure;T1;T2;P;R1"]
    for at, probes, kpa in samples:
        local = (began + timedelta(seconds=at)).strftime("%d/%m/%Y %H:%M:%S")
        values = [*probes, kpa * 10, probes[0] + 0.2]
        lines.append(";".join([local, *(f"{value:.3f}".rstrip("0").replace(".", ",") for value in values)]))
    return "\r\n".join(lines).encode("cp1252")
