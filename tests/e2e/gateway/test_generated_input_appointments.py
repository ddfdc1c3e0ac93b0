"""Input made up from the appointments's own description is answered as documented, never by a fault."""

from collections.abc import Awaitable, Callable

import pytest

from maillage.testing import Running
from tests.e2e.gateway.conftest import Desk
from tests.e2e.gateway.made_up import ask_everything, platform


@pytest.mark.timeout(600)
async def test_nothing_made_up_is_answered_by_a_fault_or_by_what_is_not_documented(
    running_service: Callable[..., Running], opened: Callable[..., Awaitable[Desk]]
) -> None:
    desk, _ = await platform("appointments", running_service, opened)
    seen = await ask_everything("appointments", desk)
    for login in ("secretaire1", "responsable"):
        statuses = seen[login].statuses
        assert statuses[200], (login, statuses)
        assert statuses[404], (login, statuses)
        assert statuses[422], (login, statuses)
        assert statuses[401] <= sum(statuses.values()) / 20, (login, statuses)
    assert seen["nobody"].statuses[401], "who is nobody is refused"
