"""Machines of partners get tokens by signed assertions, and lose them at once (design: gateway 4, 7, scenario 8)."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import pytest
import pytest_asyncio

from maillage import clock
from maillage.testing import Logs, soon
from tests.e2e.gateway.conftest import Desk, load_accounts
from tests.harness.door import House
from tests.harness.machine import CLIENTS, SCOPES, Machine, ec_key, jwks, key_host, registered, rsa_key

SLOTS = "/api/appointments/v1/slots"
CALLS = int(os.environ.get("MAILLAGE_TESTS_CALLS", "2000"))
"""During a rotation of keys; scenario 8 says 10,000, which takes half a minute."""
GENEROUS = {
    "private_partners": ["127.0.0.0/8"],
    "anonymous_per_minute": 1e6,
    "anonymous_burst": 1e5,
    "client_per_minute": 1e7,
    "client_burst": 1e6,
    "client_per_day": 10**7,
    "sign_in_per_minute": 1e6,
    "sign_in_burst": 1e5,
}


@pytest_asyncio.fixture
async def desk(house: Callable[..., House], admin_of: Callable[[str], str]) -> Desk:
    """A gateway that calls partners on this machine, and whose limits are far."""
    running = house(**GENEROUS)
    return Desk(running, await load_accounts(running), admin_of(running.running.database_url))


@pytest_asyncio.fixture
async def admin(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator's browser."""
    async with desk.browser("administrateur") as browser:
        yield browser


async def refused(answer: httpx.Response, status: int, error: str) -> None:
    """RFC 6749 5.2, and never problem+json."""
    assert (answer.status_code, answer.json().get("error")) == (status, error), answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def last_refusal(admin: httpx.AsyncClient, machine: Machine, **headers: str) -> Any:
    """What the administrator reads."""
    return (await admin.get(f"{CLIENTS}/{machine.client_id}", headers=headers)).json()["last_refusal"]


async def test_a_token_for_an_assertion_opens_what_was_granted_and_nothing_else(
    desk: Desk, admin: httpx.AsyncClient, log_capture: Logs
) -> None:
    """Scope in the client's own words; the service is told client, organisation, permissions; no cookie, no secret in
    logs, only its hash in the base."""
    machine = await registered(admin, desk.house.url)
    answer = await machine.ask(scope="appointments:slot.read system/Appointment.crus")
    assert answer.status_code == 200, answer.text
    given = answer.json()
    assert {name: given[name] for name in given if name != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "appointments:slot.read system/Appointment.crus",
    }
    assert given["access_token"].startswith("mt_")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    called = await machine.get(SLOTS, given["access_token"])
    assert called.status_code == 200, called.text
    assert "set-cookie" not in called.headers
    claims = _claims(called)
    assert claims["sub"] == f"client:{machine.client_id}"
    assert (claims["kind"], claims["perms"]) == (
        "partner",
        {"slot.read": "o", "appointment.read": "o", "appointment.write": "o"},
    )
    assert claims["orgs"] == [claims["org"]]
    async with machine.client(given["access_token"]) as client:
        unheld = await client.post("/api/appointments/v1/directory", json={})
    assert (unheld.status_code, unheld.json()["code"]) == (403, "NOT_ALLOWED")
    own = await machine.get(CLIENTS, given["access_token"])
    assert (own.status_code, own.json()["code"]) == (403, "NOT_ALLOWED")
    narrow = await machine.token(scope="appointments:slot.read")
    assert (await machine.get("/api/appointments/v1/appointments", narrow)).status_code == 403
    rows = await desk.sql("SELECT * FROM access_token")
    assert all(given["access_token"] not in str(row) and len(row["token_hash"]) == 32 for row in rows)
    assert given["access_token"] not in log_capture.text
    assert narrow not in log_capture.text


def _claims(answer: httpx.Response) -> Any:
    from base64 import urlsafe_b64decode

    payload = answer.json()["headers"]["authorization"].split(".")[1]
    return json.loads(urlsafe_b64decode(payload + "=="))


async def test_each_algorithm_that_is_taken(desk: Desk, admin: httpx.AsyncClient) -> None:
    rsa = rsa_key()
    for key, alg in (
        (ec_key(curve="P-256"), "ES256"),
        (ec_key(curve="P-384"), "ES384"),
        (rsa, "PS256"),
        (rsa, "PS384"),
        (rsa, "RS384"),
    ):
        machine = await registered(admin, desk.house.url, key)
        answer = await machine.ask(machine.assertion(alg=alg))
        assert answer.status_code == 200, answer.text
        assert answer.json()["scope"] == " ".join(sorted(SCOPES))


