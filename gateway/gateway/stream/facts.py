"""Events as screens get them: read once per process, kept for as long as a screen may ask for them again."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from nats.aio.msg import Msg
from pydantic import ValidationError

import contracts.all_events
from contracts.base import Event, events
from gateway.stream.domain import Position
from gateway.stream.domain import event as written
from maillage.bus import header
from maillage.consumers import Poison, read_envelope

log = structlog.get_logger()
assert contracts.all_events.__name__
READABLE: Final[Mapping[str, type[Event]]] = {name: kind for name, kind in events().items() if kind.READERS}
"""An event that names no reader is shown to nobody."""
_TRIMMED: Final = 256


@dataclass(frozen=True, slots=True)
class Fact:
    """One event, and the bytes that say it."""

    position: int
    kind: type[Event]
    organisation_id: UUID
    about: UUID | None
    """The person whose own it is."""
    client: UUID | None
    """The client to whom a telesecretary must be assigned to see it."""
    at: datetime
    frame: bytes


def read(message: Msg, position: Position) -> Fact | None:
    """The event of a message; None for one that nobody may see, or that is not as its type says."""
    kind = READABLE.get(header(message, "ce-type"))
    if kind is None:
        return None
    try:
        envelope = read_envelope(message)
        facts = kind.model_validate_json(message.data)
    except (Poison, ValidationError) as wrong:
        log.warning("event not shown", type=kind.TYPE, position=str(position), error=type(wrong).__name__)
        return None
    about = getattr(facts, kind.SELF) if kind.SELF else None
    client = getattr(facts, kind.ASSIGNED) if kind.ASSIGNED else None
    data = {
        "type": kind.TYPE,
        "id": str(facts.aggregate_id()),
        "version": getattr(facts, "version", None),
        "organisation_id": str(envelope.organisation_id),
        "occurred_at": envelope.occurred_at.isoformat(),
        "facts": facts.model_dump(mode="json"),
    }
    name = kind.TYPE.rpartition(".")[0]
    frame = written(name, data, str(position))
    return Fact(position.number, kind, envelope.organisation_id, about, client, message.metadata.timestamp, frame)


class Kept:
    """The newest events of one epoch. `floor`: everything after it is here; `last`: the newest position heard of,
    whether anybody may see it or not."""

    def __init__(self, most: int) -> None:
        self.epoch = self.floor = self.last = 0
        self._most = most
        self._facts: list[Fact] = []

    def begin(self, epoch: int, floor: int) -> None:
        """Of another stream, or at another place: what was kept is worth nothing any more."""
        self.epoch, self.floor, self.last = epoch, floor, floor
        self._facts.clear()

    def add(self, position: int, fact: Fact | None) -> None:
        """One more, in order of positions."""
        self.last = position
        if fact is not None:
            self._facts.append(fact)
        if len(self._facts) >= self._most + _TRIMMED:
            self._drop(len(self._facts) - self._most)

    def drop_before(self, instant: datetime) -> None:
        """Forgets what is older."""
        self._drop(bisect_left(self._facts, instant, key=lambda fact: fact.at))

    def _drop(self, count: int) -> None:
        if count:
            self.floor = self._facts[count - 1].position
            del self._facts[:count]

    @property
    def newest(self) -> Position:
        """Of the newest event."""
        return Position(self.epoch, self.last)

    def holds(self, position: int) -> bool:
        """Whether all that came after a position is here."""
        return self.floor <= position <= self.last

    def after(self, position: int, most_bytes: int, until: int | None = None) -> tuple[list[Fact], int]:
        """The next events in order, at least one and about as many bytes as asked; and how far that leads."""
        start = bisect_right(self._facts, position, key=lambda fact: fact.position)
        chosen: list[Fact] = []
        size = 0
        ends = self.last if until is None else until
        for at in range(start, len(self._facts)):
            fact = self._facts[at]
            if fact.position > ends:
                break
            chosen.append(fact)
            size += len(fact.frame)
            if size >= most_bytes:
                return chosen, fact.position
        return chosen, ends
