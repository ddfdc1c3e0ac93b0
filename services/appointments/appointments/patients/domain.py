"""Rules of identity (RNIV) and of searching by name. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

CONFIRMED = frozenset({"VALI", "RECUP", "QUAL"})
WIDEST = 5000
"""People whom the rarest word of a search may find; more is not read by anybody, and not quick."""
_BREAKS = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True, slots=True)
class StrictTraits:
    """What makes a national identity (RNIV, strict traits): a change of any is a change of person until checked
    again.
    """

    birth_family_name: str
    birth_given_names: str
    birth_date: date
    sex: str | None
    birth_place_insee: str | None


def status_after(status: str, before: StrictTraits, after: StrictTraits) -> str:
    """PROV when a strict trait of a checked identity changed (its INS is then no longer that person's), else
    unchanged.
    """
    return "PROV" if status in CONFIRMED and before != after else status


def may_show_ins(status: str, *, entitled: bool) -> bool:
    """The INS leaves the service only when the identity is qualified, and only for those who check identities."""
    return entitled and status == "QUAL"


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, the longest first: it narrows most. Signs such as `%` or `'` separate and mean nothing.

    At most six; more would not find anybody else.
    """
    words = {word for word in _BREAKS.split(text) if word}
    return tuple(sorted(words, key=lambda word: (-len(word), word))[:6])


def rarest(people: Mapping[str, int]) -> str:
    """The word that finds the fewest people; one or two letters only when there is no longer word, for they find whole
    names alone.
    """
    return min(people, key=lambda word: (len(word) < 3, people[word], word))


def display_name(birth_family: str, used_family: str | None, birth_given: str, used_given: str | None) -> str:
    """How a person is called: the used names; the birth name in brackets when it differs, because papers show it."""
    family = used_family or birth_family
    known = f" ({birth_family})" if used_family and used_family != birth_family else ""
    return f"{used_given or birth_given} {family}{known}"
