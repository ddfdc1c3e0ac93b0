"""Public keys of partners: read strictly when they are uploaded, leniently from an address that may hold others too."""

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from pydantic import Field, JsonValue

from gateway.partners.domain import ALGORITHMS
from gateway.partners.errors import KeyWeak
from maillage.wire import Instant, Wire

MOST: Final = 20
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_KID: Final = re.compile(r"[\x21-\x7e]{1,200}")
_NUMBER: Final = re.compile(r"[A-Za-z0-9_-]{1,1400}")
_CURVES: Final = frozenset({"P-256", "P-384"})
_SMALLEST, _LARGEST = 2_048, 8_192
_EXPONENTS: Final = range(65_537, 1 << 32)
Kind = Literal["EC", "RSA"]
Part = Annotated[str, Field(max_length=1400)]


class PublicKey(Wire):
    """One key as it is kept: what RFC 7517 says of it, its RFC 7638 thumbprint, and since when it is known here."""

    kid: str
    kty: Kind
    alg: str | None = None
    crv: Part | None = None
    x: Part | None = None
    y: Part | None = None
    n: Part | None = None
    e: Part | None = None
    thumbprint: str
    known_from: Instant

    def fits(self, alg: str) -> bool:
        """Whether a signature of this algorithm may be judged with this key."""
        return ALGORITHMS.get(alg) == (self.kty, self.crv) and self.alg in (None, alg)

    def opened(self) -> ECKey | RSAKey:
        """Ready for verification."""
        return _opened({name: value for name in _PARTS[self.kty] if (value := getattr(self, name))}, self.kty)


_PARTS: Final = {"EC": ("crv", "x", "y"), "RSA": ("n", "e")}


class _NotTaken(ValueError):
    """A key that is not for us, or not strong enough."""


def uploaded(document: JsonValue, now: datetime, before: Sequence[PublicKey] = ()) -> list[PublicKey]:
    """The keys of a JWK set that an administrator gives: each must be good. Refused: `KEY_WEAK` 422."""
    entries = _entries(document)
    if entries is None or not 1 <= len(entries) <= MOST:
        raise KeyWeak(pointer="/jwks/keys")
    keys: list[PublicKey] = []
    for place, entry in enumerate(entries):
        try:
            keys.append(_key(entry, now, before))
        except _NotTaken:
            raise KeyWeak(pointer=f"/jwks/keys/{place}") from None
    if len({key.kid for key in keys}) < len(keys):
        raise KeyWeak(pointer="/jwks/keys")
    return keys


def published(document: JsonValue, now: datetime, before: Sequence[PublicKey] = ()) -> list[PublicKey] | None:
    """The good keys among those at a partner's address; None when it is no JWK set. Of two with one name neither
    counts."""
    entries = _entries(document)
    if entries is None:
        return None
    keys: list[PublicKey] = []
    for entry in entries[:100]:
        try:
            keys.append(_key(entry, now, before))
        except _NotTaken:
            continue
    names = [key.kid for key in keys]
    return [key for key in keys if names.count(key.kid) == 1][:MOST]


def _entries(document: JsonValue) -> Sequence[JsonValue] | None:
    entries = document.get("keys") if isinstance(document, dict) else None
    return entries if isinstance(entries, list) else None


def _key(entry: JsonValue, now: datetime, before: Sequence[PublicKey]) -> PublicKey:
    if not isinstance(entry, dict) or _PRIVATE & entry.keys():
        raise _NotTaken
    kid, said, alg = entry.get("kid"), entry.get("kty"), entry.get("alg")
    operations = entry.get("key_ops", ["verify"])
    if not isinstance(kid, str) or not _KID.fullmatch(kid) or said not in ("EC", "RSA"):
        raise _NotTaken
    kty: Kind = "EC" if said == "EC" else "RSA"
    if entry.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise _NotTaken
    parts = {name: entry.get(name) for name in _PARTS[kty]}
    if not all(isinstance(value, str) and _NUMBER.fullmatch(value) for value in parts.values()):
        raise _NotTaken
    if kty == "EC" and parts["crv"] not in _CURVES:
        raise _NotTaken
    if alg is not None and ALGORITHMS.get(str(alg)) != (kty, parts.get("crv")):
        raise _NotTaken
    thumbprint = _print({name: str(value) for name, value in parts.items()}, kty)
    known = next((key.known_from for key in before if (key.kid, key.thumbprint) == (kid, thumbprint)), now)
    return PublicKey.model_validate(
        {"kid": kid, "kty": kty, "alg": alg, "thumbprint": thumbprint, "known_from": known, **parts}
    )


def _print(parts: dict[str, str], kty: Kind) -> str:
    """The thumbprint of a key whose numbers are sound: a point of its curve, a modulus of some size."""
    if kty == "RSA" and not (_SMALLEST <= _int(parts["n"]).bit_length() <= _LARGEST and _int(parts["e"]) in _EXPONENTS):
        raise _NotTaken
    try:
        key = _opened(parts, kty)
        assert key.public_key is not None
    except (ValueError, JoseError, OverflowError):
        raise _NotTaken from None
    return key.thumbprint()


def _int(text: str) -> int:
    try:
        return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
    except ValueError:
        raise _NotTaken from None


def _opened(parts: dict[str, str], kty: Kind) -> ECKey | RSAKey:
    return ECKey.import_key({"kty": kty, **parts}) if kty == "EC" else RSAKey.import_key({"kty": kty, **parts})
