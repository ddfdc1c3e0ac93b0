"""An announcement as Asterisk plays it: recorded fragments, digits and dates. Nothing is synthesised."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

from telesecretariat.telephony.port import CommandFailed

TEXT: Final = "sound:maillage/information"
"""For a text that nobody recorded: this one fragment names the 15 for danger of life, and where the rest is written."""
_FRAGMENT: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def media(parts: object, zone: tzinfo) -> list[str]:
    """URIs in order, for the parts of an announcement; instants are said in the line's `zone`.

    Unrecorded texts that follow one another are one fragment. Raises CommandFailed when nothing is left to be heard:
    silence is never played.
    """
    said: list[str] = []
    for part in parts if isinstance(parts, list) else []:
        for uri in _uris(part, zone) if isinstance(part, Mapping) else []:
            if uri != TEXT or said[-1:] != [TEXT]:
                said.append(uri)
    if not said:
        raise CommandFailed("nothing_to_play")
    return said


def _uris(part: Mapping[str, object], zone: tzinfo) -> list[str]:
    fragment, number, at = (str(part.get(name) or "") for name in ("fragment", "number", "at"))
    if part.get("kind") == "number" and (digits := "".join(sign for sign in number if sign.isdigit())):
        return [f"digits:{digits}"]
    if part.get("kind") == "date" and at:
        return _date(at, zone)
    return [f"sound:maillage/{fragment}"] if _FRAGMENT.fullmatch(fragment) else [TEXT]


def _date(text: str, zone: tzinfo) -> list[str]:
    try:
        at = datetime.fromisoformat(text).astimezone(zone)
    except ValueError:
        return [TEXT]
    day = [f"sound:maillage/day_{at.isoweekday()}", f"number:{at.day}", f"sound:maillage/month_{at.month}"]
    hour = [f"number:{at.hour}", "sound:maillage/hour"]
    return [*day, *hour, f"number:{at.minute}"] if at.minute else [*day, *hour]
