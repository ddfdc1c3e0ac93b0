"""Wire types of partners' machines."""

import base64
import re
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from gateway.partners.certificates import normal_name
from maillage.wire import Instant, Line, Page, Patch, Wire

_THUMBPRINT: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{64}")


def _thumbprint(value: str) -> str:
    """`x5t#S256`, or the hexadecimal form that openssl prints."""
    plain = value.replace(":", "")
    if _HEX.fullmatch(plain):
        return base64.urlsafe_b64encode(bytes.fromhex(plain)).rstrip(b"=").decode()
    if not _THUMBPRINT.fullmatch(value):
        raise PydanticCustomError("CERTIFICATE_UNREADABLE", "not a SHA-256 thumbprint")
    return value


def _issuer(value: str) -> str:
    try:
        return normal_name(value)
    except ValueError:
        raise PydanticCustomError("CERTIFICATE_UNREADABLE", "not a distinguished name") from None


class CertificateWire(Wire):
    """A client certificate: either its SHA-256 `thumbprint` (base64url or hexadecimal), to which tokens are then bound,
    or `issuer` (RFC 4514), `cn` and `ou`, which prove the client alone as well."""

    thumbprint: Annotated[str, Field(max_length=120), AfterValidator(_thumbprint)] | None = None
    issuer: Annotated[str, Field(max_length=500), AfterValidator(_issuer)] | None = None
    cn: Line | None = None
    ou: Line | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "CertificateWire":
        subject = (self.issuer, self.cn, self.ou)
        if (self.thumbprint is None) != all(subject) or (self.thumbprint is not None and any(subject)):
            raise PydanticCustomError("CERTIFICATE_UNREADABLE", "a thumbprint, or else issuer, cn and ou")
        return self

    def kept(self) -> dict[str, str]:
        """As the base keeps it."""
        return {name: value for name, value in self if value is not None}


Scopes = Annotated[list[Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=50)]
Certificates = Annotated[list[CertificateWire], Field(max_length=20)]
BoundIds = Annotated[list[Line], Field(max_length=50)]
Reach = Literal["o", "d", "t"]


class ClientIn(Wire):
    """A machine of the administrator's own organisation.

    `jwks`: its public keys (RFC 7517 set), or `jwks_url`: where it publishes them. `scopes`: permissions, or SMART
    words for them. `reach`: own organisation, delegating ones too, or the territory. `bound_ids`: what the machine
    stands for (`machine:<id>`); it may write about these alone.
    """

    name: Line
    jwks: dict[str, JsonValue] | None = None
    jwks_url: Annotated[str, Field(max_length=2000)] | None = None
    certificates: Certificates = []
    scopes: Scopes
    reach: Reach = "o"
    bound_ids: BoundIds = []

    @model_validator(mode="after")
    def _one_source(self) -> "ClientIn":
        if self.jwks is not None and self.jwks_url is not None:
            raise PydanticCustomError("KEY_WEAK", "keys are given or published, not both")
        return self


class ClientPatch(Patch):
    """What may change; a field left out stays. New keys take the place of all former ones: tokens proved by a key that
    is no longer there end at once, bound ones too when certificates change."""

    EMPTIABLE = frozenset({"jwks", "jwks_url"})

    name: Line | None = None
    jwks: dict[str, JsonValue] | None = None
    jwks_url: Annotated[str, Field(max_length=2000)] | None = None
    certificates: Certificates | None = None
    scopes: Scopes | None = None
    reach: Reach | None = None
    bound_ids: BoundIds | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "ClientPatch":
        if self.jwks is not None and self.jwks_url is not None:
            raise PydanticCustomError("KEY_WEAK", "keys are given or published, not both")
        return self


class ClientKey(Wire):
    """One of a machine's public keys: `alg` null: any that goes with it; `known_from`: since when it is known here."""

    kid: str
    kty: str
    alg: str | None
    thumbprint: str
    known_from: Instant


class LastRefusal(Wire):
    """Why an assertion of this machine was last refused."""

    code: str
    detail: str
    at: Instant


class ClientOut(Wire):
    """A machine. `id` is its `client_id`; `token_url` is where it asks for tokens, and their exact audience.

    `keys_read_at`: when its address of keys was last read well; `requests_today`: since midnight in Paris, a few
    seconds old.
    """

    id: UUID
    name: str
    status: Literal["active", "suspended"]
    scopes: list[str]
    reach: Reach
    bound_ids: list[str]
    certificates: list[CertificateWire]
    jwks_url: str | None
    keys: list[ClientKey]
    keys_read_at: Instant | None
    token_url: str
    created_at: Instant
    last_used_at: Instant | None
    requests_today: int
    last_refusal: LastRefusal | None
    version: int


class Clients(Page[ClientOut]):
    """Machines of the own organisation."""


class TokenOut(Wire):
    """RFC 6749 5.1: an opaque token for `expires_in` seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str
