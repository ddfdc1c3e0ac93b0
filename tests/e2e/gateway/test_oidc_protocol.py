"""Signing in with another issuer, when somebody cheats: each forged answer gets the exact refusal, and no session."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from gateway.demo import rpps
from gateway.oidc import queries
from gateway.oidc.config import Provider
from gateway.oidc.errors import ProviderAway
from gateway.oidc.issuer import AWAY_S, KEPT_S, METADATA_S, Issuer
from maillage.database import Database
from maillage.principal import system
from maillage.testing import Logs
from tests.e2e.gateway.conftest import Stage
from tests.harness.issuer import CLIENT, SECRET, CrookedIssuer, professional, provider

PAGE = {"Accept": "text/html,application/xhtml+xml"}
AGENDA = "/console/agenda/0199?jour=2026-11-23"


class Scene:
    """A door and an issuer that says what it is told. By default the demonstration's physician signs in."""

    def __init__(self, stage: Stage, issuer: CrookedIssuer) -> None:
        self.stage, self.issuer = stage, issuer
        issuer.about = professional(1)

    async def sent(self, client: httpx.AsyncClient, **query: str) -> dict[str, str]:
        """GET /auth/login, and what the browser is sent to the issuer with."""
        answer = await client.get("/auth/login", params={"provider": "psc", "return_to": AGENDA, **query})
        assert answer.status_code == 302, answer.text
        said = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
        self.issuer.nonce = said["nonce"]
        return said

    async def back(self, client: httpx.AsyncClient, state: str, **query: str) -> httpx.Response:
        """The issuer sends the browser back."""
        return await client.get("/auth/callback", params={"state": state, "code": "a-code", **query})

    async def round(self, client: httpx.AsyncClient, **query: str) -> httpx.Response:
        """There and back."""
        return await self.back(client, (await self.sent(client))["state"], **query)

    async def kind(self, client: httpx.AsyncClient) -> str:
        """Who the door thinks one is."""
        return str((await client.get("/auth/session")).json()["kind"])


@pytest_asyncio.fixture
async def scene(stage: Callable[..., Awaitable[Stage]]) -> AsyncIterator[Scene]:
    """A gateway that trusts the crooked issuer."""
    issuer = CrookedIssuer()
    issuer.start()
    yield Scene(await stage(oidc=[provider(issuer.url)]), issuer)
    issuer.stop()


def refused(answer: httpx.Response, status: int, code: str) -> bool:
    """Whether it is that refusal, as a program gets it."""
    return (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_browser_is_sent_with_all_that_the_way_back_is_judged_by(scene: Scene) -> None:
    """Code flow, PKCE, state, nonce, level asked; the verifier and the client's secret go to the token address only."""
    async with scene.stage.browser() as client:
        said = await scene.sent(client, utm_source="sas", origin="sas/71 & co")
        assert (
            said.items()
            >= {
                "response_type": "code",
                "client_id": CLIENT,
                "scope": "openid scope_all",
                "acr_values": "eidas1",
                "code_challenge_method": "S256",
                "redirect_uri": f"{scene.stage.house.url}/auth/callback",
            }.items()
        )
        planted = client.cookies.get("session")
        answer = await scene.back(client, said["state"])
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == f"{AGENDA}&origin=sas%2F71%20%26%20co"
        assert client.cookies["session"] not in (planted, None)
        _, form, headers = next(each for each in scene.issuer.asked if each[0] == "/token")
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        assert digest.rstrip("=") == said["code_challenge"]
        assert headers["authorization"].startswith("Basic ")
        assert SECRET not in json.dumps(form)
        session = (await client.get("/auth/session")).json()
        assert session["person"]["login"] == "medecin"
        assert session["context"]["role"] == "practitioner"
        assert session["acr"] == 2
        again = await client.get("/auth/login", params={"provider": "psc", "return_to": AGENDA, "origin": "sas"})
        assert (again.status_code, again.headers["location"]) == (302, f"{AGENDA}&origin=sas")
    rows = await scene.stage.sql(
        "SELECT facts FROM kit.audit WHERE action = 'signed_in' AND facts::jsonb ->> 'method' = 'psc'"
    )
    assert len(rows) == 1


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/console/../auth/login",
    "/console/%2e%2e/auth/login",
    "/consolex",
    "/api/gateway/v1/persons",
    "/console//evil.example",
    "javascript:alert(1)",
    "/rdv\r\nSet-Cookie: a=b",
    "/console/" + "a" * 1100,
)


