"""Administrators register machines of partners; certificates bind their tokens or prove them alone (gateway 4, 7)."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest_asyncio
from joserfc.jwk import ECKey, RSAKey

from gateway.demo import CENTRE, FIRM
from maillage.ids import new_id
from maillage.testing import soon
from tests.e2e.gateway.conftest import Desk, load_accounts
from tests.harness.door import House
from tests.harness.machine import CLIENTS, SCOPES, Machine, badge, ec_key, jwks, registered, rsa_key

SLOTS = "/api/appointments/v1/slots"
APPOINTMENTS = "/api/appointments/v1/appointments"


@pytest_asyncio.fixture
async def desk(house: Callable[..., House], admin_of: Callable[[str], str]) -> Desk:
    """A gateway behind a proxy on this machine, which believes `Client-Cert` and the address of the proxy's client."""
    running = house(trusted_proxies=["127.0.0.1/32"], private_partners=["127.0.0.0/8"], anonymous_burst=1e5)
    return Desk(running, await load_accounts(running), admin_of(running.running.database_url))


@pytest_asyncio.fixture
async def admin(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """The administrator's browser."""
    async with desk.browser("administrateur") as browser:
        yield browser


async def test_what_an_administrator_registers_shows_and_changes(desk: Desk, admin: httpx.AsyncClient) -> None:
    """Keys with thumbprints, scopes expanded, nothing secret; versions; every change in the audit; own organisation."""
    key = ec_key()
    wanted = {"name": "Agenda", "jwks": jwks(key), "scopes": ["system/Patient.cr"], "bound_ids": ["machine:4"]}
    made = await admin.post(CLIENTS, json=wanted)
    assert made.status_code == 201, made.text
    shown = made.json()
    assert shown["scopes"] == ["appointments:patient.read", "appointments:patient.write"]
    assert [(each["kid"], each["kty"], each["thumbprint"]) for each in shown["keys"]] == [
        ("one", "EC", key.thumbprint())
    ]
    assert (shown["status"], shown["reach"], shown["requests_today"]) == ("active", "o", 0)
    assert (shown["last_used_at"], shown["last_refusal"], shown["version"]) == (None, None, 1)
    assert shown["token_url"] == f"{desk.house.url}/oauth/token"
    path = f"{CLIENTS}/{shown['id']}"
    stale = await admin.patch(path, json={"name": "Autre"}, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    changed = (await admin.patch(path, json={"scopes": SCOPES, "bound_ids": []})).json()
    assert (changed["name"], changed["scopes"], changed["bound_ids"]) == ("Agenda", sorted(SCOPES), [])
    assert changed["keys"] == shown["keys"]
    assert (await admin.get(CLIENTS)).json()["items"] == [changed]
    machine = Machine(desk.house.url, shown["id"], key)
    assert (await machine.get(SLOTS, await machine.token())).status_code == 200
    assert (await admin.get(path)).json()["last_used_at"] is not None
    for name in ("name", "scopes", "bound_ids"):
        kept = await admin.patch(path, json={name: None})
        assert (kept.status_code, kept.json()["code"]) == (422, "CANNOT_BE_EMPTY"), name
    emptied = (await admin.patch(path, json={"jwks": None})).json()
    assert (emptied["keys"], emptied["scopes"]) == ([], sorted(SCOPES))
    assert (await machine.ask()).status_code == 401, "a key that is gone proves nothing"
    foreign = new_id()
    await desk.sql(
        """INSERT INTO client (id, organisation_id, name, scopes, reach, status, created_at)
           VALUES ($1, $2, 'x', '{appointments:slot.read}', 'o', 'active', now())""",
        foreign,
        FIRM,
    )
    for method, where in (("GET", ""), ("PATCH", ""), ("POST", "/suspend"), ("POST", "/resume")):
        answer = await admin.request(method, f"{CLIENTS}/{foreign}{where}", json={} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), (method, where)
    rows = await desk.sql(
        "SELECT action, organisation_id FROM kit.audit WHERE record = 'client' AND action LIKE 'client%' ORDER BY at"
    )
    assert [(row["action"], row["organisation_id"]) for row in rows] == [
        ("client_added", CENTRE),
        ("client_changed", CENTRE),
        ("client_changed", CENTRE),
    ]


async def test_who_may_register(desk: Desk, admin: httpx.AsyncClient) -> None:
    """Only administrators; to write, with a second factor proved in the last fifteen minutes."""
    wanted = {"name": "Agenda", "jwks": jwks(ec_key()), "scopes": SCOPES}
    async with desk.browser("responsable") as manager:
        assert (await manager.get(CLIENTS)).json()["code"] == "NOT_ALLOWED"
    await desk.sql("UPDATE session SET auth_time = now() - interval '16 minutes' WHERE ended_at IS NULL")

    async def asked() -> bool:
        return bool((await admin.post(CLIENTS, json=wanted)).json().get("code") == "STEP_UP_REQUIRED")

    await soon(asked, seconds=3)
    assert (await admin.get(CLIENTS)).status_code == 200


def _private(key: ECKey | RSAKey) -> dict[str, Any]:
    return {"keys": [dict(key.as_dict(private=True))]}


def _with(**members: Any) -> dict[str, Any]:
    return {"keys": [{**jwks(ec_key())["keys"][0], **members}]}


async def test_registrations_that_are_refused(desk: Desk, admin: httpx.AsyncClient) -> None:
    """Weak and private keys, scopes no machine may hold, addresses inside, names of certificates that are none."""
    strong, rsa = jwks(ec_key()), jwks(rsa_key())["keys"][0]
    for fields, code in (
        ({"jwks": {"keys": [{**rsa, "n": rsa["n"][:171]}]}}, "KEY_WEAK"),
        ({"jwks": {"keys": [{**rsa, "n": rsa["n"] * 4}]}}, "KEY_WEAK"),
        ({"jwks": _private(ec_key())}, "KEY_WEAK"),
        ({"jwks": _private(rsa_key())}, "KEY_WEAK"),
        ({"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}]}}, "KEY_WEAK"),
        ({"jwks": {"keys": []}}, "KEY_WEAK"),
        ({"jwks": {}}, "KEY_WEAK"),
        ({"jwks": {"keys": [strong["keys"][0]] * 2}}, "KEY_WEAK"),
        ({"jwks": _with(kid=None)}, "KEY_WEAK"),
        ({"jwks": _with(kid="a b")}, "KEY_WEAK"),
        ({"jwks": _with(x="AAAA")}, "KEY_WEAK"),
        ({"jwks": _with(crv="P-521")}, "KEY_WEAK"),
        ({"jwks": _with(use="enc")}, "KEY_WEAK"),
        ({"jwks": _with(alg="RS256")}, "KEY_WEAK"),
        ({"jwks": {"keys": [{**rsa, "e": "Aw"}]}}, "KEY_WEAK"),
        ({"jwks": strong, "jwks_url": "https://partner.example/jwks.json"}, "KEY_WEAK"),
        ({"jwks": strong, "scopes": ["gateway:audit.read"]}, "SCOPE_UNKNOWN"),
        ({"jwks": strong, "scopes": ["gateway:client.write"]}, "SCOPE_UNKNOWN"),
        ({"jwks": strong, "scopes": ["appointments:patient.merge"]}, "SCOPE_UNKNOWN"),
        ({"jwks": strong, "scopes": ["system/*.rs"]}, "SCOPE_UNKNOWN"),
        ({"jwks": strong, "scopes": ["system/Slot.sr"]}, "SCOPE_UNKNOWN"),
        ({"jwks": strong, "scopes": ["system/Slot.d"]}, "SCOPE_UNKNOWN"),
        ({"jwks": strong, "scopes": ["user/Slot.rs"]}, "SCOPE_UNKNOWN"),
        ({"jwks": strong, "scopes": []}, "INVALID"),
        ({"jwks": strong, "reach": "t"}, "REACH_NOT_FOR_KIND"),
        ({"jwks": strong, "reach": "p"}, "INVALID"),
        ({"jwks": strong, "status": "active"}, "FIELD_NOT_ALLOWED"),
        ({"jwks_url": "https://10.0.0.1/jwks.json"}, "URL_REFUSED"),
        ({"jwks_url": "http://partner.example/jwks.json"}, "URL_REFUSED"),
        ({"jwks_url": "https://user@partner.example/jwks.json"}, "URL_REFUSED"),
        ({"jwks": strong, "certificates": [{"thumbprint": "x"}]}, "CERTIFICATE_UNREADABLE"),
        ({"jwks": strong, "certificates": [{"cn": "a", "ou": "b"}]}, "CERTIFICATE_UNREADABLE"),
        ({"jwks": strong, "certificates": [{"issuer": "none", "cn": "a", "ou": "b"}]}, "CERTIFICATE_UNREADABLE"),
        ({"jwks": strong, "certificates": [{}]}, "CERTIFICATE_UNREADABLE"),
    ):
        answer = await admin.post(CLIENTS, json={"name": "Agenda", "scopes": SCOPES, **fields})
        assert (answer.status_code, answer.json()["code"]) == (422, code), (fields, answer.text)
    assert (await desk.sql("SELECT count(*) FROM client"))[0][0] == 0


async def test_the_operators_machine_may_reach_the_whole_territory(desk: Desk, admin: httpx.AsyncClient) -> None:
    await desk.sql("UPDATE organisation SET kind = 'operator' WHERE id = $1", CENTRE)
    machine = await registered(admin, desk.house.url, reach="t")
    answer = await machine.get(SLOTS, await machine.token())
    assert answer.status_code == 200


async def _gone(machine: Machine, token: str) -> None:
    async def ended() -> bool:
        return (await machine.get(SLOTS, token)).status_code == 401

    await soon(ended, seconds=2)


async def test_a_key_or_scope_that_is_taken_back_ends_its_tokens_within_a_second(
    desk: Desk, admin: httpx.AsyncClient
) -> None:
    """Invariant G2: key revoked, scope revoked; what was proved by a key that stays goes on."""
    old, new = ec_key("old"), ec_key("new")
    machine = await registered(admin, desk.house.url, old)
    by_old = await machine.token()
    path = f"{CLIENTS}/{machine.client_id}"
    both = (await admin.patch(path, json={"jwks": jwks(old, new)})).json()["keys"]
    assert [key["kid"] for key in both] == ["old", "new"]
    machine.key = new
    by_new = await machine.token()
    assert (await machine.get(SLOTS, by_old)).status_code == 200
    await admin.patch(path, json={"jwks": jwks(new)})
    await _gone(machine, by_old)
    assert (await machine.get(SLOTS, by_new)).status_code == 200
    assert (await machine.ask(machine.assertion(key=old))).status_code == 401
    assert (await machine.get(APPOINTMENTS, by_new)).status_code == 200
    await admin.patch(path, json={"scopes": ["appointments:slot.read"]})

    async def narrowed() -> bool:
        return (await machine.get(APPOINTMENTS, by_new)).status_code == 403

    await soon(narrowed, seconds=2)
    assert (await machine.get(SLOTS, by_new)).status_code == 200
    await admin.patch(path, json={"jwks_url": "https://partner.example/jwks.json"})
    await _gone(machine, by_new)


async def test_a_token_asked_for_with_a_certificate_works_with_it_only(desk: Desk, admin: httpx.AsyncClient) -> None:
    """Invariant G9 (RFC 8705). Registered by thumbprint, as openssl prints it, or by name."""
    own, other = badge(), badge(serial=2)
    machine = await registered(admin, desk.house.url, certificates=[{"thumbprint": own.hexadecimal}])
    free = await machine.token()
    machine.headers = {"Client-Cert": own.header}
    bound = await machine.token()
    assert (await machine.get(SLOTS, bound)).status_code == 200
    machine.headers = {}
    without = await machine.get(SLOTS, bound)
    assert (without.status_code, without.json()["code"]) == (401, "INVALID_TOKEN")
    assert 'error="invalid_token"' in without.headers["www-authenticate"]
    machine.headers = {"Client-Cert": other.header}
    assert (await machine.get(SLOTS, bound)).status_code == 401
    assert (await machine.get(SLOTS, free)).status_code == 200
    loose = await machine.token()
    machine.headers = {}
    assert (await machine.get(SLOTS, loose)).status_code == 200, "a certificate that is not its own binds nothing"
    machine.headers = {"Client-Cert": own.header}
    await admin.patch(f"{CLIENTS}/{machine.client_id}", json={"certificates": []})
    await _gone(machine, bound)


async def test_a_certificate_of_a_registered_name_is_enough_alone(desk: Desk, admin: httpx.AsyncClient) -> None:
    """As the SAS calls: issuer, CN and OU. Renewed certificates work; expired, foreign and unreadable ones do not."""
    own = badge()
    name = {"issuer": own.issuer, "cn": "sas.partner.example", "ou": "318751275100020"}
    machine = await registered(admin, desk.house.url, certificates=[name])
    machine.headers = {"Client-Cert": own.header}
    called = await machine.get(SLOTS)
    assert called.status_code == 200, called.text
    assert "set-cookie" not in called.headers
    assert (await admin.get(f"{CLIENTS}/{machine.client_id}")).json()["last_used_at"] is not None
    posted = desk.house.upstream.last["headers"]
    assert not any(header.startswith("client-cert") for header in posted)
    async with machine.client() as client:
        assert (await client.post(APPOINTMENTS, json={})).status_code == 200, "no browser: no CSRF token is asked"
    machine.headers = {"Client-Cert": badge(serial=3).header}
    assert (await machine.get(APPOINTMENTS)).status_code == 200, "renewed: other key, same names"
    for stranger in (badge(cn="other.example"), badge(ou="1"), badge(days=-1)):
        machine.headers = {"Client-Cert": stranger.header}
        refused = await machine.get(APPOINTMENTS)
        assert (refused.status_code, refused.json()["code"]) == (401, "NOT_SIGNED_IN")
    for nonsense in (":AAAA:", "AAAA", ":" + "A" * 9_000 + ":", ""):
        machine.headers = {"Client-Cert": nonsense}
        unread = await machine.get(APPOINTMENTS)
        assert (unread.status_code, unread.json()["code"]) == (400, "BAD_HEADERS"), nonsense[:10]
    taken = await admin.post(CLIENTS, json={"name": "Autre", "scopes": SCOPES, "certificates": [name]})
    assert (taken.status_code, taken.json()["code"]) == (409, "CERTIFICATE_TAKEN")
    machine.headers = {"Client-Cert": own.header}
    assert (await machine.get(APPOINTMENTS)).status_code == 200
    await admin.post(f"{CLIENTS}/{machine.client_id}/suspend")

    async def ended() -> bool:
        return (await machine.get(APPOINTMENTS)).status_code == 401

    await soon(ended, seconds=2)


async def test_two_proofs_that_differ(desk: Desk, admin: httpx.AsyncClient) -> None:
    """Another machine's token beside a certificate that proves one; a person's cookie beside either."""
    own = badge()
    name = {"issuer": own.issuer, "cn": "sas.partner.example", "ou": "318751275100020"}
    sas = await registered(admin, desk.house.url, certificates=[name])
    other = await registered(admin, desk.house.url)
    foreign, mine = await other.token(), await sas.token()
    header = {"Client-Cert": own.header}
    assert (await sas.get(SLOTS, mine, **header)).status_code == 200
    for answer in (
        await other.get(SLOTS, foreign, **header),
        await admin.get(SLOTS, headers=header),
        await admin.get(SLOTS, headers={"Authorization": f"Bearer {foreign}"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "TWO_CREDENTIALS")
    assert (await admin.get(CLIENTS, headers={"Client-Cert": badge(cn="card.example").header})).status_code == 200


async def test_a_certificate_from_an_untrusted_peer_is_nobodys(
    house: Callable[..., House], admin_of: Callable[[str], str]
) -> None:
    """Nothing is believed of it, not even that it is a certificate. As a cookie, its thumbprint opens nothing."""
    running = house()
    desk = Desk(running, await load_accounts(running), admin_of(running.running.database_url))
    own = badge()
    name = {"issuer": own.issuer, "cn": "sas.partner.example", "ou": "318751275100020"}
    async with desk.browser("administrateur") as admin:
        machine = await registered(admin, desk.house.url, certificates=[name, {"thumbprint": own.thumbprint}])
    for value in (own.header, "nonsense"):
        answer = await machine.get(APPOINTMENTS, **{"Client-Cert": value})
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")
    machine.headers = {"Client-Cert": own.header}
    loose = await machine.token()
    machine.headers = {}
    assert (await machine.get(SLOTS, loose)).status_code == 200
    cookie = await machine.get(APPOINTMENTS, Cookie=f"session=cert:{own.thumbprint}")
    assert cookie.status_code == 401
