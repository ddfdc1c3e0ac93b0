"""A running appointments service with a small health centre in its base."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from appointments.main import service
from maillage.doctor import check_invariants
from maillage.testing import Mailbox, Running
from tests.harness import driven_clock
from tests.harness.appointments_world import world
from tests.harness.clinic import Clinic
from tests.harness.gate import behind_a_gate
from tests.harness.waiting_list import WaitingList, waiting_list

OF_WAITING = ("I1", "I2", "I6", "I7", "I11", "appointments.2", "appointments.7", "appointments.14")


@pytest_asyncio.fixture
async def clinic(
    running_service: Callable[..., Running],
    mailbox: Mailbox,
    admin_of: Callable[[str], str],
    request: pytest.FixtureRequest,
) -> AsyncIterator[Clinic]:
    """See `tests.harness.clinic`. With `pytest.mark.gated` every request goes in by the gateway."""
    if not request.node.get_closest_marker("gated"):
        running = running_service(service, pool_wait_s=15)  # a slow machine is no reason for a 503
        async with world(running.database_url) as w, Clinic(running, w) as made:
            yield await made.build()
        return
    desks: list[Clinic] = []
    kind_of = lambda organisation_id: (
        "telesecretariat" if any(organisation_id == each.desk.org for each in desks) else "health_centre"
    )
    reach = ("appointments:*", "telesecretariat:*")
    running, gate = behind_a_gate(running_service, service, mailbox, admin_of, kind_of, reach)
    driven_clock.besides.append(gate.admin_url)
    try:
        async with world(running.database_url) as w, Clinic(running, w) as made:
            desks.append(made)
            yield await made.build()
    finally:
        driven_clock.besides.remove(gate.admin_url)


@pytest_asyncio.fixture
async def queue(clinic: Clinic) -> AsyncIterator[WaitingList]:
    """The waiting list of the clinic; after each story, the invariants hold."""
    async with waiting_list(clinic) as made:
        yield made
    findings = await check_invariants(clinic.running.database_url, "appointments", "appointments", OF_WAITING)
    assert [(f.name, f.first) for f in findings if f.state != "ok"] == []
