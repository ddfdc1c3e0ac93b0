"""Where a browser goes on after it was at another issuer: our own pages, with what came along."""

import re
from typing import Final
from urllib.parse import quote, unquote

HOME: Final = "/console/"
LONGEST: Final = 1_000
LONGEST_ORIGIN: Final = 200
_RETURN: Final = re.compile(r"/(?:console|docs|rdv)(?:[/?#][A-Za-z0-9/_.~?#=&%:+,@!$'()*;-]*)?")


def good_return(return_to: str) -> bool:
    """Whether one of our own pages, and nothing that a browser could read as another place."""
    plain = unquote(unquote(return_to))
    return (
        len(return_to) <= LONGEST
        and bool(_RETURN.fullmatch(return_to))
        and "//" not in plain.partition("?")[0]
        and ".." not in plain.partition("?")[0]
        and "\\" not in plain
    )


def with_origin(return_to: str, origin: str | None) -> str:
    """The same page with `origin` in its query: the SAS tells by it who sent the regulator (interop 5.5)."""
    if not origin:
        return return_to
    page, hash_, fragment = return_to.partition("#")
    return f"{page}{'&' if '?' in page else '?'}origin={quote(origin[:LONGEST_ORIGIN], safe='')}{hash_}{fragment}"
