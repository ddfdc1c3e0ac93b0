"""The page of who waits: place, button, phone line, emergency numbers. No script, and nothing that reloads by itself
(WCAG F41)."""

from typing import Final
from urllib.parse import parse_qsl

from gateway.codes.pages import FRAME
from maillage.pages import Pages, Visit
from maillage.pages.visit import LANGUAGE_FIELD
from maillage.words import Language, preferred_language

_PAGES: Final = Pages("gateway")


def visit_of(path: str, query: str, accept_language: str) -> Visit:
    """How this visitor sees pages, from the bare request."""
    pairs = parse_qsl(query, max_num_fields=60) if query.count("&") < 60 else []
    asked = dict(pairs).get(LANGUAGE_FIELD)
    chosen: Language | None = "fr" if asked == "fr" else "en" if asked == "en" else None
    kept = tuple((name, value) for name, value in pairs if name != LANGUAGE_FIELD)
    return Visit(chosen or preferred_language(accept_language), chosen is not None, None, path, kept)


def waiting_page(visit: Visit, number: int, ahead: int) -> str:
    """The page as text."""
    again = visit.href(visit.path, **dict(visit.query))
    return _PAGES.html(visit, "waiting.html", FRAME, number=number, ahead=ahead, again=again)
