"""Which patient takes which time of which doctor: number n, the same for the load generator and for pgbench.

Neighbouring numbers are different doctors and patients at one time; the times of a day are taken in a scattered order,
so that agendas get holes as real ones do. Each number is used once in the life of a bench's territory.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bench import ids

SLOT_S = 600
SLOTS = 144  # a day of the bench is open for 24 hours
_STEP = 89  # coprime with SLOTS: every time of the day comes once


class NoMoreTimes(RuntimeError):
    """The territory is full: plant more doctors or days."""


@dataclass(frozen=True)
class Visit:
    """What one booking asks for, by numbers."""

    number: int
    doctor: int
    patient: int
    start: int
    """Unix seconds."""

    @property
    def at(self) -> datetime:
        """The start as an instant."""
        return datetime.fromtimestamp(self.start, UTC)


@dataclass
class Times:
    """Times not yet taken. `midnight`: Unix seconds of the first day."""

    midnight: int
    doctors: int
    days: int
    patients: int
    sites: int
    next: int = 0

    def __post_init__(self) -> None:
        if self.patients < self.doctors:
            raise ValueError("with fewer patients than doctors somebody would be in two places at once")

    def span(self, count: int) -> range:
        """Numbers that nobody else gets. Refused: NoMoreTimes."""
        first, self.next = self.next, self.next + count
        if self.next > self.doctors * self.days * SLOTS:
            raise NoMoreTimes
        return range(first, self.next)

    def visit(self, number: int) -> Visit:
        """The same arithmetic as `script`."""
        turn = number // self.doctors
        start = self.midnight + turn % self.days * 86400 + turn // self.days * _STEP % SLOTS * SLOT_S
        return Visit(number, number % self.doctors, number % self.patients, start)

    def script(self) -> str:
        """The same arithmetic for pgbench; `base` and `clients` are given to it, each client counts by itself."""
        first = {name: kind * ids.KIND for name, kind in (("doctor", ids.DOCTOR), ("schedule", ids.SCHEDULE))}
        return "\n".join(
            (
                r"\set i :i + 1",
                r"\set n :base + :i * :clients + :client_id",
                rf"\set turn :n / {self.doctors}",
                rf"\set doctor {first['doctor']} + :n % {self.doctors}",
                rf"\set schedule {first['schedule']} + :n % {self.doctors}",
                rf"\set site {ids.SITE * ids.KIND} + :n % {self.doctors} / {self.doctors // self.sites}",
                rf"\set patient {ids.PATIENT * ids.KIND} + :n % {self.patients}",
                rf"\set appointment {ids.APPOINTMENT * ids.KIND} + :n",
                rf"\set call {ids.CALL * ids.KIND} + :n",
                rf"\set slot :turn / {self.days} * {_STEP} % {SLOTS}",
                rf"\set t {self.midnight} + :turn % {self.days} * 86400 + :slot * {SLOT_S}",
                rf"\set e :t + {SLOT_S}",
            )
        )

    def site(self, doctor: int) -> int:
        """Where a doctor works."""
        return doctor // (self.doctors // self.sites)
