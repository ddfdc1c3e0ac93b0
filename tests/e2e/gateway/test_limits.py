"""How much each caller may ask, at the real door (design: gateway 3.7)."""

from collections import Counter
from collections.abc import Callable

import httpx

from tests.e2e.gateway.conftest import Desk, load_accounts
from tests.harness.door import House

OPEN = "/api/appointments/v1/open"
SLOTS = "/api/appointments/v1/slots"
PAGE = {"Accept": "text/html"}
ORIGIN = {"Sec-Fetch-Site": "same-origin"}
FEW = {"anonymous_per_minute": 1, "anonymous_burst": 5}


async def _statuses(client: httpx.AsyncClient, tries: int, path: str = OPEN) -> Counter[int]:
    return Counter([(await client.get(path)).status_code for _ in range(tries)])


async def test_who_is_nobody_is_counted_by_address_whatever_he_claims(house: Callable[..., House]) -> None:
    """429 with the time to wait, names of the IETF draft and no others; a page for people; static files are free."""
    running = house(**FEW)
    async with running.browser() as client:
        first = await client.get(SLOTS)
        assert first.headers["ratelimit-policy"] == '"anonymous";q=1;w=60'
        assert first.headers["ratelimit"] == '"anonymous";r=4;t=60'
        assert await _statuses(client, 4) == {200: 4}
        served = len(running.upstream.requests)
        client.headers["X-Forwarded-For"] = "203.0.113.9"
        refused = await client.get(OPEN)
        assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
        assert 55 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit"] == '"anonymous";r=0;t=300'
        assert not [name for name in refused.headers if name.startswith("x-ratelimit")]
        for language, title in (("fr", "Trop de demandes"), ("en", "Too many requests")):
            page = await client.get("/rdv", headers={**PAGE, "Accept-Language": language})
            assert page.status_code == 429
            assert title in page.text
            assert "tel:+33385347100" in page.text
        assert len(running.upstream.requests) == served
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/.well-known/jwks.json")).status_code == 200


async def test_a_centre_signs_in_from_one_address_beside_what_visitors_may_ask(house: Callable[..., House]) -> None:
    """Signing in has a bucket of its own; one-time codes, which cost money, have not."""
    running = house(**FEW, sign_in_per_minute=1, sign_in_burst=8)
    async with running.browser() as client:
        assert await _statuses(client, 9, "/auth/session") == {200: 8, 429: 1}
        assert await _statuses(client, 6) == {200: 5, 429: 1}
        assert (await client.get("/auth/codes/0198b7a0-0000-7000-8000-000000000000")).status_code == 429


async def test_behind_a_trusted_proxy_each_visitor_has_his_own(house: Callable[..., House]) -> None:
    """The last entry of `X-Forwarded-For` counts; what the visitor himself wrote before it does not."""
    running = house(**FEW, trusted_proxies=["127.0.0.0/8"])
    async with running.browser() as client:
        client.headers["X-Forwarded-For"] = "192.0.2.1, 198.51.100.7"
        assert await _statuses(client, 6) == {200: 5, 429: 1}
        client.headers["X-Forwarded-For"] = "192.0.2.2, 198.51.100.7"
        assert await _statuses(client, 1) == {429: 1}
        client.headers["X-Forwarded-For"] = "192.0.2.1, 198.51.100.8"
        assert await _statuses(client, 1) == {200: 1}


async def test_who_is_signed_in_is_never_limited_by_address(
    house: Callable[..., House], admin_of: Callable[[str], str]
) -> None:
    """One session may be busy, another one of the same hospital goes on, and strangers at its address do not matter."""
    running = house(session_per_minute=1, session_burst=15, **{**FEW, "anonymous_burst": 40})
    desk = Desk(running, await load_accounts(running), admin_of(running.running.database_url))
    login = next(iter(desk.passwords))
    async with desk.browser(login) as first, desk.browser(login) as second, running.browser() as stranger:
        await _statuses(stranger, 40)
        assert await _statuses(stranger, 1) == {429: 1}
        first_left = (await first.get(OPEN)).headers["ratelimit"]
        assert first_left.startswith('"session";r=')
        assert 429 in await _statuses(first, 16)
        assert (await second.get(OPEN)).status_code == 200


async def test_guessing_manage_links_ends_after_some_misses(
    house: Callable[..., House], admin_of: Callable[[str], str]
) -> None:
    """Links that are none, wrong dates and closed links count; right ones do not. Then 429 as a page, other pages go
    on, and neither addresses nor links are kept."""
    running = house(link_misses_per_hour=4)
    desk = Desk(running, {}, admin_of(running.running.database_url))
    async with desk.browser() as client:
        assert await _statuses(client, 9, "/rdv/g/known") == {200: 9}
        assert await _statuses(client, 2, "/rdv/g/guessed") == {404: 2}
        form = {"csrf": client.headers["X-CSRF-Token"]}
        assert (await client.post("/rdv/g/known", data=form, headers=ORIGIN)).status_code == 422
        assert await _statuses(client, 1, "/rdv/g/locked") == {410: 1}
        served = len(running.upstream.requests)
        refused = await client.get("/rdv/g/known", headers=PAGE)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 3000
        assert "Trop de demandes" in refused.text
        async with running.browser() as another:
            assert (await another.get("/rdv/g/other")).status_code == 429, "by address, not by visitor"
        assert len(running.upstream.requests) == served
        assert (await client.get("/rdv")).status_code == 200
    rows = await desk.sql("SELECT use_name, row_to_json(a)::text AS text FROM attempt_count a")
    assert {row["use_name"] for row in rows} == {"manage-link"}
    assert not any("127.0.0.1" in row["text"] or "guessed" in row["text"] for row in rows)
