"""A queue of scans leaves what the same scans leave that come one by one: rows, entries, issues, events, answers."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from maillage import clock
from tests.harness.acts import post
from tests.harness.carried import hold, recall, refolded
from tests.harness.days import today
from tests.harness.plant import Plant
from tests.integration.cooperation.test_scans import Json, Scanner

Made = tuple[UUID, str]
Make = Callable[[Plant], Awaitable[Made]]


async def returning(plant: Plant, soak_from: datetime | None = None) -> Made:
    """A set in its theatre, which nobody has put on the way: what its mark reads as."""
    set_id = await plant.set()
    await plant.run(set_id, "returning", soak_from=soak_from)
    return set_id, await plant.tag_of(set_id)


async def soaking(plant: Plant) -> Made:
    return await returning(plant, soak_from=clock.now() - timedelta(minutes=30))


async def crated(plant: Plant) -> Made:
    set_id, tag = await returning(plant)
    crate = await plant.crate(plant.place("theatre", plant.members[0]))
    async with plant.http(plant.theatre()) as nurse:
        await post(nurse, f"crates/{crate}/put_in", codes=[tag])
    return set_id, tag


async def held(plant: Plant) -> Made:
    set_id, tag = await returning(plant)
    await hold(plant, set_id, plant.members[0])
    return set_id, tag


async def at_stage(plant: Plant) -> Made:
    set_id = await plant.set()
    await plant.run(set_id, "received", place=plant.place("reception"))
    return set_id, await plant.tag_of(set_id)


async def new(plant: Plant) -> Made:
    set_id = await plant.set()
    return set_id, await plant.tag_of(set_id)


async def pack(plant: Plant, place: UUID | None = None, **fields: object) -> Made:
    """A released pack beside the steriliser: what its label reads as."""
    set_id = await plant.set()
    run_id = await plant.run(set_id, "released", place=place or plant.place("sterilising"), **fields)
    return set_id, await plant.label_of(run_id)


async def stored(plant: Plant) -> Made:
    return await pack(plant, plant.place("store"))


async def expired(plant: Plant) -> Made:
    days = [today() - timedelta(days=ago) for ago in (100, 10)]
    return await pack(plant, sterile_on=days[0], expires_on=days[1])


async def recalled(plant: Plant) -> Made:
    set_id, label = await pack(plant)
    await recall(plant, await plant.connection.fetchval("SELECT id FROM run WHERE set_id = $1", set_id))
    return set_id, label


async def in_crate(plant: Plant) -> Made:
    set_id, label = await pack(plant)
    crate = await plant.crate(plant.place("dock"))
    async with plant.http(plant.operator()) as operator:
        await post(operator, f"crates/{crate}/put_in", codes=[label])
    return set_id, label


async def left(plant: Plant, set_id: UUID) -> dict[str, Any]:
    """Whatever there is of a set, but for ids and instants."""
    sql = {
        "runs": "SELECT stage, version, soak_from IS NULL AS a, soak_to IS NULL AS b, stage_since = created_at AS c"
        " FROM run WHERE set_id = $1 ORDER BY id",
        "stays": "SELECT p.kind, c.version, c.until IS NULL AS now FROM custody c JOIN place p ON p.id = c.place_id"
        " WHERE c.subject_id = $1 ORDER BY c.since, c.until",
        "issues": "SELECT kind, severity, stage_seen, state FROM issue WHERE subject_id = $1",
        "entries": "SELECT e.kind, e.subject_version, e.device_id, e.role FROM trace_entry e WHERE e.subject_id IN ("
        " SELECT id FROM run WHERE set_id = $1 UNION SELECT id FROM custody WHERE subject_id = $1"
        " UNION SELECT id FROM issue WHERE subject_id = $1) ORDER BY e.subject_kind, e.seq",
        "events": "SELECT type, organisation_id FROM kit.outbox WHERE payload::jsonb ->> 'set_id' = $1::text"
        " OR payload::jsonb ->> 'subject_id' = $1::text ORDER BY type, sequence",
    }
    rows = {name: await plant.connection.fetch(each, set_id) for name, each in sql.items() if name != "events"}
    rows["events"] = await plant.connection.fetch(sql["events"].replace("$1::text", "$1"), str(set_id))
    return {name: [tuple(row) for row in found] for name, found in rows.items()}


async def same(plant: Plant, scanner: Scanner, makes: list[Make], again: int, ago_s: tuple[float, ...]) -> list[Json]:
    """The results of a queue, after comparing them with those of scans sent one by one; the first `again` sets are
    scanned as often as there are instants."""
    one_by_one, queued = [[await make(plant) for make in makes] for _ in range(2)]
    turns = [(number, ago) for turn, ago in enumerate(ago_s) for number in range(len(makes) if turn == 0 else again)]
    singly = [await scanner.scan(one_by_one[number][1], ago_s=ago) for number, ago in turns]
    batch = [scanner.read(queued[number][1], ago_s=ago) for number, ago in turns]
    results: list[Json] = (await scanner.send(*batch))["results"]
    told = ("outcome", "code", "stage", "expect", "expires_on")
    assert [[each.get(name) for name in told] for each in results] == [
        [each.get(name) for name in told] for each in singly
    ]
    for number, (alone, together) in enumerate(zip(one_by_one, queued, strict=True)):
        assert await left(plant, together[0]) == await left(plant, alone[0]), makes[number].__name__
    return results


async def test_a_queue_leaves_what_single_scans_leave(plant: Plant) -> None:
    arriving: list[Make] = [returning, soaking, crated, returning, held, at_stage, new]
    results = await same(plant, Scanner(plant, "reception"), arriving, 2, (30, 20))
    assert [(each["outcome"], each["code"]) for each in results] == [
        *[("done", None)] * 4, ("refused", "ON_HOLD"), ("refused", "WRONG_STAGE"), ("done", None),
        *[("refused", "WRONG_STAGE")] * 2,
    ]  # fmt: skip

    storing: list[Make] = [pack, pack, stored, in_crate, expired, recalled]
    results = await same(plant, Scanner(plant, "store"), storing, 1, (30, 20))
    assert [(each["outcome"], each["code"]) for each in results] == [
        *[("done", None)] * 4, ("refused", "EXPIRED"), ("refused", "RECALLED"), ("done", None)
    ]  # fmt: skip

    back: list[Make] = [returning, returning, held, at_stage, new]
    results = await same(plant, Scanner(plant, "return", plant.theatre()), back, 2, (400, 200))
    assert [(each["outcome"], each["code"]) for each in results] == [
        *[("done", None)] * 2, ("refused", "ON_HOLD"), ("refused", "WRONG_STAGE"), *[("done", None)] * 3
    ]  # fmt: skip
    planted = ("hold", "recall")  # by the harness, without a trace
    assert [each for each in await refolded(plant) if not each.startswith(planted)] == []


async def test_two_queues_of_the_same_sets_at_once(plant: Plant) -> None:
    """Two devices at the reception, one reading the sets from the last to the first: each set is received once."""
    tags = [(await returning(plant))[1] for _ in range(12)]
    first = Scanner(plant, "reception")
    second = Scanner(plant, "reception", station=await plant.station("reception", plant.group, "reception"))
    second.device = await plant.connection.fetchval("SELECT id FROM device WHERE station_id = $1", second.station)
    one, other = await asyncio.gather(
        first.send(*(first.read(tag, ago_s=30) for tag in tags)),
        second.send(*(second.read(tag, ago_s=30) for tag in reversed(tags))),
    )
    for each, twin in zip(one["results"], reversed(other["results"]), strict=True):
        assert sorted([(each["outcome"], each["code"]), (twin["outcome"], twin["code"])], key=str) == [
            ("done", None), ("refused", "WRONG_STAGE")
        ]  # fmt: skip
    received = await plant.connection.fetchval("SELECT count(*) FROM trace_entry WHERE kind = 'run.received'")
    assert received == len(tags)
    assert await refolded(plant) == []
