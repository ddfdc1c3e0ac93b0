"""Rules of signing in with another issuer: who the claims say one is, where one works. Pure.

Claims of Pro Santé Connect: design, interop 10; the field's names are those of its userinfo.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

LIVES: Final = timedelta(minutes=10)
PER_BROWSER: Final = 5
"""Sign-ins under way of one browser; the oldest makes room."""
MOST: Final = 20_000
"""Sign-ins under way in all."""
RPPS, NATIONAL_ID, FINESS = "rpps", "national_id", "finess"
_NATIONAL_RPPS: Final = "8"
_RPPS: Final = re.compile(r"8([0-9]{11})")
_OLD_FINESS: Final = re.compile(r"F([0-9][0-9AB][0-9]{7})")
_SYSTEMS: Final = {
    "urn:oid:1.2.250.1.71.4.2.1": NATIONAL_ID,  # IDNPS, as the SAS sends it
    "https://rpps.esante.gouv.fr": RPPS,
}
_SITES: Final = ("numeroFinessSite", "numeroFinessetablissementJuridique", "ancienIdentifiantDeLaStructure")
_LONGEST: Final = 200
Claims = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Site:
    """A place of work that the issuer names: its numbers, the most exact first."""

    identifiers: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody is, by an issuer's word. `identifiers`: (system, value), each of which may have been expected."""

    issuer: str
    subject: str
    identifiers: tuple[tuple[str, str], ...]
    name: str
    sites: tuple[Site, ...] = ()

    @property
    def rpps(self) -> str | None:
        """The RPPS number among the identifiers."""
        return next((value for system, value in self.identifiers if system == RPPS), None)


def challenge(verifier: str) -> str:
    """PKCE, S256 (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def system_of(system: str) -> str:
    """Our name of an identifier's system."""
    return _SYSTEMS.get(system.strip(), system.strip())


def read(kind: str, issuer: str, claims: Claims) -> Claimed:
    """What the claims say, as that kind of issuer says it."""
    subject = _text(claims, "sub")
    own = ((issuer, subject),)
    if kind != "psc":
        return Claimed(issuer, subject, own, _name(claims))
    number = _text(claims, "SubjectNameID")
    rpps = _RPPS.fullmatch(number)
    numbers = ((NATIONAL_ID, number), *(((RPPS, rpps[1]),) if rpps else ())) if number else ()
    return Claimed(issuer, subject, (*own, *numbers), _name(claims), _sites(claims.get("SubjectRefPro")))


def places(
    sites: Sequence[Site], known: Iterable[tuple[str, UUID]], offered: Iterable[UUID]
) -> tuple[list[UUID], list[Site]]:
    """The organisations of these places that may be chosen, and the places that may not: unknown here, or without a
    role there. `known`: (FINESS, organisation)."""
    by_number = dict(known)
    choosable = set(offered)
    there: list[UUID] = []
    not_there: list[Site] = []
    for site in sites:
        organisation = next((by_number[each] for each in site.identifiers if each in by_number), None)
        if organisation is None or organisation not in choosable:
            not_there.append(site)
        elif organisation not in there:
            there.append(organisation)
    return there, not_there


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""


def _name(claims: Claims) -> str:
    full = " ".join(filter(None, (_text(claims, "given_name"), _text(claims, "family_name"))))
    return full or _text(claims, "name")


def _sites(professional: object) -> tuple[Site, ...]:
    sites: dict[tuple[str, ...], Site] = {}
    for exercice in _maps(professional, "exercices"):
        for activity in _maps(exercice, "activities"):
            numbers = tuple(dict.fromkeys(filter(None, (_number(_text(activity, name)) for name in _SITES))))
            label = _text(activity, "raisonSocialeSite") or _text(activity, "enseigneCommercialeSite")
            if numbers and len(sites) < 50:
                sites.setdefault(numbers, Site(numbers, label or numbers[0]))
    return tuple(sites.values())


def _number(text: str) -> str:
    """The FINESS number; an old identifier of a structure holds it behind an F."""
    old = _OLD_FINESS.fullmatch(text)
    return old[1] if old else text


def _maps(holder: object, name: str) -> list[Claims]:
    items = holder.get(name) if isinstance(holder, Mapping) else None
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
