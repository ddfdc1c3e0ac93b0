"""One OpenID provider as the operator describes it: `MAILLAGE_GATEWAY_OIDC` is a JSON list of these."""

import hmac
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import ECKey, RSAKey
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from gateway.door.cookies import is_loopback

# What a level of assurance is worth here: 1 one factor, 2 two factors or eIDAS substantial, 3 high.
# Pro Santé Connect asserts `eidas1`; its ways in (card, mobile app) are two factors.
_PSC_LEVELS: Final = {"eidas1": 2, "eidas2": 2, "eidas3": 3}


def may_be_called(url: str) -> bool:
    """https, or http on this machine: what is read there decides who somebody is."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and is_loopback(parts.hostname or "")
    return bool(parts.hostname) and (parts.scheme == "https" or local) and not parts.username and not parts.fragment


def load_signer(pem: SecretStr) -> tuple[str, ECKey | RSAKey]:
    """The algorithm and the key that a PEM holds: RSA of 2048 bits or more, or P-256 or P-384."""
    private = load_pem_private_key(pem.get_secret_value().encode(), None)
    if isinstance(private, RSAPrivateKey) and private.key_size >= 2048:
        return "RS256", RSAKey.import_key(pem.get_secret_value())
    if isinstance(private, EllipticCurvePrivateKey) and private.key_size in (256, 384):
        return f"ES{private.key_size}", ECKey.import_key(pem.get_secret_value())
    raise ValueError("a private key is RSA of 2048 bits or more, or P-256 or P-384")


class ProviderName(BaseModel):
    """What people read on the button."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fr: str
    en: str


class Provider(BaseModel):
    """One way in.

    `discovery`: where its metadata are, when not at `<issuer>/.well-known/openid-configuration`. `levels`: what an
    `acr` of the issuer is worth here; `least`: the level below which nobody gets in. `claims`: `psc` reads the claim
    set of Pro Santé Connect, `plain` the standard's own. One of `client_secret` and `private_key` (PEM, then
    `private_key_jwt`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: ProviderName
    issuer: str
    discovery: str = ""
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = None
    private_key: SecretStr | None = None
    private_key_id: str | None = None
    scopes: str = "openid"
    acr_values: str | None = None
    claims: Literal["psc", "plain"] = "plain"
    levels: Mapping[str, int] = Field(default_factory=dict)
    least: int = Field(1, ge=0, le=3)
    timeout_s: float = Field(3.0, gt=0, le=8)
    """For each call to it; a sign-in makes four at most, in nine seconds."""

    @field_validator("issuer", "discovery")
    @classmethod
    def _secure(cls, value: str) -> str:
        if value and not may_be_called(value):
            raise ValueError("an issuer is called by https; by http on this machine only")
        return value

    @model_validator(mode="after")
    def _one_proof(self) -> "Provider":
        if (self.client_secret is None) == (self.private_key is None):
            raise ValueError("give client_secret or private_key, one of them")
        if self.private_key is not None:
            load_signer(self.private_key)
        if "openid" not in self.scopes.split():
            raise ValueError("the scopes hold openid")
        return self

    @property
    def address(self) -> str:
        """Where its metadata are."""
        return self.discovery or f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"

    def level(self, acr: object) -> int:
        """What an `acr` is worth here. Without a table of levels any sign-in is one factor."""
        levels = self.levels or (_PSC_LEVELS if self.claims == "psc" else {})
        if not levels:
            return 1
        return levels.get(acr, 0) if isinstance(acr, str) else 0


DEVELOPMENT_PATH: Final = "/demo-issuer"


def of_development(public_url: str, secret: bytes) -> Provider:
    """The issuer that `gateway.oidc.development` plays on this machine."""
    shared = hmac.digest(secret, b"maillage:development-issuer", "sha256").hex()
    return Provider(
        id="psc",
        name=ProviderName(fr="Pro Santé Connect (démonstration)", en="Pro Santé Connect (demonstration)"),
        issuer=f"{public_url.rstrip('/')}{DEVELOPMENT_PATH}",
        client_id="maillage",
        client_secret=SecretStr(shared),
        scopes="openid scope_all",
        acr_values="eidas1",
        claims="psc",
        least=2,
    )
