"""The simulated line: a telephone system without telephones, over days that come out of a seed.

It is a function of the simulations in the base and of what became of their calls: a process that takes it over from
one that was killed holds the same calls. Without a simulation it is up and silent. An agent's device answers by
itself; so does a regulator for the 15: nobody outside is ever rung.
"""

import asyncio
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from telesecretariat.simulation import playing, service
from telesecretariat.simulation.dice import throwing
from telesecretariat.simulation.domain import PROFILES, Pace, caller
from telesecretariat.simulation.exchange import Exchange, Held
from telesecretariat.simulation.rows import Simulation
from telesecretariat.telephony.port import AdapterAway, Command, CommandFailed, Fact, Tell
from telesecretariat.telephony.rows import Adapter

CAPABILITIES: Final = frozenset(
    {
        "answer", "announce", "hold_in_queue", "ring_agent", "connect", "hold", "resume", "dial_third", "transfer",
        "hang_up", "monitor", "record", "delete_recording",
    }
)  # fmt: skip
ANSWERS_AFTER_S: Final = {"agent": 1.0, "emergency": 3.0, "consult": 5.0, "callback": 6.0}
NOBODY_AFTER_S: Final = 20.0
FINAL_WORDS_S: Final = 12.0
_FOLLOWS_EVERY_S: Final = 1.0
_LEAST_REST_S: Final = 0.1
_OF_THE_CALLER: Final = frozenset({"answer", "announce", "hold_in_queue", "hold", "resume", "monitor"})


