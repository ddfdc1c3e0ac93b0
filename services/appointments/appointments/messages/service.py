"""Use cases of messages: planned with the change they tell of, made and sent by the worker.

`sending` is committed before the provider is called. What a crash leaves in that state becomes `unknown`: perhaps sent,
never sent a second time by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from appointments.messages import domain, queries, texts
from appointments.messages.schemas import Channel, Kind, MessageOut, State
from appointments.patients.fields import is_mobile
from appointments.patients.service import contact_value_of
from maillage import cursor, ids
from maillage.database import Tx
from maillage.messages import Outgoing
from maillage.refusals import NotFound, WrongState
from maillage.wire import Page


@dataclass(frozen=True, slots=True)
class Draft:
    """A message taken up: what to hand over, and the link in it, which ends if nothing leaves."""

    id: UUID
    organisation_id: UUID
    attempts: int
    outgoing: Outgoing
    link_hash: bytes | None


async def plan(tx: Tx, appointment: "asyncpg.Record | Mapping[str, object]", kind: Kind) -> list[Channel]:
    """Plans what the patient is told of this version of the appointment, and drops what was planned for earlier ones.

    In the transaction of the change itself. Returns the channels; none when nobody can be reached or it has begun.
    """
    during = appointment["during"]
    assert isinstance(during, asyncpg.Range)
    if during.lower is None or during.lower <= tx.now:
        return []
    requester = _believed(tx, appointment["requester"])
    ways = _given_ways(tx, requester)
    rows = await tx.fetch(
        queries.PLAN,
        appointment["id"],
        appointment["version"],
        kind,
        appointment["organisation_id"],
        appointment["patient_id"],
        appointment["language"],
        tx.now,
        [way[0] for way in ways],
        [way[1] for way in ways],
        [way[2] for way in ways],
        requester.get("patient_id"),
    )
    return sorted(row["channel"] for row in rows)


def _believed(tx: Tx, requester: object) -> Mapping[str, str]:
    """Who asked for the visit, when a professional says so: the public could have strangers written to."""
    if tx.principal.kind in ("patient", "visitor") or not isinstance(requester, Mapping):
        return {}
    return {name: value for name, value in requester.items() if isinstance(value, str) and value}


def _given_ways(tx: Tx, requester: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Contacts that came with the request: proved by the caller himself (0), or told on the phone (1)."""
    ways: list[tuple[str, str, int]] = []
    if tx.principal.contact is not None:
        ways.append((*contact_value_of(tx.principal.contact), 0))
    phone = requester.get("phone")
    if phone:
        ways.append(("mobile" if is_mobile(phone) else "landline", phone, 1))
    return ways


async def claim(tx: Tx, public_url: str, limit: int) -> list[Draft]:
    """Takes due messages up and makes their texts from the rows as they now are, each with a new link."""
    rows = await tx.fetch(queries.CLAIM, tx.now, limit)
    tokens = {row["id"]: ids.new_token() for row in rows if row["kind"] != "cancelled" and row["channel"] != "voice"}
    linked = [row for row in rows if row["id"] in tokens]
    await tx.execute(
        queries.ADD_LINKS,
        [ids.hash_token(tokens[row["id"]]) for row in linked],
        [row["organisation_id"] for row in linked],
        [row["appointment_id"] for row in linked],
        [row["link_until"] for row in linked],
        tx.now,
    )
    return [_draft(row, tokens.get(row["id"]), public_url) for row in rows]


def _draft(row: asyncpg.Record, token: str | None, public_url: str) -> Draft:
    english = "?langue=en" if row["language"] == "en" else ""
    path = f"/rdv/g/{token}" if token else "/rdv"
    town = " ".join(part for part in (row["postal_code"], row["city"]) if part)
    facts = texts.Facts(
        kind=row["kind"],
        language=row["language"],
        start=row["start"],
        zone=row["timezone"],
        mode=row["mode"],
        site=row["site_name"],
        address=", ".join(part for part in (row["address_line"], town) if part),
        organisation=row["organisation_name"],
        phone=row["phone"],
        link=f"{public_url.rstrip('/')}{path}{english}",
        pending=row["status"] == "pending",
    )
    channel = row["channel"]
    said = texts.subject(facts), texts.body(channel, facts)
    outgoing = Outgoing(channel, row["recipient"], *said, ref=f"{row['id']}.{row['attempts']}")
    return Draft(row["id"], row["organisation_id"], row["attempts"], outgoing, ids.hash_token(token) if token else None)


async def settle(tx: Tx, draft: Draft, state: State, provider_ref: str | None) -> None:
    """What became of a message that was handed over, or refused for good."""
    await tx.execute(queries.SETTLE, draft.id, state, provider_ref, tx.now)
    if state == "failed" and draft.link_hash is not None:
        await tx.execute(queries.DROP_LINK, draft.link_hash)
    tx.audit("message.settle", "message", draft.id, draft.organisation_id, state=state, channel=draft.outgoing.channel)


async def put_off(tx: Tx, draft: Draft) -> None:
    """Nothing was handed over: its link ends, and it is tried again later, `failed` after the last try."""
    wait = domain.wait_after(draft.attempts)
    if wait is None:
        await settle(tx, draft, "failed", None)
        return
    await tx.execute(queries.PUT_OFF, draft.id, tx.now + wait)
    if draft.link_hash is not None:
        await tx.execute(queries.DROP_LINK, draft.link_hash)


async def give_up_lost(tx: Tx) -> None:
    """What a crash left in `sending` becomes `unknown`."""
    for row in await tx.fetch(queries.LOST, tx.now - domain.LOST_AFTER):
        tx.audit(
            "message.settle", "message", row["id"], row["organisation_id"], state="unknown", channel=row["channel"]
        )


async def messages(
    tx: Tx, appointment_id: UUID | None, state: State | None, limit: int, after: str | None
) -> Page[MessageOut]:
    """Messages, newest first."""
    last = cursor.decode(after, datetime, UUID) or (None, None)
    rows = await tx.fetch(queries.LIST, appointment_id, state, *last, limit + 1)
    page = rows[:limit]
    following = cursor.encode(page[-1]["created_at"], page[-1]["id"]) if len(rows) > limit else None
    return Page(items=[_out(row) for row in page], next_cursor=following)


async def resend(tx: Tx, message_id: UUID) -> MessageOut:
    """Sends a message again, by order of a person. Refused: `WRONG_STATE` while it is under way or when overtaken."""
    row = await tx.fetchrow(queries.LOCK, message_id, tx.now)
    if row is None:
        raise NotFound
    if row["state"] not in domain.AGAIN_BY_HAND or row["overtaken"]:
        raise WrongState(state="overtaken" if row["overtaken"] else row["state"], allowed=[])
    again = await tx.fetchrow(queries.AGAIN, message_id, tx.now)
    assert again is not None
    tx.audit("message.resend", "message", message_id, row["organisation_id"], channel=row["channel"], was=row["state"])
    return _out(again)


def _out(row: asyncpg.Record) -> MessageOut:
    return MessageOut(
        id=row["id"],
        appointment_id=row["appointment_id"],
        appointment_version=row["version"],
        kind=row["kind"],
        channel=row["channel"],
        to=domain.masked(row["recipient"]),
        state=row["state"],
        attempts=row["attempts"],
        due_at=row["due_at"],
        sent_at=row["sent_at"],
    )
