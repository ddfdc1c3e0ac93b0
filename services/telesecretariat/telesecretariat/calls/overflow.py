"""What is done for those who wait too long or are too many, and what they hear meanwhile. Nobody is dropped silently.

The rules of a line are looked at in their order; each is applied to a call at most once.
"""

from typing import cast
from uuid import UUID

from maillage.database import Database, Tx
from maillage.principal import system
from telesecretariat.announcements.service import spoken
from telesecretariat.calls import announcing, ending, queries, queueing
from telesecretariat.calls.changing import happen, locked
from telesecretariat.calls.deadlines import each_due, each_of
from telesecretariat.calls.domain import Crowd, next_rule
from telesecretariat.calls.rows import Call
from telesecretariat.lines import service as lines
from telesecretariat.lines.domain import opening
from telesecretariat.lines.parameters import OverflowRule
from telesecretariat.lines.service import Line
from telesecretariat.telephony.asking import ask


async def look(tx: Tx, call: Call, line: Line) -> Call:
    """Applies the first rule that counts for this locked call, if it waits and one does."""
    if call.state != "waiting" or call.queued_at is None or call.overflow_step >= len(line.overflow_rules):
        return call
    row = await tx.fetchrow(queries.CROWD, line.id, line.client_id, tx.now)
    assert row is not None
    crowd = Crowd((tx.now - call.queued_at).total_seconds(), row["waiting"], row["agents"])
    found = next_rule(line.overflow_rules, call.overflow_step, crowd)
    return call if found is None else await _apply(tx, call, line, found)


async def _apply(tx: Tx, call: Call, line: Line, index: int) -> Call:
    rule, step = line.overflow_rules[index], index + 1
    match rule.act:
        case "widen_skills":
            return await happen(
                tx, call, "skills_widened", {"rule": step}, overflow_step=step, required_skills=[], relax_at=tx.now
            )
        case "announce":
            call = await happen(tx, call, "overflow_announced", {"rule": step}, overflow_step=step)
            await announcing.say(tx, call, await spoken(tx, line, "overflow"))
            return call
        case "offer_callback":
            call = await happen(tx, call, "callback_offered", {"rule": step}, overflow_step=step, callback_offered=True)
            await announcing.say(tx, call, [announcing.PRESS_1])
            return call
        case "transfer":
            return await _elsewhere(tx, call, rule, step)
        case "close":
            said = announcing.with_emergency(await spoken(tx, line, "overflow"))
            await announcing.say(tx, call, said, final=True)
            return await ending.end(tx, call, "overflowed", "overflow_closed", "system", overflow_step=step)


async def _elsewhere(tx: Tx, call: Call, rule: OverflowRule, step: int) -> Call:
    """Somebody else answers from here on: our part of the call is over, the caller's line stays up."""
    await ask(tx, call, "transfer", to=rule.to, warm=False)
    return await ending.end(
        tx, call, "overflowed", "overflow_transferred", "transfer", overflow_step=step, transferred_to="number"
    )


async def look_at_all(database: Database) -> None:
    """Job: each call that a rule of its line may still reach, in the order of the queue."""
    await each_of(database, await database.read(system(database.settings.SERVICE), _crowded), _look)


async def _crowded(tx: Tx) -> list[tuple[UUID, UUID]]:
    return [(row["id"], row["line_id"]) for row in await tx.fetch(queries.CROWDED)]


async def _look(tx: Tx, call_id: UUID, line_id: UUID) -> None:
    await look(tx, await locked(tx, call_id), await lines.line(tx, line_id))


async def tell_places(database: Database) -> None:
    """Job: who has heard nothing for a minute is told his place and, when it is known, how long it may take."""
    await each_due(database, queries.UNTOLD, _tell_place, ago=announcing.EVERY)


async def _tell_place(tx: Tx, call_id: UUID) -> None:
    call = await locked(tx, call_id)
    if call.state != "waiting":
        return
    estimate = await queueing.estimate(tx, call)
    if estimate != call.estimate_s:
        call = await happen(tx, call, "estimated", {"seconds": estimate}, estimate_s=estimate)
    place = cast(int, await tx.fetchval(queries.PLACE, call.line_id, call.priority_at, call.id))
    await announcing.say_place(tx, call, place)


async def close_late(database: Database) -> None:
    """Job: after closing, those who waited are served for the line's drain; who is left then hears what a caller would
    hear now, and is let go."""
    lines_waited_on = await database.read(system(database.settings.SERVICE), _lines_waited_on)

    async def of_line(tx: Tx, line_id: UUID) -> None:
        late.extend(await _too_late(tx, line_id))

    late: list[tuple[UUID]] = []
    await each_of(database, lines_waited_on, of_line)
    await each_of(database, late, _let_go)


async def _lines_waited_on(tx: Tx) -> list[tuple[UUID]]:
    return [(row["line_id"],) for row in await tx.fetch(queries.WAITED_ON)]


async def _too_late(tx: Tx, line_id: UUID) -> list[tuple[UUID]]:
    line = await lines.line(tx, line_id)
    if opening(line.calendar, tx.now).open:
        return []
    rows = await tx.fetch(queries.WAITING_ON, line_id)
    return [(row["id"],) for row in rows if not await lines.may_wait(tx, line, row["queued_at"], tx.now)]


async def _let_go(tx: Tx, call_id: UUID) -> None:
    call = await locked(tx, call_id)
    if call.state == "waiting":
        told = await lines.opening_at(tx, await lines.line(tx, call.line_id), tx.now)
        await announcing.say(tx, call, announcing.with_emergency(told.announcement_parts), final=True)
        await ending.end(tx, call, "closed", "line_closed", "system")
