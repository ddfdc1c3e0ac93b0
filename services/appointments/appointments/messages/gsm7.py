"""The alphabet of SMS (3GPP TS 23.038, default alphabet and its extension) and how long a text is in it. Pure."""

import unicodedata
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
_LIKE: Final = {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "œ": "oe"}
ONE, EACH = 160, 153
"""Characters of a text of one segment, and of each segment of a longer one."""


def fold(text: str) -> str:
    """The text in the alphabet: an accent that it has not is left out (« août » as « aout »), a space is a space."""
    return "".join(_in_alphabet(character) for character in unicodedata.normalize("NFC", text))


def _in_alphabet(character: str) -> str:
    if character in _BASIC or character in _EXTENDED:
        return character
    if character.isspace():
        return " "
    plain = _LIKE.get(character) or unicodedata.normalize("NFKD", character)
    return "".join(each for each in plain if each in _BASIC) or "?"


def segments(text: str) -> int | None:
    """How many texts it is sent and paid as; None when it is not all in the alphabet."""
    if any(each not in _BASIC and each not in _EXTENDED for each in text):
        return None
    length = sum(2 if each in _EXTENDED else 1 for each in text)
    return 1 if length <= ONE else -(-length // EACH)
