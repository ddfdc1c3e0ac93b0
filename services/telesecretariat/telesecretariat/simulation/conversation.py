"""What a simulated agent does with one call: reads the instructions, notes, passes danger on, writes it up.

All that she decides is drawn from the seed and the caller, so that it is the same each time.
"""

from collections.abc import Coroutine
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import Principal
from maillage.refusals import Refusal
from telesecretariat.calls import acts, wrapping
from telesecretariat.calls.reading import noting
from telesecretariat.calls.reading.schemas import CallPatch
from telesecretariat.calls.schemas import WrapUpIn
from telesecretariat.instructions import showing
from telesecretariat.instructions.schemas import Place
from telesecretariat.messages import service as messages
from telesecretariat.messages.schemas import MessageIn
from telesecretariat.red_flags import closing
from telesecretariat.red_flags import service as red_flags
from telesecretariat.red_flags.schemas import CloseIn, RedFlagPatch
from telesecretariat.simulation import queries
from telesecretariat.simulation.domain import Caller, Dice, Motive
from telesecretariat.simulation.playing import parsed
from telesecretariat.simulation.rows import Simulation

Work = Coroutine[object, object, None]
OUTCOMES: Final[dict[Motive, str]] = {
    "appointment": "booked",
    "advice": "information",
    "result": "information",
    "document": "information",
    "professional": "information",
    "red_flag": "emergency",
    "other": "other",
}
WRITES: Final[dict[Motive, float]] = {"advice": 0.6, "result": 0.4, "document": 0.3, "professional": 0.5}
"""How often a call of this motive becomes a message to a practitioner."""
URGENT, SAME_DAY = 0.15, 0.55
HOLDS: Final = 0.05
BODY: Final = "Demande notée pendant une simulation."