async def test_the_way_back_leads_to_our_own_pages_only(scene: Scene) -> None:
    """Anything else is refused before anybody is sent anywhere; nothing of it comes back in the page."""
    async with scene.stage.browser() as client:
        for return_to in ELSEWHERE:
            query = {"provider": "psc", "return_to": return_to}
            assert refused(await client.get("/auth/login", params=query), 400, "BAD_RETURN"), return_to
            page = await client.get("/auth/login", params=query, headers=PAGE)
            assert page.status_code == 400
            assert "text/html" in page.headers["content-type"]
            assert "evil" not in page.text
    assert scene.issuer.asked == []


async def test_a_way_back_works_once_in_time_and_in_its_own_browser(scene: Scene) -> None:
    """Forged, none at all, another browser's, used, too old: 400, and no session. A stranger does not use it up."""
    async with scene.stage.browser() as client, scene.stage.browser() as stranger:
        state = (await scene.sent(client))["state"]
        await scene.sent(stranger)
        scene.issuer.nonce = ""
        for answer in (
            await scene.back(client, "forged"),
            await client.get("/auth/callback"),
            await scene.back(stranger, state),
        ):
            assert refused(answer, 400, "OIDC_STATE")
        assert scene.issuer.count("/token") == 0
        said = await scene.sent(client)
        assert (await scene.back(client, said["state"])).status_code == 303
        assert await scene.kind(client) == "professional"
        assert refused(await scene.back(client, said["state"]), 400, "OIDC_STATE")
        late = (await scene.sent(stranger))["state"]
        await scene.stage.sql("UPDATE oidc_flow SET expires_at = now() - interval '1 second'")
        page = await stranger.get("/auth/callback", params={"state": late, "code": "x"}, headers=PAGE)
        assert page.status_code == 400
        assert "Recommencez" in page.text
        assert await scene.kind(stranger) == "visitor"


def _none(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "none"}), json.dumps(claims)]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts) + "."


def _hs256(secret: str) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode({"alg": "HS256", "kid": "first"}, claims, OctKey.import_key(secret))


NOT_FOR_US: tuple[tuple[dict[str, Any], str], ...] = (
    ({"nonce": "another"}, "nonce"),
    ({"nonce": None}, "nonce"),
    ({"aud": "another-client"}, "audience"),
    ({"aud": [CLIENT, "another-client"]}, "authorised party"),
    ({"azp": "another-client"}, "authorised party"),
    ({"iss": "https://auth.example"}, "issuer"),
    ({"exp": 1_700_000_000}, "expired"),
    ({"exp": None}, "exp"),
    ({"iat": 1_700_000_000}, "issued at"),
    ({"iat": 4_000_000_000}, "issued at"),
    ({"sub": None}, "subject"),
    ({"sub": ["somebody"]}, "subject"),
    ({"sub": "somebody-else"}, "userinfo about somebody else"),
)


async def test_a_token_that_is_not_for_this_sign_in_opens_nothing(scene: Scene, log_capture: Logs) -> None:
    """One wrong claim is enough; the log says which, the audit that somebody was refused."""
    async with scene.stage.browser() as client:
        for claims, why in NOT_FOR_US:
            scene.issuer.claims = claims
            log_capture.begin()
            assert refused(await scene.round(client), 403, "OIDC_TOKEN"), claims
            assert f'"why": "{why}"' in log_capture.text, claims
        assert await scene.kind(client) == "visitor"
    rows = await scene.stage.sql("SELECT facts FROM kit.audit WHERE action = 'sign_in_refused'")
    assert [json.loads(row["facts"])["code"] for row in rows] == ["OIDC_TOKEN"] * len(NOT_FOR_US)


async def test_a_signature_counts_only_from_a_key_of_the_issuer(scene: Scene) -> None:
    """`none`, the client's secret or the public key as a secret, a stranger's key under a right name, no token."""
    public = json.dumps(scene.issuer.key.as_dict(private=False))
    stranger = CrookedIssuer.new_key("first")
    cheats: list[Callable[[dict[str, Any]], str]] = [
        _none,
        _hs256(SECRET),
        _hs256(public),
        lambda claims: scene.issuer.signed(claims, key=stranger),
        lambda claims: "no.token.atall",
        lambda claims: "",
    ]
    async with scene.stage.browser() as client:
        for cheat in cheats:
            scene.issuer.sign = cheat
            assert refused(await scene.round(client), 403, "OIDC_TOKEN")
        assert await scene.kind(client) == "visitor"
        scene.issuer.sign = scene.issuer.signed
        assert refused(await scene.round(client, iss="https://auth.example"), 403, "OIDC_TOKEN")
        assert (await scene.round(client, iss=scene.issuer.url)).status_code == 303


