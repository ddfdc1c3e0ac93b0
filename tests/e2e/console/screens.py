"""Every screen that can be opened by its address, and who opens it.

A new screen is one more line: it is then looked at, narrow and wide, by `test_screens.py`, and drawn by
`make screenshots`."""

from typing import Final

SCREENS: Final[tuple[tuple[str, str], ...]] = (
    ("secretaire1", "/desk"),
    ("secretaire1", "/agenda"),
    ("secretaire1", "/patients"),
    ("medecin", "/practitioner"),
    ("superviseur", "/supervision"),
    ("superviseur", "/supervision/wall"),
    ("agent1", "/station"),
    ("pharmacien", "/release"),
    ("agent1", "/sets"),
    ("pharmacien", "/recalls"),
    ("coordination", "/board"),
    ("bloc", "/hospital"),
    ("partenaires", "/connection"),
    ("responsable", "/setup"),
    ("administrateur", "/admin"),
    ("auditeur", "/admin"),
)

EXCUSED: Final[dict[str, tuple[str, ...]]] = {
    # The calendar library makes a button of an `article`: who hears it hears a button; only the element's name is odd.
    "/agenda": ("aria-allowed-role",),
}
