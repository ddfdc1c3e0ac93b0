"""A running appointments service with a small health centre in its base."""

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from appointments.main import service
from maillage.testing import Running
from tests.harness.appointments_world import world
from tests.harness.clinic import Clinic


@pytest_asyncio.fixture
async def clinic(running_service: Callable[..., Running]) -> AsyncIterator[Clinic]:
    """See `tests.harness.clinic`."""
    running = running_service(service, pool_wait_s=15)  # a slow machine is no reason for a 503
    async with world(running.database_url) as w, Clinic(running, w) as made:
        yield await made.build()
