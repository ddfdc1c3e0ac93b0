"""Calls to partners' addresses, before servers that mean no good."""

import asyncio
import datetime
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from gateway.outbound import CallFailed, Outbound
from maillage import clock

LOOPBACK = (IPv4Network("127.0.0.0/8"),)
Answers = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Host:
    """A server that reads one request and then does what it likes. `heads` are those that arrived."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.heads: list[bytes] = []
        self.connections = 0
        self.sent = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            self.heads.append(await reader.readuntil(b"\r\n\r\n"))
            length = re.search(rb"content-length: (\d+)", self.heads[-1].lower())
            await reader.readexactly(int(length[1]) if length else 0)
            await self._answers(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def host(answers: Answers, tls: ssl.SSLContext | None = None) -> AsyncIterator[Host]:
    """A server on the loopback."""
    it = Host(answers)
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0, ssl=tls)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()


@asynccontextmanager
async def way_out(*names: str, **more: ssl.SSLContext) -> AsyncIterator[Outbound]:
    """The way out, with the loopback listed; names mean the addresses given, one more for each connection."""
    turns = iter(names)

    async def resolve(_: str) -> Sequence[str]:
        return next(turns).split()

    outbound = Outbound(LOOPBACK, resolve=resolve, trust=more.get("trust"))
    try:
        yield outbound
    finally:
        await outbound.close()


def saying(text: str, *headers: str) -> Answers:
    async def answer(writer: asyncio.StreamWriter) -> None:
        body = text.encode()
        head = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close", *headers])
        writer.write(head.encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return answer


def with_status(line: str, *headers: str) -> Answers:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(
            "\r\n".join([f"HTTP/1.1 {line}", "Content-Length: 0", "Connection: close", *headers, "", ""]).encode()
        )
        await writer.drain()

    return answer


async def test_json_comes_back_from_a_listed_address() -> None:
    async with host(saying('{"keys": []}')) as server, way_out() as out:
        assert await out.get_json(f"http://127.0.0.1:{server.port}/jwks?v=1") == {"keys": []}
        assert server.heads[0].startswith(b"GET /jwks?v=1 HTTP/1.1\r\n")
        assert b"cookie" not in server.heads[0].lower()


async def test_a_name_that_turns_inward_at_the_second_look_up_gets_no_packet(tmp_path: Path) -> None:
    server_side, client_side = _tls("partner.example", tmp_path)
    async with (
        host(saying("{}"), server_side) as server,
        way_out("127.0.0.1", "169.254.169.254", "127.0.0.1 10.0.0.1", trust=client_side) as out,
    ):
        url = f"https://partner.example:{server.port}/"
        assert await out.get_json(url) == {}
        for _ in range(2):
            with pytest.raises(CallFailed) as failed:
                await out.get_json(url)
            assert failed.value.code == "ADDRESS_REFUSED"
        assert server.connections == 1


@pytest.mark.parametrize("address", ["::ffff:10.0.0.1", "64:ff9b::a00:1", "fe80::1", "10.0.0.1", "8.8.8.8 192.168.0.1"])
async def test_a_name_that_means_an_inner_address_is_refused(address: str) -> None:
    async with way_out(address) as out:
        with pytest.raises(CallFailed) as failed:
            await out.get_json("https://partner.example/")
        assert failed.value.code == "ADDRESS_REFUSED"


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with host(saying("{}")) as inner, way_out() as out:
        away = with_status("302 Found", f"Location: http://127.0.0.1:{inner.port}/secret")
        async with host(away) as server:
            with pytest.raises(CallFailed) as failed:
                await out.get_json(f"http://127.0.0.1:{server.port}/")
            assert failed.value.code == "ANSWER_STATUS"
            reply = await out.post(f"http://127.0.0.1:{server.port}/", {"webhook-id": "1"}, b"{}")
            assert (reply.status, reply.headers["location"]) == (302, f"http://127.0.0.1:{inner.port}/secret")
        assert inner.connections == 0


async def test_ten_gigabytes_are_not_read() -> None:
    sent = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
        while True:
            writer.write(b" " * 65_536)
            await writer.drain()
            sent += 65_536

    async with host(endless) as server, way_out() as out:
        url = f"http://127.0.0.1:{server.port}/"
        with pytest.raises(CallFailed) as failed:
            await out.get_json(url)
        assert failed.value.code == "ANSWER_TOO_LARGE"
        reply = await out.post(url, {}, b"{}")
        assert (reply.status, len(reply.body)) == (200, 65_536)
        assert sent < 100_000_000


async def test_a_slow_answer_is_given_up() -> None:
    gone = asyncio.Event()

    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        await writer.drain()
        await gone.wait()

    async with host(slow) as server, way_out() as out:
        for call in (
            out.get_json(f"http://127.0.0.1:{server.port}/", timeout_s=0.2),
            out.post(f"http://127.0.0.1:{server.port}/", {}, b"{}", timeout_s=0.2),
        ):
            with pytest.raises(CallFailed) as failed:
                await call
            assert failed.value.code == "TIMEOUT"
        gone.set()


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (saying("<html>"), "ANSWER_NOT_JSON"),
        (saying("[" * 60_000), "ANSWER_NOT_JSON"),
        (saying("\x1f\x8b", "Content-Encoding: gzip"), "ANSWER_NOT_JSON"),
        (with_status("500 Oops"), "ANSWER_STATUS"),
        (with_status("200"), "ANSWER_NOT_JSON"),
        (with_status("2OO OK"), "UNREACHABLE"),
        (with_status("200 OK", "X-Long: " + "x" * 100_000), "UNREACHABLE"),
    ],
)
async def test_answers_that_are_none(answers: Answers, code: str) -> None:
    async with host(answers) as server, way_out() as out:
        with pytest.raises(CallFailed) as failed:
            await out.get_json(f"http://127.0.0.1:{server.port}/")
        assert failed.value.code == code


async def test_the_certificate_must_be_for_the_name_though_the_address_is_ours(tmp_path: Path) -> None:
    server_side, client_side = _tls("partner.example", tmp_path)
    async with (
        host(saying('{"it": 1}'), server_side) as server,
        way_out("127.0.0.1", "127.0.0.1", trust=client_side) as out,
    ):
        assert await out.get_json(f"https://partner.example:{server.port}/") == {"it": 1}
        with pytest.raises(CallFailed) as failed:
            await out.get_json(f"https://other.example:{server.port}/")
        assert failed.value.code == "TLS"


def _tls(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=certificate.public_bytes(serialization.Encoding.PEM).decode())
    return server, client
