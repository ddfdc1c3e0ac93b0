"""When a room is open, and to whom. Pure."""

from datetime import datetime, timedelta
from typing import Final, Literal

OPENED_BEFORE: Final = timedelta(minutes=30)
PATIENT_BEFORE: Final = timedelta(minutes=15)
PATIENT_AFTER: Final = timedelta(minutes=30)
HOST_AFTER_END: Final = timedelta(hours=2)
GIVEN_UP_BEFORE: Final = timedelta(minutes=10)
"""How long before the start a provider that does not answer is no longer waited for: the patient must still be told."""

Door = Literal["early", "open", "over"]


def patients_door(start: datetime, now: datetime) -> Door:
    """From 15 minutes before to 30 after the start."""
    return _door(start - PATIENT_BEFORE, start + PATIENT_AFTER, now)


def hosts_door(start: datetime, end: datetime, now: datetime) -> Door:
    """From 30 minutes before the start to two hours after the end."""
    return _door(start - OPENED_BEFORE, end + HOST_AFTER_END, now)


def _door(opens: datetime, closes: datetime, now: datetime) -> Door:
    return "early" if now < opens else "open" if now < closes else "over"


def is_given_up(start: datetime, now: datetime) -> bool:
    """Whether there is no time left to wait for the provider."""
    return now >= start - GIVEN_UP_BEFORE
