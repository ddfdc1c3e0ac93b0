"""A health centre with two doctors and the door to its service: what tests of holds and appointments stand on."""

import json
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import Running
from tests.harness import people
from tests.harness.appointments_world import World, rule

PARIS = ZoneInfo("Europe/Paris")
Json = dict[str, object]


class Clinic:
    """Site `autun`, reason `consultation` (20 min), doctors `ada` and `bob` there from 9 to 12 and from 14 to 18,
    patient `pat`.

    `desk` is a telesecretary of another firm who acts for the centre, `front` its front desk.
    """

    def __init__(self, running: Running, w: World) -> None:
        self.running, self.w = running, w
        self.org = self.site = self.reason = self.ada = self.bob = self.pat = UUID(int=0)
        self.schedules: dict[UUID, UUID] = {}
        self._clients: dict[str, httpx.AsyncClient] = {}
        self.desk = self.front = people.visitor()

    async def build(self, **reason: object) -> Self:
        """Writes the rows."""
        self.org = await self.w.organisation()
        self.desk = people.telesecretary(new_id(), self.org)
        self.front = people.front_desk(self.org)
        self.site = await self.w.site(self.org, "autun")
        self.reason = await self.w.reason(self.org, **reason)  # type: ignore[arg-type]
        self.ada, self.bob = await self.doctor(), await self.doctor()
        self.pat = await self.w.patient(self.org)
        return self

    async def doctor(self, *rules: Json, **fields: object) -> UUID:
        """One more practitioner at the site, by default from 9 to 12 and from 14 to 18 in the next two months: what is
        asked of the days after that is asked with rules of its own, for each day costs every test its rows."""
        who = await self.w.practitioner(self.org, **fields)  # type: ignore[arg-type]
        days = f"FREQ=DAILY;UNTIL={self.day(60):%Y%m%d}"
        usual = (rule("09:00", "12:00", rrule=days), rule("14:00", "18:00", rrule=days))
        self.schedules[who] = await self.w.schedule(who, self.site, *(rules or usual))
        return who

    async def awake(self) -> None:
        """Quiet hours that are not now: a test that sends something at once runs at any time of the day."""
        begins = (clock.now().astimezone(PARIS) + timedelta(hours=8)).hour
        quiet = json.dumps({"quiet_from": f"{begins:02d}:00", "quiet_to": f"{(begins + 1) % 24:02d}:00"})
        await self.w.connection.execute(
            "UPDATE organisation SET settings = coalesce(settings, '{}') || $2::jsonb WHERE id = $1", self.org, quiet
        )

    def at(self, hour: str, days: int = 3) -> str:
        """A local wall time some days ahead, as it travels: day 3 lies beyond every notice and late limit."""
        return self.moment(hour, days).isoformat()

    def moment(self, hour: str, days: int = 3) -> datetime:
        """The same as an instant."""
        hours, minutes = hour.split(":")
        day = self.day(days)
        return datetime(day.year, day.month, day.day, int(hours), int(minutes), tzinfo=PARIS)

    def day(self, days: int = 3) -> date:
        """The local day some days ahead."""
        return clock.now().astimezone(PARIS).date() + timedelta(days=days)

    def slot(self, hour: str, days: int = 3, **fields: Any) -> Json:
        """A time with doctor Ada, unless told otherwise."""
        wish = {"reason_id": str(self.reason), "site_id": str(self.site), "practitioner_id": str(self.ada)}
        return {**wish, "start": self.at(hour, days), **_json(fields)}

    def wish(self, hour: str, days: int = 3, **fields: Any) -> Json:
        """The same for patient Pat."""
        person = {} if "identity" in fields else {"patient_id": str(self.pat)}
        return self.slot(hour, days, **{**person, **fields})

    async def post(
        self, path: str, body: Json | None = None, *, by: Principal | None = None, **headers: str
    ) -> httpx.Response:
        """As the telesecretary, unless told otherwise. `key="…"` is the Idempotency-Key, `if_match="…"` the version."""
        sent = {name.replace("_", "-"): value for name, value in headers.items() if name != "key"}
        if "key" in headers:
            sent["Idempotency-Key"] = headers["key"]
        return await self._client(by or self.desk).post(f"/v1/{path}", json=body, headers=sent)

    async def get(self, path: str, *, by: Principal | None = None, **params: Any) -> httpx.Response:
        """As the telesecretary, unless told otherwise."""
        return await self._client(by or self.desk).get(f"/v1/{path}", params=params)

    async def put(
        self, path: str, body: Json, *, by: Principal | None = None, if_match: str | None = None
    ) -> httpx.Response:
        """As the telesecretary, unless told otherwise."""
        headers = {"If-Match": if_match} if if_match else {}
        return await self._client(by or self.desk).put(f"/v1/{path}", json=body, headers=headers)

    async def delete(self, path: str, *, by: Principal | None = None) -> httpx.Response:
        """As the telesecretary, unless told otherwise."""
        return await self._client(by or self.desk).delete(f"/v1/{path}")

    async def book(self, hour: str, days: int = 3, *, by: Principal | None = None, **fields: Any) -> Json:
        """A booking that must succeed."""
        answer = await self.post("appointments", self.wish(hour, days, **fields), by=by)
        assert answer.status_code == 201, answer.text
        booked: Json = answer.json()
        return booked

    async def act(
        self, appointment: Json, event: str, body: Json | None = None, *, by: Principal | None = None
    ) -> httpx.Response:
        """Something happens to an appointment."""
        return await self.post(f"appointments/{appointment['id']}/{event}", body, by=by)

    async def free(self, doctor: UUID, days: int = 3) -> str:
        """The stored free times of a local day, as `09:00-12:00 14:00-18:00`."""
        rows = await self.w.connection.fetch(
            "SELECT unnest(free) AS run FROM availability WHERE practitioner_id = $1 AND local_date = $2 ORDER BY 1",
            doctor,
            self.day(days),
        )
        return " ".join(
            f"{row['run'].lower.astimezone(PARIS):%H:%M}-{row['run'].upper.astimezone(PARIS):%H:%M}" for row in rows
        )

    async def count(self, sql: str, *args: object) -> int:
        """A number from the base."""
        value = await self.w.connection.fetchval(sql, *args)
        assert isinstance(value, int)
        return value

    async def shift(self, appointment: Json, start: datetime) -> None:
        """Plants another start, past ones included: the clock of the test stays where it is."""
        await self.w.connection.execute(
            """UPDATE appointment SET during = tstzrange($2::timestamptz, $2 + (upper(during) - lower(during))),
                   occupied = tstzrange($2, $2 + (upper(occupied) - lower(occupied))),
                       local_date = ($2 AT TIME ZONE 'Europe/Paris')::date
               WHERE id = $1""",
            UUID(str(appointment["id"])),
            start,
        )
        await self.w.connection.execute(
            "UPDATE busy b SET during = a.occupied FROM appointment a WHERE a.id = b.appointment_id AND a.id = $1",
            UUID(str(appointment["id"])),
        )
        await self.w.settle(self.ada)
        await self.w.settle(self.bob)

    def _client(self, who: Principal) -> httpx.AsyncClient:
        key = f"{who.sub} {who.kind} {who.role}"
        if key not in self._clients:
            self._clients[key] = self.running.client(who)
        return self._clients[key]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients.values():
            await client.aclose()


def _json(fields: dict[str, object]) -> Json:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in fields.items()}
