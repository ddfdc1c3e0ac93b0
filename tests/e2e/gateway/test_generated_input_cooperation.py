"""Input made up from the cooperation's own description is answered as documented, never by a fault."""

from collections.abc import Awaitable, Callable

import pytest

from maillage.testing import Running
from tests.e2e.gateway.conftest import Desk
from tests.e2e.gateway.made_up import ask_everything, platform


@pytest.mark.timeout(600)
async def test_nothing_made_up_is_answered_by_a_fault_or_by_what_is_not_documented(
    running_service: Callable[..., Running], opened: Callable[..., Awaitable[Desk]]
) -> None:
    desk, _ = await platform("cooperation", running_service, opened)
    seen = await ask_everything("cooperation", desk)
    assert seen["pharmacien"].statuses[200], seen["pharmacien"]
    for login in ("coordination", "pharmacien"):
        statuses = seen[login].statuses
        assert statuses[404], (login, statuses)
        assert statuses[422], (login, statuses)
        assert statuses[401] <= sum(statuses.values()) / 20, (login, statuses)
    assert seen["nobody"].statuses[401], "who is nobody is refused"
