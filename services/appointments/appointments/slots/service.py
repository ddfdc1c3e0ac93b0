"""Use cases of free times: the search, days with room, and alternatives to a time that is gone."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from appointments.callers import audience_of
from appointments.slots import queries, search
from appointments.slots.domain import Item, Key, at
from appointments.slots.errors import RangeTooWide
from appointments.slots.schemas import Day, Days, Slot, SlotsAsked, Wish
from appointments.slots.search import Search
from maillage import cursor as cursors
from maillage.database import Tx
from maillage.refusals import CursorInvalid, NotFound, TimeInvalid
from maillage.wire import Page

WIDEST = timedelta(days=62)
USUAL = timedelta(days=14)
DAY = timedelta(days=1)
LAST_MINUTE = 200 * 366 * 1440
AHEAD_FOR_ALTERNATIVES = timedelta(days=28)


async def slots(tx: Tx, asked: SlotsAsked) -> Page[Slot]:
    """Free times by start, then site: never past, only what the caller's audience may book now.

    Refused: 404 for a reason that is not there or closed to this audience, or an unknown site; `RANGE_TOO_WIDE`,
    `TIME_INVALID`.
    """
    question, key = await _question(tx, asked), _key(asked.cursor)
    if question is not None and key is not None:
        question = replace(question, start=max(question.start, at(key.start)))
    if question is None or question.start >= question.end:
        return Page[Slot](items=[])
    items, zones = await search.first(tx, question, asked.limit, key)
    full = len(items) == asked.limit
    return Page[Slot](
        items=await _shown(tx, items, zones), next_cursor=cursors.encode(*items[-1].key) if full else None
    )


def _key(cursor: str | None) -> Key | None:
    parts = cursors.decode(cursor, int, UUID, str)
    if parts is None:
        return None
    start, site_id, mode = parts
    if not isinstance(start, int) or not isinstance(site_id, UUID) or not 0 <= start < LAST_MINUTE:
        raise CursorInvalid(pointer="?cursor")
    return Key(start, site_id, str(mode))


async def days(tx: Tx, asked: SlotsAsked) -> Days:
    """The first `limit` local days with at least one free time, each with how many. Refused as for `slots`."""
    question = await _question(tx, asked)
    if question is None:
        return Days(items=[])
    found: list[Day] = []
    day = question.start.astimezone(UTC).date() - DAY
    last = question.end.astimezone(UTC).date() + DAY
    while day <= last and len(found) < asked.limit:
        week = [one for n in range(7) if (one := day + n * DAY) <= last]
        counts = await search.of_days(tx, question, week)
        found += [Day(date=one, times=times) for one, times in counts.items() if times]
        day = week[-1] + DAY
    return Days(items=found[: asked.limit])


async def alternatives(tx: Tx, wish: Wish, n: int = 5) -> list[JsonValue]:
    """Up to `n` free times like a wished one that is gone, from then on: same doctor first, then anybody at the site.

    As the member `alternatives` of a refusal: the shape of `Slot`.
    """
    asked = SlotsAsked(
        reason=str(wish.reason_id),
        mode=wish.mode,
        site=(str(wish.site_id),),
        start=max(wish.start, tx.now),
        end=max(wish.start, tx.now) + AHEAD_FOR_ALTERNATIVES,
        first_visit=wish.first_visit,
        limit=n,
    )
    found: list[Slot] = []
    if wish.practitioner_id is not None:
        found += (await slots(tx, asked.model_copy(update={"practitioner": (wish.practitioner_id,)}))).items
    if len(found) < n:
        starts = {slot.start for slot in found}
        found += [slot for slot in (await slots(tx, asked)).items if slot.start not in starts]
    return [slot.model_dump(mode="json") for slot in found[:n]]


async def _question(tx: Tx, asked: SlotsAsked) -> Search | None:
    """The question with reasons and sites found and its range cut to what may be booked; None when nothing is left of
    it.
    """
    audience = audience_of(tx.principal)
    rows = await tx.fetch(queries.REASONS, _uuid(asked.reason), asked.reason, audience)
    if not rows:
        raise NotFound(pointer="?reason")
    reasons = {row["organisation_id"]: search.reason_of(row, first_visit=asked.first_visit) for row in rows}
    start, end = _range(asked, tx.now)
    soonest = min(reason.min_notice for reason in reasons.values())
    furthest = max(reason.max_ahead for reason in reasons.values())
    start, end = max(start, tx.now + soonest), min(end, tx.now + furthest)
    modes = (
        (asked.mode,) if asked.mode else tuple(sorted({mode for reason in reasons.values() for mode in reason.lengths}))
    )
    who = _who(asked, reasons.values())
    if start >= end or who == ():
        return None
    return Search(
        reasons=reasons,
        modes=modes,
        audience=audience,
        now=tx.now,
        start=start,
        end=end,
        sites=await _sites(tx, asked.site),
        practitioners=who,
        after=search.minutes_of(asked.after),
        before=search.minutes_of(asked.before),
    )


def _who(asked: SlotsAsked, reasons: Collection[search.Reason]) -> tuple[UUID, ...] | None:
    """The practitioners asked for; under a protocol, only nurses who take part in it. None: anybody."""
    delegations = [reason.delegation for reason in reasons if reason.delegation is not None]
    if len(delegations) < len(reasons):
        return asked.practitioner or None
    nurses = frozenset().union(*(delegation.nurses for delegation in delegations))
    return tuple(sorted(nurses.intersection(asked.practitioner) if asked.practitioner else nurses))


def _range(asked: SlotsAsked, now: datetime) -> tuple[datetime, datetime]:
    start = asked.start or now
    end = asked.end or max(start, now) + USUAL
    if end <= start:
        raise TimeInvalid(pointer="?to")
    if end - max(start, min(now, end)) > WIDEST:
        raise RangeTooWide(pointer="?to")
    return start, end


async def _sites(tx: Tx, names: Sequence[str]) -> tuple[UUID, ...] | None:
    if not names:
        return None
    ids = [found for name in names if (found := _uuid(name)) is not None]
    rows = await tx.fetch(queries.SITES, ids, list(names))
    if not rows:
        raise NotFound(pointer="?site")
    return tuple(sorted(row["id"] for row in rows))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _shown(tx: Tx, items: Sequence[Item], zones: dict[UUID, str]) -> list[Slot]:
    """Items as they travel: with the local offset of the site, the least booked practitioner of the day first."""
    days_ = {item.key: search.local_day(zones[item.key.site_id], item.key.start) for item in items}
    booked = await _booked(tx, items, sorted(set(days_.values())))
    shown = []
    for item in items:
        zone = ZoneInfo(zones[item.key.site_id])
        minutes = {who: booked.get((who, days_[item.key]), 0) for who in item.practitioners}
        shown.append(
            Slot(
                start=at(item.key.start).astimezone(zone),
                end=at(item.end).astimezone(zone),
                mode=item.key.mode,  # type: ignore[arg-type]
                site_id=item.key.site_id,
                practitioners=list(item.ordered(minutes).practitioners),
            )
        )
    return shown


async def _booked(tx: Tx, items: Sequence[Item], days_: Sequence[date]) -> dict[tuple[UUID, date], int]:
    """Minutes that each practitioner of a shared item has given away on each of the days; read only when there is a
    choice.
    """
    who = sorted({p for item in items if len(item.practitioners) > 1 for p in item.practitioners})
    if not who:
        return {}
    since = datetime.combine(days_[0], datetime.min.time(), tzinfo=UTC) - timedelta(days=1)
    until = datetime.combine(days_[-1], datetime.min.time(), tzinfo=UTC) + timedelta(days=3)
    rows = await tx.fetch(queries.BOOKED_MINUTES, who, list(days_), since, until)
    return {(row["practitioner_id"], row["local_date"]): row["minutes"] for row in rows}
