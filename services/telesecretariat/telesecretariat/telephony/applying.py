"""The one door for what telephone systems tell: each fact once, those of a call one after the other, whatever order.

The provider's clock is kept and not believed: ours says when something happened. A fact about a call that nobody has
told of waits `EARLY_S` for the call, for facts may overtake one another.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, cast

import structlog

from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import system
from telesecretariat.calls import changing
from telesecretariat.calls.deadlines import each_of
from telesecretariat.calls.rows import TERMINAL, Call
from telesecretariat.telephony import callers, devices, legs, queries, third_legs, told
from telesecretariat.telephony.asking import asked
from telesecretariat.telephony.port import Fact, FactKind
from telesecretariat.vault import vault

log = structlog.get_logger()
EARLY: Final = timedelta(seconds=5)
"""How long a fact waits for its call (page of the telephony port)."""
ENDS: Final = frozenset({"caller_hung_up", "ended"})


async def apply(tx: Tx, adapter_id: str, fact: Fact) -> None:
    """Takes in what an adapter tells. Again with the same id: nothing. Never a refusal: what cannot be used is kept as
    `ignored`, for a telephone system cannot do anything about it."""
    if fact.provider_call_id is not None:
        await tx.execute(queries.ONE_AT_A_TIME, adapter_id, fact.provider_call_id)
    kept = await tx.fetchval(queries.KEEP_FACT, adapter_id, fact.id, fact.provider_call_id, fact.at, tx.now, fact.kind)
    if kept is not None:
        await _take_in(tx, adapter_id, fact)


async def _take_in(tx: Tx, adapter_id: str, fact: Fact) -> None:
    if fact.kind in ("adapter_up", "adapter_down"):
        return
    if fact.kind == "device_state":
        await devices.stands(tx, adapter_id, fact.details)
    elif fact.kind == "call_arrived":
        await _arrived(tx, adapter_id, fact)
    else:
        await _about_a_call(tx, adapter_id, fact)


async def _arrived(tx: Tx, adapter_id: str, fact: Fact) -> None:
    known = fact.provider_call_id is None or await changing.locked_of_provider(tx, adapter_id, fact.provider_call_id)
    call = None if known else await callers.arrive(tx, adapter_id, fact)
    if call is None:
        await tx.execute(queries.FACT_STANDS, adapter_id, fact.id, "ignored", None)
        return
    for early in await _early(tx, adapter_id, fact.provider_call_id):
        if call.observed and early.kind in ENDS:
            # Who answered may still be on its way: an end that came before its call waits its time out.
            await tx.execute(queries.FACT_STANDS, adapter_id, early.id, "early", _sealed(tx, early))
        else:
            await _about_a_call(tx, adapter_id, early)


async def _about_a_call(tx: Tx, adapter_id: str, fact: Fact) -> None:
    call = await _call_of(tx, adapter_id, fact)
    if call is None and fact.provider_call_id is not None:
        await tx.execute(queries.FACT_STANDS, adapter_id, fact.id, "early", _sealed(tx, fact))
    elif call is None or (call.state in TERMINAL and not await third_legs.after_the_end(tx, call, fact)):
        await tx.execute(queries.FACT_STANDS, adapter_id, fact.id, "ignored", None)
    elif call.state not in TERMINAL:
        await told.of_call(tx, call, fact)


async def _call_of(tx: Tx, adapter_id: str, fact: Fact) -> Call | None:
    """The call it is about, locked: by the provider's id, or by the command that made the leg it speaks of."""
    if fact.provider_call_id is not None:
        call = await changing.locked_of_provider(tx, adapter_id, fact.provider_call_id)
        if call is not None:
            return call
    command = await asked(tx, legs.command_of(fact.details.get("leg")))
    return None if command is None or command.call_id is None else await changing.locked(tx, command.call_id)


async def settle_early(database: Database) -> None:
    """Job: what has waited long enough. On an observed line the call is made, seen late; else the fact is ignored."""
    await each_of(database, await database.read(system(database.settings.SERVICE), _due), _seen_late)


async def _due(tx: Tx) -> list[tuple[str, str]]:
    rows = await tx.fetch(queries.EARLY_DUE, clock.now() - EARLY)
    return [(row["adapter_id"], row["provider_call_id"]) for row in rows]


async def _seen_late(tx: Tx, adapter_id: str, provider_call_id: str) -> None:
    await tx.execute(queries.ONE_AT_A_TIME, adapter_id, provider_call_id)
    early = await _early(tx, adapter_id, provider_call_id)
    if not early:
        return
    call = await changing.locked_of_provider(tx, adapter_id, provider_call_id)
    call = call or await callers.seen_late(tx, adapter_id, early[0])
    for fact in early:
        if call is None:
            await tx.execute(queries.FACT_STANDS, adapter_id, fact.id, "ignored", None)
        else:
            await _about_a_call(tx, adapter_id, fact)


async def _early(tx: Tx, adapter_id: str, provider_call_id: str | None) -> list[Fact]:
    """The facts that wait for this call, its end last, else in the provider's order; they wait no longer."""
    rows = await tx.fetch(queries.EARLY_OF_CALL, adapter_id, provider_call_id)
    facts = [
        Fact(
            row["fact_id"],
            cast(FactKind, row["kind"]),
            _at(row["provider_at"]),
            provider_call_id,
            _body(tx, row["body"]),
        )
        for row in rows
    ]
    return sorted(facts, key=lambda fact: (fact.kind in ENDS, fact.at, fact.id))


def _at(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value


def _sealed(tx: Tx, fact: Fact) -> bytes | None:
    return vault(tx).seal(json.dumps(dict(fact.details)))


def _body(tx: Tx, sealed: bytes | None) -> Mapping[str, object]:
    return cast(Mapping[str, object], json.loads(vault(tx).open(sealed) or "{}"))
