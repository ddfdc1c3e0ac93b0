"""A small territory in the base of appointments, by plain SQL: organisation, site, practitioner, reason, schedule
with rules.

    async with world(database_url) as w:
        centre = await w.organisation()
        autun = await w.site(centre, "autun")
        reason = await w.reason(centre, "consultation")
        doctor = await w.practitioner(centre)
        schedule = await w.schedule(doctor, autun, rule("09:00", "12:00"))      # every day, also on holidays;
        availability follows

Shared by the helpers of the service: add builders, keep those that are there. `w.connection` sees all organisations;
`w.tx()` gives what use cases take. Nothing here is checked as the API would: it plants what a test needs.
"""

import itertools
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from uuid import UUID

import asyncpg

from appointments.schedules import service as schedules
from maillage import clock
from maillage.database import Tx
from maillage.ids import new_id
from maillage.principal import Principal, system
from maillage.settings import ServiceSettings
from tests.harness.days import today

SETTINGS = ServiceSettings()
ALL_AUDIENCES = ("public", "secretariat", "partner", "regulator")
_numbers = itertools.count(1)
Value = object


def rule(start: str, end: str, **fields: Value) -> dict[str, Value]:
    """A rule of opening, by default every day from a fortnight ago, holidays included, open to every audience."""
    return {
        "kind": "clinic",
        "first_date": today() - timedelta(days=14),
        "rrule": "FREQ=DAILY",
        "local_start": time.fromisoformat(start),
        "local_end": time.fromisoformat(end),
        "reason_ids": [],
        "modes": ["on_site"],
        "room_id": None,
        "step_minutes": None,
        "audiences": list(ALL_AUDIENCES),
        "releases": [],
        "on_holidays": True,
        **fields,
    }


