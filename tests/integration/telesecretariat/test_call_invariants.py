"""What must always hold of calls and agents: it holds of a floor that has worked, and each planted breach is named."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from maillage import clock
from maillage.doctor import check_invariants, invariants
from maillage.ids import new_id
from maillage.testing import ServiceLike
from telesecretariat.main import service
from tests.harness.floor import Floor

PACKAGE = "telesecretariat"
NAMES = [each.name for each in invariants(PACKAGE)]
STEPS = ("arrived", "waiting", "offered", "connecting", "talking", "wrapping", "completed")


class Day:
    """A floor on which one agent has answered one call, each step ten seconds long, an hour ago."""

    def __init__(self, floor: Floor, url: str) -> None:
        self.floor, self.url = floor, url
        self.began = clock.now() - timedelta(hours=1)

    async def lived(self) -> None:
        floor = self.floor
        self.agent = await floor.agent("poste 1", presence="online", work_state="not_ready")
        self.other = await floor.agent("poste 2")
        self.call = await self.answered(self.agent, self.began)
        self.waiting = await floor.waiting("+33639980002")
        self.message = await self.sent()
        self.display = await self.displayed()

    def at(self, seconds: float) -> datetime:
        return self.began + timedelta(seconds=seconds)

    async def answered(self, agent: UUID, began: datetime, number: str = "+33639980001") -> UUID:
        at = [began + timedelta(seconds=10 * step) for step in range(len(STEPS))]
        made = await self.floor.call(
            number, state="completed", version=len(STEPS), agent_id=agent, arrived_at=began, queued_at=at[1],
            priority_at=at[1], answered_at=at[4], ended_at=at[5], wait_s=30.0, talk_s=10.0, wrap_s=10.0,
        )  # fmt: skip
        await self.floor.connection.execute("DELETE FROM call_event WHERE call_id = $1", made)
        for step, state in enumerate(STEPS):
            await self.event(made, step + 1, state, at[step], agent if step > 1 else None)
        return made

    async def event(self, call: UUID, seq: int, state: str, at: datetime, agent: UUID | None = None) -> None:
        await self.floor.insert("call_event", {
            "call_id": call, "seq": seq, "organisation_id": self.floor.centre, "client_id": self.floor.client_id,
            "at": at, "kind": state, "state": state, "agent_id": agent,
        })  # fmt: skip

    async def waited(self, seconds: float, priority: float, number: str = "+33639980003") -> UUID:
        """A call that waited so long, from 100 s on, and was offered then."""
        begins, ends = self.at(100), self.at(100 + seconds)
        made = await self.floor.call(
            number, state="abandoned", version=3, arrived_at=begins, queued_at=begins, priority_at=self.at(priority),
            ended_at=ends,
        )  # fmt: skip
        await self.floor.connection.execute("DELETE FROM call_event WHERE call_id = $1", made)
        await self.event(made, 1, "waiting", begins)
        await self.event(made, 2, "offered", ends, self.other)
        await self.event(made, 3, "abandoned", ends)
        return made

    async def ready(self, since: float, until: float) -> None:
        """An interval of the second agent, who is offline before and after."""
        await self.floor.insert("agent_interval", {
            "id": new_id(), "organisation_id": self.floor.firm, "agent_id": self.other, "presence": "online",
            "work_state": "ready", "during": asyncpg.Range(self.at(since), self.at(until)),
        })  # fmt: skip

    async def sent(self) -> UUID:
        made = new_id()
        await self.floor.insert("message", {
            "id": made, "organisation_id": self.floor.centre, "client_id": self.floor.client_id,
            "practitioner_id": new_id(), "urgency": "urgent", "body_sealed": b"sealed", "state": "sent",
            "author_id": self.agent, "due_at": clock.now() + timedelta(minutes=5), "created_at": clock.now(),
        })  # fmt: skip
        return made

    async def displayed(self) -> UUID:
        made, instruction, version = new_id(), new_id(), new_id()
        ours = {"organisation_id": self.floor.centre, "client_id": self.floor.client_id}
        await self.floor.insert("instruction", ours | {
            "id": instruction, "scope": "client", "scope_id": self.floor.client_id, "created_at": self.began,
        })  # fmt: skip
        await self.floor.insert("instruction_version", ours | {
            "id": version, "instruction_id": instruction, "number": 1, "validity": asyncpg.Range(self.began, None),
            "state": "published", "author_id": self.agent, "published_at": self.began, "created_at": self.began,
        })  # fmt: skip
        await self.floor.insert("instruction_display", ours | {
            "id": made, "call_id": self.call, "agent_id": self.agent, "version_ids": [version],
            "content_hash": b"h" * 32, "displayed_at": self.at(40),
        })  # fmt: skip
        return made

    async def flagged(self) -> None:
        """A red flag that was never closed, on a call that was completed."""
        await self.floor.insert("red_flag", {
            "id": new_id(), "organisation_id": self.floor.centre, "client_id": self.floor.client_id,
            "call_id": self.call, "agent_id": self.agent, "state": "opened", "opened_at": self.at(45),
        })  # fmt: skip

    async def do(self, sql: str, *args: object) -> None:
        await self.floor.connection.execute(sql, *args)


@pytest.fixture
async def day(service_database: Callable[[ServiceLike], str], admin_of: Callable[[str], str]) -> AsyncIterator[Day]:
    url = service_database(service)
    async with await Floor.on(admin_of(url)) as floor:
        made = Day(floor, url)
        await made.lived()
        yield made


async def broken(day: Day, *, patience: str = "") -> dict[str, str]:
    findings = await check_invariants(day.url + patience, PACKAGE, PACKAGE, NAMES)
    assert {each.name for each in findings} == set(NAMES)
    return {each.name: f"{each.state} {each.count} {each.first}" for each in findings if each.state != "ok"}


async def test_a_floor_that_has_worked_is_sound(day: Day) -> None:
    assert len(NAMES) == 8
    assert await broken(day) == {}


async def a_hole(day: Day) -> None:
    await day.do("DELETE FROM call_event WHERE call_id = $1 AND seq = 2", day.call)


async def another_state(day: Day) -> None:
    await day.do("UPDATE call SET state = 'failed' WHERE id = $1", day.call)


async def up_from_the_dead(day: Day) -> None:
    await day.event(day.call, 8, "waiting", day.at(80))
    await day.do("UPDATE call SET state = 'waiting', version = 8, ended_at = NULL WHERE id = $1", day.call)


async def two_calls_at_once(day: Day) -> None:
    await day.answered(day.agent, day.at(15), "+33639980004")


async def two_winners(day: Day) -> None:
    await day.do("ALTER TABLE call_event DISABLE TRIGGER append_only")
    await day.do("UPDATE call_event SET agent_id = $2 WHERE call_id = $1 AND seq = 4", day.call, day.other)


async def two_offers(day: Day) -> None:
    await day.do("DROP INDEX offer_open_call")
    await day.do("UPDATE call SET state = 'offered', version = 2 WHERE id = $1", day.waiting)
    await day.event(day.waiting, 2, "offered", clock.now())
    for agent in (day.agent, day.other):
        await day.do("UPDATE agent SET work_state = 'offered', presence = 'online' WHERE id = $1", agent)
        await day.do("DELETE FROM agent_interval WHERE agent_id = $1", agent)
        await day.floor.insert("agent_interval", {
            "id": new_id(), "organisation_id": day.floor.firm, "agent_id": agent, "presence": "online",
            "work_state": "offered", "during": asyncpg.Range(clock.now(), None),
        })  # fmt: skip
        await day.floor.insert("offer", {
            "id": new_id(), "organisation_id": day.floor.centre, "client_id": day.floor.client_id,
            "call_id": day.waiting, "agent_id": agent, "opened_at": clock.now(),
            "expires_at": clock.now() + timedelta(seconds=15),
        })  # fmt: skip


async def a_colleague_consulted_and_forgotten(day: Day) -> None:
    await day.do("UPDATE call SET consulted_id = $2 WHERE id = $1", day.waiting, day.other)


async def a_free_agent_and_a_waiting_call(day: Day) -> None:
    await day.waited(30, 100)
    await day.ready(110, 113)


async def overtaken(day: Day) -> None:
    await day.waited(40, 90, "+33639980005")
    await day.waited(30, 100, "+33639980006")


async def an_offer_without_end(day: Day) -> None:
    await day.do("UPDATE agent SET seen_at = $2 WHERE id = $1", day.agent, day.began)


async def a_command_forgotten(day: Day) -> None:
    await day.floor.insert("telephony_command", {
        "id": new_id(), "organisation_id": day.floor.centre, "adapter_id": "line-of-tests", "call_id": day.call,
        "kind": "answer", "arguments_sealed": b"sealed", "state": "pending", "created_at": day.began,
        "expires_at": day.at(30),
    })  # fmt: skip


async def intervals_that_overlap(day: Day) -> None:
    await day.do("ALTER TABLE agent_interval DROP CONSTRAINT agent_interval_agent_id_during_excl")
    await day.ready(210, 230)
    await day.ready(220, 240)


async def a_gap(day: Day) -> None:
    await day.ready(210, 220)
    await day.ready(230, 240)


async def an_agent_otherwise(day: Day) -> None:
    await day.do("UPDATE agent SET presence = 'stale' WHERE id = $1", day.agent)


async def a_message_forgotten(day: Day) -> None:
    await day.do("UPDATE message SET due_at = $2 WHERE id = $1", day.message, day.began)


async def a_red_flag_left_open(day: Day) -> None:
    await day.flagged()


async def shown_before_it_was_published(day: Day) -> None:
    await day.do("UPDATE instruction_display SET displayed_at = $2 WHERE id = $1", day.display, day.at(-60))


async def shown_and_never_written(day: Day) -> None:
    await day.do("UPDATE instruction_display SET version_ids = ARRAY[$2::uuid] WHERE id = $1", day.display, new_id())


async def completed_and_never_answered(day: Day) -> None:
    await day.do("UPDATE call SET answered_at = NULL WHERE id = $1", day.call)


async def abandoned_and_answered(day: Day) -> None:
    waited = await day.waited(30, 100)
    await day.do("UPDATE call SET answered_at = queued_at + interval '20 seconds', wait_s = 20 WHERE id = $1", waited)


Plant = Callable[[Day], Awaitable[None]]
PLANTS: list[tuple[int, Plant]] = [
    (1, a_hole),
    (1, another_state),
    (1, up_from_the_dead),
    (2, two_calls_at_once),
    (2, two_winners),
    (2, two_offers),
    (2, a_colleague_consulted_and_forgotten),
    (3, a_free_agent_and_a_waiting_call),
    (3, overtaken),
    (4, an_offer_without_end),
    (4, a_command_forgotten),
    (5, intervals_that_overlap),
    (5, a_gap),
    (5, an_agent_otherwise),
    (6, a_message_forgotten),
    (6, a_red_flag_left_open),
    (7, shown_before_it_was_published),
    (7, shown_and_never_written),
    (8, completed_and_never_answered),
    (8, abandoned_and_answered),
]


async def found(day: Day) -> set[int]:
    """The numbers of the invariants that are broken, seen from inside the transaction."""
    rules = [(int(each.name.rpartition(".")[2]), each.sql) for each in invariants(PACKAGE)]
    return {number for number, sql in rules if await day.floor.connection.fetch(sql)}


async def test_each_planted_breach_is_named_by_its_invariant_alone(day: Day) -> None:
    named: dict[str, set[int]] = {}
    for _, plant in PLANTS:
        transaction = day.floor.connection.transaction()
        await transaction.start()
        await plant(day)
        named[plant.__name__] = await found(day)
        await transaction.rollback()
    assert named == {plant.__name__: {number} for number, plant in PLANTS}
    assert await found(day) == set()


async def test_a_faster_clock_may_allow_a_dispatch_more_time(day: Day) -> None:
    await a_free_agent_and_a_waiting_call(day)
    assert set(await broken(day)) == {"telesecretariat.3"}
    assert await broken(day, patience="?maillage.dispatch_s=4") == {}
