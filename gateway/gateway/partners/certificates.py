"""Certificates of machines, as a trusted proxy passes them on after the TLS handshake (RFC 9440).

The proxy has verified the chain, the purpose and the revocation lists; here only the dates are looked at again.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from maillage import clock

CERTIFICATE: Final = "maillage.certificate"
"""Where the door leaves a machine's certificate in the scope of a request."""
_HEADER: Final = re.compile(rb":([A-Za-z0-9+/]{1,16000}={0,2}):")
_MOST_NAMES: Final = 4
Subject = tuple[str, str, str]
"""Issuer (RFC 4514 text), common name, organisational unit."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is known of one: its RFC 8705 thumbprint, and the names by which a client may be registered."""

    thumbprint: str
    subjects: tuple[Subject, ...]
    begins: datetime
    ends: datetime

    def current(self) -> bool:
        """Whether it is within its dates now."""
        return self.begins <= clock.now() <= self.ends

    def among(self, registered: Sequence[Mapping[str, str]]) -> bool:
        """Whether it is one of a client's."""
        return any(
            each.get("thumbprint") == self.thumbprint
            or (each.get("issuer"), each.get("cn"), each.get("ou")) in self.subjects
            for each in registered
        )


@lru_cache(maxsize=512)
def read(value: bytes) -> Certificate | None:
    """The certificate of a `Client-Cert` value; None for what is none. Read once, then known by its value."""
    match = _HEADER.fullmatch(value.strip())
    try:
        der = base64.b64decode(match[1], validate=True) if match else b""
        known = x509.load_der_x509_certificate(der)
        issuer = known.issuer.rfc4514_string()
        names = [_texts(known, NameOID.COMMON_NAME), _texts(known, NameOID.ORGANIZATIONAL_UNIT_NAME)]
        begins, ends = known.not_valid_before_utc, known.not_valid_after_utc
    except (ValueError, TypeError):
        return None
    subjects = tuple((issuer, cn, ou) for cn in names[0] for ou in names[1])
    return Certificate(thumbprint(der), subjects, begins, ends)


def thumbprint(der: bytes) -> str:
    """`x5t#S256`: SHA-256 of the certificate in base64url (RFC 8705 3.1)."""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def normal_name(text: str) -> str:
    """A distinguished name as `read` gives it, whatever the spaces. Raises ValueError for what is none."""
    return x509.Name.from_rfc4514_string(text).rfc4514_string()


def _texts(known: x509.Certificate, oid: x509.ObjectIdentifier) -> list[str]:
    found = known.subject.get_attributes_for_oid(oid)[:_MOST_NAMES]
    return [each.value for each in found if isinstance(each.value, str)]
