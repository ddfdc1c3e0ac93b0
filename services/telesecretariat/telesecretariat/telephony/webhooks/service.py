"""Use cases of webhooks: who sends, and what each event means in the words of the telephony port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import hash_token
from maillage.principal import system
from telesecretariat.telephony.applying import apply
from telesecretariat.telephony.numbers import e164
from telesecretariat.telephony.port import Fact, FactKind
from telesecretariat.telephony.webhooks import handover, queries, signatures
from telesecretariat.telephony.webhooks.schemas import EventsTaken, TelephonyEvent
from telesecretariat.telephony.webhooks.signatures import Secrets
from telesecretariat.vault import vault

_MEANS: Final[Mapping[str, FactKind]] = {
    "newCall": "call_arrived",
    "queueEnter": "call_arrived",
    "botHandover": "call_arrived",
    "answer": "connected",
    "hangup": "ended",
}


@dataclass(frozen=True, slots=True)
class Door:
    """What one telephone system must show."""

    secrets: Secrets
    unsigned_networks: Sequence[str]


async def door(tx: Tx, adapter_id: str) -> Door:
    """Of a telephone system that tells by webhook; of any other, a door that nobody passes."""
    row = await tx.fetchrow(queries.DOOR, adapter_id)
    if row is None:
        return Door(Secrets(), ())
    networks = row["settings"].get("unsigned_networks", ())
    return Door(Secrets.read(vault(tx).open(row["secrets_sealed"])), tuple(networks))


def admit(door: Door, body: bytes, headers: Mapping[str, str], ip: str | None) -> str | None:
    """The id of the delivery, None for an unsigned one from a listed network.

    Refused: `SIGNATURE_INVALID`, `EVENT_TOO_OLD` 401.
    """
    if "webhook-signature" not in headers and signatures.listed(ip, door.unsigned_networks):
        return None
    at = clock.now()
    return signatures.check(body, headers, door.secrets.counting(at), at)


async def take(
    database: Database, adapter_id: str, delivery: str | None, events: Sequence[TelephonyEvent]
) -> EventsTaken:
    """Takes events in, in their order, each in a transaction of its own: a repeated delivery goes on where the first
    one stopped, and nothing happens twice."""
    who = system(database.settings.SERVICE)
    for place, event in enumerate(events):
        await database.run(who, _take_one, adapter_id, _id(delivery, place, event), event, place)
    return EventsTaken(taken=len(events))


async def _take_one(tx: Tx, adapter_id: str, fact_id: str, event: TelephonyEvent, place: int) -> None:
    await tx.execute(queries.HEARD, adapter_id, tx.now)
    fact = await _fact(tx, adapter_id, fact_id, event, place)
    if fact is not None:
        await apply(tx, adapter_id, fact)
    if event.event == "botHandover" and event.call_id is not None:
        await handover.take_over(tx, adapter_id, fact_id, event)


async def _fact(tx: Tx, adapter_id: str, fact_id: str, event: TelephonyEvent, place: int) -> Fact | None:
    """The event as a fact. A call that an agent makes at her own telephone is not the queue's: nothing."""
    at = event.at or tx.now + timedelta(microseconds=place)
    if event.event == "agentState":
        return await _device(tx, adapter_id, fact_id, event, at)
    kind = _MEANS.get(event.event)
    if kind is None or event.direction == "out":
        return None
    details: dict[str, object] = {"from": e164(event.caller), "to": e164(event.called)}
    if kind == "connected":
        agent = await _agent(tx, adapter_id, event)
        details["agent"] = None if agent is None else agent["name"]
    if kind == "ended":
        details |= {"cause": "hung_up", "by": "caller"}
    return Fact(fact_id, kind, at, event.call_id, details)


async def _device(tx: Tx, adapter_id: str, fact_id: str, event: TelephonyEvent, at: datetime) -> Fact | None:
    agent = await _agent(tx, adapter_id, event)
    if agent is None or event.state is None:
        return None
    details = {"agent_id": str(agent["id"]), "ready": event.state != "offline"}
    return Fact(fact_id, "device_state", at, None, details)


async def _agent(tx: Tx, adapter_id: str, event: TelephonyEvent) -> asyncpg.Record | None:
    names = [name for name in (event.answering_number, event.user) if name]
    return await tx.fetchrow(queries.AGENT_NAMED, adapter_id, names) if names else None


def _id(delivery: str | None, place: int, event: TelephonyEvent) -> str:
    """Unique for what happened: by the delivery where it is signed, else by all that the event says."""
    if delivery is not None:
        return f"{delivery}:{place}"
    return f"unsigned:{hash_token(event.model_dump_json()).hex()}"
