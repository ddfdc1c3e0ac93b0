"""Somebody goes past the door, or plants a cookie before it: neither opens anything (design: gateway 7)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import httpx

from appointments.main import service as appointments
from maillage.ids import new_id
from maillage.testing import Running, bearer, jwks, mint
from tests.e2e.gateway.conftest import Desk
from tests.harness.people import front_desk

APPOINTMENTS = "/v1/appointments"
FAR = 4_000_000_000


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _of_public_key(payload: str) -> list[str]:
    """Tokens signed by HS256 with what everybody can read: the public key, in each form it could be fed as a secret."""
    public = jwks()["keys"][0]
    forms = [
        json.dumps(public),
        json.dumps(public, separators=(",", ":")),
        json.dumps(jwks()),
        public["x"],
        public["y"],
    ]
    made = []
    for form in forms:
        head = _text(json.dumps({"alg": "HS256", "kid": public["kid"]}).encode())
        made.append(
            f"{head}.{payload}.{_text(hmac.digest(form.encode(), f'{head}.{payload}'.encode(), hashlib.sha256))}"
        )
    return made


async def test_a_service_asked_directly_believes_no_claim_and_no_wrong_token(
    running_service: Callable[..., Running],
) -> None:
    """401 `NOT_SIGNED_IN` by the service itself: claimed names, no algorithm, the public key as a secret, another
    service's token, another issuer's, expired, from the future, changed, twice."""
    running = running_service(appointments)
    caller = front_desk(new_id())
    good = mint(caller, "appointments")
    header, payload, signature = good.split(".")
    none = _text(b'{"alg":"none"}')
    tokens = [
        "x",
        f"{none}.{payload}.",
        f"{none}.{payload}.{signature}",
        *_of_public_key(payload),
        mint(caller, "gateway"),
        mint(caller, "telesecretariat"),
        mint(caller, "appointments", aud=["appointments", "gateway"]),
        mint(caller, "appointments", iss="somebody"),
        mint(caller, "appointments", exp=1),
        mint(caller, "appointments", iat=FAR - 30, exp=FAR),
        f"{header}.{payload}.{_text(b'0' * 64)}",
        f"{header}.{_text(b'{}')}.{signature}",
        f"{header}.{payload}",
        f"{good}, Bearer {good}",
    ]
    async with httpx.AsyncClient(base_url=running.url, trust_env=False) as client:
        for token in tokens:
            answer = await client.get(APPOINTMENTS, headers={"Authorization": f"Bearer {token}"})
            assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN"), token[:60]
        for claimed in ("X-User-Id", "X-Forwarded-User", "Client-Cert", "X-Maillage-Role"):
            answer = await client.get(APPOINTMENTS, headers={claimed: "admin"})
            assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN"), claimed
        answer = await client.get(APPOINTMENTS, headers=bearer(caller, "appointments"))
        assert answer.status_code == 200


async def test_a_cookie_that_was_planted_before_signing_in_is_not_accepted_after(desk: Desk) -> None:
    """A made-up session, a thief's own session, a thief's visitor ticket: the new session has a secret of its own."""
    mine, thiefs = list(desk.passwords)[:2]
    async with desk.browser(thiefs) as thief, desk.house.browser() as stranger:
        his = thief.cookies["session"]
        await desk.refresh(stranger)
        ticket = stranger.cookies["visitor"]
        for planted in ({"session": "A" * 43}, {"session": his}, {"visitor": ticket}):
            async with desk.house.browser() as victim:
                for name, value in planted.items():
                    victim.cookies.set(name, value, domain="127.0.0.1", path="/")
                await desk.refresh(victim)
                assert (await desk.sign_in(victim, mine, desk.passwords[mine])).status_code == 200
                secrets = {cookie.value for cookie in victim.cookies.jar if cookie.name == "session"}
                assert secrets - set(planted.values()), "a new secret"
                async with desk.house.browser() as user:
                    for name, value in planted.items():
                        user.cookies.set(name, value, domain="127.0.0.1", path="/")
                    seen = (await user.get("/auth/session")).json()
                    assert seen.get("login") != mine
                    assert seen["kind"] != "professional" or planted == {"session": his}
        assert (await stranger.get("/auth/session")).json()["kind"] == "visitor"
