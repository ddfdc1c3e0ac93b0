"""Bytes that two readers could read differently, claims of others, and heads without an end: refused by the door, and
nothing of them reaches a service (design: gateway 7)."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from maillage.testing import soon
from tests.e2e.gateway.conftest import Desk
from tests.harness.door import House

GET = b"GET /api/appointments/v1/open HTTP/1.1\r\n"
POST = b"POST /api/appointments/v1/holds HTTP/1.1\r\nHost: a\r\n"
CHUNKS = POST + b"Transfer-Encoding: chunked\r\n"
CLOSE = b"Connection: close\r\n"

CLAIMS = (  # noqa: SIM905 - names in a row read better than in a column
    "X-HTTP-Method-Override X-HTTP-Method X-Method-Override X-Original-URL X-Rewrite-URL X-User-Id X-User X-Real-IP "
    "X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Maillage-Role Forwarded Client-Cert Client-Cert-Chain "
    "Proxy-Authorization traceparent"
).split(" ")

UNREADABLE = {
    "length and chunks": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": CHUNKS + b"Content-Length: 3\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "the same length twice": POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "a list of lengths": POST + b"Content-Length: 3, 3\r\n\r\nabc",
    "a signed length": POST + b"Content-Length: +3\r\n\r\nabc",
    "a length below zero": POST + b"Content-Length: -1\r\n\r\n",
    "a length beyond numbers": POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks that are not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "compressed chunks": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunks of 1.0": CHUNKS.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n0\r\n\r\n",
    "a chunk without size": CHUNKS + b"\r\nzz\r\n",
    "a chunk below zero": CHUNKS + b"\r\n-1\r\n",
    "a chunk beyond numbers": CHUNKS + b"\r\nfffffffffffffffff\r\n",
    "two hosts": GET + b"Host: a\r\nHost: b\r\n\r\n",
    "the same host twice": GET + b"Host: a\r\nHost: a\r\n\r\n",
    "no host": GET + b"\r\n",
    "no host in 1.0": GET.replace(b"1.1", b"1.0") + b"\r\n",
    "two proofs": GET + b"Host: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
    "two origins": POST + b"Origin: http://a\r\nOrigin: http://b\r\nContent-Length: 0\r\n\r\n",
    "a carriage return in a value": GET + b"Host: a\r\nX-A: b\rc\r\n\r\n",
    "a line feed in a value": GET + b"Host: a\r\nX-A: b\nAuthorization: c\r\n\r\n",
    "a NUL in a value": GET + b"Host: a\r\nX-A: b\x00c\r\n\r\n",
    "a folded value": GET + b"Host: a\r\nX-A: b\r\n c\r\n\r\n",
    "a space before the colon": GET + b"Host : a\r\n\r\n",
    "lines that end otherwise": b"GET /api/appointments/v1/open HTTP/1.1\nHost: a\n\n",
    "101 fields": GET + b"Host: a\r\n" + b"".join(b"x-%d: 1\r\n" % number for number in range(100)) + b"\r\n",
    "a carriage return in the address": b"GET /api/appointments/v1/open?a=\rb HTTP/1.1\r\nHost: a\r\n\r\n",
    "a space in the address": b"GET /api/appointments/v1/open x HTTP/1.1\r\nHost: a\r\n\r\n",
    "another host's address": b"GET http://evil.example/api/appointments/v1/open HTTP/1.1\r\nHost: a\r\n\r\n",
    "a fragment": b"GET /api/appointments/v1/open#x HTTP/1.1\r\nHost: a\r\n\r\n",
    "a tunnel": b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "an unknown method": b"FOO /api/appointments/v1/open HTTP/1.1\r\nHost: a\r\n\r\n",
    "another version": b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /api/appointments/v1/open\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


async def test_what_two_readers_could_read_differently_is_refused_and_the_connection_closed(
    house: Callable[..., House],
) -> None:
    """400 in problem+json with a sentence, whatever is wrong; nothing reaches the service."""
    running = house(head_s=5)
    for name, sent in UNREADABLE.items():
        try:
            answer = await running.raw(sent)
        except TimeoutError:
            pytest.fail(f"{name}: the connection was kept")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400"), (name, head[:40])
        assert b"application/problem+json" in head, name
        refusal = json.loads(body)
        assert refusal["code"] in ("HEAD_UNREADABLE", "BAD_HEADERS"), name
        assert refusal["title"], name
        assert refusal["detail"], name
    assert running.upstream.requests == []


async def test_words_of_chunks_that_never_end_are_not_read_to_their_end(house: Callable[..., House]) -> None:
    """An extension or a trailer of 400 kB: closed long before; who still sends may lose the 400 to a reset."""
    running = house()
    for endless in (b"\r\n1;", b"\r\n1\r\nx\r\n0\r\nX-A: "):
        try:
            answer = await running.raw(CHUNKS + endless, *[b"a" * 65_536] * 6)
        except ConnectionError:
            continue
        assert answer.startswith(b"HTTP/1.1 400"), answer[:60]
    assert running.upstream.requests == []


async def test_heads_that_are_too_large_too_long_or_too_slow(house: Callable[..., House]) -> None:
    """431 over 32 KiB, also when it never ends; 414 over 8 KiB; 408 when it does not come; 100 fields are fine."""
    running = house(head_s=0.4)
    large = {
        b"431": [
            GET + b"Host: a\r\nX-A: " + b"a" * 65_536 + b"\r\n\r\n",
            GET + b"Host: a\r\nX-A: " + b"a" * 65_536,
            GET + b"Host: a\r\n" + b"".join(b"x-%d: %s\r\n" % (n, b"a" * 700) for n in range(50)) + b"\r\n",
            GET + b"Host: a\r\nCookie: " + b"a" * 33_000 + b"\r\n\r\n",
        ],
        b"414": [b"GET /" + b"a" * 8_192 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /?" + b"a" * 9_000],
        b"408": [GET + b"Host: a\r\n", b"G", b""],
    }
    for status, requests in large.items():
        for sent in requests:
            assert (await running.raw(sent)).startswith(b"HTTP/1.1 " + status), (status, sent[:60])
    assert running.upstream.requests == []
    hundred = GET + b"Host: a\r\n" + CLOSE + b"".join(b"x-%d: 1\r\n" % number for number in range(98)) + b"\r\n"
    assert (await running.raw(hundred)).startswith(b"HTTP/1.1 200")


async def test_a_head_after_the_first_has_its_own_time_and_size(house: Callable[..., House]) -> None:
    """A connection that is kept is guarded at each request, and the first answer is whole."""
    running = house(head_s=0.4)
    for second, status in (
        (GET + b"Host: a\r\n", b"408"),
        (GET + b"X-A: " + b"a" * 40_000, b"431"),
        (CHUNKS + b"\r\nzz\r\n", b"400"),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        try:
            writer.write(GET + b"Host: a\r\n\r\n")
            assert b" 200 " in await reader.readuntil(b"\r\n0\r\n\r\n")
            writer.write(second)
            async with asyncio.timeout(10):
                assert (await reader.read()).startswith(b"HTTP/1.1 " + status)
        finally:
            writer.close()
    assert len(running.upstream.requests) == 3


async def test_what_follows_a_body_in_chunks_is_no_header(house: Callable[..., House]) -> None:
    """A trailer proves nothing, says nothing of the caller, and reaches nobody."""
    running = house(trusted_proxies=["127.0.0.0/8"])
    trailer = b"Authorization: Bearer mt_x\r\nX-Forwarded-For: 203.0.113.9\r\nX-Told: 1\r\nHost: b\r\n"
    answer = await running.raw(CHUNKS + CLOSE + b"\r\n1\r\nx\r\n0\r\n" + trailer + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 200"), answer[:100]
    assert "x-told" not in running.upstream.last["headers"]
    assert running.upstream.last["body"] == b"x"


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_refusals_of_the_door_are_pages_for_people(house: Callable[..., House], language: str) -> None:
    """404, 405 and a bad path, in their language, with whom to call; never what was typed."""
    running = house()
    async with running.browser(Accept="text/html", **{"Accept-Language": language}) as client:
        for path, status in (("/nulle-part-ailleurs", 404), ("/rdv/identite;nulle-part-ailleurs", 400)):
            page = await client.get(path)
            assert page.status_code == status
            assert page.headers["content-language"] == language
            assert f"lang='{language}'" in page.text
            for target in ("tel:+33385347100", "tel:15", "tel:112", "sms:114"):
                assert target in page.text
            assert "nulle-part-ailleurs" not in page.text
            assert "script-src 'none'" in page.headers["content-security-policy"] or status == 404
        assert (await client.request("TRACE", "/rdv")).status_code == 405
    assert running.upstream.requests == []


async def test_no_header_makes_another_method_or_another_caller(house: Callable[..., House]) -> None:
    """`X-HTTP-Method-Override` is ignored; names, addresses, certificates and tokens that a caller writes himself are
    dropped."""
    running = house()
    async with running.browser() as client:
        client.headers["X-CSRF-Token"] = (await client.get("/auth/session")).json()["csrf_token"]
        forged = dict.fromkeys(CLAIMS, "admin")
        forged["X-HTTP-Method-Override"] = "DELETE"
        answer = await client.post("/api/appointments/v1/holds", json={}, headers=forged)
        assert answer.status_code == 200
    seen = running.upstream.last
    assert seen["method"] == "POST"
    assert not {name.lower() for name in CLAIMS if name != "traceparent"} & set(seen["headers"])
    assert seen["headers"]["traceparent"] != "admin"


async def test_the_audit_keeps_the_address_of_the_socket_unless_a_trusted_proxy_says_otherwise(
    desk: Desk, house: Callable[..., House]
) -> None:
    """The last entry that the proxy wrote counts; without trust nothing that is written counts."""
    login = next(iter(desk.passwords))
    behind = house(trusted_proxies=["127.0.0.0/8"], postgres_url=desk.house.running.database_url)
    proxied = Desk(behind, desk.passwords, desk.admin_url)
    forged = [("X-Forwarded-For", "203.0.113.9, 198.51.100.7"), ("Forwarded", "for=203.0.113.9")]
    for door, address in ((desk, "127.0.0.1"), (proxied, "198.51.100.7")):
        async with door.house.browser() as client:
            await door.refresh(client)
            client.headers.update(forged)
            await door.sign_in(client, login, desk.passwords[login])
        rows = await desk.sql("SELECT ip FROM kit.audit WHERE ip IS NOT NULL ORDER BY id DESC LIMIT 1")
        assert str(rows[0]["ip"]) == address


async def test_a_body_beyond_its_limit_ends_the_request_of_the_service(house: Callable[..., House]) -> None:
    """One byte over, with and without a declared length: 413, and the service never has a whole request."""
    running = house()
    declared = await running.raw(POST + b"Content-Length: 262145\r\n\r\n")
    assert declared.startswith(b"HTTP/1.1 413")
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    chunked = await running.raw(CHUNKS + b"\r\n" + piece * 4 + b"1\r\nx\r\n0\r\n\r\n")
    assert chunked.startswith(b"HTTP/1.1 413")
    assert running.upstream.requests == []

    async def aborted() -> bool:
        return running.upstream.aborted == 1

    await soon(aborted)


async def test_a_body_that_drips_is_given_up(house: Callable[..., House], log_capture: Any) -> None:
    """408 for one that stops, and one without length that stops: the service is left alone."""
    running = house(body_s=0.3)
    for sent in (POST + b"Content-Length: 9\r\n\r\na", CHUNKS + b"\r\n1\r\na\r\n"):
        answer = await running.raw(sent)
        assert answer.startswith(b"HTTP/1.1 408"), answer[:60]
    assert running.upstream.requests == []
    assert "Traceback" not in log_capture.text
