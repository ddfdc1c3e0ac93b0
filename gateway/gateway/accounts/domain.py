"""Rules of accounts. Pure."""

import re
from typing import Final

# (state, act) -> next state. Any other pair is `WRONG_STATE`, and anything on a closed account `PERSON_CLOSED`.
_NEXT: Final = {
    ("invited", "suspend"): "suspended",
    ("active", "suspend"): "suspended",
    ("suspended", "reinstate"): "active",
    ("invited", "close"): "closed",
    ("active", "close"): "closed",
    ("suspended", "close"): "closed",
}
_RPPS: Final = re.compile(r"[0-9]{11}")


def next_status(status: str, act: str) -> str | None:
    """The state after an act; None when it is not possible."""
    return _NEXT.get((status, act))


def acts(status: str) -> list[str]:
    """What can be done in a state."""
    return sorted(act for known, act in _NEXT if known == status)


def rpps_is_right(rpps: str) -> bool:
    """Eleven digits whose last is the Luhn key of the others (annuaire santé)."""
    if not _RPPS.fullmatch(rpps):
        return False
    total = 0
    for place, digit in enumerate(reversed(rpps)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
