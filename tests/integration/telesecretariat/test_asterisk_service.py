"""The service with its worker, on a strict Asterisk: who calls is held, answered, and kept through an outage."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from maillage.testing import soon
from telesecretariat.main import service
from tests.harness.fake_ari import FakeAri
from tests.harness.floor import SETTINGS, Floor

CALLED = "+33399000001"


@dataclass
class House:
    """A floor whose line rings at the fake."""

    floor: Floor
    asterisk: FakeAri
    line_id: UUID

    async def calls(self, state: str) -> list[Any]:
        """Calls in a state, first in the queue first."""
        sql = "SELECT * FROM call WHERE state = $1 ORDER BY priority_at, id"
        return await self.floor.connection.fetch(sql, state)

    async def comes(self, condition: Callable[[], Awaitable[Any]]) -> Any:
        """Waits for what the worker brings about."""

        async def met() -> Any:
            return await condition()

        return await soon(met, seconds=20)

    async def in_state(self, state: str, count: int) -> list[Any]:
        """So many calls in a state, once they are."""

        async def enough() -> list[Any]:
            found = await self.calls(state)
            return found if len(found) == count else []

        return list(await self.comes(enough))


@pytest.fixture
async def house(running_service: Any, admin_of: Callable[[str], str]) -> AsyncIterator[House]:
    async with FakeAri() as asterisk:
        ari = {"ari_url": asterisk.url, "ari_user": asterisk.user, "ari_password": asterisk.password}
        running = running_service(service, **SETTINGS, **ari)
        async with await Floor.on(admin_of(running.database_url), running) as floor:
            body = {"id": "asterisk-1", "kind": "ari", "settings": {"trunk": "PJSIP/{number}@trunk"}}
            async with floor.http(floor.manager()) as client:
                assert (await client.post("/v1/telephony/adapters", json=body)).status_code == 201
            line_id = await floor.line(number=CALLED, adapter_id="asterisk-1")
            running.work()
            made = House(floor, asterisk, line_id)
            await made.comes(lambda: up(floor))
            yield made


async def up(floor: Floor) -> bool:
    return bool(await floor.connection.fetchval("SELECT state = 'up' FROM telephony_adapter WHERE id = 'asterisk-1'"))


async def test_a_caller_is_held_answered_held_again_and_put_down(house: House) -> None:
    floor, asterisk = house.floor, house.asterisk
    agent = await floor.agent("poste 12", presence="online", work_state="ready", device_address="poste12")
    caller = await asterisk.ring_in("06 39 98 01 01", CALLED)
    call = (await house.in_state("offered", 1))[0]
    await house.comes(lambda: inside(asterisk, f"q-{house.line_id}", {caller}))
    async with floor.http(floor.telesecretary(agent)) as client:
        assert (await client.post(f"/v1/calls/{call['id']}/claim")).status_code == 200
        await house.in_state("talking", 1)
        (leg,) = asterisk.legs("a-")
        assert asterisk.channels[leg].endpoint == "PJSIP/poste12"
        assert set(asterisk.inside(f"c-{call['id']}")) == {caller, leg}
        assert (await client.post(f"/v1/calls/{call['id']}/hold")).status_code == 200
        await house.comes(lambda: inside(asterisk, f"q-{house.line_id}", {caller}))
        assert (await client.post(f"/v1/calls/{call['id']}/resume")).status_code == 200
        await house.comes(lambda: inside(asterisk, f"c-{call['id']}", {caller, leg}))
        assert (await client.post(f"/v1/calls/{call['id']}/hang-up")).status_code == 200
    await house.comes(lambda: inside(asterisk, f"c-{call['id']}", set()))
    assert not asterisk.channels
    (ended,) = await house.in_state("wrapping", 1)
    assert (ended["ended_by"], ended["provider_call_id"]) == ("agent", caller)


async def test_callers_keep_their_places_through_a_lost_socket(house: House) -> None:
    """Scenario 12: twelve held, two hang up meanwhile; nobody is lost, nobody is answered twice."""
    floor, asterisk = house.floor, house.asterisk
    callers = [await asterisk.ring_in(f"+3363998{number:04d}", CALLED) for number in range(100, 112)]
    waiting = await house.in_state("waiting", 12)
    assert {row["provider_call_id"] for row in waiting} == set(callers)
    await house.comes(lambda: inside(asterisk, f"q-{house.line_id}", set(callers)))
    asterisk.closed = True
    await asterisk.drop()
    await house.comes(lambda: down(floor))
    for gone in (callers[3], callers[7]):
        await asterisk.hang_up(gone)
    asterisk.closed = False
    abandoned = await house.in_state("abandoned", 2)
    assert {row["provider_call_id"] for row in abandoned} == {callers[3], callers[7]}
    after = [row["provider_call_id"] for row in await house.in_state("waiting", 10)]
    assert after == [row["provider_call_id"] for row in waiting if row["provider_call_id"] in after]
    assert set(asterisk.inside(f"q-{house.line_id}")) == set(after)
    assert not asterisk.legs("a-")
    outage = await house.comes(lambda: outage_of(floor))
    assert (outage["calls_reconciled"], outage["ended_at"] > outage["began_at"]) == (2, True)


async def inside(asterisk: FakeAri, bridge_id: str, channels: set[str]) -> bool:
    return set(asterisk.inside(bridge_id)) == channels


async def down(floor: Floor) -> bool:
    return not await up(floor)


async def outage_of(floor: Floor) -> Any:
    return await floor.connection.fetchrow("SELECT * FROM telephony_outage WHERE ended_at IS NOT NULL")
