"""Identifiers and secrets. Nothing else in the product makes either, so that a test can drive them."""

import hashlib
import secrets
import time
from uuid import UUID

from maillage import clock


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 5.7): 48 bits of milliseconds, then 74 random bits, so that new rows land together."""
    milliseconds = int(time.time() * 1000 + clock.offset().total_seconds() * 1000)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_token() -> str:
    """A secret of 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def new_digits(count: int) -> str:
    """A secret of `count` decimal digits, each drawn evenly."""
    return "".join(str(secrets.randbelow(10)) for _ in range(count))


def hash_token(token: str) -> bytes:
    """SHA-256 of a secret, for storage. Only for secrets of 128 bits or more: short ones need a key or argon2."""
    return hashlib.sha256(token.encode()).digest()
