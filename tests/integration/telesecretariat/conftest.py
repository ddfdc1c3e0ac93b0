"""The service on a real base, with one line and its people."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from telesecretariat.main import service
from tests.harness.floor import SETTINGS, Floor


@pytest.fixture
async def floor(running_service: Any, admin_of: Callable[[str], str]) -> AsyncIterator[Floor]:
    """`floor.running` serves HTTP; `floor.running.work()` starts its worker too."""
    running = running_service(service, **SETTINGS)
    async with await Floor.on(admin_of(running.database_url), running) as made:
        yield made
