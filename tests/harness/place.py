"""A health centre behind the front door: rows planted as builders do, staff signed in, and short words for requests."""

from collections.abc import Awaitable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from appointments.directory.domain import luhn_key
from maillage import clock
from maillage.testing import soon
from tests.harness.appointments_world import World, rule, world
from tests.harness.front import API, Front

PARIS = ZoneInfo("Europe/Paris")
ROLES = ("telesecretary", "supervisor", "front_desk", "practitioner", "nurse", "manager")
SECRET_REASON = "Motif-qui-ne-sort-pas"
Json = dict[str, object]


class Place:
    """Site `autun`, reason `consultation` (20 min), a known patient; doctors Ada, who has an account, and Bob, there
    from 9 to 12 and from 14 to 18, and Cyr, there at all hours.
    """

    def __init__(self, door: Front) -> None:
        self.door = door
        self.org = self.site = self.reason = self.ada = self.bob = self.cyr = self.patient = UUID(int=0)
        self.schedules: dict[UUID, UUID] = {}
        self.staff: dict[str, httpx.AsyncClient] = {}

    async def build(self, serial: int, *roles: str) -> "Place":
        """Plants the rows, signs the staff in, and waits until the practitioner's account is known to the centre."""
        body = f"8991{serial:06d}"  # not the numbers of the demonstration
        async with world(self.door.cluster.role_url("appointments")) as w:
            await self._rows(w, body + luhn_key(body))
        self.staff = await self.door.staff(self.org, *(roles or ROLES), rpps={"practitioner": body + luhn_key(body)})
        if "practitioner" in self.staff:
            await soon(self._tied, seconds=30)
        return self

    async def _rows(self, w: World, rpps: str) -> None:
        self.org = await w.organisation(phone="+33199000000")
        self.site = await w.site(self.org, "autun")
        self.reason = await w.reason(self.org, label=SECRET_REASON, public_label=SECRET_REASON)
        self.ada, self.bob = await self._doctor(w, rpps=rpps), await self._doctor(w)
        self.cyr = await self._doctor(w, rule("00:00", "00:00"))
        self.patient = await w.patient(self.org)

    async def _doctor(self, w: World, *rules: Json, rpps: str | None = None) -> UUID:
        who = await w.practitioner(self.org, rpps=rpps)
        self.schedules[who] = await w.schedule(
            who, self.site, *(rules or (rule("09:00", "12:00"), rule("14:00", "18:00")))
        )
        return who

    async def _tied(self) -> bool:
        return (
            await self.count("SELECT count(*) FROM practitioner WHERE id = $1 AND person_id IS NOT NULL", self.ada) == 1
        )

    def moment(self, hour: str, days: int) -> datetime:
        """A local wall time some days ahead."""
        day: date = clock.now().astimezone(PARIS).date() + timedelta(days=days)
        return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=PARIS)

    def slot(self, hour: str, days: int, **fields: object) -> Json:
        """A time with doctor Ada, unless told otherwise; day 3 and later lie beyond every limit."""
        wish = {"reason_id": self.reason, "site_id": self.site, "practitioner_id": self.ada}
        return _json({**wish, "start": self.moment(hour, days), **fields})

    def wish(self, hour: str, days: int, **fields: object) -> Json:
        """The same for the known patient, unless somebody else is named."""
        person = {} if "identity" in fields else {"patient_id": self.patient}
        return self.slot(hour, days, **{**person, **fields})

    async def book(self, role: str, hour: str, days: int, **fields: object) -> Json:
        """A booking that must succeed."""
        return await ok(self.staff[role].post(f"{API}/appointments", json=self.wish(hour, days, **fields)), 201)

    async def doctor(self) -> UUID:
        """One more doctor, there from 9 to 12 and from 14 to 18."""
        async with world(self.door.cluster.role_url("appointments")) as w:
            return await self._doctor(w)

    async def person(self, family: str, **fields: object) -> UUID:
        """One more patient of the centre."""
        async with world(self.door.cluster.role_url("appointments")) as w:
            return await w.patient(self.org, family, **fields)  # type: ignore[arg-type]

    async def count(self, sql: str, *args: object) -> int:
        """A number from the base of appointments."""
        rows = await self.door.cluster.rows("appointments", sql, *args)
        return int(rows[0][0])


async def ok(sent: Awaitable[httpx.Response], status: int = 200) -> Json:
    """The answer's members, once it has this status."""
    answer = await sent
    assert answer.status_code == status, answer.text
    members: Json = answer.json() if answer.content else {}
    return members


async def refused(sent: Awaitable[httpx.Response], status: int, code: str) -> Json:
    """The members of a refusal, once it has this status and code and the shape of RFC 9457."""
    answer = await sent
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    members: Json = answer.json()
    assert (answer.status_code, members["code"]) == (status, code), answer.text
    assert members["title"]
    assert members["detail"]
    return members


def _json(fields: dict[str, object]) -> Json:
    return {name: _plain(value) for name, value in fields.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
