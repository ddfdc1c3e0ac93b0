"""Numbers that others give: RPPS, FINESS, SIRET. Pure: form and check digit, never whether it exists."""

import re

_LETTER = {"A": "1", "B": "2"}
_LA_POSTE = "356000000"


def luhn_sum(digits: str) -> int:
    """Luhn's sum (ISO/IEC 7812-1 annex B); a number with its key is right when this is a multiple of 10."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total


def luhn_key(digits: str) -> str:
    """The digit that makes `digits` + key right."""
    return str(-luhn_sum(digits + "0") % 10)


def is_rpps(value: str) -> bool:
    """11 digits, bare (no leading 8 of the national identifier), Luhn."""
    return re.fullmatch(r"[0-9]{11}", value) is not None and luhn_sum(value) % 10 == 0


def is_finess(value: str) -> bool:
    """9 characters: department (`2A`, `2B` in Corsica), six digits, Luhn key in which A counts as 1 and B as 2."""
    return re.fullmatch(r"(?:[0-9]{2}|2[AB])[0-9]{7}", value) is not None and luhn_sum(_finess_digits(value)) % 10 == 0


def finess_key(eight: str) -> str:
    """The ninth character of a FINESS number."""
    return luhn_key(_finess_digits(eight))


def is_siret(value: str) -> bool:
    """14 digits, Luhn; the establishments of La Poste follow the sum of digits, a multiple of 5 (INSEE)."""
    if re.fullmatch(r"[0-9]{14}", value) is None:
        return False
    if luhn_sum(value) % 10 == 0:
        return True
    return value.startswith(_LA_POSTE) and sum(map(int, value)) % 5 == 0


def display_name(profession: str, given_name: str, family_name: str) -> str:
    """How patients and colleagues read a practitioner: « Dr Anne Martin » ; a nurse has no title."""
    return f"Dr {given_name} {family_name}" if profession == "physician" else f"{given_name} {family_name}"


def _finess_digits(value: str) -> str:
    return value[:1] + _LETTER.get(value[1:2], value[1:2]) + value[2:]
