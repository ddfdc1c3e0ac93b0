"""An instant as a voice or a page says it. Pure."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from maillage.words import Words

_DAYS_FR: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_FR: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def in_words(at: datetime, zone: ZoneInfo) -> Words:
    """« jeudi 12 novembre à 8 heures », « Thursday 12 November at 8 a.m. », in the line's own time."""
    local = at.astimezone(zone)
    day = "1er" if local.day == 1 else str(local.day)
    french = f"{_DAYS_FR[local.weekday()]} {day} {_MONTHS_FR[local.month - 1]} à {_hours_fr(local)}"
    english = f"{_DAYS_EN[local.weekday()]} {local.day} {_MONTHS_EN[local.month - 1]} at {_hours_en(local)}"
    return Words(french, english)


def _hours_fr(local: datetime) -> str:
    hours = f"{local.hour} heure{'s' if local.hour > 1 else ''}"
    return f"{hours} {local.minute:02d}" if local.minute else hours


def _hours_en(local: datetime) -> str:
    half = "a.m." if local.hour < 12 else "p.m."
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes} {half}"
