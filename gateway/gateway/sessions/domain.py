"""Rules of sessions and of the lock-out. Pure."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LOCKED_AT: Final = 5
LOCKS: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
FORGOTTEN_AFTER: Final = timedelta(hours=24)
SECOND_FACTOR_LIVES: Final = timedelta(minutes=5)
ENROLMENT_LIVES: Final = timedelta(minutes=15)
"""Longer than a code takes: an application has to be installed first."""
FRESH_S: Final = 900
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256


@dataclass(frozen=True, slots=True)
class Lives:
    """How long a session lives: without use, and in all. Heartbeats are no use."""

    idle: timedelta
    absolute: timedelta


PROFESSIONAL: Final = Lives(timedelta(minutes=60), timedelta(hours=12))
PATIENT: Final = Lives(timedelta(minutes=30), timedelta(hours=2))


def login_key(login: str) -> str:
    """The form in which logins are compared: NFKC, folded, trimmed."""
    return unicodedata.normalize("NFKC", login).casefold().strip()


def locked_until(failures: int, now: datetime) -> datetime | None:
    """After each fifth failure: 5, 15, then 60 minutes. None: may try again at once."""
    if failures < LOCKED_AT or failures % LOCKED_AT:
        return None
    return now + LOCKS[min(failures // LOCKED_AT, len(LOCKS)) - 1]


def is_recent(auth_time: int | None, now: datetime) -> bool:
    """Whether something was proved in the last 15 minutes."""
    return auth_time is not None and now.timestamp() - auth_time <= FRESH_S


def is_fresh(acr: int, auth_time: int | None, now: datetime) -> bool:
    """Whether two factors were."""
    return acr >= 2 and is_recent(auth_time, now)
