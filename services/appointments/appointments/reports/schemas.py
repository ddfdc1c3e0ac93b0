"""Wire types of reports. Shares lie between 0 and 1, null where nothing was counted."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import ConfigDict, Field

from maillage.wire import Wire


class Asked(Wire):
    """`from`, `to`: local days, both included, 400 at most. `practitioner`, `site`: only theirs."""

    OF_TEXT = True

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)

    from_: date = Field(alias="from")
    to: date
    practitioner: UUID | None = None
    site: UUID | None = None


class Row(Wire):
    """What every row begins with. `key`: the id, day (Monday of a week), month or word that the row is about; `label`:
    its name. `few`: a sensitive reason with fewer than five patients, whose figures are null.
    """

    key: str
    label: str
    few: bool = False


class ActivityRow(Row):
    """Visits of the period by what became of them, how they came about, and how they were booked.

    `visits`: all but those keyed by mistake. `booked`: still to come, or not closed yet. `late`: cancelled under the
    centre's limit. `first_visits`: seen for the first time. `unscheduled_share`: of the visits that were not cancelled.
    """

    visits: int | None = None
    booked: int | None = None
    fulfilled: int | None = None
    cancelled: int | None = None
    late: int | None = None
    noshow: int | None = None
    unscheduled: int | None = None
    unscheduled_share: float | None = None
    phone: int | None = None
    online: int | None = None
    desk: int | None = None
    partner: int | None = None
    sas: int | None = None
    overbooked: int | None = None
    walk_ins: int | None = None
    first_visits: int | None = None


class ActivityReport(Wire):
    """One row per group."""

    rows: Sequence[ActivityRow]


class MissedRow(Row):
    """Visits that were due: kept or missed. `missed_share`: missed of due; `late_share`: late cancellations of due and
    late cancelled.
    """

    due: int | None = None
    missed: int | None = None
    excused: int | None = None
    missed_share: float | None = None
    late: int | None = None
    late_share: float | None = None


class Freed(Wire):
    """Times of the period that came free and were offered to the waiting list; those that somebody took."""

    freed: int
    retaken: int
    share: float | None


class MissedReport(Wire):
    """One row per group, and what became of freed times."""

    rows: Sequence[MissedRow]
    freed: Freed


class AccessRow(Row):
    """Access for one reason (`key`) at one site. `third_next_days`: from now to the third next free time, null when
    there are fewer than three within 62 days. `seen`: visits of the period that took place; `within_48h_share`: of
    those, booked at most 48 hours before. `waiting`: people on the waiting list now, who may wait for several sites.
    """

    site_id: UUID
    site: str
    third_next_days: float | None = None
    seen: int | None = None
    within_48h_share: float | None = None
    waiting: int | None = None
    oldest_wait_days: int | None = None


class WindowRow(Row):
    """Minutes of one kind of window (`key`) at one site in the period: opened (what was closed left out), used."""

    site_id: UUID
    site: str
    opened_minutes: int
    used_minutes: int
    fill_share: float | None


class AccessReport(Wire):
    """By reason and site; and how the opened time was used."""

    rows: Sequence[AccessRow]
    windows: Sequence[WindowRow]
