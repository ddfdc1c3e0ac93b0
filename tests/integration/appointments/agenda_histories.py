"""A small centre without HTTP: the real use cases on a real base, a driven clock, a provider that sends or does not.

`Centre` is where histories happen; `agenda_history.py` does the acts at random and knows what must be true.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.demo.ids import rpps
from appointments.main import service
from appointments.messages.sender import send_due
from appointments.protocols import service as protocols
from appointments.protocols.schemas import DelegatedNurse, DelegatingPhysician, ProtocolIn
from maillage import clock
from maillage.database import Database, Tx
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness import people
from tests.harness.appointments_world import World, rule
from tests.harness.driven_clock import DrivenClock, driven
from tests.integration.appointments.agenda_provider import Crash, Provider

P = ParamSpec("P")
R = TypeVar("R")
PARIS = ZoneInfo("Europe/Paris")
BEGIN = datetime(2026, 12, 1, 6, 40, tzinfo=UTC)
DAYS = "FREQ=DAILY;COUNT=60"
"""Longer than any history, and quicker to write than half a year."""
_PHONES = [f"+336399801{n:02}" for n in range(6)]


@dataclass
class Staff:
    """Who acts; each is one person for all of a history."""

    desk: Principal
    front: Principal
    manager: Principal
    public: list[Principal]
    system: Principal = field(default_factory=lambda: people.system("appointments"))


@dataclass
class Centre:
    """Two sites, three doctors (one at both sites), a nurse under protocol, a room, six patients, three families."""

    database: Database
    w: World
    time: DrivenClock
    staff: Staff
    provider: Provider
    stack: AsyncExitStack
    org: UUID
    sites: list[UUID] = field(default_factory=list)
    doctors: list[UUID] = field(default_factory=list)
    rpps: list[str] = field(default_factory=list)
    schedules: list[tuple[UUID, str]] = field(default_factory=list)
    reasons: dict[str, UUID] = field(default_factory=dict)
    patients: list[UUID] = field(default_factory=list)
    protocol: UUID = field(default_factory=new_id)
    eyes: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    async def open(cls, admin_url: str, url: str) -> "Centre":
        """A centre in a new base, on a Tuesday at twenty to eight."""
        stack = AsyncExitStack()
        hands = await stack.enter_async_context(driven(admin_url))
        await hands.to(BEGIN)
        database = Database(service.settings(postgres_url=url, pool_size=3))
        await database.open()
        stack.push_async_callback(database.close)
        connection = await asyncpg.connect(url, server_settings={"maillage.orgs": "*"})
        stack.push_async_callback(connection.close)
        w = World(connection)
        org = await w.organisation(phone="+33385347100")
        staff = Staff(
            people.telesecretary(new_id(), org), people.front_desk(org), people.manager(org),
            [people.patient(phone, visitor_id=f"v{n}") for n, phone in enumerate(_PHONES[:3])],
        )  # fmt: skip
        centre = cls(database, w, hands, staff, Provider(w.connection), stack, org)
        await centre._build()
        return centre

    async def _build(self) -> None:
        w, org = self.w, self.org
        self.sites = [await w.site(org, "autun", lat=46.95, lon=4.3), await w.site(org, "digoin", lat=46.48, lon=3.98)]
        room = await w.room(org, self.sites[0], "plaster")
        self.rpps = [rpps(n) for n in range(1, 5)]
        professions = ("physician", "physician", "physician", "nurse")
        for number, profession in zip(self.rpps, professions, strict=True):
            self.doctors.append(await w.practitioner(org, profession, rpps=number))
        for who, site, begins in ((0, 0, 9), (0, 1, 14), (1, 0, 9), (2, 1, 9), (3, 0, 9)):
            days = {"first_date": BEGIN.date(), "rrule": DAYS}
            window = rule(f"{begins:02}:00", f"{begins + 2:02}:00", **days)
            self.schedules.append((await w.schedule(self.doctors[who], self.sites[site], window), f"{begins:02}:00"))
        contract = (
            "INSERT INTO contract (organisation_id, practitioner_id, weekly_minutes, during) VALUES ($1, $2, $3, $4)"
        )
        await w.connection.execute(contract, org, self.doctors[1], 2100, asyncpg.Range(BEGIN.date(), None))
        await self._protocol()
        await self._reasons(room)
        await self._people()

    async def _protocol(self) -> None:
        body = self.protocol_of(None)
        self.protocol = (await self.do(self.staff.manager, protocols.add_protocol, body)).id

    def protocol_of(self, last_day: Any) -> ProtocolIn:
        """The protocol, valid until that local day."""
        return ProtocolIn(
            title="Suivi", reference="PC-071", first_day=BEGIN.date() - timedelta(days=9), last_day=last_day,
            physicians=[DelegatingPhysician(practitioner_id=self.doctors[0])],
            nurses=[DelegatedNurse(practitioner_id=self.doctors[3], trained_on=BEGIN.date() - timedelta(days=5))],
        )  # fmt: skip

    async def _reasons(self, room: UUID) -> None:
        w, org, day = self.w, self.org, "physician"
        self.reasons = {
            "visit": await w.reason(org, "visit"),
            "asked": await w.reason(org, "asked", needs_confirmation=True, max_live=1),
            "long": await w.reason(
                org, "long", modes=[{"mode": "on_site", "minutes": 20, "first_visit_minutes": 30, "buffer_minutes": 5}]
            ),
            "room": await w.reason(org, "room", needs=[{"kind": "room", "tag": "plaster"}], professions=[day]),
            "nurse": await w.reason(org, "nurse", professions=["nurse"], protocol_id=self.protocol),
        }

    async def _people(self) -> None:
        """Two share a telephone, one has a landline, one nobody can reach; a parent receives for a child."""
        ways = (("mobile", 0), ("mobile", 0), ("mobile", 1), ("landline", 3), (None, 0), ("email", 2))
        for n, (kind, phone) in enumerate(ways):
            who = await self.w.patient(self.org, f"Essai{n}")
            self.patients.append(who)
            value = f"p{n}@example.org" if kind == "email" else "+33385340103" if kind == "landline" else _PHONES[phone]
            if kind is not None:
                await self._contact(who, kind, value)
        await self._contact(self.patients[2], "email", "p2@example.org")
        relation = (
            "INSERT INTO relation (patient_id, other_patient_id, organisation_id, kind) VALUES ($1, $2, $3, 'parent')"
        )
        await self.w.connection.execute(relation, self.patients[4], self.patients[2], self.org)

    async def _contact(self, who: UUID, kind: str, value: str) -> None:
        sql = "INSERT INTO contact (organisation_id, patient_id, kind, value, verified_at) VALUES ($1, $2, $3, $4, $5)"
        await self.w.connection.execute(sql, self.org, who, kind, value, clock.now())

    async def close(self) -> None:
        """Everything that was opened."""
        await self.stack.aclose()

    async def do(
        self, who: Principal, use_case: Callable[Concatenate[Tx, P], Awaitable[R]], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """One use case in its transaction."""
        return await self.database.run(who, use_case, *args, **kwargs)

    # --- when and what ------------------------------------------------------------------------------------------------

    @property
    def today(self) -> datetime:
        """This local day's midnight."""
        now = clock.now().astimezone(PARIS)
        return datetime.combine(now.date(), time.min, PARIS)

    def moment(self, days: int, minutes: int) -> datetime:
        """A local wall time some days ahead."""
        day = (self.today + timedelta(days=days)).date()
        return datetime.combine(day, time(minutes // 60, minutes % 60), PARIS)

    def slot(self, a: int, b: int, c: int) -> dict[str, Any]:
        """A time of four days that come, in an agenda, for a reason seen there; sometimes of nobody by name."""
        which = (a + c) % len(self.schedules)
        who, site, begins = ((0, 0, 9), (0, 1, 14), (1, 0, 9), (2, 1, 9), (3, 0, 9))[which]
        reason = "nurse" if who == 3 else ("visit", "visit", "asked", "long", "room")[(b + c) % 5]
        later = 0 if c == 11 or clock.now().astimezone(PARIS).hour < 9 else 1
        wish = {"reason_id": self.reasons[reason], "site_id": self.sites[site]}
        named = {} if (b + c) % 7 == 0 else {"practitioner_id": self.doctors[who]}
        return {**wish, **named, "start": self.moment(b // 3 + later, begins * 60 + c % 10 * 10)}

    async def rows(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """As the service sees it, of all organisations."""
        async with self.eyes:
            found: list[asyncpg.Record] = await self.w.connection.fetch(sql, *args)
        return found

    async def send(self, moods: Sequence[int]) -> None:
        """A round of the messages' worker, with a provider in these moods, one message after the other."""
        self.provider.moods = list(moods)
        with patch("appointments.messages.sender.ports", self.provider.ports):
            try:
                await send_due(self.database)
            except Crash:  # what was handed over beside it is settled all the same
                others = asyncio.all_tasks() - {asyncio.current_task()}
                await asyncio.gather(*others, return_exceptions=True)
