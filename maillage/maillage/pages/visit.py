"""One request as a page sees it: its language, its CSRF claim, its own address."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urlencode

from starlette.requests import Request

from maillage.words import Language, preferred_language

LANGUAGE_FIELD = "langue"


@dataclass(frozen=True, slots=True)
class Visit:
    """`chosen` tells that the visitor picked the language on a page: links and forms then carry it, no cookie does."""

    language: Language
    chosen: bool
    csrf: str | None
    path: str
    query: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, request: Request, csrf: str | None) -> Self:
        """Reads `?langue=fr|en` first, then Accept-Language; anything else is French."""
        asked = request.query_params.get(LANGUAGE_FIELD)
        chosen: Language | None = "fr" if asked == "fr" else "en" if asked == "en" else None
        query = tuple((k, v) for k, v in request.query_params.multi_items() if k != LANGUAGE_FIELD)
        language = chosen or preferred_language(request.headers.get("accept-language"))
        return cls(language, chosen is not None, csrf, request.url.path, query)

    def href(self, path: str, **parameters: str | None) -> str:
        """An address of this site that keeps the chosen language; parameters that are None or empty are left out."""
        kept = [(name, value) for name, value in parameters.items() if value]
        if self.chosen:
            kept.append((LANGUAGE_FIELD, self.language))
        path, _, fragment = path.partition("#")
        joined = ("&" if "?" in path else "?") + urlencode(kept) if kept else ""
        return quote(path, safe="/?=&%:+,~") + joined + (f"#{fragment}" if fragment else "")

    @property
    def other_language(self) -> Language:
        """The language of the switch link."""
        return "fr" if self.language == "en" else "en"

    @property
    def switch(self) -> str:
        """This same page in the other language."""
        return self.path + "?" + urlencode([*self.query, (LANGUAGE_FIELD, self.other_language)])