class World:
    """Writes rows; each method returns the id of what it made."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.connection = connection

    async def tx(self, principal: Principal | None = None) -> Tx:
        """A Tx outside the kit's: no outbox is written, nothing is rolled back."""
        now = await self.connection.fetchval("SELECT kit_now()")
        assert isinstance(now, datetime)
        return Tx(self.connection, principal or system("appointments"), now, SETTINGS)  # type: ignore[arg-type]

    async def organisation(self, name: str = "Centre", **fields: Value) -> UUID:
        """A health centre of Europe/Paris."""
        return await self._insert("organisation", {"id": new_id(), "name": name, **fields})

    async def site(self, organisation_id: UUID, code: str | None = None, **fields: Value) -> UUID:
        """A site; `code` is unique in its organisation."""
        code = code or f"site-{next(_numbers)}"
        row = {
            "organisation_id": organisation_id,
            "kind": "centre",
            "code": code,
            "name": code.title(),
            "city": code.title(),
        }
        return await self._insert("site", {"id": new_id(), "timezone": "Europe/Paris", **row, **fields})

    async def room(self, organisation_id: UUID, site_id: UUID, *tags: str, kind: str = "room") -> UUID:
        """A room, or equipment, with tags."""
        name = f"{kind} {next(_numbers)}"
        row = {"organisation_id": organisation_id, "kind": kind, "site_id": site_id, "name": name, "tags": list(tags)}
        return await self._insert("resource", {"id": new_id(), **row})

    async def practitioner(self, organisation_id: UUID, profession: str = "physician", **fields: Value) -> UUID:
        """A practitioner with the resource of the same id; no RPPS unless given."""
        who, name = new_id(), f"Essai{next(_numbers)}"
        resource = {"id": who, "organisation_id": organisation_id, "kind": "practitioner", "name": name}
        await self._insert("resource", resource)
        row = {
            "profession": profession,
            "family_name": name,
            "given_name": "Camille",
            "display_name": f"Camille {name}",
        }
        return await self._insert("practitioner", {"id": who, "organisation_id": organisation_id, **row, **fields})

    async def reason(
        self,
        organisation_id: UUID,
        code: str = "consultation",
        *,
        minutes: int = 20,
        modes: Sequence[Mapping[str, Value]] | None = None,
        needs: Sequence[Mapping[str, Value]] = (),
        **fields: Value,
    ) -> UUID:
        """A visit reason for physicians, on site, bookable by all audiences."""
        row = {
            "organisation_id": organisation_id,
            "code": code,
            "label": code,
            "public_label": code,
            "professions": ["physician"],
            "modes": json.dumps(modes or [{"mode": "on_site", "minutes": minutes}]),
            "needs": json.dumps(list(needs)),
            "bookable_by": list(ALL_AUDIENCES),
        }
        return await self._insert(
            "visit_reason", {"id": new_id(), **row, **fields}, jsons=("modes", "needs", "questions")
        )

    async def schedule(self, practitioner_id: UUID, site_id: UUID, *rules: Mapping[str, Value]) -> UUID:
        """A schedule with these rules and the availability of the next 180 days."""
        organisation_id = await self.connection.fetchval(
            "SELECT organisation_id FROM practitioner WHERE id = $1", practitioner_id
        )
        row = {"organisation_id": organisation_id, "practitioner_id": practitioner_id, "site_id": site_id}
        schedule_id = await self._insert("schedule", {"id": new_id(), **row})
        for each in rules:
            values = {"id": new_id(), "organisation_id": organisation_id, "schedule_id": schedule_id, **each}
            values["releases"] = json.dumps(values["releases"])
            await self._insert("opening_rule", values, jsons=("releases",))
        await schedules.refresh(await self.tx(), schedule_id)
        return schedule_id

    async def patient(
        self, organisation_id: UUID, family: str = "Essai", born: str = "1980-01-01", **fields: Value
    ) -> UUID:
        """A patient with a provisional identity."""
        row = {
            "organisation_id": organisation_id,
            "birth_family_name": family,
            "birth_given_names": f"Alex {next(_numbers)}",
        }
        dates = {"birth_date": date.fromisoformat(born), "created_at": clock.now()}
        return await self._insert("patient", {"id": new_id(), **row, **dates, **fields})

    async def booking(
        self, schedule_id: UUID, patient_id: UUID, reason_id: UUID, start: datetime, minutes: int = 20, **fields: Value
    ) -> UUID:
        """A booked visit with its busy row; free time follows."""
        owner = await self.connection.fetchrow("SELECT * FROM schedule WHERE id = $1", schedule_id)
        assert owner is not None
        during = asyncpg.Range(start, start + timedelta(minutes=minutes))
        whose = {name: owner[name] for name in ("organisation_id", "practitioner_id", "site_id")}
        row = {
            "patient_id": patient_id,
            "reason_id": reason_id,
            "schedule_id": schedule_id,
            "mode": "on_site",
            "resource_ids": [owner["practitioner_id"]],
            "during": during,
            "occupied": during,
            "local_date": start.date(),
            "status": "booked",
            "audience": "secretariat",
            "channel": "phone",
            "booked_by": "system:test",
            "created_at": clock.now(),
            "changed_at": clock.now(),
        }
        visit = await self._insert("appointment", {"id": new_id(), **whose, **row, **fields})
        taken = {"organisation_id": owner["organisation_id"], "resource_id": owner["practitioner_id"], "during": during}
        await self._insert("busy", {"id": new_id(), **taken, "appointment_id": visit})
        await self.settle(owner["practitioner_id"])
        return visit

    async def settle(self, practitioner_id: UUID) -> None:
        """Free time made anew from busy rows, as the service keeps it."""
        await self.connection.execute(
            "UPDATE availability SET free = computed_free(practitioner_id, during, closed) WHERE practitioner_id = $1",
            practitioner_id,
        )

    async def _insert(self, table: str, row: Mapping[str, Value], jsons: Sequence[str] = ()) -> UUID:
        places = [f"${n}::text::jsonb" if name in jsons else f"${n}" for n, name in enumerate(row, 1)]
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(places)})"
        await self.connection.execute(sql, *row.values())
        made = row["id"]
        assert isinstance(made, UUID)
        return made


@asynccontextmanager
async def world(database_url: str) -> AsyncIterator[World]:
    """Connects as the service's own role, with sight of all organisations."""
    connection = await asyncpg.connect(database_url, server_settings={"maillage.orgs": "*"})
    try:
        yield World(connection)
    finally:
        await connection.close()
