"""Signing in through real pages: the certified issuer in a real browser, and the one that the demonstration plays."""

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urljoin

import httpx
import pytest
import pytest_asyncio
from pydantic import ValidationError

from gateway.settings import GatewaySettings
from maillage.children import free_port
from tests.e2e.gateway.conftest import KEY, Stage
from tests.e2e.web.browser import opened
from tests.harness.issuer import SITE_UNKNOWN, CertifiedIssuer, professional, provider, through_the_pages

ACCOUNTS = {
    "medecin": professional(1, (SITE_UNKNOWN, "Site inconnu")),
    "inconnu": professional(700),
}


class Scene:
    """A door and the certified issuer, which know each other."""

    def __init__(self, stage: Stage, issuer: CertifiedIssuer) -> None:
        self.stage, self.issuer = stage, issuer

    async def enter(self, client: httpx.AsyncClient, login: str, **query: str) -> httpx.Response:
        """Through the issuer's pages; the answer of our callback."""
        sent = await client.get("/auth/login", params={"provider": "psc", **query})
        assert sent.status_code == 302, sent.text
        return await through_the_pages(client, sent.headers["location"], login)


@pytest_asyncio.fixture
async def scene(stage: Callable[..., Awaitable[Stage]]) -> AsyncIterator[Scene]:
    """Both on ports of their own."""
    url = f"127.0.0.1:{free_port()}"
    issuer = CertifiedIssuer(f"http://{url}/auth/callback", ACCOUNTS)
    issuer.start()
    try:
        made = await stage(address=url, public_url=f"http://{url}", oidc=[provider(issuer.url)])
        yield Scene(made, issuer)
    finally:
        issuer.stop()


@pytest.mark.browser
async def test_a_physician_signs_in_with_a_browser_and_comes_back_to_the_page(scene: Scene) -> None:
    """As the SAS's link does it: our address with `&origin=` appended, the issuer's page, the documentation's page with
    `origin` kept, and a session with person and context. Who is unknown here reads whom to call."""
    door = scene.stage.house.url
    async with opened() as browser:
        context = await browser.new_context(locale="fr-FR")
        page = await context.new_page()
        await page.goto(f"{door}/auth/login?provider=psc&return_to=%2Fdocs%3Ftheme%3Da&origin=sas-71")
        assert page.url.startswith(f"{scene.issuer.url}/sign-in/")
        await page.get_by_label("Identifiant").fill("medecin")
        await page.get_by_role("button", name="Se connecter").click()
        await page.wait_for_url(f"{door}/docs?theme=a&origin=sas-71")
        answer = await page.request.get(f"{door}/auth/session")
        session = await answer.json()
        assert (session["person"]["login"], session["context"]["role"]) == ("medecin", "practitioner")
        assert [each["label"] for each in session["unknown_sites"]] == ["Site inconnu"]
        assert await page.evaluate("document.cookie") == "", "no script reads the session"
        await context.close()
        stranger = await browser.new_context(locale="fr-FR")
        page = await stranger.new_page()
        await page.goto(f"{door}/auth/login?provider=psc")
        await page.get_by_label("Identifiant").fill("inconnu")
        await page.get_by_role("button", name="Se connecter").click()
        await page.wait_for_url(f"{door}/auth/callback*")
        assert await page.get_by_role("heading", level=1).inner_text() == "Pas encore d'accès ici"
        assert "administrateur" in await page.inner_text("main")


async def test_the_certified_issuer_may_restart_with_another_key(scene: Scene) -> None:
    """In; the issuer comes back with a new key: in again. While it is gone, the door says so."""
    async with scene.stage.browser() as client:
        assert (await scene.enter(client, "medecin", return_to="/rdv")).headers["location"] == "/rdv"
    scene.issuer.stop()
    async with scene.stage.browser() as client:
        sent = await client.get("/auth/login", params={"provider": "psc"})
        with pytest.raises(httpx.ConnectError):
            await through_the_pages(client, sent.headers["location"], "medecin")
        scene.issuer.start(kid="second")
        assert (await scene.enter(client, "medecin")).headers["location"] == "/console/"
        assert (await client.get("/auth/session")).json()["acr"] == 2


async def test_the_certified_issuers_level_and_refusal_count(scene: Scene) -> None:
    """It signs in somebody less surely than asked; somebody gives up there."""
    scene.issuer.stop()
    scene.issuer.start(acr="eidas0")
    async with scene.stage.browser() as client:
        low = await scene.enter(client, "medecin")
        assert (low.status_code, low.json()["code"]) == (403, "ACR_TOO_LOW")
        gone = await scene.enter(client, "nobody of that name")
        assert (gone.status_code, gone.json()["code"]) == (403, "OIDC_REFUSED")


async def test_the_demonstrations_issuer_lets_its_physician_in(stage: Callable[..., Awaitable[Stage]]) -> None:
    """`maillage up` plays Pro Santé Connect: listed among the ways, a page of persons, a session. The rest of the door
    is as without it."""
    made = await stage(development_issuer=True)
    async with made.browser() as client:
        ways = (await client.get("/auth/providers")).json()["items"]
        assert [way["id"] for way in ways] == ["psc", "password"]
        sent = await client.get(ways[0]["href"])
        page = await client.get(sent.headers["location"])
        assert "Ceci n'est pas Pro Santé Connect" in page.text
        href = page.text.partition("href='")[2].partition("'")[0].replace("&amp;", "&")
        chosen = await client.get(urljoin(sent.headers["location"], href))
        entered = await client.get(chosen.headers["location"])
        assert (entered.status_code, entered.headers["location"]) == (303, "/console/")
        session = (await client.get("/auth/session")).json()
        assert session["person"]["login"] == "medecin"
        assert (await client.get("/demo-issuer/choose?person=0&redirect_uri=https://evil.example")).status_code == 400
        assert (await client.post("/demo-issuer/token", data={"code": "x"})).status_code == 401
    plain = await stage()
    async with plain.browser() as client:
        assert (await client.get("/demo-issuer/authorize")).status_code == 404
        assert [way["id"] for way in (await client.get("/auth/providers")).json()["items"]] == ["password"]


def test_an_unsafe_issuer_is_refused_at_start() -> None:
    """The development issuer beyond this machine; an issuer over plain http; no proof of ours, or two."""
    settings = GatewaySettings(key=KEY, public_url="https://maillage.example", development_issuer=True)
    with pytest.raises(ValueError, match="on this machine"):
        _ = settings.providers
    for wrong in (
        {"issuer": "http://auth.example"},
        {"discovery": "http://auth.example/wallet"},
        {"client_secret": None},
        {"private_key": "both"},
        {"client_secret": None, "private_key": "no key"},
        {"scopes": "scope_all"},
        {"id": "Psc/../"},
    ):
        with pytest.raises(ValidationError):
            GatewaySettings.model_validate({"key": KEY, "oidc": [{**provider("https://auth.example"), **wrong}]})
