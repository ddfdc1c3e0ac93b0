"""The service on a real base, with one plant and five hospitals."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from cooperation.main import service
from maillage import clock
from maillage.testing import Mailbox
from tests.harness.gate import behind_a_gate
from tests.harness.plant import Plant


@pytest.fixture
async def plant(
    running_service: Any, admin_of: Callable[[str], str], mailbox: Mailbox, request: pytest.FixtureRequest
) -> AsyncIterator[Plant]:
    """`plant.running` serves HTTP; `plant.running.work()` starts its worker too. With `pytest.mark.gated` every request
    goes in by the gateway."""
    kinds: dict[UUID, str] = {}
    if request.node.get_closest_marker("gated"):
        kind_of = lambda organisation_id: kinds.get(organisation_id, "hospital")
        running, _ = behind_a_gate(running_service, service, mailbox, admin_of, kind_of, ("cooperation:*",))
    else:
        running = running_service(service)
    async with await Plant.on(admin_of(running.database_url), running) as made:
        kinds |= {made.group: "gcs", made.supplier: "supplier"}
        yield made


class Clockwork:
    """A plant whose day is the test's: `plant = await clockwork.plant_at(monday_14h)`, `clockwork.move(plant, later)`.
    The clock goes on from there at its own pace."""

    def __init__(self, running_service: Any, admin_of: Callable[[str], str]) -> None:
        self._running_service, self._admin_of = running_service, admin_of

    def _set(self, now: datetime) -> float:
        clock.set_offset(clock.offset() + (now - clock.now()))
        return clock.offset().total_seconds()

    async def plant_at(self, now: datetime) -> Plant:
        """A new plant, at this instant."""
        running = self._running_service(service, clock_offset_s=self._set(now))
        return await Plant.on(self._admin_of(running.database_url), running)

    def move(self, plant: Plant, now: datetime) -> None:
        """The same plant at another instant; its service is started anew, and its worker is to be started again."""
        assert plant.running is not None
        plant.running.stop()
        url = plant.running.settings.postgres_url
        plant.running = self._running_service(service, postgres_url=url, clock_offset_s=self._set(now))


@pytest.fixture
def clockwork(running_service: Any, admin_of: Callable[[str], str]) -> Iterator[Clockwork]:
    """Moves the clock of service, base and test; it is right again afterwards."""
    before = clock.offset()
    yield Clockwork(running_service, admin_of)
    clock.set_offset(before)
