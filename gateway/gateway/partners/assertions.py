"""Signed assertions by which machines prove who they are (RFC 7523, `private_key_jwt` of SMART Backend Services)."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry
from pydantic import JsonValue

from gateway.partners.domain import ALGORITHMS, wrong_claim
from gateway.partners.errors import InvalidClient
from gateway.partners.jwks import PublicKey
from maillage import clock
from maillage.border import check_json
from maillage.refusals import Refusal

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LARGEST: Final = 8_192
_SEGMENTS: Final = re.compile(r"[A-Za-z0-9_-]{1,6000}\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{1,1400}")


class _Registry(JWSRegistry):
    """Ours alone, and room for headers with `jku` or `x5c`, which are not believed but may come."""

    max_header_length = _LARGEST


_REGISTRY: Final = _Registry(algorithms=list(ALGORITHMS), strict_check_header=False)


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an assertion says, before anything of it is believed."""

    text: str
    client_id: UUID
    header: Mapping[str, JsonValue]
    claims: Mapping[str, JsonValue]

    @property
    def kid(self) -> str:
        """The name of the key: compared with known names, and nothing else."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else ""

    @property
    def alg(self) -> str:
        """The algorithm."""
        return str(self.header.get("alg"))

    @property
    def jti(self) -> str:
        """Its number."""
        return str(self.claims["jti"])

    @property
    def ends(self) -> float:
        """`exp`, once the claims were judged."""
        ends = self.claims["exp"]
        assert isinstance(ends, int | float)
        return float(ends)


def read(text: str) -> Assertion:
    """The parts of an assertion. Raises `InvalidClient` for what is none, or names nobody who could be a client."""
    if len(text) > _LARGEST or not _SEGMENTS.fullmatch(text):
        raise InvalidClient
    head, body, _ = text.split(".")
    header, claims = _members(head), _members(body)
    try:
        client_id = UUID(str(claims.get("sub")))
    except ValueError:
        raise InvalidClient from None
    return Assertion(text, client_id, header, claims)


def _members(segment: str) -> dict[str, JsonValue]:
    try:
        plain = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
        check_json(plain)
        members = json.loads(plain)
    except (ValueError, Refusal):
        raise InvalidClient from None
    if not isinstance(members, dict):
        raise InvalidClient
    return members


def fault(assertion: Assertion, keys: Sequence[PublicKey], jwks_url: str | None, audience: str) -> str | None:
    """Why an assertion proves nothing, as a code of `REASONS`; None: it is the client's.

    A signature is judged in any case, with a key of nobody if need be, so that a client that does not exist takes as
    long as one that does.
    """
    if assertion.alg not in ALGORITHMS:
        return "ALG_NOT_ALLOWED"
    key = key_of(assertion, keys)
    signed = _signed(assertion.text, key.opened() if key else _nobody(assertion.alg))
    if "crit" in assertion.header or "b64" in assertion.header:
        return "HEADER_NOT_ALLOWED"
    if "jku" in assertion.header and (jwks_url is None or assertion.header["jku"] != jwks_url):
        return "JKU_FOREIGN"
    if key is None:
        return "KID_UNKNOWN"
    if not signed:
        return "SIGNATURE_WRONG"
    return wrong_claim(assertion.claims, assertion.client_id, audience, clock.now().timestamp())


def key_of(assertion: Assertion, keys: Sequence[PublicKey]) -> PublicKey | None:
    """The client's key of that name, if it goes with the algorithm."""
    return next((key for key in keys if key.kid == assertion.kid and key.fits(assertion.alg)), None)


def _signed(text: str, key: ECKey | RSAKey) -> bool:
    try:
        jws.deserialize_compact(text, key, registry=_REGISTRY)
    except (JoseError, ValueError):
        return False
    return True


@cache
def _nobody(alg: str) -> ECKey | RSAKey:
    """A key of the right kind that is no client's; what it says of a signature is not used."""
    kty, curve = ALGORITHMS[alg]
    seed = hashlib.shake_256(f"maillage: no client's key, {kty} {curve}".encode())
    if kty == "EC":
        kind = ec.SECP256R1() if curve == "P-256" else ec.SECP384R1()
        return ECKey.import_key(ec.derive_private_key(int.from_bytes(seed.digest(31), "big"), kind).public_key())
    modulus = int.from_bytes(seed.digest(256), "big") | 1 << 2_047 | 1
    return RSAKey.import_key(RSAPublicNumbers(65_537, modulus).public_key())
