"""Whether an id_token is one for us (OpenID Connect Core 3.1.3.7). The reason of a refusal goes to the log alone."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from gateway.oidc.domain import Claims

# Signatures only: neither `none`, nor a secret that both sides know.
ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
LEEWAY_S: Final = 30.0
_OLDEST_S: Final = 600.0
_WEAK_BITS: Final = 2048
Key = ECKey | RSAKey
KeySet = Mapping[str, Key]
"""Public keys for signatures, by `kid`; a key without one is under the empty name."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the token must say. Times in seconds since 1970; `fresh_since`: the proof itself may not be older."""

    issuer: str
    client_id: str
    nonce: str
    now: float
    fresh_since: float | None = None


def keys_of(document: Claims) -> KeySet:
    """The usable keys of a JWK set: RSA of 2048 bits or more, EC, for signatures. Others are passed over."""
    listed = document.get("keys")
    keys: dict[str, Key] = {}
    for entry in listed if isinstance(listed, list) else ():
        key = _key(entry)
        if key is not None:
            keys[key.kid or ""] = key
    return keys


def _key(entry: object) -> Key | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or entry.get("kty") not in ("RSA", "EC"):
        return None
    try:
        key = import_key(
            {name: value for name, value in entry.items() if name not in ("d", "p", "q", "dp", "dq", "qi")}
        )
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAKey):
        public = key.public_key
        return key if isinstance(public, RSAPublicKey) and public.key_size >= _WEAK_BITS else None
    return key if isinstance(key, ECKey) else None


def check(id_token: str, keys: KeySet, rules: Rules) -> Claims:
    """The token's claims. Raises LookupError for a key that is not among these, ValueError with what is wrong."""
    claims = _signed(id_token, keys)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    nonce = claims.get("nonce")
    if claims.get("iss") != rules.issuer:
        raise ValueError("issuer")
    if rules.client_id not in audiences:
        raise ValueError("audience")
    if party != rules.client_id and (party is not None or len(audiences) > 1):
        raise ValueError("authorised party")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), rules.nonce.encode()):
        raise ValueError("nonce")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise ValueError("subject")
    _check_times(claims, rules)
    return claims


def _check_times(claims: Claims, rules: Rules) -> None:
    if _seconds(claims, "exp") <= rules.now - LEEWAY_S:
        raise ValueError("expired")
    if not rules.now - _OLDEST_S <= _seconds(claims, "iat") <= rules.now + LEEWAY_S:
        raise ValueError("issued at")
    if rules.fresh_since is not None and _seconds(claims, "auth_time") < rules.fresh_since - LEEWAY_S:
        raise ValueError("not proved again")


def _seconds(claims: Claims, name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(name)
    return value


def _signed(id_token: str, keys: KeySet) -> Claims:
    try:
        header = jws.extract_compact(id_token.encode()).headers()
    except (JoseError, ValueError):
        raise ValueError("not a token") from None
    algorithm, kid = header.get("alg"), header.get("kid", "")
    if algorithm not in ALGORITHMS or not isinstance(kid, str):
        raise ValueError("algorithm")
    key = keys.get(kid) if kid in keys or kid else next(iter(keys.values())) if len(keys) == 1 else None
    if key is None:
        raise LookupError("key")
    if key.alg is not None and key.alg != algorithm:
        raise ValueError("algorithm of another key")
    try:
        return jwt.decode(id_token, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError):
        raise ValueError("signature") from None
