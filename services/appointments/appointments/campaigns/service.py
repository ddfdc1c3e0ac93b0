"""Use cases of campaigns: a draft with times held, then told, then read until nothing is left to settle."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.callers import audience_of
from appointments.campaigns import items, proposals, queries
from appointments.campaigns.domain import answer_until
from appointments.campaigns.errors import NothingToMove
from appointments.campaigns.following import MOST, begin
from appointments.campaigns.schemas import (
    CampaignIn,
    CampaignItem,
    CampaignOut,
    CampaignState,
    Counts,
    ItemOut,
    ItemState,
    ProposalOut,
    SendIn,
)
from appointments.holds import service as holds
from appointments.messages import service as messages
from appointments.messages.domain import due_when_spoken
from appointments.messages.planned import ProposalToTell, rhythm_of
from appointments.schedules.service import may_write
from maillage import cursor
from maillage.database import Tx
from maillage.refusals import NotAllowed, NotFound, TimeInvalid, VersionStale, WrongState
from maillage.wire import Page

LATEST = timedelta(days=14)
FOR_CALLS = timedelta(hours=1)
"""So long after the deadline the proposed times stay kept: for whoever calls those who have not answered."""
SOONEST = timedelta(hours=1)
"""Who hears of it later than this before his visit, after the quiet hours, is called instead."""
LIVE = ("held", "identified")
PAGE = 500


async def create(tx: Tx, given: CampaignIn) -> CampaignOut:
    """A draft with another time held for each visit, or sent at once. Refused: 404, 403, `NOTHING_TO_MOVE`,
    `TIME_INVALID`.
    """
    if not of_the_centre(tx):
        raise NotAllowed
    _judged(tx, given.deadline)
    hit = await _hit(tx, given)
    for row in hit:
        may_write(tx, row["organisation_id"], row["person_id"])
    campaign_id = await begin(tx, given.cause, given.cause_id, hit, given.deadline) if hit else None
    if campaign_id is None:
        raise NothingToMove(campaign_id=await _who_has_them(tx, given))
    await proposals.propose(tx, campaign_id, hit[0]["organisation_id"])
    if given.send:
        await _tell(tx, await _locked(tx, campaign_id, None), given.deadline)
    return await read(tx, campaign_id)


async def prepare(tx: Tx, campaign_id: UUID, if_match: int | None) -> CampaignOut:
    """Holds a time for each visit of a draft that has none, for two hours. Refused: 404, 412, `WRONG_STATE`."""
    campaign = await _locked(tx, campaign_id, if_match)
    await proposals.propose(tx, campaign_id, campaign["organisation_id"])
    tx.audit("campaign.prepare", "campaign", campaign_id, campaign["organisation_id"])
    await items.touch(tx, campaign_id)
    return await read(tx, campaign_id)


async def send(tx: Tx, campaign_id: UUID, given: SendIn, if_match: int | None) -> CampaignOut:
    """Tells the patients, and asks for a call where a message is too late or reaches nobody. Refused: 404, 412,
    `WRONG_STATE`, `TIME_INVALID`.
    """
    _judged(tx, given.deadline)
    campaign = await _locked(tx, campaign_id, if_match)
    await proposals.propose(tx, campaign_id, campaign["organisation_id"])  # what an old draft has given back
    kept = campaign["deadline"] if campaign["deadline"] and campaign["deadline"] > tx.now else None
    await _tell(tx, campaign, given.deadline or kept)
    return await read(tx, campaign_id)


def _judged(tx: Tx, deadline: datetime | None) -> None:
    if deadline is not None and not tx.now < deadline <= tx.now + LATEST:
        raise TimeInvalid(pointer="/deadline")


async def _hit(tx: Tx, given: CampaignIn) -> list[asyncpg.Record]:
    """The appointments that the campaign is about, locked."""
    if given.appointment_ids is not None:
        rows = await tx.fetch(queries.OF_IDS, given.appointment_ids, tx.now, given.cause != "other")
        if len({row["organisation_id"] for row in rows}) > 1:
            raise NotFound(pointer="/appointment_ids")
        return rows
    sources = {"absence": queries.ABSENCE, "closure": queries.CLOSURE, "schedule": queries.SCHEDULE}
    cause = await tx.fetchrow(sources[given.cause], given.cause_id)
    if cause is None:
        raise NotFound(pointer="/cause_id")
    where = cause["practitioner_id"], cause["site_id"]
    return await tx.fetch(queries.IN_CONFLICT, *where, max(cause["start"], tx.now), cause["end"], MOST)


async def _who_has_them(tx: Tx, given: CampaignIn) -> str | None:
    found = (
        await tx.fetchval(queries.LIVE_CAMPAIGN_OF, given.appointment_ids)
        if given.appointment_ids
        else await tx.fetchval(queries.LIVE_CAMPAIGN_BY_CAUSE, given.cause_id)
    )
    return str(found) if found else None


async def _locked(tx: Tx, campaign_id: UUID, if_match: int | None) -> asyncpg.Record:
    """A draft, all of it locked. Refused: 404, 412, 403 for another's visits with reach `s`, `WRONG_STATE`."""
    await tx.fetch(queries.LOCK_ITEMS, campaign_id)
    campaign = await tx.fetchrow(queries.LOCK, campaign_id)
    if campaign is None:
        raise NotFound
    for row in await tx.fetch(queries.WHOSE, campaign_id):
        may_write(tx, campaign["organisation_id"], row["person_id"])
    if if_match is not None and if_match != campaign["version"]:
        raise VersionStale(version=campaign["version"])
    if campaign["state"] != "draft":
        raise WrongState(state=campaign["state"], allowed=[])
    return campaign