def _bad(machine: Machine) -> dict[str, tuple[str, str | None]]:
    """Assertions that prove nothing -> what the administrator reads."""
    now = int(clock.now().timestamp())
    other, foreign = ec_key(), "https://elsewhere.example/jwks.json"
    return {
        "aud a list": (machine.assertion(aud=[machine.audience]), "AUDIENCE_WRONG"),
        "aud another": (machine.assertion(aud=machine.url), "AUDIENCE_WRONG"),
        "aud with a slash": (machine.assertion(aud=machine.audience + "/"), "AUDIENCE_WRONG"),
        "exp + 10 min": (machine.assertion(exp=now + 600), "ASSERTION_TOO_LONG"),
        "expired": (machine.assertion(exp=now - 1), "ASSERTION_EXPIRED"),
        "no exp": (machine.assertion(exp=None), "TIMES_WRONG"),
        "exp a text": (machine.assertion(exp=str(now + 60)), "TIMES_WRONG"),
        "exp endless": (machine.assertion(exp=1e300), "TIMES_WRONG"),
        "from the future": (machine.assertion(iat=now + 120), "TIMES_WRONG"),
        "not yet": (machine.assertion(nbf=now + 120), "TIMES_WRONG"),
        "made long ago": (machine.assertion(iat=now - 100_000), "TIMES_WRONG"),
        "no jti": (machine.assertion(jti=None), "JTI_MISSING"),
        "long jti": (machine.assertion(jti="j" * 201), "JTI_MISSING"),
        "another issuer": (machine.assertion(iss=str(uuid4())), "ISSUER_WRONG"),
        "kid a path": (machine.assertion(head={"kid": "../../x"}), "KID_UNKNOWN"),
        "kid of a file": (machine.assertion(head={"kid": "/dev/null"}), "KID_UNKNOWN"),
        "kid a number": (_by_hand(machine, kid=1), "KID_UNKNOWN"),
        "no kid": (machine.assertion(head={"kid": None}), "KID_UNKNOWN"),
        "foreign jku": (machine.assertion(head={"jku": foreign}), "JKU_FOREIGN"),
        "foreign key": (machine.assertion(key=other), "SIGNATURE_WRONG"),
        "its own key inside": (machine.assertion(key=other, head={"jwk": jwks(other)["keys"][0]}), "SIGNATURE_WRONG"),
        "RS256": (machine.assertion(key=rsa_key(), alg="RS256"), "ALG_NOT_ALLOWED"),
        "another curve": (machine.assertion(key=ec_key(curve="P-256")), "KID_UNKNOWN"),
        "none": (_by_hand(machine, alg="none"), "ALG_NOT_ALLOWED"),
        "HS384": (_by_hand(machine, alg="HS384"), "ALG_NOT_ALLOWED"),
        "crit": (_by_hand(machine, crit=["x"]), "HEADER_NOT_ALLOWED"),
        "b64": (_by_hand(machine, b64=False), "HEADER_NOT_ALLOWED"),
        "changed": (_changed(machine), "SIGNATURE_WRONG"),
        "no assertion": ("x", None),
        "three dots": ("a.b.c", None),
        "twice the same member": (_by_hand(machine, raw=b'{"alg":"ES384","alg":"none","kid":"one"}'), None),
        "no client": (machine.assertion(sub="x", iss="x"), None),
    }


def _segment(members: Any) -> str:
    from base64 import urlsafe_b64encode

    plain = members if isinstance(members, bytes) else json.dumps(members).encode()
    return urlsafe_b64encode(plain).rstrip(b"=").decode()


def _by_hand(machine: Machine, raw: bytes | None = None, **head: Any) -> str:
    """A header that no library would sign, over a signature of another one."""
    _, body, signature = machine.assertion().split(".")
    return f"{_segment(raw or {'alg': 'ES384', 'kid': 'one', **head})}.{body}.{signature}"


def _changed(machine: Machine) -> str:
    head, _, signature = machine.assertion().split(".")
    _, body, _ = machine.assertion().split(".")
    return f"{head}.{body}.{signature}"


