"""Rules of one-time codes. Source: design, gateway 3.6."""

import re
import unicodedata
from datetime import timedelta
from typing import Final, Literal

Channel = Literal["sms", "voice", "email"]
DIGITS: Final = 6
LIVES: Final = timedelta(minutes=10)
TRIES: Final = 5
RESEND_AFTER: Final = timedelta(seconds=60)

BLOCK_DIGITS: Final = 4
"""Numbers are given to operators in blocks of ten thousand: all but the last four digits are the block."""

_RETURN: Final = re.compile(r"/rdv(?:[/?][A-Za-z0-9/_.~?=&%:+,-]*)?")


def block_of(number: str) -> str:
    """The block of an E.164 number: `+3363998` of `+33639980001`."""
    return number[:-BLOCK_DIGITS]


def is_drained(asked: int, used: int, least: int, share: float) -> bool:
    """Whether so many codes went to a block and so few came back that nobody there wants them: somebody is paid for
    them (design: gateway 3.6)."""
    return asked >= least and used < asked * share


def typed_digits(text: str) -> str:
    """The digits of what was typed: any script's digits count, spaces, dots and hyphens do not; other signs stay,
    and are wrong."""
    out = []
    for sign in unicodedata.normalize("NFKC", text[:64]):
        value = unicodedata.decimal(sign, None)
        if value is not None:
            out.append(str(value))
        elif not sign.isspace() and sign not in ".-\u2010\u2011\u2013":
            out.append(sign)
    return "".join(out)


def good_return(return_to: str | None) -> bool:
    """Whether a page of `/rdv` and nothing that a browser could read as another site."""
    if return_to is None:
        return True
    return (
        len(return_to) <= 500 and bool(_RETURN.fullmatch(return_to)) and "//" not in return_to and ".." not in return_to
    )
