"""Asterisk: what is asked of it, what it tells. On the strict fake, and with MAILLAGE_ARI_URL on a real server too."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest

from maillage.ids import new_id
from maillage.testing import soon
from telesecretariat.telephony.adapters.ari import AriAdapter
from telesecretariat.telephony.adapters.ari_acts import House, Place
from telesecretariat.telephony.adapters.ari_client import AriClient
from telesecretariat.telephony.adapters.ari_state import Expected
from telesecretariat.telephony.port import AdapterAway, Command, CommandFailed, CommandKind, Fact
from tests.harness.ari_contract import differences
from tests.harness.fake_ari import REGULATOR, FakeAri

LINE, CALL = new_id(), new_id()
CALLED, CALLER = "+33399000001", "+33639980101"
REAL = os.environ.get("MAILLAGE_ARI_URL")
HOUSE = House(trunk="PJSIP/{number}@trunk")
on_real = pytest.mark.skipif(REAL is None, reason="MAILLAGE_ARI_URL names no Asterisk: not run on a real one")


class Held:
    """What the base would say of calls."""

    def __init__(self) -> None:
        self.legs: list[str] = []
        self.places: list[tuple[str, str]] = []

    async def line_of(self, call_id: UUID) -> Place | None:
        return Place(LINE, CALLED, ZoneInfo("Europe/Paris"))

    async def expected(self, adapter_id: str) -> Expected:
        return self.legs, self.places


class Running:
    """An adapter that runs, and what it has told."""

    def __init__(self, adapter: AriAdapter, held: Held) -> None:
        self.adapter, self.held = adapter, held
        self.facts: list[Fact] = []

    async def tell(self, fact: Fact) -> None:
        self.facts.append(fact)

    def of(self, kind: str) -> list[Fact]:
        """Facts of a kind, each once: what takes them in knows them by their id."""
        return list({fact.id: fact for fact in self.facts if fact.kind == kind}.values())

    async def told(self, kind: str, count: int = 1) -> Fact:
        """The latest of its kind, once so many were told."""
        await comes(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[-1]

    async def do(self, kind: CommandKind, caller: str | None = None, **arguments: object) -> UUID:
        """One command; its id."""
        command = Command(new_id(), kind, CALL, caller, arguments)
        await self.adapter.do(command)
        return command.id


@asynccontextmanager
async def connected(
    url: str, user: str, password: str, app: str = "maillage", house: House = HOUSE
) -> AsyncIterator[Running]:
    """Runs the adapter until the end of the block."""
    held = Held()
    running = Running(AriAdapter("ari-of-tests", AriClient(url, user, password, app), house, held), held)  # type: ignore[arg-type]
    task = asyncio.create_task(running.adapter.run(running.tell))
    try:
        await running.told("adapter_up")
        yield running
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def comes(condition: Callable[[], bool]) -> None:
    """Waits for what this loop brings about."""

    async def met() -> bool:
        return condition()

    await soon(met)


@asynccontextmanager
async def opened(url: str, user: str, password: str) -> AsyncIterator[AriClient]:
    """Requests without a socket: whoever makes the telephone ring."""
    client = AriClient(url, user, password, "maillage-tests")
    async with client.opened():
        yield client


@pytest.fixture
async def asterisk() -> AsyncIterator[FakeAri]:
    async with FakeAri() as fake:
        yield fake


@pytest.fixture(params=["fake", pytest.param("real", marks=[pytest.mark.asterisk, on_real])])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[tuple[str, str, str]]:
    """Address, user and password of the fake, and of a real one where there is one."""
    if request.param == "real":
        yield REAL or "", os.environ.get("MAILLAGE_ARI_USER", ""), os.environ.get("MAILLAGE_ARI_PASSWORD", "")
        return
    async with FakeAri() as fake:
        yield fake.url, fake.user, fake.password


async def test_a_call_is_held_answered_held_again_joined_by_another_and_put_down(either: tuple[str, str, str]) -> None:
    """The same on both: every leg is a Local channel to the extension that plays the regulator."""
    caller = str(new_id())
    async with connected(*either, app="maillage-tests") as running, opened(*either) as driver:
        inbound = {"endpoint": REGULATOR, "app": "maillage-tests", "appArgs": f"inbound,{CALLED}"}
        await driver.post("channels", caller, parameters=inbound)
        arrived = await running.told("call_arrived")
        assert (arrived.provider_call_id, arrived.details["to"]) == (caller, CALLED)
        await running.do("answer", caller)
        await running.do("hold_in_queue", caller, line_id=str(LINE))
        assert caller in await running.adapter.calls()
        ring = await running.do("ring_agent", device_address=REGULATOR)
        assert (await running.told("leg_answered")).details["leg"] == f"a-{ring}"
        await running.do("connect", caller, leg=f"a-{ring}")
        assert (await running.told("connected")).details["leg"] == f"a-{ring}"
        await running.do("hold", caller)
        await running.do("resume", caller)
        third = await running.do("dial_third", caller, to="15", purpose="emergency")
        assert (await running.told("leg_answered", 2)).details["leg"] == f"t-{third}"
        await running.do("hang_up", caller, leg=f"a-{ring}")
        assert (await running.told("ended")).details["leg"] == f"a-{ring}"
        await running.do("hang_up", caller, leg=f"t-{third}")
        await running.do("hang_up", caller)
        assert (await running.told("caller_hung_up")).provider_call_id == caller


@pytest.mark.asterisk
@on_real
async def test_the_real_server_describes_itself_as_our_table_does() -> None:
    auth = (os.environ.get("MAILLAGE_ARI_USER", ""), os.environ.get("MAILLAGE_ARI_PASSWORD", ""))
    documents = {}
    async with httpx.AsyncClient(auth=auth) as client:
        for name in ("applications", "channels", "bridges", "events", "recordings"):
            documents[name] = (await client.get(f"{REAL}/ari/api-docs/{name}.json")).raise_for_status().json()
    assert list(differences(documents)) == []


async def test_where_everybody_is_at_each_step(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        caller = await asterisk.ring_in("06 39 98 01 01", "03 99 00 00 01")
        arrived = await running.told("call_arrived")
        assert arrived.details == {"from": CALLER, "to": CALLED}
        await running.do("answer", caller)
        await running.do("hold_in_queue", caller, line_id=str(LINE))
        assert asterisk.inside(f"q-{LINE}") == [caller]
        assert asterisk.bridges[f"q-{LINE}"].music
        leg = f"a-{await running.do('ring_agent', device_address='poste12')}"
        assert asterisk.channels[leg].endpoint == "PJSIP/poste12"
        await running.told("leg_answered")
        await running.do("connect", caller, leg=leg)
        assert sorted(asterisk.inside(f"c-{CALL}")) == sorted([leg, caller])
        await running.do("hold", caller)
        assert (asterisk.inside(f"q-{LINE}"), asterisk.inside(f"c-{CALL}")) == ([caller], [leg])
        await running.do("resume", caller)
        third = f"t-{await running.do('dial_third', caller, to='15', purpose='emergency')}"
        await running.told("leg_answered", 2)
        assert sorted(asterisk.inside(f"c-{CALL}")) == sorted([leg, caller, third])
        await running.do("hang_up", caller, leg=leg)
        assert sorted(asterisk.inside(f"c-{CALL}")) == sorted([caller, third]), "the caller never moves"
        await asterisk.hang_up(third)
        await asterisk.hang_up(caller)
        await comes(lambda: f"c-{CALL}" not in asterisk.bridges)
        assert (await running.told("caller_hung_up")).provider_call_id == caller


async def test_a_colleague_is_alone_with_the_agent_until_the_caller_comes_to_her(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        caller = await asterisk.ring_in(CALLER, CALLED)
        await running.told("call_arrived")
        first = f"a-{await running.do('ring_agent', device_address='poste12')}"
        await running.told("leg_answered")
        await running.do("connect", caller, leg=first)
        await running.do("hold", caller)
        second = f"a-{await running.do('ring_agent', caller, device_address='poste13', consult=True)}"
        await running.told("leg_answered", 2)
        assert asterisk.inside(f"c-{CALL}") == [first, second]
        assert asterisk.inside(f"q-{LINE}") == [caller]
        await running.do("resume", caller)
        await running.do("hang_up", caller, leg=first)
        assert asterisk.inside(f"c-{CALL}") == [second, caller]
        assert (await running.told("connected", 2)).details["leg"] == second


async def test_an_emergency_call_rings_nobody_real_unless_it_is_switched_on(asterisk: FakeAri) -> None:
    asterisk.answers = False
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        off = await running.do("dial_third", "x", to="15", purpose="emergency")
        assert asterisk.channels[f"t-{off}"].endpoint == REGULATOR
    on = House(trunk="PJSIP/{number}@trunk", emergency_calls=True)
    async with connected(asterisk.url, asterisk.user, asterisk.password, house=on) as running:
        real = await running.do("dial_third", "x", to="15", purpose="emergency")
        assert asterisk.channels[f"t-{real}"].endpoint == "PJSIP/15@trunk"


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("+33639980123", "number_of_fiction"),
        ("+33199001234", "number_of_fiction"),
        ("15", "number_not_allowed"),
        ("0899701234", "number_not_allowed"),
        ("+33899701234", "number_not_allowed"),
        ("anything", "number_not_allowed"),
    ],
)
async def test_numbers_that_a_real_system_does_not_dial(asterisk: FakeAri, to: str, why: str) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        with pytest.raises(CommandFailed, match=why):
            await running.do("dial_third", "x", to=to, purpose="consult")
    assert not asterisk.legs("t-")


@pytest.mark.parametrize(
    "address", ["0145678900@trunk", "PJSIP/0145678900@trunk", "PJSIP/trunk/sip:0145678900@away", "Local/15@outside",
                "+4930123456", "+33899701234"],
)  # fmt: skip
async def test_a_telephone_that_an_agent_names_leads_to_no_trunk_and_no_dialplan(
    asterisk: FakeAri, address: str
) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        with pytest.raises(CommandFailed, match=r"device_malformed|number_not_allowed"):
            await running.do("ring_agent", device_address=address)
    assert not asterisk.legs("a-")


async def test_a_command_given_twice_is_done_once(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        caller = await asterisk.ring_in(CALLER, CALLED)
        await running.told("call_arrived")
        ring = Command(new_id(), "ring_agent", CALL, caller, {"device_address": "poste12"})
        hold = Command(new_id(), "hold_in_queue", CALL, caller, {"line_id": str(LINE)})
        leave = Command(new_id(), "hang_up", CALL, caller, {})
        for command in (hold, hold, ring, ring, leave, leave):
            await running.adapter.do(command)
        assert asterisk.legs("a-") == [f"a-{ring.id}"]
        assert len(running.of("leg_answered")) <= 1
        assert ("originate", 409) in asterisk.answered
        assert ("hang_up", 404) in asterisk.answered


async def test_events_that_come_twice_and_late_are_the_same_facts(asterisk: FakeAri) -> None:
    asterisk.twice, asterisk.delay_s = True, 0.01
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        caller = await asterisk.ring_in(CALLER, CALLED)
        await running.told("call_arrived")
        await asterisk.press(caller, "1")
        assert (await running.told("digit")).details == {"digit": "1"}
        await asterisk.hang_up(caller)
        await running.told("caller_hung_up")
        assert [len(running.of(kind)) for kind in ("call_arrived", "digit", "caller_hung_up")] == [1, 1, 1]


@pytest.mark.parametrize(("cause", "said"), [(17, "busy"), (19, "no_answer"), (21, "rejected"), (38, "failed")])
async def test_why_nobody_took_a_leg_up(asterisk: FakeAri, cause: int, said: str) -> None:
    asterisk.answers = False
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        leg = f"a-{await running.do('ring_agent', device_address='poste12')}"
        await running.told("leg_ringing")
        await asterisk.hang_up(leg, cause)
        assert (await running.told("leg_failed")).details == {"leg": leg, "cause": said}


async def test_a_leg_that_is_lost_is_not_one_that_was_put_down(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        down = f"a-{await running.do('ring_agent', device_address='poste12')}"
        lost = f"a-{await running.do('ring_agent', device_address='poste13')}"
        await running.told("leg_answered", 2)
        await asterisk.hang_up(down, 16)
        assert (await running.told("ended")).details == {"leg": down, "cause": "normal", "by": "agent"}
        await asterisk.hang_up(lost, 41)
        assert (await running.told("leg_failed")).details == {"leg": lost, "cause": "lost"}


async def test_two_replicas_claim_a_caller_one_has_him(asterisk: FakeAri) -> None:
    async with (
        connected(asterisk.url, asterisk.user, asterisk.password, "maillage-a") as first,
        connected(asterisk.url, asterisk.user, asterisk.password, "maillage-b") as second,
    ):
        caller = await asterisk.broadcast(CALLER, CALLED)
        await comes(lambda: len([name for name, _ in asterisk.answered if name == "claim"]) == 2)
        assert sorted(status for name, status in asterisk.answered if name == "claim") == [204, 409]
        await comes(lambda: len(first.of("call_arrived") + second.of("call_arrived")) == 1)
        assert asterisk.channels[caller].app in ("maillage-a", "maillage-b")


async def test_an_application_that_was_taken_over_stays_away(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        await asterisk.take_over()
        assert (await running.told("adapter_down")).details == {"cause": "replaced"}
        assert asterisk.connections["maillage"] == 1


async def test_what_happened_while_nobody_listened_is_found_out(asterisk: FakeAri) -> None:
    """After a cut: a caller who came by another way, legs taken up and gone, callers in a wrong place."""
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        stays, moved = [await asterisk.ring_in(CALLER, CALLED) for _ in range(2)]
        await running.told("call_arrived", 2)
        for caller in (stays, moved):
            await running.do("answer", caller)
            await running.do("hold_in_queue", caller, line_id=str(LINE))
        asterisk.answers = False
        taken, gone = [f"a-{await running.do('ring_agent', device_address='poste12')}" for _ in range(2)]
        asterisk.closed = True
        await asterisk.drop()
        await running.told("adapter_down")
        late = await asterisk.ring_in(CALLER, CALLED)
        assert asterisk.fallen_back == [late], "the dialplan went on with him"
        await asterisk.pick_up(taken)
        await asterisk.hang_up(gone, 19)
        running.held.legs, running.held.places = [taken, gone], [(stays, f"q-{LINE}"), (moved, f"c-{CALL}")]
        asterisk.closed = False
        await running.told("adapter_up", 2)
        assert (await running.told("leg_answered")).details["leg"] == taken
        assert (await running.told("leg_failed")).details["leg"] == gone
        await comes(lambda: asterisk.inside(f"c-{CALL}") == [moved])
        assert asterisk.inside(f"q-{LINE}") == [stays]
        assert len(running.of("call_arrived")) == 2


async def test_a_supervisor_hears_and_is_not_heard(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        caller = await asterisk.ring_in(CALLER, CALLED)
        await running.told("call_arrived")
        leg = f"a-{await running.do('ring_agent', device_address='poste12')}"
        await running.told("leg_answered")
        await running.do("connect", caller, leg=leg)
        watching, device = str(new_id()), {"device_address": "poste1"}
        await running.do("monitor", caller, agent_leg=leg, monitoring_id=watching, mode="listen", **device)
        await comes(lambda: sorted(asterisk.inside(f"b-{watching}")) == [f"m-{watching}", f"s-{watching}"])
        assert next((said["spy"], said["whisper"]) for name, said in asterisk.asked if name == "snoop") == (
            "both",
            "none",
        )
        await running.do("monitor", caller, monitoring_id=watching, mode="end")
        assert not [name for name in asterisk.channels if watching in name]
        assert f"b-{watching}" not in asterisk.bridges
        barging = str(new_id())
        await running.do("monitor", caller, agent_leg=leg, monitoring_id=barging, mode="barge", **device)
        await comes(lambda: f"m-{barging}" in asterisk.inside(f"c-{CALL}"))


async def test_an_announcement_is_heard_to_its_end_before_what_follows(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        caller = await asterisk.ring_in(CALLER, CALLED)
        await running.told("call_arrived")
        await running.do("answer", caller)
        parts = [
            {"kind": "recording", "fragment": "danger_15", "text": "…"},
            {"kind": "number", "number": "+33399000001", "text": "…"},
            {"kind": "date", "at": "2026-11-23T07:30:00Z", "text": "…"},
            {"kind": "text", "text": "…"},
            {"kind": "text", "text": "…"},
        ]
        await running.do("announce", caller, parts=parts, final=True)
        (said,) = (given["media"] for name, given in asterisk.asked if name == "play")
        assert said == [
            "sound:maillage/danger_15", "digits:33399000001", "sound:maillage/day_1", "number:23",
            "sound:maillage/month_11", "number:8", "sound:maillage/hour", "number:30", "sound:maillage/information",
        ]  # fmt: skip
        with pytest.raises(CommandFailed, match="nothing_to_play"):
            await running.do("announce", caller, parts=[], final=True)


async def test_who_is_spoken_to_hears_it_out_before_he_waits_but_an_agent_cuts_it_short(asterisk: FakeAri) -> None:
    asterisk.slow = True
    parts = [{"kind": "recording", "fragment": "welcome", "text": "…"}]
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        patient, served = [await asterisk.ring_in(CALLER, CALLED) for _ in range(2)]
        await running.told("call_arrived", 2)
        for caller in (patient, served):
            await running.do("answer", caller)
            await running.do("announce", caller, parts=parts, final=False)
            await running.do("hold_in_queue", caller, line_id=str(LINE))
        assert asterisk.inside(f"q-{LINE}") == []
        leg = f"a-{await running.do('ring_agent', device_address='poste12')}"
        await running.told("leg_answered")
        await running.do("connect", served, leg=leg)
        assert sorted(asterisk.inside(f"c-{CALL}")) == sorted([leg, served])
        await asterisk.finish(asterisk.channels[patient].hears[0])
        await comes(lambda: asterisk.inside(f"q-{LINE}") == [patient])
        assert sorted(asterisk.inside(f"c-{CALL}")) == sorted([leg, served])


async def test_a_recording_is_deleted_where_it_lies_also_one_that_still_runs(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        caller = await asterisk.ring_in(CALLER, CALLED)
        await running.told("call_arrived")
        await running.do("connect", caller, leg=f"a-{await running.do('ring_agent', device_address='poste12')}")
        ended, runs = str(new_id()), str(new_id())
        for recording in (ended, runs):
            await running.do("record", caller, recording_id=recording, on=True)
        await running.do("record", caller, recording_id=ended, on=False)
        assert (asterisk.stored, set(asterisk.recordings)) == ({f"r-{ended}"}, {f"r-{runs}"})
        for recording in (ended, runs, ended):
            await running.do("delete_recording", caller, recording_id=recording)
        assert not asterisk.stored
        assert not asterisk.recordings
        assert asterisk.answered.count(("delete_recording", 404)) == 1, "gone already is done"


async def test_a_server_that_is_away_is_said_to_be(asterisk: FakeAri) -> None:
    async with connected(asterisk.url, asterisk.user, asterisk.password) as running:
        asterisk.closed = True
        await asterisk.drop()
        await running.told("adapter_down")
    with pytest.raises(AdapterAway):
        await running.do("answer", "x")
