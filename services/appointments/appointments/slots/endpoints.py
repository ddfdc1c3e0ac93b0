"""HTTP of free times."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from appointments.schedules.schemas import LocalTime, Mode
from appointments.slots import service
from appointments.slots.schemas import Days, Name, Slot, SlotsAsked
from maillage.http import ActDep, operation
from maillage.wire import Instant, Page

router = APIRouter(prefix="/v1", tags=["slots"])

Sites = Annotated[list[Name], Query(max_length=50)]
Practitioners = Annotated[list[UUID], Query(max_length=50)]
From = Annotated[Instant | None, Query(alias="from")]
Read = operation("slot.read", public_s=1, timeout_s=5)


@router.get("/slots", response_model=Page[Slot], openapi_extra=Read)
async def list_slots(  # noqa: PLR0913 - one parameter of the query each
    act: ActDep,
    reason: Name,
    mode: Mode | None = None,
    site: Sites = [],  # noqa: B006 - FastAPI copies it
    practitioner: Practitioners = [],  # noqa: B006
    from_: From = None,
    to: Instant | None = None,
    after: LocalTime | None = None,
    before: LocalTime | None = None,
    first_visit: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> Response:
    """Free times by start: several practitioners free at one site and start make one item, the least booked of the
    day first.

    `reason` and `site`: id or code. `from` (now) to `to` (14 days on), at most 62 days. `after`, `before`: local
    hours `HH:MM`. Only what the caller's audience may book now. Refused: 404, 422 `RANGE_TOO_WIDE`, `TIME_INVALID`.
    """
    asked = SlotsAsked(
        reason=reason, mode=mode, site=tuple(site), practitioner=tuple(practitioner), start=from_, end=to,
        after=after, before=before, first_visit=first_visit, limit=limit, cursor=cursor,
    )  # fmt: skip
    return await act.show(service.slots, asked)


@router.get("/days", response_model=Days, openapi_extra=Read)
async def list_days(  # noqa: PLR0913
    act: ActDep,
    reason: Name,
    mode: Mode | None = None,
    site: Sites = [],  # noqa: B006
    practitioner: Practitioners = [],  # noqa: B006
    from_: From = None,
    to: Instant | None = None,
    after: LocalTime | None = None,
    before: LocalTime | None = None,
    first_visit: bool = False,
    limit: Annotated[int, Query(ge=1, le=62)] = 7,
) -> Response:
    """The first `limit` local days with free times, and how many. Parameters and refusals as for `slots`."""
    asked = SlotsAsked(
        reason=reason, mode=mode, site=tuple(site), practitioner=tuple(practitioner), start=from_, end=to,
        after=after, before=before, first_visit=first_visit, limit=limit,
    )  # fmt: skip
    return await act.show(service.days, asked)