async def test_a_new_key_is_found_and_made_up_ones_cost_one_look_a_minute(scene: Scene) -> None:
    """After a rotation the next sign-in works; ten tokens with unknown keys do not make ten calls."""
    async with scene.stage.browser() as client:
        assert (await scene.round(client)).status_code == 303
        before = scene.issuer.count("/jwks")
        scene.issuer.key = CrookedIssuer.new_key("second")
        async with scene.stage.browser() as another:
            assert (await scene.round(another)).status_code == 303
        assert scene.issuer.count("/jwks") == before + 1
        scene.issuer.sign = lambda claims: scene.issuer.signed(claims, kid="made-up")
        async with scene.stage.browser() as stranger:
            for _ in range(3):
                assert refused(await scene.round(stranger), 403, "OIDC_TOKEN")
        assert scene.issuer.count("/jwks") == before + 1
        assert scene.issuer.count("/.well-known/openid-configuration") == 1


async def test_too_low_a_level_and_a_no_of_the_issuer_are_told_apart(scene: Scene) -> None:
    """`acr` below what we ask, or none; given up there; a failure there."""
    async with scene.stage.browser() as client:
        for acr in ("eidas0", None, 3, "1"):
            scene.issuer.claims = {"acr": acr}
            assert refused(await scene.round(client), 403, "ACR_TOO_LOW")
        scene.issuer.straighten()
        for error, status, code in (
            ("access_denied", 403, "OIDC_REFUSED"),
            ("temporarily_unavailable", 503, "PROVIDER_AWAY"),
        ):
            state = (await scene.sent(client))["state"]
            answer = await client.get("/auth/callback", params={"state": state, "error": error})
            assert refused(answer, status, code)
        assert await scene.kind(client) == "visitor"


async def test_an_issuer_that_is_away_costs_a_clear_page_and_no_more(scene: Scene) -> None:
    """Broken answers, then nobody there: 503 with `Retry-After`, and the way out is named; passwords still work."""
    broken = [
        ("/token", (500, {})),
        ("/token", (401, {"error": "invalid_client"})),
        ("/userinfo", (302, {})),
        ("/userinfo", (200, ["no object"])),
        ("/userinfo", (200, {"sub": "somebody", "long": "x" * 300_000})),
    ]
    async with scene.stage.browser() as client:
        for path, answer in broken:
            scene.issuer.answers = {path: answer}
            assert refused(await scene.round(client), 503, "PROVIDER_AWAY"), path
        scene.issuer.answers = {"/token": (400, {"error": "invalid_grant"})}
        assert refused(await scene.round(client), 400, "OIDC_STATE")
        scene.issuer.straighten()
        state = (await scene.sent(client))["state"]
        scene.issuer.stop()
        gone = await client.get("/auth/callback", params={"state": state, "code": "x"}, headers=PAGE)
        assert gone.status_code == 503
        assert gone.headers["retry-after"] == "60"
        assert "accès temporaire" in gone.text
        english = await client.get(
            "/auth/callback", params={"state": "x", "code": "x"}, headers={**PAGE, "Accept-Language": "en"}
        )
        assert "Sign in again" in english.text
        password = scene.stage.passwords["medecin"]
        assert (await scene.stage.sign_in(client, "medecin", password)).status_code == 200


async def test_metadata_of_another_issuer_or_with_open_addresses_are_not_believed(scene: Scene) -> None:
    """The document must name the configured issuer, and every address in it must be https or this machine."""
    right = scene.issuer._answer("/.well-known/openid-configuration")
    wrongs: list[object] = [
        {**right, "issuer": "https://auth.example"},
        {**right, "token_endpoint": "http://auth.example/token"},
        {**right, "jwks_uri": None},
        [],
    ]
    for wrong in wrongs:
        scene.issuer.answers = {"/.well-known/openid-configuration": (200, wrong)}
        fresh = Issuer(Provider.model_validate(provider(scene.issuer.url)), "http://127.0.0.1/auth/callback")
        with pytest.raises(ProviderAway):
            await fresh.metadata()
    async with scene.stage.browser() as client:
        answer = await client.get("/auth/login", params={"provider": "psc"})
        assert refused(answer, 503, "PROVIDER_AWAY")
        answer = await client.get("/auth/login", params={"provider": "other"})
        assert refused(answer, 404, "NOT_FOUND")


