"""A scan is one act at one station: done once, answered always, kept whatever becomes of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness.plant import Plant, grai

Json = dict[str, Any]


class Scanner:
    """A device at a station, which counts as devices do."""

    def __init__(self, plant: Plant, kind: str, who: Principal | None = None, station: UUID | None = None) -> None:
        self.plant, self.who = plant, who or plant.operator()
        self.station, self.device = station or plant.stations[kind], plant.devices[kind]
        self.seq = 0

    def read(self, code: str, ago_s: float | None = None, **said: object) -> Json:
        """The next scan; three seconds of the device's clock after the last, unless said."""
        self.seq += 1
        at = clock.now() - timedelta(seconds=-3 * self.seq if ago_s is None else ago_s)
        return {"seq": self.seq, "code": code, "scanned_at": at.isoformat()} | said

    def body(self, scans: Sequence[Json], **said: object) -> Json:
        """A batch."""
        return {"device_id": str(self.device), "station_id": str(self.station), "scans": list(scans)} | said

    async def send(self, *scans: Json, language: str = "en", status: int = 200, **said: object) -> Json:
        """The answer of the service to a batch."""
        async with self.plant.http(self.who) as client:
            answer = await client.post(
                "/v1/scans", json=self.body(scans, **said), headers={"Accept-Language": language}
            )
        assert answer.status_code == status, answer.text
        result: Json = answer.json()
        return result

    async def scan(self, code: str, ago_s: float | None = None, **said: object) -> Json:
        """The result of one scan."""
        result: Json = (await self.send(self.read(code, ago_s, **said)))["results"][0]
        return result


pytestmark = pytest.mark.gated
"""Every request goes in by the gateway: the rows of bad input are shown there."""


async def stage(plant: Plant, run_id: UUID) -> str:
    """Where a run is in its circuit."""
    return str((await plant.row("run", run_id))["stage"])


async def test_a_batch_is_done_in_sequence_and_the_same_when_it_comes_again(plant: Plant) -> None:
    set_id = await plant.set()
    run_id = await plant.run(set_id, "returning")
    scanner = Scanner(plant, "reception")
    tag = await plant.tag_of(set_id)
    batch = [
        scanner.read(tag, ago_s=30),
        scanner.read(tag, ago_s=29),
        scanner.read("à&é\"'", ago_s=20),
        scanner.read("]d2800309521234000128CHA0417", ago_s=19),
        scanner.read(f"{tag}\n{tag}", ago_s=18),
        scanner.read("(8003)" + "1" * 600, ago_s=17),
        scanner.read(grai("NOBODY"), ago_s=16),
        scanner.read("\0", ago_s=15),
        scanner.read("B:7f3a-1", ago_s=14),
        scanner.read(tag, ago_s=10),
        scanner.read("1850552123456", ago_s=8),
    ]
    first = await scanner.send(*batch)
    assert first["next_seq"] == 12
    results = first["results"]
    assert [(each["outcome"], each["code"]) for each in results] == [
        ("done", None), ("repeated", None), ("refused", "CODE_GARBLED"), ("refused", "CHECK_DIGIT"),
        ("refused", "TWO_CODES"), ("refused", "CODE_TOO_LONG"), ("refused", "UNKNOWN_CODE"),
        ("refused", "UNKNOWN_CODE"),
        ("refused", "CODE_NOT_EXPECTED"), ("refused", "WRONG_STAGE"), ("refused", "PATIENT_DATA_SUSPECTED"),
    ]  # fmt: skip
    assert results[0]["subject"] == {"kind": "run", "id": str(run_id)}
    assert (results[0]["stage"], results[0]["expect"]) == ("received", "next set")
    assert results[-2]["details"] == {"stage": "received", "allowed": ["returning"]}
    assert results[2]["message"].startswith("This scanner is set for another keyboard")
    assert await stage(plant, run_id) == "received"

    again = await scanner.send(*batch)
    assert again == first, "a replay has the first answers"
    en_francais = await scanner.send(batch[2], language="fr")
    assert en_francais["results"][0]["message"].startswith("Ce lecteur est réglé pour un autre clavier")
    assert en_francais["next_seq"] == 12
    kept = await plant.connection.fetch("SELECT seq, code, outcome FROM scan ORDER BY seq")
    assert [row["seq"] for row in kept] == list(range(1, 12))
    assert kept[2]["code"] == "à&é\"'"
    assert kept[10]["code"] == "[13]", "nothing of a patient is kept"
    entries = await plant.connection.fetch("SELECT kind, device_id FROM trace_entry WHERE subject_id = $1", run_id)
    assert [(row["kind"], row["device_id"]) for row in entries][1:] == [("run.received", scanner.device)]


