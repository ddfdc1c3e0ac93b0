"""Numbers as telephone systems write them, and numbers that a real one never dials."""

from typing import Final

import phonenumbers
from pydantic_core import PydanticCustomError

from maillage.wire import is_fiction, normalise_phone

_MOST: Final = 40


def e164(text: object) -> str | None:
    """E.164 of what a telephone system calls a number; None for a withheld or malformed one: the call counts all the
    same.
    """
    if not isinstance(text, str) or not 0 < len(text) <= _MOST:
        return None
    try:
        return normalise_phone(text)
    except PydanticCustomError:
        return None


def fictitious(number: str) -> bool:
    """Whether nobody can be behind it: Arcep's blocks for fiction, which demonstrations use."""
    try:
        return is_fiction(phonenumbers.parse(number, "FR"))
    except phonenumbers.NumberParseException:
        return False
