"""The message port tells the three failures apart: never again, later, and never again because it may have left."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from maillage.children import free_port
from maillage.clock import now
from maillage.messages import NotSent, Outgoing, Refused, Unavailable, Unknown
from maillage.messages.fake_provider import FakeProvider, Mood
from maillage.messages.sms_by_http import SmsByHttp
from maillage.messages.smtp import Smtp
from maillage.testing import Logs, Mailbox, soon

SENDER = "Maillage <no-reply@maillage.example>"
MAIL = Outgoing("email", "someone@patient.example", "Votre rendez-vous", "À bientôt – l’équipe", "ref-2")
TEXT = Outgoing("sms", "+33639980124", "", "Votre code : 123456", "ref-3")


class Server:
    """A mail server that answers as told."""

    def __init__(self, rcpt: str = "250 ok", data: str = "250 ok") -> None:
        self.rcpt, self.data = rcpt, data
        self.mails: list[bytes] = []

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(to)
        return self.rcpt

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        if self.data == "silence":
            await asyncio.sleep(3)
        return self.data


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    running: list[Controller] = []

    def start(server: Server, **options: Any) -> str:
        controller = Controller(server, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        running.append(controller)
        return f"127.0.0.1:{controller.port}"

    yield start
    for controller in running:
        controller.stop()


async def test_mail_arrives_as_written(mailbox: Mailbox) -> None:
    receipt = await Smtp(mailbox.url, SENDER).send(MAIL)
    received = mailbox.wait("someone@patient.example")
    assert (received.subject, received.body) == (MAIL.subject, MAIL.body)
    assert received.message_id == receipt.provider_id == "<ref-2@maillage.example>"


@pytest.mark.parametrize(
    ("server", "failure"),
    [
        (Server(rcpt="550 no such user"), Refused),
        (Server(rcpt="451 later"), Unavailable),
        (Server(data="554 no"), Refused),
        (Server(data="452 full"), Unavailable),
        (Server(data="silence"), Unknown),
    ],
    ids=["550", "451", "554", "452", "silence"],
)
async def test_what_the_server_says_decides(serve: Callable[..., str], server: Server, failure: type[NotSent]) -> None:
    """Only silence after the mail was handed over leaves it open whether it was sent."""
    with pytest.raises(failure):
        await Smtp(f"smtp://{serve(server)}", SENDER, timeout_s=0.5).send(MAIL)


async def test_no_server_is_a_matter_of_time() -> None:
    with pytest.raises(Unavailable):
        await Smtp(f"smtp://127.0.0.1:{free_port()}", SENDER).send(MAIL)


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("nobody", "s"),
        ("a@b.example\r\nBcc: c@d.example", "s"),
        ("é@b.example", "s"),
        ("a@b.example", "s\r\nBcc: c@d.example"),
    ],
)
async def test_headers_cannot_be_smuggled_in(mailbox: Mailbox, to: str, subject: str) -> None:
    with pytest.raises(Refused):
        await Smtp(mailbox.url, SENDER).send(Outgoing("email", to, subject, "b", "ref-4"))
    assert mailbox.messages == []


async def test_neither_address_nor_text_is_ever_shown(log_capture: Logs, serve: Callable[..., str]) -> None:
    """Not in the object's text, not in the error's, not in a log."""
    with pytest.raises(Refused) as refused:
        await Smtp(f"smtp://{serve(Server(rcpt='550 unknown someone@patient.example'))}", SENDER).send(MAIL)
    for shown in (repr(MAIL), str(MAIL), str(refused.value), repr(refused.value.__cause__), log_capture.text):
        assert "patient.example" not in shown
        assert "bientôt" not in shown


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


async def test_starttls_and_password(
    serve: Callable[..., str], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `starttls=1` the password goes over TLS only, and only to a server whose certificate is trusted."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=(getattr(data, "login", b""), getattr(data, "password", b"")) == (b"us@er", b"p:w"))

    server = Server()
    address = serve(server, tls_context=context, require_starttls=True, authenticator=check, auth_required=True)
    url = f"smtp://us%40er:p%3Aw@{address}?starttls=1"
    with pytest.raises(Unavailable):
        await Smtp(url, SENDER, timeout_s=1).send(MAIL)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    await Smtp(url, SENDER).send(MAIL)
    with pytest.raises((Refused, Unavailable)):
        await Smtp(url.replace("p%3Aw", "wrong"), SENDER, timeout_s=1).send(MAIL)
    assert len(server.mails) == 1


@pytest.fixture
async def provider() -> AsyncIterator[tuple[FakeProvider, str]]:
    fake, port = FakeProvider(), free_port()
    server = uvicorn.Server(uvicorn.Config(fake.app, "127.0.0.1", port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server._serve())  # `serve` would take the signals of the test run

    async def started() -> bool:
        return server.started

    await soon(started)
    yield fake, f"http://127.0.0.1:{port}/sms"
    fake.wake()
    server.should_exit = True
    await serving


@pytest.mark.parametrize(
    ("mood", "failure"), [("refuse", Refused), ("busy", Unavailable), ("break", Unknown), ("silent", Unknown)]
)
async def test_sms_provider(provider: tuple[FakeProvider, str], mood: Mood, failure: type[NotSent]) -> None:
    """A provider that took the text and then kept silent is not asked again: the patient has it."""
    fake, url = provider
    fake.mood = mood
    with pytest.raises(failure):
        await SmsByHttp(url, "token", timeout_s=0.5).send(TEXT)
    assert list(fake.accepted) == (["ref-3"] if mood == "silent" else [])


async def test_sms_provider_accepts_once(provider: tuple[FakeProvider, str]) -> None:
    fake, url = provider
    assert (await SmsByHttp(url, "token").send(TEXT)).provider_id == "ref-3"
    await SmsByHttp(url, "token").send(TEXT)
    assert fake.accepted == {"ref-3": TEXT.body}


async def test_sms_provider_away() -> None:
    with pytest.raises(Unavailable):
        await SmsByHttp(f"http://127.0.0.1:{free_port()}/", "token").send(TEXT)
