"""How much: requests in flight per service, and the circuit that opens when a service does not answer."""

import asyncio
import time
from collections import deque
from typing import Final

from gateway.door.routes import Klass
from maillage.refusals import Refusal, ServiceUnavailable
from maillage.words import Words

# What must not be refused while it can be decided waits longer, in a larger room: 200 callers who want one time at once
# are each told who has it. The rest is told quickly to come back.
WAIT_S: Final[dict[Klass, float]] = {"critical": 8.0, "normal": 0.25, "bulk": 0.25}
ROOM: Final[dict[Klass, int]] = {"critical": 8, "normal": 1, "bulk": 1}
"""How many may wait, as a multiple of those who may be in flight."""
SHARE: Final[dict[Klass, float]] = {"critical": 1.0, "normal": 0.95, "bulk": 0.8}


class Overloaded(Refusal):
    """More requests than the service can take; the waiting room is full or the wait too long."""

    code, status = "OVERLOADED", 503
    title = Words("Trop de demandes en même temps", "Too many requests at once")
    detail = Words("Réessayez dans quelques secondes.", "Try again in a few seconds.")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class Admission:
    """At most `limit` in flight and `limit` waiting, each at most 250 ms. `critical` keeps the last places for
    itself."""

    def __init__(self, limit: int = 32) -> None:
        self.limit = limit
        self.in_flight = 0
        self._waiting: deque[tuple[Klass, asyncio.Future[None]]] = deque()

    async def take(self, klass: Klass) -> None:
        """Takes a place; `OVERLOADED` when there is none. Who took one must `leave`."""
        if self._waiting or not self._room(klass):
            await self._wait(klass)
        else:
            self.in_flight += 1

    def leave(self) -> None:
        """Gives the place back."""
        self.in_flight -= 1
        if self._waiting:
            self._hand_on()

    def _room(self, klass: Klass) -> bool:
        return self.in_flight < self.limit * SHARE[klass]

    async def _wait(self, klass: Klass) -> None:
        if len(self._waiting) >= self.limit * ROOM[klass]:
            raise Overloaded
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (klass, place)
        self._waiting.append(entry)
        self._hand_on()
        try:
            async with asyncio.timeout(WAIT_S[klass]):
                await place
        except TimeoutError:
            if place.done() and not place.cancelled():
                return  # the place came in the same turn as the time limit: it is ours
            raise Overloaded from None
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.in_flight -= 1
                self._hand_on()
            raise
        finally:
            if not place.done():
                place.cancel()
            if entry in self._waiting:
                self._waiting.remove(entry)

    def _hand_on(self) -> None:
        """Gives free places to those who wait, oldest first; one that may not enter yet does not stop a more
        critical one."""
        for entry in list(self._waiting):
            klass, place = entry
            if place.done():
                self._waiting.remove(entry)
            elif self._room(klass):
                self._waiting.remove(entry)
                self.in_flight += 1
                place.set_result(None)


class Circuit:
    """Closed, or open for 1 s doubling to 10 s, then one probe.

    Opens after 5 failed connections running, or more than half of at least 20 calls within 10 s.
    """

    FIRST_S: Final = 1.0
    LONGEST_S: Final = 10.0
    RUNNING: Final = 5
    WINDOW_S: Final = 10.0
    LEAST: Final = 20

    def __init__(self) -> None:
        self._running = 0
        self._window_start = 0.0
        self._calls = self._failures = 0
        self._open_for = 0.0
        self._open_until = 0.0
        self._probing = False

    def refuse(self) -> None:
        """`SERVICE_UNAVAILABLE` with the seconds to wait, while no call may pass: for those who would wait for a
        place first."""
        if self._open_for == 0:
            return
        left = self._open_until - time.monotonic()
        if left > 0 or self._probing:
            raise ServiceUnavailable(retry_after_s=max(1, round(left)))

    def check(self) -> None:
        """Lets a call through, or refuses. The call that finds the time over is the probe."""
        self.refuse()
        self._probing = self._open_for > 0

    def retry(self) -> None:
        """The service was seen to answer: the next call may probe, however long was still to wait."""
        self._open_until = 0.0
        self._probing = False

    def succeeded(self) -> None:
        """A service answered, whatever it said."""
        if self.is_open:
            self._calls = self._failures = 0
        self._running = 0
        self._open_for = 0.0
        self._probing = False
        self._count(failed=False)

    def failed(self) -> None:
        """No connection, no answer in time, or a cut before the answer."""
        self._running += 1
        self._count(failed=True)
        if self.is_open and not self._probing:
            return  # one that was in flight when it opened: already counted
        too_many = self._calls >= self.LEAST and self._failures * 2 > self._calls
        if self._probing or self._running >= self.RUNNING or too_many:
            self._open_for = min(max(self.FIRST_S, self._open_for * 2), self.LONGEST_S)
            self._open_until = time.monotonic() + self._open_for
            self._probing = False

    def abandoned(self) -> None:
        """The call ended without saying anything about the service (its client left): the next may probe."""
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused at this moment."""
        return self._open_for > 0

    def _count(self, *, failed: bool) -> None:
        at = time.monotonic()
        if at - self._window_start > self.WINDOW_S:
            self._window_start, self._calls, self._failures = at, 0, 0
        self._calls += 1
        self._failures += failed