class Conversation:
    """What the agents of one simulation do with their calls."""

    def __init__(self, database: Database, simulation: Simulation) -> None:
        self._database, self._simulation = database, simulation
        self._callers = {each.index: each for each in simulation.callers()}
        self._begun: set[UUID] = set()

    @property
    def callers(self) -> int:
        """How many ring of their own accord."""
        return len(self._callers)

    def next(self, who: Principal, row: asyncpg.Record) -> Work | None:
        """What is to be done with her call as it stands; None: to wait."""
        call_id, state = row["call_id"], row["state"]
        if state == "talking" and call_id not in self._begun:
            self._begun.add(call_id)
            return self._talks(who, call_id, row["about"])
        if state == "wrapping":
            return self._writes_up(who, call_id, row["about"])
        return None

    def _caller(self, about: str | None) -> tuple[Caller | None, Dice]:
        _, index, _ = parsed(about)
        person = None if index is None else self._callers.get(index)
        return person, self._simulation.throw(f"conversation {about}")

    async def _sleep(self, simulated: float) -> None:
        await clock.sleep(self._simulation.pace.seconds(simulated))

    # --- talking ---------------------------------------------------------------------------------------------------

    async def _talks(self, who: Principal, call_id: UUID, about: str | None) -> None:
        person, dice = self._caller(about)
        motive: Motive = "other" if person is None else person.motive
        await self._sleep(6)
        if motive == "red_flag":
            await self._danger(who, call_id)
            return
        practitioner = await self._database.read(who, _practitioner, self._simulation, dice.random())
        place = Place(practitioner_id=practitioner, motive=motive)
        await self._reads(who, call_id, place)
        await self._notes(who, call_id, place)
        if dice.random() < HOLDS:
            await self._database.run(who, acts.hold, call_id)
            await self._sleep(15)
            await self._database.run(who, acts.resume, call_id)
        if self._simulation.writes_messages and practitioner and dice.random() < WRITES.get(motive, 0.0):
            drawn = dice.random()
            urgency = "urgent" if drawn < URGENT else "same_day" if drawn < SAME_DAY else "routine"
            await self._message(who, call_id, practitioner, urgency)

    async def _reads(self, who: Principal, call_id: UUID, place: Place) -> None:
        """The instructions, and says so where they are new to her. A centre that has another list of motives has its
        general ones."""
        try:
            shown = await self._database.run(who, showing.show, call_id, place)
        except Refusal:
            shown = await self._database.run(who, showing.show, call_id, Place())
        if shown.must_acknowledge:
            await self._sleep(4)
            await self._database.run(who, showing.acknowledge, shown.display_id)

    async def _notes(self, who: Principal, call_id: UUID, place: Place) -> None:
        kind = "professional" if place.motive == "professional" else "patient"
        sent = {"caller_kind": kind, "motive": place.motive, "practitioner_id": place.practitioner_id}
        known = {name: value for name, value in sent.items() if value is not None}
        try:
            await self._database.run(who, noting.note, call_id, CallPatch.model_validate(known), None)
        except Refusal:  # a centre has its own list of motives
            await self._database.run(who, noting.note, call_id, CallPatch(caller_kind="patient"), None)

    async def _message(self, who: Principal, call_id: UUID, practitioner: UUID, urgency: str) -> None:
        body = MessageIn.model_validate(
            {"practitioner_id": practitioner, "urgency": urgency, "body": BODY, "call_id": call_id, "send": True}
        )
        await self._database.run(who, messages.write, body)

    async def _danger(self, who: Principal, call_id: UUID) -> None:
        """One act opens and dials; the address meanwhile; the regulator takes over, or the caller was lost."""
        flag = await self._database.run(who, red_flags.open_red_flag, call_id)
        await self._sleep(5)
        address = RedFlagPatch(address="1 rue de l'Exemple, 71000 Mâcon")
        await self._database.run(who, closing.note, flag.id, address, None)
        for _ in range(30):
            flag = await self._database.run(who, red_flags.read, flag.id)
            if flag.state != "dialling":
                break
            await self._sleep(2)
        await self._sleep(20)
        outcome = "handed_to_15" if flag.state == "three_way" else "line_lost_15_informed"
        await self._database.run(who, closing.close, flag.id, CloseIn.model_validate({"outcome": outcome}))
        await self._database.run(who, noting.note, call_id, CallPatch(caller_kind="patient"), None)

    # --- writing up ------------------------------------------------------------------------------------------------

    async def _writes_up(self, who: Principal, call_id: UUID, about: str | None) -> None:
        person, _ = self._caller(about)
        wraps_s, limit_s = (20.0 if person is None else person.wrap_s), await self._left(who, call_id)
        if wraps_s > limit_s - 10:
            await self._database.run(who, wrapping.wrap_up, call_id, WrapUpIn(act="extend"))
        await self._sleep(min(wraps_s, limit_s + 20))
        outcome = OUTCOMES["other" if person is None else person.motive]
        await self._finish(who, call_id, outcome)

    async def _left(self, who: Principal, call_id: UUID) -> float:
        """Seconds of the simulated day until the wrap-up is over by itself."""
        until = await self._database.read(who, _wrap_up_until, call_id)
        return 0.0 if until is None else (until - clock.now()).total_seconds() * self._simulation.pace.times

    async def _finish(self, who: Principal, call_id: UUID, outcome: str) -> None:
        """What the rules still ask before the end is done, once: a red flag gets its outcome, a repeat caller's
        supervisor is told."""
        finish = WrapUpIn(act="finish", outcome=outcome)
        try:
            await self._database.run(who, wrapping.wrap_up, call_id, finish)
        except Refusal as refusal:
            await self._makes_good(who, call_id, refusal)
            await self._database.run(who, wrapping.wrap_up, call_id, finish)

    async def _makes_good(self, who: Principal, call_id: UUID, refusal: Refusal) -> None:
        if refusal.code == "REPEAT_CALLER_UNRESOLVED":
            await self._database.run(who, noting.note, call_id, CallPatch(supervisor_told=True), None)
        elif refusal.code == "INSTRUCTION_NOT_ACKNOWLEDGED":
            await self._database.run(who, _acknowledge_all, call_id)
        elif refusal.code == "RED_FLAG_OPEN":
            flag = await self._database.run(who, _open_flag, call_id)
            if flag is not None:
                outcome = CloseIn(outcome="line_lost_15_informed")
                await self._database.run(who, closing.close, flag, outcome)
        else:
            raise refusal


async def _practitioner(tx: Tx, simulation: Simulation, drawn: float) -> UUID | None:
    rows = await tx.fetch(queries.PRACTITIONERS, simulation.organisation_id)
    return rows[int(drawn * len(rows))]["practitioner_id"] if rows else None


async def _wrap_up_until(tx: Tx, call_id: UUID) -> datetime | None:
    until = await tx.fetchval(queries.WRAP_UP_UNTIL, call_id)
    return until if isinstance(until, datetime) else None


async def _acknowledge_all(tx: Tx, call_id: UUID) -> None:
    for row in await tx.fetch(queries.NOT_ACKNOWLEDGED, call_id, tx.principal.person_id):
        await showing.acknowledge(tx, row["id"])


async def _open_flag(tx: Tx, call_id: UUID) -> UUID | None:
    found = await tx.fetchval(queries.OPEN_FLAG, call_id)
    return found if isinstance(found, UUID) else None
