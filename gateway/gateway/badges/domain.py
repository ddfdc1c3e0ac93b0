"""Rules of badges and PINs. Pure."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Final

PIN_DIGITS: Final = 6
CODE_DIGITS: Final = 8
CODE_LIVES: Final = timedelta(hours=24)

_BADGE: Final = re.compile(r"[0-9A-Z]{4,64}")


def read_badge(text: str) -> str | None:
    """What a reader types, in one form: letters and digits, whatever their case and what separates them. None: no
    badge."""
    code = re.sub(r"[\s:.\-]", "", text).upper()
    return code if _BADGE.fullmatch(code) else None


def pin_is_weak(pin: str) -> bool:
    """Not six digits, or one that is tried first: one digit repeated, two or three in turn, a run up or down."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        return True
    if any(pin == pin[:period] * (PIN_DIGITS // period) for period in (1, 2, 3)):
        return True
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})
