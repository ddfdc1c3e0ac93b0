"""What the relays of the services do, for tests of who is told: events of nobody, published with their envelope."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from contracts.appointments import AppointmentBooked, AvailabilityChanged
from contracts.base import Event
from contracts.gateway import MembershipChanged, SessionEnded
from contracts.telesecretariat import CallChanged
from gateway.demo import CENTRE, FIRM
from maillage import clock
from maillage.bus import Bus, Leaving
from maillage.ids import new_id
from maillage.settings import ServiceSettings
from maillage.testing import soon

ELSEWHERE = new_id()
"""An organisation that nobody here works for."""


def booked(practitioner: UUID | None = None) -> AppointmentBooked:
    """An appointment of nobody."""
    start = clock.now() + timedelta(days=1)
    return AppointmentBooked(
        appointment_id=new_id(), version=1, patient_id=new_id(), practitioner_id=practitioner or new_id(), rpps=None,
        site_id=new_id(), site_finess=None, start=start, end=start + timedelta(minutes=20), mode="on_site",
        unscheduled=False, status="booked", channel="phone", call_id=None, partner_id=None,
    )  # fmt: skip


def free_times() -> AvailabilityChanged:
    """Free times of a day changed."""
    return AvailabilityChanged(practitioner_id=new_id(), site_id=new_id(), local_date=date(2026, 11, 24), version=1)


def role_given(person: UUID) -> MembershipChanged:
    """Somebody was given a role."""
    return MembershipChanged(
        membership_id=new_id(), person_id=person, organisation_id=CENTRE, role="nurse", valid_from=clock.now(),
        valid_to=None,
    )  # fmt: skip


def called(client: UUID) -> CallChanged:
    """A call of nobody to a line of this client."""
    return CallChanged(
        call_id=new_id(), client_id=client, line_id=new_id(), before="arrived", state="waiting", cause="routed",
        agent_id=None, priority_at=clock.now(), version=2,
    )  # fmt: skip


class Publisher:
    """Publishes in order, and counts."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.bus = Bus(settings.nats_url, settings.territory, "publisher")
        self.count = 0

    async def send(self, *events: tuple[Event, UUID]) -> list[str]:
        """Publishes these events of these organisations; the ids of what they are about."""
        leaving = [self._leaving(event, organisation) for event, organisation in events]
        for begin in range(0, len(leaving), 200):
            assert all(await self.bus.publish(leaving[begin : begin + 200]))
        return [str(event.aggregate_id()) for event, _ in events]

    async def send_when_it_is_there(self, number: int, organisation: UUID) -> list[str]:
        """One after the other as soon as a broker that comes back takes them; each once."""
        done = []
        for _ in range(number):
            event = booked()
            leaving = self._leaving(event, organisation)

            async def taken(leaving: Leaving = leaving) -> bool:
                return self.bus.connected and (await self.bus.publish([leaving]))[0]

            await soon(taken, seconds=30)
            done.append(str(event.appointment_id))
        return done

    async def one_of_each(self) -> dict[str, str]:
        """Events of several services in several organisations, and what they are about."""
        events: Sequence[tuple[str, Event, UUID]] = [
            ("centre", booked(), CENTRE),
            ("firm", booked(), FIRM),
            ("elsewhere", booked(), ELSEWHERE),
            ("free", free_times(), CENTRE),
            ("role", role_given(new_id()), CENTRE),
            ("role elsewhere", role_given(new_id()), ELSEWHERE),
            ("nobody's", SessionEnded(person_id=new_id(), sid="1", reason="idle"), ELSEWHERE),
        ]
        ids = await self.send(*[(event, organisation) for _, event, organisation in events])
        return dict(zip([name for name, _, _ in events], ids, strict=True))

    def _leaving(self, event: Event, organisation: UUID) -> Leaving:
        self.count += 1
        payload = event.model_dump_json()
        subject = event.aggregate_id()
        return Leaving(self.count, new_id(), event.TYPE, subject, organisation, payload, None, clock.now())
