"""Wire types of continuity plans."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from cooperation.issues.wording import StaffNote
from maillage.wire import Instant, Line, Wire


class ProviderIn(Wire):
    """The pharmacy that sterilises meanwhile; `place_id`: where it is."""

    name: Line
    place_id: UUID


class PlanIn(Wire):
    """`authorisation`: of the provider's pharmacy for this activity. `planned_days`: 1 to 366 local days, today the
    first. `ars_notice_ref`, `ars_told_at`: the notice to the health agency, and when it was given."""

    provider: ProviderIn
    authorisation: Line
    reason: StaffNote
    planned_days: Annotated[int, Field(ge=1, le=366)]
    ars_notice_ref: Line
    ars_told_at: Instant


class PlanOut(Wire):
    """A plan. `planned_until`: its last local day."""

    id: UUID
    state: Literal["active", "ended"]
    provider_name: str
    provider_place: UUID
    authorisation: str
    reason: str
    planned_days: int
    planned_until: date
    ars_notice_ref: str
    ars_told_at: datetime
    created_at: datetime
    ended_at: datetime | None
    version: int
