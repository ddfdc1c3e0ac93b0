"""What a simulated telephone system holds: calls, who waits in them and for how long, and what goes wrong.

Lengths are in seconds of the simulated day; each call knows how fast that passes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from maillage import clock
from maillage.ids import new_id
from telesecretariat.simulation.domain import Caller, Dice, Pace
from telesecretariat.telephony.port import Fact, FactKind, Tell

AFTER_HANDOVER_S = 90.0
"""How long somebody goes on talking with the 15, or with the doctor he was transferred to."""
_LATE_S = 3.0
Left = Callable[["Held"], Awaitable[None]]


@dataclass(eq=False)
class Held:
    """One call at the telephone system. `name` is its provider id; `attempt` counts the caller's from 0."""

    name: str
    pace: Pace
    dice: Dice
    patience_s: float
    talk_s: float
    caller: Caller | None = None
    attempt: int = 0
    faults: dict[str, float] = field(default_factory=dict)
    connected: bool = False
    third: str | None = None
    leg: str | None = None
    hears_offer: bool = False
    leaving: asyncio.Task[None] | None = None

    def goes_wrong(self, how: str) -> bool:
        """Whether a fault of this kind happens now."""
        return self.dice.random() < self.faults.get(how, 0.0)


class Exchange:
    """Holds calls by name and tells what becomes of them. Its tasks live as long as its group."""

    def __init__(self, tell: Tell, group: asyncio.TaskGroup, left: Left) -> None:
        self._tell, self._group, self._left = tell, group, left
        self.held: dict[str, Held] = {}

    # --- callers ---------------------------------------------------------------------------------------------------

    async def ring(self, held: Held, to: str) -> None:
        """A caller rings: he waits as long as he is patient."""
        self.keep(held, held.patience_s)
        known = {} if held.caller is None or held.caller.number is None else {"from": held.caller.number}
        await self._tell(Fact(new_id().hex, "call_arrived", clock.now(), held.name, {"to": to} | known))

    def keep(self, held: Held, leaves_in_s: float | None) -> None:
        """Holds a call from now on; its caller hangs up by himself after so long."""
        self.held[held.name] = held
        if leaves_in_s is not None:
            self._leave_in(held, leaves_in_s)

    def _leave_in(self, held: Held, seconds: float) -> None:
        self._stay(held)
        held.leaving = self._group.create_task(self._leaves(held, seconds))

    def _stay(self, held: Held) -> None:
        if held.leaving is not None:
            held.leaving.cancel()
            held.leaving = None

    async def _leaves(self, held: Held, seconds: float) -> None:
        await clock.sleep(held.pace.seconds(seconds))
        held.leaving = None
        if self.held.pop(held.name, None) is None:
            return
        await self.say(held, "caller_hung_up")
        await self._left(held)

    # --- what is asked ---------------------------------------------------------------------------------------------

    def connect(self, held: Held, leg: str) -> None:
        """Caller and agent hear one another; the conversation has its length."""
        held.leg = leg
        if not held.connected:
            held.connected = True
            self._leave_in(held, held.talk_s)
            if held.goes_wrong("lost_leg"):
                self.later(held, held.talk_s / 2, "leg_failed", leg=leg, cause="lost")
        self.later(held, 0.0, "connected", leg=leg)

    def joins(self, held: Held, leg: str) -> None:
        """Somebody else joins: nobody hangs up while the 15 listens."""
        held.third = leg
        self._stay(held)

    def agent_left(self, held: Held, leg: str) -> None:
        """The agent's leg is put down: who talks to somebody else goes on for a while, then everybody hangs up."""
        if held.leg == leg:
            held.leg = None
        if held.third is not None:
            self._leave_in(held, AFTER_HANDOVER_S)

    def third_left(self, held: Held) -> None:
        """The other one leaves: the caller ends what he had to say."""
        held.third = None
        self._leave_in(held, held.talk_s / 2)

    def hang_up(self, held: Held) -> None:
        """The service ends the call."""
        self._stay(held)
        if self.held.pop(held.name, None) is not None:
            self.later(held, 0.0, "ended", cause="hung_up", by="system")

    # --- what is told ----------------------------------------------------------------------------------------------

    def later(self, held: Held, seconds: float, kind: FactKind, **details: object) -> None:
        """Tells something after so long, if the call is still there, or about a leg that is."""
        self._group.create_task(self._later(held, seconds, kind, details))

    async def _later(self, held: Held, seconds: float, kind: FactKind, details: dict[str, object]) -> None:
        await clock.sleep(held.pace.seconds(seconds))
        if held.name in self.held or kind == "ended":
            await self.say(held, kind, **details)
        if kind == "leg_failed" and details.get("leg") == held.name:
            self.held.pop(held.name, None)  # nobody answered where we called

    async def say(self, held: Held, kind: FactKind, **details: object) -> None:
        """Tells a fact of this call: never, late or twice when the simulation wants faults."""
        if held.goes_wrong("drop"):
            return
        fact = Fact(new_id().hex, kind, clock.now(), held.name, details)
        if held.goes_wrong("late"):
            await clock.sleep(held.pace.seconds(_LATE_S))
        await self._tell(fact)
        if held.goes_wrong("duplicate"):
            await self._tell(fact)

    def say_later_without_call(self, seconds: float, kind: FactKind, **details: object) -> None:
        """Tells of a leg whose call the telephone system does not hold: an agent who is rung before her callback."""
        self._group.create_task(self._without_call(seconds, kind, details))

    async def _without_call(self, seconds: float, kind: FactKind, details: dict[str, object]) -> None:
        await clock.sleep(seconds)
        await self._tell(Fact(new_id().hex, kind, clock.now(), None, details))
