"""Use cases of manage links: an appointment, or an offer, reached by the link in a message, without an account.

The link alone shows nothing; the birth date opens it for one visitor. Moving and cancelling are the use cases of
appointments, which ask `granted` here.
"""

from datetime import date
from uuid import UUID

import asyncpg

from appointments.links import domain, queries
from appointments.links.errors import LinkLocked
from appointments.links.schemas import Answered, Link, Seen
from appointments.patients.service import reachable_ids
from maillage.database import Tx
from maillage.ids import hash_token
from maillage.refusals import NotFound


async def look(tx: Tx, token: str) -> Link:
    """Whether the link is open for this visitor, and then for which appointment or offer.

    Refused: `NOT_FOUND` when unknown or more than 24 hours after the visit, `LINK_LOCKED` 410.
    """
    row = await _found(tx, queries.FIND, token)
    if domain.is_locked(row["tries"]):
        raise LinkLocked
    if not row["open"]:
        return Link(open=False, appointment_id=None)
    return Link(open=True, appointment_id=row["appointment_id"], offer_id=row["offer_id"])


async def answer(tx: Tx, token: str, birth_date: date) -> Answered:
    """Answers the birth-date question. A wrong answer is counted, hence no refusal here: it would undo the count.

    Refused: `NOT_FOUND` as `look`. Answers one after the other: parallel guesses have no more tries than five.
    """
    row = await _found(tx, queries.FIND_TO_ANSWER, token)
    if domain.is_locked(row["tries"]):
        return Answered(outcome="locked", tries_left=0)
    right = row["birth_date"] == birth_date and bool(tx.principal.visitor)
    action = "link.open" if right else "link.wrong"
    kind = "waiting_offer" if row["offer_id"] else "appointment"
    tx.audit(action, kind, row["offer_id"] or row["appointment_id"], row["organisation_id"], tries=row["tries"])
    if right:
        await tx.execute(queries.OPEN_FOR, hash_token(token), tx.principal.visitor)
        return Answered(outcome="open", tries_left=domain.TRIES - row["tries"])
    await tx.execute(queries.COUNT_WRONG, hash_token(token))
    left = domain.TRIES - row["tries"] - 1
    return Answered(outcome="wrong" if left else "locked", tries_left=left)


async def granted(tx: Tx, appointment_id: UUID) -> bool:
    """Whether this visitor has opened a link of this appointment: then he acts on it as its patient."""
    if not tx.principal.visitor:
        return False
    return bool(
        await tx.fetchval(queries.GRANTED, appointment_id, tx.principal.visitor, tx.now, domain.TRIES),
    )


async def granted_offer(tx: Tx, offer_id: UUID) -> bool:
    """Whether this visitor has opened a link of this offer: then he answers it as who waits."""
    if not tx.principal.visitor:
        return False
    return bool(
        await tx.fetchval(queries.GRANTED_OFFER, offer_id, tx.principal.visitor, tx.now, domain.TRIES),
    )


async def seen(tx: Tx, token: str) -> Seen:
    """The appointment of an open link. Refused as `look`, and `NOT_FOUND` as long as it is not open for this
    visitor.
    """
    link = await look(tx, token)
    if link.appointment_id is None:
        raise NotFound
    return await _seen_one(tx, link.appointment_id)


async def seen_by_id(tx: Tx, appointment_id: UUID) -> Seen:
    """An appointment of the people whom a proved contact reaches, or whose link this visitor opened; else
    `NOT_FOUND`.
    """
    shown = await _seen_one(tx, appointment_id)
    if shown.patient_id not in await reachable_ids(tx) and not await granted(tx, appointment_id):
        raise NotFound
    return shown


async def mine(tx: Tx) -> list[Seen]:
    """What is to come for the people whom the proved contact reaches, next first, at most 50; empty without a
    contact.
    """
    people = await reachable_ids(tx)
    rows = await tx.fetch(queries.SEEN, people, None, tx.now)
    for row in rows:
        tx.audit("appointment.read", "appointment", row["id"], row["organisation_id"], by="contact")
    return [Seen(**dict(row)) for row in rows]


async def _seen_one(tx: Tx, appointment_id: UUID) -> Seen:
    rows = await tx.fetch(queries.SEEN, None, [appointment_id], None)
    if not rows:
        raise NotFound
    return Seen(**dict(rows[0]))


async def _found(tx: Tx, query: str, token: str) -> asyncpg.Record:
    row = await tx.fetchrow(query, hash_token(token), tx.principal.visitor, tx.now)
    if row is None:
        raise NotFound
    return row
