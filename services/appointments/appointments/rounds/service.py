"""Use cases of rounds: the day's visits outside the centre, their order, and several residents at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.patients.shown import called
from appointments.rounds import domain, queries
from appointments.rounds.schemas import RoundOut, StopOut, WhereOut
from appointments.rounds.where import OUTSIDE
from maillage.database import Tx
from maillage.refusals import NotAllowed, NotFound

READERS = ("telesecretary", "supervisor", "front_desk", "practitioner", "nurse")
"""Addresses of people are for those who go there, and for those who plan it."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Round:
    """A day's visits of one practitioner, by start, with their windows."""

    practitioner_id: UUID
    practitioner: str
    organisation_id: UUID
    day: date
    zone: ZoneInfo
    rows: list[asyncpg.Record]
    windows: dict[UUID, domain.Window | None]

    @property
    def version(self) -> int:
        """Changes with any of its visits."""
        return domain.fingerprint((row["id"], row["version"]) for row in self.rows)


async def show(tx: Tx, practitioner_id: UUID, day: date) -> RoundOut:
    """The round of a local day. Refused: 403 for who neither goes there nor plans it, 404."""
    found = await load(tx, practitioner_id, day)
    tx.audit("round.read", "practitioner", practitioner_id, found.organisation_id, day=day.isoformat())
    # Each of those who are read here by name, address and telephone.
    for patient_id in sorted({row["patient_id"] for row in found.rows}):
        tx.audit("patient.list", "patient", patient_id, found.organisation_id, via="round")
    stops = [_stop(found, rank, row) for rank, row in enumerate(found.rows, 1)]
    return RoundOut(
        practitioner_id=practitioner_id,
        practitioner=found.practitioner,
        day=day,
        version=found.version,
        stops=stops,
    )


async def load(tx: Tx, practitioner_id: UUID, day: date) -> Round:
    """The rows of a round, for whoever may see them."""
    if tx.principal.role not in READERS:
        raise NotAllowed
    who = await tx.fetchrow(queries.PRACTITIONER, practitioner_id)
    if who is None:
        raise NotFound
    windows = [
        domain.Window(row["local_date"], row["start"], row["end"])
        for row in await tx.fetch(queries.WINDOWS, practitioner_id, day - DAY, day, list(OUTSIDE))
    ]
    rows = await tx.fetch(queries.STOPS, practitioner_id, day, day + DAY)
    held = domain.of_day([stop_of(row) for row in rows], windows, day)
    return Round(
        practitioner_id=practitioner_id,
        practitioner=who["display_name"],
        organisation_id=who["organisation_id"],
        day=day,
        zone=ZoneInfo(cast(str, await tx.fetchval(queries.ZONE, practitioner_id))),
        rows=[row for row in rows if row["id"] in held],
        windows=held,
    )


def stop_of(row: asyncpg.Record) -> domain.Stop:
    """A row as the rules see it."""
    local = cast(datetime, row["start"]).astimezone(ZoneInfo(row["timezone"]))
    return domain.Stop(row["id"], row["start"], row["occupied_until"], local.date())


def _stop(found: Round, rank: int, row: asyncpg.Record) -> StopOut:
    window = found.windows[row["id"]]
    return StopOut(
        rank=rank,
        appointment_id=row["id"],
        version=row["version"],
        status=row["status"],
        mode=row["mode"],
        start=row["start"].astimezone(found.zone),
        end=row["end"].astimezone(found.zone),
        patient_id=row["patient_id"],
        display_name=called(row),
        phone=row["phone"] or row["place_phone"],
        where=_where(row),
        window_start=window.start.astimezone(found.zone) if window else None,
        window_end=window.end.astimezone(found.zone) if window else None,
    )


def _where(row: asyncpg.Record) -> WhereOut:
    address = row["visit_address"] or {}
    return WhereOut(
        place=row["place_name"],
        line=address.get("line") or row["address_line"],
        postal_code=address.get("postal_code") or row["postal_code"],
        city=address.get("city") or row["city"],
        access=address.get("access"),
    )
