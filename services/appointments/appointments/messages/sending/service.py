"""Use cases of the messages' worker: due ones are taken up, made from the rows as they now are, and settled.

`sending` is committed before the provider is called. What a crash leaves in that state becomes `unknown`: perhaps sent,
never sent a second time by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import asyncpg

from appointments.calendar import service as calendar
from appointments.messages import domain, texts
from appointments.messages.receipts import queries as receipts
from appointments.messages.receipts import service as receipt
from appointments.messages.schemas import State
from appointments.messages.sending import queries
from maillage import ids
from maillage.database import Tx
from maillage.messages import CalendarFile, Outgoing

_SURE = frozenset({"confirmation", "moved", "reminder", "by_phone", "cancelled"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A message taken up: what to hand over, and the link in it, which ends if nothing leaves."""

    id: UUID
    organisation_id: UUID
    attempts: int
    outgoing: Outgoing
    link_hash: bytes | None


async def claim(tx: Tx, public_url: str, limit: int) -> list[Draft]:
    """Takes due messages up and makes their texts from the rows as they now are, each with a new link."""
    usual = domain.Rhythm(())
    asked = (tx.now, limit, usual.quiet_from, usual.quiet_to)
    rows = await tx.fetch(queries.CLAIM, *asked) + await tx.fetch(queries.CLAIM_OFFERS, *asked)
    to = await _recipients(tx, rows)
    rows = [row for row in rows if row["id"] in to]
    tokens = {row["id"]: ids.new_token() for row in rows if row["kind"] != "cancelled" and row["channel"] != "voice"}
    linked = [row for row in rows if row["id"] in tokens]
    await tx.execute(
        queries.ADD_LINKS,
        [ids.hash_token(tokens[row["id"]]) for row in linked],
        [row["organisation_id"] for row in linked],
        [row["appointment_id"] for row in linked],
        [None if row["appointment_id"] else row["ref_id"] for row in linked],
        [row["link_until"] for row in linked],
        tx.now,
    )
    return [_draft(row, to[row["id"]], tokens.get(row["id"]), public_url) for row in rows]


async def _recipients(tx: Tx, rows: Sequence[asyncpg.Record]) -> Mapping[UUID, str]:
    """Where each of these goes: files change between the planning of a reminder and its day. What nobody can be told by
    its channel any more has failed.
    """
    to: dict[UUID, str] = {row["id"]: row["recipient"] for row in rows}
    for row in await tx.fetch(queries.READDRESS, list(to), tx.now) if to else ():
        to[row["id"]] = row["recipient"]
        if row["state"] == "failed":
            del to[row["id"]]
            tx.audit(
                "message.settle", "message", row["id"], row["organisation_id"], state="failed", channel=row["channel"]
            )
            await receipt.settled(tx, row)
    return to


def _draft(row: asyncpg.Record, recipient: str, token: str | None, public_url: str) -> Draft:
    page = "g" if row["appointment_id"] else "o"
    english = "?langue=en" if row["language"] == "en" else ""
    path = f"/rdv/{page}/{token}" if token else "/rdv"
    facts = _facts(row, f"{public_url.rstrip('/')}{path}{english}")
    channel = row["channel"]
    said = texts.subject(facts), texts.body(channel, facts)
    ref = f"{row['id']}.{domain.attempt_of(row['resent'], row['attempts'])}"
    file = _calendar(row, public_url) if channel == "email" else None
    outgoing = Outgoing(channel, recipient, *said, ref=ref, calendar=file)
    return Draft(row["id"], row["organisation_id"], row["attempts"], outgoing, ids.hash_token(token) if token else None)


def _facts(row: asyncpg.Record, link: str) -> texts.Facts:
    proposed = None
    if row["proposed_start"] is not None:
        proposed = texts.Proposed(row["proposed_start"], row["proposed_mode"], row["proposed_site"])
    return texts.Facts(
        kind=row["kind"],
        language=row["language"],
        start=row["start"],
        zone=row["timezone"],
        mode=row["mode"],
        site=row["site_name"],
        address=_address(row),
        organisation=row["organisation_name"],
        phone=row["phone"],
        link=link,
        pending=row["status"] == "pending",
        proposed=proposed,
        answer_before=row["answer_before"],
        visits=row["visits"] or (),
    )


def _address(row: asyncpg.Record) -> str:
    town = " ".join(part for part in (row["postal_code"], row["city"]) if part)
    return ", ".join(part for part in (row["address_line"], town) if part)


def _calendar(row: asyncpg.Record, public_url: str) -> CalendarFile | None:
    """The visit as a calendar file, with a mail that is sure of it; its cancellation takes it out again."""
    if row["kind"] not in _SURE:
        return None
    visit = calendar.Visit(
        id=row["appointment_id"],
        version=row["version"],
        status=row["status"],
        mode=row["mode"],
        start=row["start"],
        end=row["end"],
        changed_at=row["changed_at"],
        timezone=row["timezone"],
        site=row["site_name"],
        location=", ".join(part for part in (row["site_name"], _address(row)) if part),
        phone=row["phone"],
    )
    method: Literal["PUBLISH", "CANCEL"] = "CANCEL" if row["kind"] == "cancelled" else "PUBLISH"
    return CalendarFile(method, "rendez-vous.ics", calendar.text_of(visit, row["language"], public_url, method))


async def settle(tx: Tx, draft: Draft, state: State, provider_ref: str | None) -> None:
    """What became of a message that was handed over, or refused for good; and what receipts, quicker than this, have
    already said of it.
    """
    await tx.execute(receipts.ONE_AT_A_TIME, provider_ref or draft.outgoing.ref)
    row = await tx.fetchrow(queries.SETTLE, draft.id, state, provider_ref, tx.now)
    if state == "failed" and draft.link_hash is not None:
        await tx.execute(queries.DROP_LINK, draft.link_hash)
    tx.audit("message.settle", "message", draft.id, draft.organisation_id, state=state, channel=draft.outgoing.channel)
    if row is not None:
        await receipt.settled(tx, row)


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
        await receipt.settled(tx, row)
