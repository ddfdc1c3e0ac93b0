"""One sentence in the two languages of the interface."""

from typing import Literal, NamedTuple

Language = Literal["fr", "en"]


class Words(NamedTuple):
    """The same sentence in French and in English; French comes first because users read French first."""

    fr: str
    en: str

    def in_(self, language: Language) -> str:
        """The sentence in the asked language."""
        return self.en if language == "en" else self.fr


def preferred_language(accept_language: str | None) -> Language:
    """French unless English is asked with a higher weight (RFC 9110 12.5.4); anything unreadable means French."""
    best: tuple[float, Language] = (0.0, "fr")
    for part in (accept_language or "")[:200].split(","):
        tag, _, weight = part.strip().lower().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        language: Language | None = "fr" if tag.startswith("fr") else "en" if tag.startswith("en") else None
        if language is not None and quality > best[0]:
            best = (quality, language)
    return best[1]
