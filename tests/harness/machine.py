"""A partner's machine: its keys, its assertions, its certificate, and the address where it publishes its keys."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from maillage import clock
from maillage.ids import new_id
from maillage.testing import NO_TLS

CLIENTS = "/api/gateway/v1/clients"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPES = ["appointments:slot.read", "appointments:appointment.read", "appointments:appointment.write"]
_OF_CURVE = {"P-256": "ES256", "P-384": "ES384"}


def ec_key(kid: str = "one", curve: str = "P-384") -> ECKey:
    """A pair of keys."""
    return ECKey.generate_key(curve, {"kid": kid}, private=True)


def rsa_key(kid: str = "one") -> RSAKey:
    """A pair of keys."""
    return RSAKey.generate_key(2_048, {"kid": kid}, private=True)


def jwks(*keys: ECKey | RSAKey) -> dict[str, Any]:
    """The public halves as a JWK set."""
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


@dataclass
class Machine:
    """A client that was registered, and what it proves itself with."""

    url: str
    client_id: str
    key: ECKey | RSAKey
    headers: dict[str, str] = field(default_factory=dict)
    """Of every request: a certificate, as its proxy adds it."""

    @property
    def audience(self) -> str:
        """The token URL."""
        return f"{self.url}/oauth/token"

    def assertion(
        self,
        *,
        key: ECKey | RSAKey | None = None,
        alg: str | None = None,
        head: dict[str, Any] | None = None,
        **changed: Any,
    ) -> str:
        """A signed assertion; `changed` replaces claims, None takes one out; `head` adds to the header."""
        key = key or self.key
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.audience,
            "exp": now + 60,
            "iat": now,
            "jti": str(new_id()),
            **changed,
        }
        alg = alg or (_OF_CURVE[key.curve_name] if isinstance(key, ECKey) else "RS384")
        header = {"alg": alg, "kid": key.kid, "typ": "JWT", **(head or {})}
        payload = json.dumps({name: value for name, value in claims.items() if value is not None})
        registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
        return jws.serialize_compact(
            {k: v for k, v in header.items() if v is not None}, payload, key, registry=registry
        )

    def form(self, assertion: str | None = None, **fields: str) -> dict[str, str]:
        """What goes to the token endpoint."""
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion or self.assertion(),
            **fields,
        }

    async def ask(self, assertion: str | None = None, **fields: str) -> httpx.Response:
        """POST /oauth/token."""
        async with self.client() as client:
            return await client.post("/oauth/token", data=self.form(assertion, **fields))

    async def token(self, **fields: str) -> str:
        """A token that must be given."""
        answer = await self.ask(**fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def client(self, token: str | None = None, **headers: str) -> httpx.AsyncClient:
        """Calls with this token."""
        said = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(
            base_url=self.url, headers={**self.headers, **said, **headers}, timeout=20, trust_env=False, verify=NO_TLS
        )

    async def get(self, path: str, token: str | None = None, **headers: str) -> httpx.Response:
        """One call with this token."""
        async with self.client(token, **headers) as client:
            return await client.get(path)


async def registered(admin: httpx.AsyncClient, url: str, key: ECKey | RSAKey | None = None, **fields: Any) -> Machine:
    """A machine that the signed-in administrator has just registered; by default its key is uploaded."""
    key = key or ec_key()
    given = {"name": "Machine de démonstration", "scopes": SCOPES, **fields}
    if "jwks_url" not in fields:
        given.setdefault("jwks", jwks(key))
    answer = await admin.post(CLIENTS, json=given)
    assert answer.status_code == 201, answer.text
    return Machine(url, answer.json()["id"], key)


@dataclass
class KeyHost:
    """Where a partner publishes its keys; `asked` counts the requests."""

    document: Any
    status: str = "200 OK"
    asked: int = 0
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request and closes."""
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        body = json.dumps(self.document).encode()
        writer.write(
            f"HTTP/1.1 {self.status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def key_host(document: Any) -> AsyncIterator[KeyHost]:
    """A server of keys on the loopback."""
    host = KeyHost(document)
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0)
    host.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"
    try:
        yield host
    finally:
        server.close()
        await server.wait_closed()


@dataclass(frozen=True)
class Badge:
    """A certificate, as the proxy writes it and as an administrator registers it."""

    header: str
    thumbprint: str
    hexadecimal: str
    issuer: str


def badge(cn: str = "sas.partner.example", ou: str = "318751275100020", *, days: int = 30, serial: int = 1) -> Badge:
    """A certificate of a fictional authority that ends in so many days."""
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    issuer = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Autorité de démonstration"),
            x509.NameAttribute(NameOID.COMMON_NAME, "AC DE DEMONSTRATION"),
        ]
    )
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, ou),
            x509.NameAttribute(NameOID.COMMON_NAME, cn),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, SHA256())
    )
    der, print_ = certificate.public_bytes(Encoding.DER), certificate.fingerprint(SHA256())
    return Badge(
        header=f":{base64.b64encode(der).decode()}:",
        thumbprint=base64.urlsafe_b64encode(print_).rstrip(b"=").decode(),
        hexadecimal=print_.hex(":").upper(),
        issuer=issuer.rfc4514_string(),
    )
