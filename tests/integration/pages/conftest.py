"""A centre of two sites behind its pages, and a visitor who walks through them."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from appointments.main import service
from maillage.testing import Running
from tests.harness.appointments_world import rule, world
from tests.harness.clinic import Clinic
from tests.integration.pages.walker import Walker


@pytest_asyncio.fixture
async def clinic(running_service: Callable[..., Running]) -> AsyncIterator[Clinic]:
    """See `tests.harness.clinic`; a second site, Digoin, where a third doctor sees people from 15 to 16."""
    running = running_service(service, pool_wait_s=15)
    async with world(running.database_url) as w, Clinic(running, w) as made:
        await made.build(public_label="Consultation", instruction="Un problème de santé.", min_age=2)
        await w.reason(made.org, "domicile", public_label="Visite à domicile", bookable_by=["secretariat"])
        digoin = await w.site(
            made.org, "digoin", address_line="27 avenue du Modèle", postal_code="71160", step_free=True
        )
        await w.schedule(await w.practitioner(made.org), digoin, rule("15:00", "16:00"))
        yield made


@pytest.fixture
def walker(clinic: Clinic) -> Walker:
    """Somebody unknown, in French."""
    return Walker(clinic.running)
