"""The path of a request through the real door: what reaches the service, and what comes back."""

import json
from collections.abc import Callable

from joserfc import jws
from joserfc.jwk import KeySet

from tests.harness.door import House


async def test_a_get_reaches_the_service_without_its_prefix(house: Callable[..., House]) -> None:
    """`/api/appointments/v1/…` is the service's `/v1/…`; the query passes unchanged."""
    running = house()
    async with running.browser() as client:
        answer = await client.get("/api/appointments/v1/slots?reason=consultation&from=2026-11-23T08%3A00%3A00%2B01%3A00")
    assert answer.status_code == 200
    assert answer.json()["path"] == "/v1/slots"
    assert answer.json()["query"] == "reason=consultation&from=2026-11-23T08%3A00%3A00%2B01%3A00"


async def test_the_service_gets_a_token_for_itself_alone_and_no_cookie(house: Callable[..., House]) -> None:
    """The internal token verifies with the published keys, is for this service, lives 30 s, and replaces what the caller said."""
    running = house()
    async with running.browser() as client:
        await client.get("/auth/session")
        await client.get("/rdv", headers={"X-User-Id": "admin", "X-Forwarded-For": "203.0.113.9", "Client-Cert": "x"})
        keys = KeySet.import_key_set((await client.get("/.well-known/jwks.json")).json())
    seen = running.upstream.last["headers"]
    claims = json.loads(jws.deserialize_compact(seen["authorization"].removeprefix("Bearer "), keys, algorithms=["ES256"]).payload)
    assert (claims["iss"], claims["aud"], claims["kind"], claims["exp"] - claims["iat"]) == ("maillage-gateway", "appointments", "visitor", 30)
    assert claims["perms"]["slot.hold"] == "s" and claims["ip"] == "127.0.0.1"
    assert not {"cookie", "x-user-id", "x-forwarded-for", "client-cert"} & set(seen)
