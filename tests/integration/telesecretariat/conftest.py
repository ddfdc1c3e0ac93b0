"""The service on a real base, with one line and its people."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from telesecretariat.main import service
from tests.harness.floor import SETTINGS, Floor


@pytest.fixture
async def floor(run: Any) -> AsyncIterator[Floor]:
    """`floor.running` serves HTTP; `floor.running.work()` starts its worker too."""
    running = run(service, **SETTINGS)
    async with await Floor.on(running.database_url, running) as made:
        yield made
