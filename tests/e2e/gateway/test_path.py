"""The path of a request through the real door: what reaches the service, and what comes back (design: gateway 3.1,
7)."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from joserfc import jws
from joserfc.jwk import KeySet

from maillage.testing import soon
from tests.harness.door import House

SLOTS = "/api/appointments/v1/slots"
HOLDS = "/api/appointments/v1/holds"
BIG = "/api/appointments/v1/big"


async def test_a_request_reaches_its_service_with_a_token_for_it_alone(house: Callable[..., House]) -> None:
    """The path loses its prefix, the query passes unchanged; what the caller claims of himself is dropped."""
    running = house()
    async with running.browser() as client:
        await client.get("/auth/session")
        forged = {
            "X-User-Id": "admin",
            "X-Forwarded-For": "203.0.113.9",
            "Client-Cert": "x",
            "Forwarded": "for=203.0.113.9",
            "X-HTTP-Method-Override": "DELETE",
            "X-Request-Id": "chosen-by-the-caller",
        }
        answer = await client.get("/rdv/identite?motif=a%20b&a_partir=2026-11-23T08%3A00", headers=forged)
        keys = KeySet.import_key_set((await client.get("/.well-known/jwks.json")).json())
    seen = running.upstream.last
    assert (seen["method"], seen["path"], seen["query"]) == (
        "GET",
        "/rdv/identite",
        "motif=a%20b&a_partir=2026-11-23T08%3A00",
    )
    token = seen["headers"]["authorization"].removeprefix("Bearer ")
    claims = json.loads(jws.deserialize_compact(token, keys, algorithms=["ES256"]).payload)
    assert (claims["iss"], claims["aud"], claims["kind"]) == ("maillage-gateway", "appointments", "visitor")
    assert claims["exp"] - claims["iat"] == 30
    assert claims["perms"]["slot.hold"] == "s"
    assert claims["ip"] == "127.0.0.1"
    dropped = {"cookie", "x-user-id", "x-forwarded-for", "client-cert", "forwarded", "x-http-method-override"}
    assert not dropped & set(seen["headers"])
    assert seen["headers"]["x-request-id"] == answer.headers["x-request-id"] != "chosen-by-the-caller"


async def test_answers_lose_what_a_service_may_not_say_and_gain_what_every_answer_says(
    house: Callable[..., House],
) -> None:
    """`Server`, `Set-Cookie` of services and their boasting are stripped; each kind of path has its policy."""
    running = house()
    async with running.browser() as client:
        api, page = await client.get(SLOTS), await client.get("/rdv")
    for answer in (api, page):
        assert not {"server", "x-powered-by"} & set(answer.headers)
        assert "planted" not in answer.headers.get("set-cookie", "")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'none'" in page.headers["content-security-policy"]
    assert "set-cookie" not in api.headers, "an answer that is shared carries nobody's ticket"
    assert api.headers["etag"] == '"7"'


async def test_paths_that_two_readers_could_read_differently_are_refused(house: Callable[..., House]) -> None:
    """Nothing of them reaches the service."""
    running = house()
    bad = [
        "/api/appointments/v1/%2e%2e/x",
        "/api/appointments/v1/../x",
        "/api//appointments/v1/slots",
        "/api/appointments/v1/slots;a=b",
        "/api/appointments/v1/%00",
        "/api/appointments/v1/a%2fb",
        "/api/appointments/v1/a%5cb",
        "/api/appointments/v1/%252e%252e/x",
        "/api/appointments/v1/%ff",
        "/api/appointments/v1/%zz",
        "/api/appointments/v1/a%0d%0ab",
    ]
    for path in bad:
        head, _, body = (
            await running.raw(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        ).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400"), path
        assert json.loads(body)["code"] == "BAD_PATH", path
    assert running.upstream.requests == []


async def test_unknown_paths_and_methods(house: Callable[..., House]) -> None:
    """404, 405 with `Allow`; HEAD is a GET without body; metrics are not for outside."""
    running = house()
    async with running.browser() as client:
        for path in ("/nothing", "/api/appointments/v1/unknown", "/api/nobody/v1/slots", "/metrics", "/v1/slots"):
            assert (await client.get(path)).json()["code"] == "NOT_FOUND", path
        refused = await client.delete(SLOTS)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
        assert (await client.request("TRACE", SLOTS)).status_code == 405
        assert (await client.options(SLOTS)).status_code == 405
        head = await client.head("/api/appointments/v1/open")
        assert (head.status_code, head.content) == (200, b"")
        assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert running.upstream.last["method"] == "GET"


async def test_heads_that_are_ambiguous_large_or_slow_are_refused_and_the_connection_closed(
    house: Callable[..., House],
) -> None:
    """Length and chunks at once, two hosts, two proofs, 101 fields, 33 KiB, 9 KiB of address, a head that never
    ends."""
    running = house(head_s=0.4)
    start = b"GET /api/appointments/v1/open HTTP/1.1\r\n"
    fields = b"".join(b"x-%d: 1\r\n" % number for number in range(101))
    cases = {
        b"400": [
            b"POST /rdv HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            start + b"Host: a\r\nHost: b\r\n\r\n",
            start + b"Host: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n",
            start + b"\r\n",
            start + b"Host: a\r\n" + fields + b"\r\n",
            start + b"Host: a\r\nX-A: b\rc\r\n\r\n",
        ],
        b"431": [start + b"Host: a\r\nX-A: " + b"a" * 33_000 + b"\r\n\r\n"],
        b"414": [b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"],
        b"408": [start + b"Host: a\r\n"],
    }
    for status, requests in cases.items():
        for request in requests:
            answer = await running.raw(request)
            assert answer.startswith(b"HTTP/1.1 " + status), (status, request[:60], answer[:60])
    assert running.upstream.requests == []


async def test_bodies_too_large_compressed_or_slow(house: Callable[..., House]) -> None:
    """413 before reading, 413 at the limit with the service's request aborted, 415 for gzip, 408 for a byte now and
    then."""
    running = house(body_s=0.4)
    head = b"POST /api/appointments/v1/holds HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    declared = await running.raw(head + b"Content-Length: 262145\r\n\r\n")
    assert declared.startswith(b"HTTP/1.1 413")
    assert b"BODY_TOO_LARGE" in declared
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    chunked = await running.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 5 + b"0\r\n\r\n")
    assert chunked.startswith(b"HTTP/1.1 413")
    gzip = await running.raw(head + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")
    assert gzip.startswith(b"HTTP/1.1 415")
    assert b"BODY_ENCODING" in gzip
    slow = await running.raw(head + b"Content-Length: 5\r\n\r\na")
    assert slow.startswith(b"HTTP/1.1 408")
    assert running.upstream.requests == []
    async with running.browser() as client:

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(10):
                yield b"x" * 50_000

        client.headers["X-CSRF-Token"] = (await client.get("/auth/session")).json()["csrf_token"]
        assert (await client.post(BIG, content=pieces())).json()["body"] == 500_000
        assert (await client.post(HOLDS, content=b"x" * 262_144)).json()["body"] == 262_144


async def test_answers_are_streamed(house: Callable[..., House]) -> None:
    """What the service sends in pieces arrives whole and in order."""
    async with house().browser() as client:
        assert (await client.get("/api/appointments/v1/stream")).text == "0\n1\n2\n"


async def test_a_service_that_is_slow_or_away_costs_a_refusal_in_time(house: Callable[..., House]) -> None:
    """504 after the time the operation declares; 503 within a second with `Retry-After` when it is down; back by
    itself."""
    running = house()
    async with running.browser() as client:
        late = await client.get("/api/appointments/v1/slow")
        assert (late.status_code, late.json()["code"]) == (504, "UPSTREAM_TIMEOUT")
        running.upstream.stop()
        codes = set()
        for _ in range(8):
            down = await client.get("/api/appointments/v1/open")
            codes.add((down.status_code, down.json()["code"]))
            assert int(down.headers["retry-after"]) >= 1
        assert codes == {(503, "SERVICE_UNAVAILABLE")}
        assert (await client.get("/readyz")).status_code == 200, "a service that is down does not make the door unready"
        running.upstream.restart()

        async def back() -> bool:
            return (await client.get("/api/appointments/v1/open")).status_code == 200

        await soon(back, seconds=15)


async def test_a_cut_get_is_repeated_once_and_a_cut_post_never(house: Callable[..., House]) -> None:
    """A POST whose connection broke may have acted: the caller decides, with his key."""
    running = house()
    async with running.browser() as client:
        await client.get("/auth/session")
        client.headers["X-CSRF-Token"] = (await client.get("/auth/session")).json()["csrf_token"]
        got = await client.get("/api/appointments/v1/cut")
        assert (got.status_code, len(running.upstream.requests)) == (503, 2)
        posted = await client.post("/api/appointments/v1/cut", json={})
        assert (posted.status_code, len(running.upstream.requests)) == (503, 3)


async def test_identical_anonymous_answers_are_fetched_once(house: Callable[..., House]) -> None:
    """Thirty visitors at once are one request of the service; another language is another answer."""
    running = house()
    async with running.browser() as client:
        answers = await asyncio.gather(*(client.get(f"{SLOTS}?reason=a") for _ in range(30)))
        assert {answer.status_code for answer in answers} == {200}
        assert len(running.upstream.requests) == 1
        await client.get(f"{SLOTS}?reason=a", headers={"Accept-Language": "en"})
        await client.get(f"{SLOTS}?reason=b")
    assert len(running.upstream.requests) == 3


async def test_people_who_navigate_get_a_page_with_whom_to_call(house: Callable[..., House]) -> None:
    """French first, English when asked; the phone line, 15, 112 and 114; programs get problem+json."""
    running = house()
    running.upstream.stop()
    async with running.browser() as client:
        french = await client.get("/rdv", headers={"Accept": "text/html"})
        english = await client.get("/rdv", headers={"Accept": "text/html", "Accept-Language": "en"})
        program = await client.get("/rdv")
    assert french.status_code == english.status_code == program.status_code == 503
    assert french.headers["content-type"] == "text/html; charset=utf-8"
    for page in (french.text, english.text):
        for target in ("tel:+33385347100", "tel:15", "tel:112", "sms:114"):
            assert target in page
        assert "<script" not in page
    assert "lang='fr'" in french.text
    assert "lang='en'" in english.text
    assert program.headers["content-type"] == "application/problem+json"


async def test_documents_of_the_door(house: Callable[..., House]) -> None:
    """All services in one OpenAPI document with public paths, a page for people, the schemas of events, no private
    key."""
    async with house().browser() as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        assert {SLOTS, "/rdv/identite", "/auth/password", "/api/gateway/v1/persons"} <= set(paths)
        assert SLOTS in (await client.get("/docs")).text
        schema = await client.get("/schemas/gateway.person_changed.v1.json")
        assert schema.json()["title"] == "PersonChanged"
        for key in (await client.get("/.well-known/jwks.json")).json()["keys"]:
            assert "d" not in key
        assert (await client.post("/openapi.json")).status_code == 405