async def test_every_assertion_that_proves_nothing_gets_the_same_answer_and_one_line_for_the_administrator(
    desk: Desk, admin: httpx.AsyncClient
) -> None:
    """Always 401 `invalid_client`; why is told to the administrator alone, in words."""
    machine = await registered(admin, desk.house.url)
    bodies = set()
    for name, (assertion, code) in _bad(machine).items():
        await desk.sql("DELETE FROM attempt_count")
        await desk.sql("UPDATE client SET last_refusal = NULL")
        answer = await machine.ask(assertion)
        assert (answer.status_code, answer.json().get("error")) == (401, "invalid_client"), (name, answer.text)
        bodies.add(answer.text)
        told = await last_refusal(admin, machine)
        assert (told and told["code"]) == code, name
    unknown = Machine(machine.url, str(uuid4()), machine.key)
    bodies.add((await unknown.ask()).text)
    assert len(bodies) == 1
    assert (await desk.sql("SELECT count(*) FROM access_token"))[0][0] == 0
    assert (await machine.ask()).status_code == 200
    await machine.ask(machine.assertion(aud=[machine.audience]))
    english = await last_refusal(admin, machine, **{"Accept-Language": "en"})
    assert "aud is not exactly" in english["detail"]
    assert "aud n'est pas" in (await last_refusal(admin, machine))["detail"]
    rows = await desk.sql("SELECT facts FROM kit.audit WHERE action = 'token_refused' ORDER BY at DESC LIMIT 1")
    assert rows[0]["facts"] == '{"code":"AUDIENCE_WRONG"}'


async def test_an_assertion_works_once_also_for_two_who_bring_it_at_the_same_time(
    desk: Desk, admin: httpx.AsyncClient
) -> None:
    machine = await registered(admin, desk.house.url)
    for _ in range(5):
        one = machine.assertion()
        answers = await asyncio.gather(*(machine.ask(one) for _ in range(2)))
        assert sorted(answer.status_code for answer in answers) == [200, 401]
        await desk.sql("DELETE FROM attempt_count")
    assert (await last_refusal(admin, machine))["code"] == "ASSERTION_REPLAYED"
    assert (await desk.sql("SELECT count(*) FROM access_token"))[0][0] == 5


FIELDS = (
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"grant_type": ""}, 400, "invalid_request"),
    ({"client_assertion_type": "x"}, 401, "invalid_client"),
    ({"client_assertion": ""}, 401, "invalid_client"),
    ({"client_id": "0199aaaa-0000-7000-8000-000000000000"}, 401, "invalid_client"),
    ({"client_secret": "secret"}, 401, "invalid_client"),
    ({"scope": "appointments:patient.read"}, 400, "invalid_scope"),
    ({"scope": "appointments:slot.read gateway:audit.read"}, 400, "invalid_scope"),
    ({"scope": "system/*.cruds"}, 400, "invalid_scope"),
    ({"scope": "system/Patient.r"}, 400, "invalid_scope"),
    ({"scope": " "}, 400, "invalid_scope"),
)


async def test_fields_that_are_wrong(desk: Desk, admin: httpx.AsyncClient) -> None:
    machine = await registered(admin, desk.house.url)
    async with machine.client() as client:
        for fields, status, error in FIELDS:
            await refused(await client.post("/oauth/token", data={**machine.form(), **fields}), status, error)
    assert (await last_refusal(admin, machine))["code"] == "SCOPE_BEYOND_GRANT"


async def test_what_is_no_form_is_refused_as_rfc_6749_says(desk: Desk, admin: httpx.AsyncClient) -> None:
    """Also where the door itself refuses."""
    machine = await registered(admin, desk.house.url)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with machine.client() as client:
        await refused(await client.post("/oauth/token", json=machine.form()), 400, "invalid_request")
        twice = "grant_type=client_credentials&grant_type=client_credentials"
        await refused(await client.post("/oauth/token", content=twice, headers=form), 400, "invalid_request")
        for text in (b"grant_type=%ff", b"\xff=1", b"&".join(b"f%d=1" % n for n in range(30)), b"grant_type"):
            await refused(await client.post("/oauth/token", content=text, headers=form), 400, "invalid_request")
        await refused(
            await client.post("/oauth/token", content="x=" + "y" * 20_000, headers=form), 413, "invalid_request"
        )
        packed = {**form, "Content-Encoding": "gzip"}
        await refused(await client.post("/oauth/token", content=b"x", headers=packed), 415, "invalid_request")
        await refused(await client.get("/oauth/token"), 405, "invalid_request")
        basic = await client.post("/oauth/token", data=machine.form(), auth=("client", "secret"))
        await refused(basic, 401, "invalid_client")


