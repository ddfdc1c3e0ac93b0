"""Identifiers and secrets. Nothing else in the product makes either, so that a test can drive them."""

import hashlib
import os
import secrets
import time
from collections import deque
from typing import Final
from uuid import UUID

from maillage import clock

_PIECE: Final = 16
_PIECES: Final = 256
_VARIANT: Final = {sign: "89ab"[int(sign, 16) & 3] for sign in "0123456789abcdef"}
_random: Final[deque[bytes]] = deque()
os.register_at_fork(after_in_child=_random.clear)


def random_piece() -> bytes:
    """16 random bytes of the system's, which is asked for many at a time: for ids, of which a request needs several.

    Never for secrets: those are not kept before they are needed.
    """
    try:
        return _random.pop()
    except IndexError:
        many = os.urandom(_PIECE * _PIECES)
        _random.extend(many[at : at + _PIECE] for at in range(_PIECE, len(many), _PIECE))
        return many[:_PIECE]


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 5.7): 48 bits of milliseconds, then 74 random bits, so that new rows land together."""
    return UUID(int=_number())


def new_id_text() -> str:
    """The same as text."""
    at, chance = f"{_milliseconds():012x}", random_piece().hex()
    return f"{at[:8]}-{at[8:]}-7{chance[:3]}-{_VARIANT[chance[3]]}{chance[4:7]}-{chance[7:19]}"


def _milliseconds() -> int:
    return int((time.time() + clock.offset_s()) * 1000) & ((1 << 48) - 1)


def _number() -> int:
    value = _milliseconds() << 80 | int.from_bytes(random_piece()[:10])
    value = value & ~(0xF << 76) | 0x7 << 76
    return value & ~(0x3 << 62) | 0x2 << 62


def new_token() -> str:
    """A secret of 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def new_digits(count: int) -> str:
    """A secret of `count` decimal digits, each drawn evenly."""
    return "".join(str(secrets.randbelow(10)) for _ in range(count))


def hash_token(token: str) -> bytes:
    """SHA-256 of a secret, for storage. Only for secrets of 128 bits or more: short ones need a key or argon2."""
    return hashlib.sha256(token.encode()).digest()
