"""Rules of devices. Pure."""

from datetime import datetime, timedelta
from typing import Final

CODE_DIGITS: Final = 12
CODE_LIVES: Final = timedelta(minutes=15)
KNOWN_FOR: Final = timedelta(days=180)
LIVES: Final = timedelta(days=365)
"""A shared post or a screen, unless the administrator says otherwise."""
COOKIE_S: Final = 400 * 86_400
"""As long as browsers keep one: how long the device is believed is the base's."""

_BROWSERS: Final = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def spaced(code: str) -> str:
    """As it is shown and read aloud: `1234 5678 9012`."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def browser_label(user_agent: str) -> str | None:
    """`Firefox, Windows`: enough for its owner to know a device again; None when nothing is recognised."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), None)
    if browser is None and "Safari/" in user_agent:
        browser = "Safari"
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), None)
    return ", ".join(filter(None, (browser, system))) or None


def end_of(asked: datetime | None, now: datetime) -> datetime:
    """When a device ends: as asked, an instant in the past meaning now; a year without a word."""
    return now + LIVES if asked is None else max(asked, now)
