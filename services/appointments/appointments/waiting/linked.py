"""Offers by the link in their message: the birth date first, then the same use cases as everybody's."""

from uuid import UUID
from zoneinfo import ZoneInfo

from appointments.links import service as links
from appointments.waiting import answering, queries, service
from appointments.waiting.schemas import OfferSeen
from maillage.database import Tx
from maillage.refusals import NotFound


async def seen(tx: Tx, token: str) -> OfferSeen | None:
    """The offer of a link; None while it asks the birth date. Refused: `NOT_FOUND`, `LINK_LOCKED` 410."""
    link = await links.look(tx, token)
    if not link.open:
        return None
    row = None if link.offer_id is None else await tx.fetchrow(queries.SEEN, link.offer_id)
    if row is None:
        raise NotFound
    zone = ZoneInfo(row["zone"])
    fields = {name: row[name] for name in OfferSeen.model_fields}
    times = {name: row[name].astimezone(zone) for name in ("start", "end", "expires_at")}
    late = row["state"] == "sent" and row["expires_at"] <= tx.now
    return OfferSeen.model_validate({**fields, **times, "state": "expired" if late else row["state"]})


async def accept(tx: Tx, token: str) -> None:
    """Yes. Refused as `answering.accept`."""
    offer_id = await _granted(tx, token)
    await answering.accept(tx, offer_id, granted=offer_id)


async def give_up_unfit(tx: Tx, token: str) -> None:
    """After a yes that was refused by a rule."""
    offer_id = await _granted(tx, token)
    await answering.give_up_unfit(tx, offer_id, granted=offer_id)


async def decline(tx: Tx, token: str) -> None:
    """No. Refused as `answering.decline`."""
    offer_id = await _granted(tx, token)
    await answering.decline(tx, offer_id, granted=offer_id)


async def leave(tx: Tx, token: str) -> None:
    """Off the list; with the offer, if it is still live. Refused as `service.withdraw`."""
    offer = await seen(tx, token)
    if offer is None:
        raise NotFound
    await service.withdraw(tx, offer.entry_id, granted=offer.entry_id)


async def _granted(tx: Tx, token: str) -> UUID:
    """The offer of a link that this visitor has opened."""
    link = await links.look(tx, token)
    if link.offer_id is None:
        raise NotFound
    return link.offer_id
