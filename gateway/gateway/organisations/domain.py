"""Rules of the numbers that organisations have. Pure."""

import re
from collections.abc import Sequence
from typing import Final

_DIGITS: Final = {"finess": re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{7}"), "siren": re.compile(r"[0-9]{9}")}
_SIRET: Final = re.compile(r"[0-9]{14}")
_LA_POSTE: Final = "356000000"
"""Its establishments are numbered without key: the digits' sum is a multiple of five (Insee)."""


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn key of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def identifier_is_right(system: str, value: str) -> bool:
    """FINESS: nine signs with their key (Corsica's 2A and 2B have letters, hence no key that could be computed);
    SIREN nine, SIRET fourteen digits with their key. A system that is not known here takes any value."""
    if system == "siret":
        if not _SIRET.fullmatch(value):
            return False
        return luhn(value) or (value.startswith(_LA_POSTE) and sum(map(int, value)) % 5 == 0)
    form = _DIGITS.get(system)
    if form is None:
        return True
    return form.fullmatch(value) is not None and (not value.isdigit() or luhn(value))


def given_twice(pairs: Sequence[tuple[str, str]]) -> int | None:
    """The place of the first pair that is there already; None when each is there once."""
    for place, pair in enumerate(pairs):
        if pair in pairs[:place]:
            return place
    return None
