"""The waiting page in a browser: narrow and wide, in both languages, without script (design: gateway 3.7, web 3.2)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from appointments.main import service as appointments
from gateway.main import service as gateway
from maillage.children import free_port
from maillage.service import create_api
from maillage.testing import Running
from tests.e2e.gateway.conftest import KEY
from tests.e2e.web.browser import NARROW, WIDE, opened, phone
from tests.harness.door import UNLIMITED


@pytest.fixture
def door(running_service: Callable[..., Running], tmp_path: Path) -> str:
    """The address of a gateway with one place, before the real pages."""
    (outside, inside) = free_port(), free_port()
    url = f"http://127.0.0.1:{outside}"
    document = create_api(appointments, appointments.settings(postgres_url="postgresql://none")).openapi()
    (tmp_path / "appointments.json").write_text(json.dumps(document))
    running_service(
        gateway,
        key=KEY,
        address=f"127.0.0.1:{outside}",
        public_url=url,
        openapi_dir=tmp_path,
        upstreams={"appointments": f"http://127.0.0.1:{inside}"},
        jwks=None,
        **UNLIMITED | {"most_visitors": 1},
    )
    running_service(appointments, address=f"127.0.0.1:{inside}", jwks=None, jwks_url=f"{url}/.well-known/jwks.json")
    return url


async def test_who_waits_sees_his_place_and_one_button(door: str) -> None:
    """The page reads well at 320 and 1280 pixels, passes the rules of accessibility, and its button asks again."""
    async with opened() as browser, phone(browser, door) as first:
        await first.open("/rdv")
        await first.open("/rdv")
        for number, (width, language) in enumerate(((NARROW, "fr"), (WIDE, "fr"), (NARROW, "en")), start=1):
            async with phone(browser, door, width) as waiting:
                await waiting.open(f"/rdv?langue={language}")
                said = await waiting.looked(status=503)
                assert {"fr": f"Votre numéro : {number}.", "en": f"Your number: {number}."}[language] in said
                name = {"fr": "Voir si c'est mon tour", "en": "See if it is my turn"}[language]
                await waiting.tab_to(name)
                async with waiting.page.expect_navigation():
                    await waiting.press("Enter")
                assert str(number) in await waiting.looked(status=503), "the same number"
