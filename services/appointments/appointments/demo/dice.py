"""Choices that look random and are the same at every load: drawn from a hash of what they are about."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


def number(below: int, *about: object) -> int:
    """A number from 0 to `below` - 1, evenly enough for a demonstration."""
    return int.from_bytes(blake2b(repr(about).encode(), digest_size=8).digest()) % below


def pick(choices: Sequence[T], *about: object) -> T:
    """One of several."""
    return choices[number(len(choices), *about)]


def happens(percent: int, *about: object) -> bool:
    """Whether something that happens in so many of a hundred cases happens here."""
    return number(100, *about) < percent


def identifier(*about: object) -> UUID:
    """An id of UUID version 8 (RFC 9562 5.8), always the same for the same thing."""
    value = int.from_bytes(blake2b(repr(about).encode(), digest_size=16).digest())
    return UUID(int=(value & ~(0xF << 76) | 0x8 << 76) & ~(0x3 << 62) | 0x2 << 62)
