"""An announcement as Asterisk plays it: recorded fragments and numbers. Nothing is synthesised."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final

from telesecretariat.telephony.port import CommandFailed

TEXT: Final = "sound:maillage/information"
"""A text that nobody recorded: the house's one fragment says 15 for danger of life, and where to read the rest."""
_NAMES: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")


def media(parts: object) -> list[str]:
    """URIs in order, for the parts of an announcement ({fragment}, {number}, {phone}, {date}, {time}, {text}).

    Texts that follow one another are one fragment: they cannot be read out. Raises CommandFailed when nothing is left
    to be heard: silence is never played.
    """
    said: list[str] = []
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, Mapping):
            for uri in _uris(part):
                if uri != TEXT or TEXT not in said[-1:]:
                    said.append(uri)
    if not said:
        raise CommandFailed("nothing_to_play")
    return said


def _uris(part: Mapping[str, object]) -> list[str]:
    for kind, value in part.items():
        text = str(value)
        if kind == "fragment" and text and not set(text) - _NAMES:
            return [f"sound:maillage/{text}"]
        if kind == "number" and isinstance(value, int):
            return [f"number:{value}"]
        if kind == "phone":
            return [f"digits:{''.join(sign for sign in text if sign.isdigit())}"]
        if kind == "date":
            return _date(text)
        if kind == "time":
            return _time(text)
        if kind == "text" and text:
            return [TEXT]
    return []


def _date(text: str) -> list[str]:
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return [TEXT]
    return [f"sound:maillage/day-{day.isoweekday()}", f"number:{day.day}", f"sound:maillage/month-{day.month}"]


def _time(text: str) -> list[str]:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return [TEXT]
    hour = [f"number:{at.hour}", "sound:maillage/hour"]
    return [*hour, f"number:{at.minute}"] if at.minute else hour
