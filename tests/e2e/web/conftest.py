"""A whole town for one browser: gateway, appointments, their workers, a mailbox, one small centre."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from appointments.main import service as appointments
from gateway.main import service as gateway
from maillage.children import free_port
from maillage.service import create_api
from maillage.testing import Mailbox, Running
from tests.e2e.web.browser import opened
from tests.harness.appointments_world import rule, world
from tests.harness.clinic import Clinic
from tests.harness.door import UNLIMITED

KEY = "a key for tests, as long as a real one is: 0123456789"


@dataclass
class Town:
    """`url` is the door; `clinic` plants rows and books by phone; `code` reads the last code sent to a contact."""

    url: str
    clinic: Clinic
    browser: Browser
    mailbox: Mailbox

    async def code(self, to: str) -> str:
        """The six digits of the newest message to this contact."""
        await asyncio.to_thread(self.mailbox.wait, to)
        text = next(message.body for message in self.mailbox.messages if message.to == to)
        found = re.search(r"\b\d{6}\b", text)
        assert found, text
        return found[0]


@pytest_asyncio.fixture
async def town(running_service: Callable[..., Running], mailbox: Mailbox, tmp_path: Path) -> AsyncIterator[Town]:
    """Everything real, in this process; the door's routes are made from the service itself."""
    (door, inside) = free_port(), free_port()
    url = f"http://127.0.0.1:{door}"
    settings = {"address": f"127.0.0.1:{inside}", "public_url": url, "jwks": None, "pool_wait_s": 15}
    document = create_api(appointments, appointments.settings(postgres_url="postgresql://none")).openapi()
    (tmp_path / "appointments.json").write_text(json.dumps(document))
    limits = UNLIMITED | {"codes_per_visitor_hour": 50, "codes_per_contact_hour": 50, "codes_per_address_hour": 500}
    outside = running_service(
        gateway,
        key=KEY,
        address=f"127.0.0.1:{door}",
        public_url=url,
        openapi_dir=tmp_path,
        upstreams={"appointments": f"http://127.0.0.1:{inside}"},
        jwks=None,
        **limits,
    )
    running = running_service(appointments, jwks_url=f"{url}/.well-known/jwks.json", **settings)
    outside.work()
    running.work()
    # The phone desk of these tests comes by a second door, which trusts the keys of the tests.
    desk = running_service(appointments, postgres_url=running.database_url, pool_wait_s=15)
    async with world(running.database_url) as w, Clinic(desk, w) as clinic, opened() as browser:
        await clinic.build(public_label="Consultation", instruction="Un problème de santé, un suivi.")
        digoin = await w.site(clinic.org, "digoin", address_line="27 avenue du Modèle", postal_code="71160")
        await w.schedule(await w.practitioner(clinic.org), digoin, rule("15:00", "16:00"))
        yield Town(url, clinic, browser, mailbox)
