"""Password hashes: argon2id, two at a time in threads, the same work for a login that does not exist."""

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP password storage: 46 MiB, one pass, one lane.
_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)


def _step_back() -> None:
    """Hashing uses a whole core for a while: whoever only asks for a page goes first."""
    if sys.platform == "linux":  # elsewhere threads have no niceness of their own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 4)


_THREADS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2", initializer=_step_back)
_NOBODY: Final = _HASHER.hash("the hash that a login without account is checked against")


async def hashed(password: str) -> str:
    """The hash to store."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one. Without a stored hash the same work is done, and the answer is no."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, stored, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
