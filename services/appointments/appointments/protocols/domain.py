"""Who may give a visit under a protocol, on which local days: pure, standard library only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Member:
    """A nurse who gives such visits or a physician who delegates them, on local days `[first, last]`; last None: open.

    Both bounds are cut to the protocol, the membership, the training and the work at the centre already.
    """

    practitioner_id: UUID
    profession: Literal["physician", "nurse"]
    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether it counts on a local day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Delegation:
    """A protocol as a booking and a search see it."""

    protocol_id: UUID
    members: tuple[Member, ...]

    @property
    def nurses(self) -> frozenset[UUID]:
        """Every nurse who may give such a visit on some day."""
        return frozenset(m.practitioner_id for m in self.members if m.profession == "nurse")

    def nurses_on(self, day: date) -> frozenset[UUID]:
        """Those who may on a local day: nobody when no physician delegates that day."""
        present = [m for m in self.members if m.holds(day)]
        if not any(m.profession == "physician" for m in present):
            return frozenset()
        return frozenset(m.practitioner_id for m in present if m.profession == "nurse")

    def last_day(self, nurse: UUID | None = None) -> date | None:
        """The last local day of one nurse, or of any; None: no such day, or no end of it."""
        gives = [m for m in self.members if m.profession == "nurse" and nurse in (None, m.practitioner_id)]
        ends = [_latest(gives), _latest(m for m in self.members if m.profession == "physician")]
        last = min(ends)
        return None if last in (date.min, date.max) else last


def _latest(members: Iterable[Member]) -> date:
    return max((m.last or date.max for m in members if m.last is None or m.first <= m.last), default=date.min)