async def test_metadata_are_read_once_for_all_and_serve_on_while_the_issuer_is_away(scene: Scene) -> None:
    """Ten at once: one call. An hour later it is away: those of today are used, and it is asked once in some seconds.
    The day after: nobody is sent anywhere."""
    at = [0.0]
    place = "/.well-known/openid-configuration"
    issuer = Issuer(
        Provider.model_validate(provider(scene.issuer.url)), "http://127.0.0.1/auth/callback", lambda: at[0]
    )
    known = await asyncio.gather(*(issuer.metadata() for _ in range(10)))
    assert scene.issuer.count(place) == 1
    scene.issuer.answers = {place: (503, {})}
    at[0] = METADATA_S + 1
    for _ in range(5):
        assert await issuer.metadata() == known[0]
    assert scene.issuer.count(place) == 2
    at[0] += AWAY_S + 1
    await issuer.metadata()
    assert scene.issuer.count(place) == 3
    at[0] = KEPT_S + 1
    with pytest.raises(ProviderAway):
        await issuer.metadata()
    scene.issuer.straighten()
    at[0] += AWAY_S + 1
    assert await issuer.metadata() == known[0]


async def test_our_own_key_proves_us_where_a_secret_is_not_shared(stage: Callable[..., Awaitable[Stage]]) -> None:
    """`private_key_jwt`: a short assertion for that address alone, and no secret anywhere."""
    issuer = CrookedIssuer()
    issuer.start()
    key = ECKey.generate_key("P-256", private=True)
    pem = key.as_pem(private=True).decode()
    settings = {**provider(issuer.url), "client_secret": None, "private_key": pem, "private_key_id": "ours"}
    scene = Scene(await stage(oidc=[settings]), issuer)
    try:
        async with scene.stage.browser() as client:
            assert (await scene.round(client)).status_code == 303
    finally:
        issuer.stop()
    _, form, headers = next(each for each in issuer.asked if each[0] == "/token")
    assert "authorization" not in headers
    token = jwt.decode(form["client_assertion"], key, algorithms=["ES256"])
    assert token.header["kid"] == "ours"
    assert token.claims["iss"] == token.claims["sub"] == CLIENT
    assert token.claims["aud"] == f"{issuer.url}/token"
    assert token.claims["exp"] - token.claims["iat"] <= 60


async def test_one_browser_keeps_five_ways_open_and_old_ones_are_forgotten(scene: Scene) -> None:
    """The oldest of six no longer works; the newest does."""
    async with scene.stage.browser() as client:
        states = [await scene.sent(client) for _ in range(6)]
        assert (await scene.stage.sql("SELECT count(*) AS n FROM oidc_flow"))[0]["n"] == 5
        assert refused(await scene.back(client, states[0]["state"]), 400, "OIDC_STATE")
        assert (await scene.back(client, states[5]["state"])).status_code == 303
        await scene.stage.sql(
            "UPDATE oidc_flow SET expires_at = now() WHERE state_hash = $1", _hash(states[1]["state"])
        )
    database = Database(scene.stage.house.running.settings)
    await database.open()
    try:
        for most, left in ((100, 3), (2, 2), (0, 0)):
            await database.run(system("gateway"), queries.forget, most)
            assert (await scene.stage.sql("SELECT count(*) AS n FROM oidc_flow"))[0]["n"] == left
    finally:
        await database.close()


def _hash(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()


async def test_nothing_secret_of_a_sign_in_is_logged(scene: Scene, log_capture: Logs) -> None:
    """No code, state, nonce, token, name or number of a person."""
    async with scene.stage.browser() as client:
        said = await scene.sent(client)
        await scene.back(client, said["state"])
        scene.issuer.claims = {"aud": "another"}
        async with scene.stage.browser() as another:
            await scene.round(another)
        told = log_capture.text
    assert "audience" in told
    for secret in (said["state"], said["nonce"], "a-code", "for-userinfo", SECRET, rpps(1), "Médecin-1"):
        assert secret not in told
