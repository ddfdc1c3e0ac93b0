"""Rules of sessions and of the lock-out. Pure."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LOCKED_AT: Final = 5
LOCKS: Final = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
FORGOTTEN_AFTER: Final = timedelta(hours=24)
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 256

# A dozen of the most used ones that are long enough to pass; case and digits at the end do not make them better.
_COMMON: Final = frozenset(
    [
        "motdepasse",
        "motdepassemotdepasse",
        "azertyuiop",
        "azertyuiopqsdfghjklm",
        "qwertyuiop",
        "qwertyuiopasdfghjkl",
        "passwordpassword",
        "password",
        "administrateur",
        "administrator",
        "jetaimejetaime",
        "soleilsoleil",
        "bonjourbonjour",
        "loulouloulou",
        "marseillemarseille",
        "abcdefghijkl",
        "abcdefghijklm",
        "telesecretariat",
        "centredesante",
        "saoneetloire",
        "bienvenuebienvenue",
        "changezmoi",
        "changeme",
        "letmeinletmein",
    ]
)

_PADDING: Final = "0123456789!?.*-_ "


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


def is_weak(password: str, *, login: str) -> bool:
    """Shorter than 12 characters, a common one, one character repeated, or made of the login. Anything else is the
    user's choice."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    if not SHORTEST_PASSWORD <= len(folded) <= LONGEST_PASSWORD or len(set(folded)) < 4:
        return True
    core = folded.strip(_PADDING)
    return not core or core in _COMMON or core == login_key(login).strip(_PADDING)
