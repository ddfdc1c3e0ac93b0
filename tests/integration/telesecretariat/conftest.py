"""The service on a real base, with one line and its people."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest

from telesecretariat.main import service
from tests.harness.exchange import Exchange
from tests.harness.floor import SETTINGS, Floor


@pytest.fixture
async def floor(running_service: Any, admin_of: Callable[[str], str]) -> AsyncIterator[Floor]:
    """`floor.running` serves HTTP; `floor.running.work()` starts its worker too."""
    running = running_service(service, **SETTINGS)
    async with await Floor.on(admin_of(running.database_url), running) as made:
        yield made


@pytest.fixture
async def exchange(floor: Floor) -> AsyncIterator[Exchange]:
    """A telephone system that the test speaks for. Agents pick, so that nothing is offered while a test looks."""
    await floor.connection.execute("UPDATE line SET distribution = 'pick'")
    async with Exchange.of(floor) as made:
        yield made


@pytest.fixture
async def agent(floor: Floor) -> UUID:
    """A telesecretary who is ready."""
    return await floor.agent("poste 1", presence="online", work_state="ready")