async def test_suspended_is_refused_within_a_second_and_resumed_asks_anew(desk: Desk, admin: httpx.AsyncClient) -> None:
    """Invariant G2. The old token stays dead after the machine is let in again."""
    machine = await registered(admin, desk.house.url)
    token = await machine.token()
    assert (await machine.get(SLOTS, token)).status_code == 200
    path = f"{CLIENTS}/{machine.client_id}"
    assert (await admin.post(f"{path}/suspend")).json()["status"] == "suspended"

    async def ended() -> bool:
        return (await machine.get(SLOTS, token)).status_code == 401

    await soon(ended, seconds=2)
    answer = await machine.get(SLOTS, token)
    assert (answer.json()["code"], answer.headers["www-authenticate"]) == (
        "INVALID_TOKEN",
        'Bearer error="invalid_token"',
    )
    await refused(await machine.ask(), 401, "invalid_client")
    assert (await last_refusal(admin, machine))["code"] == "CLIENT_SUSPENDED"
    twice = await admin.post(f"{path}/suspend")
    assert (twice.status_code, twice.json()["code"]) == (409, "WRONG_STATE")
    assert (await admin.post(f"{path}/resume")).json()["status"] == "active"
    assert (await machine.get(SLOTS, token)).status_code == 401
    assert (await machine.get(SLOTS, await machine.token())).status_code == 200


async def test_a_machine_gives_its_own_token_back(desk: Desk, admin: httpx.AsyncClient) -> None:
    """RFC 7009: at once; 200 for what had ended; another's token stays."""
    machine, other = await registered(admin, desk.house.url), await registered(admin, desk.house.url)
    token, foreign = await machine.token(), await other.token()
    async with machine.client() as client:
        for given in (token, token, "mt_unknown", foreign):
            answer = await client.post("/oauth/revoke", data={**machine.form(), "token": given})
            assert (answer.status_code, answer.content) == (200, b"")
        await refused(await client.post("/oauth/revoke", data=machine.form()), 400, "invalid_request")
        await refused(await client.post("/oauth/revoke", data={"token": token}), 401, "invalid_client")
    assert (await machine.get(SLOTS, token)).status_code == 401
    assert (await machine.get(SLOTS, foreign)).status_code == 200


