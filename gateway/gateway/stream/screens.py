"""Open streams: what is written to one, and all that hold the same rights together."""

import asyncio
import socket
from collections.abc import Sequence
from enum import Enum
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from gateway.door.tokens import Caller
from gateway.stream import domain
from gateway.stream.domain import Position
from gateway.stream.facts import Fact
from gateway.stream.rights import Rights, Verdict

BYES: Final = Counter("maillage_stream_byes_total", "Streams that the door closed", ["reason"])
DELIVERED: Final = Counter("maillage_stream_delivered_total", "Events times the streams whose rights include them")
LINGERS_S: Final = 10.0
UNREACHABLE_MS: Final = 30_000
KERNEL_BUFFER: Final = 65_536


class State(Enum):
    """Where a stream stands. Only a shown one gets events as they come; the others know their position."""

    OPENING = "its head is not sent"
    WAITING = "for the broker: it has had no `ready` of this epoch"
    REPLAYING = "it is given what it missed, at its own pace"
    SHOWN = "it has all that was sent"
    HELD = "its rights could not be read a moment ago"


class Screen:
    """An open stream. No task writes to it: bytes go straight to the connection, and wait there only."""

    __slots__ = ("about", "beat_at", "caller", "closed", "group", "id_hash", "position", "resume", "state", "transport")

    def __init__(
        self, transport: asyncio.Transport, caller: Caller, id_hash: bytes, group: "Group", resume: str | None
    ) -> None:
        self.transport = transport
        self.caller = caller
        self.id_hash = id_hash
        self.group = group
        self.resume = resume
        """What its browser says it saw last; None: nothing yet."""
        kind, _, value = caller.sub.partition(":")
        self.about = UUID(value) if kind == "person" else None
        self.state = State.OPENING
        self.position = 0
        self.beat_at = 0.0
        self.closed = False
        _bounded(transport)

    def write(self, data: bytes) -> None:
        """Nothing is written before the head, nor to a connection that is on its way out."""
        if not (self.closed or self.state is State.OPENING or self.transport.is_closing()):
            self.transport.write(data)

    def waiting(self) -> int:
        """Bytes that the other side has not taken."""
        return self.transport.get_write_buffer_size()

    def say(self, name: str, data: dict[str, object], id: Position | None = None) -> None:
        """An event about the stream itself."""
        self.write(domain.event(name, data, str(id) if id else None))

    def bye(self, reason: str) -> None:
        """Says why and closes; one that does not read is cut off a little later."""
        if self.closed:
            return
        self.write(domain.event("bye", {"reason": reason}) + domain.LAST)
        self.closed = True
        BYES.labels(reason).inc()
        self.transport.close()
        asyncio.get_running_loop().call_later(LINGERS_S, self.transport.abort)

    def sees(self, fact: Fact, verdict: Verdict) -> bool:
        """Whether this event is for it."""
        return verdict is Verdict.ALL or (
            verdict is Verdict.OWN and self.about is not None and fact.about == self.about
        )

    def chosen(self, facts: Sequence[Fact]) -> bytes:
        """Those of the events that this screen may see."""
        seen = self.group.rights.of
        return b"".join(fact.frame for fact in facts if self.sees(fact, seen(fact)))


class Group:
    """Streams of callers with the same rights and topics: what they see is decided once, and joined once."""

    __slots__ = ("members", "rights")

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self.members: set[Screen] = set()

    def give(self, facts: Sequence[Fact], most_waiting: int) -> list[Screen]:
        """Writes to those that are shown; returns those that were too slow to be given any more."""
        of = self.rights.of
        seen = [(fact, given) for fact in facts if (given := of(fact)).value]
        if not seen:
            return []
        common = None if any(given is Verdict.OWN for _, given in seen) else b"".join(fact.frame for fact, _ in seen)
        slow = []
        for screen in self.members:
            transport = screen.transport
            if screen.state is not State.SHOWN or transport.is_closing():
                continue
            if transport.get_write_buffer_size() > most_waiting:
                slow.append(screen)
                continue
            data = b"".join(f.frame for f, given in seen if screen.sees(f, given)) if common is None else common
            if data:
                transport.write(data)
        DELIVERED.inc(len(self.members) * len(seen))
        return slow


def _bounded(transport: asyncio.Transport) -> None:
    """What the kernel keeps for one screen is little too; one that vanished without a word leaves in half a minute."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREACHABLE_MS)
