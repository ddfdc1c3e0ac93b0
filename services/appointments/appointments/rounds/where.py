"""Where a visit outside the centre is: judged when it is booked."""

from typing import Final
from uuid import UUID

from appointments.appointments.domain import Audience
from appointments.appointments.schemas import VisitAddress
from appointments.rounds import queries
from appointments.rounds.errors import AddressRequired, PlaceRequired
from maillage.database import Tx
from maillage.refusals import Invalid, NotFound

OUTSIDE: Final = ("home", "care_home")


def check_address(mode: str) -> None:
    """Only a visit at home has an address of its own. Refused: `INVALID`."""
    if mode != "home":
        raise Invalid(pointer="/visit_address")


async def check(
    tx: Tx, mode: str, place_id: UUID | None, address: VisitAddress | None, audience: Audience, organisation_id: UUID
) -> None:
    """A home visit has an address or a place, a care-home visit its place, which is the centre's.

    Refused: `ADDRESS_REQUIRED`, `PLACE_REQUIRED`; `NOT_FOUND` for the public, to whom care homes are not open.
    """
    if mode == "care_home" and audience == "public":
        raise NotFound
    if mode == "home" and place_id is None and address is None:
        raise AddressRequired(pointer="/visit_address")
    if mode == "care_home" and place_id is None:
        raise PlaceRequired(pointer="/place_id")
    if place_id is not None and not await tx.fetchval(queries.PLACE_KNOWN, place_id, organisation_id):
        raise PlaceRequired(pointer="/place_id")
