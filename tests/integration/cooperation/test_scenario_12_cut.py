"""Scenario 12, the cut: Langres is off line for three hours, 212 scans wait in a device whose clock is 4 min ahead.

Sent at last, and sent again because nobody answered the first time, they leave what they would have left on line. Three
of them come too late: the plant had received those sets already; the manager settles them.
"""

from datetime import datetime, timedelta
from uuid import UUID

from maillage import clock
from tests.harness.plant import Plant
from tests.integration.cooperation.test_scans import Json, Scanner, stage

AHEAD = timedelta(minutes=4)
CUT = timedelta(hours=3)
LANGRES = 1


async def scanner_of_langres(plant: Plant) -> Scanner:
    """A device at a new return station of Langres."""
    station = await plant.station("return", plant.members[LANGRES], "theatre")
    scanner = Scanner(plant, "return", plant.theatre(LANGRES), station)
    found = await plant.connection.fetchval("SELECT id FROM device WHERE station_id = $1", station)
    assert isinstance(found, UUID)
    scanner.device = found
    return scanner


async def used_sets(plant: Plant, count: int) -> list[tuple[UUID, str]]:
    """Sets of Langres, used this morning and still there: their runs and their tags."""
    before = clock.now() - timedelta(hours=4)
    found = []
    for _ in range(count):
        set_id = await plant.set(plant.members[LANGRES])
        found.append((await plant.run(set_id, "returning", stage_since=before), await plant.tag_of(set_id)))
    await plant.connection.execute("UPDATE custody SET since = $1 WHERE subject_kind = 'set'", before)
    return found


async def left(plant: Plant, runs: list[tuple[UUID, str]]) -> list[tuple[object, ...]]:
    """What is left of these runs, but for the instants."""
    rows = [await plant.row("run", run_id) for run_id, _ in runs]
    entries = [
        await plant.connection.fetch("SELECT kind FROM trace_entry WHERE subject_id = $1 ORDER BY seq", run_id)
        for run_id, _ in runs
    ]
    return [
        (row["stage"], row["soak_from"] is not None, row["soak_to"] is not None, [each["kind"] for each in kinds])
        for row, kinds in zip(rows, entries, strict=True)
    ]


def waiting(scanner: Scanner, sets: list[str], overtaken: list[str], began: datetime) -> list[Json]:
    """The queue of the device: each set into the bath and out of it, each scanned four times for one."""
    queue: list[Json] = []

    def read(code: str, at: datetime) -> None:
        twice = (at, at + timedelta(seconds=1))
        queue.extend(scanner.read(code) | {"scanned_at": moment.isoformat()} for moment in twice)

    for turn, tag in enumerate(sets):
        for minutes in (turn, turn + 40):
            at = began + timedelta(minutes=minutes) + AHEAD
            read(tag, at)
            read(tag, at + timedelta(milliseconds=500))
    for turn, tag in enumerate(overtaken):
        read(tag, began + timedelta(minutes=70 + turn) + AHEAD)
        read("à&é\"'", began + timedelta(minutes=80 + turn) + AHEAD)
    return queue


async def test_a_cut_of_three_hours(plant: Plant) -> None:
    cut, twins, overtaken = await used_sets(plant, 25), await used_sets(plant, 25), await used_sets(plant, 3)
    online, offline = await scanner_of_langres(plant), await scanner_of_langres(plant)

    # On line, a twin of each set goes into the bath; and out of it, after the time that a bath takes.
    await online.send(*(online.read(tag) for _, tag in twins))
    ids = [run_id for run_id, _ in twins]
    await plant.connection.execute("UPDATE run SET soak_from = soak_from - interval '40 min' WHERE id = ANY ($1)", ids)
    await online.send(*(online.read(tag) for _, tag in twins))

    # Meanwhile the van has brought three sets to the plant, which receives them.
    reception = Scanner(plant, "reception")
    await reception.send(*(reception.read(tag) for _, tag in overtaken))

    began = clock.now() - CUT
    queue = waiting(offline, [tag for _, tag in cut], [tag for _, tag in overtaken], began)
    assert len(queue) == 212
    first = await offline.send(*queue, sent_at=(clock.now() + AHEAD).isoformat())
    again = await offline.send(*queue[100:], sent_at=(clock.now() + AHEAD).isoformat())
    assert again["results"] == first["results"][100:]

    outcomes = [each["outcome"] for each in first["results"]]
    assert {each: outcomes.count(each) for each in outcomes} == {"done": 50, "repeated": 156, "late": 3, "refused": 3}
    assert await left(plant, cut) == await left(plant, twins), "the same state as on line"
    assert [await stage(plant, run_id) for run_id, _ in overtaken] == ["received"] * 3
    for turn, (run_id, _) in enumerate(cut):
        row, into = await plant.row("run", run_id), began + timedelta(minutes=turn)
        assert abs(row["soak_from"] - into) < timedelta(seconds=30), "by the server's clock, not the device's"
        assert abs(row["soak_to"] - into - timedelta(minutes=40)) < timedelta(seconds=30)

    async with plant.http(plant.manager()) as client:
        to_settle = (await client.get("/v1/scans", params={"to_settle": True})).json()["items"]
        late = [each for each in to_settle if each["outcome"] == "late"]
        assert [each["refused_for"] for each in late] == ["LATE_SCAN"] * 3
        for each in to_settle:
            settled = await client.post(f"/v1/scans/{each['id']}/settle", json={"how": "nothing_to_do"})
            assert settled.status_code == 200
        assert (await client.get("/v1/scans", params={"to_settle": True})).json()["items"] == []
    told = await plant.connection.fetchval("SELECT count(*) FROM kit.outbox WHERE type = 'cooperation.scan_settled.v1'")
    assert told == len(to_settle)


async def test_a_pack_that_has_moved_on_stays_where_it_is(plant: Plant) -> None:
    """Stored at Langres during the cut, then scanned on line at the plant's store: the old scan brings nothing back."""
    owner = plant.members[LANGRES]
    set_id = await plant.set(owner)
    run_id = await plant.run(set_id, "released", stage_since=clock.now() - timedelta(hours=4))
    await plant.connection.execute("UPDATE custody SET since = $1", clock.now() - timedelta(hours=4))
    station = await plant.station("store", owner, "store")
    label = await plant.label_of(run_id)
    langres = Scanner(plant, "store", plant.theatre(LANGRES), station)
    langres.device = await plant.connection.fetchval("SELECT id FROM device WHERE station_id = $1", station)
    assert (await Scanner(plant, "store").scan(label))["outcome"] == "done"
    late = await langres.scan(label, ago_s=7200)
    assert (late["outcome"], late["code"]) == ("late", "LATE_SCAN")
    here = await plant.connection.fetchval(
        "SELECT place_id FROM custody WHERE subject_id = $1 AND until IS NULL", set_id
    )
    assert here == plant.place("store")
