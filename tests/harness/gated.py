"""A clinic whose every request goes in by the front door. Its clock may be driven: `async with gated.driven()`."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from maillage.testing import Running
from tests.harness.appointments_world import World
from tests.harness.clinic import Clinic
from tests.harness.driven_clock import DrivenClock, driven
from tests.harness.gate import Gate


class Gated(Clinic):
    """As `Clinic`; `by` says who, and the gateway finds out for itself who that is."""

    def __init__(self, running: Running, gate: Gate, admin_of: Callable[[str], str], w: World) -> None:
        super().__init__(running, w)
        self.gate, self._admin_of = gate, admin_of

    @asynccontextmanager
    async def driven(self) -> AsyncIterator[DrivenClock]:
        """Moves the clocks of the door and of the service together; then everybody signs in again."""
        async with driven(self._admin_of(self.running.database_url), self.gate.admin_url) as time:
            yield time