async def test_holes_and_numbers_used_twice(plant: Plant) -> None:
    scanner = Scanner(plant, "reception")
    tag = await plant.tag_of(await plant.set())
    one, two, three = (scanner.read(tag, ago_s=90 - 10 * turn) for turn in range(3))
    gap = await scanner.send(one, three, status=409)
    assert (gap["code"], gap["expected_seq"]) == ("SCAN_GAP", 2)
    assert await plant.connection.fetchval("SELECT count(*) FROM scan") == 0, "nothing was applied"
    assert (await scanner.send(two, one))["next_seq"] == 3, "in whatever order they come"
    assert (await scanner.send(two, three))["next_seq"] == 4

    other = one | {"code": grai("ELSE")}
    for _ in range(2):
        assert (await scanner.send(other, status=422))["code"] == "SEQ_REUSED"
    issues = await plant.connection.fetch(
        "SELECT kind, subject_kind, subject_id FROM issue WHERE subject_kind = 'device'"
    )
    assert [tuple(row) for row in issues] == [("seq_reused", "device", scanner.device)], "one alarm"
    four = scanner.read(tag)
    assert (await scanner.send(four, four | {"code": "x"}, status=422))["code"] == "SEQ_REUSED"
    assert (await scanner.send(four, four))["next_seq"] == 5

    for wrong_body, code, pointer in (
        (scanner.body([]), "INVALID", "/scans"),
        (scanner.body([four] * 501), "INVALID", "/scans"),
        (scanner.body([four | {"scanned_at": "2026-02-30T08:00:00+01:00"}]), "TIME_INVALID", "/scans/0/scanned_at"),
        (scanner.body([four | {"scanned_at": "2026-03-02T08:00:00"}]), "TIME_INVALID", "/scans/0/scanned_at"),
        (scanner.body([four | {"stage": "received"}]), "FIELD_NOT_ALLOWED", "/scans/0/stage"),
        (scanner.body([four | {"seq": 0}]), "INVALID", "/scans/0/seq"),
    ):
        async with plant.http(scanner.who) as client:
            bad = await client.post("/v1/scans", json=wrong_body)
        assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, pointer), bad.text
        assert code in (bad.json()["code"], bad.json()["errors"][0]["code"])

    foreign = Scanner(plant, "theatre", plant.theatre(1))
    assert (await foreign.send(foreign.read(tag), status=403))["code"] == "WRONG_STATION", "another member's"
    wrong = Scanner(plant, "reception", station=plant.stations["store"])
    assert (await wrong.send(wrong.read(tag), status=403))["code"] == "WRONG_STATION", "enrolled elsewhere"
    outside = Scanner(plant, "reception", plant.stranger("sterilisation_agent"))
    assert (await outside.send(outside.read(tag), status=403))["code"] == "WRONG_STATION"
    refused = Scanner(plant, "reception", plant.at_member("hygiene"))
    assert (await refused.send(refused.read(tag), status=403))["code"] == "NOT_ALLOWED"


async def test_a_clock_is_corrected_or_not_believed(plant: Plant) -> None:
    first, second, third = [await plant.set() for _ in range(3)]
    for set_id in (first, second, third):
        await plant.run(set_id, "returning", stage_since=clock.now() - timedelta(hours=5))
        await plant.connection.execute("UPDATE custody SET since = now() - interval '6 hours'")
    scanner = Scanner(plant, "reception")
    ahead = timedelta(hours=2)
    now = clock.now()
    wrong = {
        "seq": 1,
        "code": await plant.tag_of(first),
        "scanned_at": (now + ahead - timedelta(minutes=1)).isoformat(),
    }
    answer = await scanner.send(wrong, sent_at=(now + ahead).isoformat())
    assert answer["results"][0]["outcome"] == "done"
    row = await plant.connection.fetchrow("SELECT scanned_at, occurred_at FROM scan WHERE seq = 1")
    assert row is not None
    assert row["scanned_at"] == now + ahead - timedelta(minutes=1), "the raw value is kept"
    assert timedelta(seconds=-60) < row["occurred_at"] - (now - timedelta(minutes=1)) < timedelta(seconds=60)
    device = await plant.row("device", scanner.device)
    assert abs(device["clock_offset_ms"] + ahead / timedelta(milliseconds=1)) < 60_000

    stamp = (clock.now() + ahead).isoformat()
    later = {"seq": 2, "code": await plant.tag_of(second), "scanned_at": stamp}
    assert (await scanner.send(later))["results"][0]["outcome"] == "done", "by what was measured before"
    days = timedelta(days=2)
    sent = (clock.now() - days).isoformat()
    last = {"seq": 3, "code": await plant.tag_of(third), "scanned_at": sent}
    result = (await scanner.send(last, sent_at=sent))["results"][0]
    assert (result["outcome"], result["code"]) == ("refused", "CLOCK_WRONG")
    async with plant.http(plant.manager()) as client:
        waiting = (await client.get("/v1/scans", params={"to_settle": True})).json()["items"]
        assert [(each["seq"], each["refused_for"]) for each in waiting] == [(3, "CLOCK_WRONG")]
        settled = await client.post(f"/v1/scans/{waiting[0]['id']}/settle", json={"how": "recorded_otherwise"})
        assert (settled.status_code, settled.json()["settled_how"]) == (200, "recorded_otherwise")
        again = await client.post(f"/v1/scans/{waiting[0]['id']}/settle", json={"how": "did_not_happen"})
        assert (again.status_code, again.json()["code"]) == (409, "SCAN_SETTLED")
        assert (await client.get("/v1/scans", params={"to_settle": True})).json()["items"] == []
        assert (await client.post(f"/v1/scans/{new_id()}/settle", json={"how": "did_not_happen"})).status_code == 404
    async with plant.http(plant.operator()) as client:
        refused = await client.post(f"/v1/scans/{waiting[0]['id']}/settle", json={"how": "did_not_happen"})
        assert refused.status_code == 403
        seen: list[int] = []
        params: Json = {"limit": 2, "device_id": str(scanner.device)}
        while params:
            one = (await client.get("/v1/scans", params=params)).json()
            seen += [each["seq"] for each in one["items"]]
            params = params | {"cursor": one["next_cursor"]} if one["next_cursor"] else {}
        assert seen == [1, 2, 3]
    async with plant.http(plant.theatre()) as client:
        assert (await client.get("/v1/scans")).json()["items"] == [], "the plant's scans are the plant's"