async def _tell(tx: Tx, campaign: asyncpg.Record, wanted: datetime | None) -> None:
    """Messages to whom there is time for one and another time to propose; calls for the others, in order of start."""
    under = timedelta(minutes=campaign["settings"].get("call_under_minutes", 180))
    heard = due_when_spoken(tx.now, campaign["timezone"], rhythm_of(campaign["settings"]))
    rows = await tx.fetch(queries.TO_TELL, campaign["id"])
    earliest = max(tx.now + under, heard + SOONEST)
    in_time = [row for row in rows if row["hold_state"] in LIVE and row["start"] >= earliest]
    first = min((row["start"] for row in in_time), default=None)
    deadline = wanted or (answer_until(heard, tx.now, first) if first else None)
    await tx.execute(queries.SEND, campaign["id"], deadline, tx.now)
    until = (deadline or tx.now + proposals.DRAFT_KEPT) + FOR_CALLS
    await holds.keep_until(tx, [row["hold_id"] for row in rows if row["hold_id"]], until)
    told = await _told(tx, [row for row in in_time if deadline is not None and row["start"] > deadline])
    for row in rows:
        if row["id"] not in told:
            await items.ask(tx, row, under)
    facts = {"told": len(told), "of": len(rows)}
    tx.audit("campaign.send", "campaign", campaign["id"], campaign["organisation_id"], **facts)
    await items.touch(tx, campaign["id"])


async def _told(tx: Tx, rows: Sequence[asyncpg.Record]) -> set[UUID]:
    """The items whose patients will hear of their proposal."""
    await tx.execute(queries.PROPOSED, [row["id"] for row in rows])
    reached = set()
    for row in rows:
        if await messages.plan_proposal(tx, ProposalToTell(row["id"], row["round"] + 1, row["appointment_id"])):
            reached.add(cast(UUID, row["id"]))
    return reached


# --- reading ------------------------------------------------------------------------------------------------------


def of_the_centre(tx: Tx) -> bool:
    """Campaigns are the centre's and its telesecretaries': for others who write appointments there are none."""
    return audience_of(tx.principal) == "secretariat"


async def listed(tx: Tx, state: CampaignState | None, limit: int, after: str | None) -> Page[CampaignItem]:
    """Campaigns, newest first."""
    if not of_the_centre(tx):
        return Page(items=[])
    last = cursor.decode(after, UUID)
    rows = await tx.fetch(queries.LIST, state, last[0] if last else None, limit + 1)
    shown = [CampaignItem.model_validate(_fields(row)) for row in rows[:limit]]
    return Page(items=shown, next_cursor=cursor.encode(shown[-1].id) if len(rows) > limit else None)


async def read(
    tx: Tx, campaign_id: UUID, state: ItemState | None = None, limit: int = PAGE, after: str | None = None
) -> CampaignOut:
    """One campaign with a page of its items. Refused: 404."""
    row = await tx.fetchrow(queries.ONE, campaign_id)
    if row is None or not of_the_centre(tx):
        raise NotFound
    last = cursor.decode(after, UUID)
    rows = await tx.fetch(queries.ITEMS, campaign_id, state, last[0] if last else None, limit + 1)
    shown = [item_out(each) for each in rows[:limit]]
    following = cursor.encode(shown[-1].id) if len(rows) > limit else None
    return CampaignOut.model_validate({**_fields(row), "items": shown, "next_cursor": following})


def _fields(row: asyncpg.Record) -> dict[str, object]:
    fields: dict[str, object] = {name: row[name] for name in CampaignItem.model_fields if name != "counts"}
    return fields | {"counts": Counts(**{name: row[name] for name in Counts.model_fields})}


def item_out(row: asyncpg.Record) -> ItemOut:
    """One item as it travels, times with the local offset of their site."""
    zone = ZoneInfo(row["timezone"])
    names = set(ItemOut.model_fields) - {"start", "end", "proposal"}
    fields: dict[str, object] = {name: row[name] for name in names}
    local = {"start": row["start"].astimezone(zone), "end": row["end"].astimezone(zone)}
    return ItemOut.model_validate({**fields, **local, "proposal": _proposal(row)})


def _proposal(row: asyncpg.Record) -> ProposalOut | None:
    if row["hold_id"] is None:
        return None
    zone = ZoneInfo(row["new_timezone"])
    return ProposalOut(
        start=row["new_start"].astimezone(zone),
        end=row["new_end"].astimezone(zone),
        practitioner_id=row["new_practitioner_id"],
        site_id=row["new_site_id"],
        until=row["new_until"],
    )