async def test_failures_are_counted_by_client_and_address_and_good_assertions_still_pass(
    desk: Desk, admin: httpx.AsyncClient
) -> None:
    """After ten in a minute: 429, nothing kept any more. Nobody locks a machine out by failing in its name."""
    machine = await registered(admin, desk.house.url)
    for _ in range(10):
        await refused(await machine.ask(machine.assertion(aud="x")), 401, "invalid_client")
    slowed = await machine.ask(machine.assertion(iss="x"))
    await refused(slowed, 429, "temporarily_unavailable")
    assert int(slowed.headers["retry-after"]) > 0
    assert (await last_refusal(admin, machine))["code"] == "AUDIENCE_WRONG"
    assert (await machine.ask()).status_code == 200
    unknown = Machine(machine.url, str(uuid4()), machine.key)
    answers = [(await unknown.ask()).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


async def test_keys_are_read_at_the_partners_address(desk: Desk, admin: httpx.AsyncClient) -> None:
    """At the first assertion; again for an unknown kid, once a minute at most; again after ten minutes; the last good
    set serves a day; a key that is gone ends its tokens."""
    old, new = ec_key("old"), ec_key("new", "P-256")
    async with key_host(jwks(old)) as host:
        machine = await registered(admin, desk.house.url, old, jwks_url=host.url)
        token = await machine.token()
        await machine.token()
        assert host.asked == 1
        jku = await machine.ask(machine.assertion(head={"jku": host.url}))
        assert jku.status_code == 200
        host.document = jwks(old, new)
        assert (await machine.ask(machine.assertion(key=new))).status_code == 401, "asked less than a minute ago"
        assert host.asked == 1
        await _age_keys(desk, "61 seconds")
        assert (await machine.ask(machine.assertion(key=new))).status_code == 200
        assert host.asked == 2
        shown = (await admin.get(f"{CLIENTS}/{machine.client_id}")).json()
        assert [key["kid"] for key in shown["keys"]] == ["old", "new"]
        assert shown["keys"][0]["known_from"] < shown["keys"][1]["known_from"]
        host.document = jwks(new)
        await _age_keys(desk, "11 minutes")
        assert (await machine.ask(machine.assertion(key=new))).status_code == 200
        assert host.asked == 3

        async def ended() -> bool:
            return (await machine.get(SLOTS, token)).status_code == 401

        await soon(ended, seconds=2)
        host.status = "500 Oops"
        await _age_keys(desk, "23 hours")
        assert (await machine.ask(machine.assertion(key=new))).status_code == 200, "the last good set"
        assert host.asked == 4
        await _age_keys(desk, "2 hours")
        assert (await machine.ask(machine.assertion(key=new))).status_code == 401
        assert (await last_refusal(admin, machine))["code"] == "KEYS_UNREACHABLE"
        host.status = "200 OK"
        await _age_keys(desk, "2 minutes")
        answers = await asyncio.gather(*(machine.ask(machine.assertion(key=new)) for _ in range(8)))
        assert [answer.status_code for answer in answers] == [200] * 8
        assert host.asked == 6, "one asks, the others wait for the answer"


async def _age_keys(desk: Desk, age: str) -> None:
    await desk.sql(
        f"UPDATE client_keys SET tried_at = tried_at - interval '{age}', read_at = read_at - interval '{age}'"
    )


@pytest.mark.timeout(300)
async def test_a_key_is_rotated_under_load_and_no_call_is_refused(desk: Desk, admin: httpx.AsyncClient) -> None:
    """Scenario 8: old key, both keys, new key; calls under way, and new tokens all the time."""
    old, new = ec_key("old"), ec_key("new")
    async with key_host(jwks(old)) as host, aiohttp.ClientSession(desk.house.url) as session:
        machine = await registered(admin, desk.house.url, old, jwks_url=host.url)
        token, left, refusals = await machine.token(), CALLS, Counter[int]()

        async def calls() -> None:
            nonlocal left
            while left > 0:
                left -= 1
                async with session.get(SLOTS, headers={"Authorization": f"Bearer {token}"}) as answer:
                    refusals[answer.status] += 1
                if left % 100 == 0:
                    async with session.post("/oauth/token", data=machine.form()) as answer:
                        refusals[answer.status] += 1

        async def reached(mark: int) -> None:
            async def there() -> bool:
                return left <= mark

            await soon(there, seconds=200)

        async def rotation() -> None:
            nonlocal token
            await reached(CALLS * 3 // 4)
            host.document = jwks(old, new)
            await _age_keys(desk, "61 seconds")
            machine.key = new
            token = await machine.token()
            await reached(CALLS // 4)
            host.document = jwks(new)
            await _age_keys(desk, "11 minutes")
            await machine.token()

        await asyncio.gather(*(calls() for _ in range(8)), rotation())
        assert refusals.keys() == {200}
        assert refusals[200] >= CALLS
        answer = await machine.ask(machine.assertion(key=old))
        assert answer.status_code == 401


async def test_a_developer_finds_the_way_by_the_well_known_documents(desk: Desk, admin: httpx.AsyncClient) -> None:
    """RFC 8414 and SMART name the token endpoint and its algorithms; the API for machines has nothing for people."""
    async with desk.house.browser() as nobody:
        server = (await nobody.get("/.well-known/oauth-authorization-server")).json()
        smart = (await nobody.get("/fhir/.well-known/smart-configuration")).json()
        whole = (await nobody.get("/openapi.json")).json()
        part = (await nobody.get("/openapi.json?for=partner")).json()
    assert server["issuer"] == desk.house.url
    for each in (server, smart):
        assert each["token_endpoint"] == f"{desk.house.url}/oauth/token"
        assert each["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
        assert set(each["token_endpoint_auth_signing_alg_values_supported"]) == {
            "ES256",
            "ES384",
            "PS256",
            "PS384",
            "RS384",
        }
    assert "client-confidential-asymmetric" in smart["capabilities"]
    machine = await registered(admin, desk.house.url)
    asked = "system/Slot.rs system/Appointment.crus"
    assert (await machine.ask(scope=asked)).json()["scope"] == asked
    assert set(part["paths"]) < set(whole["paths"])
    assert "/oauth/token" in part["paths"]
    assert "get" in part["paths"][SLOTS]
    assert not {CLIENTS, "/auth/password", "/api/gateway/v1/persons"} & set(part["paths"])
    schemas = json.dumps(part)
    for kind, known in part["components"].items():
        for name in known:
            assert f"#/components/{kind}/{name}" in schemas, name