class SimulatedLine:
    """One row of `telephony_adapter` of kind `simulated`."""

    def __init__(self, adapter: Adapter, database: Database) -> None:
        self._id, self._database = adapter.id, database
        self._who = system(database.settings.SERVICE)
        self._exchange: Exchange | None = None
        self._players: dict[UUID, playing.Player] = {}
        self._done: dict[UUID, None] = {}

    @property
    def capabilities(self) -> frozenset[str]:
        """Everything; recordings are of silence, and nothing of them is kept."""
        return CAPABILITIES

    async def run(self, tell: Tell) -> None:
        """For ever: plays the simulations of its lines."""
        try:
            async with asyncio.TaskGroup() as group:
                self._exchange = Exchange(tell, group, self._left)
                await self._take_over()
                await tell(Fact(new_id().hex, "adapter_up", clock.now()))
                while True:
                    await self._follow(group)
                    await asyncio.sleep(max(_FOLLOWS_EVERY_S / clock.rate(), _LEAST_REST_S))
        finally:
            self._exchange = None
            self._players.clear()

    async def calls(self) -> frozenset[str]:
        """What it holds."""
        return frozenset(self._at_work().held)

    async def do(self, command: Command) -> None:
        """Does what a telephone system would; what follows of it is told. Again: nothing."""
        exchange = self._at_work()
        if command.id in self._done:
            return
        self._done[command.id] = None
        if len(self._done) > 10_000:
            del self._done[next(iter(self._done))]
        held = exchange.held.get(command.provider_call_id or "")
        if command.kind == "hang_up":
            self._hang_up(exchange, held, command)
        elif command.kind == "ring_agent":
            self._ring_agent(exchange, held, command)
        elif command.kind == "dial_third":
            await self._dial(exchange, held, command)
        elif command.kind in ("record", "delete_recording"):
            return
        elif held is None and command.kind in _OF_THE_CALLER:
            return  # he has hung up, and that was told
        elif held is None:
            raise CommandFailed("no_such_call")
        else:
            await self._on_call(exchange, held, command)

    def _at_work(self) -> Exchange:
        if self._exchange is None:
            raise AdapterAway("not_running")
        return self._exchange

    # --- commands --------------------------------------------------------------------------------------------------

    def _hang_up(self, exchange: Exchange, held: Held | None, command: Command) -> None:
        """A leg or a call that is gone is hung up already."""
        leg = command.arguments.get("leg")
        held = held or exchange.held.get(str(leg))
        if held is None:
            return
        if not isinstance(leg, str) or leg == held.name:
            exchange.hang_up(held)
        elif leg.startswith("a-"):
            exchange.agent_left(held, leg)
        elif leg == held.third:
            exchange.third_left(held)

    def _ring_agent(self, exchange: Exchange, held: Held | None, command: Command) -> None:
        leg, after = f"a-{command.id}", ANSWERS_AFTER_S["agent"]
        if held is None:
            exchange.say_later_without_call(after, "leg_answered", leg=leg)
            return
        exchange.later(held, after / 2, "leg_ringing", leg=leg)
        exchange.later(held, after, "leg_answered", leg=leg)

    async def _dial(self, exchange: Exchange, held: Held | None, command: Command) -> None:
        leg, purpose = f"t-{command.id}", str(command.arguments.get("purpose"))
        if purpose == "callback":
            await self._call_back(exchange, leg, command.call_id)
        elif held is None:
            raise CommandFailed("no_such_call")
        else:
            exchange.joins(held, leg)
            exchange.later(held, ANSWERS_AFTER_S[purpose], "leg_answered", leg=leg)

    async def _call_back(self, exchange: Exchange, leg: str, call_id: UUID) -> None:
        """Rings somebody whom we call: the caller who asked for it, who answers or does not, or somebody unknown."""
        held, answers = await self._called_back(leg, call_id)
        exchange.keep(held, None)
        if answers:
            exchange.later(held, ANSWERS_AFTER_S["callback"], "leg_answered", leg=leg)
        else:
            exchange.later(held, NOBODY_AFTER_S, "leg_failed", leg=leg, cause="no_answer")

    async def _called_back(self, leg: str, call_id: UUID) -> tuple[Held, bool]:
        name, attempts = await self._database.read(self._who, playing.called_back, call_id)
        player, index, _ = self._of(name)
        if player is None or index is None:
            return self._somebody(leg), True
        person = player.callers[index]
        held = player.held(person, 0)
        held.name, held.talk_s = leg, person.talk_s
        return held, person.is_reached[attempts % len(person.is_reached)]

    async def _on_call(self, exchange: Exchange, held: Held, command: Command) -> None:
        if command.kind == "connect":
            exchange.connect(held, str(command.arguments["leg"]))
        elif command.kind == "transfer":
            leg = f"t-{command.id}"
            exchange.joins(held, leg)
            exchange.later(held, ANSWERS_AFTER_S["consult"], "leg_answered", leg=leg)
        elif command.kind == "announce":
            if command.arguments.get("final"):
                await clock.sleep(held.pace.seconds(FINAL_WORDS_S))
            elif _offers_callback(command) and held.caller and held.caller.presses_one and not held.hears_offer:
                held.hears_offer = True
                exchange.later(held, 6.0, "digit", digit="1")

    # --- simulations -----------------------------------------------------------------------------------------------

    async def _follow(self, group: asyncio.TaskGroup) -> None:
        """Begins to play what runs, stops what does not run any more."""
        exchange = self._at_work()
        running = await self._simulations()
        for simulation in running:
            if simulation.id not in self._players:
                player = self._players[simulation.id] = playing.Player(simulation, self._id, self._database)
                player.begin(exchange, group)
        for simulation_id in self._players.keys() - {each.id for each in running}:
            self._players[simulation_id].stop()

    async def _simulations(self) -> list[Simulation]:
        return await self._database.read(self._who, service.on_adapter, self._id)

    async def _left(self, held: Held) -> None:
        """A caller hung up by himself: who was not answered may try again."""
        player, index, attempt = self._of(held.name)
        if player is not None and index is not None and not held.connected:
            player.tries_again(index, attempt)

    def _of(self, name: str | None) -> tuple[playing.Player | None, int | None, int]:
        simulation_id, index, attempt = playing.parsed(name)
        player = None if simulation_id is None else self._players.get(simulation_id)
        return (None, None, 0) if player is None or index not in player.callers else (player, index, attempt)

    # --- taking over -----------------------------------------------------------------------------------------------

    async def _take_over(self) -> None:
        """The calls that another process held: who waits has been patient for so long, who talks has said so much."""
        exchange = self._at_work()
        running = await self._simulations()
        known = {each.id: playing.Player(each, self._id, self._database) for each in running}
        self._players = {}
        for row in await self._database.read(self._who, playing.live, self._id):
            held = await self._again(known, row)
            exchange.keep(held, self._remaining(held, row))

    async def _again(self, known: dict[UUID, playing.Player], row: asyncpg.Record) -> Held:
        simulation_id, index, attempt = playing.parsed(row["provider_call_id"])
        player = None if simulation_id is None else known.get(simulation_id)
        if player is None or index is None or index not in player.callers:
            held = self._somebody(row["provider_call_id"])
        else:
            held = player.held(player.callers[index], attempt)
        held.connected = row["answered_at"] is not None
        return held

    def _remaining(self, held: Held, row: asyncpg.Record) -> float:
        since: datetime = row["answered_at"] or row["arrived_at"]
        length = held.talk_s if held.connected else held.patience_s
        return max(1.0, length - (clock.now() - since).total_seconds() * held.pace.times)

    def _somebody(self, name: str) -> Held:
        """Who belongs to no day: a person of the ordinary profile, whoever it is."""
        throw, now = throwing(0), clock.now()
        person = caller(throw, 0, now, PROFILES["ordinary"])
        return Held(name, Pace(now, now, 1.0), throw(name), 600.0, person.talk_s)


def _offers_callback(command: Command) -> bool:
    """Whether the caller hears that he may press 1."""
    parts = command.arguments.get("parts")
    return isinstance(parts, list) and any("press_1" in str(part) for part in parts)
