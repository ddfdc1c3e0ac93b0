"""All open streams of this process: who gets which event, and when a stream must end (design: gateway 3.8, G2, G10).

One event is read once, judged once per group of equal rights, and written to each connection without a task or a queue
between. A stream that cannot be served as it should is told so and closed: it never slows the others.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from prometheus_client import Gauge

from gateway.door.callers import Callers
from gateway.door.tokens import Caller
from gateway.settings import GatewaySettings
from gateway.stream import domain
from gateway.stream.domain import Position
from gateway.stream.errors import StreamLimit
from gateway.stream.facts import Fact, Kept
from gateway.stream.rights import Rights
from gateway.stream.screens import Group, Screen, State
from maillage import clock
from maillage.refusals import ServiceUnavailable

OPEN: Final = Gauge("maillage_streams", "Open streams")
LOOK_S: Final = 1.0
"""Rights are looked at when they were read, twice a second; and so often when they cannot be read."""
SLICE: Final = 65_536
"""Bytes given at once; the next ones when the connections had time to take them."""
SLICE_PAUSE_S: Final = 0.02


class Hub:
    """The streams of this process, and the newest events."""

    def __init__(self, callers: Callers, settings: GatewaySettings) -> None:
        self.kept = Kept(settings.stream_events)
        self.live = False
        """Whether the broker is heard and all that it had was read."""
        self.sent = 0
        """The position up to which all shown streams were served."""
        self._callers, self._settings = callers, settings
        callers.watchers.append(self.look)
        self._screens: set[Screen] = set()
        self._groups: dict[object, Group] = {}
        self._of_person: Counter[str] = Counter()
        self._due: asyncio.Handle | None = None
        self._looked_at = 0.0
        self._anew = self._leaving = False

    # --- one stream

    def admit(
        self,
        transport: asyncio.Transport,
        caller: Caller,
        id_hash: bytes,
        topics: frozenset[str] | None,
        resume: str | None,
    ) -> Screen:
        """A new stream, not yet written to. Refused: `STREAM_LIMIT`, `SERVICE_UNAVAILABLE` while the process ends."""
        if self._leaving:
            raise ServiceUnavailable
        settings = self._settings
        if len(self._screens) >= settings.streams or self._of_person[caller.sub] >= settings.streams_per_person:
            raise StreamLimit
        self._callers.follow(id_hash)
        screen = Screen(transport, caller, id_hash, self._group(caller, topics), resume)
        screen.group.members.add(screen)
        self._screens.add(screen)
        self._of_person[caller.sub] += 1
        OPEN.inc()
        return screen

    def opened(self, screen: Screen, retry_ms: int) -> None:
        """Its head is sent."""
        screen.state = State.WAITING
        screen.beat_at = asyncio.get_running_loop().time() + self._settings.stream_beat_s
        screen.write(domain.retry(retry_ms))
        if not self.live:
            screen.say("degraded", {})
            return
        self._ready(screen)
        if self._placed(screen):
            screen.state = State.REPLAYING

    def drop(self, screen: Screen) -> None:
        """The stream is over. Twice is harmless."""
        if screen not in self._screens:
            return
        self._screens.discard(screen)
        self._leave_group(screen)
        self._of_person[screen.caller.sub] -= 1
        if not self._of_person[screen.caller.sub]:
            del self._of_person[screen.caller.sub]
        self._callers.unfollow(screen.id_hash)
        OPEN.dec()

    def end(self, screen: Screen, reason: str) -> None:
        """Closes a stream."""
        screen.bye(reason)
        self.drop(screen)

    def missed(self, screen: Screen) -> Iterator[bytes]:
        """What a replaying stream is given before it is shown, piece by piece: the caller waits between them until
        the connection has taken one."""
        while screen.state is State.REPLAYING and not screen.closed:
            if not self.kept.holds(screen.position):
                self._resync(screen)
            if screen.position >= self.sent:
                self._show(screen)
                return
            facts, screen.position = self.kept.after(screen.position, SLICE, self.sent)
            yield screen.chosen(facts)

    # --- the broker

    def begin(self, epoch: int, floor: int) -> None:
        """Another stream, or a place that does not join on to what is kept: every screen must read anew, once."""
        self.kept.begin(epoch, floor)
        self._anew = True
        for screen in self._screens:
            if screen.state is not State.OPENING and (screen.state is not State.WAITING or screen.resume is None):
                screen.state, screen.resume = State.WAITING, ""
        self.sent = floor

    def heard(self, position: int, fact: Fact | None) -> None:
        """The next message."""
        self.kept.add(position, fact)
        if self.live and self._due is None:
            self._due = asyncio.get_running_loop().call_soon(self._flush)

    def resumed(self) -> None:
        """All that the broker had is read."""
        if self.live:
            return
        self.live = True
        if self._anew:
            self._anew, self.sent = False, self.kept.last
        for screen in self._screens:
            if screen.state is not State.WAITING:
                self._ready(screen)
        self.look()
        self._flush()

    def degraded(self) -> None:
        """The broker is away: screens ask for themselves until `ready`."""
        if self.live:
            self.live = False
            for screen in self._screens:
                screen.say("degraded", {})

    def leave(self) -> None:
        """The process ends: streams are closed first, or the server would wait for them."""
        if not self._leaving:
            self._leaving = True
            asyncio.get_running_loop().call_soon(self._end_all, "restart")

    # --- rights and time

    async def keep_looking(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()

    def look(self) -> None:
        """Ends the streams of those who lost their rights, regroups those whose rights changed, gives signs of life."""
        now = asyncio.get_running_loop().time()
        self.kept.drop_before(clock.now() - timedelta(seconds=self._settings.stream_kept_s))
        for screen in tuple(self._screens):
            if screen.closed or screen.state is State.OPENING:
                continue
            try:
                caller = self._callers.peek(screen.id_hash)
            except ServiceUnavailable:
                self._hold(screen)
                continue
            if self._goes_on(screen, caller):
                self._beat(screen, now)
        self._looked_at = now

    def _goes_on(self, screen: Screen, caller: Caller | None) -> bool:
        if caller is None:
            self.end(screen, "context_changed" if self._callers.renamed(screen.id_hash) else "signed_out")
            return False
        if caller is not screen.caller:
            if (caller.membership, caller.org) != (screen.caller.membership, screen.caller.org):
                self.end(screen, "context_changed")
                return False
            self._regroup(screen, caller)
        if screen.state is State.HELD and self.live:
            self._catch_up(screen)
        elif screen.state is State.WAITING and self.live:
            self._ready(screen)
            if self._placed(screen):
                self._catch_up(screen)
        return True

    def _beat(self, screen: Screen, now: float) -> None:
        if now < screen.beat_at:
            return
        screen.beat_at = now + self._settings.stream_beat_s
        at = {State.SHOWN: self.sent, State.HELD: screen.position}.get(screen.state)
        screen.write(domain.beat(Position(self.kept.epoch, at) if at is not None else None))

    def _hold(self, screen: Screen) -> None:
        """Nothing is given on rights that are older than a second (fail closed)."""
        if screen.state is State.SHOWN:
            screen.position = self.sent
        if screen.state in (State.SHOWN, State.REPLAYING):
            screen.state = State.HELD

    def _regroup(self, screen: Screen, caller: Caller) -> None:
        self._leave_group(screen)
        screen.caller = caller
        screen.group = self._group(caller, screen.group.rights.topics)
        screen.group.members.add(screen)

    def _group(self, caller: Caller, topics: frozenset[str] | None) -> Group:
        rights = Rights(caller, topics)
        return self._groups.setdefault(rights.key, Group(rights))

    def _leave_group(self, screen: Screen) -> None:
        group = screen.group
        group.members.discard(screen)
        if not group.members:
            self._groups.pop(group.rights.key, None)

    # --- events

    def _ready(self, screen: Screen) -> None:
        """Without id: what was missed comes after it, and a cut between the two must not lose it."""
        membership = screen.caller.membership
        as_of = str(Position(self.kept.epoch, self.sent))
        screen.say("ready", {"as_of": as_of, "context": str(membership) if membership else None})

    def _placed(self, screen: Screen) -> bool:
        """Where a stream goes on. True when there is something to give it first."""
        screen.position = self.sent
        if screen.resume is not None:
            wanted = domain.read_position(screen.resume)
            if wanted is None or wanted.epoch != self.kept.epoch or not self.kept.holds(wanted.number):
                self._resync(screen)
            else:
                screen.position = min(wanted.number, self.sent)
        if screen.position < self.sent:
            return True
        self._show(screen)
        return False

    def _resync(self, screen: Screen) -> None:
        screen.position = self.sent
        newest = Position(self.kept.epoch, self.sent)
        screen.say("resync", {"as_of": str(newest)}, newest)

    def _catch_up(self, screen: Screen) -> None:
        """What came meanwhile, at once; where that is too much, the screen had better read its lists again."""
        facts = self.kept.after(screen.position, self._settings.stream_waiting + 1, self.sent)[0]
        data = screen.chosen(facts)
        if not self.kept.holds(screen.position) or len(data) + screen.waiting() > self._settings.stream_waiting:
            self._resync(screen)
        else:
            screen.write(data)
        self._show(screen)

    def _show(self, screen: Screen) -> None:
        screen.state = State.SHOWN
        if screen.resume is not None:
            screen.resume = None
            screen.write(domain.beat(Position(self.kept.epoch, self.sent)))

    def _flush(self) -> None:
        """Gives the shown streams what is new."""
        self._due = None
        if not self.live:
            return
        loop = asyncio.get_running_loop()
        if not self._callers.fresh() or loop.time() - self._looked_at > LOOK_S * 2:
            self.look()
        facts, reached = self.kept.after(self.sent, SLICE)
        self.sent = reached
        for group in tuple(self._groups.values()):
            for screen in group.give(facts, self._settings.stream_waiting):
                self.end(screen, "slow")
        if reached < self.kept.last:
            self._due = loop.call_later(SLICE_PAUSE_S, self._flush)

    def _end_all(self, reason: str) -> None:
        for screen in tuple(self._screens):
            self.end(screen, reason)
