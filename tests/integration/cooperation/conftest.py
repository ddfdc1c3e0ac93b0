"""The service on a real base, with one plant and five hospitals."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from cooperation.main import service
from tests.harness.plant import Plant


@pytest.fixture
async def plant(running_service: Any, admin_of: Callable[[str], str]) -> AsyncIterator[Plant]:
    """`plant.running` serves HTTP; `plant.running.work()` starts its worker too."""
    running = running_service(service)
    async with await Plant.on(admin_of(running.database_url), running) as made:
        yield made
