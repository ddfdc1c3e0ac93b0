"""F14: 200 clients want one time at once, through the door. One has it; the others hear of other times; no deadlock."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

import httpx
import pytest

from tests.faults.scene import Scene, scene, sound
from tests.harness.appointments_world import world
from tests.harness.cluster import Cluster
from tests.harness.front import API, front

CALLERS = 200


@pytest.mark.short
async def test_of_two_hundred_callers_for_one_time_one_has_it_and_all_hear_which_are_left(running: Cluster) -> None:
    async with front(running) as door, scene(running) as s:
        await _more_patients(running, s, CALLERS)
        desk = (await door.staff(s.organisation, "telesecretary"))["telesecretary"]
        quiet = _deadlocks(running)
        answers = await _at_once(
            desk.post(f"{API}/appointments", json=s.wish(3, n), headers={"Idempotency-Key": f"f14-{n}"})
            for n in range(CALLERS)
        )
        await _one_has_it(s, answers)
        assert set((await s.counts()).values()) == {1}
        assert _deadlocks(running) == quiet


@pytest.mark.short
async def test_between_holds_online_and_bookings_by_phone_one_has_the_time(running: Cluster) -> None:
    async with front(running) as door, scene(running) as s:
        await _more_patients(running, s, 50)
        desk = (await door.staff(s.organisation, "telesecretary"))["telesecretary"]
        online = [await door.visitor() for _ in range(50)]
        quiet = _deadlocks(running)
        wish = s.wish(3)
        kept = {name: wish[name] for name in ("reason_id", "site_id", "practitioner_id", "start")}
        both = [
            each
            for n, visitor in enumerate(online)
            for each in (
                visitor.post(f"{API}/holds", json=kept),
                desk.post(f"{API}/appointments", json=s.wish(3, n)),
            )
        ]
        await _one_has_it(s, await _at_once(both))
        assert _deadlocks(running) == quiet
    await sound(running)


async def _at_once(calls: Iterable[Coroutine[Any, Any, httpx.Response]]) -> list[httpx.Response]:
    return await asyncio.gather(*calls)


async def _one_has_it(s: Scene, answers: Sequence[httpx.Response]) -> None:
    """One 201; for the rest 409 with other times, none of them the lost one; one busy row, of the whole visit."""
    told = Counter(answer.json().get("code", answer.status_code) for answer in answers)
    assert told == {201: 1, "SLOT_TAKEN": len(answers) - 1}
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert len(lost) == len(answers) - 1
    taken = s.wish(3)["start"]
    for each in lost:
        starts = [other["start"] for other in each["alternatives"]]
        assert 1 <= len(starts) <= 5
        assert taken not in starts
    assert await s.count("appointments", "SELECT count(*) FROM busy WHERE organisation_id = $1", s.organisation) == 1


async def _more_patients(running: Cluster, s: Scene, many: int) -> None:
    async with world(running.role_url("appointments")) as w:
        s.patients = [await w.patient(s.organisation) for _ in range(many)]


def _deadlocks(running: Cluster) -> int:
    """How often the base's own log speaks of one."""
    return running.postgres.log.read_text(errors="replace").count("deadlock detected")
